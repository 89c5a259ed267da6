"""The shapes of a network's inputs: as the file has them, as they are given in their place, or with symbols."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from cnncalc.errors import InvalidField, Place, Span, UnknownName, UsageError, printable
from cnncalc.layers.base import Shape
from cnncalc.layers.fields import number, shape
from cnncalc.layers.fields import text as shown
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Document, symbols_of
from cnncalc.spec.expression import UnknownVariable
from cnncalc.spec.refusal import Context, evaluator, refusing, several
from cnncalc.spec.source import Mapping as Marked
from cnncalc.spec.source import find
from cnncalc.spec.values import ident

MAX_SYMBOLS = 8
MAX_SIZES = 8
"""Channels and axes of an input: seven spatial axes are beyond any network."""
Sizes = TypeVar("Sizes", tuple[int, ...], list[Any])


def symbols_in(data: Marked, input: str | None) -> dict[str, Number]:
    """Return the symbols of a file's input, or of the one given in its place, each as its own value.

    Raises UsageError where there are none.
    """
    from cnncalc.symbolic.polynomial import symbol

    written = data.get("input", data.get("inputs")) if input is None else input
    if input is not None and "," in input:
        written = input.strip("[] ").split(",")
    args = data.get("args")
    names = [name for name in symbols_of(written) if not isinstance(args, dict) or name not in args]
    if not names:
        example = "the input must have symbols, in a list, as in --input 3,32*h,32*w"
        raise UsageError(f"--symbolic: {example} ({printable(str(input or written)[:60])} has none)")
    if len(names) > MAX_SYMBOLS:
        raise UsageError(f"--symbolic: the input must have at most {MAX_SYMBOLS} symbols ({len(names)})")
    return {name: symbol(name) for name in names}


class Written(NamedTuple):
    """An input that a file has in place of another's: what is written there, and where."""

    value: object
    place: Place


def inputs(found: Document, override: str | Written | None, symbols: Mapping[str, Number] = {}) -> dict[str, Shape]:
    """Return the shapes of the inputs by name; a network with one input calls it ``input``.

    ``override`` is given in their place, on the command line or by a file that extends this one.
    """
    spec, data = found.spec, found.data
    top = Place(found.file, find(data, ("input",), Span(1, 1, 1, 1)), "input")
    names = {**found.args, **symbols}
    if isinstance(override, Written):
        if spec.input is None:
            fact = f"input is for a network with one input; {printable(found.file)} has several"
            raise InvalidField(override.place, fact)
        return {"input": _shape(override.value, names, override.place)}
    if override is not None:
        if spec.input is None:
            raise UsageError("--input is for a network with one input; this one has several")
        return {"input": _given(override, names)}
    if spec.input is not None:
        return {"input": _shape(spec.input, found.args, top)}
    if not isinstance(spec.inputs, dict) or not spec.inputs:
        at = top._replace(span=find(data, ("inputs",), top.span), path="inputs")
        raise InvalidField(at, f"inputs must be a mapping of names and shapes, not {shown(spec.inputs)}")
    shapes = {}
    for name, value in spec.inputs.items():
        place = Place(found.file, find(data, ("inputs", name), top.span), "inputs")
        with refusing(place, "a name"):
            ident(name)
        shapes[name] = _shape(value, found.args, place)
    return shapes


def _given(text: str, names: Mapping[str, Number]) -> Shape:
    """Return the shape that is given in place of the file's: 3x224x224, or a list of expressions, 3,32*h,32*w."""
    try:
        if "," not in text:
            return _few(shape(text if "x" in text else int(text[:20]), Context(None)))
        sizes = _few(text.strip("[] ").split(","))
        return tuple(number(size, Context(evaluator(names)), least=1) for size in sizes)
    except UnknownVariable as error:
        raise UsageError(
            f"--input {printable(text[:60])}: {error.fact}; `cnncalc shapes --symbolic` leaves it a symbol"
        ) from None
    except ValueError as error:
        why = f" ({error})" if "," in text else ""
        raise UsageError(f"--input must be a shape such as 3x224x224, not {shown(text)}{why}") from None


def _shape(value: object, names: Mapping[str, Number], place: Place) -> Shape:
    symbols = [name for name in symbols_of(value) if name not in names]
    if symbols:
        sets = " ".join(f"--set {name}=..." for name in symbols[:8])
        help = f"{sets}; or formulas, with `cnncalc shapes --symbolic`"
        raise UnknownName(place, f"the input has symbols without a value ({several(symbols)})", help=help)
    with refusing(place, place.path, names):
        context = Context(evaluator(names))
        if not isinstance(value, list):
            return _few(shape(value, context))
        _few(value)
    sizes = []
    for size, span in zip(value, getattr(value, "items_at", repeat(place.span)), strict=False):
        with refusing(place._replace(span=span), place.path, names):
            sizes.append(number(size, context, least=1))
    return tuple(sizes)


def _few(sizes: Sizes) -> Sizes:
    if len(sizes) > MAX_SIZES:
        raise ValueError(f"must have at most {MAX_SIZES} sizes ({len(sizes)})")
    return sizes
