"""A legal input to start from, where the spec's own is refused along several axes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from cnncalc.layers.base import Shape
from cnncalc.sizes.axis import Axis
from cnncalc.sizes.line import Range
from cnncalc.sizes.network import Network
from cnncalc.sizes.sweep import Inputs

ROUNDS = 6


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
    held, random = network.own, Random(0)
    for _ in range(ROUNDS):
        for axis in axes:
            tries = [axis.at(held, size) for size in range(limits[axis].low, limits[axis].high + 1)]
            found = list(zip(tries, network.sweep(tries).refusals, strict=True))
            depth = max(len(order) if one is None else order.get(one.place.path, -1) for _, one in found)
            best = [t for t, one in found if (len(order) if one is None else order.get(one.place.path, -1)) == depth]
            held = random.choice(best)
            if depth == len(order):
                return held
    return None
