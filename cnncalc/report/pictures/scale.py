"""The scale of a heat map: its colours side by side, from no share to the largest."""

from __future__ import annotations

from cnncalc.report.pictures.palette import LEVELS, colour
from cnncalc.report.pictures.svg import QUIET, Style, number, outline, tag, words


def colour_bar(x: float, y: float, height: float, top: str, unit: str) -> str:
    """Return the scale of the heat map, upright: from 0 to the largest share, with what that is and of what."""
    parts = [_steps(x, y, 12, height, upright=True)]
    parts += [words(top, x + 17, y + 9, 12), words("0", x + 17, y + height, 12)]
    turned = f"rotate(-90 {number(x + 28)} {number(y + height / 2)})"
    parts.append(words(unit, x + 28, y + height / 2, 12, fill=QUIET, text_anchor="middle", transform=turned))
    return "".join(parts)


def flat_bar(x: float, y: float, width: float) -> str:
    """Return the scale of several heat maps, each with a largest share of its own, lying."""
    parts = [_steps(x, y, width, 12, upright=False)]
    parts += [words("0", x, y + 26, 12), words("darkest", x + width, y + 26, 12, text_anchor="end")]
    return "".join(parts)


def _steps(x: float, y: float, width: float, height: float, *, upright: bool) -> str:
    """Return all colours side by side, from the lightest on the left, or at the bottom, on."""
    step, found = (height if upright else width) / LEVELS, []
    for index in range(LEVELS):
        if upright:
            box = Style(x=x, y=y + height - (index + 1) * step, width=width, height=step)
        else:
            box = Style(x=x + index * step, y=y, width=step, height=height)
        found.append(tag("rect", fill=colour(index), **box))
    return tag("g", found, shape_rendering="crispEdges") + outline(x, y, width, height, stroke=QUIET, stroke_width=0.8)
