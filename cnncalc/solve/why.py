"""Why there is no answer, or no symmetric one, in the formula's numbers; and the nearest questions that have one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from cnncalc.solve.question import Axis, Setting, bounds, slide_of
from cnncalc.solve.search import Answers, answers, given, padded

NAMES = {"kernel": "kernel", "stride": "S", "padding": "P", "dilation": "dilation"}
"""What a reason calls the settings: by the formula's letters, where it has them."""
FAR = 1_000
EFFORT = 50_000
"""How many settings are tried to find a near question that has an answer."""


class Near(NamedTuple):
    """A question near to one without an answer, what was changed, ``size``, ``output`` or ``rounding``, and answers."""

    changed: str
    axes: tuple[Axis, ...]
    answers: tuple[Answers, ...]
    """One for all axes together, or one for each."""


def formula(axis: Axis) -> str:
    """Return the output size of an axis with its numbers, and letters for what is asked.

    >>> formula(Axis(32, kernel=5, stride=2, padding=None, output=16))
    '(W - F + 2P)/S + 1 = (32 - 5 + 2P)/2 + 1 = 16'
    """
    known = axis.kernel is not None and axis.dilation is not None
    reach = str(axis.reach(Setting())) if known else "F"
    stride = "S" if axis.stride is None else str(axis.stride)
    wanted = "" if axis.output is None else f" = {axis.output}"
    padding = axis.padding_term
    if isinstance(axis.padding, tuple):
        before, after = axis.padding
        padding = f"2*{before}" if before == after else f"{before} + {after}"
    return f"(W - F + {axis.padding_term})/S + 1 = ({axis.size} - {reach} + {padding})/{stride} + 1{wanted}"


def reason(axis: Axis) -> str:
    """Return why no setting fits an axis, or no symmetric padding where that is asked for.

    >>> reason(Axis(32, kernel=5, stride=2, padding=None))
    '32 - 5 + 2P = 27 + 2P is odd whatever P is, and S = 2 is even'
    >>> reason(Axis(32, kernel=5, padding=None, output=64))
    '2P = (64 - 1)*1 - 32 + 5 = 36 must be at most 2*(F - 1) = 8'
    """
    if axis.asked == ("padding",):
        return _no_padding(axis) if axis.output is None else _no_padding_for(axis, axis.output)
    if isinstance(axis.padding, tuple) and None not in (axis.kernel, axis.dilation):
        room = axis.padded - axis.reach(Setting())
        if room < 0:
            return f"F = {axis.reach(Setting())} must not exceed the padded input, {axis.padded}"
        if axis.asked == ("stride",) and axis.is_exact and axis.output not in (None, 1):
            return f"S = {room}/({axis.output} - 1) = {Fraction(room, (axis.output or 2) - 1)} must be a whole number"
    limits = ", ".join(
        f"{NAMES[name]} from {0 if name == 'padding' else 1} to {limit}" for name, limit in bounds([axis]).items()
    )
    wanted = "a whole number" if axis.output is None else f"= {axis.output}"
    return f"no {limits} makes {formula(axis._replace(output=None)).partition(' = ')[2]} {wanted}"


def _no_padding(axis: Axis) -> str:
    reach, stride = axis.reach(Setting()), axis.stride or 1
    bare = axis.size - reach
    if stride % 2 == 0 and bare % 2:
        return f"{axis.size} - {reach} + 2P = {bare} + 2P is odd whatever P is, and S = {stride} is even"
    if reach == 1:
        return f"F = 1 leaves P = 0, and {axis.size} - 1 = {bare} is no multiple of S = {stride}"
    return f"no P from 0 to {reach - 1} makes {axis.size} - {reach} + 2P = {bare} + 2P a multiple of S = {stride}"


def _no_padding_for(axis: Axis, output: int) -> str:
    reach, stride = axis.reach(Setting()), axis.stride or 1
    least = (output - 1) * stride - axis.size + reach
    most = least if axis.is_exact else least + stride - 1
    asks = f"2P = ({output} - 1)*{stride} - {axis.size} + {reach} = {least}"
    if most < 0:
        said = f": without padding the output is {(axis.size - reach) // stride + 1}" if axis.size >= reach else ""
        return f"{asks if least == most else f'{asks} to {most}'} is below 0{said}"
    if least > 2 * (reach - 1):
        return f"{asks} must be at most 2*(F - 1) = {2 * (reach - 1)}"
    return f"{asks} is odd"


def nearest(axes: Sequence[Axis]) -> Iterator[Near]:
    """Yield the questions nearest to one without an answer that have one: other outputs, inputs, and rounding down.

    Rounding down is for those who pad both sides alike; padding that does not fits without it.

    >>> [(near.changed, near.axes[0].size) for near in nearest([Axis(8, kernel=1, stride=3, padding=None)])]
    [('size', 7), ('size', 10), ('rounding', 8)]
    """
    without = [axis for axis in dict.fromkeys(axes) if not _has_answer(axis)]
    for changed, moved in (("output", _other_outputs), ("size", _other_sizes)):
        if without and (changed == "size" or any(axis.output is not None for axis in axes)):
            others = {axis: moved(axis) for axis in without}
            for side in (0, 1):
                yield from _answered(changed, [others[axis][side] if axis in others else axis for axis in axes])
    if any(axis.is_exact for axis in axes):
        floored = _answered("rounding", [axis._replace(rounding="floor") for axis in axes])
        yield from (near for near in floored if all(own.symmetric for own in near.answers))


def _answered(changed: str, axes: Sequence[Axis | None]) -> Iterator[Near]:
    known = [axis for axis in axes if axis is not None]
    if len(known) < len(axes):
        return
    together = answers(known, 1)
    each = (together,) if together.number and together.symmetric else tuple(answers([axis], 1) for axis in known)
    if all(one.number for one in each):
        yield Near(changed, tuple(known), each)


def _has_answer(axis: Axis) -> bool:
    if "padding" in axis.asked:
        return any(len(fit.totals) for fit in padded([axis]))
    return any(True for _ in given([axis]))


def _other_outputs(axis: Axis) -> tuple[Axis | None, Axis | None]:
    """Return the axis with the nearest smaller and the nearest larger output that it can have."""
    wanted, free = axis.output or 0, axis._replace(output=None)
    outputs = set(_outputs(free, wanted))
    less = max((output for output in outputs if output < wanted), default=None)
    more = min((output for output in outputs if output > wanted), default=None)
    below, above = (output and axis._replace(output=output) for output in (less, more))
    return below or None, above or None


def _outputs(axis: Axis, wanted: int) -> Iterator[int]:
    """Yield the sizes that can come out along an axis; of those that padding tells apart, the nearest to the wanted."""
    if "padding" not in axis.asked:
        for _, kernel, stride, dilation in given([axis]):
            yield slide_of(axis, Setting(kernel, stride, None, dilation)).windows()
        return
    for setting, totals, reach in padded([axis]):
        stride = axis.stride or setting.stride or 1
        for far in (wanted - 1, wanted):
            index = bisect_left(totals, far * stride - axis.size + reach)
            for total in totals[max(0, index - 1) : index + 1]:
                yield (axis.size - reach + total) // stride + 1


def _other_sizes(axis: Axis) -> tuple[Axis | None, Axis | None]:
    """Return the axis with the nearest smaller and the nearest larger input that has an answer, if it is not far."""
    tries = min(FAR, EFFORT // prod(limit for name, limit in bounds([axis]).items() if name != "padding"))
    below = (axis._replace(size=axis.size - far) for far in range(1, min(tries, axis.size - 1) + 1))
    above = (axis._replace(size=axis.size + far) for far in range(1, tries + 1))
    return next(filter(_has_answer, below), None), next(filter(_has_answer, above), None)
