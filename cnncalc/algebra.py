"""What is worked out of the positions that are read: the first, the last, all of them, whether one is padding."""

from __future__ import annotations

from collections.abc import Callable
from operator import or_
from typing import NamedTuple

from cnncalc.slide import Span

FAR = 2**63
"""Beyond every position."""


class Algebra(NamedTuple):
    """What is worked out of a position: at the input, of none, of padding, and of two positions together."""

    at: Callable[[int], int]
    nothing: int
    outside: int
    join: Callable[[int, int], int]


FIRST = Algebra(lambda position: position, FAR, FAR, min)
LAST = Algebra(lambda position: position, -FAR, -FAR, max)
PADDED = Algebra(lambda _: 0, 0, 1, max)


def bits(base: int) -> Algebra:
    """Return the algebra of sets of positions as the bits of a number; bit 0 is position ``base``."""
    return Algebra(lambda position: 1 << (position - base), 0, 0, or_)


def windows(source: list[int], rule: Span, algebra: Algebra) -> list[int]:
    """Return what the taps of a window have together, at stride 1; taps are joined two by two, whatever their number.

    What is joined with itself stays what it is, so windows may overlap.
    """
    found, taps = source, 1
    while taps < rule.taps:
        step = min(taps, rule.taps - taps)
        found = list(map(algebra.join, found, found[step * rule.dilation :]))
        taps += step
    return found
