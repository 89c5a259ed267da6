"""What one output position reads of the input image, along one axis, in closed form.

Output ``o`` reads the positions ``floor(start + o*jump)`` and the ``size - 1`` after it. A convolution has a whole
``jump`` and ``start``; a layer that makes the image larger has a fractional ``jump``. Where no such form is exact,
the answer is UNKNOWN, never a wrong number.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from fractions import Fraction
from functools import reduce
from math import floor
from typing import NamedTuple

Rational = int | Fraction


class Extent(Enum):
    """A receptive field that is not a size, a jump and a start."""

    WHOLE = "whole"
    """Every position reads the whole axis, as after a global pool or a linear layer."""
    FLAT = "flat"
    """The positions have been flattened into one vector: together they see the whole axis, one by one they do not."""
    UNKNOWN = "unknown"
    """No closed form is exact."""

    def then(self, later: "ReceptiveField") -> "Extent":  # noqa: ARG002 - as ReceptiveField.then
        """Return the field after one more layer: a window of what is whole is whole."""
        return self

    def union(self, other: "AxisField") -> "AxisField":
        """Return the field of a join: whatever is added to the whole, it stays whole."""
        if self is other or Extent.WHOLE in (self, other):
            return self if self is other else Extent.WHOLE
        return Extent.UNKNOWN


class ReceptiveField(NamedTuple):
    """Size, jump and start along one axis, in input positions: a monoid under ``then`` with IDENTITY.

    ``start`` may be negative (padding is read); the centre of output 0 is ``start + (size - 1) / 2``.
    Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019;
    their effective padding is ``-start``.

    >>> conv3 = ReceptiveField(size=3, jump=1, start=-1)
    >>> conv3.then(conv3).then(conv3)
    ReceptiveField(size=7, jump=1, start=-3)
    """

    size: int
    jump: Rational = 1
    start: Rational = 0

    def then(self, later: "ReceptiveField") -> "AxisField":
        """Return the field of ``later`` applied to this one's output, both along the same axis.

        >>> ReceptiveField(7, 2, -3).then(ReceptiveField(3, 2, -1))
        ReceptiveField(size=11, jump=4, start=-5)
        >>> ReceptiveField(1, Fraction(1, 2)).then(ReceptiveField(3, 1, -1))  # 2x larger, then a 3x3
        ReceptiveField(size=2, jump=Fraction(1, 2), start=Fraction(-1, 2))
        >>> ReceptiveField(2, 2).then(ReceptiveField(1, Fraction(1, 2)))  # pooled, then 2x larger: two steps at once
        <Extent.UNKNOWN: 'unknown'>
        """
        jump = self.jump * later.jump
        start = self.start + self.jump * later.start
        if type(self.jump) is int and type(jump) is int and type(start) is int:  # as in most networks
            return ReceptiveField(self.size + self.jump * (later.size - 1), jump, start)
        if not all(isinstance(number, Rational) for number in (later.size, jump, start)):  # a formula
            return Extent.UNKNOWN
        if not _whole(later.jump) and self.jump.numerator != 1:  # floors nest only where each step is 1/n
            return Extent.UNKNOWN
        growth = self.jump * (later.size - 1)
        if _whole(growth):
            return _canonical(self.size + int(growth), jump, start)
        if _whole(jump):
            return _canonical(self.size + floor(start + growth) - floor(start), jump, start)
        return Extent.UNKNOWN

    def union(self, other: "AxisField") -> "AxisField":
        """Return the field of a layer that reads both; UNKNOWN where the two drift apart.

        >>> ReceptiveField(3, 1, -1).union(ReceptiveField(5, 1, -2))
        ReceptiveField(size=5, jump=1, start=-2)
        >>> ReceptiveField(3, 1, -1).union(ReceptiveField(3, 2, -1))
        <Extent.UNKNOWN: 'unknown'>
        """
        if isinstance(other, Extent):
            return other.union(self)
        if self.jump != other.jump or not _whole(self.start - other.start):
            return Extent.UNKNOWN
        start = min(self.start, other.start)
        end = max(self.start + self.size, other.start + other.size)
        return _canonical(int(end - start), self.jump, start)


AxisField = ReceptiveField | Extent
Field = tuple[AxisField, ...]
"""One AxisField for each axis of the input image, whatever axes the tensor at hand has."""

IDENTITY = ReceptiveField(size=1, jump=1, start=0)


def then(field: Field, steps: Sequence[ReceptiveField | None]) -> Field:
    """Return ``field`` after one layer, whose own field along each axis is in ``steps``: None has no closed form.

    >>> then((IDENTITY, IDENTITY), [ReceptiveField(3, 1, -1), None])
    (ReceptiveField(size=3, jump=1, start=-1), <Extent.UNKNOWN: 'unknown'>)
    """
    if len(field) != len(steps):  # the tensor's axes are no longer the image's: nothing is a ReceptiveField any more
        return field
    first = _after(field[0], steps[0]) if field else Extent.UNKNOWN
    return tuple(first if axis is field[0] and step is steps[0] else _after(axis, step)
                 for axis, step in zip(field, steps, strict=True))  # fmt: skip


def _after(axis: AxisField, step: ReceptiveField | None) -> AxisField:
    return axis if isinstance(axis, Extent) else axis.then(step) if step else Extent.UNKNOWN


def union(fields: Iterable[Field]) -> Field:
    """Return the field of a layer that reads several tensors; a vector input has no axes and adds nothing.

    >>> union([(IDENTITY,), (), (ReceptiveField(3, 1, -1),)])
    (ReceptiveField(size=3, jump=1, start=-1),)
    """
    return reduce(_join, fields)


def everywhere(field: Field, extent: Extent) -> Field:
    """Return ``field`` with every axis replaced by ``extent``.

    >>> everywhere((IDENTITY, IDENTITY), Extent.WHOLE)
    (<Extent.WHOLE: 'whole'>, <Extent.WHOLE: 'whole'>)
    """
    return (extent,) * len(field)


def _join(one: Field, two: Field) -> Field:
    if not one or not two:
        return one or two
    if len(one) != len(two):
        longer = max(one, two, key=len)
        return everywhere(longer, Extent.UNKNOWN)
    return tuple(a.union(b) for a, b in zip(one, two, strict=True))


def _whole(number: Rational) -> bool:
    return number.denominator == 1


def _canonical(size: int, jump: Rational, start: Rational) -> ReceptiveField:
    """Return the one form in which equal fields are equal: start on the grid that the jump's denominator spans."""
    if type(jump) is int and type(start) is int:
        return ReceptiveField(size, jump, start)
    grid = jump.denominator
    start = Fraction(floor(start * grid), grid)
    return ReceptiveField(size, int(jump) if grid == 1 else jump, int(start) if start.denominator == 1 else start)
