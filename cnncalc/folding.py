"""Neighbouring nodes as one row of a table: a view, of which the sums are the totals."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts, Totals, total


class Group(NamedTuple):
    """Neighbouring nodes that a table shows as one row: their path, and what they do together.

    ``live`` is the most that is in memory after one of them, where that was given.
    """

    path: str
    facts: Sequence[Facts]
    live: int = 0

    @property
    def totals(self) -> Totals:
        """The sums over the nodes."""
        return total(self.facts)

    @property
    def last(self) -> Facts:
        """The node whose output and receptive field the row shows."""
        return self.facts[-1]


def fold(analysis: Analysis, depth: int | None = None, live: Sequence[int] = ()) -> list[Group]:
    """Return the nodes in groups that share the first ``depth`` parts of their paths; each alone without a depth.

    A fold is a view: the sums over all groups are the totals. ``live`` is what is in memory after each node, if that
    is wanted.

    >>> import cnncalc
    >>> [group.path for group in fold(cnncalc.analyze(cnncalc.load("zoo:lenet5")), depth=1)][:2]
    ['conv1', 'avg_pool1']
    """
    if depth is None:
        groups = [Group(one.node.path, [one]) for one in analysis.facts]
    else:
        parts = groupby(analysis.facts, key=lambda one: ".".join(one.node.path.split(".")[:depth]))
        groups = [Group(path, list(group)) for path, group in parts]
    if not live:
        return groups
    each = iter(live)
    return [group._replace(live=max(next(each) for _ in group.facts)) for group in groups]
