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
        yield from ((f"   {line}", "") for line in sum_lines(story))
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
    """Return a story's value, to the unit."""
    exact = story.value
    return f"{exact.numerator:,}" if exact.denominator == 1 else f"{float(exact):,.1f}"


def distance(story: Story) -> str:
    """Return how far the quoted number is from a story's value."""
    gap = 100 * float(story.gap)
    amount = f"{abs(gap):.2g}%" if abs(gap) < 1000 else f"{abs(gap) / 100:.3g} times"
    return f"{amount} {'below' if gap > 0 else 'above'} what is quoted"


def sum_lines(story: Story) -> list[str]:
    """Return the sum that leads from the MACs of the network to a story's value, a line for each term."""
    lines = [(f"{story.counting.total:,}", _MEANS[story.counting.counts])]
    if story.counting.counts == "operations":
        base, bridge = sum(macs(story.variant).values()), story.bridge
        said = f"MACs{f' with {printable(story.variant.change)}' if story.variant.change else ''}"
        lines = [(f"{story.times * base:,}", f"{'2 * ' if story.times == 2 else ''}{said}")]
        lines += [(f"{'+' if amount > 0 else '-'} {abs(amount):,}", op) for op, amount in bridge.items()]
        if not bridge and not story.unit.says and not story.variant.change:
            return []
    elif not story.unit.says:
        return []
    result = story.unit.says or ("" if len(lines) == 1 else "in all")
    if result:
        lines.append((f"= {value(story)}", result))
    room = max(len(number) for number, _ in lines)
    return [f"{number:>{room}}  {said}".rstrip() for number, said in lines]


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
