"""What one output position reads of the images, exactly: pulled back through the graph, node by node.

reach.py goes forward and has it for all positions, pullback.py for those of one layer along one axis; this is for one
position along all axes at once: what reads nothing along one of them reads nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.layers.linear import Linear
from cnncalc.layers.reorder import Slice
from cnncalc.pullback import told_apart

Positions = tuple[set[int], ...]
"""The positions that are read of a tensor, along each of its spatial axes."""

MOST = 2_000_000
"""How many positions are followed before it is given up."""


class Pulled(NamedTuple):
    """What is read of each input of a graph; ``within`` says that it may be less, as reordered elements were met."""

    read: dict[str, Positions]
    within: bool


def pulled_back(analysis: Analysis, path: str, at: Sequence[int]) -> Pulled | None:
    """Return what position ``at`` of a node reads of each input of the graph; None where it is too much to follow.

    Of a node without positions, it is what all of its elements read together. An input that is not there is not read.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x8, layers: [{conv: 1, kernel: 3}, {max_pool: 3}]}"
    >>> found = cnncalc.analyze(cnncalc.loads(text))
    >>> pulled_back(found, "max_pool1", [1])
    Pulled(read={'input': ({3, 4, 5, 6, 7},)}, within=False)
    """
    read: dict[str, Positions] = {path: tuple({o} for o in at)}
    entire = set() if at else {path}
    left, within = MOST, False
    for one in reversed(analysis.facts):
        positions = read.pop(one.node.path, None)
        if positions is None:
            continue
        for operand, source in enumerate(one.node.inputs):
            ranges = list(along(one, operand, positions))
            left -= sum(len(part) for axis in ranges for part in axis)
            if left < 0:
                return None
            found = tuple(set().union(*axis) for axis in ranges)
            if all(found):
                read[source] = joined(read.get(source), found)
            if keeps(one, operand, found, one.node.path in entire):
                entire.add(source)
            within = within or not (told_apart(one, operand) or source in entire)
    return Pulled({name: read[name] for name in analysis.graph.inputs if name in read}, within)


def keeps(one: Facts, operand: int, found: Positions, entire: bool) -> bool:
    """Return whether every element of an operand is read; ``entire`` says that every element of the output is."""
    if isinstance(one.node.layer, Linear):
        return True
    every = all(len(axis) == size for axis, size in zip(found, one.inputs[operand][1:], strict=True))
    return entire and every and not isinstance(one.node.layer, Slice)


def along(one: Facts, operand: int, positions: Positions) -> Iterator[list[range]]:
    """Yield what each position reads of an operand, for each axis of it."""
    layer, sizes, apart = one.node.layer, one.inputs[operand][1:], told_apart(one, operand)
    for axis, size in enumerate(sizes):
        reader = layer.reads(one.inputs, one.shape, operand, axis) if apart else None
        yield [range(size)] if reader is None else [reader(o) for o in positions[axis]]


def joined(known: Positions | None, found: Positions) -> Positions:
    """Return what either of two readers reads."""
    return found if known is None else tuple(one | other for one, other in zip(known, found, strict=True))


def span(positions: Mapping[str, Positions], name: str) -> list[range]:
    """Return the first to the last position that is read, along each axis.

    >>> span({"input": ({3, 1, 8},)}, "input")
    [range(1, 9)]
    """
    return [range(min(axis), max(axis) + 1) for axis in positions[name]]
