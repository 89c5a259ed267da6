"""How long a device needs for each layer at least: the roofline of Williams, Waterman and Patterson (2009)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import UsageError
from cnncalc.layers.base import elements
from cnncalc.memory.dtypes import BYTES

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis, Facts
    from cnncalc.folding import Group
    from cnncalc.memory.devices import Device


class Row(NamedTuple):
    """One layer, or neighbours together: bytes moved, FLOPs, and the least seconds that each of the two takes.

    ``seconds`` is the sum over the nodes of the longer of the two; ``memory_bound`` what of it is theirs that wait
    for memory.
    """

    path: str
    op: str
    bytes: int
    flops: int
    seconds: Fraction
    memory_bound: Fraction

    @property
    def intensity(self) -> Fraction | None:
        """FLOPs for each byte; None where nothing moves."""
        return Fraction(self.flops, self.bytes) if self.bytes else None

    @property
    def bound(self) -> str:
        """What most of the time is waited for: compute or memory; nothing where no time is taken."""
        if not self.seconds:
            return ""
        return "memory" if 2 * self.memory_bound > self.seconds else "compute"


class Roofline(NamedTuple):
    """A network on a device: its rows, their sums, and how many layers of those that take time wait for memory."""

    device: Device
    dtype: str
    rows: Sequence[Row]
    total: Row
    waiting: int
    layers: int

    @property
    def ridge(self) -> Fraction:
        """The FLOPs for each byte from which on a layer waits for the arithmetic."""
        return self.device.rate(self.dtype) / self.device.bandwidth


def traffic(facts: Facts, dtype: str = "fp32") -> int:
    """Return the bytes that a layer moves for the batch: its inputs, its output and its weights; a view none.

    >>> import cnncalc
    >>> traffic(cnncalc.analyze(cnncalc.load("zoo:lenet5")).facts[0])  # 4 * (1024 + 4704 + 156)
    23536
    """
    if facts.node.layer.is_view:
        return 0
    moved = facts.batch * (sum(map(elements, facts.inputs)) + elements(facts.shape))
    return BYTES[dtype] * (moved + weight_elements(facts))


def weight_elements(facts: Facts) -> int:
    """Return the elements of a layer's params and buffers, those that it shares too."""
    buffers = facts.node.layer.buffers(facts.inputs)
    return sum(map(elements, (*facts.parameters.values(), *buffers.values())))


def roofline(analysis: Analysis, groups: Sequence[Group], device: Device, dtype: str) -> Roofline:
    """Return the least time that a device takes for each group of layers, and in all.

    Each layer reads its inputs and weights from memory and writes its output there: nothing stays in a cache, and
    nothing is fused. Raises UsageError where the device does not have the dtype, or the sizes have symbols.
    """
    if analysis.graph.least:
        raise UsageError(f"roofline needs numbers: {', '.join(analysis.graph.least)} must be given a value, with --set")
    rate = device.rate(dtype)
    by_path = {one.node.path: timed(one, rate, device.bandwidth, dtype) for one in analysis.facts}
    found = [one for one in by_path.values() if one.seconds]
    rows = [
        summed(group.path, ops_of(group.facts), [by_path[one.node.path] for one in group.facts]) for group in groups
    ]
    waiting = sum(one.bound == "memory" for one in found)
    return Roofline(device, dtype, rows, summed("total", "", rows), waiting, len(found))


def timed(facts: Facts, rate: Fraction, bandwidth: Fraction, dtype: str) -> Row:
    """Return one layer with the longer of its two times."""
    moved = traffic(facts, dtype)
    computing, moving = facts.flops / rate, moved / bandwidth
    waits = moving > computing
    return Row(
        facts.node.path, facts.node.op, moved, facts.flops, max(computing, moving), moving if waits else Fraction(0)
    )


def summed(path: str, op: str, rows: Iterable[Row]) -> Row:
    """Return several rows as one."""
    rows = list(rows)
    return Row(
        path,
        op,
        sum(one.bytes for one in rows),
        sum(one.flops for one in rows),
        sum((one.seconds for one in rows), Fraction(0)),
        sum((one.memory_bound for one in rows), Fraction(0)),
    )


def ops_of(facts: Sequence[Facts]) -> str:
    """Return what a row's layers are: the op of one, how many of several."""
    return facts[0].node.op if len(facts) == 1 else f"{len(facts)} layers"
