"""Which sign a polynomial has for all large values of its symbols, and from which values on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import product
from math import comb, prod

from cnncalc.errors import TooLarge
from cnncalc.symbolic.terms import Constant, Monomial, Terms, over, scaled, symbols
from cnncalc.symbolic.text import text

_MAX_PARTS = 4_096
_ASSUMED: ContextVar[dict[str, int] | None] = ContextVar("assumed", default=None)


@contextmanager
def assuming() -> Iterator[dict[str, int]]:
    """Collect, symbol by symbol, the values from which on the comparisons made meanwhile are as they were answered.

    >>> from cnncalc.symbolic.polynomial import symbol
    >>> with assuming() as least:
    ...     symbol("H") - 7 < 0
    False
    >>> least
    {'H': 7}
    """
    least: dict[str, int] = {}
    token = _ASSUMED.set(least)
    try:
        yield least
    finally:
        _ASSUMED.reset(token)


def is_positive(terms: Terms) -> bool | None:
    """Return whether a polynomial is positive for all large values; None where that depends on them, or it is 0.

    It is noted from which values on: it is positive there, or at most 0.

    >>> H, W = (("H", 1),), (("W", 1),)
    >>> is_positive({H: 1, (): -7}), is_positive({H: 1, W: -1})
    (True, None)
    """
    rest = _without_common(terms)
    if _grows(rest):
        _note(terms, rest, strictly=True)
        return True
    opposite = scaled(rest, -1)
    if _grows(opposite):
        _note(terms, opposite, strictly=False)
        return False
    return None


def _without_common(terms: Terms) -> Terms:
    """Return a polynomial without the symbols that all its terms have: they are positive and do not change its sign."""
    powers = [dict(monomial) for monomial in terms]
    common = tuple(
        (name, least) for name in symbols(terms) if (least := min(power.get(name, 0) for power in powers)) > 0
    )
    return {part: c for monomial, c in terms.items() if (part := over(monomial, common)) is not None}


def _grows(terms: Terms) -> bool:
    """Return whether each negative term has a larger positive one: such a polynomial is positive in the end."""
    positive = [monomial for monomial, coefficient in terms.items() if coefficient > 0]
    negative = [monomial for monomial, coefficient in terms.items() if coefficient < 0]
    return bool(positive) and all(
        any(one != low and over(one, low) is not None for one in positive) for low in negative
    )


def _note(terms: Terms, positive: Terms, *, strictly: bool) -> None:
    """Note the least values from which on a polynomial that is positive in the end is so, or at least 0."""
    least = _ASSUMED.get()
    if least is None:
        return
    enough = 1
    while not _shows(positive, dict.fromkeys(symbols(positive), enough), strictly):
        enough *= 2
    starts = dict.fromkeys(symbols(positive), enough)
    for name in starts:
        low, high = 0, enough
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if _shows(positive, starts | {name: middle}, strictly) else (middle, high)
        starts[name] = high
    for name in symbols(terms):
        least[name] = max(least.get(name, 1), starts.get(name, 1))


def _shows(terms: Terms, starts: Mapping[str, int], strictly: bool) -> bool:
    """Return whether a polynomial whose symbols begin at ``starts`` has no negative coefficient, which proves it."""
    moved: dict[Monomial, Constant] = {(): 0}
    for monomial, coefficient in terms.items():
        if prod(exponent + 1 for _, exponent in monomial) > _MAX_PARTS:
            raise TooLarge(f"a formula that is compared must not have such a term ({text({monomial: 1})})")
        for taken in product(*(range(exponent + 1) for _, exponent in monomial)):
            powers = [(name, exponent, k) for (name, exponent), k in zip(monomial, taken, strict=True)]
            term = tuple((name, k) for name, _, k in powers if k)
            ways = prod(comb(exponent, k) * starts[name] ** (exponent - k) for name, exponent, k in powers)
            moved[term] = moved.get(term, 0) + coefficient * ways
    return min(moved.values()) >= 0 and (moved[()] > 0 or not strictly)
