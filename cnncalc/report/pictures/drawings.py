"""What is drawn for images of one, two and three axes: which parts of the page show which parts of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.pictures.area import Area, Extent, axes, fitted
from cnncalc.report.pictures.bars import around, bars, percent, strip
from cnncalc.report.pictures.page import BOTTOM, LEFT, MARGIN, TOP, WIDTH
from cnncalc.report.pictures.plane import Plane, definitions, drawn, planes
from cnncalc.report.pictures.scale import colour_bar, flat_bar
from cnncalc.report.pictures.svg import FIELD, QUIET, Style, line, tag, width_of, words

if TYPE_CHECKING:
    from cnncalc.execute.view import FieldView

SMALL = 0.45
"""A field smaller than this part of what is shown of the image is drawn larger beside it."""
BEYOND = 0.6
"""How much of the padding is shown at most, of the image's size."""
LEAST_BAR = 44.0
"""How high the scale of the colours is at least."""
AXES = {1: ("position",), 2: ("row", "column"), 3: ("depth", "row", "column")}
LEADER: Style = {"stroke": FIELD, "stroke_width": 0.9, "stroke_dasharray": "2 2"}


def one_view(view: FieldView, picture: str) -> tuple[str, float]:
    """Return the image with the field in it, and beside it the field enlarged where it is small; and where it ends."""
    plane = planes(view, picture)[-1]
    whole = [shown_of(frame, size) for frame, size in zip(plane.frame, plane.sizes, strict=True)]
    part = max((last + 1 - first) / extent.size for (first, last), extent in zip(plane.frame, whole, strict=True))
    head, names = tag("defs", definitions(plane)), _names(view, plane)
    if part >= SMALL:
        room = WIDTH - LEFT - 110
        area = fitted(LEFT, TOP, room, 470, *whole)
        area = area._replace(x=LEFT + (room - area.width) / 2)
        parts = [drawn(area, plane), axes(area, plane.sizes, names, plane.frame), _bar(area, plane)]
        return head + "".join(parts), area.y + max(area.height, LEAST_BAR) + BOTTOM
    room = (WIDTH - 2 * LEFT - 98) / 2
    left = fitted(LEFT, TOP, room, 330, *whole)
    near = [around(frame, size) for frame, size in zip(plane.frame, plane.sizes, strict=True)]
    right = fitted(LEFT + room + LEFT, TOP, room, 330, *near)
    tallest = max(left.height, right.height)
    left, right = (area._replace(y=TOP + (tallest - area.height) / 2) for area in (left, right))
    x, y, width, height = left.rectangle(*plane.frame)
    end, top, _, high = right.rectangle(*plane.frame)
    parts = [head, drawn(left, plane, heavy=False), axes(left, plane.sizes, names),
             line(x + width, y, end, top, **LEADER), line(x + width, y + height, end, top + high, **LEADER),
             drawn(right, plane), axes(right, plane.sizes, names, plane.frame), _bar(right, plane)]  # fmt: skip
    return "".join(parts), TOP + max(tallest, LEAST_BAR) + BOTTOM


def _bar(area: Area, plane: Plane) -> str:
    """Return the scale of the heat map, to the right of an area."""
    cell = plane.heat.cell
    unit = f"share of the paths, in a cell of {cell}x{cell}" if cell > 1 else "share of the paths"
    fits = width_of(unit, 12) <= area.height
    x, height = area.x + area.width + 20, max(area.height, LEAST_BAR)
    return colour_bar(x, area.y, height, darkest(plane), unit if fits else "")


def darkest(plane: Plane) -> str:
    """Return the largest share of a cell."""
    return percent(max(share for row in plane.heat.shares for share in row if share is not None))


def three_views(view: FieldView) -> tuple[str, float]:
    """Return the three views of a volume, lying to each other as on a drawing: from the front, above and the side."""
    front, above, side = planes(view)
    extents = [shown_of(frame, size) for frame, size in zip(view.frame, view.image, strict=True)]
    if all(
        (last + 1 - first) < SMALL / 2 * extent.size for (first, last), extent in zip(view.frame, extents, strict=True)
    ):
        extents = [around(frame, size) for frame, size in zip(view.frame, view.image, strict=True)]
    depth, rows, columns = extents
    gap, over = LEFT + 4, TOP + 28
    scale = min((WIDTH - 2 * LEFT - gap) / (columns.size + depth.size), 380 / (rows.size + depth.size))
    width, height, deep = (max(extent.size * scale, 24) for extent in (columns, rows, depth))
    left = LEFT + (WIDTH - 2 * LEFT - gap - width - deep) / 2
    below = over + height + BOTTOM + 30
    areas = [
        (front, Area(left, over, width, height, rows, columns)),
        (above, Area(left, below, width, deep, depth, columns)),
        (side, Area(left + width + gap, over, deep, height, rows, depth)),
    ]
    parts = []
    for plane, area in areas:
        lacking = next(axis for axis in range(3) if axis not in plane.heat.axes)
        parts += [tag("defs", definitions(plane)), drawn(area, plane)]
        parts.append(axes(area, plane.sizes, _names(view, plane), plane.frame))
        parts.append(
            words(f"added up along the {('depth', 'height', 'width')[lacking]}", area.x, area.y - 19, 11.5, fill=QUIET)
        )
        parts.append(words(f"darkest {darkest(plane)} of the paths", area.x, area.y - 6, 11.5, fill=QUIET))
    parts.append(flat_bar(left + width + gap, below, 110))
    return "".join(parts), below + deep + BOTTOM


def one_axis(view: FieldView) -> tuple[str, float]:
    """Return the image as a strip, and below it the field with the share of each position as a bar."""
    size, (frame,) = view.image[0], view.frame
    over = Area(LEFT, TOP, WIDTH - LEFT - MARGIN - 10, 22, Extent(0, 1), shown_of(frame, size))
    area = Area(LEFT, TOP + 22 + BOTTOM + 12, over.width, 240, Extent(0, 1), around(frame, size))
    x, y, width, height = over.rectangle((0, 0), frame)
    left, top, wide, _ = area.rectangle((0, 0), frame)
    cell = view.heats[0].cell
    name = f"position, of {size}" + (f"; each bar is {cell} of them" if cell > 1 else "")
    parts = [line(x, y + height, left, top, **LEADER), line(x + width, y + height, left + wide, top, **LEADER),
             strip(over, view), axes(over, [size], [""]), bars(area, view),
             axes(area, [size], [name], [frame])]  # fmt: skip
    return "".join(parts), area.y + area.height + BOTTOM


def shown_of(frame: tuple[int, int], size: int) -> Extent:
    """Return what is shown of an axis: all of the image, and of the padding not too much."""
    most = BEYOND * size
    return Extent(max(min(0, frame[0]), -most), min(max(size, frame[1] + 1), size + most))


def _names(view: FieldView, plane: Plane) -> tuple[str, str]:
    rank = len(view.image)
    names = AXES.get(rank, tuple(f"axis {axis}" for axis in range(rank)))
    down, across = (f"{names[axis]}, of {view.image[axis]}" for axis in plane.heat.axes)
    return down, across
