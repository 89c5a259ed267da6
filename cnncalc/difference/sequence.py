"""The best alignment of two runs of layers in order: the most layers that are the same, then the most names kept."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.difference.side import Side, Way

CELLS = 1 << 20
"""The most that is spent on tables; runs beyond it are cut at what is the same and occurs once."""

AROUND = 8
"""How many links around a layer are looked at to tell it from all others."""
FAR = 1 << 60

_UP, _LEFT, _PAIR, _CHAINED = 0, 1, 2, 4
_SAME, _RESIZED, _OTHER = 10 << 40, 7 << 40, 5 << 40
"""A layer that is the same; one of equal options but other tensors, and one of other options, under the same path."""
_NO_MACS = 5
"""How many layers without MACs weigh as much as one with."""
_NAMED, _LINKED = 1 << 20, 1
"""Between what weighs the same, names that are kept decide, then links."""


class Run(NamedTuple):
    """Nodes of one network in order, and for each what must be equal for it to be the same."""

    side: Side
    nodes: list[int]
    labels: list[int]

    def part(self, start: int, stop: int) -> Run:
        """Return a stretch of the run."""
        return Run(self.side, self.nodes[start:stop], self.labels[start:stop])

    @property
    def linked(self) -> list[bool]:
        """Whether each node reads the one before it in the run."""
        sources = self.side.links[Way.SOURCES]
        return [False for _ in self.nodes[:1]] + [
            any(source == one for source, _ in sources[two]) for one, two in pairwise(self.nodes)
        ]


def run(side: Side, nodes: list[int]) -> Run:
    """Return nodes with labels: layers with parameters are the same with equal tensors, others with equal outputs."""
    labels = []
    for index in nodes:
        facts = side.fact(index)
        tensors = tuple(facts.parameters.items()) or facts.shape
        labels.append(side.numbers.of(("same", side.kinds[index], tensors)))
    return Run(side, nodes, labels)


def aligned(one: Run, two: Run) -> list[tuple[int, int]]:
    """Return pairs of nodes, in order in both runs: the same, or of one op and one path.

    Runs beyond CELLS are cut at what occurs once with all that is around it; a stretch that is still too long is gone
    through step by step.
    """
    cells = CELLS
    if len(one.nodes) * len(two.nodes) <= cells:
        return table(one, two)
    found = []
    for left, right in stretches(one, two):
        size = len(left.nodes) * len(right.nodes)
        cells -= size if size <= cells else 0
        found += table(left, right) if size <= cells else steps(left, right)
    return found


def stretches(one: Run, two: Run) -> list[tuple[Run, Run]]:
    """Return what to align with what, each stretch from one anchor up to the next."""
    if not set(one.labels) & set(two.labels):  # nothing to look for
        return []
    around = [
        [
            (label, *(run.side.near(way, AROUND)[node] for way in Way))
            for label, node in zip(run.labels, run.nodes, strict=True)
        ]
        for run in (one, two)
    ]
    cuts = [(0, 0), *once(*around), (len(one.nodes), len(two.nodes))]
    return [(one.part(a, c), two.part(b, d)) for (a, b), (c, d) in pairwise(cuts)]


def steps(one: Run, two: Run) -> list[tuple[int, int]]:
    """Return pairs found in one pass: what is the same is a pair, else the nearer of the two next places goes on."""
    found, left, right = [], 0, 0
    places: list[dict[int, list[int]]] = [{}, {}]
    for where, run in zip(places, (one, two), strict=True):
        for index, label in enumerate(run.labels):
            where.setdefault(label, []).append(index)
    while left < len(one.nodes) and right < len(two.nodes):
        if one.labels[left] == two.labels[right]:
            found.append((one.nodes[left], two.nodes[right]))
            left, right = left + 1, right + 1
            continue
        ahead = after(places[0].get(two.labels[right], ()), left), after(places[1].get(one.labels[left], ()), right)
        if ahead[0] - left < ahead[1] - right:
            left = ahead[0]
        elif ahead[1] < FAR:
            right = ahead[1]
        else:
            left, right = left + 1, right + 1
    return found


def after(places: Sequence[int], place: int) -> int:
    """Return the first of rising places that is after one; FAR where there is none."""
    index = bisect_left(places, place)
    return places[index] if index < len(places) else FAR


def once(ones: Sequence[object], twos: Sequence[object]) -> list[tuple[int, int]]:
    """Return the longest chain of positions, rising on both sides, of what occurs exactly once on each.

    >>> once("abcxd", "bayzd")
    [(1, 0), (4, 4)]
    """
    counts = [Counter(ones), Counter(twos)]
    where = {thing: index for index, thing in enumerate(twos) if counts[1][thing] == 1}
    met = [(index, where[thing]) for index, thing in enumerate(ones) if counts[0][thing] == 1 and thing in where]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, position) in enumerate(met):
        at = bisect_left(tails, position)
        if at == len(tails):
            tails.append(position)
            ends.append(index)
        else:
            tails[at], ends[at] = position, index
        before.append(ends[at - 1] if at else -1)
    chain, index = [], ends[-1] if ends else -1
    while index >= 0:
        chain.append(met[index])
        index = before[index]
    return chain[::-1]


def table(one: Run, two: Run) -> list[tuple[int, int]]:
    """Return the best pairs by dynamic programming over all prefixes of both runs.

    ``best`` is the most that two prefixes can score, ``paired`` the most where their last nodes are a pair.
    """
    linked, width = two.linked, len(two.nodes)
    best, paired = [0] * (width + 1), [-1] * (width + 1)
    moves = []
    for follows, row in zip(one.linked, scores(one, two), strict=True):
        above, above_paired = best, paired
        best, paired, move = [0] * (width + 1), [-1] * (width + 1), bytearray(width)
        for column in range(width):
            most, move[column] = above[column + 1], _UP
            if best[column] > most:
                most, move[column] = best[column], _LEFT
            score = row.get(column)
            if score is not None:
                alone, chained = above[column], 0
                if follows and linked[column] and above_paired[column] == alone:
                    alone, chained = alone + _LINKED, _CHAINED
                paired[column + 1] = score + alone
                if score + alone >= most:
                    most, move[column] = score + alone, _PAIR
                move[column] |= chained
            best[column + 1] = most
        moves.append(move)
    return traced(one, two, moves)


def traced(one: Run, two: Run, moves: Sequence[bytearray]) -> list[tuple[int, int]]:
    """Return the pairs that the moves of a table lead back through."""
    found, row, column, chained = [], len(moves) - 1, len(two.nodes) - 1, False
    while row >= 0 and column >= 0:
        move = moves[row][column]
        if chained or move & _PAIR:
            found.append((one.nodes[row], two.nodes[column]))
            chained = bool(move & _CHAINED)
            row, column = row - 1, column - 1
        elif move & _LEFT:
            column -= 1
        else:
            row -= 1
    return found[::-1]


def scores(one: Run, two: Run) -> Iterator[dict[int, int]]:
    """Yield for each node of the first run the nodes of the second that it may be, by position, with their scores."""
    where: dict[int, list[int]] = {}
    for column, label in enumerate(two.labels):
        where.setdefault(label, []).append(column)
    homes = {two.side.paths[node]: column for column, node in enumerate(two.nodes)}
    for node, label in zip(one.nodes, one.labels, strict=True):
        share = 1 if one.side.fact(node).macs else _NO_MACS
        row = dict.fromkeys(where.get(label, ()), _SAME // share)
        home = homes.get(one.side.paths[node])
        if home is not None and one.side.ops[node] == two.side.ops[two.nodes[home]]:
            other = _RESIZED if one.side.kinds[node] == two.side.kinds[two.nodes[home]] else _OTHER
            row[home] = row.get(home, other // share) + _NAMED
        yield row
