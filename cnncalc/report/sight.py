"""What the positions of a layer see, in words, for a terminal, a page and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc import __version__
from cnncalc.errors import printable
from cnncalc.field import Extent, ReceptiveField
from cnncalc.layers.base import sizes_text
from cnncalc.report.markdown import escaped, markdown_row
from cnncalc.report.units import rational, share
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
    growth: Sequence[Step] = ()


def lines(told: Told) -> Iterator[tuple[str, str]]:
    """Yield the report line by line, each with what it is: heading, line, or note."""
    seen = told.sight
    facts = seen.facts
    image = sizes_text(seen.image)
    yield (
        "heading",
        f"{printable(facts.node.path)} of {printable(told.network)}: {sizes_text(facts.shape)}, {seen.of} {image}",
    )
    if not seen.axes or all(axis.closed is Extent.WHOLE for axis in seen.axes):
        yield "line", "every position sees the whole image"
    for names, axis in alike(seen.axes):
        for label, text in _axis(axis):
            yield "line", f"{names:{_width(seen)}}  {label:11}  {text}"
    yield from (("line", text) for text in _position(told))
    yield from (("note", text) for text in _notes(told))


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


def _axis(axis: Axis) -> Iterator[tuple[str, str]]:
    if axis.closed is Extent.WHOLE:
        yield "size", f"the whole axis, {axis.image}"
        return
    if isinstance(axis.closed, ReceptiveField):
        field = axis.closed
        yield "size", f"{field.size}{_of_image(field.size, axis.image)}"
        yield "jump", str(field.jump)
        yield "start", f"{field.start}, centre {_plain(field.start + Fraction(field.size - 1, 2))}"
    else:
        yield "size", sizes_seen(axis)
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
    if least == most:
        return f"{least} for all {axis.outputs:,} positions, at steps that differ"
    return f"{least} to {most}, by position: {', '.join(parts)}{more} of {axis.outputs:,}"


def _position(told: Told) -> Iterator[str]:
    if told.at is None:
        return
    yield f"position {', '.join(map(str, told.at))}"
    for one in told.rectangle:
        if one.endless is None or one.real is None:
            yield f"  {one.name}: nothing of the image"
            continue
        first, last = one.endless
        beyond = "" if one.real == one.endless else f", beyond its edge {first} to {last}"
        middle = f"centre {_plain(Fraction(first + last, 2))}, size {last - first + 1}"
        yield f"  {one.name}: pixels {one.real[0]} to {one.real[1]} of the image{beyond}; {middle}"


def _notes(told: Told) -> Iterator[str]:
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


def sight_data(told: Told) -> dict[str, Any]:
    """Return the report as plain data."""
    seen = told.sight
    return {
        "cnncalc": __version__,
        "schema": 1,
        "name": told.network,
        "layer": seen.facts.node.path,
        "output": list(seen.facts.shape),
        "input": {"name": seen.of, "shape": list(seen.image)},
        "axes": [_axis_data(axis) for axis in seen.axes],
        "misaligned": [
            {"layer": one.path, "axis": one.axis, "least": rational(one.least), "most": rational(one.most)}
            for one in told.apart
        ],
        "sees_everything": list(told.everything),
        **({"at": list(told.at), "rectangle": [_ends(one) for one in told.rectangle]} if told.at is not None else {}),
        **({"growth": [_step(step) for step in told.growth]} if told.growth else {}),
    }


def _axis_data(axis: Axis) -> dict[str, Any]:
    closed = axis.closed
    parts = ("size", "jump", "start")
    return {
        "axis": axis.name,
        **(
            {part: rational(getattr(closed, part)) for part in parts}
            if isinstance(closed, ReceptiveField)
            else {"size": "whole" if closed is Extent.WHOLE else "by position"}
        ),
        "sizes": {str(size): count for size, count in axis.sizes.items()},
        "positions": axis.outputs,
        "reading_padding": axis.padded,
        "middle": list(axis.middle) if axis.middle else None,
        "never_read": axis.holes,
    }


def _ends(one: Rectangle) -> dict[str, Any]:
    return {
        "axis": one.name,
        "pixels": list(one.real) if one.real else None,
        "beyond": list(one.endless) if one.endless else None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {"layer": step.path, "op": step.op, "sizes": [list(size) if size else "whole" for size in step.sizes]}


def sight_json(told: Told) -> str:
    """Return the report as JSON."""
    return json.dumps(sight_data(told), indent=1, ensure_ascii=False) + "\n"


def growth_rows(steps: Sequence[Step]) -> list[tuple[str, str, str, str, str]]:
    """Return the layers that change what is seen: the layer, its op, and size, jump and start along the axes."""
    rows, above = [], None
    for step in steps:
        if (step.sizes, step.field) == above:
            continue
        above = step.sizes, step.field
        size = _both(["whole" if s is None else str(s[0]) if s[0] == s[1] else f"{s[0]} to {s[1]}" for s in step.sizes])
        jump, start = (_both([str(getattr(f, part)) if f else "" for f in step.field]) for part in ("jump", "start"))
        rows.append((printable(step.path), step.op, size, jump, start))
    return rows


def _both(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else " x ".join(values)


def sight_markdown(told: Told) -> str:
    """Return the report for a page."""
    found = [escaped(text) for _, text in lines(told)]
    text = [f"**{found[0]}**", "", *(f"- {one}" for one in found[1:])]
    if told.growth:
        text += ["", markdown_row(["layer", "op", "size", "jump", "start"]), markdown_row(["---"] * 2 + ["---:"] * 3)]
        text += [markdown_row(row) for row in growth_rows(told.growth)]
    return "\n".join(text) + "\n"
