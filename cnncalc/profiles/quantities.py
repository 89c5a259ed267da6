"""The quantities of a node that a profile's formula may name: for one sample, of the layer as PyTorch writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, NamedTuple

from cnncalc.layers.base import Layer, Shape, elements, expand
from cnncalc.slide import Slide


class Node(NamedTuple):
    """A layer with the shapes of its inputs and of its output."""

    layer: Layer
    inputs: Sequence[Shape]
    output: Shape


def quantities(layer: Layer, inputs: Sequence[Shape], output: Shape, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of some quantities by name; of names that are none, nothing.

    >>> from cnncalc.layers.conv import Conv
    >>> quantities(Conv(out_channels=8, kernel=3), [(3, 10, 12)], (8, 8, 10), ["macs", "biases", "taps"])
    {'macs': 17280, 'biases': 8, 'taps': 9}
    """
    node = Node(layer, inputs, output)
    return {name: QUANTITIES[name][1](node) for name in names if name in QUANTITIES}


def macs(node: Node) -> int:
    """Return the MACs, as the project counts them."""
    return node.layer.macs(node.inputs, node.output)


def learned(node: Node, name: str) -> int:
    """Return the elements of the learned tensor of a name, 0 where there is none."""
    shapes = node.layer.parameters(node.inputs)
    return elements(shapes[name]) if name in shapes else 0


def read_elements(node: Node) -> int:
    """Return the elements of the first input; a pool that is padded unevenly reads what was padded before it."""
    slides = windows(node)
    if not slides or all(slide.before == slide.after <= slide.kernel // 2 for slide in slides):
        return elements(node.inputs[0])
    return node.inputs[0][0] * prod(slide.size + slide.before + slide.after for slide in slides)


def made_elements(node: Node) -> int:
    """Return the elements of the output; of a conv_transpose that is cropped unevenly, those before it is cropped."""
    from cnncalc.layers.conv_transpose import ConvTranspose

    if not isinstance(node.layer, ConvTranspose):
        return elements(node.output)
    slides = node.layer.slides(node.inputs[0][1:])
    if all(slide.before == slide.after for slide in slides):
        return elements(node.output)
    return node.output[0] * prod(slide.size + slide.before + slide.after for slide in slides)


def windows(node: Node) -> list[Slide]:
    """Return the slides of a pool or a convolution, none for any other layer."""
    from cnncalc.layers.window import Window

    return node.layer.slides(node.inputs[0][1:]) if isinstance(node.layer, Window) else []


def along_axes(node: Node, name: str) -> int:
    """Return the product over the axes of an option, such as the kernel; 1 for a layer without it."""
    value = getattr(node.layer, name, 1)
    if value is None:  # the stride of a pool is its kernel
        value = getattr(node.layer, "kernel", 1)
    return prod(expand(value, len(node.inputs[0]) - 1, name))


def strided(node: Node) -> int:
    """Return the positions that a conv with a conv_transpose's kernel, stride, padding and dilation would have."""
    rank = len(node.inputs[0]) - 1
    strides = expand(getattr(node.layer, "stride", 1), rank, "stride")
    slides = node.layer.slides(node.inputs[0][1:])
    evenly = all(slide.before == slide.after for slide in slides)
    return prod(
        (size + (2 * slide.before if evenly else 0) - slide.reach) // stride + 1
        for size, slide, stride in zip(node.inputs[0][1:], slides, strides, strict=True)
    )


def joined(node: Node) -> int:
    """Return the elements of all partial results of a join, one after each operand but the first."""
    from cnncalc.layers.merge import Merge

    if not isinstance(node.layer, Merge):
        return 0
    shapes = node.layer.aligned(node.inputs)
    return sum(prod(max(sizes) for sizes in zip(*shapes[: count + 1], strict=True)) for count in range(1, len(shapes)))


QUANTITIES: dict[str, tuple[str, Callable[[Node], Any]]] = {
    "macs": ("multiply-accumulates, as mac-v1 counts them", macs),
    "weights": ("elements of the tensor weight", lambda node: learned(node, "weight")),
    "biases": ("elements of the tensor bias, 0 without one", lambda node: learned(node, "bias")),
    "inputs": ("elements of the first input", read_elements),
    "outputs": ("elements of the output", lambda node: elements(node.output)),
    "made": ("elements of the output of a conv_transpose, before it is cropped unevenly", made_elements),
    "joined": ("elements of the partial results of a join, one for each operand but the first", joined),
    "in_channels": ("channels of the first input", lambda node: node.inputs[0][0]),
    "out_channels": ("channels of the output", lambda node: node.output[0]),
    "taps": ("positions of the kernel", lambda node: along_axes(node, "kernel")),
    "strides": ("product of the strides along the axes", lambda node: along_axes(node, "stride")),
    "groups": ("groups of a convolution or a norm", lambda node: getattr(node.layer, "groups", 1)),
    "strided": ("output positions of a conv with the options of this conv_transpose", strided),
    "size": ("channels of the window of a local_response_norm", lambda node: getattr(node.layer, "size", 0)),
    "bilinear": ("1 for mode: bilinear, else 0", lambda node: int(getattr(node.layer, "mode", "") == "bilinear")),
    "axes": ("spatial axes", lambda node: len(node.inputs[0]) - 1),
}
"""By name: what it is, and how it is found."""
