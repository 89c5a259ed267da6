"""Whether a layer has another name because it was given one, or because the layers before it are others."""

from __future__ import annotations

from enum import Enum

from cnncalc.layers import ACTIVATIONS, LAYERS


class Renaming(Enum):
    """How a layer's path differs between two networks."""

    NONE = ""
    NUMBER = "number"
    """An automatic name counts on: conv5 is now conv6, or the second time of a repeat the third."""
    NAME = "name"
    """Another name, or another block."""


def renaming(before: str, after: str) -> Renaming:
    """Return how two paths differ.

    An automatic name is an op and a number. In front of it stand the names of blocks, which have a number where a
    block is used several times, and the numbers of repeats.

    >>> renaming("stage.1.conv5.norm", "stage.2.conv6.norm"), renaming("conv1", "stem"), renaming("skip1", "skip2")
    (<Renaming.NUMBER: 'number'>, <Renaming.NAME: 'name'>, <Renaming.NAME: 'name'>)
    """
    if before == after:
        return Renaming.NONE
    lines = line_of(before), line_of(after)
    (*ones, one), (*twos, two) = ([part for part in line.split(".") if not part.isdigit()] for line in lines)
    counts = one == two or (automatic(one) and automatic(two))
    if counts and [_base(part) for part in ones] == [_base(part) for part in twos]:
        return Renaming.NUMBER
    return Renaming.NAME


def automatic(part: str) -> bool:
    """Return whether the last part of a path reads like the name of a layer that was given none.

    >>> automatic("max_pool2"), automatic("stem")
    (True, False)
    """
    base = _base(part)
    return base != part and (base in LAYERS or base in ACTIVATIONS)


def _base(part: str) -> str:
    return part.rstrip("0123456789")


def line_of(path: str) -> str:
    """Return the path of the layer whose norm or act this is, or the path itself.

    >>> line_of("stage.0.conv1.norm"), line_of("stage.0.conv1")
    ('stage.0.conv1', 'stage.0.conv1')
    """
    line, _, role = path.rpartition(".")
    return line if role in ("norm", "act") and line else path
