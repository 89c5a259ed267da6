"""What the operators and functions of an expression do: exact, on numbers of at most 64 bits."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any

from cnncalc.layers.base import largest_number

Number = int | Fraction | bool
"""A Polynomial, too, stands in the place of a number."""

MAX_BITS = 64


def bounded(value: Number) -> Number:
    """Return a result, a whole Fraction as an int; raise OverflowError beyond 64 bits."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            value = value.numerator
        elif value.denominator.bit_length() > MAX_BITS:
            raise OverflowError(f"a result must fit in {MAX_BITS} bits")
    largest = value.numerator if is_number(value) else largest_number(value)
    if largest.bit_length() > MAX_BITS:
        raise OverflowError(f"a result must fit in {MAX_BITS} bits")
    return value


def is_number(value: object) -> bool:
    """Return whether a value is a number, not a formula."""
    return isinstance(value, int | Fraction)


def _divide(a: Number, b: Number) -> Number:
    quotient: Number = Fraction(1) * a / b
    return quotient


def _power(a: Number, b: Number) -> Number:
    if not is_number(b) or b.denominator != 1 or not 0 <= b <= 32:
        raise OverflowError(f"an exponent must be a whole number from 0 to 32 ({b})")
    if not is_number(a):
        return a ** int(b)
    if not -1024 <= a <= 1024:
        raise OverflowError(f"the base of ** must be at most 1024 ({a})")
    return Fraction(a) ** int(b)


def divisible(value: Number, by: int) -> Number:
    """Return the multiple of ``by`` nearest to a number of channels, at least ``by`` and not below 90% of it.

    Source: the channel rounding of the MobileNet family (Sandler et al. 2018, reference implementation).

    >>> divisible(32 * Fraction(3, 4), 8), divisible(Fraction(21, 2), 8)
    (24, 16)
    """
    rounded: int = max(by, floor(value + _divide(by, 2)) // by * by)
    return rounded + by if 10 * rounded < 9 * value else rounded


def _equal(a: Number, b: Number) -> bool:
    return not (a < b or a > b)  # of formulas, a comparison tells from which values on they differ


def _unequal(a: Number, b: Number) -> bool:
    return a < b or a > b


BINARY: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Number]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}
COMPARE: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Eq: _equal,
    ast.NotEq: _unequal,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS: dict[str, tuple[int, int, Callable[..., Number]]] = {
    "min": (2, 20, min),
    "max": (2, 20, max),
    "abs": (1, 1, abs),
    "round": (1, 1, round),
    "floor": (1, 1, floor),
    "ceil": (1, 1, ceil),
    "divisible": (2, 2, divisible),
}
