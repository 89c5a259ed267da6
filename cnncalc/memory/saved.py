"""What a layer's backward pass needs of its forward pass, as PyTorch saves it, one rule a kind of layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import NamedTuple

from cnncalc.analysis import Facts
from cnncalc.layers.activation import Activation
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import Layer, elements
from cnncalc.layers.conv import Filters
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.linear import Linear
from cnncalc.layers.merge import Add, Concat, Multiply
from cnncalc.layers.norm import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm, Scale
from cnncalc.layers.pool import AvgPool, MaxPool
from cnncalc.layers.reorder import ChannelShuffle, Dropout, Flatten, Identity, Reshape, Slice
from cnncalc.layers.resize import Crop, Pad, PixelShuffle, Upsample

OF_THE_OUTPUT = frozenset({"relu", "sigmoid", "tanh", "softmax"})
"""Activations whose derivative is worked out from the output; the others' from the input."""
IN_PLACE = frozenset({"leaky_relu", "elu"})
"""Those others that work it out from the output where they write over their input."""


class Saved(NamedTuple):
    """What one layer saves: the values of operands, by number, and of its output; and what is made for that purpose.

    ``values``, ``statistics``, ``indices`` and ``mask`` are elements of one sample: of the network's dtype, of fp32 at
    least, of int64, and of one byte; ``once`` are statistics of the whole batch.
    """

    operands: tuple[int, ...] = ()
    output: bool = False
    values: int = 0
    statistics: int = 0
    indices: int = 0
    mask: int = 0
    once: int = 0


NOTHING = Saved()
INPUT = Saved(operands=(0,))


@singledispatch
def saved(layer: Layer, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return what a layer saves; ``learning`` says which operands something that is learned stands before.

    >>> import cnncalc
    >>> pool = cnncalc.analyze(cnncalc.load("zoo:resnet18")).facts[3]
    >>> saved(pool.node.layer, pool, [True])
    Saved(operands=(0,), output=False, values=0, statistics=0, indices=200704, mask=0, once=0)
    """
    raise NotImplementedError(type(layer).__name__)


@saved.register(Filters)
@saved.register(ConvTranspose)
@saved.register(Linear)
@saved.register(Scale)
def _weights(layer: Layer, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return the input, which the gradient of the weights is made of."""
    return INPUT


@saved.register
def _activation(layer: Activation, facts: Facts, learning: Sequence[bool]) -> Saved:
    return Saved(output=True) if layer.function in OF_THE_OUTPUT else INPUT


@saved.register
def _batch_norm(layer: BatchNorm, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return the input, and the mean and deviation of each channel over the batch."""
    return Saved(operands=(0,), once=2 * facts.shape[0])


@saved.register
def _instance_norm(layer: InstanceNorm, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return the input, mean and deviation of each channel, and the weight, which is repeated for each sample."""
    return Saved(operands=(0,), statistics=2 * facts.shape[0], values=facts.shape[0])


@saved.register
def _group_norm(layer: GroupNorm, facts: Facts, learning: Sequence[bool]) -> Saved:
    return Saved(operands=(0,), statistics=2 * layer.groups)


@saved.register
def _layer_norm(layer: LayerNorm, facts: Facts, learning: Sequence[bool]) -> Saved:
    return Saved(operands=(0,), statistics=2 * elements(facts.shape[1:]))


@saved.register
def _local_response_norm(layer: LocalResponseNorm, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return the input, its squares with channels around them, the sums, and their powers."""
    padded = (layer.size - 1) * elements(facts.shape[1:])
    return Saved(operands=(0,), values=3 * elements(facts.shape) + padded)


@saved.register
def _max_pool(layer: MaxPool, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return the input, and for each output where its maximum was."""
    return Saved(operands=(0,), indices=elements(facts.shape))


@saved.register
def _avg_pool(layer: AvgPool, facts: Facts, learning: Sequence[bool]) -> Saved:
    return INPUT


@saved.register
def _binned(layer: Binned, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return nothing for the mean of all, the input for other means, and for a maximum where it was."""
    if not layer.mean:
        return Saved(operands=(0,), indices=elements(facts.shape))
    return INPUT if elements(facts.shape[1:]) > 1 else NOTHING


@saved.register
def _multiply(layer: Multiply, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return the operands that another one's gradient is made of, and the products on the way to the last."""
    wanted = tuple(i for i in range(len(learning)) if any(learning[:i]) or any(learning[i + 1 :]))
    return Saved(operands=wanted, values=sum(map(elements, partial_products(layer, facts))) if learning[-1] else 0)


@saved.register
def _dropout(layer: Dropout, facts: Facts, learning: Sequence[bool]) -> Saved:
    return Saved(mask=elements(facts.shape)) if drops(layer) else NOTHING


@saved.register(Add)
@saved.register(Concat)
@saved.register(Slice)
@saved.register(ChannelShuffle)
@saved.register(Upsample)
@saved.register(Pad)
@saved.register(Crop)
@saved.register(PixelShuffle)
@saved.register(Flatten)
@saved.register(Reshape)
@saved.register(Identity)
def _moves(layer: Layer, facts: Facts, learning: Sequence[bool]) -> Saved:
    """Return nothing: the gradient only moves, or is shared out."""
    return NOTHING


def drops(layer: Layer) -> bool:
    """Return whether a layer is a dropout that makes a tensor of its own in training.

    >>> drops(Dropout()), drops(Dropout(rate=0))
    (True, False)
    """
    return isinstance(layer, Dropout) and layer.rate != 0


def partial_products(layer: Multiply, facts: Facts) -> list[tuple[int, ...]]:
    """Return the shapes of the products before the last, from the left."""
    shapes = layer.aligned(facts.inputs)
    return [layer.output_shape(shapes[:count]) for count in range(2, len(shapes))]
