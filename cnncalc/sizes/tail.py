"""What is proved of all sizes from some bound on: the network walked with ``remainder + period*k`` for a size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from math import lcm
from typing import Any, NamedTuple

from cnncalc.errors import LayerError, ShapeMismatch, TooLarge, Undecidable
from cnncalc.graph import Graph
from cnncalc.layers.base import Layer, Shape, elements
from cnncalc.layers.reorder import Reshape
from cnncalc.sizes.sweep import Inputs, Refusal, shape_or_error, sweep

LONGEST = 2_048
"""The longest period that is tried."""
MULTIPLES = 512


class Tail(NamedTuple):
    """What becomes of each size from ``since`` on: it depends on the remainder by ``period`` alone."""

    period: int
    since: int
    refusals: Sequence[Refusal | None]
    """For each remainder; they speak of formulas."""
    varying: Mapping[str, int]
    """The tensors whose shapes depend on the size, and how many axes they have."""

    def at(self, size: int) -> Refusal | None:
        """Return the refusal of a size, None where it is legal."""
        return self.refusals[size % self.period]


def tail(graph: Graph, at: Callable[[int], Inputs]) -> Tail | None:
    """Return what is proved of all large sizes; None where no period up to LONGEST decides it.

    ``at`` gives the inputs for a size. The rules of the layers are asked with polynomials in k, so that each answer
    holds for all k from the value on that ``assuming`` has noted.

    >>> import cnncalc
    >>> found = tail(cnncalc.load("zoo:unet"), lambda size: {"input": (1, size, 572)})
    >>> found.period, found.since, [size for size in range(16) if found.at(size) is None]
    (16, 176, [12])
    """
    from cnncalc.symbolic.polynomial import symbol
    from cnncalc.symbolic.sign import assuming

    period, k = 1, symbol("k")
    remainders = range(1)  # one alone first: most often it tells the period of them all
    while period <= LONGEST:
        with assuming() as least:
            swept = sweep(graph, [at(remainder + period * k) for remainder in remainders])
            causes = [refusal.cause for refusal in swept.refusals if refusal and refusal.cause]
            try:
                for cause in causes:
                    tell_apart(*cause)
            except LayerError:  # what is refused here may yet be accepted at some k
                return None
        if any(isinstance(error, TooLarge) for _, _, error in causes):
            return None
        open_ = {(id(layer), shapes): (layer, shapes) for layer, shapes, e in causes if isinstance(e, Undecidable)}
        if open_:
            factors = [multiple(layer, shapes) for layer, shapes in open_.values()]
            period *= lcm(*factors) if all(factors) else LONGEST + 1
            remainders = range(1)
        elif len(remainders) == period:
            return Tail(period, period * max(1, least.get("k", 1)), swept.refusals, swept.varying)
        else:
            remainders = range(period)
    return None


def multiple(layer: Layer, inputs: Sequence[Shape]) -> int:
    """Return the least multiple of k with which a layer can decide; 0 where there is none up to MULTIPLES."""
    from cnncalc.symbolic.polynomial import symbol

    for factor in range(2, MULTIPLES):
        values = {"k": factor * symbol("k")}
        moved = [tuple([_evaluated(size, values) for size in shape]) for shape in inputs]
        if not isinstance(shape_or_error(layer, moved), Undecidable):
            return factor
    return 0


def _evaluated(size: Any, values: Mapping[str, int]) -> int:  # noqa: ANN401 - an int, or a Polynomial in its place
    found: int = size if isinstance(size, int) else size.evaluate(values)
    return found


def tell_apart(layer: Layer, shapes: Sequence[Shape], error: LayerError) -> None:
    """Compare the sizes that a refusal says are not equal: two formulas differ, but may meet at some k.

    To ask which is larger notes from which k on they do not. Raises Undecidable where that cannot be said.
    """
    if isinstance(error, ShapeMismatch):
        for one, two in _compared(layer, shapes, error):
            if one != two:
                _ = one < two, one > two  # both: that one is not less leaves room for its being equal


def _compared(layer: Layer, shapes: Sequence[Shape], error: LayerError) -> Iterator[tuple[int, int]]:
    if isinstance(layer, Reshape):
        yield elements(shapes[0]), elements(layer.shape)
    elif error.option == "weights":
        yield from combinations({size for shape in shapes for size in shape}, 2)
    else:  # a size of 1 is stretched
        for sizes in zip(*shapes, strict=False):
            yield from combinations([1, *dict.fromkeys(sizes)], 2)
