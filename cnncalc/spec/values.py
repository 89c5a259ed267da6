"""The kinds of value that only the document has: names, references, quantities, rows."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from cnncalc.layers.fields import Given, flag, number, shape, text

RESERVED = {"prev", "in", "i", "row", "cin"}
MAX_NAME = 80
MAX_ARGS = 200
COMMON = ("name", "from", "when", "repeat", "expect", "weights")
"""The options that every line may have."""

_REF = r"[A-Za-z_][A-Za-z0-9_]*(\.([A-Za-z0-9_]+|\*))*"
_FRACTION = r"-?[0-9]{1,9}/[1-9][0-9]{0,8}"
_QUANTITY = r"([0-9]{1,15}(?:\.[0-9]{1,15})?) ?([kMGT]?)"
_UNIT = r"[0-9.]+ ?[A-Za-z]+|[A-Za-z ]+"
_SPACED = r" *[0-9]{1,18}( *[xX\u00d7,] *[0-9]{1,18})+ *"
_NUMBERS = r"[0-9]+"
_FACTORS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def ident(value: object) -> str:
    """Return a name: letters, digits and _, no digit first, none of the language's own names."""
    if not isinstance(value, str) or not (value.isascii() and value.isidentifier()) or len(value) > MAX_NAME:
        raise ValueError(f"must be a name of letters, digits and _, not {text(value)}")
    if value in RESERVED:
        raise ValueError(f"must not be '{value}', which has a meaning of its own")
    return value


def ref(value: object) -> str:
    """Return a reference: prev, in, a name, or a dotted path of names, indices and *."""
    if not isinstance(value, str) or not re.fullmatch(_REF, value) or len(value) > 10 * MAX_NAME:
        raise ValueError(f"must name a layer above, as in conv1, stage.0.conv1 or res.*.skip, not {text(value)}")
    return value


def refs(value: object) -> tuple[str, ...]:
    """Return one reference or a list of them."""
    if isinstance(value, list):
        if not value:
            raise ValueError("must name at least one layer")
        return tuple(ref(part) for part in value)
    return (ref(value),)


def quantity(value: object, info: Given) -> int:
    """Return a number of things, which may be written 5M or 1.2G (decimal factors)."""
    if isinstance(value, str) and (found := re.fullmatch(_QUANTITY, value)):
        value = Fraction(found[1]) * _FACTORS[found[2]]
    elif isinstance(value, str) and re.fullmatch(_UNIT, value):
        raise ValueError(f"must be a number such as 61706, 5M or 1.2G, not {text(value)}")
    return number(value, info, 0)


def version(value: object) -> int:
    """Return the version of the language, of which there is one."""
    if value != 1 or isinstance(value, bool):
        raise ValueError(f"must be 1, the version of the language ({text(value)})")
    return 1


def words(value: object) -> str:
    """Return a line of text."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {text(value)}")
    return value


def args(value: object) -> dict[str, Any]:
    """Return arguments by name: their defaults, or None for one that must be given; the document checks each."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping of names, not {text(value)}")
    if len(value) > MAX_ARGS:
        raise ValueError(f"must have at most {MAX_ARGS} names ({len(value)})")
    return value


def sizes(value: object, info: Given) -> object:
    """Return what an input is: a shape whose list form may hold symbols."""
    if isinstance(value, list):
        if not value:
            raise ValueError("must have channels, and sizes if it is an image")
        return value
    if isinstance(value, str) and re.fullmatch(_SPACED, value):
        sizes = "x".join(re.findall(_NUMBERS, value))
        if value != sizes:
            raise ValueError(f"must be written {sizes}, not {text(value)}")
    return shape(value, info)


def _axes(value: object) -> bool:
    """Return whether a value is a number, or one for each axis; a fraction is text such as 1/2."""
    if isinstance(value, list):
        return bool(value) and not any(isinstance(one, list) for one in value) and all(map(_axes, value))
    if isinstance(value, str):
        return re.fullmatch(_FRACTION, value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def claimed_field(value: object) -> object:
    """Return a claim about a receptive field: its size, a mapping of size, jump and start, or whole or unknown."""
    if value in ("whole", "unknown") or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    parts = {"size", "jump", "start"}
    if isinstance(value, dict) and value and set(value) <= parts and all(map(_axes, value.values())):
        return value
    raise ValueError(f"must be a size, a mapping of size, jump and start, whole or unknown, not {text(value)}")


def _plain(check: Any, name: str) -> tuple[PlainValidator, WithJsonSchema]:  # noqa: ANN401 - any validator
    return PlainValidator(check), WithJsonSchema({"kind": name})


def _when(value: object, info: Given) -> object:
    flag(value, info)
    return value


def _expect(value: object, info: Given) -> object:
    shape(value, info)
    return value


def _repeat(value: object, info: Given) -> object:
    number(value, info, 0)
    return value


Ident = Annotated[str, *_plain(ident, "ident")]
Refs = Annotated[tuple[str, ...], *_plain(refs, "refs")]
Ref = Annotated[str, *_plain(ref, "ref")]
When = Annotated[Any, *_plain(_when, "flag")]
Expect = Annotated[Any, *_plain(_expect, "shape")]
Repeat = Annotated[Any, *_plain(_repeat, "num")]
Version = Annotated[int, PlainValidator(version), WithJsonSchema({"const": 1})]
Text = Annotated[str, PlainValidator(words), WithJsonSchema({"type": "string"})]
Args = Annotated[dict[str, Any], *_plain(args, "args")]
InputShape = Annotated[Any, *_plain(sizes, "shape")]
Quantity = Annotated[int, *_plain(quantity, "quantity")]
ClaimedField = Annotated[Any, *_plain(claimed_field, "receptive_field")]
