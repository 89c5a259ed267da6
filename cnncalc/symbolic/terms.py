"""The terms of a polynomial: products of symbols with their coefficients, added, multiplied and divided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cnncalc.errors import TooLarge

Monomial = tuple[tuple[str, int], ...]
"""Each symbol with its exponent, in the order of the names; () is 1."""
Constant = int | Fraction
Terms = Mapping[Monomial, Constant]
"""No coefficient is 0, and a whole one is an int: equal polynomials have equal terms."""

MAX_TERMS = 500
MAX_DEGREE = 32
_MAX_PRODUCTS = 100_000


def canonical(terms: Terms) -> Terms:
    """Return terms without zeros, whole coefficients as ints; raise TooLarge where there are too many.

    >>> canonical({(): Fraction(4, 2), (("H", 1),): 0})
    {(): 2}
    """
    kept = {monomial: plain(coefficient) for monomial, coefficient in terms.items() if coefficient}
    if len(kept) > MAX_TERMS or max(map(degree, kept), default=0) > MAX_DEGREE:
        raise TooLarge(f"a formula must have at most {MAX_TERMS} terms, each of degree {MAX_DEGREE} at most")
    return kept


def plain(value: Constant) -> Constant:
    """Return a number, a whole Fraction as an int."""
    return value.numerator if value.denominator == 1 else value


def degree(monomial: Monomial) -> int:
    """Return the sum of the exponents."""
    return sum(exponent for _, exponent in monomial)


def symbols(terms: Terms) -> list[str]:
    """Return the names of the symbols, in order."""
    return sorted({name for monomial in terms for name, _ in monomial})


def constant(terms: Terms) -> Constant | None:
    """Return the number that terms are, None where they have a symbol."""
    if not terms:
        return 0
    return terms.get(()) if len(terms) == 1 else None


def scaled(terms: Terms, factor: Constant) -> Terms:
    """Return every coefficient times a number."""
    return canonical({monomial: coefficient * factor for monomial, coefficient in terms.items()})


def added(one: Terms, two: Terms) -> Terms:
    """Return a sum."""
    found = dict(one)
    for monomial, coefficient in two.items():
        found[monomial] = found.get(monomial, 0) + coefficient
    return canonical(found)


def multiplied(one: Terms, two: Terms) -> Terms:
    """Return a product.

    >>> multiplied({(("H", 1),): 1, (): 1}, {(("H", 1),): 1, (): -1})
    {(('H', 2),): 1, (): -1}
    """
    if len(one) * len(two) > _MAX_PRODUCTS:
        raise TooLarge(f"a formula must have at most {MAX_TERMS} terms")
    found: dict[Monomial, Constant] = {}
    for first, a in one.items():
        for second, b in two.items():
            monomial = times(first, second)
            found[monomial] = found.get(monomial, 0) + a * b
    return canonical(found)


def divided(one: Terms, two: Terms) -> tuple[Terms, Terms]:
    """Return quotient and remainder of a division by the leading terms; the remainder is {} where it comes out even.

    >>> divided({(("H", 2),): 1, (): 1}, {(("H", 1),): 1})
    ({(('H', 1),): 1}, {(): 1})
    """
    names = symbols({**one, **two})
    leading = _leading(two, names)
    quotient: Terms = {}
    rest: Terms = {}
    while one:
        monomial = _leading(one, names)
        part = over(monomial, leading)
        if part is None:
            rest = {**rest, monomial: one[monomial]}
            one = {m: c for m, c in one.items() if m != monomial}
            continue
        factor = {part: plain(Fraction(one[monomial]) / two[leading])}
        quotient = added(quotient, factor)
        one = added(one, scaled(multiplied(factor, two), -1))
    return quotient, rest


def times(one: Monomial, two: Monomial) -> Monomial:
    """Return the product of two monomials."""
    if not one or not two:
        return one or two
    exponents = dict(one)
    for name, exponent in two:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted(exponents.items()))


def over(one: Monomial, two: Monomial) -> Monomial | None:
    """Return the quotient of two monomials, None where the second does not divide the first.

    >>> over((("C", 2), ("H", 1)), (("C", 1),)), over((("C", 2),), (("H", 1),))
    ((('C', 1), ('H', 1)), None)
    """
    exponents = dict(one)
    for name, exponent in two:
        exponents[name] = exponents.get(name, 0) - exponent
    if min(exponents.values(), default=0) < 0:
        return None
    return tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))


def _leading(monomials: Iterable[Monomial], names: list[str]) -> Monomial:
    """Return the monomial of the highest degree, of equal ones the first by its symbols."""

    def rank(monomial: Monomial) -> tuple[int, list[int]]:
        exponents = dict(monomial)
        return degree(monomial), [exponents.get(name, 0) for name in names]

    return max(monomials, key=rank)
