"""A receptive field in a terminal: how it grew as bars, and where it lies in the image, shaded by its paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.report.field_picture import field_text, title
from cnncalc.report.pictures.area import Extent
from cnncalc.report.pictures.bars import around, percent
from cnncalc.report.pictures.drawings import SMALL, shown_of
from cnncalc.report.pictures.key import padding_text, paths_text, sizes, spread_text
from cnncalc.report.pictures.plane import Plane, planes
from cnncalc.report.pictures.raster import Ground, blocks, printed, raster, scale_in, size_in
from cnncalc.report.table import elided

if TYPE_CHECKING:
    from rich.text import Text

    from cnncalc.execute.view import FieldView

Growth = Sequence[tuple[str, int | None, str]]
"""Of each layer to be shown: its path, the size that its bar has (None for no bar), and what is said of it."""

WIDTH, HIGHEST, LABEL, GAP = 80, 20, 6, 3
MOST_LAYERS = 30
EIGHTHS, HEIGHTS = " ▏▎▍▌▋▊▉█", " ▁▂▃▄▅▆▇█"
BARS_HIGH = 10


def field_plot(view: FieldView, growth: Growth = (), *, width: int = WIDTH, coloured: bool = False) -> Text:
    """Return the growth of the field and the field of one output as text of that width.

    Without colour there are four shades from ░ to █, ``·`` for the image and ``/`` for padding; with it, half blocks.
    """
    from rich.text import Text

    lines = [Text(line, style="bold") for line in folded(title(view), width)]
    lines += map(Text, folded(field_text(view), width))
    if growth:
        lines += [Text(), *(Text(line) for line in bars(growth, width))]
    lines += [Text(), *(along(view, width) if len(view.image) == 1 else panels(view, width, coloured)), Text()]
    for remark in remarks(view, coloured=coloured):
        lines += map(Text, folded(remark, width))
    return Text("\n").join(lines)


def folded(text: str, width: int) -> list[str]:
    """Return a sentence in lines of that width."""
    return wrap(printable(text), width, subsequent_indent="  ")


def bars(growth: Growth, width: int) -> Iterator[str]:
    """Yield a line for each layer: its path, a bar as long as the field is large, and the size in words.

    >>> list(bars([("conv1", 3, "3x3"), ("conv2", 5, "5x5")], 20))
    ['conv1 ██████     3x3', 'conv2 ██████████ 5x5']
    """
    kept, left_out = _thinned(growth)
    names = elided([printable(path) for path, _, _ in kept])
    label = min(max(map(len, names)), width // 2)
    said = max(len(text) for _, _, text in kept)
    room, largest = max(8, width - label - said - 2), max([size or 0 for _, size, _ in kept]) or 1
    for name, (_, size, text) in zip(names, kept, strict=True):
        eighths = (size or 0) * room * 8 // largest
        bar = EIGHTHS[-1] * (eighths // 8) + EIGHTHS[eighths % 8].strip()
        shown = name if len(name) <= label else f"…{name[1 - label :]}"
        yield f"{shown:{label}} {bar:{room}} {text}".rstrip()
    if left_out:
        yield f"(layers between these that are left out: {left_out})"


def _thinned(growth: Growth) -> tuple[Growth, int]:
    """Return evenly spread layers, the first and the last among them, and how many are left out."""
    if len(growth) <= MOST_LAYERS:
        return growth, 0
    chosen = [growth[index * (len(growth) - 1) // (MOST_LAYERS - 1)] for index in range(MOST_LAYERS)]
    return chosen, len(growth) - MOST_LAYERS


def panels(view: FieldView, width: int, coloured: bool) -> Iterator[Text]:
    """Yield the lines of the image, and of what stands beside it: the field enlarged, or a volume from the side."""
    from rich.text import Text

    plane, *others = planes(view)
    whole = shown_of(plane.frame[0], plane.sizes[0]), shown_of(plane.frame[1], plane.sizes[1])
    near = around(plane.frame[0], plane.sizes[0]), around(plane.frame[1], plane.sizes[1])
    part = max((last + 1 - first) / extent.size for (first, last), extent in zip(plane.frame, whole, strict=True))
    shown: list[tuple[Plane, Extent, Extent]] = [(plane, *whole)]
    if others:
        side = others[-1]
        shown.append((side, whole[0], shown_of(side.frame[1], side.sizes[1])))
    elif part < SMALL:
        shown.append((plane, *near))
    label = max([LABEL, *(len(str(int(edge))) for _, rows, _ in shown for edge in rows)])
    room = max(1, (width - (len(shown) - 1) * GAP) // len(shown) - label - 1)
    scales = [scale_in(rows, columns, min(room, 2 * HIGHEST), HIGHEST) for _, rows, columns in shown]
    if others:
        scales = [min(scales)] * len(scales)
    drawn = [panel(*one, label=label, scale=scale, coloured=coloured) for one, scale in zip(shown, scales, strict=True)]
    for index in range(max(len(lines) for lines, _ in drawn)):
        line = Text()
        for lines, wide in drawn:
            text = lines[index] if index < len(lines) else Text()
            line.append_text(text)
            line.append(" " * (wide - text.cell_len + GAP))
        line.rstrip()
        yield line


def panel(
    plane: Plane, rows: Extent, columns: Extent, *, label: int, scale: float, coloured: bool
) -> tuple[list[Text], int]:
    """Return a part of a plane as lines with the first and the last positions beside and below, and their width."""
    from rich.text import Text

    down, across = size_in(rows, columns, scale, coloured=coloured)
    lines = printed(raster(plane, rows, columns, down, across), coloured=coloured)
    ends = {len(lines) - 1: str(blocks(rows, down)[-1][1] - 1)} | {0: str(blocks(rows, down)[0][0])}
    found = [Text(f"{ends.get(index, ''):>{label}} ").append_text(line) for index, line in enumerate(lines)]
    below = between(blocks(columns, across)[0][0], blocks(columns, across)[-1][1] - 1, across)
    found.append(Text(f"{'':{label}} {below}"))
    return found, label + 1 + max(across, len(below))


def between(first: int, last: int, width: int) -> str:
    """Return two positions, one at each end of a line.

    >>> between(0, 223, 12), between(4, 4, 1)
    ('0        223', '4')
    """
    return str(first) if first == last else f"{first}{last:>{max(width - len(str(first)), len(str(last)) + 1)}}"


def along(view: FieldView, width: int) -> Iterator[Text]:
    """Yield the lines of an image of one axis: all of it as a strip, and the shares as bars over the field."""
    from rich.text import Text

    room, size, (frame,), heat = width - LABEL - 1, view.image[0], view.frame, view.heats[0]
    strip = "".join(
        "█" if frame[0] < stop and first <= frame[1] else "·"
        for first, stop in blocks(Extent(0, size), min(room, size))
    )
    yield Text(f"{'':{LABEL}} {strip}")
    yield Text(f"{'':{LABEL}} {between(0, size - 1, len(strip))}")
    yield Text()
    near = around(frame, size)
    columns = blocks(near, room // int(near.size) * int(near.size) if near.size <= room else room)
    (first, last), shares = heat.box[0], list[float | Ground]()
    for start, stop in columns:
        cells = heat.shares[0][max(0, (start - first) // heat.cell) : (stop - 1 - first) // heat.cell + 1]
        if start <= last and stop > first:
            shares.append(sum(share or 0.0 for share in cells) / len(cells))
        else:
            shares.append(Ground.IMAGE if 0 <= start < size else Ground.PADDING)
    largest = max(share for share in shares if isinstance(share, float))
    for line in range(BARS_HIGH, 0, -1):
        drawn = "".join(
            HEIGHTS[max(0, min(8, round(share / largest * BARS_HIGH * 8) - 8 * (line - 1)))]
            if isinstance(share, float)
            else share.value[0]
            if line == 1
            else " "
            for share in shares
        )
        yield Text(f"{'':{LABEL}} {drawn}".rstrip())
    yield Text(f"{'':{LABEL}} {between(columns[0][0], columns[-1][1] - 1, len(columns))}")


def remarks(view: FieldView, *, coloured: bool) -> Iterator[str]:
    """Yield the numbers below the plot."""
    yield f"{paths_text(view.total)} to the output; standard deviation {spread_text(view.spread)}"
    if view.middle != view.frame:
        yield f"the field's middle {sizes(view.middle)} holds {percent(view.held)} of the paths"
    if view.frame != view.box:
        yield padding_text(view)
    if view.holes:
        yield f"never read: {view.holes:,} positions inside of the field (gridding)"
    if len(view.heats) == 3:
        yield "from the front, added up along the depth; from the side, along the width"
    if len(view.image) == 1:
        highest = max(share for share in view.heats[0].shares[0] if share is not None) / view.heats[0].cell
        yield f"█ above: in the field; the bars: share of the paths, at most {percent(highest)} a position"
    elif coloured:
        yield "darker: more paths; white: never read; light grey: not in the field; dark grey: padding"
    else:
        yield "░ to █: few to many paths; · not in the field; / padding; blank in the field: never read"
