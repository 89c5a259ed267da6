"""The key of a picture: what each mark means, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import prod
from textwrap import wrap
from typing import TYPE_CHECKING

from cnncalc.report.pictures.bars import BAR, UNREAD, percent
from cnncalc.report.pictures.page import MARGIN, WIDTH
from cnncalc.report.pictures.palette import LEVELS, colour
from cnncalc.report.pictures.plane import HATCH, centre, crossed
from cnncalc.report.pictures.svg import DASHED, FIELD, QUIET, number, outline, tag, words
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from cnncalc.execute.view import FieldView

LINE, SWATCH = 18.0, 26.0
NARROW = 0.49
"""How wide a character of the key is on the average: mostly small letters."""


def key(view: FieldView, y: float) -> tuple[str, float]:
    """Return the key with its numbers, in two columns, and where it ends."""
    room = (WIDTH - 2 * MARGIN - 20) / 2
    most = int((room - SWATCH - 8) / (13 * NARROW))
    found, heights = [], [y, y]
    for swatch, text in entries(view):
        column = 0 if heights[0] <= heights[1] else 1
        x, top = MARGIN + column * (room + 20), heights[column]
        found.append(tag("g", swatch, transform=f"translate({number(x)} {number(top)})"))
        for index, part in enumerate(wrap(text, most)):
            found.append(words(part, x + SWATCH + 8, top + 13 + index * (LINE - 2), 13))
            heights[column] = top + index * (LINE - 2) + LINE + 4
    return "".join(found), max(heights) + MARGIN - 6


def entries(view: FieldView) -> list[tuple[str, str]]:
    """Return what the marks in the picture mean, each with its sample."""
    flat = len(view.image) == 1
    found = [(outline(2, 3, 22, 12, stroke=FIELD, stroke_width=2.2), f"the receptive field, {sizes(view.frame)}")]
    found.append(
        (sample(flat), f"{paths_text(view.total)} to the output; standard deviation {spread_text(view.spread)}")
    )
    if view.middle != view.frame:
        text = f"the field's middle {sizes(view.middle)}: {percent(view.held)} of the paths"
        found.append((outline(2, 3, 22, 12, **DASHED), text))
    middle = ", ".join(f"{(first + last) // 2}{'.5' if (first + last) % 2 else ''}" for first, last in view.frame)
    found.append((centre((13, 9)), f"the field's centre, {middle if flat else f'({middle})'}"))
    if view.frame != view.box:
        hatched = outline(2, 3, 22, 12, fill=f"url(#{HATCH})", stroke=QUIET, stroke_width=0.8)
        found.append((hatched if is_beyond(view) else "", padding_text(view)))
    if len(view.heats[0].axes) < len(view.image) != 3:
        down, across = view.heats[0].axes
        found.append(("", f"drawn: axes {down} and {across}, added up along the others"))
    if view.holes:
        spanned = prod(last + 1 - first for first, last in view.box)
        text = f"never read: {view.holes:,} of the {spanned:,} positions that the field spans (gridding)"
        found.append((tag("rect", x=3, y=7, width=20, height=5, fill=UNREAD) if flat else crossed(), text))
    return found


def is_beyond(view: FieldView) -> bool:
    """Return whether the field goes beyond the ends of the image."""
    return any(first < 0 or last >= size for (first, last), size in zip(view.frame, view.image, strict=True))


def padding_text(view: FieldView) -> str:
    """Return what of the field is padding: outside of the input, or that of a layer on the way."""
    where = "outside of the input" if is_beyond(view) else "of a layer on the way"
    return f"padding {where}; what is read of the input: {positions(view.box)}"


def sample(flat: bool) -> str:
    """Return how the effective field is drawn."""
    if flat:
        return "".join(
            tag("rect", x=3 + 6 * i, y=15 - h, width=5, height=h, fill=BAR) for i, h in enumerate((5, 12, 8))
        )
    step = 22 / 5
    return "".join(tag("rect", x=2 + step * i, y=3, width=step + 0.3, height=12, fill=colour(i * (LEVELS - 1) // 4))
                   for i in range(5))  # fmt: skip


def paths_text(total: int) -> str:
    """Return how many paths there are, exactly where that can be read.

    >>> paths_text(729), paths_text(10**20), paths_text(1)
    ('729 paths', 'about 1.00e+20 paths', '1 path')
    """
    return f"{total:,} path{'' if total == 1 else 's'}" if total < 10**12 else f"about {Decimal(total):.2e} paths"


def spread_text(spread: Sequence[float]) -> str:
    """Return a standard deviation along each axis; one number where they agree.

    >>> spread_text((1.41421, 1.41421)), spread_text((3.2, 7.76))
    ('1.41 positions', '3.2 x 7.76 positions')
    """
    texts = [f"{one:.3g}" for one in spread]
    return f"{texts[0] if len(set(texts)) == 1 else ' x '.join(texts)} positions"


def sizes(box: tuple[tuple[int, int], ...]) -> str:
    """Return how large a box is.

    >>> sizes(((-1, 1), (0, 4)))
    '3x5'
    """
    return shape([last + 1 - first for first, last in box])


def positions(box: tuple[tuple[int, int], ...]) -> str:
    """Return where a box lies.

    >>> positions(((0, 2), (5, 9)))
    'rows 0 to 2, columns 5 to 9'
    """
    from cnncalc.explain.base import some

    return ", ".join(some(range(first, last + 1), axis, len(box)) for axis, (first, last) in enumerate(box))
