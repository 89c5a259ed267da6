"""A number as somebody quotes it: its value, how exact it is, and what it is said to count."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import UsageError, printable

_NUMBER = (
    r"\s*(?P<digits>[0-9]{1,3}(?:[,_'][0-9]{3})+|[0-9]{1,18})(?:\.(?P<decimals>[0-9]{0,18}))?(?:[eE]\+?(?P<exponent>[0-9]{1,2}))?"
    r"\s*(?P<prefix>[kKMGTmgtB]?)(?P<binary>i?)[\s-]*(?P<word>[A-Za-z-]*)\s*"
)
_SCALES = {"": 0, "k": 3, "m": 6, "g": 9, "t": 12, "b": 9}
WORDS = {
    **dict.fromkeys(("param", "params", "parameter", "parameters", "weights"), "params"),
    **dict.fromkeys(("byte", "bytes"), "bytes"),
    **dict.fromkeys(
        ("flop", "flops", "mac", "macs", "madd", "madds", "multadds", "multadd", "multiplyadds", "ops", "op", "macc"),
        "operations",
    ),
    **dict.fromkeys(("activations", "activation", "acts"), "activations"),
}
"""What the words behind a number say that it counts; FLOPs and MACs are taken for one another everywhere."""


class Quote(NamedTuple):
    """A number that somebody quotes.

    ``step`` is one unit of its last digit. ``counts`` is params, operations, activations or bytes; empty where nothing
    is said of it. A binary prefix (Mi) has been worked out.
    """

    text: str
    value: Fraction
    step: Fraction
    counts: str = ""

    def rounds(self, number: Fraction) -> bool:
        """Return whether a number, rounded to the digits that are quoted, is the quoted one.

        >>> quote("4.12e9").rounds(Fraction(4_121_925_096)), quote("4.12e9").rounds(Fraction(4_133_742_592))
        (True, False)
        """
        return abs(number - self.value) <= self.step / 2

    def cuts(self, number: Fraction) -> bool:
        """Return whether a number, its further digits cut off, is the quoted one.

        >>> quote("3.8e9").cuts(Fraction(3_857_973_248)), quote("3.8e9").rounds(Fraction(3_857_973_248))
        (True, False)
        """
        return self.value <= number < self.value + self.step

    @property
    def digits(self) -> int:
        """How many digits are quoted.

        >>> quote("4.12e9").digits, quote("4089184256").digits
        (3, 10)
        """
        return len(str(int(self.value / self.step)))


def quote(text: str) -> Quote:
    """Return a number as it is quoted: 4.12e9, 4.12G, "4.12 GFLOPs", 25.6M, 97.7MiB, 4,089,184,256.

    The zeros at the end of a large whole number are taken for rounding. Raises UsageError for anything else.

    >>> quote("4.12 GFLOPs").counts, quote("25.6M").value, quote("4100000000").step
    ('operations', Fraction(25600000, 1), Fraction(100000000, 1))
    """
    found = re.fullmatch(_NUMBER, text)
    word = found["word"].lower().replace("-", "") if found else ""
    prefix = found["prefix"].lower() if found else ""
    if found and prefix == "b" and not word and not found["exponent"]:
        word, prefix = ("bytes", "") if found["prefix"] == "B" and not found["decimals"] else ("", "b")
    elif found and prefix and word == "b":
        word = "bytes"
    if not found or (word and word not in WORDS):
        raise UsageError(
            f"NUMBER must be such as 4.12e9, 4.12G, '25.6M params' or 4089184256, not {printable(text[:60])!r}"
        )
    decimals = found["decimals"] or ""
    whole = re.sub(r"[^0-9]", "", found["digits"])
    power = int(found["exponent"] or 0)
    factor = Fraction(1024 ** (_SCALES[prefix] // 3) if found["binary"] else 10 ** _SCALES[prefix]) * 10**power
    value, step = Fraction(int(whole + decimals), 10 ** len(decimals)) * factor, factor / 10 ** len(decimals)
    if factor == 1 and not decimals and (zeros := len(whole) - len(whole.rstrip("0"))) >= 3:
        step = Fraction(10**zeros)
    if value == 0:
        raise UsageError("NUMBER must be above zero")
    return Quote(text.strip(), value, step, WORDS.get(word, ""))
