"""What each output position reads of the image, exactly: the first and the last position along an axis.

The closed form of field.py says where a position would read if the image had no end; this says what is there to read.
It goes forward through the graph, one list of intervals a tensor, and needs no closed form: it is right on any graph.
"""

from collections.abc import Mapping, Sequence

from cnncalc.analysis import Facts
from cnncalc.channels import Part, readings
from cnncalc.graph import Graph
from cnncalc.layers.base import Shape

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
    values: dict[Part, tuple[Reach, ...]] = {
        Part(name): tuple([(i, i) for i in range(size)] for size in image)
        if len(shape) > 1
        else ((None,),) * len(image)
        for name, shape in graph.inputs.items()
    }
    for one in readings(facts, [one.node.path for one in facts]):
        sources = {operand: values[source] for operand, source in one.operands}
        values[one.part] = tuple(
            _along(one.facts, {operand: source[axis] for operand, source in sources.items()}, axis)
            for axis in range(len(image))
        )
    return {part.path: reach for part, reach in values.items() if part.channels is None}


def _along(one: Facts, sources: Mapping[int, Reach], axis: int) -> Reach:
    """Return the reach of one node's output along an axis of the image, from those of the operands that it reads."""
    output, rank = one.shape, len(one.shape) - 1
    hulls = {operand: hull(source) for operand, source in sources.items()}
    if not rank or any(len(shape) - 1 != rank for shape in one.inputs) or axis >= rank:
        return [join(list(hulls.values()))]
    parts = [
        (hulls[operand], None if _lost(one.inputs[operand], source, axis) else source,
         one.node.layer.reads(one.inputs, output, operand, axis))
        for operand, source in sources.items()
    ]  # fmt: skip
    found: list[Interval] = []
    for position in range(output[1 + axis]):
        read = [
            whole if source is None or reader is None else join([source[index] for index in reader(position)])
            for whole, source, reader in parts
        ]
        found.append(join(read))
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
