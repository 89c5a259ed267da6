"""What the value of an option means for a layer, however it is written, and how a meaning is written."""

from __future__ import annotations

from cnncalc.checks.rewriting import padding_said, sizes_said
from cnncalc.checks.saving import padding, short
from cnncalc.layers.base import Layer, Shape, expand
from cnncalc.layers.conv import Convolution
from cnncalc.layers.window import sides


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
