"""What the positions of a layer see, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import printable
from cnncalc.field import Extent, ReceptiveField
from cnncalc.layers.base import sizes_text
from cnncalc.report.pictures.key import positions
from cnncalc.report.units import share
from cnncalc.sight import Axis, Rectangle, Sight
from cnncalc.sight.growth import Step
from cnncalc.sight.joins import Apart

MOST = 4
"""How many of a kind are shown before they are only counted."""


class Told(NamedTuple):
    """All that is told of a layer: what it sees and, where it was asked for, one position and the way there."""

    network: str
    sight: Sight
    apart: Sequence[Apart]
    everything: Sequence[str]
    """The layers with a kernel whose input already sees the whole image."""
    at: Sequence[int] | None = None
    rectangle: Sequence[Rectangle] = ()
    growth: Sequence[Step] | None = None


class Row(NamedTuple):
    """A line of the report: heading, line, part of the line above, or note; its text; where it goes on if long."""

    kind: str
    text: str
    hanging: int = 2


def lines(told: Told) -> Iterator[Row]:
    """Yield the report line by line."""
    seen = told.sight
    facts, of, image = seen.facts, printable(seen.of), sizes_text(seen.image)
    name = printable(facts.node.path)
    yield Row("heading", f"{name} of {printable(told.network)}: {sizes_text(facts.shape)}, {of} {image}")
    if not seen.reads:
        yield Row("line", f"reads nothing of {of}")
        return
    yield from (Row("line", text) for text in _vector(seen))
    if seen.axes and all(axis.closed is Extent.WHOLE for axis in seen.axes):
        yield Row("line", "every position sees the whole image")
    for names, axis in alike(seen.axes):
        for label, text in _axis(axis, seen.is_bound):
            yield Row("line", f"{names:{_width(seen)}}  {label:11}  {text}", _width(seen) + 15)
    yield from _position(told)
    yield from (Row("note", text) for text in _notes(told))


def _vector(seen: Sight) -> Iterator[str]:
    """Yield what a vector sees as a whole, and what each of its elements does."""
    if seen.vector is None:
        return
    together = seen.vector.together
    if together is None:
        yield f"reads nothing of {printable(seen.of)}"
        return
    is_whole = all(end == (0, size - 1) for end, size in zip(together, seen.image[1:], strict=True))
    what = "the whole image" if is_whole else f"{positions(together)} of the image"
    most = "at most " if seen.is_bound else ""
    flat = len(seen.facts.shape) == 1
    if not flat or not seen.vector.positions_of:
        yield f"every {'element' if flat else 'position'} sees {most}{what}"
        return
    several = ", ".join(map(printable, seen.vector.positions_of[:MOST]))
    yield f"the vector as a whole sees {most}{what}"
    yield f"each element reads what the position that it comes from reads, in {several}"


def alike(axes: Sequence[Axis]) -> list[tuple[str, Axis]]:
    """Return the axes, those of which the same is to be said as one."""
    found: list[tuple[str, Axis]] = []
    for axis in axes:
        if found and found[-1][1]._replace(name="") == axis._replace(name=""):
            found[-1] = f"{found[-1][0]}, {axis.name}", axis
        else:
            found.append((axis.name, axis))
    return found


def _width(seen: Sight) -> int:
    return max(len(names) for names, _ in alike(seen.axes))


def _axis(axis: Axis, is_bound: bool) -> Iterator[tuple[str, str]]:
    most = "at most " if is_bound else ""
    if axis.closed is Extent.WHOLE:
        yield "size", f"the whole axis, {axis.image}"
        return
    if isinstance(axis.closed, ReceptiveField):
        field = axis.closed
        yield "size", f"{most}{field.size}{_of_image(field.size, axis.image)}"
        yield "jump", str(field.jump)
        yield "start", f"{field.start}, centre {_plain(field.start + Fraction(field.size - 1, 2))}"
    elif axis.is_counted:
        yield "size", most + sizes_seen(axis)
    if not axis.is_counted:
        yield "positions", f"{axis.outputs:,}, too many to be looked at one by one"
    if axis.padded:
        yield (
            "padding",
            f"{axis.padded:,} of {axis.outputs:,} positions read padding ({share(axis.padded, axis.outputs)})",
        )
    if axis.holes and axis.middle:
        span = axis.middle[1] - axis.middle[0] + 1
        yield "holes", f"of the {span} pixels that the middle position spans it reads {axis.read}: {axis.holes} never"


def _plain(number: Fraction) -> str:
    return str(number) if number.denominator not in (2, 4) else f"{float(number):g}"


def _of_image(size: int, image: int) -> str:
    return f", more than the image's {image}" if size > image else f" of the image's {image}"


def sizes_seen(axis: Axis) -> str:
    """Return the sizes along an axis where they depend on the position, and of how many positions each is."""
    if not axis.sizes:
        return "nothing is read"
    parts = [f"{size} for {count:,}" for size, count in list(axis.sizes.items())[:MOST]]
    more = f" and {len(axis.sizes) - MOST} more sizes" if len(axis.sizes) > MOST else ""
    least, most = min(axis.sizes), max(axis.sizes)
    if axis.all_alike:
        return f"{least} for all {axis.outputs:,} positions, the same pixels {_ends(axis.all_alike)}"
    if axis.outputs == 1 and axis.middle:
        return f"{least} for the only position, pixels {_ends(axis.middle)}"
    if least == most:
        return f"{least} for all {axis.outputs:,} positions, at steps that differ"
    return f"{least} to {most}, by position: {', '.join(parts)}{more} of {axis.outputs:,}"


def _ends(ends: tuple[int, int]) -> str:
    return f"{ends[0]} to {ends[1]}"


def _position(told: Told) -> Iterator[Row]:
    if told.at is None:
        return
    yield Row("line", f"position {', '.join(map(str, told.at))}")
    if told.rectangle and all(one.real is None for one in told.rectangle):
        yield Row("part", "nothing of the image")
        return
    most = "at most " if told.sight.is_bound else ""
    for one in told.rectangle:
        if one.endless is None or one.real is None:
            continue
        first, last = one.endless
        beyond = "" if one.real == one.endless else f", beyond its edge {_ends(one.endless)}"
        middle = f"centre {_plain(Fraction(first + last, 2))}, size {last - first + 1}"
        yield Row("part", f"{one.name}: {most}pixels {_ends(one.real)} of the image{beyond}; {middle}")


def _notes(told: Told) -> Iterator[str]:
    if told.sight.is_bound:
        yield (
            "elements move from axis to axis, or from channel to position, on the way: "
            "a position reads within what is told, and maybe less"
        )
    joins: dict[tuple[str, Fraction, Fraction], list[str]] = {}
    for one in told.apart:
        joins.setdefault((one.path, one.least, one.most), []).append(one.axis)
    for (path, least, most), axes in sorted(joins.items(), key=lambda join: -join[0][2])[:MOST]:
        span = str(most) if least == most else f"{least} to {most}"
        pixels = "pixel" if most <= 1 else "pixels"
        yield printable(f"{path}: its operands look {span} {pixels} apart along the {' and the '.join(axes)}")
    if len(joins) > MOST:
        yield f"and {len(joins) - MOST} more joins whose operands look at different places"
    if told.everything:
        first, more = told.everything[0], len(told.everything) - 1
        others = f" and of {more} more layers" if more else ""
        yield printable(
            f"the input of {first}{others} already sees as much as the whole image: a kernel adds no context"
        )
