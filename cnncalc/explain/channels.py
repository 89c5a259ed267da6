"""Which channels an output channel reads; of a vector, which elements."""

from functools import singledispatch

from cnncalc.analysis import Facts
from cnncalc.explain.base import product
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Layer, elements, expand
from cnncalc.layers.conv import Convolution, LocallyConnected
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.linear import Linear
from cnncalc.layers.merge import Concat
from cnncalc.layers.norm import GroupNorm, LayerNorm, LocalResponseNorm
from cnncalc.layers.reorder import ChannelShuffle, Flatten, Reshape, Slice
from cnncalc.layers.resize import PixelShuffle

MOST = 6


@singledispatch
def channels(layer: Layer, facts: Facts) -> str:
    """Return it in words."""
    return "output channel k reads channel k" if len(facts.shape) > 1 else "output k reads element k"


@channels.register
def _(layer: Convolution, facts: Facts) -> str:
    return grouped(facts.inputs[0][0], *layer.channels(facts.inputs[0][0]))


@channels.register
def _(layer: LocallyConnected, facts: Facts) -> str:
    return grouped(facts.inputs[0][0], facts.shape[0], 1)


@channels.register
def _(layer: ConvTranspose, facts: Facts) -> str:
    return grouped(facts.inputs[0][0], layer.out_channels, layer.groups)


def grouped(source: int, output: int, groups: int) -> str:
    """Return which channels a filter of a group reads.

    >>> grouped(64, 128, 2)
    'output channel k reads 32 channels, from (k//64)*32 on'
    >>> grouped(3, 10, 1), grouped(32, 32, 32)
    ('every output channel reads all 3 channels', 'output channel k reads channel k')
    """
    if groups == 1:
        return f"every output channel reads {every(source, 'channel')}"
    inputs, outputs = source // groups, output // groups
    if inputs == 1:
        return f"output channel k reads channel k{f'//{outputs}' if outputs > 1 else ''}"
    return f"output channel k reads {inputs} channels, from (k//{outputs})*{inputs} on"


@channels.register
def _(layer: Linear, facts: Facts) -> str:
    return f"every output reads {every(elements(facts.inputs[0]), 'element')}"


@channels.register
def _(layer: LayerNorm, facts: Facts) -> str:
    return across(facts)


@channels.register
def _(layer: Activation, facts: Facts) -> str:
    return across(facts) if layer.function == "softmax" else channels.dispatch(Layer)(layer, facts)


def across(facts: Facts) -> str:
    """Return that every channel is read."""
    if len(facts.shape) == 1:
        return f"every output reads {every(facts.shape[0], 'element')}"
    return f"every output channel reads {every(facts.shape[0], 'channel')}"


def every(count: int, name: str) -> str:
    """Return all of some things in words.

    >>> every(1, "channel"), every(4096, "element")
    ('the one channel', 'all 4,096 elements')
    """
    return f"the one {name}" if count == 1 else f"all {count:,} {name}s"


@channels.register
def _(layer: GroupNorm, facts: Facts) -> str:
    each = facts.shape[0] // layer.groups
    if each == 1:
        return "output channel k reads channel k"
    return f"output channel k reads the {each} channels of its group, from (k//{each})*{each} on"


@channels.register
def _(layer: LocalResponseNorm, facts: Facts) -> str:
    return f"output channel k reads channels k - {layer.size // 2} to k + {(layer.size - 1) // 2}, where they exist"


@channels.register
def _(layer: Slice, facts: Facts) -> str:
    return f"output channel k reads channel k + {layer.channels[0]}"


@channels.register
def _(layer: ChannelShuffle, facts: Facts) -> str:
    each = facts.shape[0] // layer.groups
    return f"output channel k reads channel (k % {layer.groups})*{each} + k//{layer.groups}"


@channels.register
def _(layer: PixelShuffle, facts: Facts) -> str:
    block = product(expand(layer.factor, len(facts.shape) - 1, "factor"))
    return f"output channel k reads one of the {block} channels from k*({block}) on, which one depends on the position"


@channels.register(Flatten)
@channels.register(Reshape)
def row_major(layer: Layer, facts: Facts) -> str:
    """Return that the order stays."""
    source = facts.inputs[0]
    if len(source) == 1 or len(facts.shape) > 1:
        return "element k of the row-major order is element k of the input's"
    return f"output k is of channel k//({product(source[1:])})"


@channels.register
def _(layer: Concat, facts: Facts) -> str:
    found, first = [], 0
    for path, shape in zip(facts.node.inputs, facts.inputs, strict=True):
        found.append(f"{first} to {first + shape[0] - 1} are {path}'s")
        first += shape[0]
    more = f", and {len(found) - MOST} more operands" if len(found) > MOST else ""
    return f"output channels {', '.join(found[:MOST])}{more}"
