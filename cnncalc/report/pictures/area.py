"""A part of the page that shows a part of the image: where its positions lie, and the ticks along its edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

from cnncalc.report.pictures.svg import FAINT, FIELD, HALO, INK, QUIET, Style, line, number, width_of, words

THINNEST = 20.0
"""How wide an image is drawn at least, however long it is the other way."""
TICK, TICK_TEXT = 4.0, 12.0
LONGEST_LABEL = 4
"""How many digits there is room for beside the name of an axis."""


class Extent(NamedTuple):
    """What is shown of an axis: from the edge before position ``first`` to that before position ``stop``."""

    first: float
    stop: float

    @property
    def size(self) -> float:
        """How many positions that is."""
        return self.stop - self.first


class Area(NamedTuple):
    """A rectangle of the page, and the rows and columns of the image that are drawn in it."""

    x: float
    y: float
    width: float
    height: float
    rows: Extent
    columns: Extent

    @property
    def scale(self) -> tuple[float, float]:
        """The height of a row and the width of a column on the page."""
        return self.height / self.rows.size, self.width / self.columns.size

    def matrix(self, row: int, column: int) -> str:
        """Return the transformation to the page from positions that are counted from a row and a column on."""
        (down, across), (left, top) = self.scale, self.point(row, column)
        return f"matrix({across:.6g} 0 0 {down:.6g} {number(left)} {number(top)})"

    def point(self, row: float, column: float) -> tuple[float, float]:
        """Return where on the page the edges before a row and a column meet, as x and y."""
        down, across = self.scale
        return self.x + (column - self.columns.first) * across, self.y + (row - self.rows.first) * down

    def rectangle(self, rows: tuple[int, int], columns: tuple[int, int]) -> tuple[float, float, float, float]:
        """Return x, y, width and height of the positions from the first to the last, these included."""
        left, top = self.point(rows[0], columns[0])
        right, bottom = self.point(rows[1] + 1, columns[1] + 1)
        return left, top, right - left, bottom - top


def fitted(x: float, y: float, width: float, height: float, rows: Extent, columns: Extent) -> Area:
    """Return the largest area within the room given whose positions are square; of a very long image, oblong ones.

    >>> area = fitted(0, 0, 300, 300, rows=Extent(0, 100), columns=Extent(0, 200))
    >>> area.width, area.height
    (300.0, 150.0)
    """
    scale = min(width / columns.size, height / rows.size)
    across, down = max(columns.size * scale, min(THINNEST, width)), max(rows.size * scale, min(THINNEST, height))
    return Area(x, y, across, down, rows, columns)


def round_step(least: float) -> int:
    """Return the first of 1, 2, 5, 10, 20, ... that is at least so much.

    >>> round_step(0.3), round_step(37.3)
    (1, 50)
    """
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor >= least:
                return step * factor
        step *= 10


def shown(extent: Extent, size: int, step: int) -> range:
    """Return every so many positions of an axis of that size, of those that are shown."""
    return range(max(0, -(-int(extent.first) // step) * step), min(size, ceil(extent.stop)), step)


def ticks(extent: Extent, size: int, length: float, step: int, marked: Iterable[int]) -> Iterator[tuple[int, bool]]:
    """Yield the positions that are labelled along an edge of that length, those marked first, and which they are."""
    scale, taken = length / extent.size, list[int]()
    for positions, mark in ((marked, True), (shown(extent, size, step), False)):
        for position in positions:
            inside = extent.first <= position < extent.stop
            if inside and all(abs(position - other) * scale >= room_of(extent) * 0.9 for other in taken):
                taken.append(position)
                yield position, mark


def room_of(extent: Extent) -> float:
    """Return how far apart the labels of an axis must be."""
    return max(len(str(int(edge))) for edge in extent) * TICK_TEXT * 0.56 + 12


def step_of(area: Area) -> int:
    """Return the distance of the ticks and the lines of the grid: the same along both axes."""
    scale = min(area.scale) if area.rows.size > 1 else area.scale[1]
    return round_step(max(room_of(area.rows), room_of(area.columns)) / scale)


def axes(
    area: Area,
    sizes: Sequence[int],
    names: Sequence[str],
    marked: Sequence[Iterable[int]] = ((), ()),
) -> str:
    """Return the labels below and to the left of an area that shows an image of these sizes; the marked stand out.

    With one size and one name, there is no axis on the left.
    """
    bottom, step, found = area.y + area.height, step_of(area), []
    for position, mark in ticks(area.columns, sizes[-1], area.width, step, marked[-1]):
        x = area.point(0, position + 0.5)[0]
        found += [line(x, bottom, x, bottom + TICK), _label(position, x, bottom + 16, mark, "middle")]
    if len(sizes) > 1:
        for position, mark in ticks(area.rows, sizes[0], area.height, step, marked[0]):
            y = area.point(position + 0.5, 0)[1]
            found += [line(area.x - TICK, y, area.x, y), _label(position, area.x - 7, y + 4, mark, "end")]
        x, y = area.x - 40, area.y + area.height / 2
        turned = f"rotate(-90 {number(x)} {number(y)})"
        fits = len(str(int(area.rows.stop))) <= LONGEST_LABEL and width_of(names[0], TICK_TEXT) <= area.height
        found.append(
            ""
            if not fits
            else words(names[0], x, y, TICK_TEXT, fill=QUIET, text_anchor="middle", transform=turned, **HALO)
        )
    middle = area.x + area.width / 2
    found.append(words(names[-1], middle, bottom + 33, TICK_TEXT, fill=QUIET, text_anchor="middle", **HALO))
    return "".join(found)


def grid(area: Area, rows: int, columns: int) -> str:
    """Return faint lines over an image of so many rows and columns, before every labelled position."""
    step, quiet = step_of(area), Style(stroke=FAINT, stroke_width=0.7)
    found = [
        line(*area.point(row, 0), *area.point(row, columns), **quiet) for row in shown(area.rows, rows, step) if row
    ]
    found += [line(*area.point(0, column), *area.point(rows, column), **quiet)
              for column in shown(area.columns, columns, step) if column]  # fmt: skip
    return "".join(found)


def _label(position: int, x: float, y: float, mark: bool, anchor: str) -> str:
    weight = "bold" if mark else "normal"
    return words(
        str(position), x, y, TICK_TEXT, fill=FIELD if mark else INK, text_anchor=anchor, font_weight=weight, **HALO
    )
