"""What a plain YAML scalar means: only what YAML 1.1 and 1.2 agree on; the rest is refused with the rewrite."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

LARGEST = 2**63 - 1

_NUMERIC = "0123456789+-.=<"
_FLOAT = r"([-+]?[0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]{1,2})?"
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_SWITCHES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false"}
# a number to one of the two readings: octal, hexadecimal, binary, sexagesimal, grouped, an exponent without a point or
# a sign, a sign before a point
_ODD_NUMBER = (
    r"[-+]?(0[0-9_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?)"
)
_ODD_FLOAT = r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)"
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?"


class Ambiguous(ValueError):
    """A scalar that YAML 1.1 and 1.2 read differently; the message says what to write instead."""


def plain(text: str) -> str | int | Fraction | bool | None:
    """Return the value of a plain scalar: null, true, false, a number (decimals exact), or the text itself.

    Raises Ambiguous for what the two versions of YAML read differently, and ValueError beyond 64 bits. A lone ``n`` is
    text, the usual name of a count; nothing in the language would take it for false.

    >>> plain("3"), plain("0.75"), plain("relu")
    (3, Fraction(3, 4), 'relu')
    >>> plain("010")
    Traceback (most recent call last):
    cnncalc.spec.scalar.Ambiguous: '010' is 8 in YAML 1.1 and 10 in YAML 1.2: write 10, or "010" for the text
    """
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    first = text[0]
    if first.isalpha():
        if text.lower() in _SWITCHES:
            value = _SWITCHES[text.lower()]
            raise Ambiguous(
                f"'{text}' is {value} in YAML 1.1 and text in YAML 1.2: write {value}, or \"{text}\" for the text"
            )
        return text
    if first not in _NUMERIC:
        return text
    digits = text[1:] if first in "+-" else text
    if digits.isdecimal() and digits.isascii() and (digits[0] != "0" or digits == "0"):
        if len(text) > 20 or abs(int(text)) > LARGEST:
            raise ValueError(f"a number must fit in 64 bits ({text[:24]}{'...' if len(text) > 24 else ''})")
        return int(text)
    if re.fullmatch(_FLOAT, text):
        if len(text) > 40:
            raise ValueError(f"a number must have at most 40 characters ({len(text)})")
        exact = Fraction(text)
        if max(abs(exact.numerator), exact.denominator) > LARGEST:
            raise ValueError(f"a number must fit in 64 bits, as a fraction too ({text})")
        return exact
    if text in ("=", "<<") or any(re.fullmatch(odd, text) for odd in (_DATE, _ODD_FLOAT, _ODD_NUMBER)):
        raise Ambiguous(_rewrite(text))
    return text


def _rewrite(text: str) -> str:
    quoted = f'"{text[:40]}"'
    if re.fullmatch(_DATE, text) or text in ("=", "<<"):
        return f"'{text[:40]}' is not text in YAML 1.1: write {quoted}"
    if re.fullmatch(_ODD_FLOAT, text):
        return f"'{text}' is not a finite number: write {quoted} for the text"
    if ":" in text:
        return f"'{text[:40]}' is a number to base 60 in YAML 1.1 and text in YAML 1.2: write {quoted}"
    return _number_rewrite(text, quoted)


def _number_rewrite(text: str, quoted: str) -> str:
    sign, digits = ("-" if text[0] == "-" else ""), text.lstrip("+-").replace("_", "")
    meant = "it as a plain decimal number"
    if re.fullmatch(r"0[0-7]+", digits) and len(digits) < 24:
        decimal = digits.lstrip("0") or "0"
        octal = int(digits, 8)
        if str(octal) == decimal:
            return f"'{text}' has a leading zero, octal to YAML 1.1: write {sign}{decimal}, or {quoted} for the text"
        readings = f"{sign}{octal} in YAML 1.1 and {sign}{decimal} in YAML 1.2"
        return f"'{text}' is {readings}: write {sign}{decimal}, or {quoted} for the text"
    if len(digits) < 24 and re.fullmatch(r"0[xob].+", digits):
        meant = f"{sign}{int(digits, 0)}"
        if re.fullmatch(r"0x[0-9a-fA-F]+", text):  # the one odd number that both versions read alike
            return (
                f"'{text}' is hexadecimal, which is not part of the language: write {meant}, or {quoted} for the text"
            )
    elif len(digits) < 24 and re.fullmatch(r"([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]{1,2})?", digits.lower()):
        decimal = sign + f"{Decimal(digits):f}"
        meant = decimal if len(decimal) < 24 else meant
    return f"'{text[:40]}' is read differently by YAML 1.1 and 1.2: write {meant}, or {quoted} for the text"
