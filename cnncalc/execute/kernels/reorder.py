"""The layers that compute nothing; what only renames the axes shares its memory with the input."""

from collections.abc import Sequence

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.layers.reorder import ChannelShuffle, Flatten, Identity, Reshape, Slice


@kernel.register
def identity(layer: Identity, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the input; dropout too, which drops nothing at inference."""
    return inputs[0]


@kernel.register
def flatten(layer: Flatten, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the elements of each sample in one row."""
    return inputs[0].reshape(len(inputs[0]), -1)


@kernel.register
def reshape(layer: Reshape, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the elements of each sample in another shape."""
    return inputs[0].reshape(len(inputs[0]), *layer.shape)


@kernel.register
def channel_slice(layer: Slice, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return a copy of the channels, which does not hold the rest of the input in memory."""
    return inputs[0][:, slice(*layer.channels)].copy()


@kernel.register
def channel_shuffle(layer: ChannelShuffle, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the channels of the groups interleaved, always in memory of their own."""
    samples, channels, *spatial = inputs[0].shape
    apart = inputs[0].reshape(samples, layer.groups, channels // layer.groups, *spatial)
    return apart.swapaxes(1, 2).copy().reshape(inputs[0].shape)
