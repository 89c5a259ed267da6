"""A spec as its author wrote it: the whole file checked, nothing computed."""

from collections.abc import Mapping as ReadMapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from cnncalc.errors import InvalidField, Place, Span, SpecError, UsageError
from cnncalc.layers.fields import Rounding, fraction
from cnncalc.layers.fields import text as shown
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.line import Line
from cnncalc.spec.reader import Reader
from cnncalc.spec.refusal import (
    Context,
    evaluator,
    mapping,
    refusing,
    rehearsal,
    several,
    suggestion,
    validated,
)
from cnncalc.spec.source import Mapping, find
from cnncalc.spec.values import COMMON, Args, InputShape, Refs, Text, Version, ident

Raw = Any
"""What is read further by hand: a list of layers, or a mapping of names to such things."""


class Spec(BaseModel):
    """The top of a file."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    cnncalc: Version
    layers: Raw
    input: InputShape | None = None
    inputs: Raw = None
    name: Text | None = None
    source: Text | None = None
    rounding: Rounding = "exact"
    args: Args = {}
    defaults: Raw = None
    blocks: Raw = None
    outputs: Refs | None = None
    expect: Raw = None
    budget: Raw = None


class BlockHead(BaseModel):
    """The top of a block."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    layers: Raw
    args: Args = {}
    inputs: Raw = None


class Block(NamedTuple):
    """A named list of layers with arguments, and inputs beside the first."""

    name: str
    args: ReadMapping[str, Any]
    inputs: tuple[str, ...]
    lines: list[Line]
    data: Mapping


class Document(NamedTuple):
    """A whole file, checked as far as it can be before anything is expanded."""

    file: str
    data: Mapping
    spec: Spec
    args: ReadMapping[str, Number]
    """The file's arguments with their values, those given at the command line included."""
    blocks: ReadMapping[str, Block]
    lines: list[Line]


def document(
    data: Mapping, file: str, given: ReadMapping[str, Number], errors: list[SpecError] | None = None
) -> Document:
    """Return the document of a file's data, with the arguments in ``given`` in place of the file's own.

    Raises SpecError for the first thing that is wrong, at its place; where ``errors`` is given, what is wrong with
    single lines is added to it, and those lines are left out.
    """
    top = Place(file, Span(1, 1, 1, 1))
    names = set(data["args"]) if isinstance(data.get("args"), dict) else set()
    if stray := next((key for key in data if key not in Spec.model_fields), None):
        from cnncalc.layers import LAYERS, layer_class

        if stray in {*COMMON, *LAYERS, *(name for op in LAYERS for name in layer_class(op).model_fields)}:
            fact = f"'{stray}' must stand in a layer: indented under its line, or in its braces"
            raise InvalidField(top._replace(span=data.keys_at[stray]), fact)
    spec = validated(Spec, data, top, data, rehearsal((), set()), known=names)
    if (spec.input is None) == (spec.inputs is None):
        raise InvalidField(top, "a spec must have either input or inputs", help="input: 3x224x224")
    args = _args(spec, data, top, given)
    symbols = symbols_of(spec.input if spec.input is not None else spec.inputs)  # without a value, the input tells it
    known = frozenset([*args, *symbols, "cin"])
    options: ReadMapping[str, ReadMapping[str, Any]] = {}
    if spec.defaults is not None:
        from cnncalc.spec.defaults import defaults

        options = defaults(data, top, args)
    heads = mapping(spec.blocks, "blocks", find(data, ("blocks",), top.span), file)
    reader = Reader(file, "blocks", options, frozenset(heads), known, spec.rounding, errors)
    blocks = {}
    for name, block in heads.items():
        place = Place(file, heads.keys_at[name], "blocks")
        blocks[name] = _block(name, block, Place(file, heads.values_at[name], f"blocks.{name}"), place, reader)
    one = spec.input is not None or (isinstance(spec.inputs, dict) and len(spec.inputs) == 1)
    top_reader = reader._replace(path="layers", known=known if one else frozenset(args))  # nothing enters: no cin
    lines = top_reader.lines(spec.layers, data.keys_at["layers"])
    return Document(file, data, spec, args, blocks, lines)


def _args(spec: Spec, data: Mapping, top: Place, given: ReadMapping[str, Number]) -> dict[str, Number]:
    args: dict[str, Number] = {}
    for name, default in spec.args.items():
        at = Place(top.file, find(data, ("args", name), top.span), "args")
        with refusing(at._replace(span=data["args"].keys_at[name]), "an argument"):
            ident(name)
        if name in given:
            args[name] = given[name]
        elif default is None:
            raise InvalidField(at, f"{name} must have a value", help=f"--set {name}=...")
        elif isinstance(default, str | list | dict):
            raise InvalidField(at, f"{name} must be a number, not {shown(default)}")
        else:
            args[name] = default
    symbols = symbols_of(spec.input if spec.input is not None else spec.inputs)
    for name, value in given.items():
        if name in args:
            continue
        if name not in symbols:
            help = suggestion(name, [*args, *symbols]) or (
                f"it has {several([*args, *symbols])}" if args or symbols else ""
            )
            raise UsageError(f"--set {name[:60]}: {top.file} has no such argument" + (f"; {help}" if help else ""))
        args[name] = value
    return args


def symbols_of(shape: object) -> list[str]:
    """Return the names in an input's list form that could be symbols."""
    import re

    texts = shape.values() if isinstance(shape, dict) else [shape]
    parts = [part for one in texts if isinstance(one, list) for part in one if isinstance(part, str)]
    return list(dict.fromkeys(name for part in parts for name in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", part)))


def _block(name: str, data: object, place: Place, head_at: Place, reader: Reader) -> Block:
    with refusing(head_at, "name"):
        ident(name)
    if not isinstance(data, Mapping):
        raise InvalidField(place, f"a block must be a mapping with layers, not {shown(data)}")
    head = validated(BlockHead, data, place, data, evaluator({}))
    inputs = head.inputs if head.inputs is not None else []
    at = find(data, ("inputs",), place.span)
    if (
        not isinstance(inputs, list)
        or not all(isinstance(one, str) for one in inputs)
        or len(set(inputs)) < len(inputs)
    ):
        raise InvalidField(place._replace(span=at), f"inputs must be a list of names, each once, not {shown(inputs)}")
    for index, one in enumerate(inputs):
        with refusing(place._replace(span=find(data, ("inputs", index), at)), "name"):
            ident(one)
    for argument, default in head.args.items():
        there = place._replace(path=f"{place.path}.args", span=data["args"].keys_at[argument])
        with refusing(there, "an argument"):
            ident(argument)
        if default is not None and not isinstance(default, bool):
            with refusing(there._replace(span=data["args"].values_at[argument]), argument, reader.known):
                fraction(default, Context(rehearsal(reader.known, set())))
    inner = reader._replace(path=f"{place.path}.layers", known=reader.known | frozenset(head.args))
    lines = inner.lines(head.layers, data.keys_at["layers"])
    return Block(name, head.args, tuple(inputs), lines, data)
