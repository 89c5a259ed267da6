"""Whether a polynomial is a whole number for all values of its symbols, and what its whole part is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import lcm, prod

from cnncalc.errors import Undecidable
from cnncalc.symbolic.terms import Terms, canonical, symbols
from cnncalc.symbolic.text import text

_MAX_POINTS = 4_096
_MAX_MULTIPLE = 10_000


def is_whole(terms: Terms) -> bool:
    """Return whether a polynomial is a whole number wherever its symbols are.

    It is if it is at enough points: as many along each symbol as its highest exponent, and one more.

    >>> is_whole({(("H", 2),): Fraction(1, 2), (("H", 1),): Fraction(1, 2)}), is_whole({(("H", 1),): Fraction(1, 2)})
    (True, False)
    """
    if all(type(coefficient) is int for coefficient in terms.values()):
        return True
    names = symbols(terms)
    tops = [max(dict(monomial).get(name, 0) for monomial in terms) for name in names]
    if prod(top + 1 for top in tops) > _MAX_POINTS:
        return False
    points = product(*(range(top + 1) for top in tops))
    return all(_value(terms, dict(zip(names, point, strict=True))).denominator == 1 for point in points)


def whole_part(terms: Terms) -> Terms:
    """Return the largest whole number that is not above a polynomial: one formula, if it leaves one remainder.

    Raises Undecidable, with the multiples that the symbols would have to be.

    >>> whole_part({(("h", 1),): 2, (): Fraction(7, 2)})
    {(('h', 1),): 2, (): 3}
    """
    remainder = Fraction(terms.get((), 0)) % 1
    lower = canonical({**terms, (): terms.get((), 0) - remainder})
    if is_whole(lower):
        return lower
    names = " and ".join(symbols(terms))
    raise Undecidable(f"the whole part of {text(terms)} must not depend on the value of {names}", help=_help(terms))


def _help(terms: Terms) -> str:
    """Return which multiples the symbols must be for the whole part to be one formula."""
    names = symbols({monomial: c for monomial, c in terms.items() if c.denominator > 1})
    common = lcm(*(c.denominator for monomial, c in terms.items() if monomial))
    if common > _MAX_MULTIPLE:
        return ""
    multiples = dict.fromkeys(names, common)
    divisors = [divisor for divisor in range(1, common + 1) if common % divisor == 0]
    for name in names:
        multiples[name] = next(d for d in divisors if _leaves_one_remainder(terms, multiples | {name: d}))
    wanted = [f"{by}*{name} in place of {name}" for name, by in multiples.items() if by > 1]
    return f"declare the multiple: {' and '.join(wanted)} in the input's sizes"


def _leaves_one_remainder(terms: Terms, multiples: Mapping[str, int]) -> bool:
    remainder = Fraction(terms.get((), 0)) % 1
    found = {m: c * prod(multiples.get(name, 1) ** e for name, e in m) for m, c in terms.items()}
    return is_whole(canonical({**found, (): found.get((), 0) - remainder}))


def _value(terms: Terms, values: Mapping[str, int]) -> Fraction:
    return sum((c * prod(values[name] ** e for name, e in m) for m, c in terms.items()), Fraction(0))
