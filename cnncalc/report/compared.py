"""Sides beside each other: a table for a terminal, Markdown for a pull request, JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc import __version__
from cnncalc.comparison.sides import Comparison, Measures, Side
from cnncalc.comparison.verdict import decimal_text, field_text, ratio, ratio_text, verdicts
from cnncalc.layers.base import sizes_text
from cnncalc.report.json import field as field_data
from cnncalc.report.markdown import escaped
from cnncalc.report.notes import profile_legend
from cnncalc.report.units import exact

if TYPE_CHECKING:
    from rich.console import Console

LEGEND = (
    "activations: the outputs of the layers with weights, which training keeps for the way back; "
    "a non-linearity is counted after each layer"
)


class Row(NamedTuple):
    """One line of the table: a title, a cell for each side, and whether the cells are ratios to the first."""

    title: str
    cells: Sequence[str]
    is_ratio: bool = False


def rows(comparison: Comparison) -> list[Row]:
    """Return what is shown of the sides, line by line."""
    sides = comparison.sides
    weights = "params" if comparison.has_specs or comparison.setting.bias else "weights"
    found = [
        *_measured(comparison, weights, "params"),
        *_measured(comparison, "MACs", "macs"),
        *(_counted(comparison) if comparison.profile else ()),
        Row("receptive field", [field_text(side.field) for side in sides]),
        Row("output", [sizes_text((side.formulas or side.numbers).output) for side in sides]),
        *_measured(comparison, "activations", "activations"),
        Row("non-linearities", [f"{side.non_linearities:,}" for side in sides]),
    ]
    if all(side.is_spec for side in sides):
        found.append(Row("layers", [f"{len(side.analysis.facts):,}" for side in sides]))
    return found


def _counted(comparison: Comparison) -> list[Row]:
    from cnncalc.profiles import read

    return _measured(comparison, read(comparison.profile).title, "counted")


def _measured(comparison: Comparison, title: str, name: str) -> list[Row]:
    sides = comparison.sides
    formulas = [f"{getattr(side.formulas, name):,}" if side.formulas else "" for side in sides]
    numbers = [f"{getattr(side.numbers, name):,}" for side in sides]
    found = (
        [Row(title, formulas), Row(f"  {numbers_at(comparison)}", numbers)] if any(formulas) else [Row(title, numbers)]
    )
    if name == "activations":
        return found
    ratios = [_ratio(comparison, side, name) for side in sides]
    return [*found, Row("  to the first", ratios, is_ratio=True)]


def _ratio(comparison: Comparison, side: Side, name: str) -> str:
    first = comparison.sides[0]
    if first.formulas and side.formulas and not comparison.misfits:
        always = ratio(getattr(side.formulas, name), getattr(first.formulas, name))
        if always is not None:
            return ratio_text(always)
    here = ratio(getattr(side.numbers, name), getattr(first.numbers, name))
    if here is None:
        return ""
    return decimal_text(here) if first.formulas and side.formulas else ratio_text(here)


def numbers_at(comparison: Comparison) -> str:
    """Return the sizes at which the numbers are."""
    setting = comparison.setting
    return "in numbers" if comparison.has_specs else f"at {sizes_text((setting.channels, *setting.sizes))}"


def heading(comparison: Comparison) -> str:
    """Return what is compared on what."""
    setting = comparison.setting
    if not comparison.has_stacks:
        return "networks compared"
    padding = "the size kept" if setting.padding == "same" else "no padding (a stride rounds down)"
    bias = "with biases" if setting.bias else "no biases"
    return f"from C to C channels on {sizes_text(setting.symbols[1:])}, stride 1 and {padding} unless said, {bias}"


def conditions(comparison: Comparison) -> list[str]:
    """Return what the formulas need of their symbols."""
    found = [f"{name} a multiple of {unit}" for name, unit in comparison.multiples.items()]
    found += [
        f"{name} >= {value}" for name, value in comparison.least.items() if value > comparison.multiples.get(name, 1)
    ]
    lines = [f"the formulas are for {' and '.join(found)}"] if found else []
    if comparison.misfits and comparison.has_stacks:
        lines.append(f"the numbers are not the formulas': {' and '.join(comparison.misfits)}")
    for side in comparison.sides if comparison.has_stacks else ():
        if side.is_spec:
            shapes = ", ".join(map(sizes_text, side.analysis.graph.inputs.values()))
            lines.append(f"{side.label}: at its own input, {shapes}, with its biases; non-linearities as it has them")
    if comparison.has_specs:
        lines.append("receptive field of a spec: of the last layer that does not see the whole image")
    if comparison.profile:
        from cnncalc.profiles import read, unknown

        rule = read(comparison.profile)
        ops = [op for side in comparison.sides for op in unknown(rule, side.analysis)]
        lines.append(profile_legend(rule, ops).removesuffix("."))
    return lines


def compared_data(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data; a formula is text that Python reads."""
    setting = comparison.setting
    stacks = {
        "channels": setting.channels,
        "size": list(setting.sizes),
        "bias": setting.bias,
        "padding": setting.padding,
    }
    return {
        "cnncalc": __version__,
        "schema": 1,
        **({"profile": comparison.profile} if comparison.profile else {}),
        **(stacks if comparison.has_stacks else {}),
        "sides": [
            {
                "side": side.label,
                "numbers": _data(side.numbers),
                "formulas": _data(side.formulas) if side.formulas else None,
                "receptive_field": field_data(side.field),
                "non_linearities": side.non_linearities,
            }
            for side in comparison.sides
        ],
        "multiples": dict(comparison.multiples),
        "least": dict(comparison.least),
        "verdicts": verdicts(comparison),
    }


def _data(measures: Measures) -> dict[str, Any]:
    return {
        "params": exact(measures.params),
        "macs": exact(measures.macs),
        "activations": exact(measures.activations),
        "output": [exact(size) for size in measures.output],
        **({} if measures.counted is None else {"profile_total": exact(measures.counted)}),
    }


def compared_json(comparison: Comparison) -> str:
    """Return the comparison as JSON."""
    return json.dumps(compared_data(comparison), indent=1, ensure_ascii=False) + "\n"


def compared_markdown(comparison: Comparison) -> str:
    """Return the comparison as a Markdown table with the verdict above it."""
    labels = [escaped(side.label) for side in comparison.sides]
    lines = [
        *(f"{escaped(one)}\n" for one in verdicts(comparison)),
        f"| | {' | '.join(labels)} |",
        f"|---|{'---:|' * len(labels)}",
        *(f"| {escaped(row.title.strip())} | {' | '.join(map(escaped, row.cells))} |" for row in rows(comparison)),
        "",
        f"{_sentence(heading(comparison))}{f'; {LEGEND}' if comparison.has_stacks else ''}.",
        *(f"\n{_sentence(one)}." for one in conditions(comparison)),
    ]
    return "\n".join(lines) + "\n"


def compared_text(comparison: Comparison) -> str:
    """Return the comparison as plain text in its natural width, for a file or a pipe."""
    import io

    from rich.console import Console

    from cnncalc.report.table import UNBOUNDED

    stream = io.StringIO()
    print_compared(comparison, Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def print_compared(comparison: Comparison, console: Console) -> None:
    """Print the comparison on a console, in its width: where the sides are too many for it, some at a time."""
    from rich.text import Text

    from cnncalc.report.table import UNBOUNDED

    wraps = console.width < UNBOUNDED
    console.print(Text(heading(comparison), style="bold"), soft_wrap=not wraps)
    every = rows(comparison)
    titles = max(len(row.title) for row in every)
    widths = [
        max(len(side.label), *(len(row.cells[index]) for row in every)) + 2
        for index, side in enumerate(comparison.sides)
    ]
    shown = 0
    while shown < len(widths):
        room, last = console.width - titles - widths[shown], shown + 1
        while last < len(widths) and widths[last] <= room:
            room, last = room - widths[last], last + 1
        console.print(_table(comparison, every, range(shown, last)), soft_wrap=not wraps)
        shown = last
    for one in verdicts(comparison):
        console.print(Text(one), soft_wrap=not wraps)
    for one in [*conditions(comparison), *([LEGEND] if comparison.has_stacks else [])]:
        console.print(Text(one, style="dim"), soft_wrap=not wraps)


def _table(comparison: Comparison, every: Sequence[Row], indices: range) -> Any:  # noqa: ANN401 - rich's table
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("")
    for index in indices:
        table.add_column(Text(comparison.sides[index].label), justify="right", overflow="fold")
    for row in every:
        style = "dim" if row.title.startswith("  ") else ""
        cells = [Text(row.cells[index], style=_style(row, row.cells[index])) for index in indices]
        table.add_row(Text(row.title, style=style), *cells)
    return table


def _style(row: Row, cell: str) -> str:
    """Return the colour of a cell: a ratio is green where less is paid than for the first, red where more."""
    if not row.is_ratio or cell in ("", "1"):
        return ""
    return "green" if float(cell.rsplit("= ", maxsplit=1)[-1].replace(",", "")) < 1 else "red"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
