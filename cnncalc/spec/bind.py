"""How a block's arguments get their values: from ``with``, from a row of ``rows``, or from their defaults."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.errors import InvalidField, Place, Span
from cnncalc.layers.fields import text as shown
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Block
from cnncalc.spec.expression import Environment
from cnncalc.spec.line import Line
from cnncalc.spec.refusal import argument, refusing, several, suggestion
from cnncalc.spec.source import find

Written = tuple[str, object, Span]


def bind(
    line: Line, block: Block, outer: Environment, inner: Environment, row: int | None, place: Place
) -> dict[str, Number]:
    """Return the value of every argument of ``block`` for one use of it.

    What the line gives is worked out in ``outer``, its own names; the defaults in ``inner``, those of the block.
    """
    written: dict[str, tuple[object, Span]] = {}
    for name, value, span in _given(line, block, row, place):
        if name in written:
            raise InvalidField(place._replace(span=span), f"{name} must be given once, in with or in the rows")
        written[name] = value, span
    bound: dict[str, Number] = {}
    for name, default in block.args.items():
        if name not in written and default is None:
            raise InvalidField(place, f"{block.name} must be given {name}", help=f"with: {{{name}: ...}}")
        value, span = written.get(name) or (default, find(block.data, ("args", name), place.span))
        names = outer if name in written else inner
        with refusing(place._replace(span=span), name, names):
            bound[name] = argument(value, names)
    return bound


def _given(line: Line, block: Block, row: int | None, place: Place) -> Iterator[Written]:
    if "with" in line.written:
        at = find(line.data, ("with",), place.span)
        yield from _listed(line.written["with"], line, ("with",), block, place._replace(span=at))
    if row is not None:
        at = find(line.data, ("rows", row), place.span)
        yield from _listed(line.written["rows"][row], line, ("rows", row), block, place._replace(span=at))


def _listed(value: object, line: Line, path: tuple[str | int, ...], block: Block, place: Place) -> Iterator[Written]:
    label = "with" if path[0] == "with" else f"row {path[1]}"
    if isinstance(value, list):
        if len(value) > len(block.args):
            names = several(block.args)
            raise InvalidField(place, f"{label} must have at most one value for each of {names} ({len(value)} given)")
        for index, (name, item) in enumerate(zip(block.args, value, strict=False)):
            yield name, item, find(line.data, (*path, index), place.span)
    elif isinstance(value, dict) and path[0] == "with":
        for name, item in value.items():
            span = find(line.data, (*path, name), place.span)
            if name not in block.args:
                help = suggestion(name, block.args) or f"it has {several(block.args)}"
                span = getattr(value, "keys_at", {}).get(name, span)
                raise InvalidField(place._replace(span=span), f"{block.name} has no argument '{name[:60]}'", help=help)
            yield name, item, span
    else:
        wanted = "a list of values" + (" or a mapping of names" if path[0] == "with" else "")
        raise InvalidField(place, f"{label} must be {wanted}, not {shown(value)}")
