"""A legal input to start from, where the spec's own is refused along several axes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice, product
from random import Random

from cnncalc.layers.base import AXES, Shape
from cnncalc.sizes.axis import Axis
from cnncalc.sizes.line import Range
from cnncalc.sizes.network import Network
from cnncalc.sizes.sweep import Inputs, Refusal

NEAR = 2_000
"""How many inputs around the spec's own are looked at."""
MOST = 60
PATIENCE = 2
"""How often each axis is moved without coming further."""


def legal_inputs(network: Network, axes: Sequence[Axis], limits: Mapping[Axis, Range]) -> Inputs | None:
    """Return an input that the network accepts, the nearest to the spec's own that was found; None where none was.

    Looked at are the sizes around the spec's own, all axes at one size, and all as much longer or shorter than the
    spec's; then one axis after the other is moved to where the refusal comes latest.
    """
    high, own = max(one.high for one in limits.values()), [axis.own for axis in axes]
    tries = [*around(own), *([size] * len(axes) for size in range(1, high + 1))]
    tries += [[size + by for size in own] for by in range(1 - min(own), high)]
    tries.sort(key=lambda sizes: sum(abs(one - other) for one, other in zip(sizes, own, strict=True)))
    inputs = [moved(network.own, axes, sizes) for sizes in tries]
    found = next((one for one, no in zip(inputs, network.sweep(inputs).refusals, strict=True) if no is None), None)
    return found or _climbed(network, axes, limits)


def around(own: Sequence[int]) -> list[list[int]]:
    """Return the sizes near some, as far away along each axis as there are ``NEAR`` of them in all.

    >>> around([1, 9, 9])[0], len(around([1, 9, 9])), len(around([20, 20]))
    ([1, 4, 4], 726, 1681)
    """
    far = 1
    while (2 * far + 3) ** len(own) <= NEAR:
        far += 1
    return [list(sizes) for sizes in product(*(range(max(1, size - far), size + far + 1) for size in own))]


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
