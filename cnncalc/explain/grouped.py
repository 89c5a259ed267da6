"""The lines of the layers that take the channels in groups: group_norm and channel_shuffle."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, channels_letter, worked
from cnncalc.explain.lines import sizes
from cnncalc.explain.pointwise import unchanged
from cnncalc.layers.norm import GroupNorm
from cnncalc.layers.reorder import ChannelShuffle


@sizes.register(GroupNorm)
@sizes.register(ChannelShuffle)
def _(layer: GroupNorm | ChannelShuffle, facts: Facts) -> Iterator[Line]:
    yield from unchanged(layer, facts)
    channels, groups = facts.shape[0], layer.groups
    rule = Rule.REARRANGING if isinstance(layer, ChannelShuffle) else Rule.RESIZING
    name = channels_letter(len(facts.shape) - 1)
    yield worked(rule, "channels a group", f"{name}1/groups", f"{channels}/{groups}", channels // groups)
