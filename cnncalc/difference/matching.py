"""Nodes with equal keys, and who else has a name: what an alignment asks of all nodes at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from cnncalc.difference.side import Key, Side


def wanted(side: Side, node: int, other: Side, pairs: Sequence[int]) -> bool:
    """Return whether the other network has a node of the same kind under the same path that has no pair yet."""
    namesake = other.at.get(side.paths[node])
    return namesake is not None and pairs[namesake] < 0 and other.kinds[namesake] == side.kinds[node]


def matched(lefts: Iterable[tuple[Any, ...]], rights: Iterable[tuple[Any, ...]]) -> list[tuple[int, int]]:
    """Return pairs of nodes; each is given with what must be equal, and equal ones are paired in order.

    >>> matched([(1, "a"), (2, "b"), (3, "a")], [(4, "a"), (5, "c"), (6, "a")])
    [(1, 4), (3, 6)]
    """
    waiting: dict[object, deque[int]] = {}
    for left, *key in lefts:
        waiting.setdefault(tuple(key), deque()).append(left)
    return [(waiting[tuple(key)].popleft(), right) for right, *key in rights if waiting.get(tuple(key))]


def groups(nodes: Iterable[int], keys: Sequence[Key]) -> dict[Key, list[int]]:
    """Return the nodes of each key."""
    found: dict[Key, list[int]] = {}
    for node in nodes:
        found.setdefault(keys[node], []).append(node)
    return found


def between(pairs: Sequence[int], end: int) -> list[int]:
    """Return for each node its pair, or that of the next one that has one; ``end`` where there is none.

    >>> between([0, -1, 4, -1], end=9)
    [0, 4, 4, 9]
    """
    found, after = [], end
    for pair in reversed(pairs):
        after = pair if pair >= 0 else after
        found.append(after)
    return found[::-1]
