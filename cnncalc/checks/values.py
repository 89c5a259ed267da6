"""Values as a TOML file has them, and the words for one that is wrong.

``where`` is how a message begins: the file and the key, or the option of the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple, NoReturn

from cnncalc.errors import UsageError, closest, printable

_BARE = r"[A-Za-z0-9_-]+"
_NUMBER = r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?"


class Written(NamedTuple):
    """A number with a point, as the file has it."""

    text: str


def refuse(where: str, fact: str, help: str = "") -> NoReturn:
    """Raise a UsageError that says what must be, and what would be right if that is known."""
    raise UsageError(f"{printable(where)}{fact}" + (f"\nhelp: {help}" if help else ""))


def shown(value: object) -> str:
    """Return how a value stands in a message.

    >>> shown("x"), shown(True), shown(2**99), shown(Written("0.5")), shown({})
    ("'x'", 'true', 'a huge number', '0.5', 'a table')
    """
    if isinstance(value, Written):
        return printable(value.text[:60])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 2**64 else "a huge number"
    if isinstance(value, str):
        return f"'{printable(value[:60])}'"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or a time"


def key_text(key: str) -> str:
    """Return a key as it stands in a message.

    >>> key_text("ignore"), key_text("specs/*")
    ('ignore', "'specs/*'")
    """
    return key[:80] if re.fullmatch(_BARE, key) else f"'{key[:80]}'"


def inside(where: str, key: str) -> str:
    """Return how the messages about a key of a table begin, or about a value of an option."""
    return f"{where}{' ' if where.startswith('--') else '.'}{key_text(key)}"


def near(word: str, known: Iterable[str]) -> str:
    """Return the question which known word was meant, or nothing."""
    words = list(known)
    forms = (word, word.upper(), word.lower().replace("_", "-"))
    found = next((near for form in forms if (near := closest(form, words))), None)
    return f"did you mean {found}?" if found else ""


def table(value: object, where: str) -> Mapping[str, object]:
    """Return a table."""
    if not isinstance(value, dict):
        refuse(where, f" must be a table, not {shown(value)}")
    return value


def texts(value: object, where: str, what: str) -> tuple[str, ...]:
    """Return a list of strings."""
    if isinstance(value, str):
        refuse(where, f" must be a list of {what}, not {shown(value)}", f"[{shown(value)}]")
    if not isinstance(value, list):
        refuse(where, f" must be a list of {what}, not {shown(value)}")
    for item in value:
        if not isinstance(item, str):
            refuse(where, f" must be a list of {what}; one of its values is {shown(item)}")
    return tuple(value)


def number(value: object) -> Fraction | None:
    """Return the exact value of a number as it is written; None for what is none, or is beyond any sense.

    >>> number(Written("0.1")), number(3), number(Written("nan")), number(True)
    (Fraction(1, 10), Fraction(3, 1), None, None)
    """
    if isinstance(value, Written):
        text = value.text.replace("_", "")
        return Fraction(text) if re.fullmatch(_NUMBER, text, re.ASCII) else None
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else None
