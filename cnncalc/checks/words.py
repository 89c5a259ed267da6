"""How layers, counts and axes read in a message."""

from collections.abc import Sequence

from cnncalc.graph import Node
from cnncalc.layers.base import expand, sizes_text
from cnncalc.layers.conv import Filters
from cnncalc.layers.window import Window

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def counted(count: int, thing: str) -> str:
    """Return so many things, as a sentence says it.

    >>> counted(1, "window"), counted(12, "window")
    ('one window', '12 windows')
    """
    number = _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {thing}{'' if count == 1 else 's'}"


def input_text(sizes: Sequence[int]) -> str:
    """Return an input of these spatial sizes, with its article.

    >>> input_text((7, 7)), input_text((18, 30, 6)), input_text((16000,))
    ('a 7x7 input', 'an 18x30x6 input', 'an input of length 16000')
    """
    if len(sizes) == 1:
        return f"an input of length {sizes[0]}"
    article = "an" if str(sizes[0])[0] == "8" or sizes[0] in (11, 18) else "a"
    return f"{article} {sizes_text(sizes)} input"


def axes_text(values: Sequence[int]) -> str:
    """Return one number for all axes where they agree, else one for each; 0x7 would be a number to YAML.

    >>> axes_text([3, 3]), axes_text([1, 7]), axes_text([0, 7])
    ('3', '1x7', '[0, 7]')
    """
    if len(set(values)) == 1:
        return str(values[0])
    return str(list(values)) if values[0] == 0 else sizes_text(values)


def percent(part: int, whole: int) -> str:
    """Return a share of a whole that is not 0, in percent; neither all nor nothing unless it is.

    >>> percent(13, 49), percent(1, 900), percent(899, 900), percent(7, 7)
    ('27%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < 100 * part < whole:
        return "under 1%"
    if 99 * whole < 100 * part < 100 * whole:
        return "over 99%"
    return f"{100 * part / whole:.0f}%"


def listing(pairs: Sequence[tuple[int, int]]) -> str:
    """Return pairs as a spec has them.

    >>> listing([(0, 1), (1, 2)])
    '[[0, 1], [1, 2]]'
    """
    return f"[{', '.join(f'[{a}, {b}]' for a, b in pairs)}]"


def window_text(node: Node, rank: int) -> str:
    """Return a layer's window over so many axes, such as "3x3 filter", or, along one, "filter of 3"."""
    layer = node.layer
    kernel = expand(layer.kernel if isinstance(layer, Window) else 1, rank, "kernel")
    thing = "filter" if isinstance(layer, Filters) else f"{node.op} window"
    return f"{sizes_text(kernel)} {thing}" if rank > 1 else f"{thing} of {sizes_text(kernel)}"
