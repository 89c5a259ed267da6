"""A number as somebody quotes it: its value, how exact it is, and what it is said to count."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import UsageError, printable

_NUMBER = (
    r"\s*(?P<digits>[0-9]{1,3}(?:[,_'][0-9]{3})+|[0-9]{1,18})(?:\.(?P<decimals>[0-9]{0,18}))?(?:[eE]\+?(?P<exponent>[0-9]{1,2}))?"
    r"[\s-]*(?P<behind>[A-Za-z -]*)\s*"
)
_BEHIND = (
    r"(?P<scale>(?i:thousand|million|billion|trillion|mn|bn|tn)|[kKMGTmgtB]?)(?P<binary>i?)[ -]*(?P<word>[A-Za-z-]*)"
)
_SCALES = {"": 0, "k": 3, "m": 6, "g": 9, "t": 12, "b": 9}
_SPELT = {"thousand": "k", "million": "m", "billion": "g", "trillion": "t", "mn": "m", "bn": "g", "tn": "t"}
_OPERATIONS = ("flop", "flops", "mac", "macs", "macc", "maccs", "madd", "madds", "op", "ops", "operation", "operations")
_PRODUCTS = ("multadd", "multadds", "multiplyadd", "multiplyadds", "multiplyaccumulates", "multiplications")
WORDS = {
    **dict.fromkeys(("param", "params", "parameter", "parameters", "weight", "weights"), "params"),
    **dict.fromkeys(("byte", "bytes"), "bytes"),
    **dict.fromkeys((*_OPERATIONS, *_PRODUCTS), "operations"),
    **dict.fromkeys(("activations", "activation", "acts"), "activations"),
}
"""What the words behind a number say that it counts; FLOPs and MACs are taken for one another everywhere."""


class Quote(NamedTuple):
    """A number that somebody quotes.

    ``step`` is one unit of its last digit. ``counts`` is params, operations, activations or bytes; empty where nothing
    is said of it. A binary prefix (Mi) has been worked out. ``loose`` is one unit of its last digit that is not a zero,
    where the zeros behind it may be there for the unit alone: 60M is 6e7 to one or two digits.
    """

    text: str
    value: Fraction
    step: Fraction
    counts: str = ""
    loose: Fraction = Fraction(0)
    is_binary: bool = False

    def rounds(self, number: Fraction, step: Fraction | None = None) -> bool:
        """Return whether a number, rounded to the digits that are quoted, or to a step, is the quoted one.

        >>> quote("4.12e9").rounds(Fraction(4_121_925_096)), quote("4.12e9").rounds(Fraction(4_133_742_592))
        (True, False)
        """
        step = self.step if step is None else step
        is_power = set(str(self.value)) <= set("10") and str(self.value).count("1") == 1
        return -step / (20 if is_power and step > self.step else 2) <= number - self.value <= step / 2

    def cuts(self, number: Fraction) -> bool:
        """Return whether a number, its further digits cut off, is the quoted one.

        >>> quote("3.8e9").cuts(Fraction(3_857_973_248)), quote("3.8e9").rounds(Fraction(3_857_973_248))
        (True, False)
        """
        return self.value <= number < self.value + self.step

    def loosely(self, number: Fraction) -> int:
        """Return to how many digits a number is the quoted one, where zeros of it are there for the unit; 0 for none.

        >>> quote("60M").loosely(Fraction(61_100_840)), quote("60M").loosely(Fraction(65_100_000))
        (1, 0)
        """
        step = self.step * 10
        while step <= self.loose:
            if self.rounds(number, step):
                return len(str(int(self.value / step)))
            step *= 10
        return 0

    @property
    def digits(self) -> int:
        """How many digits are quoted, without zeros that may be there for the unit.

        >>> quote("4.12e9").digits, quote("4089184256").digits, quote("60M").digits
        (3, 10, 1)
        """
        return len(str(int(self.value / max(self.step, self.loose))))


def quote(text: str) -> Quote:
    """Return a number as it is quoted: 4.12e9, 4.12G, "4.12 GFLOPs", "60 million", 25.6M, 97.7MiB, 4,089,184,256.

    The zeros at the end of a large whole number may be rounding. Raises UsageError for anything else.

    >>> quote("4.12 GFLOPs").counts, quote("25.6M").value, quote("390M").step, quote("390M").loose
    ('operations', Fraction(25600000, 1), Fraction(1000000, 1), Fraction(10000000, 1))
    """
    found = re.fullmatch(_NUMBER, text)
    read = _behind(found["behind"], bool(found["decimals"] or found["exponent"])) if found else None
    if not found or read is None:
        raise UsageError(
            f"NUMBER must be such as 4.12e9, 4.12G, '25.6M params' or 4089184256, not {printable(text[:60])!r}"
        )
    prefix, is_binary, counts = read
    decimals = found["decimals"] or ""
    whole = re.sub(r"[^0-9]", "", found["digits"])
    factor = Fraction(1024 if is_binary else 1000) ** (_SCALES[prefix] // 3) * 10 ** int(found["exponent"] or 0)
    value, step = Fraction(int(whole + decimals), 10 ** len(decimals)) * factor, factor / 10 ** len(decimals)
    if value == 0:
        raise UsageError("NUMBER must be above zero")
    zeros = 0 if decimals else len(whole) - len(whole.rstrip("0"))
    if factor == 1:  # 390000000 is 390M; 61100 is meant to the unit
        step = Fraction(1000 ** (zeros // 3))
        zeros = zeros % 3 if zeros >= 3 else 0
    return Quote(text.strip(), value, step, counts, step * 10**zeros, is_binary)


def _behind(text: str, is_fraction: bool) -> tuple[str, bool, str] | None:
    """Return the prefix of what stands behind the digits, whether it is binary, and what is counted; None if unclear.

    A B is for bytes behind whole digits, for billions behind others or before a word.
    """
    plain = _word(text)
    if plain in WORDS:
        return "", False, WORDS[plain]
    if text.strip() == "B":
        return ("b", False, "") if is_fraction else ("", False, "bytes")
    for found in (re.match(_BEHIND, text), re.match(r"(?P<scale>[kKMGTmgtB])(?P<binary>i?)(?P<word>.*)", text)):
        if not found:
            continue
        scale, word = found["scale"].lower(), _word(text[found.start("word") :])
        if word == "b" and scale:
            word = "bytes"
        if not word or word in WORDS:
            return _SPELT.get(scale, scale), bool(found["binary"]), WORDS.get(word, "")
    return None


def _word(text: str) -> str:
    return re.sub(r"[\s-]", "", text.lower())
