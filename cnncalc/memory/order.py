"""An order of execution in which less memory is needed at once: exact for small graphs, found for large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.liveness import alive, dropped
from cnncalc.memory.stretch import LONGEST, MOVES, Stretch

if TYPE_CHECKING:
    from cnncalc.liveness import Storage


class Order(NamedTuple):
    """An order of execution, as the numbers of the nodes, and the most elements that are in memory in it.

    ``is_least`` says that no order needs less: everything that could be better was looked at.
    """

    nodes: list[int]
    peak: int
    is_least: bool


def lower_order(found: Storage, moves: int = MOVES) -> Order:
    """Return an order with the lowest peak that was found; the order as it stands, where none is lower.

    A node that all others come before or after splits every order in two, so the stretches between such nodes are
    put in order one by one, the highest first, and those that are not the highest stay as they are. A stretch is
    looked through set by set of the nodes that have run, of which only the way with the lowest peak is kept; where
    that would be more than about ``moves`` steps, only the most promising sets, and the order is not proved.
    """
    own = list(range(len(found.writes)))
    given = alive(found)
    bounds = stretches(found)
    tops = [max(given[start:end]) for start, end in bounds]
    reached = max([least_at(found, node) for node in own], default=0)
    better: dict[int, list[int]] = {}
    proved = True
    left, now, starts = list(found.readers), sum(found.sizes[: found.inputs]), {}
    for index, (start, end) in enumerate(bounds):
        if tops[index] > reached and 1 < end - start <= LONGEST:
            starts[index] = Stretch(found, list(range(start, end)), left, now)
        for node in range(start, end):
            written = found.writes[node]
            now += found.sizes[written] if written >= 0 else 0
            now -= sum([found.sizes[piece] for piece in dropped(found, left, node)])
    for index in sorted(range(len(bounds)), key=lambda index: -tops[index]):
        if tops[index] <= reached:
            break
        if index not in starts:
            start, end = bounds[index]
            proved = proved and end - start == 1
            reached = tops[index]
            continue
        one = starts[index].lowest(below=tops[index], target=reached, moves=moves)
        better[index] = one.nodes
        proved = proved and one.is_least
        reached = max(reached, one.peak)
    nodes = [node for index, (start, end) in enumerate(bounds) for node in better.get(index) or range(start, end)]
    peak = max(alive(found, nodes), default=0)
    if peak >= max(given, default=0):
        return Order(own, max(given, default=0), proved)
    return Order(nodes, peak, proved)


def stretches(found: Storage) -> list[tuple[int, int]]:
    """Return the graph in stretches [start, end): each ends in a node that all nodes come before or after.

    The last one may not. A node comes before all later ones if each of these reads it or one after it, and after all
    earlier ones if each of those is read by it or by one before it.
    """
    count = len(found.before)
    first_reader, last_read = [count] * count, [-1] * count
    for node, needed in enumerate(found.before):
        for one in needed:
            first_reader[one] = min(first_reader[one], node)
            last_read[node] = max(last_read[node], one)
    reads_from = [count] * (count + 1)
    for node in reversed(range(count)):
        reads_from[node] = min(reads_from[node + 1], last_read[node])
    ends, latest = [], -1
    for node in range(count):
        if latest <= node <= reads_from[node + 1]:
            ends.append(node + 1)
        latest = max(latest, first_reader[node])
    if count and (not ends or ends[-1] != count):
        ends.append(count)
    return list(zip([0, *ends], ends, strict=False))


def least_at(found: Storage, node: int) -> int:
    """Return the elements that must be in memory when a node has run, in whatever order."""
    pieces = {*found.reads[node], *(piece for piece in range(found.inputs) if found.held[piece])}
    there = sum([found.sizes[piece] for piece in pieces])
    return there if found.over[node] or found.writes[node] < 0 else there + found.sizes[found.writes[node]]
