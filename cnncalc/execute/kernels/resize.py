"""Upsampling, padding, cropping and pixel_shuffle: each axis by the same few slices."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.layers.base import expand
from cnncalc.layers.resize import Crop, Pad, PixelShuffle, Upsample


@kernel.register
def upsample(layer: Upsample, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return each axis ``factor`` times as long, by repeating or by linear interpolation."""
    source = inputs[0]
    factors = expand(layer.factor, source.ndim - 2, "factor")
    if layer.mode == "nearest":
        return repeated(source, factors)
    values = source
    for axis, factor in enumerate(factors, start=2):
        if factor > 1:
            values = between(values, axis, factor)
    return values.copy() if values is source else values


def repeated(source: Array, factors: Sequence[int]) -> Array:
    """Return every position as a block of these sizes."""
    sizes = source.shape[2:]
    output = np.empty((*source.shape[:2], *(w * f for w, f in zip(sizes, factors, strict=True))), source.dtype)
    pairs = [part for pair in zip(sizes, factors, strict=True) for part in pair]
    output.reshape(*source.shape[:2], *pairs)[...] = source.reshape(
        *source.shape[:2], *(part for size in sizes for part in (size, 1))
    )
    return output


def between(source: Array, axis: int, factor: int) -> Array:
    """Return one axis ``factor`` times as long: output o lies at (o + 1/2)/factor - 1/2, held within the axis.

    Outputs of one phase, o modulo the factor, lie at the same place between two positions.

    >>> between(np.array([[[0.0, 4.0]]]), axis=2, factor=2)
    array([[[0., 1., 3., 4.]]])
    """
    before = (slice(None),) * axis
    size = source.shape[axis]
    output = np.empty((*source.shape[:axis], size * factor, *source.shape[axis + 1 :]), source.dtype)
    low, high = source[*before, : size - 1], source[*before, 1:]
    for phase in range(factor):
        every = output[*before, phase::factor]
        twice = 2 * phase + 1 - factor  # twice the factor times the way from the position at hand
        share = abs(twice) / (2 * factor)
        if twice == 0:
            every[...] = source
        elif twice < 0:
            every[*before, :1] = source[*before, :1]
            every[*before, 1:] = (1 - share) * high + share * low
        else:
            every[*before, size - 1 :] = source[*before, size - 1 :]
            every[*before, : size - 1] = (1 - share) * low + share * high
    return output


@kernel.register
def pad(layer: Pad, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the input with zeros around it."""
    source = inputs[0]
    output = np.zeros((len(source), *layer.output_shape([source.shape[1:]])), source.dtype)
    sides = zip(layer.sides(source.shape[2:]), source.shape[2:], strict=True)
    output[:, :, *(slice(before, before + size) for (before, _), size in sides)] = source
    return output


@kernel.register
def crop(layer: Crop, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return a copy of what is left, which does not hold the rest of the input in memory."""
    source = inputs[0]
    sides = zip(layer.sides(source.shape[2:]), source.shape[2:], strict=True)
    return source[:, :, *(slice(before, size - after) for (before, after), size in sides)].copy()


@kernel.register
def pixel_shuffle(layer: PixelShuffle, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the channels of a block side by side in space, the last factor's axis fastest."""
    samples, _, *sizes = inputs[0].shape
    rank = len(sizes)
    factors = expand(layer.factor, rank, "factor")
    apart = inputs[0].reshape(samples, -1, *factors, *sizes)
    order = [part for axis in range(rank) for part in (2 + rank + axis, 2 + axis)]
    return apart.transpose(0, 1, *order).copy().reshape(samples, *layer.output_shape([inputs[0].shape[1:]]))
