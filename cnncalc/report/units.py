"""How numbers, shapes and fields read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnncalc.field import AxisField, Extent, Field, Rational, ReceptiveField
from cnncalc.layers.base import sizes_text

_SCALES = ((10**12, "T"), (10**9, "G"), (10**6, "M"))


def count(number: int) -> str:
    """Return an exact count; nothing for none, which keeps a table quiet.

    >>> count(11689512), count(0)
    ('11,689,512', '')
    """
    return f"{number:,}" if number else ""


def short(number: int) -> str:
    """Return a count in decimal units, four digits; below a million the exact count is no longer.

    >>> short(4089184256), short(61706)
    ('4.089 G', '61,706')
    """
    for scale, unit in _SCALES if isinstance(number, int) else ():  # a formula is not cut short
        if number >= scale:
            return f"{number / scale:#.4g}".rstrip(".") + f" {unit}"
    return count(number)


def exact(number: Any) -> int | str:  # noqa: ANN401 - an int, or a Polynomial in its place
    """Return a number for a program: of a formula, text that Python reads.

    >>> from cnncalc.symbolic.polynomial import symbol
    >>> exact(12), exact(9 * symbol("C") ** 2)
    (12, '9*C**2')
    """
    return number if isinstance(number, int) else str(number.code())


def binary(size: int) -> str:
    """Return bytes in binary units, four digits.

    >>> binary(41728), binary(512)
    ('40.75 KiB', '512 bytes')
    """
    for scale, unit in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if size >= scale:
            return f"{size / scale:.4g} {unit}"
    return f"{size} byte{'s' if size != 1 else ''}"


def seconds(time: Fraction) -> str:
    """Return a time, three digits.

    >>> seconds(Fraction(1, 3000)), seconds(Fraction(0))
    ('333 µs', '')
    """
    for scale, unit in ((1, "s"), (10**3, "ms"), (10**6, "µs")):
        if time * scale >= 1:
            return f"{_digits(float(time * scale))} {unit}"
    return f"{_digits(float(time * 10**9))} ns" if time else ""


def ratio(value: Fraction | None) -> str:
    """Return a ratio, three digits; nothing for none.

    >>> ratio(Fraction(2, 3)), ratio(Fraction(1234))
    ('0.667', '1,234')
    """
    return "" if value is None else _digits(float(value))


def _digits(number: float) -> str:
    if number < 1:
        return f"{number:.3g}"
    return f"{number:,.{max(0, 3 - len(str(int(number))))}f}"


def share(part: Any, whole: Any) -> str:  # noqa: ANN401 - ints, or Polynomials in their place
    """Return a part in per cent; of formulas, that it varies.

    >>> share(1, 8), share(0, 8)
    ('12.5%', '')
    """
    if not isinstance(part, int) or not isinstance(whole, int):
        return "varies"
    return f"{100 * part / whole:.1f}%" if part and whole else ""


def shape(sizes: Sequence[int]) -> str:
    """Return a shape as it stands in a spec.

    >>> shape((64, 56, 56))
    '64x56x56'
    """
    return sizes_text(sizes)


def field_part(field: Field, part: str) -> str:
    """Return the size, jump or start of a field: one for each axis, or one where the axes agree.

    >>> square = (ReceptiveField(7, 2, -3),) * 2
    >>> field_part(square, "size"), field_part((ReceptiveField(1), ReceptiveField(7)), "size")
    ('7', '1x7')
    """
    values = [_axis(axis, part) for axis in field]
    return values[0] if len(set(values)) == 1 else "x".join(values)


def _axis(axis: AxisField, part: str) -> str:
    if isinstance(axis, ReceptiveField):
        return str(getattr(axis, part))
    return ("unknown" if axis is Extent.UNKNOWN else "whole") if part == "size" else ""


def rational(number: Rational) -> int | str:
    """Return a number for JSON: a fraction becomes a string.

    >>> from fractions import Fraction
    >>> rational(2), rational(Fraction(1, 2))
    (2, '1/2')
    """
    return int(number) if number.denominator == 1 else str(number)
