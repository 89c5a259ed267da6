"""How the options of new layers are written: a text that says the right value at every use of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.advise.line import Line, Network, written
from cnncalc.advise.source import flowed
from cnncalc.analysis import Facts
from cnncalc.checks.rewriting import padding_said, sizes_said
from cnncalc.checks.saving import padding, short
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Layer, Shape, expand, output_shape
from cnncalc.layers.conv import Conv, Convolution
from cnncalc.layers.window import sides

OPTIONS = ("kernel", "stride", "padding", "dilation", "groups", "multiplier", "bias", "flip", "rounding")


class Unsayable(Exception):
    """What keeps new layers from being written on a line of the file."""


class Scope(NamedTuple):
    """The words that the new lines have for what a line says: its own text, or the arguments of a block of theirs."""

    out: str
    source: str
    """The channels that enter the line; "" where there is no word for them."""
    args: tuple[tuple[str, str], ...] = ()
    """For a block, the options that are its arguments, and what each use gives for them."""

    def text(self, network: Network, line: Line, name: str) -> str:
        """Return an option of the line as the new lines say it."""
        if any(name == arg for arg, _ in self.args):
            return name
        return flowed(network.source.raw(line.item.data, name))


def outside(network: Network, line: Line) -> Scope:
    """Return the words where the new lines stand in place of the old one."""
    return Scope(flowed(network.source.raw(line.item.data, "conv")), _before(network, line))


def inside(network: Network, line: Line) -> Scope:
    """Return the words in a block of the new lines, where ``cin`` is what enters them; names become arguments."""
    data, source = line.item.data, network.source
    args = []
    for option in ("conv", *OPTIONS):
        if option in data and _names(source.raw(data, option)) - {"x"}:
            args.append(("c" if option == "conv" else option, flowed(source.raw(data, option))))
    literal = flowed(source.raw(data, "conv"))
    return Scope("c" if args and args[0][0] == "c" else literal, "cin", tuple(args))


def _names(raw: str) -> set[str]:
    """Return the names in a value that is an expression; none in a word of the language."""
    words = {"valid", "half", "same", "same_lower", "full", "causal", "true", "false", "exact", "floor", "ceil", "none"}
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"(?<=[0-9])x(?=[0-9])", " ", raw))) - words


def _before(network: Network, line: Line) -> str:
    """Return the text of the channels that enter a line: the argument of the conv that all uses of it read."""
    found = set()
    for one in line.uses:
        path = one.node.inputs[0]
        while path in network.facts and not isinstance(network.facts[path].node.layer, Conv):
            before = network.facts[path]
            if len(before.node.inputs) > 1 or before.shape[0] != before.inputs[0][0]:
                return ""
            path = before.node.inputs[0]
        above = network.facts.get(path)
        if above is None or above.node.origin.calls != one.node.origin.calls:
            return ""
        found.add(network.source.at(above.node.origin.span))
    item = network.source.items.get(found.pop()) if len(found) == 1 else None
    if item is None or item.args != line.item.args or not {"repeat", "when"}.isdisjoint(item.data):
        return ""
    return flowed(network.source.raw(item.data, "conv")) if "conv" in item.data else ""


def channels(scope: Scope, line: Line, wanted: Sequence[int]) -> str:
    """Return a text for so many channels at each use."""
    outs, sources = [one.shape[0] for one in line.uses], [one.inputs[0][0] for one in line.uses]
    wanted = list(wanted)
    if wanted == outs:
        return scope.out
    if not scope.out.isdecimal() and wanted == [out // 2 for out in outs]:
        return flowed(f"{_atom(scope.out)}//2")
    if scope.source and not scope.source.isdecimal() and wanted == sources:
        return scope.source
    if len(set(wanted)) == 1:
        return str(wanted[0])
    if scope.source and wanted == [min(pair) for pair in zip(outs, sources, strict=True)]:
        return f'"min({scope.source.strip(_QUOTES)}, {scope.out.strip(_QUOTES)})"'
    raise Unsayable("the channels between have no one expression for all uses")


_QUOTES = "\"'"


def _atom(text: str) -> str:
    """Return an expression that can be divided.

    >>> _atom("c"), _atom("4*c"), _atom('"max(c, 8)"')
    ('c', '(4*c)', '(max(c, 8))')
    """
    bare = text.strip(_QUOTES)
    return bare if re.fullmatch(r"\w+", bare) else f"({bare})"


def said(
    network: Network, line: Line, scope: Scope, at: int, layers: Sequence[Sequence[Layer]], *, kept: bool = False
) -> dict[str, str]:
    """Return how the layer at one place of a row is written, by option; ``layers`` are the rows at each use.

    The line itself, where it is ``kept``, says as it did what it can.
    """
    row = [one[at] for one in layers]
    op, shapes = "conv" if isinstance(row[0], Conv) else "depthwise", _shapes(line, layers, at)
    options: dict[str, str] = {}
    if op == "conv":
        options["conv"] = channels(scope, line, [one.out_channels for one in row if isinstance(one, Conv)])
    else:
        options["depthwise"] = _option(network, line, scope, "kernel", row, shapes, op)
    for name in OPTIONS:
        if name in type(row[0]).model_fields and name != type(row[0]).argument:
            text = _option(network, line, scope, name, row, shapes, op, kept=kept)
            if text:
                options[name] = text
    for role in ("norm", "act"):
        text = _follower(network, line, role, op)
        if text:
            options[role] = text
    return options


def _shapes(line: Line, layers: Sequence[Sequence[Layer]], at: int) -> list[Shape]:
    """Return what enters the layer at one place of a row, for each use."""
    found = []
    for one, row in zip(line.uses, layers, strict=True):
        shape = one.inputs[0]
        for layer in row[:at]:
            shape = output_shape(layer, (shape,))
        found.append(shape)
    return found


def _option(
    network: Network,
    line: Line,
    scope: Scope,
    name: str,
    row: Sequence[Layer],
    shapes: Sequence[Shape],
    op: str,
    *,
    kept: bool = False,
) -> str:
    """Return an option's text: nothing where the default says it, the line's own where that does, else a number."""
    wanted = [meaning(layer, name, getattr(layer, name), shape) for layer, shape in zip(row, shapes, strict=True)]
    argument = name == type(row[0]).argument

    def means(values: Sequence[object]) -> bool:
        every = zip(row, values, shapes, strict=True)
        return wanted == [meaning(layer, name, value, shape) for layer, value, shape in every]

    own = [getattr(one.node.layer, name, None) for one in line.uses]
    says = written(line.item, name) and None not in own and means(own)
    if name == "padding" and all(pair == (0, 0) for pairs in wanted for pair in pairs):  # type: ignore[attr-defined]
        kept = False  # `half` of a 1x1
    if not (kept and says) and not argument and means([omitted(network, line, name, op)] * len(row)):
        return ""
    if says:
        return scope.text(network, line, name)
    words = {getattr(layer, name) for layer in row}
    if name == "padding" and len(words) == 1 and isinstance(word := words.pop(), str):
        return word
    if all(value == wanted[0] for value in wanted):
        return literal(name, wanted[0])
    if name in ("kernel", "stride", "dilation") and written(line.item, name):
        return _an_axis(scope.text(network, line, name), own, wanted)
    raise Unsayable(f"its {name} is not the same at every use")


def omitted(network: Network, line: Line, name: str, op: str) -> object:
    """Return what an option is where it is left out."""
    value = network.default(op, name)
    if name == "bias" and value is True and network.default(op, "bias") is True:
        norm = _follower(network, line, "norm", op) or network.default(op, "norm")
        return norm in (None, "none")
    return value


def meaning(layer: Layer, name: str, value: object, shape: Shape) -> object:
    """Return what an option's value means for a layer: one number for each axis, the padding of both sides of each."""
    rank = len(shape) - 1
    if name in ("kernel", "stride", "dilation"):
        assert isinstance(value, int | tuple)
        return expand(value, rank, name)
    if name == "padding":
        assert isinstance(layer, Convolution)
        assert isinstance(value, str | int | tuple)
        kernels, steps = expand(layer.kernel, rank, "kernel"), layer.strides(rank)
        reaches = [d * (k - 1) + 1 for k, d in zip(kernels, layer.dilations(rank), strict=True)]
        return tuple(sides(value, shape[1:], reaches, steps))
    return value


def literal(name: str, value: object) -> str:
    """Return a value's meaning as a spec says it."""
    if name == "padding":
        return padding_said(padding(value))  # type: ignore[arg-type] # pairs, as meaning has them
    if isinstance(value, tuple):
        return sizes_said(short(value))
    return str(value).lower()


def _an_axis(text: str, own: Sequence[object], wanted: Sequence[object]) -> str:
    """Return a list with one text for each axis: a number, or the line's own text."""
    parts = []
    for axis in zip(*wanted, strict=True):
        if len(set(axis)) == 1:
            parts.append(str(axis[0]))
        elif list(axis) == list(own):
            parts.append(text)
        else:
            raise Unsayable("its options are not the same at every use")
    return f"[{', '.join(parts)}]"


def _follower(network: Network, line: Line, role: str, op: str) -> str:
    """Return the norm or act of a new layer: what the line itself says, else that of the defaults of conv.

    A ``none`` is for the end of the line: what stands before that has the usual one.
    """
    data = line.item.data
    own = network.source.raw(data, role).strip(_QUOTES) if role in data else "none"
    if own != "none":
        return own if "\n" not in own and "\r" not in own else _built(network, line.uses[0], role)
    usual, there = _braced(network.default("conv", role)), _braced(network.default(op, role))
    return "" if usual == there else usual


def _braced(value: object) -> str:
    """Return a norm or act of the defaults as it is written."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {one}' for key, one in value.items())}}}"
    return str(value or "none")


def _built(network: Network, one: Facts, role: str) -> str:
    """Return the norm or act of a layer on one line, where the file has it on several."""
    node = network.facts[f"{one.node.path}.{role}"].node
    if isinstance(node.layer, Activation) or not node.layer.argument:
        return node.op
    return f"{{{node.op}: {getattr(node.layer, node.layer.argument)}}}"
