"""The search: every setting under which ``(W - F + 2P)/S + 1`` is whole, or the wanted size, counted exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import product
from typing import NamedTuple

from cnncalc.slide import Slide
from cnncalc.solve.paddings import Fit, evens, paddings, pairs, rank_padded, totals_of, uneven
from cnncalc.solve.question import Axis, Setting, bounds, slide_of

Optional = int | None


class Answers(NamedTuple):
    """The settings that fit along all of some axes: how many there are, and the first of them."""

    axes: tuple[Axis, ...]
    number: int
    first: tuple[Setting, ...]
    symmetric: bool = True
    """Whether padding is the same on both sides; it is not only where no such padding fits."""

    def slides(self, setting: Setting) -> tuple[Slide, ...]:
        """Return the slides, one an axis, of one of the answers."""
        return tuple(slide_of(axis, setting) for axis in self.axes)


class Solution(NamedTuple):
    """The answers that serve all axes at once, and, where the axes differ, those of each by itself."""

    together: Answers
    each: tuple[Answers, ...]

    @property
    def solved(self) -> bool:
        """Whether there is an answer."""
        return bool(self.together.number) or (bool(self.each) and all(own.number for own in self.each))


def solve(axes: Sequence[Axis], most: int = 12) -> Solution:
    """Return what fits, the first ``most`` of each list: what keeps the size, then the usual padding, then the rest.

    Asymmetric padding answers only where no symmetric one does, be it one for each axis.

    Raises UsageError for a question with too many values to try.

    >>> solve([Axis(32, kernel=5, padding=None)]).together.first[0]
    Setting(kernel=None, stride=None, padding=(2, 2), dilation=None)
    >>> solve([Axis(32, kernel=5, stride=2, padding=None)] * 2).together.first[0].padding  # TensorFlow's `same`
    (1, 2)
    """
    together = answers(axes, most)
    if len(set(axes)) == 1:
        return Solution(together, ())
    each = tuple(answers([axis], most) for axis in axes)
    if not together.symmetric and all(own.symmetric and own.number for own in each):
        together = Answers(tuple(axes), 0, ())
    return Solution(together, each)


def answers(axes: Sequence[Axis], most: int) -> Answers:
    """Return the settings that fit along all the axes at once: symmetric ones, or, where there are none, the others."""
    distinct = tuple(dict.fromkeys(axes))
    if "padding" not in axes[0].asked:
        ranked = sorted(given(distinct))
        first = tuple(Setting(kernel, stride, None, dilation) for _, kernel, stride, dilation in ranked[:most])
        return Answers(tuple(axes), len(ranked), first)

    def order(setting: Setting) -> tuple[int, ...]:
        before, after = setting.padding or (0, 0)
        values = setting.kernel or 0, setting.stride or 0, setting.dilation or 0
        return abs(before - after), rank_padded(distinct, setting), *values, before + after, before

    found = list(padded(distinct))
    symmetric = [fit._replace(totals=evens(fit.totals)) for fit in found]
    number = sum(len(fit.totals) for fit in symmetric)
    if not number and (number := sum(pairs(total, fit.reach) for fit in found for total in fit.totals)):
        return Answers(tuple(axes), number, tuple(uneven(distinct, found, most, order)), False)
    return Answers(tuple(axes), number, tuple(nsmallest(most, paddings(distinct, symmetric, most), key=order)))


def _tried(axes: Sequence[Axis]) -> Iterator[tuple[Optional, Optional, Optional]]:
    """Yield every kernel, stride and dilation within the bounds, None for what is given."""
    limits = bounds(axes)
    kernels, strides, dilations = (
        range(1, limits[name] + 1) if name in limits else (None,) for name in ("kernel", "stride", "dilation")
    )
    for kernel, stride, dilation in product(kernels, strides, dilations):
        if kernel != 1 or dilation in (None, 1):  # one tap has nothing to keep apart
            yield kernel, stride, dilation


def given(axes: Sequence[Axis]) -> Iterator[tuple[int, Optional, Optional, Optional]]:
    """Yield what fits where the padding is given: its rank, and the values.

    Rank 0 keeps the size, 2 is any other, 3 skips positions. Plain numbers, for there can be a million to try.
    """
    plain = [(axis, sum(axis.padding) if isinstance(axis.padding, tuple) else None) for axis in axes]
    for kernel, stride, dilation in _tried(axes):
        keeps, skips = True, False
        for axis, amount in plain:
            step = stride or axis.stride or 1
            reach = (dilation or axis.dilation or 1) * ((kernel or axis.kernel or 1) - 1) + 1
            if amount is None and (kernel or dilation) and reach > axis.size:
                break
            room = axis.size - reach + (sum(axis.amounts(reach, step)) if amount is None else amount)
            if room < 0 or (room % step and axis.is_exact) or (stride and step > (room or 1)):
                break
            windows = room // step + 1
            if axis.output not in (None, windows):
                break
            keeps, skips = keeps and windows == axis.size, skips or step > reach
        else:
            yield 0 if keeps else 3 if skips else 2, kernel, stride, dilation


def padded(axes: Sequence[Axis]) -> Iterator[Fit]:
    """Yield what fits where the padding is asked for."""
    for kernel, stride, dilation in _tried(axes):
        setting = Setting(kernel, stride, None, dilation)
        reaches = [axis.reach(setting) for axis in axes]
        if (kernel or dilation) and any(reach > axis.size for reach, axis in zip(reaches, axes, strict=True)):
            continue
        first, *others = {totals_of(axis, setting) for axis in axes}
        yield Fit(setting, sorted(set(first).intersection(*others)) if others else first, min(reaches))
