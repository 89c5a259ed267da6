"""What ``cnncalc memory`` prints of a network, as ways to count it: its tensors, their peak, with the weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from cnncalc.analysis import Analysis
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import elements
from cnncalc.liveness import storage
from cnncalc.memory.activations import activations
from cnncalc.reconcile.countings import Counting

WIDTH = 4
"""Bytes of a number in fp32."""


def held(analysis: Analysis) -> Iterator[Counting]:
    """Yield the tensors of a network, in memory of their own and in place: all, and those at the peak.

    >>> import cnncalc
    >>> {one.name: one.total for one in held(cnncalc.analyze(cnncalc.load("zoo:resnet50")))}["peak in place in fp32"]
    7225344
    """
    if analysis.graph.least:
        return
    ops = {one.node.path: one.node.op for one in analysis.facts}
    weights = sum(one.params + one.buffers for one in analysis.facts)
    idle = [one for one in analysis.facts if isinstance(one.node.layer, Binned) and one.inputs[0] == one.shape]
    for in_place, how in ((False, ""), (True, " in place")):
        pieces = storage(analysis, in_place=in_place, keep_inputs=False)
        found = activations(analysis, pieces, 1)
        whole = {"tensors": found.total}
        at_peak = Counter[str]()
        for tensor in found.alive:
            at_peak[ops.get(tensor.path, "input")] += tensor.bytes
        yield from _counted(f"tensors{how}, inputs included", whole, 1)
        if idle:
            kept = found.total - sum(elements(one.shape) for one in idle)
            said = f"tensors{how}, inputs included, pools that change nothing left out"
            yield from _counted(said, {"tensors": kept}, 2)
        yield from _counted(f"peak{how}", at_peak, 1)
        both = {"weights": WIDTH * weights, "tensors": WIDTH * found.peak}
        yield Counting(f"weights and peak{how} in fp32", "bytes", both, 1)


def _counted(name: str, parts: Mapping[str, int], cost: int) -> Iterator[Counting]:
    yield Counting(name, "activations", parts, cost)
    yield Counting(f"{name} in fp32", "bytes", {op: WIDTH * count for op, count in parts.items()}, cost)
