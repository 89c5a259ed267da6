"""How a polynomial reads: 49HWC² to people, 49*C**2*H*W to programs."""

from __future__ import annotations

from cnncalc.symbolic.terms import Constant, Monomial, Terms, degree

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def text(terms: Terms, separator: str = "") -> str:
    """Return a polynomial for people; the ``separator`` goes between the thousands of its coefficients.

    >>> text({(("C", 2), ("H", 1), ("W", 1)): 49, (("C", 1),): -2})
    '49HWC² - 2C'
    """
    return _signed([(c, _product(monomial, -c if c < 0 else c, separator)) for monomial, c in ordered(terms)])


def code(terms: Terms) -> str:
    """Return a polynomial for programs: Python reads it, and the expressions of a spec do.

    >>> from fractions import Fraction
    >>> code({(("C", 2),): Fraction(13, 4), (): -1})
    '13/4*C**2 - 1'
    """
    return _signed([(c, _code(monomial, -c if c < 0 else c)) for monomial, c in ordered(terms)])


def ordered(terms: Terms) -> list[tuple[Monomial, Constant]]:
    """Return the terms with their coefficients, the highest degree first."""
    return sorted(terms.items(), key=lambda term: (-degree(term[0]), [(name, -e) for name, e in term[0]]))


def _signed(parts: list[tuple[Constant, str]]) -> str:
    joined = " ".join(f"{'-' if coefficient < 0 else '+'} {part}" for coefficient, part in parts)
    return joined[2:] if joined.startswith("+ ") else f"-{joined[2:]}"


def _product(monomial: Monomial, coefficient: Constant, separator: str) -> str:
    """Return a term: its symbols by exponent, then by name, side by side where each is a letter."""
    powers = [
        name + (str(exponent).translate(_SUPERSCRIPTS) if exponent > 1 else "")
        for name, exponent in sorted(monomial, key=lambda power: (power[1], power[0]))
    ]
    between = "" if all(len(name) == 1 for name, _ in monomial) else "·"
    number = f"{coefficient:{separator}}" if isinstance(coefficient, int) else str(coefficient)
    if not powers or coefficient == 1:
        return between.join(powers) or number
    return number + (between if isinstance(coefficient, int) else " ") + between.join(powers)


def _code(monomial: Monomial, coefficient: Constant) -> str:
    powers = [name if exponent == 1 else f"{name}**{exponent}" for name, exponent in monomial]
    return "*".join([*([] if coefficient == 1 and powers else [str(coefficient)]), *powers])
