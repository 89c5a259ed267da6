"""What a vector sees of the image: as a whole, and whether each of its elements does."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.boxes import read_at
from cnncalc.field import Extent
from cnncalc.layers.merge import Concat
from cnncalc.pullback import size_along


class Vector(NamedTuple):
    """A layer that has not the image's axes.

    ``together`` are the first and the last pixel along each axis that all of it reads, None where it reads nothing.
    ``positions_of`` are the layers whose positions its elements are, one by one; none where each reads all of that.
    """

    together: tuple[tuple[int, int], ...] | None
    positions_of: tuple[str, ...]


def vector(analysis: Analysis, facts: Facts, of: str) -> Vector:
    """Return what a layer that has not the axes of an input sees of it.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x9, layers: [{conv: 1, kernel: 3}, flatten, {linear: 5}]}"
    >>> analysis = cnncalc.analyze(cnncalc.loads(text))
    >>> [vector(analysis, one, "input").positions_of for one in analysis.facts[1:]]
    [('conv1',), ()]
    """
    axes = range(len(analysis.graph.inputs[of]) - 1)
    every = [range(size_along(facts.shape, axis)) for axis in axes]
    return Vector(read_at(analysis, facts.node.path, every, axes, of=of).hull, _positions_of(analysis, facts))


def _positions_of(analysis: Analysis, facts: Facts) -> tuple[str, ...]:
    wanted, found = {facts.node.path}, dict[str, None]()
    for one in reversed(analysis.facts):
        if one.node.path not in wanted or (set(one.field) <= {Extent.WHOLE} and not isinstance(one.node.layer, Concat)):
            continue
        if len(one.shape) > 1 and one is not facts:
            found[one.node.path] = None
        else:
            wanted.update(one.node.inputs)
    found |= {name: None for name, shape in analysis.graph.inputs.items() if name in wanted and len(shape) > 1}
    return tuple(found)
