"""What a step of training keeps in memory: weights, their gradients, the optimiser's state, and what is saved."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import UsageError, closest, printable
from cnncalc.layers.base import elements
from cnncalc.memory.dtypes import BYTES, INDEX
from cnncalc.memory.saved import IN_PLACE, NOTHING, Saved, drops, saved

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.layers.base import Layer

OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2}
"""How many numbers an optimiser keeps for each param (Kingma and Ba 2015 for adam: two moments)."""


class Training(NamedTuple):
    """The bytes of a step of training when its forward pass is done, for the batch; ``total`` is their sum.

    ``tensors`` are the inputs and outputs of layers that the backward pass reads, each counted once; ``values`` what
    some layers make beside them, ``statistics`` of norms, ``indices`` of maxima, ``masks`` of dropouts.
    """

    optimizer: str
    weights: int
    gradients: int
    state: int
    tensors: int
    values: int
    statistics: int
    indices: int
    masks: int

    @property
    def saved(self) -> int:
        """The bytes that are kept for the backward pass."""
        return self.tensors + self.values + self.statistics + self.indices + self.masks

    @property
    def total(self) -> int:
        """The bytes of all of it."""
        return self.weights + self.gradients + self.state + self.saved


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
    analysis: Analysis, dtype: str, optimizer: str, *, in_place: bool = False, batch: int | None = None
) -> Training:
    """Return what a step of training keeps, for the batch of the analysis unless another is given.

    >>> import cnncalc
    >>> step = training(cnncalc.analyze(cnncalc.load("zoo:lenet5")), "fp32", "adam")
    >>> step.gradients, step.state, step.tensors
    (246824, 493648, 36432)
    """
    width, totals = BYTES[dtype], analysis.totals
    params = width * totals.params
    batch = analysis.batch if batch is None else batch
    tensors, made = kept(analysis, in_place=in_place)
    return Training(
        optimizer,
        params + width * totals.buffers,
        params,
        OPTIMIZERS[optimizer] * params,
        width * batch * tensors,
        width * batch * made.values,
        max(width, BYTES["fp32"]) * (batch * made.statistics + made.once),
        INDEX * batch * made.indices,
        batch * made.mask,
    )


def kept(analysis: Analysis, *, in_place: bool) -> tuple[int, Saved]:
    """Return the elements of the tensors that are saved, each piece of memory once, and what is made beside them."""
    graph, readers = analysis.graph, readers_of(analysis)
    sizes = {name: elements(shape) for name, shape in graph.inputs.items()}
    own, learning = {name: name for name in sizes}, dict.fromkeys(sizes, False)
    fixed = {*sizes, *graph.outputs}  # no layer may write over these
    held: dict[str, int] = {}
    made = list(NOTHING[2:])
    for one in analysis.facts:
        node, first = one.node, one.node.inputs[0]
        learns = [learning[path] for path in node.inputs]
        learning[node.path] = bool(one.parameters) or any(learns)
        own[node.path] = own[first] if node.layer.is_view and not drops(node.layer) else node.path
        sizes[node.path] = elements(one.shape)
        if not learning[node.path]:
            continue
        needs = saved(node.layer, one, learns)
        if in_place and writes_over(node.layer) and readers[first] == 1 and own[first] == first not in fixed:
            needs, own[node.path] = Saved(output=True), first
        for path in [node.inputs[operand] for operand in needs.operands] + [node.path] * needs.output:
            held[own[path]] = sizes[own[path]]
        if needs.output:
            fixed.add(own[node.path])
        if needs[2:] != NOTHING[2:]:
            made = [before + more for before, more in zip(made, needs[2:], strict=True)]
    return sum(held.values()), Saved((), False, *made)


def readers_of(analysis: Analysis) -> dict[str, int]:
    """Return how many nodes read each tensor that any reads."""
    return dict(Counter(path for node in analysis.graph.nodes for path in set(node.inputs)))


def writes_over(layer: Layer) -> bool:
    """Return whether an activation can write over its input in training, and saves its output then."""
    return getattr(layer, "function", "") in IN_PLACE
