"""What the positions of an axis have in common: size, jump and start, read off where each of them begins."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from cnncalc.field import Rational, ReceptiveField

Interval = tuple[int, int] | None
"""The first and the last pixel; None for nothing."""
LARGEST_FACTOR = 16
"""How many positions at most begin in one step of a whole number, as after upsampling."""


def regular(intervals: Sequence[Interval]) -> ReceptiveField | None:
    """Return the size, jump and start that several positions have; None where there is no such form.

    >>> regular([(-1, 1), (1, 3), (3, 5)]), regular([(0, 1), (0, 1), (1, 2), (1, 2)]), regular([(0, 1), (0, 2)])
    (ReceptiveField(size=3, jump=2, start=-1), ReceptiveField(size=2, jump=Fraction(1, 2), start=0), None)
    """
    found = [interval for interval in intervals if interval is not None]
    sizes, firsts = {last - first + 1 for first, last in found}, [first for first, _ in found]
    if len(found) < max(2, len(intervals)) or len(sizes) > 1 or len(set(firsts)) == 1:
        return None
    for factor in range(1, min(LARGEST_FACTOR + 1, len(firsts))):
        jump: Rational = Fraction(firsts[factor] - firsts[0], factor)
        for part in range(factor):
            start: Rational = firsts[0] + Fraction(part, factor)
            if all(floor(start + index * jump) == first for index, first in enumerate(firsts)):
                jump, start = (int(one) if one.denominator == 1 else one for one in (jump, start))
                return ReceptiveField(sizes.pop(), jump, start)
    return None
