"""An image of one axis with the field of one output in it: the whole as a strip, the shares of the paths as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.pictures.area import TICK, Area, Extent
from cnncalc.report.pictures.plane import HATCH, IMAGE, centre
from cnncalc.report.pictures.svg import DASHED, FAINT, FIELD, INK, QUIET, line, number, outline, tag, words

if TYPE_CHECKING:
    from cnncalc.execute.view import FieldView

BAR, UNREAD = "#225ba8", "#a0a0a0"
LARGEST_DRAWN = 0.94
"""How high the longest bar is, of the area."""


def strip(area: Area, view: FieldView) -> str:
    """Return the whole image as a strip, with the field in it."""
    (frame,), size = view.frame, view.image[0]
    x, y, width, height = area.rectangle((0, 0), (0, size - 1))
    left, top, wide, high = area.rectangle((0, 0), frame)
    return "".join([
        tag("rect", x=left, y=top, width=wide, height=high, fill=f"url(#{HATCH})"),
        tag("rect", x=x, y=y, width=width, height=height, fill=IMAGE, stroke=QUIET, stroke_width=1.2),
        tag("rect", x=left, y=top, width=max(wide, 1), height=high, fill=FIELD, fill_opacity=0.25, stroke=FIELD,
            stroke_width=2),
    ])  # fmt: skip


def bars(area: Area, view: FieldView) -> str:
    """Return the share of each cell as a bar; below the line, what lies outside of the image and what is never read."""
    heat, (frame,), (middle,) = view.heats[0], view.frame, view.middle
    (first, last), cell = heat.box[0], heat.cell
    largest = max(share for share in heat.shares[0] if share is not None)
    across, bottom = area.scale[1], area.y + area.height
    parts = [_scale(area, largest)]
    x, _, width, _ = area.rectangle((0, 0), middle)
    if middle != frame:
        parts.append(tag("rect", x=x, y=area.y, width=width, height=area.height, fill="#ececec"))
    solid, unread = [], []
    for index, share in enumerate(heat.shares[0]):
        start, stop = first + index * cell, min(first + (index + 1) * cell, last + 1)
        left, wide = area.point(0, start)[0], (stop - start) * across
        gap = min(1.0, wide * 0.15)
        if share is None:
            unread.append(f"M{number(left)} {number(bottom + 1)}h{number(wide)}v5h-{number(wide)}z")
        else:
            high = area.height * LARGEST_DRAWN * share / largest
            solid.append(
                f"M{number(left + gap / 2)} {number(bottom)}v-{number(high)}h{number(wide - gap)}v{number(high)}z"
            )
    parts.append(tag("path", d="".join(solid), fill=BAR))
    if unread:
        parts.append(tag("path", d="".join(unread), fill=UNREAD))
    for edge in (x, x + width) if middle != frame else ():
        parts.append(line(edge, area.y, edge, bottom, **DASHED))
    for outside in ((frame[0], min(frame[1], -1)), (max(frame[0], view.image[0]), frame[1])):
        if outside[0] <= outside[1]:
            left, _, wide, _ = area.rectangle((0, 0), outside)
            parts.append(tag("rect", x=left, y=area.y, width=wide, height=area.height, fill=f"url(#{HATCH})"))
    left, _, wide, _ = area.rectangle((0, 0), frame)
    parts.append(line(area.x, bottom, area.x + area.width, bottom, stroke=INK))
    parts.append(outline(left, area.y, wide, area.height, stroke=FIELD, stroke_width=2.2))
    parts.append(centre((area.point(0, (frame[0] + frame[1] + 1) / 2)[0], bottom)))
    return "".join(parts)


def _scale(area: Area, largest: float) -> str:
    """Return the shares on the left: none, half of the largest, the largest."""
    parts = []
    for part in (0.0, 0.5, 1.0):
        y = area.y + area.height * (1 - part * LARGEST_DRAWN)
        parts.append(line(area.x - TICK, y, area.x + area.width, y, stroke=FAINT if part else INK, stroke_width=0.8))
        parts.append(words(percent(part * largest), area.x - 8, y + 4, 12, text_anchor="end"))
    return "".join(parts)


def percent(share: float) -> str:
    """Return a share in per cent, three digits.

    >>> percent(0.0333333), percent(0.95), percent(0), percent(2e-7)
    ('3.33%', '95%', '0', '2e-05%')
    """
    return f"{100 * share:.3g}%" if share else "0"


def around(frame: tuple[int, int], size: int) -> Extent:
    """Return what is shown about a stretch of an axis: a little more on both sides, of the image and its padding."""
    margin = max(1, (frame[1] + 1 - frame[0]) // 12)
    return Extent(max(frame[0] - margin, min(frame[0], 0)), min(frame[1] + 1 + margin, max(frame[1] + 1, size)))
