"""What one output position reads of the images, exactly: pulled back through the graph, node by node.

reach.py goes forward and has it for all positions; this goes backward and has it for one, which is far less work.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from cnncalc.analysis import Analysis, Facts
from cnncalc.layers.base import Shape

Positions = tuple[set[int], ...]
"""The positions that are read of a tensor, along each of its spatial axes."""

MOST = 3_000_000
"""How many positions are followed before it is given up."""


def pulled_back(analysis: Analysis, path: str, at: Sequence[int]) -> dict[str, Positions] | None:
    """Return what position ``at`` of a node reads of each input of the graph; None where it is too much to follow.

    An axis that is no longer told apart is read wholly. An input that is not there is not read at all.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x8, layers: [{conv: 1, kernel: 3}, {max_pool: 3}]}"
    >>> found = cnncalc.analyze(cnncalc.loads(text))
    >>> pulled_back(found, "max_pool1", [1])
    {'input': ({3, 4, 5, 6, 7},)}
    """
    read: dict[str, Positions] = {path: tuple({o} for o in at)}
    work = 0
    for one in reversed(analysis.facts):
        positions = read.pop(one.node.path, None)
        if positions is None:
            continue
        for operand, (source, shape) in enumerate(zip(one.node.inputs, one.inputs, strict=True)):
            if told_apart(one, operand):
                readers = [one.node.layer.reads(one.inputs, one.shape, operand, axis) for axis in range(len(shape) - 1)]
                work += sum(map(len, positions))
            else:
                readers = [None] * (len(shape) - 1)
            work += sum(size for size, reader in zip(shape[1:], readers, strict=True) if reader is None)
            if work > MOST:
                return None
            found = tuple(own(reader, *axis) for reader, axis in zip(readers, _axes(positions, shape), strict=True))
            if all(found):
                read[source] = joined(read.get(source), found)
    return {name: read[name] for name in analysis.graph.inputs if name in read}


def told_apart(one: Facts, operand: int) -> bool:
    """Return whether the axes of an operand are those of the output."""
    source, output = one.inputs[operand], one.shape
    if len(source) != len(output):
        return False
    from cnncalc.layers.reorder import Reshape

    return not isinstance(one.node.layer, Reshape) or source == output


def own(reader: Callable[[int], range] | None, positions: Iterable[int], size: int) -> set[int]:
    """Return what some positions read along one axis."""
    if reader is None:
        return set(range(size))
    found: set[int] = set()
    for position in positions:
        found.update(reader(position))
    return found


def joined(known: Positions | None, found: Positions) -> Positions:
    """Return what either of two readers reads."""
    return found if known is None else tuple(one | other for one, other in zip(known, found, strict=True))


def _axes(positions: Positions, shape: Shape) -> list[tuple[Iterable[int], int]]:
    if len(positions) != len(shape) - 1:
        return [((), size) for size in shape[1:]]
    return list(zip(positions, shape[1:], strict=True))


def span(positions: Mapping[str, Positions], name: str) -> list[range]:
    """Return the first to the last position that is read, along each axis.

    >>> span({"input": ({3, 1, 8},)}, "input")
    [range(1, 9)]
    """
    return [range(min(axis), max(axis) + 1) for axis in positions[name]]
