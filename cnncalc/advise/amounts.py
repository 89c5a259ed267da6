"""How many of some layers, and several of them, as a sentence says it."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.wording import number_word


def some(count: int, whole: int, verb: str, verbs: str) -> str:
    """Return that so many of some do something, in the words for one and for several.

    >>> some(1, 1, "has", "have"), some(1, 3, "has", "have"), some(3, 3, "has", "have")
    ('it has', 'one of the three has', 'all three have')
    >>> some(0, 2, "stands", "stand"), some(2, 2, "stands", "stand"), some(0, 12, "stands", "stand")
    ('neither of the two stands', 'both stand', 'none of the 12 stands')
    """
    if whole == 1:
        return f"it {verb}"
    if count == whole:
        return f"both {verbs}" if whole == 2 else f"all {number_word(whole)} {verbs}"
    which = number_word(count) if count else "neither" if whole == 2 else "none"
    return f"{which} of the {number_word(whole)} {verb if count < 2 else verbs}"


def joined(parts: Sequence[str]) -> str:
    """Return several things one after the other.

    >>> joined(["1", "2", "4"]), joined(["3x3", "5x5"]), joined(["7x7"])
    ('1, 2 and 4', '3x3 and 5x5', '7x7')
    """
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
