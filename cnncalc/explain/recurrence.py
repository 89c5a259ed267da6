"""The receptive field's recurrence with the numbers in it, along one axis."""

from math import floor

from cnncalc.explain.base import equal, signed
from cnncalc.field import Extent, Rational, ReceptiveField

FORMULA = "size = s1 + j1*(s2 - 1); jump = j1*j2; start = t1 + j1*t2"


def grown(before: ReceptiveField, step: ReceptiveField, after: ReceptiveField) -> str:
    """Return how a layer's own field makes one field of another.

    >>> grown(ReceptiveField(7, 2, -3), ReceptiveField(3, 2, -1), ReceptiveField(11, 4, -5))
    'size = 7 + 2*(3 - 1) = 11; jump = 2*2 = 4; start = -3 + 2*(-1) = -5'
    """
    start = f"{before.start} + {signed(before.jump)}*{signed(step.start)}"
    return "; ".join(
        [
            size_text(before, step, after),
            equal("jump", f"{signed(before.jump)}*{signed(step.jump)}", after.jump),
            start_text(start, before.start + before.jump * step.start, after),
        ]
    )


def size_text(before: ReceptiveField, step: ReceptiveField, after: ReceptiveField) -> str:
    """Return the size, which a step between pixels may have to round."""
    growth = before.jump * (step.size - 1)
    if growth.denominator == 1:
        return equal("size", f"{before.size} + {signed(before.jump)}*({step.size} - 1)", after.size)
    start = before.start + before.jump * step.start
    rounded = f"floor({start} + {growth}) - floor({start})"
    return equal("size", f"{before.size} + {rounded}", after.size)


def start_text(numbers: str, exact: Rational, after: ReceptiveField) -> str:
    """Return the start, on the grid that the jump's denominator spans.

    >>> from fractions import Fraction
    >>> start_text("0 + (1/2)*(-3)", Fraction(-3, 2), ReceptiveField(6, 1, -2))
    'start = floor(0 + (1/2)*(-3)) = -2'
    """
    if exact != after.start:
        grid = after.jump.denominator
        numbers = f"floor({numbers})" if grid == 1 else f"floor(({numbers})*{grid})/{grid}"
    return equal("start", numbers, after.start)


def folded(count: int, before: ReceptiveField, step: ReceptiveField, after: ReceptiveField) -> str:
    """Return how so many equal layers of jump 1 make one field of another.

    >>> folded(3, ReceptiveField(11, 4, -5), ReceptiveField(3, 1, -1), ReceptiveField(35, 4, -17))
    'size = 11 + 3*4*(3 - 1) = 35; jump = 4; start = -5 + 3*4*(-1) = -17'
    """
    size = equal("size", f"{before.size} + {count}*{before.jump}*({step.size} - 1)", after.size)
    start = equal("start", f"{before.start} + {count}*{before.jump}*{signed(step.start)}", after.start)
    return f"{size}; jump = {after.jump}; {start}"


def united(parts: list[ReceptiveField], after: ReceptiveField) -> str:
    """Return the union of some fields of one jump.

    >>> united([ReceptiveField(3, 1, -1), ReceptiveField(5, 1, -2)], ReceptiveField(5, 1, -2))
    'start = min(-1, -2) = -2; size = max(-1 + 3, -2 + 5) - (-2) = 5'
    """
    unique = list(dict.fromkeys(parts))
    start = min(part.start for part in unique)
    starts = ", ".join(str(part.start) for part in unique)
    ends = ", ".join(f"{part.start} + {part.size}" for part in unique)
    first = start_text(f"min({starts})" if len(unique) > 1 else starts, start, after)
    most = f"max({ends})" if len(unique) > 1 else ends
    return f"{first}; {equal('size', f'{most} - {signed(start)}', after.size)}"


def unclosed(before: ReceptiveField, step: ReceptiveField) -> str:
    """Return why two closed forms have none together.

    >>> from fractions import Fraction
    >>> unclosed(ReceptiveField(2, 2), ReceptiveField(1, Fraction(1, 2)))
    'neighbours in its input are 2 pixels apart, its outputs share them in steps of 1/2: they do not advance evenly'
    """
    if step.jump.denominator != 1 and before.jump.numerator != 1:
        return (
            f"neighbours in its input are {before.jump} pixels apart, its outputs share them in steps of {step.jump}: "
            "they do not advance evenly"
        )
    growth = equal("j1*(s2 - 1)", f"{signed(before.jump)}*({step.size} - 1)", before.jump * (step.size - 1))
    return f"{growth} is not whole: its outputs read more and fewer pixels in turn"


def said(axis: ReceptiveField | Extent) -> str:
    """Return a field in words.

    >>> said(ReceptiveField(11, 4, -5)), said(Extent.WHOLE)
    ('size 11, jump 4, start -5', 'whole')
    """
    if isinstance(axis, Extent):
        return "unknown" if axis is Extent.UNKNOWN else "whole"
    return f"size {axis.size}, jump {axis.jump}, start {axis.start}"


def moved(start: Rational, jump: Rational, position: int) -> int:
    """Return the first pixel that an output reads, padding included.

    >>> from fractions import Fraction
    >>> moved(Fraction(-1, 2), Fraction(1, 2), 4)
    1
    """
    return floor(start + position * jump)
