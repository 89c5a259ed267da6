"""The report of what a quoted number may be: the stories that give it, each as a sum, and the nearest that do not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from cnncalc import __version__
from cnncalc.errors import printable
from cnncalc.reconcile.story import Reconciled, Story, macs
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = 1
MOST_NAMES = 6
FAR = 1.9
"""From how many times on a distance is no percentage."""
_MEANS = {"params": "params", "activations": "activations", "bytes": "bytes", "operations": ""}


def reconciled_text(found: Reconciled, top: int, width: int | None = None) -> str:
    """Return the report as plain text."""
    return "".join(f"{text}\n" for text, _ in rows(found, top, width))


def print_reconciled(found: Reconciled, top: int, console: Console) -> None:
    """Print the report on a console, in its width."""
    from rich.text import Text

    for text, style in rows(found, top, console.width):
        console.print(Text(text, style=style), soft_wrap=True)


def rows(found: Reconciled, top: int, width: int | None) -> Iterator[tuple[str, str]]:
    """Yield each line of the report and its style in a terminal."""
    yield from _folded(heading(found), width, "bold")
    for number, story in enumerate(found.exact[:top], start=1):
        yield "", ""
        yield from _folded(f"{number}. {title(story)}: {value(story)}, {story.fit}", width, "cyan")
        yield from ((f"   {line}", "") for line in sum_lines(story, found.quote.is_binary))
    if len(found.exact) > top:
        yield "", ""
        yield from _folded(
            f"and {len(found.exact) - top} more that give it, further fetched; --top shows more", width, "dim"
        )
    if not found.exact:
        yield "", ""
        yield from _folded(f"no count that is known gives {found.quote.text}", width, "yellow")
    if found.nearest:
        yield "", ""
        yield "nearest that do not give it", "bold"
        for story in found.nearest:
            yield from _folded(f"   {title(story)}: {value(story)}, {distance(story)}", width, "")


def heading(found: Reconciled) -> str:
    """Return what is asked, and what the network has."""
    graph, totals = found.own.analysis.graph, found.own.analysis.totals
    images = ", ".join(map(shape, graph.inputs.values()))
    named = printable(graph.name or graph.file)
    return f"{found.quote.text} of {named}, input {images}: it has {totals.params:,} params and {totals.macs:,} MACs"


def title(story: Story) -> str:
    """Return the countings that give a story's value, and the network that they are of."""
    names = [printable(name) for name in story.names]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    counts = "; ".join(names[:MOST_NAMES]) + more
    return f"with {printable(story.variant.change)}: {counts}" if story.variant.change else counts


def value(story: Story) -> str:
    """Return a story's value: to the unit, or in the M of 2^20 in which it is quoted."""
    if story.unit.power:
        return f"{_short(story.counting.total / 2**story.unit.power)} {_binary(story)}"
    exact = story.value
    return f"{exact.numerator:,}" if exact.denominator == 1 else f"{float(exact):,.1f}"


def distance(story: Story) -> str:
    """Return how far a story's value is from the quoted number, in parts of that."""
    ratio = 1 / (1 + story.gap)
    if ratio >= FAR:
        return f"{_short(float(ratio), 3)} times what is quoted"
    if 1 / ratio >= FAR:
        return f"what is quoted is {_short(float(1 / ratio), 3)} times that"
    return f"{abs(100 * float(ratio - 1)):.2g}% {'below' if ratio < 1 else 'above'} what is quoted"


def sum_lines(story: Story, is_binary: bool = False) -> list[str]:
    """Return the sum that leads from the MACs of the network to a story's value, a line for each term."""
    counting, unit = story.counting, story.unit
    total = f"{counting.total:,}"
    lines = [(total, _MEANS[counting.counts])]
    if counting.counts == "operations":
        base, bridge = sum(macs(story.variant).values()), story.bridge
        said = f"MACs{f' with {printable(story.variant.change)}' if story.variant.change else ''}"
        lines = [(f"{story.times * base:,}", f"{'2 * ' if story.times == 2 else ''}{said}")]
        lines += [(f"{'+' if amount > 0 else '-'} {abs(amount):,}", op) for op, amount in bridge.items()]
        if bridge:
            lines.append((f"= {total}", "in all"))
        elif not unit.says and not story.variant.change:
            return []
    elif not unit.says and not (is_binary and counting.counts == "bytes"):
        return []
    if unit.power or (is_binary and not unit.says):
        power = unit.power or (30 if story.value >= 2**30 else 20)
        unit_of = _binary(story) if unit.power else {20: "MiB", 30: "GiB"}[power]
        lines += [(f"/ 2^{power}", ""), (f"= {_short(counting.total / 2**power)}", unit_of)]
    elif unit.says:
        lines += [(unit.step, unit.why), (f"= {value(story)}", "")]
    room = max(len(number) for number, _ in lines)
    return [f"{number:>{room}}  {said}".rstrip() for number, said in lines]


def _binary(story: Story) -> str:
    """Return what a value is in, if that is M or G of a power of two."""
    prefix = {20: "M", 30: "G"}[story.unit.power]
    return f"{prefix}iB" if story.counting.counts == "bytes" else f"{prefix} of 2^{story.unit.power}"


def _short(number: float, digits: int = 4) -> str:
    """Return a number to so many digits, and all those before its point.

    >>> _short(527.7921), _short(97.694976), _short(1234567.8), _short(250.0, 3)
    ('527.8', '97.69', '1,234,568', '250')
    """
    whole = len(str(int(number)))
    text = f"{number:,.{max(digits - whole, 0)}f}"
    return text.rstrip("0").rstrip(".") if digits == 3 and "." in text else text


def reconciled_json(found: Reconciled) -> str:
    """Return the report for programs."""
    graph = found.own.analysis.graph
    data: dict[str, Any] = {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": graph.name,
        "inputs": {name: list(sizes) for name, sizes in graph.inputs.items()},
        "quoted": {"text": found.quote.text, "value": _number(found.quote.value), "counts": found.quote.counts or None},
        "exact": list(map(_story, found.exact)),
        "nearest": list(map(_story, found.nearest)),
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def reconciled_markdown(found: Reconciled, top: int) -> str:
    """Return the report as Markdown: a table of the stories."""
    lines = [f"**{_cell(heading(found))}**", "", "| what it may be | number | fit |", "| --- | ---: | --- |"]
    told: Sequence[Story] = [*found.exact[:top], *found.nearest]
    lines += [f"| {_cell(title(one))} | {value(one)} | {one.fit or distance(one)} |" for one in told]
    return "\n".join(lines) + "\n"


def _story(one: Story) -> dict[str, Any]:
    return {
        "countings": list(one.names),
        "variant": one.variant.change,
        "total": one.counting.total,
        "value": _number(one.value),
        "fit": one.fit or None,
        "gap": float(one.gap),
        "terms": dict(one.bridge) if one.counting.counts == "operations" else {},
        "truth": one.counting.truth,
    }


def _number(number: Any) -> int | float:  # noqa: ANN401 - a Fraction
    return int(number) if number.denominator == 1 else float(number)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


def _folded(text: str, width: int | None, style: str) -> Iterator[tuple[str, str]]:
    for part in [text] if width is None else wrap(text, width, subsequent_indent="   "):
        yield part, style
