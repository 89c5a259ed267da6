"""The kinds of value an option can take; each has one validator, so a bad value is told once.

A string that is not one of a kind's own literals is an expression; the spec package hands its evaluator in as the
validation context, and what it returns takes the string's place.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, Literal, Protocol, cast

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from cnncalc.errors import LayerError, closest

Evaluator = Callable[[str], "int | Fraction | bool"]
Pair = tuple[int, int]
Padded = str | int | tuple[int, ...] | tuple[Pair, ...]


class Given(Protocol):
    """What a validator knows beside its value: the evaluator of expressions, if any."""

    @property
    def context(self) -> Any:  # noqa: ANN401 - pydantic's own type for it
        """The evaluator, or None."""


MAX_AXES = 16
PADDING_WORDS = ("valid", "half", "same", "same_lower", "full", "causal")
ROUNDINGS = ("exact", "floor", "ceil")

_TUPLE = r"\( *[0-9]+( *, *[0-9]+)* *,? *\)"
_SIZES = r"[0-9]{1,18}(x[0-9]{1,18})+"


def text(value: object) -> str:
    """Return how a value stands in a message.

    >>> text(True), text(Fraction(1, 3)), text([1, 2])
    ('true', '1/3', 'a list')
    """
    if isinstance(value, Fraction) and Fraction(str(float(value))) == value:
        return f"{float(value):g}"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value[:60]}'" if isinstance(value, str) else str(value)[:60]


def as_list(value: str) -> str:
    """Return how numbers in parentheses, as Python has them, are written in a spec; nothing for any other text.

    >>> as_list("(3, 5)"), as_list("(3 + 5)")
    ('[3, 5]', '')
    """
    if not re.fullmatch(_TUPLE, value):
        return ""
    return f"[{', '.join(re.findall(r'[0-9]+', value))}]"


def evaluated(value: object, info: Given) -> object:
    """Return the value of an expression, or the value itself where it is no expression."""
    if isinstance(value, str) and info.context is not None:
        return info.context(value)
    return value


def number(value: object, info: Given, least: int) -> int:
    """Return a whole number that is at least ``least``."""
    value = evaluated(value, info)
    if isinstance(value, Fraction | float) and value != int(value):
        raise ValueError(f"must be a whole number ({text(value)}); round(), floor() or divisible() make one")
    if isinstance(value, bool) or not isinstance(value, int | Fraction | float):
        if hasattr(value, "is_whole"):
            return formula(value, least)
        raise ValueError(f"must be a whole number, not {text(value)}")
    if value < least:
        raise ValueError(f"must be at least {least} ({text(value)})")
    return int(value)


def formula(value: Any, least: int) -> int:  # noqa: ANN401 - a Polynomial, which stands for an int
    """Return a polynomial that is a whole number whatever its symbols are, and at least ``least`` for large ones."""
    if not value.is_whole:
        raise ValueError(f"must be a whole number for all {' and '.join(value.symbols)} ({value}): declare a multiple")
    try:
        if value < least:
            raise ValueError(f"must be at least {least} ({value})")
    except LayerError as error:
        raise ValueError(f"must be at least {least}: {error.fact}") from None
    return cast("int", value)


def per_axis(value: object, info: Given, least: int) -> int | tuple[int, ...]:
    """Return one number for all axes, or a tuple with one for each: 3, "7x1" or [7, 1]."""
    if isinstance(value, str) and re.fullmatch(_SIZES, value):
        value = [int(part) for part in value.split("x")]
    if isinstance(value, str) and (listed := as_list(value)):
        raise ValueError(f"must be written {listed}, not {text(value)}")
    if isinstance(value, list | tuple):
        if not 1 <= len(value) <= MAX_AXES:
            raise ValueError(f"must have 1 to {MAX_AXES} numbers ({len(value)})")
        return tuple(number(part, info, least) for part in value)
    return number(value, info, least)


def padding(value: object, info: Given) -> Padded:
    """Return a padding word, one number, one for each axis, or a (before, after) pair for each axis."""
    if isinstance(value, str) and value.lower() in PADDING_WORDS:
        if value not in PADDING_WORDS:
            raise ValueError(f"must be {value.lower()}, in small letters ({text(value)})")
        return value
    return amounts(value, info)


def amounts(value: object, info: Given) -> int | tuple[int, ...] | tuple[Pair, ...]:
    """Return one amount for all sides, one for each axis, or a (before, after) pair for each axis."""
    if isinstance(value, list | tuple) and any(isinstance(part, list | tuple) for part in value):
        if not all(isinstance(part, list | tuple) and len(part) == 2 for part in value):
            raise ValueError("must be a number an axis or a [before, after] pair an axis, not a mixture")
        return tuple((number(before, info, 0), number(after, info, 0)) for before, after in value)
    return per_axis(value, info, 0)


def shape(value: object, info: Given) -> tuple[int, ...]:
    """Return a shape from "CxHxW", a list, or one number for a flat vector."""
    found = per_axis(value, info, 1)
    return (found,) if isinstance(found, int) else found


def flag(value: object, info: Given) -> bool:
    """Return true or false; an expression may give a number, of which 0 is false."""
    found = evaluated(value, info)
    if isinstance(found, bool) or (isinstance(value, str) and isinstance(found, int | Fraction)):
        return bool(found)
    raise ValueError(f"must be true or false, not {text(value)}")


def fraction(value: object, info: Given) -> Fraction:
    """Return an exact number."""
    found = evaluated(value, info)
    if isinstance(found, bool) or not isinstance(found, int | Fraction | float):
        raise ValueError(f"must be a number, not {text(found)}")
    return Fraction(str(found)) if isinstance(found, float) else Fraction(found)


def word(*words: str) -> PlainValidator:
    """Return the validator of a closed list of words."""

    def one_of(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        near = closest(value, words) if isinstance(value, str) else None
        raise ValueError(
            f"must be one of {', '.join(words)}, not {text(value)}" + (f"; did you mean {near}?" if near else "")
        )

    return PlainValidator(one_of)


def _schema(name: str) -> WithJsonSchema:
    return WithJsonSchema({"kind": name})


def _kind(check: Callable[..., Any], name: str, **fixed: int) -> tuple[PlainValidator, WithJsonSchema]:
    def validate(value: object, info: ValidationInfo) -> Any:  # noqa: ANN401 - the kind's own type
        return check(value, info, **fixed)

    return PlainValidator(validate), _schema(name)


def _words(*words: str) -> tuple[PlainValidator, WithJsonSchema]:
    return word(*words), WithJsonSchema({"enum": list(words)})


Positive = Annotated[int, *_kind(number, "num", least=1)]
PerAxis = Annotated[int | tuple[int, ...], *_kind(per_axis, "window", least=1)]
NaturalPerAxis = Annotated[int | tuple[int, ...], *_kind(per_axis, "window", least=0)]
Padding = Annotated[Padded, *_kind(padding, "padding")]
Amounts = Annotated[int | tuple[int, ...] | tuple[Pair, ...], *_kind(amounts, "amounts")]
ShapeField = Annotated[tuple[int, ...], *_kind(shape, "shape")]
Flag = Annotated[bool, *_kind(flag, "flag")]
Number = Annotated[Fraction, *_kind(fraction, "num")]
Rounding = Annotated[Literal["exact", "floor", "ceil"], *_words(*ROUNDINGS)]
