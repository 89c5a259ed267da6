"""The multiples to declare: which sizes with symbols a network takes, where it does not take those that were given."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_FACTORS = [2**twos * other for other in (1, 3, 7, 5, 9, 21) for twos in range(8)][1:]
"""What strides and pools make of sizes: powers of two first, then those times 3, 7 (of 224), 5, 9, 21."""


def with_multiples(sizes: Sequence[str], accepted: Callable[[Sequence[str]], bool]) -> list[str] | None:
    """Return sizes in which the symbols are multiples such that the network takes them; None if none were found.

    The multiples are the smallest, symbol by symbol.

    >>> even = lambda sizes: all(eval(size, {"h": 1, "w": 1}) % 2 == 0 for size in sizes)
    >>> with_multiples(["4", "h", "3*w"], even)
    ['4', '2*h', '6*w']
    """
    names = list(dict.fromkeys(name for size in sizes for name in re.findall(_NAME, size)))
    common = next((factor for factor in _FACTORS if accepted(_scaled(sizes, dict.fromkeys(names, factor)))), None)
    if common is None:
        return None
    factors = dict.fromkeys(names, common)
    for name in names:
        smaller = [factor for factor in range(1, common + 1) if common % factor == 0]
        factors[name] = next(f for f in smaller if f == common or accepted(_scaled(sizes, factors | {name: f})))
    return _scaled(sizes, factors)


def _scaled(sizes: Sequence[str], factors: dict[str, int]) -> list[str]:
    """Return sizes with a multiple in the place of each symbol: 2*h of 2 and h, 6*h of 3*h."""

    def multiple(found: re.Match[str]) -> str:
        factor = factors[found[2]]
        if found[1]:
            return f"{int(found[1].rstrip('* ')) * factor}*{found[2]}"
        return f"{factor}*{found[2]}" if factor > 1 else found[2]

    return [re.sub(rf"([0-9]+ *\* *)?\b({_NAME})\b", multiple, size) for size in sizes]
