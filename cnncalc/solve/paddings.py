"""The paddings: the sums of both sides under which an axis fits, and which paddings with such a sum come first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from heapq import nsmallest
from itertools import count
from typing import NamedTuple

from cnncalc.solve.question import Axis, Setting, slide_of


class Fit(NamedTuple):
    """A kernel, stride and dilation with the sums of the padding on both sides under which all axes fit."""

    setting: Setting
    totals: Sequence[int]
    reach: int


def totals_of(axis: Axis, setting: Setting) -> range:
    """Return the sums of the padding on both sides, of at most reach - 1 each, under which an axis fits.

    >>> totals_of(Axis(32, kernel=5, stride=2, padding=None), Setting())
    range(1, 9, 2)
    """
    reach, stride = axis.reach(setting), axis.stride or setting.stride or 1
    bare = axis.size - reach
    least = max(0, -bare, stride - bare if axis.stride is None and stride > 1 else 0)
    most, exact = 2 * (reach - 1), axis.rounding == "exact"
    if axis.output is not None:
        wanted = (axis.output - 1) * stride - bare
        return range(max(wanted, least), min(wanted if exact else wanted + stride - 1, most) + 1)
    if exact:
        return range(least + -(bare + least) % stride, most + 1, stride)
    return range(least, most + 1)


def evens(totals: Sequence[int]) -> Sequence[int]:
    """Return the even ones of some sums: those of symmetric padding.

    >>> evens(range(1, 9, 3)), evens(range(1, 9, 2))
    (range(4, 9, 6), range(0, 0))
    """
    if not isinstance(totals, range):
        return [total for total in totals if total % 2 == 0]
    if totals.step % 2:
        return range(totals.start + totals.start % 2 * totals.step, totals.stop, 2 * totals.step)
    return range(0) if totals.start % 2 else totals


def pairs(total: int, reach: int) -> int:
    """Return how many paddings, each side at most reach - 1, have a sum.

    >>> pairs(3, reach=5), pairs(7, reach=5)
    (4, 2)
    """
    return min(total + 1, 2 * reach - 1 - total)


def rank_padded(axes: Sequence[Axis], setting: Setting) -> int:
    """Return how usual an answer is: 0 keeps the size, 1 is half padding or `same`, 2 any other, 3 skips positions."""
    slides = [slide_of(axis, setting) for axis in axes]
    if all(slide.windows() == slide.size for slide in slides):
        return 0
    if any(slide.stride > slide.reach for slide in slides):
        return 3
    usual = all(
        setting.padding in (_half(slide.reach), _same(axis, slide.reach, slide.stride))
        for axis, slide in zip(axes, slides, strict=True)
    )
    return 1 if usual else 2


def uneven(
    axes: Sequence[Axis], fits: Sequence[Fit], most: int, order: Callable[[Setting], tuple[int, ...]]
) -> list[Setting]:
    """Return the first ``most`` where no symmetric padding fits: sides that differ by one, by three, and so on.

    Every sum is odd then, and with it how far the sides are apart.
    """
    found: list[Setting] = []
    for apart in count(1, 2):
        inside = [_between(fit, apart) for fit in fits]
        inside = [fit for fit in inside if fit.totals]
        if not inside or len(found) >= most:
            return found
        found += nsmallest(most - len(found), paddings(axes, inside, most, apart), key=order)
    return found


def _between(fit: Fit, apart: int) -> Fit:
    """Return a fit with the sums that two sides, so far apart and each at most reach - 1, can have."""
    first, last = bisect_left(fit.totals, apart), bisect_right(fit.totals, 2 * (fit.reach - 1) - apart)
    return fit._replace(totals=fit.totals[first:last])


def paddings(axes: Sequence[Axis], fits: Sequence[Fit], most: int, apart: int = 0) -> Iterator[Setting]:
    """Yield of each fit what can be among the first ``most``: the smallest paddings, and those with their own rank."""
    for setting, totals, _ in fits:
        special = {total for axis in axes for total in _special(axis, setting, most) if total in totals}
        for total in special.union(totals[:most]):
            less, more = (total - apart) // 2, (total + apart) // 2
            for padding in {(less, more), (more, less)}:
                yield setting._replace(padding=padding)


def _special(axis: Axis, setting: Setting, most: int) -> Iterator[int]:
    """Yield the sums of half padding, of `same`, and those that keep the size."""
    reach, stride = axis.reach(setting), axis.stride or setting.stride or 1
    yield sum(_half(reach))
    yield sum(_same(axis, reach, stride))
    keeps = (axis.size - 1) * stride - axis.size + reach
    yield from range(keeps, keeps + min(stride, 2 * most))


def _half(reach: int) -> tuple[int, int]:
    return reach // 2, reach // 2


def _same(axis: Axis, reach: int, stride: int) -> tuple[int, int]:
    return axis._replace(padding="same").amounts(reach, stride)
