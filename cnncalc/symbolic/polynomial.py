"""Polynomial: a formula that a layer's rules take for a number, as they use only ``+ - * // %`` and comparisons.

A result that no longer depends on a symbol is an int again. A comparison is answered as it is for all large values of
the symbols, and ``assuming`` tells from which values on; what depends on the values raises Undecidable.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any, cast

from cnncalc.errors import Undecidable
from cnncalc.symbolic.sign import is_positive
from cnncalc.symbolic.terms import MAX_DEGREE, Constant, Terms, added, constant, divided, multiplied, scaled, symbols
from cnncalc.symbolic.text import code, text
from cnncalc.symbolic.whole import is_whole, whole_part

Formula = Any
"""An int, a Fraction, or a Polynomial, which stands in their place."""


class Polynomial:
    """A sum of products of symbols with rational coefficients, of which one at least has a symbol.

    >>> C, H = symbol("C"), symbol("H")
    >>> print((2 * C + 1) * (2 * C - 1), 13 * C**2 * H / 4, C - C, sep=", ")
    4C² - 1, 13/4 HC², 0
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._hash = hash(frozenset(terms.items()))

    @property
    def symbols(self) -> list[str]:
        """The names of the symbols, in order."""
        return symbols(self.terms)

    @property
    def largest(self) -> int:
        """The largest number in the coefficients, numerators and denominators."""
        return max(max(abs(c.numerator), c.denominator) for c in self.terms.values())

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number wherever its symbols are."""
        return is_whole(self.terms)

    def evaluate(self, values: Mapping[str, Formula]) -> Formula:
        """Return the polynomial with values, or other polynomials, in place of some of its symbols.

        >>> symbol("C").evaluate({"C": 64}), str((symbol("C") ** 2).evaluate({"C": 2 * symbol("c")}))
        (64, '4c²')
        """
        total: Formula = 0
        for monomial, coefficient in self.terms.items():
            powers = [(values[name] if name in values else symbol(name)) ** exponent for name, exponent in monomial]
            total += coefficient * prod(powers)
        return _number(total) if isinstance(total, Fraction) else total

    def code(self) -> str:
        """Return the formula as a program reads it, such as ``49*C**2*H*W``."""
        return code(self.terms)

    def __add__(self, other: object) -> Formula:
        terms = _terms(other)
        return NotImplemented if terms is None else _formula(added(self.terms, terms))

    def __mul__(self, other: object) -> Formula:
        terms = _terms(other)
        return NotImplemented if terms is None else _formula(multiplied(self.terms, terms))

    def __neg__(self) -> Formula:
        return self * -1

    def __sub__(self, other: object) -> Formula:
        terms = _terms(other)
        return NotImplemented if terms is None else _formula(added(self.terms, scaled(terms, -1)))

    def __rsub__(self, other: object) -> Formula:
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: object) -> Formula:
        if not isinstance(exponent, int) or not 0 <= exponent <= MAX_DEGREE:
            raise Undecidable(f"an exponent must be a whole number from 0 to {MAX_DEGREE} ({exponent})")
        return prod([self] * exponent)

    def __rpow__(self, other: object) -> Formula:
        raise Undecidable(f"an exponent must be a whole number from 0 to {MAX_DEGREE} ({self})")

    def __truediv__(self, other: object) -> Formula:
        return _quotient(self, other)

    def __rtruediv__(self, other: object) -> Formula:
        return _quotient(other, self)

    def __floordiv__(self, other: object) -> Formula:
        return _floor_of_quotient(self, other)

    def __rfloordiv__(self, other: object) -> Formula:
        return _floor_of_quotient(other, self)

    def __mod__(self, other: object) -> Formula:
        return self - other * (self // other)

    def __rmod__(self, other: object) -> Formula:
        return other - self * (other // self)

    def __floor__(self) -> Formula:
        return _formula(whole_part(self.terms))

    def __ceil__(self) -> Formula:
        return -_formula(whole_part(scaled(self.terms, -1)))

    def __round__(self) -> Formula:
        lower = self.__floor__()
        if self - lower == Fraction(1, 2):
            raise Undecidable(f"which way {self} is rounded must not depend on the values of its symbols")
        return lower + round(self - lower)

    def __abs__(self) -> Formula:
        return -self if self < 0 else self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __bool__(self) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return _is_less(self, other)

    def __gt__(self, other: object) -> bool:
        return _is_less(other, self)

    def __le__(self, other: object) -> bool:
        return not _is_less(other, self)

    def __ge__(self, other: object) -> bool:
        return not _is_less(self, other)

    def __str__(self) -> str:
        return text(self.terms)

    def __repr__(self) -> str:
        return f"Polynomial({self.code()})"

    def __format__(self, how: str) -> str:
        """Return the formula as it is read; ``,`` sets separators in its coefficients, as in a number."""
        return text(self.terms, "," if how == "," else "")


def symbol(name: str) -> int:
    """Return a symbol; its type is that of the whole number which it stands for.

    >>> print(symbol("H") + 2 * 3 - 7 + 1)
    H
    """
    return cast("int", Polynomial({((name, 1),): 1}))


def _terms(value: object) -> Terms | None:
    if isinstance(value, Polynomial):
        return value.terms
    if isinstance(value, int | Fraction):
        return {(): _number(value)} if value else {}
    return None


def _number(value: Constant) -> Constant:
    return value.numerator if value.denominator == 1 else value


def _formula(terms: Terms) -> Formula:
    number = constant(terms)
    return Polynomial(terms) if number is None else number


def _quotient(one: object, two: object) -> Formula:
    quotient, remainder = _divided(one, two)
    if remainder:
        raise Undecidable(f"({one})/({two}) must be a polynomial")
    return _formula(quotient)


def _floor_of_quotient(one: object, two: object) -> Formula:
    quotient, rest = _divided(one, two)
    if not rest:
        return _formula(whole_part(quotient))
    remainder = _formula(rest)
    if is_whole(quotient):
        if 0 <= remainder < two:
            return _formula(quotient)
        if 0 < -remainder <= two:
            return _formula(quotient) - 1
    raise Undecidable(f"the whole part of ({one})/({two}) must not depend on the values of the symbols")


def _divided(one: object, two: object) -> tuple[Terms, Terms]:
    by, terms = _terms(two), _terms(one)
    if by is None or terms is None:
        raise TypeError(f"{one!r} cannot be divided by {two!r}")
    if not by:
        raise ZeroDivisionError
    return divided(terms, by)


def _is_less(one: Formula, two: Formula) -> bool:
    difference = two - one
    if not isinstance(difference, Polynomial):
        return bool(difference > 0)
    answer = is_positive(difference.terms)
    if answer is None:
        names = " and ".join(difference.symbols)
        raise Undecidable(f"which is larger, {one} or {two}, must not depend on the values of {names}")
    return answer
