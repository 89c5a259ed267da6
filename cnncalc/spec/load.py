"""Loading: a path, a zoo name or the bytes of a spec in, a Graph out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar

from cnncalc.errors import InvalidField, Place, Span, UnknownName, UsageError, printable
from cnncalc.graph import Graph
from cnncalc.layers.base import Shape
from cnncalc.layers.fields import number, shape
from cnncalc.layers.fields import text as shown
from cnncalc.pause import collector_paused
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Document, document, symbols_of
from cnncalc.spec.expand import Expansion
from cnncalc.spec.refusal import Context, argument, evaluator, refusing, several
from cnncalc.spec.source import MAX_BYTES, find, read
from cnncalc.spec.values import ident
from cnncalc.zoo import names, zoo_path

MAX_SIZES = 8
"""Channels and axes of an input: seven spatial axes are beyond any network."""
Sizes = TypeVar("Sizes", tuple[int, ...], list[Any])


def load(source: str | Path, *, args: Mapping[str, Number | str] | None = None, input: str | None = None) -> Graph:
    """Return the graph of a spec file, of ``zoo:name``, or of standard input (``-``).

    ``args`` replaces arguments of the file, by name; ``input`` its input shape, such as ``3x64x64``.

    Raises UsageError for a path that cannot be read, and SpecError, with the place, for whatever is wrong in the file.

    >>> load("zoo:lenet5").inputs
    {'input': (1, 32, 32)}
    """
    name = str(source)
    if name == "-":
        return loads(sys.stdin.buffer.read(MAX_BYTES + 1), file="<stdin>", args=args, input=input)
    path = zoo_path(name.removeprefix("zoo:")) if name.startswith("zoo:") else Path(source)
    try:
        if not path.is_file():
            if path.exists():
                raise UsageError(f"{printable(name)}: is not a file")
            known = f"; did you mean zoo:{name.lower()}?" if name.lower() in names() else ""
            raise UsageError(f"{printable(name)}: there is no such file{known}")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"{printable(name)}: {getattr(error, 'strerror', None) or error}") from None
    return loads(content, file=name, args=args, input=input)


def loads(
    content: bytes | str,
    *,
    file: str = "<text>",
    args: Mapping[str, Number | str] | None = None,
    input: str | None = None,
) -> Graph:
    """Return the graph of the text of a spec; ``file`` is what errors call it.

    >>> graph = loads("{cnncalc: 1, input: 1x8x8, layers: [{conv: 4, kernel: 3}]}")
    >>> [node.path for node in graph.nodes]
    ['conv1']
    """
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    given = arguments(args or {})
    with collector_paused():
        found = document(read(content, file), file, given)
        graph = Expansion(found, inputs(found, input)).graph()
    return unclaimed(graph, found, given, input) if given or input is not None else graph


def unclaimed(graph: Graph, found: Document, given: Mapping[str, Number], input: str | None) -> Graph:
    """Return a graph without what its file expects of the network as it is written, which this one is not.

    What is worked out with an argument that was given still stands, and so does a budget: it bounds every variant.
    """
    if input is not None:
        nodes = [node._replace(expect=None) if node.expect else node for node in graph.nodes]
        return graph._replace(expect={}, nodes=nodes)
    written = found.spec.expect or {}
    return graph._replace(expect={name: one for name, one in graph.expect.items() if mentions(written[name], given)})


def mentions(written: object, names: Iterable[str]) -> bool:
    """Return whether a value, or one inside it, is text with one of the names.

    >>> mentions({"size": ["2*c", 3]}, ["c"]), mentions("5M", ["M2"])
    (True, False)
    """
    import re

    if isinstance(written, str):
        return not set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", written)).isdisjoint(names)
    parts = written.values() if isinstance(written, dict) else written if isinstance(written, list) else ()
    return any(mentions(part, names) for part in parts)


def inputs(found: Document, override: str | None) -> dict[str, Shape]:
    """Return the shapes of the inputs by name; a network with one input calls it ``input``."""
    spec, data = found.spec, found.data
    top = Place(found.file, find(data, ("input",), Span(1, 1, 1, 1)), "input")
    if override is not None:
        if spec.input is None:
            raise UsageError("--input is for a network with one input; this one has several")
        try:
            return {"input": _few(shape(override if "x" in override else int(override[:20]), Context(None)))}
        except ValueError:
            raise UsageError(f"--input must be a shape such as 3x224x224, not {shown(override)}") from None
    if spec.input is not None:
        return {"input": _shape(spec.input, found, top)}
    if not isinstance(spec.inputs, dict) or not spec.inputs:
        at = top._replace(span=find(data, ("inputs",), top.span), path="inputs")
        raise InvalidField(at, f"inputs must be a mapping of names and shapes, not {shown(spec.inputs)}")
    shapes = {}
    for name, value in spec.inputs.items():
        place = Place(found.file, find(data, ("inputs", name), top.span), "inputs")
        with refusing(place, "a name"):
            ident(name)
        shapes[name] = _shape(value, found, place)
    return shapes


def _shape(value: object, found: Document, place: Place) -> Shape:
    symbols = [name for name in symbols_of(value) if name not in found.args]
    if symbols:
        sets = " ".join(f"--set {name}=..." for name in symbols[:8])
        raise UnknownName(place, f"the input has symbols without a value ({several(symbols)})", help=sets)
    with refusing(place, place.path, found.args):
        context = Context(evaluator(found.args))
        if not isinstance(value, list):
            return _few(shape(value, context))
        _few(value)
    sizes = []
    for size, span in zip(value, getattr(value, "items_at", repeat(place.span)), strict=False):
        with refusing(place._replace(span=span), place.path, found.args):
            sizes.append(number(size, context, least=1))
    return tuple(sizes)


def _few(sizes: Sizes) -> Sizes:
    if len(sizes) > MAX_SIZES:
        raise ValueError(f"must have at most {MAX_SIZES} sizes ({len(sizes)})")
    return sizes


def arguments(args: Mapping[str, Number | str]) -> dict[str, Number]:
    """Return arguments from outside with their values worked out; raise UsageError for what is no number."""
    return {name: _argument(name, value) for name, value in args.items()}


def _argument(name: str, value: Number | str) -> Number:
    try:
        ident(name)
        if isinstance(value, str) and value in ("true", "false"):
            return value == "true"
        return argument(value, {})
    except ValueError as error:
        raise UsageError(f"--set {printable(name[:60])}={printable(str(value)[:60])}: {error}") from None
