"""A number that no known tool prints, as a sum: the MACs and some operations for each norm, activation, pool, bias."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.layers.activation import Activation
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import elements
from cnncalc.layers.linear import Linear
from cnncalc.layers.merge import Elementwise
from cnncalc.layers.norm import Norm
from cnncalc.layers.pool import Pool
from cnncalc.layers.window import Window
from cnncalc.reconcile.countings import Counting
from cnncalc.reconcile.quote import Quote

LEAST_DIGITS = 6
"""With fewer digits than these, too many sums would give any number."""


class Term(NamedTuple):
    """Something that may be counted beside the MACs: what it is, how often an element may count, what each op adds."""

    says: str
    times: tuple[int, ...]
    parts: Mapping[str, int]


def sums(quoted: Quote, analysis: Analysis) -> Iterator[Counting]:
    """Yield the sums that give a number, those of the fewest terms first.

    >>> import cnncalc
    >>> from cnncalc.reconcile.quote import quote
    >>> analysis = cnncalc.analyze(cnncalc.load("zoo:resnet50"))
    >>> [one.name for one in sums(quote("4121020928"), analysis)]
    ['1 for each MAC and 2 for each norm output and 1 for each activation output']
    """
    if quoted.digits < LEAST_DIGITS:
        return
    given = [term for term in terms(analysis) if any(term.parts.values())]
    totals = [sum(term.parts.values()) for term in given]
    macs = Counter[str]()
    for one in analysis.facts:
        macs[one.node.op] += one.macs
    found = []
    for times in product((1, 2), *(term.times for term in given)):
        total = times[0] * analysis.totals.macs + sum(n * t for n, t in zip(times[1:], totals, strict=True))
        if quoted.rounds(total):  # type: ignore[arg-type]
            found.append(times)
    for times in sorted(found, key=lambda one: (sum(map(bool, one[1:])), sum(one)))[:3]:
        parts = Counter({op: times[0] * count for op, count in macs.items() if count})
        said = [f"{times[0]} for each MAC"]
        for n, term in zip(times[1:], given, strict=True):
            if n:
                parts.update({op: n * count for op, count in term.parts.items()})
                said.append(f"{n} for each {term.says}")
        yield Counting(" and ".join(said), "operations", dict(parts), 3)


def terms(analysis: Analysis) -> Iterator[Term]:
    """Yield what may be counted beside the MACs."""

    def part(says: str, times: tuple[int, ...], kinds: tuple[type, ...], of: Callable[[Facts], int]) -> Term:
        found = Counter[str]()
        for one in analysis.facts:
            if isinstance(one.node.layer, kinds):
                found[one.node.op] += of(one)
        return Term(says, times, found)

    yield part("bias of a linear layer", (0, 1), (Linear,), lambda one: one.shape[0] if "bias" in one.parameters else 0)
    yield part("output of a convolution with a bias", (0, 1), (Window,), biased)
    yield part("norm output", (0, 1, 2, 4, 5), (Norm,), outputs)
    yield part("activation output", (0, 1, 2), (Activation,), outputs)
    yield part("element that is added or multiplied", (0, 1), (Elementwise,), outputs)
    for says, of in (("pool input", inputs), ("pool output", outputs)):
        yield part(says, (0, 1), (Pool,), of)
    for says, of in (("input of an adaptive pool", inputs), ("output of an adaptive pool", outputs)):
        yield part(says, (0, 1), (Binned,), of)


def outputs(one: Facts) -> int:
    """Return the elements of a node's output."""
    return elements(one.shape)


def inputs(one: Facts) -> int:
    """Return the elements of a node's first input."""
    return elements(one.inputs[0])


def biased(one: Facts) -> int:
    """Return the outputs to which a bias is added."""
    return elements(one.shape) if one.macs and "bias" in one.parameters else 0
