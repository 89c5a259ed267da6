"""The network that a shorthand stands for, on an input of given channels and sizes: numbers, or formulas."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from cnncalc.comparison.shorthand import Stage, wrong
from cnncalc.errors import LayerError, Span
from cnncalc.graph import Graph, Node, Origin
from cnncalc.layers.base import Layer, Shape, elements, output_shape
from cnncalc.layers.fields import Padded

INPUT = "input"


def graph(
    text: str, stages: Sequence[Stage], source: Shape, *, padding: str, bias: bool, target: Shape | None
) -> Graph:
    """Return the network of some stages; ``source[0]`` is what C stands for.

    ``padding`` is same, which keeps the size, or valid. ``target`` is the shape that a lone ``dense`` gives, that of
    the input where it is None.

    Raises UsageError for channels that are not whole, and whatever does not divide them.
    """
    nodes: list[Node] = []
    shape = source
    origin = Origin(text, Span(1, 1, 1, len(text) + 1), {})
    for stage in stages:
        for _ in range(stage.times):
            channels = _channels(text, stage, shape, source[0])
            lone = target if len(stages) == 1 else None
            for op, layer in _layers(text, stage, shape, channels, padding=padding, bias=bias, target=lone):
                path = f"{op}{len(nodes) + 1}"
                inputs = (nodes[-1].path if nodes else INPUT,)
                nodes.append(Node(path, op, layer, inputs, path, origin))
                try:
                    shape = output_shape(layer, (shape,))
                except LayerError as error:
                    raise wrong(text, *_at(text, stage), error.fact) from None
    return Graph(text, text, {INPUT: source}, nodes, (nodes[-1].path,))


def multiples(sides: Sequence[Sequence[Stage]]) -> tuple[int, int]:
    """Return what C, and each size, must be a multiple of for the formulas of all sides to be one formula each.

    >>> from cnncalc.comparison.shorthand import stages
    >>> multiples([stages("1x1:C/2+3x3/s2", rank=2), stages("3x3/g4", rank=2)])
    (4, 2)
    """
    channels, sizes = 1, 1
    for side in sides:
        part, steps = 1, 1  # what C is divided by, before a stage and after it
        for stage in side:
            after = stage.channels.denominator if stage.of_c and stage.channels else part
            channels = lcm(channels, after, *((stage.groups * part, stage.groups * after) if stage.groups > 1 else ()))
            steps *= stage.stride**stage.times
            part = after
        sizes = lcm(sizes, steps)
    return channels, sizes


def _channels(text: str, stage: Stage, shape: Shape, c: int) -> int:
    if stage.channels is None:
        return shape[0]
    whole, number = stage.channels.denominator, c if stage.of_c else 1
    if number % whole:
        raise wrong(text, *_at(text, stage), f"the channels must be whole ({stage.channels}*C, C = {c})")
    return number // whole * stage.channels.numerator


def _layers(
    text: str, stage: Stage, shape: Shape, channels: int, *, padding: str, bias: bool, target: Shape | None
) -> list[tuple[str, Layer]]:
    """Return the layers of one stage by op."""
    if stage.kind == "dense":
        return _dense(stage, shape, channels, bias, target)
    from cnncalc.layers.conv import Conv, Depthwise, LocallyConnected

    reaches = [stage.dilation * (kernel - 1) + 1 for kernel in stage.kernel]
    kernel = stage.kernel[0] if len(set(stage.kernel)) == 1 else stage.kernel
    odd = all(reach % 2 for reach in reaches) and stage.stride == 1
    kept: Padded = tuple(reach // 2 for reach in reaches) if odd else "same"
    options: dict[str, object] = {
        "kernel": kernel,
        "stride": stage.stride,
        "dilation": stage.dilation,
        "padding": kept if padding == "same" else 0,
        "bias": bias,
        "rounding": "floor",
    }
    if stage.kind == "local":
        return [("locally_connected", LocallyConnected(out_channels=channels, **options))]  # type: ignore[arg-type]
    if stage.kind == "conv":
        return [("conv", Conv(out_channels=channels, groups=stage.groups, **options))]  # type: ignore[arg-type]
    if channels % shape[0]:
        fact = f"dw must give a multiple of the channels that go in ({channels} of {shape[0]})"
        raise wrong(text, *_at(text, stage), fact)
    return [("depthwise", Depthwise(multiplier=channels // shape[0], **options))]  # type: ignore[arg-type]


def _dense(stage: Stage, shape: Shape, channels: int, bias: bool, target: Shape | None) -> list[tuple[str, Layer]]:
    """Return a dense layer: to so many units if it says so, else to the whole of an image, in its shape again."""
    from cnncalc.layers.linear import Linear

    if stage.channels is not None:
        return [("linear", Linear(out_features=channels, bias=bias))]
    from cnncalc.layers.reorder import Reshape

    wanted = target or shape
    return [("linear", Linear(out_features=elements(wanted), bias=bias)), ("reshape", Reshape(shape=wanted))]


def _at(text: str, stage: Stage) -> tuple[int, int]:
    start = text.find(stage.text)
    return start, start + len(stage.text)
