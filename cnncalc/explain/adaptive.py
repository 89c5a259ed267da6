"""The lines of adaptive and global pools, whose windows follow from the output's size."""

from collections.abc import Iterator
from math import gcd

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, equal, index, kept_channels, letter, product, worked
from cnncalc.explain.lines import operations, reading, sizes
from cnncalc.explain.pool import comparisons, means
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import elements
from cnncalc.slide import AdaptiveSlide


@sizes.register
def _(layer: Binned, facts: Facts) -> Iterator[Line]:
    bins = layer.bins(facts.inputs[0][1:])
    for axis, own in enumerate(bins):
        name = letter(axis, len(bins))
        remark = f": {windows(own)}"
        yield worked(Rule.RESIZING, f"{name}2", "size" if hasattr(layer, "size") else own.bins, own.bins, remark=remark)
    yield kept_channels(Rule.RESIZING, facts.shape)


def windows(axis: AdaptiveSlide) -> str:
    """Return how long the windows along an axis are.

    >>> windows(AdaptiveSlide(size=13, bins=7)), windows(AdaptiveSlide(size=7, bins=1))
    ('windows of 2 and 3 of 13', 'one window of all 7')
    """
    if axis.bins == 1:
        return f"one window of all {axis.size}"
    least, rest = divmod(axis.size, axis.bins)
    if rest == 0:
        return f"windows of {least} of {axis.size}"
    # the first begins at a position; one that begins furthest behind one is longer, unless that is still not enough
    longest = "" if rest == gcd(axis.size, axis.bins) else f" and {least + 2}"
    return f"windows of {least + 1}{longest} of {axis.size}"


@operations.register
def _(layer: Binned, facts: Facts) -> Iterator[Line]:
    count = layer.operations(facts.inputs, facts.shape)
    positions = product((facts.shape[0], *(axis.taps() for axis in layer.bins(facts.inputs[0][1:]))))
    yield means(positions, count) if layer.mean else comparisons(positions, elements(facts.shape), count)


@reading.register
def _(layer: Binned, facts: Facts, operand: int, axis: int, position: int) -> str:
    own, rank = layer.bins(facts.inputs[0][1:])[axis], len(facts.shape) - 1
    o, name, window = index(axis, rank), letter(axis, rank), own.window(position)
    ratio = f"{own.size}/{own.bins}"
    first = equal("first", f"floor({o}*{name}1/{name}2)", f"floor({position}*{ratio})", window[0])
    last = f"ceil(({o} + 1)*{name}1/{name}2) - 1", f"ceil(({position} + 1)*{ratio}) - 1", window[-1]
    return f"{first}; {equal('last', *last)}"
