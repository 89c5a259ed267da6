"""The ways to count one network: what each tool prints, and the mistakes that are made by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.errors import DoesNotCompute
from cnncalc.layers.base import elements
from cnncalc.profiles import amounts, names, read

OWN = "mac-v1"
BYTES = {"fp32": 4, "fp16": 2, "int8": 1}


class Counting(NamedTuple):
    """One way to count a network: its name, what it counts, the total, and what each op adds to it.

    ``cost`` is how far-fetched it is: 0 for the project's own count, 1 for a tool's, 2 for a slip.
    """

    name: str
    counts: str
    parts: Mapping[str, int]
    cost: int
    truth: str = ""

    @property
    def total(self) -> int:
        """The number in all."""
        return sum(self.parts.values())


def countings(analysis: Analysis) -> Iterator[Counting]:
    """Yield every way to count a network of which something is known, the plainest first."""
    yield from tools(analysis)
    yield from slips(analysis)
    yield from sizes(analysis)


def tools(analysis: Analysis) -> Iterator[Counting]:
    """Yield what each tool prints, and the project's own FLOPs; not what a profile has no number for."""
    for name in names():
        profile = read(name)
        try:
            parts = by_op(analysis, amounts(profile, analysis))
        except DoesNotCompute:  # beyond the 64 bits of a profile's formulas
            continue
        yield Counting(name, "operations", parts, 0 if name == OWN else 1, profile.truth)
    flops = by_op(analysis, [one.flops for one in analysis.facts])
    yield Counting(f"{OWN} FLOPs", "operations", flops, 1, "2*MACs and the other operations that each layer lists")


def slips(analysis: Analysis) -> Iterator[Counting]:
    """Yield the MACs as they come out where something is forgotten, or is counted too."""
    facts = analysis.facts
    last = next((one for one in facts[::-1] if one.macs), None)
    outside = [one for one in facts if one is not last]
    convs = [one for one in facts if one.node.op not in ("linear",)]
    dense = {one.node.path: one.macs * getattr(one.node.layer, "groups", 1) for one in facts}
    said: list[tuple[str, Callable[[Facts], int]]] = [
        ("MACs without the classifier", lambda one: one.macs if one in outside else 0),
        ("MACs of the convolutions alone", lambda one: one.macs if one in convs else 0),
        ("MACs without the taps on padding", lambda one: one.macs_on_input if one.macs else 0),
        ("MACs and one addition for each bias", lambda one: one.macs + _biases(one)),
        ("MACs with groups=1 everywhere", lambda one: dense[one.node.path]),
    ]
    for name, of in said:
        parts = by_op(analysis, [of(one) for one in facts])
        if sum(parts.values()) != analysis.totals.macs:
            yield Counting(name, "operations", parts, 2)


def sizes(analysis: Analysis) -> Iterator[Counting]:
    """Yield the parameters, the activations and the bytes, whole and with something left out."""
    facts = analysis.facts
    last = next((one for one in facts[::-1] if one.params and one.macs), None)
    said: list[tuple[str, str, int, Callable[[Facts], int]]] = [
        ("params", "params", 0, lambda one: one.params),
        ("params and buffers", "params", 1, lambda one: one.params + one.buffers),
        ("params without the classifier", "params", 1, lambda one: 0 if one is last else one.params),
        ("params without the linear layers", "params", 1, lambda one: 0 if one.node.op == "linear" else one.params),
        (
            "params without biases",
            "params",
            2,
            lambda one: one.params - _learned(one, "bias") if one.macs else one.params,
        ),
        ("params of the layers with MACs", "params", 2, lambda one: one.params if one.macs else 0),
        (
            "weights alone, without biases and norms",
            "params",
            2,
            lambda one: _learned(one, "weight") if one.macs else 0,
        ),
        ("outputs of the layers with MACs", "activations", 0, lambda one: one.activations),
        ("outputs of all layers", "activations", 1, lambda one: elements(one.shape)),
    ]
    for name, counts, cost, of in said:
        yield Counting(name, counts, by_op(analysis, [of(one) for one in facts]), cost)
    for dtype, width in BYTES.items():
        parts = by_op(analysis, [width * (one.params + one.buffers) for one in facts])
        yield Counting(f"bytes of the params and buffers in {dtype}", "bytes", parts, 0 if width == 4 else 1)


def by_op(analysis: Analysis, added: list[int]) -> dict[str, int]:
    """Return what the nodes of each op add together, the ops in the network's order."""
    found: Counter[str] = Counter()
    for one, amount in zip(analysis.facts, added, strict=True):
        if amount:
            found[one.node.op] += amount
    return dict(found)


def _biases(one: Facts) -> int:
    return elements(one.shape) if one.macs and "bias" in one.parameters else 0


def _learned(one: Facts, name: str) -> int:
    return elements(one.parameters[name]) if one.params and name in one.parameters else 0
