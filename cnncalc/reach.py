"""What each output position reads of the image, exactly: the first and the last position along an axis.

The closed form of field.py says where a position would read if the image had no end; this says what is there to read.
It goes forward through the graph, one list of intervals a tensor, and needs no closed form: it is right on any graph.
"""

from collections.abc import Sequence

from cnncalc.analysis import Facts
from cnncalc.field import Extent
from cnncalc.graph import Graph, Node, walk
from cnncalc.layers.base import Shape
from cnncalc.layers.reorder import Reshape

Interval = tuple[int, int] | None
"""The first and the last position that is read; None where nothing is, as in a window of padding alone."""
Reach = Sequence[Interval]
"""The interval of each position of a tensor along an axis; a single one for all of a tensor that has no such axis."""


def reaches(graph: Graph, facts: Sequence[Facts]) -> dict[str, tuple[Reach, ...]]:
    """Return what every tensor reads of the image, one Reach for each axis of it, by path.

    The inputs must have one image between them, or no axes at all; what is not the same size along an axis has none.

    >>> import cnncalc
    >>> found = cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 1x5, layers: [{conv: 1, kernel: 3, padding: 1}]}"))
    >>> list(reaches(found.graph, found.facts)["conv1"][0])
    [(0, 1), (0, 2), (1, 3), (2, 4), (3, 4)]
    """
    images = {shape[1:] for shape in graph.inputs.values() if len(shape) > 1}
    image = next(iter(images)) if len(images) == 1 else ()
    known = {one.node.path: one for one in facts}
    values = {
        name: tuple([(i, i) for i in range(size)] for size in image) if len(shape) > 1 else ((None,),) * len(image)
        for name, shape in graph.inputs.items()
    }

    def step(node: Node, sources: list[tuple[Reach, ...]]) -> tuple[Reach, ...]:
        one = known[node.path]
        return tuple(_along(one, [source[axis] for source in sources], axis) for axis in range(len(image)))

    return walk(graph, values, step)


def rearranged(facts: Sequence[Facts]) -> set[str]:
    """Return the nodes at or behind a reshape that moves elements from axis to axis: of these the reach is a bound.

    Each of their positions reads within it, not all of it.
    """
    found: set[str] = set()
    for one in facts:
        moves = isinstance(one.node.layer, Reshape) and one.inputs[0] != one.shape
        if not found.isdisjoint(one.node.inputs) or (moves and any(axis is not Extent.WHOLE for axis in one.field)):
            found.add(one.node.path)
    return found


def _along(one: Facts, sources: list[Reach], axis: int) -> Reach:
    """Return the reach of one node's output along an axis of the image, from those of its inputs."""
    output, rank = one.shape, len(one.shape) - 1
    hulls = [hull(source) for source in sources]
    if not rank or any(len(shape) - 1 != rank for shape in one.inputs) or axis >= rank:
        return [join(hulls)]
    spread = [None if _lost(shape, source, axis) else source for shape, source in zip(one.inputs, sources, strict=True)]
    readers = [one.node.layer.reads(one.inputs, output, operand, axis) for operand in range(len(sources))]
    found: list[Interval] = []
    for position in range(output[1 + axis]):
        parts: list[Interval] = []
        for source, whole, reader in zip(spread, hulls, readers, strict=True):
            if source is None or reader is None:
                parts.append(whole)
            else:
                parts.append(join([source[read] for read in reader(position)]))
        found.append(join(parts))
    return found


def _lost(shape: Shape, source: Reach, axis: int) -> bool:
    """Return whether a tensor's positions are no longer told apart along an axis."""
    return len(source) != shape[1 + axis]


def join(intervals: Sequence[Interval]) -> Interval:
    """Return the smallest interval that holds all of some.

    >>> join([(3, 5), None, (0, 1)]), join([None])
    ((0, 5), None)
    """
    first, last = None, None
    for interval in intervals:
        if interval is not None:
            first = interval[0] if first is None else min(first, interval[0])
            last = interval[1] if last is None else max(last, interval[1])
    return None if first is None or last is None else (first, last)


def hull(reach: Reach) -> Interval:
    """Return what a tensor reads in all, along an axis."""
    return join(reach)
