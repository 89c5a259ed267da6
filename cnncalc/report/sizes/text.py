"""Legal sizes for people: progressions along each axis, the nearest sizes, and who refuses the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import printable
from cnncalc.report.markdown import escaped
from cnncalc.report.units import shape
from cnncalc.sizes.progression import text

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.sizes import Asked, Sizes
    from cnncalc.sizes.line import Line
    from cnncalc.sizes.sweep import Inputs

MOST = 20
"""How many of the layers that refuse something are shown."""
INDENT, HANGING = "  ", "    "


class Row(NamedTuple):
    """A line of the report: how far it stands in, its text, its style in a terminal, and whether it is a formula."""

    indent: int
    text: str
    style: str = ""
    is_code: bool = False


BLANK = Row(0, "")


def legal_text(found: Sizes, shown: Sequence[Line], width: int | None = None) -> str:
    """Return the report as plain text, folded to a width if there is one."""
    return "".join(f"{line}\n" for row in rows(found, shown) for line in folded(row, width))


def print_legal(found: Sizes, shown: Sequence[Line], console: Console) -> None:
    """Print the report on a console, in its width."""
    from rich.text import Text

    for row in rows(found, shown):
        for line in folded(row, console.width):
            console.print(Text(line, style=row.style), soft_wrap=True)


def legal_markdown(found: Sizes, shown: Sequence[Line]) -> str:
    """Return the report as Markdown: a heading, and a list."""
    heading, *others = rows(found, shown)
    lines, top = [f"## {escaped(heading.text)}", ""], 1  # what follows the heading stands below no item
    for row in others:
        if row == BLANK:
            top = 0
        else:
            said = f"`{row.text}`" if row.is_code else escaped(row.text)
            lines.append(f"{INDENT * max(0, row.indent - top)}- {said}")
    return "\n".join(lines) + "\n"


def folded(row: Row, width: int | None) -> list[str]:
    """Return a row in as many lines as it needs."""
    start = INDENT * row.indent
    if width is None or not row.text:
        return [f"{start}{row.text}" if row.text else ""]
    return wrap(row.text, width, initial_indent=start, subsequent_indent=start + HANGING, break_on_hyphens=False)


def rows(found: Sizes, shown: Sequence[Line]) -> Iterator[Row]:
    """Yield the rows of the report."""
    graph = found.network.graph
    yield Row(0, printable(f"{graph.name or graph.file}, input {verdict(found.own)}"), "bold")
    yield from answer(found.own)
    if not shown:
        yield Row(0, "a vector has no spatial axis, and no other size")
    for group in alike(shown) if found.meeting is None else [[line] for line in shown]:
        yield BLANK
        yield from about(group, found)
    if found.meeting is not None and shown:
        yield BLANK
        yield Row(0, f"the axes depend on each other: they meet in {printable(found.meeting)}", "yellow")
        if found.joint is not None:
            yield from about([found.joint], found)
    if found.resized:
        yield BLANK
        several = ", ..." if len(found.resized) > 4 else ""
        names = ", ".join(map(printable, found.resized[:4])) + several
        yield Row(0, f"note: trained weights do not fit every legal size: the tensors of {names} differ", "yellow")
    for one in found.whys:
        yield BLANK
        yield Row(0, verdict(one), "bold")
        yield from answer(one)
        if one.refusal and found.meeting is None:
            for line in shown:
                near = neighbours(line, line.axis.of(one.inputs))
                yield Row(1, f"{line.axis.name}: {near or 'not known here'}")


def about(group: Sequence[Line], found: Sizes) -> Iterator[Row]:
    """Yield what there is to say of axes with the same answers."""
    line = group[0]
    name = " and ".join(one.axis.name for one in group)
    if line is found.joint:
        name += ", of one size"
    elif len(line.axis.others(line.held)) and (found.meeting is not None or not line.legal):
        name += f", with {held(line, found)}"
    elif len(group) > 1:
        name += ", each on its own"
    yield Row(0, f"{name}: {text(line.legal)}", "bold green" if line.legal else "bold red")
    yield Row(1, extent(line), "dim")
    if line.legal:
        yield Row(1, "; ".join(filter(None, (neighbours(line, line.axis.own), inside(line)))))
    refused = [] if found.whys else list(line.refused.items())
    if refused:
        yield Row(1, "refused, by the first layer that does not fit:")
    for path, sizes in refused[:MOST]:
        yield Row(2, f"{printable(path)}: {text(sizes)}", "cyan")
        size, refusal = line.example(sizes)
        yield Row(3, printable(f"{size}: {refusal.fact}"), "", True)
    if len(refused) > MOST:
        yield Row(2, f"and by {len(refused) - MOST} layers more", "dim")


def held(line: Line, found: Sizes) -> str:
    """Return what the other axes are held at."""
    if all(found.own.inputs[name] == shape for name, shape in line.axis.at(line.held, line.axis.own).items()):
        return "the others as they are"
    return " and ".join(f"the {other} at {size}" for other, size in line.axis.others(line.held))


def extent(line: Line) -> str:
    """Return how far the sizes are known."""
    if line.tail is not None:
        goes_on = any(one.last is None for one in line.legal)
        return "and so on without end, proved" if goes_on else "and no others, proved for all sizes"
    return f"from {line.asked.low} up to {line.asked.high}, as far as was looked"


def neighbours(line: Line, size: int) -> str:
    """Return what a size along an axis is, and the next legal ones below and above it; nothing if it is not known."""
    if not line.knows(size):
        return ""
    below, above = line.nearest(size)
    is_legal = line.at(size) is None
    return f"{'legal' if is_legal else 'refused'} at {size}, next {below or 'none'} and {above or 'none'}"


def inside(line: Line) -> str:
    """Return how many sizes of the range are legal, the smallest and the largest."""
    sizes, (low, high) = line.inside(), line.asked
    return f"in {low}:{high} {len(sizes)} of {high - low + 1}" + (f", {sizes[0]} to {sizes[-1]}" if sizes else "")


def alike(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the axes in groups with the same answers."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        key = line.legal, tuple(line.refused.items()), line.tail is None, line.asked, line.axis.own
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def verdict(one: Asked) -> str:
    """Return one size with what becomes of it."""
    return f"{inputs_text(one.inputs)}: {'refused' if one.refusal else 'legal'}"


def answer(one: Asked) -> Iterator[Row]:
    """Yield why one size is refused, or what comes out of it."""
    if one.refusal is None:
        yield Row(1, f"gives {', '.join(map(shape, one.outputs))}")
        return
    yield Row(1, printable(f"{one.refusal.place}: {one.refusal.fact}"), "red", True)
    if one.refusal.help:
        yield Row(1, printable(f"help: {one.refusal.help}"))


def inputs_text(inputs: Inputs) -> str:
    """Return the shapes of the inputs; of several, with their names."""
    if len(inputs) == 1:
        return shape(*inputs.values())
    return ", ".join(f"{name} {shape(sizes)}" for name, sizes in inputs.items())
