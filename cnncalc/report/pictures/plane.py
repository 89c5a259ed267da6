"""An image of two axes with the field of one output in it: padding, heat map, holes, outlines and centre."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.report.pictures.area import Area, grid
from cnncalc.report.pictures.palette import LEVELS, colour, is_dark, level
from cnncalc.report.pictures.svg import (
    DASHED,
    FAINT,
    FIELD,
    INK,
    PAPER,
    QUIET,
    Style,
    line,
    number,
    outline,
    tag,
    words,
)

if TYPE_CHECKING:
    from cnncalc.execute.view import FieldView, Heat

IMAGE = "#f4f4f4"
HATCH = "padding"
THIN, DENSE = 0.3, 0.85
"""How opaque the heat map is over a picture, where it is lightest and darkest."""
ROOM_FOR_COUNT, MOST_COUNTED = 22.0, 10**4
ROOM_FOR_GRID = 9.0


class Plane(NamedTuple):
    """Two axes of a view: sizes and boxes along them, the heat map in them, and its number on the page."""

    number: int
    sizes: tuple[int, int]
    frame: tuple[tuple[int, int], tuple[int, int]]
    middle: tuple[tuple[int, int], tuple[int, int]]
    heat: Heat
    total: int
    picture: str = ""
    """The image itself, as a data URI."""


def planes(view: FieldView, picture: str = "") -> list[Plane]:
    """Return the planes of a view of two or more axes."""
    found = []
    for index, heat in enumerate(view.heats):
        down, across = heat.axes[-2:]
        found.append(
            Plane(
                index,
                (view.image[down], view.image[across]),
                (view.frame[down], view.frame[across]),
                (view.middle[down], view.middle[across]),
                heat,
                view.total,
                picture,
            )
        )
    return found


def definitions(plane: Plane) -> str:
    """Return the heat map in positions from the first that is read on, once for all areas that use it.

    Over a picture what is read little is thin.
    """
    heat = plane.heat
    runs: dict[int | None, list[str]] = {}
    largest = max(share for cells in heat.shares for share in cells if share is not None) or 1.0
    rows, columns = (last + 1 - first for first, last in heat.box)
    for index, cells in enumerate(heat.shares):
        top, left = index * heat.cell, 0
        height = min(heat.cell, rows - top)
        for step, run in groupby(cells, lambda share: None if share is None else level(share, largest)):
            width = min(heat.cell * len(list(run)), columns - left)
            runs.setdefault(step, []).append(f"M{left} {top}h{width}v{height}h-{width}z")
            left += width
    hole = _hole(heat.cell, id=f"hole{plane.number}")
    drawn = []
    for step, parts in sorted(runs.items(), key=lambda run: -1 if run[0] is None else run[0]):
        fill = f"url(#hole{plane.number})" if step is None else colour(step)
        thin = 1 if not plane.picture else THIN + (DENSE - THIN) * (step or 0) / LEVELS
        drawn.append(tag("path", d="".join(parts), fill=fill, **({} if thin == 1 else {"fill_opacity": thin})))
    return (hole if None in runs else "") + tag("g", drawn, id=f"heat{plane.number}", shape_rendering="crispEdges")


def _hole(cell: int, id: str) -> str:
    """Return the pattern of cells of which nothing is read: a cross in each."""
    arm = f"{0.4 * cell:g}"
    cross = tag("path", d=f"M{0.3 * cell:g} {0.3 * cell:g}l{arm} {arm}m0 -{arm}l-{arm} {arm}", stroke=QUIET,
                stroke_width=0.09 * cell)  # fmt: skip
    tile = tag("rect", width=cell, height=cell, fill=PAPER)
    return tag("pattern", tile + cross, width=cell, height=cell, patternUnits="userSpaceOnUse", id=id)


def drawn(area: Area, plane: Plane, *, heavy: bool = True) -> str:
    """Return an area with the image and all that is marked in it; not ``heavy``, without the middle and the counts."""
    clip = f"clip{number(area.x)}-{number(area.y)}"
    rows, columns = ((0, size - 1) for size in plane.sizes)
    x, y, width, height = area.rectangle(rows, columns)
    parts = [outline(*area.rectangle(*plane.frame), fill=f"url(#{HATCH})")]
    parts.append(tag("rect", x=x, y=y, width=width, height=height, fill=IMAGE))
    if plane.picture:
        parts.append(tag("image", x=x, y=y, width=width, height=height, xlink__href=plane.picture,
                         preserveAspectRatio="none", image_rendering="auto"))  # fmt: skip
    else:
        parts.append(grid(area, *plane.sizes))
    (row, _), (column, _) = plane.heat.box
    parts.append(tag("use", xlink__href=f"#heat{plane.number}", transform=area.matrix(row, column)))
    if min(area.scale) >= ROOM_FOR_GRID:
        parts.append(cells(area, plane))
    counted = counts(area, plane) if heavy else ""
    parts.append(counted)
    if heavy and plane.middle != plane.frame:
        parts += [outline(*area.rectangle(*plane.middle), stroke=PAPER, stroke_width=2.6),
                  outline(*area.rectangle(*plane.middle), **DASHED)]  # fmt: skip
    parts.append(outline(x, y, width, height, stroke=QUIET, stroke_width=1.2))
    if plane.picture:
        parts.append(outline(*area.rectangle(*plane.frame), stroke=PAPER, stroke_width=4.4))
    parts.append(outline(*area.rectangle(*plane.frame), stroke=FIELD, stroke_width=2.2))
    parts.append(centre(area.point(*((first + last + 1) / 2 for first, last in plane.frame)), gap=8 if counted else 0))
    inside = tag(
        "clipPath", outline(area.x - 1.2, area.y - 1.2, area.width + 2.4, area.height + 2.4, fill=PAPER), id=clip
    )
    return inside + tag("g", parts, clip_path=f"url(#{clip})")


def cells(area: Area, plane: Plane) -> str:
    """Return the edges of the positions that are shown."""
    found = []
    (top, bottom), (left, right) = (
        (max(0, int(extent.first)), min(size, int(extent.stop)))
        for extent, size in zip((area.rows, area.columns), plane.sizes, strict=True)
    )
    quiet = Style(stroke=FAINT, stroke_width=0.6, opacity=0.8)
    found += [line(*area.point(row, left), *area.point(row, right), **quiet) for row in range(top, bottom + 1)]
    found += [line(*area.point(top, column), *area.point(bottom, column), **quiet) for column in range(left, right + 1)]
    return "".join(found)


def counts(area: Area, plane: Plane) -> str:
    """Return the number of paths in each position, where there is room for it."""
    heat, (top, _), (left, _) = plane.heat, *plane.heat.box
    if heat.cell > 1 or min(area.scale) < ROOM_FOR_COUNT or plane.total > MOST_COUNTED:
        return ""
    largest = max(share for row in heat.shares for share in row if share is not None)
    size, found = min(13.0, min(area.scale) * 0.42), []
    for row, shares in enumerate(heat.shares):
        for column, share in enumerate(shares):
            if share is not None:
                x, y = area.point(top + row + 0.5, left + column + 0.5)
                ink = PAPER if is_dark(level(share, largest)) else INK
                found.append(
                    words(str(round(share * plane.total)), x, y + size * 0.35, size, fill=ink, text_anchor="middle")
                )
    return "".join(found)


def centre(at: tuple[float, float], gap: float = 0) -> str:
    """Return the cross at the centre of the field, with a gap in its middle where a number stands."""
    (x, y), far = at, 6 + gap
    arms = "".join(
        f"M{number(x + across * gap)} {number(y + down * gap)}L{number(x + across * far)} {number(y + down * far)}"
        for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1))
    )
    return "".join(tag("path", d=arms, stroke=ink, stroke_width=width) for ink, width in ((PAPER, 4.5), (FIELD, 2)))


def crossed() -> str:
    """Return how a position that is never read is drawn."""
    cross = tag("path", d="M9 5l8 8m0 -8l-8 8", stroke=QUIET, stroke_width=1.4)
    return outline(5, 1, 16, 16, stroke=QUIET, stroke_width=0.8) + cross
