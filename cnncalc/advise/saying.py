"""How the options of new layers are written: a text that says the right value at every use of a line."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.advise.line import Line, Network, written
from cnncalc.advise.meaning import literal, meaning
from cnncalc.advise.scope import OPTIONS, QUOTES, Scope, Unsayable, channels
from cnncalc.analysis import Facts
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Layer, Shape, output_shape
from cnncalc.layers.conv import Conv


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
    own = network.source.raw(data, role).strip(QUOTES) if role in data else "none"
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
