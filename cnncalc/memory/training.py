"""What a step of training needs in memory: weights, their gradients, the optimiser's state, and its forward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import UsageError, closest, printable
from cnncalc.memory.dtypes import BYTES, INDEX
from cnncalc.memory.forward import Forward, forward

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis

OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2}
"""How many numbers an optimiser keeps for each param (Kingma and Ba 2015 for adam: two moments)."""


class Training(NamedTuple):
    """The bytes of a step of training at the highest moment of its forward pass, for the batch; ``total`` is their sum.

    ``peak`` is what is kept for the backward pass up to that moment, and what is alive beside it, once the node
    ``path`` has run. What is kept when the pass is done is ``saved``, by parts: ``tensors`` are the inputs and outputs
    of layers that the backward pass reads, each counted once; ``values`` what some layers make beside them,
    ``statistics`` of norms, ``indices`` of maxima, ``masks`` of dropouts.
    """

    optimizer: str
    weights: int
    gradients: int
    state: int
    peak: int
    path: str
    tensors: int
    values: int
    statistics: int
    indices: int
    masks: int

    @property
    def saved(self) -> int:
        """The bytes that are kept for the backward pass when the forward pass is done."""
        return self.tensors + self.values + self.statistics + self.indices + self.masks

    @property
    def total(self) -> int:
        """The bytes of all of it."""
        return self.weights + self.gradients + self.state + self.peak


def optimizer_of(name: str) -> str:
    """Return an optimiser by its name; raise UsageError where there is none.

    >>> optimizer_of("Adam")
    'adam'
    """
    word = name.strip().lower()
    if word not in OPTIMIZERS:
        near = closest(word, OPTIMIZERS)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(OPTIMIZERS)}"
        raise UsageError(f"--optimizer: there is no optimizer '{printable(name[:40])}'; {hint}")
    return word


def training(
    analysis: Analysis, dtype: str, optimizer: str, *, in_place: bool = False, found: Forward | None = None
) -> Training:
    """Return what a step of training needs, for the batch of the analysis; ``found`` is its forward pass, if known.

    >>> import cnncalc
    >>> step = training(cnncalc.analyze(cnncalc.load("zoo:lenet5")), "fp32", "adam")
    >>> step.gradients, step.state, step.tensors, step.peak, step.path
    (246824, 493648, 36432, 41728, 'conv1.act')
    """
    width, totals, batch = BYTES[dtype], analysis.totals, analysis.batch
    params = width * totals.params
    found = found or forward(analysis, in_place=in_place)
    every = [once + batch * each for once, each in (moment.bytes(dtype) for moment in found.moments)]
    peak = max(every, default=0)
    made = found.made
    return Training(
        optimizer,
        params + width * totals.buffers,
        params,
        OPTIMIZERS[optimizer] * params,
        peak,
        found.moments[every.index(peak)].path if every else "",
        width * batch * found.kept,
        width * batch * made.values,
        max(width, BYTES["fp32"]) * (batch * made.statistics + made.once),
        INDEX * batch * made.indices,
        batch * made.mask,
    )
