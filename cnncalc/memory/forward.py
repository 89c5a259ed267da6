"""The forward pass of training, layer by layer: what is kept for the way back so far, and what is alive beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.liveness import dropped, overwritten, owners, storage
from cnncalc.memory.dtypes import BYTES, INDEX
from cnncalc.memory.saved import IN_PLACE, NOTHING, Saved, drops, saved

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.layers.base import Layer


class Moment(NamedTuple):
    """What is in memory once a node has run and nothing is dropped yet, beside weights and gradients.

    ``tensors`` are elements of one sample, kept ones and others; ``made`` what layers have made beside them so far.
    """

    path: str
    tensors: int
    made: Saved

    def bytes(self, dtype: str) -> tuple[int, int]:
        """Return the bytes that are there whatever the batch, and those of each sample."""
        statistic, made = max(BYTES[dtype], BYTES["fp32"]), self.made
        each = BYTES[dtype] * (self.tensors + made.values) + statistic * made.statistics + INDEX * made.indices
        return statistic * made.once, each + made.mask


class Forward(NamedTuple):
    """The moments of a forward pass, one a node, and the elements of the tensors that are kept to its end."""

    moments: tuple[Moment, ...]
    kept: int

    @property
    def made(self) -> Saved:
        """What all layers have made beside the tensors."""
        return self.moments[-1].made if self.moments else NOTHING


def forward(analysis: Analysis, *, in_place: bool = False, keep_inputs: bool = False) -> Forward:
    """Return a forward pass that keeps what its backward pass reads, each piece of memory counted once.

    With ``in_place`` a layer writes over an operand only where the backward pass does not need that.

    >>> import cnncalc
    >>> found = forward(cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 1x4x4, layers: [{conv: 3}, relu, tanh]}")))
    >>> [one.tensors for one in found.moments], found.kept
    ([64, 112, 112], 112)
    """
    graph = analysis.graph
    found = storage(analysis, in_place=in_place, keep_inputs=keep_inputs, is_view=looks)
    number = {name: index for index, name in enumerate(found.names)}
    piece = {path: number[owner] for path, owner in owners(graph, looks).items()}
    learning, left, kept = dict.fromkeys(graph.inputs, False), list(found.readers), set[int]()
    made, moments, now = list(NOTHING[2:]), [], sum(found.sizes[: found.inputs])
    for node, one in enumerate(analysis.facts):
        path, layer, inputs = one.node.path, one.node.layer, one.node.inputs
        learns = [learning[path] for path in inputs]
        learning[path] = bool(one.parameters) or any(learns)
        needs = saved(layer, one, learns) if learning[path] else NOTHING
        if learning[path] and writes_over(layer) and overwritten(found, left, node) >= 0:
            needs = Saved(output=True)
        keep(found.held, kept, [piece[inputs[operand]] for operand in needs.operands])
        written = found.writes[node]
        size = found.sizes[written] if written >= 0 else 0
        takes = overwritten(found, left, node) >= 0
        keep(found.held, kept, [piece[path]] * needs.output)
        if needs[2:] != NOTHING[2:]:
            made = [before + more for before, more in zip(made, needs[2:], strict=True)]
        moments.append(Moment(path, now if takes else now + size, Saved((), False, *made)))
        now += size - sum([found.sizes[gone] for gone in dropped(found, left, node)])
    return Forward(tuple(moments), sum(found.sizes[index] for index in kept))


def keep(held: list[bool], kept: set[int], pieces: list[int]) -> None:
    """Hold pieces of memory to the end of the pass."""
    kept.update(pieces)
    for piece in pieces:
        held[piece] = True


def looks(layer: Layer) -> bool:
    """Return whether a layer only looks at what it reads, in training, where a dropout does not."""
    return layer.is_view and not drops(layer)


def writes_over(layer: Layer) -> bool:
    """Return whether an activation can write over its input in training, and saves its output then."""
    return getattr(layer, "function", "") in IN_PLACE
