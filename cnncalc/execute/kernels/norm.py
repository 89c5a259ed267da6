"""Normalisation and scaling; the statistics are those of the definition, the variance divided by the full count."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.layers.norm import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm, Scale

EPSILON = 1e-5
ALPHA, BETA = 1e-4, 0.75
"""Of local_response_norm: x / (1 + ALPHA * mean of the squares)**BETA (Krizhevsky et al. 2012)."""


@kernel.register
def batch_norm(layer: BatchNorm, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return each channel as the running statistics scale and shift it, which are worked out once, in double."""
    source = inputs[0]
    mean, variance, weight, bias = (
        tensors[name].astype(np.float64) for name in ("running_mean", "running_var", "weight", "bias")
    )
    factor = weight / np.sqrt(variance + EPSILON)
    output = source * along_channels(factor.astype(source.dtype), source)
    output += along_channels((bias - mean * factor).astype(source.dtype), source)
    return output


@kernel.register
def layer_norm(layer: LayerNorm, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the channels of each position, or the whole vector, with mean 0 and variance 1, scaled and shifted."""
    return affine(standard(inputs[0], (1,)), tensors)


@kernel.register
def instance_norm(layer: InstanceNorm, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return each channel of each sample with mean 0 and variance 1, scaled and shifted."""
    source = inputs[0]
    return affine(standard(source.reshape(*source.shape[:2], -1), (2,)).reshape(source.shape), tensors)


@kernel.register
def group_norm(layer: GroupNorm, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return each group of channels of each sample with mean 0 and variance 1, scaled and shifted."""
    source = inputs[0]
    return affine(standard(source.reshape(len(source), layer.groups, -1), (2,)).reshape(source.shape), tensors)


@kernel.register
def local_response_norm(layer: LocalResponseNorm, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return each value by the energy of the ``size`` channels around it; channels that do not exist are zeros."""
    source = inputs[0]
    channels, before = source.shape[1], layer.size // 2
    squares = source * source
    energy = np.zeros_like(squares)
    for offset in range(-min(before, channels - 1), min(layer.size - before, channels)):
        energy[:, max(0, -offset) : channels - max(0, offset)] += squares[
            :, max(0, offset) : channels - max(0, -offset)
        ]
    energy *= ALPHA / layer.size
    energy += 1
    np.power(energy, BETA, out=energy)
    return np.divide(source, energy, out=energy)


@kernel.register
def scale(layer: Scale, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return each channel times its factor."""
    return inputs[0] * along_channels(tensors["weight"], inputs[0])


def along_channels(values: Array, source: Array) -> Array:
    """Return one value a channel in a shape that stretches over a batch."""
    return values.reshape(-1, *(1,) * (source.ndim - 2))


def standard(source: Array, axes: tuple[int, ...]) -> Array:
    """Return the values less their mean, divided by their standard deviation, over these axes."""
    centred: Array = source - source.mean(axis=axes, keepdims=True)
    deviation = np.square(centred).mean(axis=axes, keepdims=True)
    deviation += EPSILON
    centred /= np.sqrt(deviation, out=deviation)
    return centred


def affine(values: Array, tensors: Tensors) -> Array:
    """Return fresh values scaled and shifted in place, one weight and bias a channel."""
    values *= along_channels(tensors["weight"], values)
    values += along_channels(tensors["bias"], values)
    return values
