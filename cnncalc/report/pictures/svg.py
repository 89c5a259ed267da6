"""The few elements of SVG that the pictures are made of, as text; every name that comes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from cnncalc.errors import printable

Value = str | float
Style = dict[str, Value]

INK, QUIET, FAINT, PAPER = "#1a1a1a", "#595959", "#d0d0d0", "#ffffff"
FIELD, MIDDLE = "#d55e00", "#1a1a1a"
"""The outline of the field, vermilion as in Okabe and Ito's palette, and that of its middle."""
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
DASHED: Style = {"stroke": MIDDLE, "stroke_width": 1.4, "stroke_dasharray": "5 3"}
HALO: Style = {"stroke": PAPER, "stroke_width": 3.5, "paint_order": "stroke"}
"""What keeps a label readable where a line crosses it."""
ADVANCE = 0.51
"""How wide a character is on the average, of the font's size."""


def number(value: float) -> str:
    """Return a coordinate with two decimals at most.

    >>> number(3.0), number(2.125), number(-0.001)
    ('3', '2.12', '0')
    """
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".")


def tag(name: str, content: str | Iterable[str] = "", /, **attributes: Value) -> str:
    """Return an element; ``content`` is markup, underscores in attributes stand for hyphens, two for a colon.

    >>> print(tag("rect", x=1, y=2.5, stroke_width=1, fill="none").rstrip())
    <rect x="1" y="2.5" stroke-width="1" fill="none"/>
    """
    said = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items())
    inner = content if isinstance(content, str) else "".join(content)
    return f"<{name}{said}>{inner}</{name}>\n" if inner else f"<{name}{said}/>\n"


def _name(key: str) -> str:
    return key.replace("__", ":").replace("_", "-")


def _value(value: Value) -> str:
    return escape(printable(value)) if isinstance(value, str) else number(value)


def words(text: str, x: float, y: float, size: float = 13, /, **attributes: Value) -> str:
    """Return a line of text, escaped."""
    return tag("text", escape(printable(text)), x=x, y=y, font_size=size, **({"fill": INK, **attributes}))


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is."""
    return len(printable(text)) * size * ADVANCE


def shortened(text: str, size: float, room: float) -> str:
    """Return a text that fits into the room, its middle left out where it must be.

    >>> shortened("stage.3.bottleneck.2.conv1", 10, 80)
    'stage.3…2.conv1'
    """
    most = max(3, int(room / (size * ADVANCE)))
    text = printable(text)
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end].rstrip()}…{text[-end:].lstrip()}"


def outline(x: float, y: float, width: float, height: float, /, **attributes: Value) -> str:
    """Return a rectangle that is not filled."""
    return tag("rect", x=x, y=y, width=width, height=height, **({"fill": "none", **attributes}))


def line(x1: float, y1: float, x2: float, y2: float, /, **attributes: Value) -> str:
    """Return a line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **({"stroke": QUIET, "stroke_width": 1, **attributes}))
