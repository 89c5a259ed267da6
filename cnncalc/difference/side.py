"""One of the two networks as an alignment reads it: numbered nodes, and for each what it is and what it is linked to.

The network's inputs are nodes too, the first ones, so that every source is a node.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from cnncalc.analysis import Analysis, Facts
from cnncalc.difference.settings import canonical
from cnncalc.layers.merge import Elementwise

Link = tuple[int, int]
"""A neighbour, and the operand that the link is; always 0 where the order of the operands is no matter."""

Key = tuple[int, int, tuple[Link, ...]]
"""What a node is, which output of the network it is (-1 for none), and its links one way."""

NEAR = 3


class Way(IntEnum):
    """The two ways to look from a node: at what it reads, and at what reads it."""

    SOURCES = 0
    READERS = 1

    @property
    def other(self) -> Way:
        """The opposite way."""
        return Way(1 - self)


class Numbers(dict[object, int]):
    """A number for each thing that is met, equal for equal things; one for both networks."""

    def of(self, thing: object) -> int:
        """Return the number of a thing."""
        return self.setdefault(thing, len(self))


class Side:
    """One network: lists with an entry for each node, by its number."""

    def __init__(self, analysis: Analysis, numbers: Numbers) -> None:
        self.graph = graph = analysis.graph
        self.numbers = numbers
        self.inputs = len(graph.inputs)
        self.facts: Sequence[Facts] = analysis.facts
        self.paths = [*graph.inputs, *(one.node.path for one in analysis.facts)]
        self.at = {path: index for index, path in enumerate(self.paths)}
        self.ops = [numbers.of("input")] * self.inputs + [numbers.of(type(one.node.layer)) for one in analysis.facts]
        self.kinds = [numbers.of("input")] * self.inputs + self._kinds()
        self.outputs = [-1] * len(self.paths)
        for position, path in enumerate(graph.outputs):
            self.outputs[self.at[path]] = position
        sources = self._sources()
        readers: list[list[Link]] = [[] for _ in self.paths]
        for reader, links in enumerate(sources):
            for source, operand in links:
                readers[source].append((reader, operand))
        self.links = (sources, [tuple(links) for links in readers])
        self._near: dict[tuple[Way, int], list[int]] = {}

    def __len__(self) -> int:
        return len(self.paths)

    def fact(self, index: int) -> Facts:
        """Return the facts of a node that is not an input."""
        return self.facts[index - self.inputs]

    def keys(self, way: Way, labels: Sequence[int]) -> list[Key]:
        """Return for each node what it is, by ``labels``, with its links one way."""
        if way is Way.SOURCES:
            return [(label, -1, tuple(sorted(links))) for label, links in zip(labels, self.links[way], strict=True)]
        return [
            (label, output, links) for label, output, links in zip(labels, self.outputs, self.links[way], strict=True)
        ]

    def whole(self, way: Way, inputs: Sequence[int], labels: Sequence[int]) -> list[int]:
        """Return a number for all that lies one way from each node: equal ones are the same network on that side.

        Nodes are the same by ``labels``, and the network's inputs by ``inputs``.
        """
        found = [0] * len(self)
        order = range(len(self)) if way is Way.SOURCES else reversed(range(len(self)))
        for index in order:
            links = tuple(sorted([(found[near], operand) for near, operand in self.links[way][index]]))
            output = self.outputs[index] if way is Way.READERS else -1
            found[index] = self.numbers.of((way, labels[index], output, links))
            if way is Way.SOURCES and index < self.inputs:
                found[index] = self.numbers.of(("input", inputs[index]))
        return found

    def near(self, way: Way, steps: int) -> list[int]:
        """Return a number for what lies up to so many links one way from each node, whatever the operands' order."""
        if not steps:
            return self.kinds
        if (way, steps) not in self._near:
            nearer = self.near(way, steps - 1)
            self._near[way, steps] = [
                self.numbers.of((way, steps, kind, tuple(sorted([nearer[near] for near, _ in links]))))
                for kind, links in zip(self.kinds, self.links[way], strict=True)
            ]
        return self._near[way, steps]

    def _kinds(self) -> list[int]:
        known: dict[tuple[int, int], int] = {}
        found = []
        for one in self.facts:
            layer, spatial = one.node.layer, one.inputs[0][1:]
            key = id(layer), len(spatial)
            if key not in known:  # a layer that recurs is one object
                known[key] = self.numbers.of((type(layer), canonical(layer, spatial)))
            found.append(known[key])
        return found

    def _sources(self) -> list[tuple[Link, ...]]:
        found: list[tuple[Link, ...]] = [()] * self.inputs
        for one in self.facts:
            ordered = not isinstance(one.node.layer, Elementwise)
            found.append(
                tuple([(self.at[path], operand if ordered else 0) for operand, path in enumerate(one.node.inputs)])
            )
        return found
