"""The tensors between the layers: how many bytes they are in all, at the peak, and which are alive there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.liveness import alive, dropped, overwritten

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.layers.base import Shape
    from cnncalc.liveness import Storage


class Alive(NamedTuple):
    """One tensor that is in memory: the node or the input that made it, its shape, and its bytes for the batch."""

    path: str
    shape: Shape
    bytes: int


class Activations(NamedTuple):
    """The tensors of a network run in some order: those in memory of their own, and the most at once.

    ``total`` is the bytes of the inputs and of every output that is not written over another tensor; ``tensors`` how
    many these are; ``peak`` the most bytes that are in memory at once, after the node ``path`` has run and before
    anything is dropped; ``alive`` what is there then, in the order in which it came.
    """

    total: int
    tensors: int
    peak: int
    path: str
    alive: tuple[Alive, ...]


def activations(analysis: Analysis, found: Storage, width: int, order: Sequence[int] | None = None) -> Activations:
    """Return the tensors of a network in bytes, ``width`` for each number, run in an order or as it stands."""
    order = range(len(found.writes)) if order is None else order
    every = alive(found, order)
    at = every.index(max(every)) if every else -1
    own = list(range(found.inputs))
    left = list(found.readers)
    there: dict[int, None] = dict.fromkeys(own)
    resident: list[int] = own
    for step, node in enumerate(order):
        taken, written = overwritten(found, left, node), found.writes[node]
        if written >= 0:
            if taken < 0:
                own.append(written)
            there[written] = None
        if step == at:
            resident = [piece for piece in there if piece != taken]
        for piece in dropped(found, left, node):
            del there[piece]
    width *= analysis.batch
    shapes = {**analysis.graph.inputs, **{one.node.path: one.shape for one in analysis.facts}}
    return Activations(
        width * sum(found.sizes[piece] for piece in own),
        len(own),
        width * max(every, default=sum(found.sizes)),
        analysis.facts[order[at]].node.path if every else "",
        tuple(Alive(found.names[piece], shapes[found.names[piece]], width * found.sizes[piece]) for piece in resident),
    )
