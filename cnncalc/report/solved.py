"""The report of what fits a convolution: the formula with letters for what was asked, the answers, or why none."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc import __version__
from cnncalc.layers.base import Shape
from cnncalc.report.table import UNBOUNDED

if TYPE_CHECKING:
    from cnncalc.solve.proof import Answer, Change, Group, Solved

SCHEMA = 1
Shown = Callable[[Shape], str]
"""How an output shape is written: in the order that the input was."""
SAID = {
    "common": "a common setting",
    "half": "`half`",
    "valid": "`valid`",
    "full": "`full`",
    "causal": "`causal`",
    "same": "`same`",
    "same_lower": "`same_lower`, the odd cell at the start",
}
ODD = "`same`, as TensorFlow pads: the odd cell at the end"
NEAREST = {
    "output": "nearest output",
    "size": "nearest input",
    "rounding": "with --rounding floor, as PyTorch rounds",
}


def print_solved(found: Solved, shown: Shown, header: str, console: Console) -> None:
    """Print the answers on a console: tables, and lines about them."""
    for line in opening(found):
        console.print(Text(line))
    for group in groups(found):
        title, style = heading(found, group)
        console.print(Text(f"\n{title}", style=style))
        if group.answers:
            console.print(_table(found, group, shown, header))
        if more := cut(group):
            console.print(Text(more, style="dim"))
    for line in closing(found, shown):
        console.print(Text(f"\n{line}"))


def solved_text(found: Solved, shown: Shown, header: str) -> str:
    """Return the answers as plain text in their natural width, for a pipe."""
    stream = io.StringIO()
    print_solved(found, shown, header, Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def opening(found: Solved) -> Iterator[str]:
    """Yield the formula along each axis and how far was searched."""
    for name, formula in found.formulas:
        yield f"{name}: {formula}" if name else formula
    yield f"searched: {_searched(found.together)}"


def groups(found: Solved) -> tuple[Group, ...]:
    """Return the lists that are shown: for all axes at once, then for each."""
    if found.together.number or not found.each:
        return found.together, *found.each
    return found.each


def heading(found: Solved, group: Group) -> tuple[str, str]:
    """Return what stands above a list, and its style."""
    name = "" if group is found.together else f"{group.names[0]}: "
    if not group.number:
        return f"{name}nothing fits: {group.reason}", "red"
    answers = f"{group.number:,} answer{'s' if group.number > 1 else ''}"
    if _ranges(group) != _ranges(found.together):
        answers += f" ({_searched(group)})"
    if group.symmetric:
        return f"{name}{answers}", "bold"
    sides = "written before:after, the cells at the start and at the end; the nearest to symmetric first"
    return f"{name}no symmetric padding fits: {group.reason}\n{answers}, {sides}", "yellow"


def cut(group: Group) -> str:
    """Return how many answers of a list are not shown, and what shows them; nothing where all are."""
    more = group.number - len(group.answers)
    return f"and {more:,} more: --top {group.number} shows all" if more else ""


def closing(found: Solved, shown: Shown) -> Iterator[str]:
    """Yield the answer with a value for each axis, and what would fit if something else were changed."""
    if found.mixed:
        why = "no one setting serves all axes" if not found.together.number else "with one for each axis"
        yield f"{why}: {_answer(found.mixed, shown)}"
    said = {name: [_near(one, shown) for one in found.near if one.changed == name] for name in NEAREST}
    yield from (f"{NEAREST[name]}: {', '.join(texts)}" for name, texts in said.items() if texts)


def _near(change: Change, shown: Shown) -> str:
    answer = _answer(change.answer, shown)
    return f"{shown(change.source)} with {answer}" if change.changed == "size" else answer


def _answer(answer: Answer, shown: Shown) -> str:
    options = " ".join(f"--{name} {text}" for name, text in answer.texts.items())
    keeps = ", which keeps the size" if "keeps the size" in answer.notes else ""
    return f"{options} gives {shown(answer.shape)}{keeps}"


def _searched(group: Group) -> str:
    return "; ".join((_ranges(group), *group.limits))


def _ranges(group: Group) -> str:
    sides = "the same on both sides" if group.symmetric and group.number else "on each side"
    return ", ".join(
        f"padding 0 to {limit:,}, {sides}, below F" if name == "padding" else f"{name} 1 to {limit:,}"
        for name, limit in group.bounds.items()
    )


def _table(found: Solved, group: Group, shown: Shown, header: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in found.asked:
        table.add_column(name, style="cyan", no_wrap=True)
    table.add_column("output" if len(group.names) < len(found.together.names) else header, no_wrap=True)
    table.add_column("")
    for answer in group.answers:
        alone = group is not found.together
        size = str(answer.shape[1]) if alone else shown(answer.shape)
        style = "green" if "keeps the size" in answer.notes else "dim" if "skips positions" in answer.notes else ""
        table.add_row(*answer.texts.values(), size, Text(_notes(answer)), style=style)
    return table


def _notes(answer: Answer) -> str:
    odd = any(isinstance(one, tuple) and one[0] != one[1] for one in answer.values.get("padding", ()))
    return ", ".join(ODD if note == "same" and odd else SAID.get(note, note) for note in answer.notes)


def solved_data(found: Solved) -> dict[str, Any]:
    """Return the answers as plain data, every setting along every axis, shapes in the order of a spec."""
    return {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "asked": list(found.asked),
        "formulas": [{"axis": name or "all", "formula": formula} for name, formula in found.formulas],
        "solved": found.has_answer,
        "together": _group_data(found.together),
        "each": [_group_data(group) for group in found.each],
        "mixed": _answer_data(found.mixed) if found.mixed else None,
        "nearest": [
            {"changed": near.changed, "input": list(near.source), **_answer_data(near.answer)} for near in found.near
        ],
    }


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "axes": list(group.names),
        "searched": dict(group.bounds),
        "limits": list(group.limits),
        "count": group.number,
        "symmetric": group.symmetric,
        "reason": group.reason,
        "answers": [_answer_data(answer) for answer in group.answers],
    }


def _answer_data(answer: Answer) -> dict[str, Any]:
    values = {name: [list(v) if isinstance(v, tuple) else v for v in each] for name, each in answer.values.items()}
    return {**values, "output": list(answer.shape), "notes": list(answer.notes)}


def solved_markdown(found: Solved, shown: Shown, header: str) -> str:
    """Return the answers in Markdown: a table for each list."""
    lines = [f"- {line}" for line in opening(found)]
    for group in groups(found):
        lines += ["", heading(found, group)[0].replace("\n", "  \n")]
        if group.answers:
            alone = group is not found.together
            lines += [
                "",
                _row([*found.asked, "output" if alone else header, ""]),
                _row(["---"] * (len(found.asked) + 2)),
            ]
            lines += [
                _row([*one.texts.values(), str(one.shape[1]) if alone else shown(one.shape), _notes(one)])
                for one in group.answers
            ]
        if more := cut(group):
            lines += ["", more]
    lines += [line for one in closing(found, shown) for line in ("", one)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
