"""Which channels of which tensors a node reads, asked backwards: a slice of a concat reads the operands it lies in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import Facts
from cnncalc.field import Extent
from cnncalc.layers.activation import Activation
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.conv import Convolution
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.merge import Concat, Elementwise
from cnncalc.layers.norm import BatchNorm, GroupNorm, InstanceNorm, LocalResponseNorm, Scale
from cnncalc.layers.pool import Pool
from cnncalc.layers.reorder import ChannelShuffle, Flatten, Identity, Reshape, Slice
from cnncalc.layers.resize import Pad, PixelShuffle, Upsample

Channels = frozenset[int] | None
"""Some channels of a tensor; None for all of them."""
ONE_BY_ONE = (BatchNorm, Scale, InstanceNorm, Activation, Identity, Pool, Binned, Upsample, Pad)
"""Layers of which each channel reads the same channel, but for those that ``_mixes`` has."""


class Part(NamedTuple):
    """A tensor, or some channels of it."""

    path: str
    channels: Channels = None


class Reading(NamedTuple):
    """A node of which some channels are wanted, and the operands that these read, by index."""

    facts: Facts
    part: Part
    operands: tuple[tuple[int, Part], ...]
    is_even: bool
    """Whether all of its channels read the same positions."""
    is_bound: bool
    """Whether its positions, taken axis by axis, may read less than all that they stand over."""
    is_chosen: bool
    """Whether channels were picked on the way: then the closed form, which is of all channels, may be more."""


def readings(facts: Sequence[Facts], roots: Collection[str]) -> list[Reading]:
    """Return what some nodes are worked out from, in order; of each node all channels, or those that are read.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x9, layers: [{concat: [[{conv: 2, kernel: 3, padding: 1}], []]}, {slice: [2, 3]}]}"
    >>> [one.part.path for one in readings(cnncalc.analyze(cnncalc.loads(text)).facts, ["slice1"])]
    ['concat1', 'slice1']
    """
    known = {one.node.path: one for one in facts}
    wanted: dict[str, dict[Channels, None]] = {path: {None: None} for path in roots}
    asked: list[tuple[Facts, Part, tuple[tuple[int, Part], ...]]] = []
    for one in reversed(facts):
        for channels in wanted.get(one.node.path, ()):
            operands = []
            for operand, source in enumerate(one.node.inputs):
                read = _read(one, operand, channels)
                if read is None or read:
                    part = Part(source, _distinct(known.get(source), read))
                    wanted.setdefault(source, {})[part.channels] = None
                    operands.append((operand, part))
            asked.append((one, Part(one.node.path, channels), tuple(operands)))
    found: dict[Part, Reading] = {}
    for one, part, parts in reversed(asked):
        found[part] = _reading(one, part, parts, found)
    return list(found.values())


def bounded(facts: Sequence[Facts]) -> set[str]:
    """Return the nodes of which what is read along an axis is a bound: each position reads within it, not all of it.

    They lie at or behind a reshape that moves elements from axis to axis, or where a layer picks positions by channel.
    """
    return {one.part.path for one in _whole(facts) if one.is_bound}


def chosen(facts: Sequence[Facts]) -> set[str]:
    """Return the nodes that read some channels of a tensor: their closed forms, of all channels, are bounds."""
    return {one.part.path for one in _whole(facts) if one.is_chosen}


def _whole(facts: Sequence[Facts]) -> list[Reading]:
    return [one for one in readings(facts, [one.node.path for one in facts]) if one.part.channels is None]


def _reading(one: Facts, part: Part, operands: tuple[tuple[int, Part], ...], known: Mapping[Part, Reading]) -> Reading:
    sources = [known[source] for _, source in operands if source in known]
    is_even = _mixes(one) or (all(source.is_even for source in sources) and _is_alike(one, operands))
    picks = isinstance(one.node.layer, PixelShuffle) or (part.channels is not None and _reads_around(one))
    return Reading(
        one,
        part,
        operands,
        is_even,
        any(source.is_bound for source in sources)
        or _moves(one, part)
        or (picks and not all(source.is_even for source in sources)),
        any(source.is_chosen for source in sources) or any(source.channels is not None for _, source in operands),
    )


def _is_alike(one: Facts, operands: Sequence[tuple[int, Part]]) -> bool:
    """Return whether a node's channels come from one and the same tensor, or each of them from all."""
    return not isinstance(one.node.layer, Concat | Flatten | Reshape) or len({source for _, source in operands}) == 1


def _moves(one: Facts, part: Part) -> bool:
    """Return whether positions become others: in a reshape, or in a vector of which some elements are wanted."""
    moves = isinstance(one.node.layer, Reshape) and one.inputs[0] != one.shape
    picks = isinstance(one.node.layer, Flatten) and part.channels is not None
    return (moves or picks) and any(axis is not Extent.WHOLE for axis in one.field)


def _groups(one: Facts) -> int:
    """Return in how many groups a convolution reads its channels."""
    layer = one.node.layer
    return layer.channels(one.inputs[0][0])[1] if isinstance(layer, Convolution) else getattr(layer, "groups", 1)


def _mixes(one: Facts) -> bool:
    """Return whether every channel reads all channels of the operands."""
    layer = one.node.layer
    if isinstance(layer, Activation):
        return layer.function == "softmax"
    if isinstance(layer, Convolution | ConvTranspose | GroupNorm):
        return _groups(one) == 1
    others = (*ONE_BY_ONE, Concat, Elementwise, ChannelShuffle, Slice, Flatten, Reshape, PixelShuffle)
    return not isinstance(layer, (*others, LocalResponseNorm))


def _reads_around(one: Facts) -> bool:
    """Return whether some channels read others than are followed here: the neighbours, or those of a group."""
    return isinstance(one.node.layer, LocalResponseNorm | GroupNorm)


def _distinct(source: Facts | None, channels: Channels) -> Channels:
    """Return channels of a tensor; None for all, also where the others read what these do."""
    if channels is None or source is None or len(channels) == source.shape[0] or _mixes(source):
        return None
    return channels


def _read(one: Facts, operand: int, channels: Channels) -> Channels:
    """Return the channels of an operand that some channels of a node read; none of them where the set is empty."""
    layer, count = one.node.layer, one.inputs[operand][0]
    if isinstance(layer, Slice):
        start, stop = layer.channels
        return frozenset(range(start, stop) if channels is None else [start + channel for channel in channels])
    if channels is None or _mixes(one):
        return None
    if isinstance(layer, Concat):
        before = sum(shape[0] for shape in one.inputs[:operand])
        return frozenset(channel - before for channel in channels if before <= channel < before + count)
    if isinstance(layer, Elementwise):
        return channels if count == one.shape[0] else None
    if isinstance(layer, ChannelShuffle):
        each = count // layer.groups
        return frozenset(channel % layer.groups * each + channel // layer.groups for channel in channels)
    if isinstance(layer, Convolution | ConvTranspose):
        width, step = one.shape[0] // _groups(one), count // _groups(one)
        groups = {channel // width for channel in channels}
        return frozenset(group * step + index for group in groups for index in range(step))
    return channels if isinstance(layer, ONE_BY_ONE) and not isinstance(layer, GroupNorm) else None
