"""A plane of a view in the characters of a terminal: half blocks in colour, shades where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import floor
from typing import TYPE_CHECKING

from cnncalc.report.pictures.area import Extent
from cnncalc.report.pictures.palette import LEVELS, colour, level

if TYPE_CHECKING:
    from rich.text import Text

    from cnncalc.report.pictures.plane import Plane

SHADES = "░▒▓█"


class Ground(Enum):
    """What a pixel is that no path reaches: its character, and its colour."""

    OUTSIDE = (" ", "")
    PADDING = ("/", "#9a9a9a")
    IMAGE = ("·", "#d9d9d9")
    UNREAD = (" ", "#ffffff")


Pixel = Ground | int
"""What is there, or the step of its share."""


def raster(plane: Plane, rows: Extent, columns: Extent, down: int, across: int) -> list[list[Pixel]]:
    """Return a part of a plane in so many pixels; one that covers several cells has their mean."""
    (top, bottom), (left, right) = plane.heat.box
    shares: list[list[Ground | float]] = []
    for first, stop in blocks(rows, down):
        line: list[Ground | float] = []
        for start, end in blocks(columns, across):
            if top <= (first + stop - 1) // 2 <= bottom and left <= (start + end - 1) // 2 <= right:
                line.append(mean(plane, (first, stop), (start, end)))
            else:
                line.append(_ground(plane, (first + stop - 1) // 2, (start + end - 1) // 2))
        shares.append(line)
    largest = max([share for line in shares for share in line if isinstance(share, float)], default=1.0) or 1.0
    return [[one if isinstance(one, Ground) else level(one, largest) for one in line] for line in shares]


def blocks(extent: Extent, count: int) -> list[tuple[int, int]]:
    """Return the positions that each of so many pixels covers, from the first up to the last, which is left out.

    >>> blocks(Extent(0, 6), 3), blocks(Extent(-1, 1), 4)
    ([(0, 2), (2, 4), (4, 6)], [(-1, 0), (-1, 0), (0, 1), (0, 1)])
    """
    found = []
    for index in range(count):
        first = floor(extent.first + index * extent.size / count + 1e-9)
        found.append((first, max(first + 1, floor(extent.first + (index + 1) * extent.size / count + 1e-9))))
    return found


def mean(plane: Plane, rows: tuple[int, int], columns: tuple[int, int]) -> Ground | float:
    """Return the mean share of the cells under a pixel; UNREAD where nothing of them is read."""
    heat = plane.heat
    (top, _), (left, _) = heat.box
    cells = [
        share
        for row in heat.shares[max(0, (rows[0] - top) // heat.cell) : (rows[1] - 1 - top) // heat.cell + 1]
        for share in row[max(0, (columns[0] - left) // heat.cell) : (columns[1] - 1 - left) // heat.cell + 1]
    ]
    read = [share for share in cells if share is not None]
    return sum(read) / len(cells) if read else Ground.UNREAD


def _ground(plane: Plane, row: int, column: int) -> Ground:
    """Return what a position is that lies outside of what is read."""
    if all(0 <= one < size for one, size in zip((row, column), plane.sizes, strict=True)):
        return Ground.IMAGE
    inside = all(first <= one <= last for one, (first, last) in zip((row, column), plane.frame, strict=True))
    return Ground.PADDING if inside else Ground.OUTSIDE


def printed(pixels: Sequence[Sequence[Pixel]], *, coloured: bool) -> list[Text]:
    """Return lines of text: two rows of pixels a line where there is colour, else one."""
    from rich.text import Text

    lines = []
    if not coloured:
        return [Text("".join(map(shade, row))) for row in pixels]
    for upper, lower in zip(pixels[::2], [*pixels[1::2], [Ground.OUTSIDE] * len(pixels[0])], strict=False):
        text = Text()
        for one, two in zip(upper, lower, strict=True):
            over, under = hue(one), hue(two)
            if over:
                text.append("▀", style=f"{over} on {under}" if under else over)
            else:
                text.append("▄" if under else " ", style=under)
        lines.append(text)
    return lines


def shade(pixel: Pixel) -> str:
    """Return the character of a pixel where there is no colour."""
    return pixel.value[0] if isinstance(pixel, Ground) else SHADES[pixel * len(SHADES) // LEVELS]


def hue(pixel: Pixel) -> str:
    """Return the colour of a pixel, nothing for the terminal's own."""
    return pixel.value[1] if isinstance(pixel, Ground) else colour(pixel)


def scale_in(rows: Extent, columns: Extent, width: int, height: int) -> float:
    """Return how many characters across a position of a part of an image may have, in so many across and down.

    A character is taken as twice as high as it is wide; a position that is larger gets a whole number of them.
    """
    scale = min(width / columns.size, height * 2 / rows.size)
    return scale // 2 * 2 if scale >= 2 else scale


def size_in(rows: Extent, columns: Extent, scale: float, *, coloured: bool) -> tuple[int, int]:
    """Return into how many pixels, down and across, a part of an image goes; a half block is half as high."""
    down, across = max(1, round(rows.size * scale)), max(1, round(columns.size * scale))
    return (down if coloured else -(-down // 2)), across
