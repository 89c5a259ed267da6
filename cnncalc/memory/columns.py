"""What a table of layers shows of memory, in fp32: bytes of weights, outputs, what is alive, what is moved."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.layers.base import elements
from cnncalc.liveness import alive, storage
from cnncalc.memory.dtypes import BYTES
from cnncalc.memory.roofline import traffic

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis, Facts, Totals
    from cnncalc.folding import Group

WIDTH = BYTES["fp32"]


def weight_bytes(totals: Totals) -> int:
    """Return the bytes of params and buffers."""
    return WIDTH * (totals.params + totals.buffers)


def output_bytes(facts: Facts) -> int:
    """Return the bytes of a layer's output for the batch."""
    return WIDTH * facts.batch * elements(facts.shape)


def live_bytes(analysis: Analysis) -> list[int]:
    """Return, for each node, the bytes in memory once it has run, each layer with an output of its own.

    Inputs are dropped when they have been read: the most of it is the peak of ``footprint``.
    """
    found = storage(analysis, keep_inputs=False)
    return [WIDTH * analysis.batch * size for size in alive(found)]


def traffic_bytes(group: Group) -> int:
    """Return the bytes that the layers of a row move for the batch."""
    return sum(map(traffic, group.facts))


def intensity(group: Group) -> Fraction | None:
    """Return the FLOPs for each byte that the layers of a row move; None where they move none."""
    moved = traffic_bytes(group)
    return Fraction(group.totals.flops, moved) if moved else None
