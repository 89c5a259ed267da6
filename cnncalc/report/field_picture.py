"""A receptive field as an SVG that stands alone: the image, the field in it, the effective field as a heat map."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.report.pictures.drawings import one_axis, one_view, three_views
from cnncalc.report.pictures.key import key, positions, sizes
from cnncalc.report.pictures.page import MARGIN, WIDTH
from cnncalc.report.pictures.plane import HATCH
from cnncalc.report.pictures.svg import FONT, PAPER, QUIET, Style, number, shortened, tag, words
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from cnncalc.execute.view import FieldView

NAMESPACES: Style = {"xmlns": "http://www.w3.org/2000/svg", "xmlns__xlink": "http://www.w3.org/1999/xlink"}


def field_svg(view: FieldView, picture: str = "") -> str:
    """Return what an output position sees as an SVG; ``picture`` is an image of two axes itself, as a data URI.

    Of three axes there are three views, each added up along the axis that it lacks; of more, the last two axes.
    """
    if len(view.image) == 1:
        drawing, bottom = one_axis(view)
    elif len(view.heats) == 3:
        drawing, bottom = three_views(view)
    else:
        drawing, bottom = one_view(view, picture)
    explained, height = key(view, bottom + 12)
    page = [
        tag("title", escape(printable(title(view)))),
        tag("desc", escape(printable(field_text(view)))),
        tag("defs", _hatch()),
        tag("rect", width=WIDTH, height=height, fill=PAPER),
        heading(view),
        drawing,
        explained,
    ]
    size = Style(width=WIDTH, height=height, viewBox=f"0 0 {number(WIDTH)} {number(height)}")
    return tag("svg", "\n" + "".join(page), **NAMESPACES, **size, font_family=FONT, role="img")


def title(view: FieldView) -> str:
    """Return what the picture shows, in a line."""
    where = f"output ({', '.join(map(str, view.at))}) of " if view.at else ""
    return f"{view.network}: what {where}{view.layer} sees"


def heading(view: FieldView) -> str:
    """Return the title and the field in numbers below it."""
    room = WIDTH - 2 * MARGIN
    return words(shortened(title(view), 19, room), MARGIN, 30, 19, font_weight="bold") + words(
        shortened(field_text(view), 13.5, room), MARGIN, 51, 13.5, fill=QUIET
    )


def field_text(view: FieldView) -> str:
    """Return where the field lies."""
    of = f"of {view.input}" if view.input != "input" else "of the input"
    most = "at most " if view.is_bound else ""
    return f"field {most}{sizes(view.frame)}: {positions(view.frame)}; {of}, {shape(view.image)}"


def _hatch() -> str:
    stripe = tag("path", d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4", stroke="#b8b8b8", stroke_width=1.1)
    return tag("pattern", stripe, id=HATCH, width=8, height=8, patternUnits="userSpaceOnUse")
