"""Whether a layer that both networks have reads the same tensors in both, apart from what came or went in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cnncalc.difference.side import Link, Side, Way
from cnncalc.layers.merge import Elementwise

MOST = 64
"""How many tensors are told apart behind a layer that came or went; beyond, it is taken to explain any of them."""

Roots = frozenset[int] | None


def roots(side: Side, pairs: Sequence[int]) -> list[Roots]:
    """Return for each node without a pair the nodes with one that it reads, through others without; None for many."""
    found: list[Roots] = [frozenset()] * len(side)
    for index, links in enumerate(side.links[Way.SOURCES]):
        if pairs[index] >= 0:
            continue
        every: set[int] = set()
        for source, _ in links:
            behind = found[source]
            if pairs[source] >= 0:
                every.add(source)
            elif behind is None or len(every) > MOST:
                break
            else:
                every |= behind
        else:
            found[index] = frozenset(every) if len(every) <= MOST else None
            continue
        found[index] = None
    return found


class Wiring:
    """The two networks with their pairs, ``there`` and ``back``."""

    def __init__(self, one: Side, two: Side, there: Sequence[int], back: Sequence[int]) -> None:
        self.one, self.two, self.there, self.back = one, two, there, back
        self.gone, self.come = roots(one, there), roots(two, back)

    def differs(self, left: int, right: int) -> bool:
        """Return whether a pair reads other tensors, or in another order where that matters.

        It does not where a layer that was added stands between it and what it read, or one that was removed stood
        there, nor where a branch that it joins came or went.
        """
        ones, twos = self.one.links[Way.SOURCES][left], self.two.links[Way.SOURCES][right]
        before = [self.there[source] for source, _ in ones if self.there[source] >= 0]
        after = [source for source, _ in twos if self.back[source] >= 0]
        if before == after:
            return False
        lost, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
        if not isinstance(self.two.fact(right).node.layer, Elementwise):
            kept = [[source for source in side if source not in lost and source not in new] for side in (before, after)]
            if kept[0] != kept[1]:
                return True
        return not (
            explained(lost, twos, self.back, self.come)
            and explained([self.back[source] for source in new], ones, self.there, self.gone)
        )


def explained(
    sources: Sequence[int] | Counter[int], links: Sequence[Link], pairs: Sequence[int], behind: Sequence[Roots]
) -> bool:
    """Return whether all of the sources lie behind neighbours that have no pair."""
    between = [behind[near] for near, _ in links if pairs[near] < 0] if sources else []
    return None in between or set(sources) <= frozenset().union(*(one for one in between if one is not None))
