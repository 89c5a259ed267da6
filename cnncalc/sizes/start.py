"""A legal input to start from, where the spec's own is refused along several axes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from random import Random

from cnncalc.layers.base import AXES, Shape
from cnncalc.sizes.axis import Axis
from cnncalc.sizes.line import Range
from cnncalc.sizes.network import Network
from cnncalc.sizes.sweep import Inputs, Refusal

MOST = 60
PATIENCE = 2
"""How often each axis is moved without coming further."""


def legal_inputs(network: Network, axes: Sequence[Axis], limits: Mapping[Axis, Range]) -> Inputs | None:
    """Return an input that the network accepts; None where none was found.

    All axes at one size, then all as much longer or shorter than the spec's; then one axis after the other is moved to
    where the refusal comes latest.
    """
    high = max(one.high for one in limits.values())
    squares = [moved(network.own, axes, [size] * len(axes)) for size in range(1, high + 1)]
    least = min(axis.own for axis in axes)
    shifted = [moved(network.own, axes, [axis.own + by for axis in axes]) for by in range(1 - least, high)]
    for tries in (squares, shifted):
        refusals = network.sweep(tries).refusals
        for inputs, refusal in zip(tries, refusals, strict=True):
            if refusal is None:
                return inputs
    return _climbed(network, axes, limits)


def moved(inputs: Inputs, axes: Sequence[Axis], sizes: Sequence[int]) -> dict[str, Shape]:
    """Return inputs with each axis at its size.

    >>> from cnncalc.sizes.axis import axes_of
    >>> moved({"input": (3, 8, 9)}, axes_of({"input": (3, 8, 9)}), [16, 18])
    {'input': (3, 16, 18)}
    """
    found = dict(inputs)
    for axis, size in zip(axes, sizes, strict=True):
        found = axis.at(found, size)
    return found


def _climbed(network: Network, axes: Sequence[Axis], limits: Mapping[Axis, Range]) -> Inputs | None:
    """Return a legal input found by moving one axis at a time; which of equals is taken is drawn, always alike."""
    order = {node.path: index for index, node in enumerate(network.graph.nodes)}
    held, best, idle, random = network.own, (-1, -1), 0, Random(0)
    for axis in islice(cycle(axes), MOST):
        tries = [axis.at(held, size) for size in range(limits[axis].low, limits[axis].high + 1)]
        depths = [depth(refusal, order) for refusal in network.sweep(tries).refusals]
        latest = max(depths)
        held = random.choice([one for one, depth in zip(tries, depths, strict=True) if depth == latest])
        if latest[0] == len(order):
            return held
        best, idle = max(best, latest), 0 if latest > best else idle + 1
        if idle > PATIENCE * len(axes):
            return None
    return None


def depth(refusal: Refusal | None, order: Mapping[str, int]) -> tuple[int, int]:
    """Return how far an input comes: to which node, and there to which axis; windows are asked axis by axis."""
    if refusal is None:
        return len(order), 0
    axis, names = refusal.fact.partition(":")[0], AXES[max(AXES)]
    return order.get(refusal.place.path, -1), names.index(axis) if axis in names else -1
