"""Which layer of one network is which of the other: by what is the same around it, by order, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from cnncalc.difference.matching import between, groups, matched, wanted
from cnncalc.difference.naming import automatic, line_of
from cnncalc.difference.sequence import CELLS, aligned, run
from cnncalc.difference.side import NEAR, Link, Side, Way

ROUNDS = 3


class Trust(IntEnum):
    """When two nodes whose neighbours one way are pairs are a pair themselves."""

    CAREFUL = 0
    """One op, equal options, and nothing of that kind in the other network still has the name of one of them."""
    ALIKE = 1
    """One op and equal options."""
    LOOSE = 2
    """One op, and one path or neighbours the other way that are a pair."""


class Alignment:
    """The pairs found so far: ``there`` from the first network to the second, ``back`` the other way, -1 for none."""

    def __init__(self, one: Side, two: Side) -> None:
        self.one, self.two = one, two
        self.there, self.back = [-1] * len(one), [-1] * len(two)
        self.inputs()
        self.known: dict[Way, tuple[list[int], list[int]]] = {}

    def align(self) -> None:
        """Find all pairs: from both ends; between them by order; then what lies between pairs, and what has one name.

        From both ends first, because there it costs least; carefully, because in a row of equal blocks any could be
        the one that was added, and the names say which.
        """
        for way in Way:
            self.sweep(way, Trust.CAREFUL)
        self.sequence()
        self.form()
        for _ in range(ROUNDS):
            found = self.there.count(-1)
            for trust in (Trust.ALIKE, Trust.LOOSE):
                for way in Way:
                    self.sweep(way, trust)
            self.namesakes()
            if self.there.count(-1) == found:
                break
        self.part()

    def pair(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Take the two nodes of each pair for one."""
        for left, right in pairs:
            self.there[left], self.back[right] = right, left

    def inputs(self) -> None:
        """Pair the inputs of the networks: by name, then by shape, then in order."""
        one, two = self.one, self.two
        shapes = [list(side.graph.inputs.values()) for side in (one, two)]
        anything = [()] * one.inputs, [()] * two.inputs
        for labels in ((one.paths, two.paths), shapes, anything):
            lefts = [(node, labels[0][node]) for node in range(one.inputs) if self.there[node] < 0]
            rights = [(node, labels[1][node]) for node in range(two.inputs) if self.back[node] < 0]
            self.pair(matched(lefts, rights))

    def sweep(self, way: Way, trust: Trust) -> None:
        """Pair the nodes whose neighbours one way are pairs, each after those neighbours."""
        lefts, rights = self.rest()
        if not lefts or not rights:
            return
        labels = [one.ops if trust is Trust.LOOSE else one.kinds for one in (self.one, self.two)]
        keys = self.two.keys(way, labels[1])
        waiting, met = groups(lefts, self.one.keys(way, labels[0])), groups(rights, keys)
        for right in rights if way is Way.SOURCES else reversed(rights):
            group = met.pop(keys[right], None)  # each group once, with its first node
            label, output, links = keys[right]
            if group is None or (not links and output < 0):
                continue
            mapped = self.mapped(links)
            if mapped is not None and (label, output, mapped) in waiting:
                left = [one for one in waiting[label, output, mapped] if self.there[one] < 0]
                self.match(left, [one for one in group if self.back[one] < 0], way, trust)

    def mapped(self, links: Sequence[Link]) -> tuple[Link, ...] | None:
        """Return links of the second network as they would be in the first; None where a neighbour has no pair."""
        found = [(self.back[near], operand) for near, operand in links]
        return None if found and min(found)[0] < 0 else tuple(sorted(found))

    def match(self, lefts: list[int], rights: list[int], way: Way, trust: Trust) -> None:
        """Pair nodes that are alike one way: by what lies the other way, all of it or near, by path, in order."""
        if len(lefts) == len(rights) == 1:
            left, right = lefts[0], rights[0]
            if self.may(left, right, way, trust) or (trust < Trust.LOOSE and self.certain(left, right, way.other)):
                self.pair([(left, right)])
            return
        for certain, labels in self.clues(way):
            for named in (True, False):
                found = matched(
                    [(node, labels[0][node], named and self.one.paths[node]) for node in lefts if self.there[node] < 0],
                    [(node, labels[1][node], named and self.two.paths[node]) for node in rights if self.back[node] < 0],
                )
                self.pair(pair for pair in found if (certain and trust < Trust.LOOSE) or self.may(*pair, way, trust))

    def certain(self, left: int, right: int, way: Way) -> bool:
        """Return whether all that lies one way of two nodes is the same."""
        one, two = self.whole(way)
        return one[left] == two[right]

    def whole(self, way: Way) -> tuple[list[int], list[int]]:
        """Return a number for all that lies one way of each node of both networks."""
        if way not in self.known:
            one, two = self.one, self.two
            entries = [self.back[right] if self.back[right] >= 0 else -1 - right for right in range(two.inputs)]
            self.known[way] = one.whole(way, range(one.inputs), one.kinds), two.whole(way, entries, two.kinds)
        return self.known[way]

    def clues(self, way: Way) -> Iterator[tuple[bool, Sequence[Sequence[int]]]]:
        """Yield what to compare in turn: whether it is certain, and a label for each node."""
        yield True, self.whole(way.other)
        for steps in (NEAR, 1):
            yield False, (self.one.near(way.other, steps), self.two.near(way.other, steps))
        yield False, (self.one.ops, self.two.ops)

    def may(self, left: int, right: int, way: Way, trust: Trust) -> bool:
        """Return whether so much trust makes a pair of two nodes, their neighbours one way being pairs."""
        if trust is Trust.ALIKE or self.one.paths[left] == self.two.paths[right]:
            return True
        if trust is Trust.CAREFUL:
            return not (wanted(self.one, left, self.two, self.back) or wanted(self.two, right, self.one, self.there))
        both_end = way is Way.SOURCES and min(self.one.outputs[left], self.two.outputs[right]) >= 0
        return both_end or self.touches(left, right, way.other)

    def sequence(self) -> None:
        """Pair what is left by its order; where one network is too long for that, first by what lies around it."""
        lefts, rights = self.rest()
        if len(lefts) * len(rights) > CELLS:
            for way in Way:
                self.sweep(way, Trust.ALIKE)
            lefts, rights = self.rest()
        found = dict(aligned(run(self.one, lefts), run(self.two, rights)))
        strong = {left: right for left, right in found.items() if self.one.fact(left).macs}
        self.pair(strong.items())
        weak = [pair for pair in found.items() if pair[0] not in strong]
        for way, pairs in ((Way.SOURCES, weak), (Way.READERS, weak[::-1])):
            for left, right in pairs:  # an activation alone is like any other: something next to it must be a pair
                if self.there[left] < 0 and self.touches(left, right, way):
                    self.pair([(left, right)])

    def touches(self, left: int, right: int, way: Way) -> bool:
        """Return whether a neighbour one way of a node is the pair of one of the other node's."""
        there = {self.there[near] for near, _ in self.one.links[way][left]}
        return any(near in there for near, _ in self.two.links[way][right])

    def form(self) -> None:
        """Pair layers of one op that nothing but options tells apart, all that is above and below them included."""
        named = [
            zip(*(side.whole(way, [0] * side.inputs, side.ops) for way in Way), side.paths, strict=True)
            for side in (self.one, self.two)
        ]
        lefts, rights = ([(node, *labels) for node, labels in enumerate(side)] for side in named)
        for parts in (4, 3):  # with the path, then without
            found = matched(
                [label[:parts] for label in lefts if self.there[label[0]] < 0],
                [label[:parts] for label in rights if self.back[label[0]] < 0],
            )
            self.pair(found)

    def rest(self) -> tuple[list[int], list[int]]:
        """Return the nodes without a pair of both networks, in order."""
        return (
            [left for left in range(self.one.inputs, len(self.one)) if self.there[left] < 0],
            [right for right in range(self.two.inputs, len(self.two)) if self.back[right] < 0],
        )

    def namesakes(self) -> None:
        """Pair what is left under one path, whatever its op, and the norm and act of two lines that are a pair.

        A path that only counts, such as conv5, must also stand between the same pairs on both sides.
        """
        one, two = self.one, self.two
        above, below = -1, between(self.back, len(one))
        for right in range(two.inputs, len(two)):
            if self.back[right] < 0:
                path = two.paths[right]
                head = line_of(path)
                if head != path and head in two.at and (line := self.back[two.at[head]]) >= 0:
                    path = one.paths[line] + path.removeprefix(head)
                left = one.at.get(path, -1)
                in_order = above < left < below[right] or not automatic(path.rpartition(".")[2])
                if left >= one.inputs and self.there[left] < 0 and in_order and self.together(left, right):
                    self.pair([(left, right)])
            above = self.back[right] if self.back[right] >= 0 else above

    def part(self) -> None:
        """Take apart the norms and acts of two lines whose layers are not a pair: each goes with its layer."""
        for left, right in enumerate(self.there):
            if right >= 0 and not self.together(left, right):
                self.there[left] = self.back[right] = -1
        self.namesakes()

    def together(self, left: int, right: int) -> bool:
        """Return whether two nodes are not the norms or acts of two lines whose layers are not a pair."""
        paths = self.one.paths[left], self.two.paths[right]
        lines = line_of(paths[0]), line_of(paths[1])
        if lines[0] == paths[0] or lines[1] == paths[1]:
            return True
        return self.there[self.one.at.get(lines[0], left)] == self.two.at.get(lines[1], right)
