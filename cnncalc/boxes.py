"""What one output position reads of an input along several axes at once: a union of boxes, one a path or several.

A path whose reads are empty along one axis reads nothing at all, so the axes cannot be asked one by one. A box need
not be full: along an axis it has the positions that are read, and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.channels import Part, readings
from cnncalc.pullback import TooManyPositions, rule_of, size_along
from cnncalc.slide import Span

Positions = range | frozenset[int]
Box = tuple[Positions, ...]
MOST_BOXES, MOST_POSITIONS = 64, 2**22
"""How many boxes a tensor may have, before one that holds all stands for them; and how many positions are listed."""


class Reads(NamedTuple):
    """The boxes that one position reads of an input; ``is_bound`` where it may read less than they hold."""

    boxes: Sequence[Box]
    is_bound: bool

    @property
    def hull(self) -> tuple[tuple[int, int], ...] | None:
        """The first and the last position along each axis of the smallest box that holds all; None for nothing."""
        if not self.boxes:
            return None
        return tuple((one[0], one[-1]) for one in _holding(self.boxes))


def read_at(
    analysis: Analysis,
    path: str,
    at: Sequence[int | range],
    axes: Sequence[int],
    *,
    of: str,
    endless: bool = False,
) -> Reads:
    """Return what a position of a node reads of an input along some axes, ``at`` having one number for each of them.

    Or what several do, where ``at`` has a range. *Endless*, every tensor goes on beyond its ends.

    >>> import cnncalc
    >>> branches = "[{conv: 1, kernel: [1, 5], padding: half}], [{conv: 1, kernel: [3, 1], padding: half}]"
    >>> analysis = cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, input: 1x9x9, layers: [{{concat: [{branches}]}}]}}"))
    >>> read_at(analysis, "concat1", (4, 4), (0, 1), of="input").boxes
    [(range(3, 6), range(4, 5)), (range(4, 5), range(2, 7))]
    """
    start = tuple(range(one, one + 1) if isinstance(one, int) else one for one in at)
    waiting: dict[Part, list[Box]] = {Part(path): [start]}
    is_bound = False
    for one in reversed(readings(analysis.facts, [path])):
        boxes = waiting.pop(one.part, None)
        if one.part == Part(path):
            is_bound = one.is_bound
        for operand, source in one.operands if boxes else ():
            found = [under for box in boxes or () if (under := _under(one.facts, operand, box, axes, endless))]
            if found:
                waiting[source] = _merged([*waiting.get(source, ()), *found])
                if len(waiting[source]) > MOST_BOXES:
                    waiting[source], is_bound = [_holding(waiting[source])], True
    return Reads(waiting.get(Part(of), []), is_bound)


def _under(one: Facts, operand: int, box: Box, axes: Sequence[int], endless: bool) -> Box | None:
    """Return the positions of an operand over which a box of a node stands; None where there are none of an axis."""
    found: list[Positions] = []
    for axis, positions in zip(axes, box, strict=True):
        size, rule = size_along(one.inputs[operand], axis), rule_of(one, operand, axis)
        under = range(size) if rule is None else _spread(rule, positions)
        if not endless:
            inside = range(size)
            under = _cut(under, size) if isinstance(under, range) else frozenset(p for p in under if p in inside)
        if not under:
            return None
        found.append(under)
    return tuple(found)


def _cut(positions: range, size: int) -> range:
    return range(max(0, positions.start), min(size, positions.stop))


def _spread(rule: Callable[[int], range], positions: Positions) -> Positions:
    """Return the positions under some positions."""
    if isinstance(rule, Span) and isinstance(positions, range):
        first, last = rule(positions[0])[0], rule(positions[-1])[-1]
        alone = rule.taps == 1 or rule.dilation == 1 or (rule.stride == 1 and len(positions) >= rule.dilation)
        dense = len(positions) == 1 or rule.stride == 1 or rule.stride <= rule.taps
        if alone and dense:
            return range(first, last + 1)
    _check(len(positions) * (rule.taps if isinstance(rule, Span) else 1))
    return _tidied({under for position in positions for under in rule(position)})


def _tidied(positions: set[int]) -> Positions:
    """Return positions as a range where they lie side by side."""
    if not positions:
        return range(0)
    first, last = min(positions), max(positions)
    return range(first, last + 1) if last - first + 1 == len(positions) else frozenset(positions)


def _merged(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes without those that lie in another; two that differ along one axis alone are one."""
    found: list[Box] = []
    for box in boxes:
        for index, other in enumerate(found):
            if all(map(_holds, other, box)):
                break
            differing = [axis for axis, (a, b) in enumerate(zip(box, other, strict=True)) if a != b]
            if len(differing) == 1 or all(map(_holds, box, other)):
                found[index] = tuple(map(_both, other, box))
                break
        else:
            found.append(box)
    return found


def _holds(outer: Positions, inner: Positions) -> bool:
    if isinstance(outer, range) and isinstance(inner, range):
        return outer[0] <= inner[0] and inner[-1] <= outer[-1]
    return len(inner) <= len(outer) and all(position in outer for position in inner)


def _both(one: Positions, two: Positions) -> Positions:
    if isinstance(one, range) and isinstance(two, range) and max(one[0], two[0]) <= min(one[-1], two[-1]) + 1:
        return range(min(one[0], two[0]), max(one[-1], two[-1]) + 1)
    _check(len(one) + len(two))
    return _tidied({*one, *two})


def _check(count: int) -> None:
    if count > MOST_POSITIONS:
        raise TooManyPositions(f"there are too many positions to look at ({count:,}, at most {MOST_POSITIONS:,})")


def _holding(boxes: Sequence[Box]) -> tuple[range, ...]:
    """Return the one full box that holds all."""
    along = [[_ends(positions) for positions in sides] for sides in zip(*boxes, strict=True)]
    return tuple(range(min(first for first, _ in ends), max(last for _, last in ends) + 1) for ends in along)


def _ends(positions: Positions) -> tuple[int, int]:
    return (positions[0], positions[-1]) if isinstance(positions, range) else (min(positions), max(positions))
