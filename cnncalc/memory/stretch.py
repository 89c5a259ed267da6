"""A stretch of a network between two nodes that everything passes: its orders, looked through set by set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cnncalc.liveness import Storage

MOVES = 100_000
"""How many steps from set to set are made in one stretch at most: a second or two."""
LONGEST = 2_000
"""The most nodes of a stretch whose orders are looked through."""


class Way(NamedTuple):
    """A way to a set of nodes that have run: its peak, what is in memory now, which nodes are ready, how it came."""

    peak: int
    now: int
    ready: tuple[int, ...]
    last: int
    past: Way | None


class Lowest(NamedTuple):
    """The order with the lowest peak that was found, empty for the one that stands, and whether none is lower."""

    nodes: list[int]
    peak: int
    is_least: bool


class Stretch:
    """Neighbouring nodes, and what is in memory before the first of them runs.

    ``left`` has how many nodes are still to read each piece. Sets of nodes are the bits of a number: ``needs`` of those
    that must have run before each, ``over`` of those after which it may take a piece's place, ``frees`` of those after
    which it leaves a piece to nothing, with its size.
    """

    def __init__(self, found: Storage, nodes: list[int], left: Sequence[int], now: int) -> None:
        self.nodes, self.now = nodes, now
        self.needs = [0] * len(nodes)
        self.followers: list[list[int]] = [[] for _ in nodes]
        local = {node: index for index, node in enumerate(nodes)}
        readers: dict[int, int] = {}
        later: dict[int, int] = {}
        for index, node in enumerate(nodes):
            for one in [local[one] for one in found.before[node] if one in local]:
                self.needs[index] |= 1 << one
                self.followers[one].append(index)
            for piece in found.reads[node]:
                readers[piece] = readers.get(piece, 0) | 1 << index
                later[piece] = later.get(piece, left[piece]) - 1
        goes = {piece for piece, count in later.items() if not count and not found.held[piece]}
        self.sizes: list[int] = []
        self.frees: list[list[tuple[int, int]]] = []
        self.over: list[list[int]] = []
        for index, node in enumerate(nodes):
            written, others = found.writes[node], ~(1 << index)
            self.sizes.append(found.sizes[written] if written >= 0 else 0)
            frees = [(readers[piece] & others, found.sizes[piece]) for piece in found.reads[node] if piece in goes]
            if written >= 0 and not found.readers[written] and not found.held[written]:
                frees.append((0, self.sizes[index]))
            self.frees.append(frees)
            self.over.append([readers[piece] & others for piece in found.over[node] if piece in goes])

    def lowest(self, *, below: int, target: int, moves: int = MOVES) -> Lowest:
        """Return the order with the lowest peak that was found, if it is lower than ``below``.

        A peak up to ``target`` is as good as any, since there is one as high elsewhere.
        """
        start = tuple(index for index, needs in enumerate(self.needs) if not needs)
        ways, whole = {0: Way(0, self.now, start, -1, None)}, True
        for steps in range(len(self.nodes), 0, -1):
            chosen = promising(ways, target, moves // steps)
            whole = whole and len(chosen) == len(ways)
            after: dict[int, tuple[int, int, int, Way]] = {}
            for done, way in chosen.items():
                moves -= len(way.ready)
                for peak, now, index in self._moves(done, way, below, target):
                    both = done | 1 << index
                    if both not in after or peak < after[both][0]:
                        after[both] = peak, now, index, way
            ways = {
                done: Way(peak, now, self._ready(done, way.ready, index), index, way)
                for done, (peak, now, index, way) in after.items()
            }
        if not ways:
            return Lowest([], below, whole)
        (way,) = ways.values()
        return Lowest([self.nodes[index] for index in came(way)], way.peak, whole)

    def _moves(self, done: int, way: Way, below: int, target: int) -> list[tuple[int, int, int]]:
        """Return, for each node that may run next, the peak so far, what is in memory then, and the node.

        A node that raises neither goes first, alone: whatever order follows without it needs no less. For what it
        leaves less of, all that come between have less of too, and what it needs is there already.
        """
        found = []
        for index in way.ready:
            most, now = self._run(done, way.now, index)
            peak = max(way.peak, most)
            if now <= way.now and peak <= max(way.peak, target):
                return [(peak, now, index)]
            if peak < below:
                found.append((peak, now, index))
        return found

    def _run(self, done: int, now: int, index: int) -> tuple[int, int]:
        """Return what is in memory when a node has run, and when what nothing needs any more is dropped."""
        most = now + self.sizes[index]
        left = most - sum([size for readers, size in self.frees[index] if readers & done == readers])
        takes = any(readers & done == readers for readers in self.over[index])
        return now if takes else most, left

    def _ready(self, done: int, before: tuple[int, ...], index: int) -> tuple[int, ...]:
        """Return the nodes that may run next, of those before a node ran, and those that waited for it."""
        waiting = [i for i in self.followers[index] if not self.needs[i] & ~done]
        return *(i for i in before if i != index), *waiting


def promising(ways: dict[int, Way], target: int, moves: int) -> dict[int, Way]:
    """Return those ways, of the lowest peaks first, that so many moves go on from; all, where that can be."""
    if sum([len(way.ready) for way in ways.values()]) <= moves:
        return ways
    kept = {}
    for done, way in sorted(ways.items(), key=lambda one: (max(one[1].peak, target), one[1].now, one[0])):
        moves -= len(way.ready)
        if moves < 0:
            break
        kept[done] = way
    return kept


def came(way: Way) -> list[int]:
    """Return the nodes of a way, the first first.

    >>> came(Way(0, 0, (), 7, Way(0, 0, (), 3, Way(0, 0, (), -1, None))))
    [3, 7]
    """
    nodes = []
    while way.past is not None:
        nodes.append(way.last)
        way = way.past
    return nodes[::-1]
