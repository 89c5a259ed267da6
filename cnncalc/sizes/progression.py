"""Sets of sizes as arithmetic progressions, and how they read: ``188 + 16k``, ``all from 32 on``, ``3 to 9, 12``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

NEAR = 48
"""How many steps back from the largest size a common step is looked for."""


@dataclass(frozen=True, slots=True)
class Progression:
    """The sizes ``first + step*k``, up to ``last`` and with it; without end where that is None.

    >>> list(Progression(3, 4, 11))
    [3, 7, 11]
    """

    first: int
    step: int
    last: int | None

    def __iter__(self) -> Iterator[int]:
        size = self.first
        while self.last is None or size <= self.last:
            yield size
            size += self.step

    def __contains__(self, size: object) -> bool:
        if not isinstance(size, int) or size < self.first or (self.last is not None and size > self.last):
            return False
        return (size - self.first) % self.step == 0

    def nearest(self, size: int) -> int:
        """Return the member nearest to a size, the smaller of two.

        >>> Progression(188, 16, None).nearest(572), Progression(3, 4, 11).nearest(50)
        (572, 11)
        """
        steps = max(0, -(-(2 * (size - self.first) - self.step) // (2 * self.step)))
        found = self.first + steps * self.step
        return found if self.last is None else min(found, self.last)


class Cycle(NamedTuple):
    """The sizes of a set from ``since`` on: those whose remainder by ``period`` is among some."""

    period: int
    since: int
    remainders: Collection[int]


def progressions(sizes: Collection[int], cycle: Cycle | None = None) -> tuple[Progression, ...]:
    """Return a set as few progressions, those without end last; what fits none stands as a progression of one.

    ``sizes`` are the members, with a ``cycle`` those from its ``since`` on may be left out.

    >>> progressions([1, 188, 204, 220], Cycle(16, since=224, remainders=[12]))
    (Progression(first=1, step=1, last=1), Progression(first=188, step=16, last=None))
    >>> progressions([3, 4, 5, 6, 10, 20, 30, 40])
    (Progression(first=3, step=1, last=6), Progression(first=10, step=10, last=40))
    """
    endless = endless_ones(set(sizes), cycle) if cycle else []
    rest = sorted(size for size in sizes if not any(size in one for one in endless))
    return (*ordered(finite(rest)), *ordered(endless))


def endless_ones(sizes: set[int], cycle: Cycle) -> list[Progression]:
    """Return the progressions of a cycle under its smallest step, each from as far down as the set has it."""
    members = set(cycle.remainders)
    step = next(
        step
        for step in range(1, cycle.period + 1)
        if cycle.period % step == 0 and all((one + step) % cycle.period in members for one in members)
    )
    found = []
    for remainder in {one % step for one in members}:
        first = cycle.since + (remainder - cycle.since) % step
        while first - step in sizes:
            first -= step
        found.append(Progression(first, step, None))
    return found


def ordered(found: Iterable[Progression]) -> list[Progression]:
    """Return progressions by their first size."""
    return sorted(found, key=lambda one: (one.first, one.step))


def finite(sizes: Sequence[int]) -> list[Progression]:
    """Return an ascending list as progressions, the longest first; fewer than three sizes make none."""
    left, found = set(sizes), []
    while len(left) > 2:
        rest = sorted(left)
        steps = {b - a for a, b in pairwise(rest)} | {rest[-1] - size for size in rest[-1 - NEAR : -1]}
        runs = (run for step in sorted(steps) for run in _runs(rest, left, step))
        longest = max(runs, key=lambda run: (run.last - run.first) // run.step)  # type: ignore[operator] # it has one
        if longest.first + longest.step == longest.last:
            break
        found.append(longest)
        left.difference_update(longest)
    return found + [Progression(size, 1, size) for size in left]


def _runs(ordered: Sequence[int], members: set[int], step: int) -> Iterator[Progression]:
    for first in ordered:
        if first - step not in members and first + step in members:
            last = first + step
            while last + step in members:
                last += step
            yield Progression(first, step, last)


def text(found: Sequence[Progression]) -> str:
    """Return progressions as they are read; those of one step and one end stand together.

    >>> text([Progression(7, 1, 7), Progression(9, 1, 12), Progression(20, 4, 40), Progression(50, 4, None)])
    '7, 9 to 12, 20 + 4k up to 40, 50 + 4k'
    >>> text([Progression(32, 1, None)]), text([Progression(33, 8, None), Progression(34, 8, None)]), text([])
    ('all from 32 on', '(33, 34) + 8k', 'none')
    """
    parts = [_group_text(group) for group in _groups(found)]
    return ", ".join(parts) or "none"


def _groups(found: Sequence[Progression]) -> list[list[Progression]]:
    """Return the progressions in groups of one step, of which each ends before the others could go on."""
    groups: list[list[Progression]] = []
    for one in found:
        group = groups[-1] if groups else []
        if group and 1 < one.step == group[0].step and _end_together([*group, one]):
            group.append(one)
        else:
            groups.append([one])
    return groups


def _end_together(group: Sequence[Progression]) -> bool:
    ends = [one.last for one in group if one.last is not None]
    return not ends or (len(ends) == len(group) and max(ends) - min(ends) < group[0].step)


def _group_text(group: Sequence[Progression]) -> str:
    first, step, last = group[0].first, group[0].step, group[0].last
    if step == 1 or first == last:
        if last is None:
            return f"all from {first} on"
        return str(first) if first == last else f"{first} to {last}" if last - first > 1 else f"{first}, {last}"
    firsts = text(ordered(finite_runs([one.first for one in group])))
    ends = [one.last for one in group if one.last is not None]
    return f"{firsts if len(group) == 1 else f'({firsts})'} + {step}k" + (f" up to {max(ends)}" if ends else "")


def finite_runs(sizes: Sequence[int]) -> list[Progression]:
    """Return neighbouring sizes as runs.

    >>> finite_runs([3, 4, 5, 9])
    [Progression(first=3, step=1, last=5), Progression(first=9, step=1, last=9)]
    """
    members = set(sizes)
    runs = list(_runs(sorted(members), members, 1))
    return runs + [Progression(size, 1, size) for size in sorted(members) if not {size - 1, size + 1} & members]
