"""Proves an analysis: runs the network, and sets what was predicted beside what was measured, node by node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from cnncalc.analysis import Analysis, Facts
from cnncalc.channels import bounded, chosen
from cnncalc.execute.dispatch import Array, kernel
from cnncalc.execute.probe import Query, probe
from cnncalc.execute.run import Kernel, Measured, execute
from cnncalc.field import ReceptiveField
from cnncalc.layers.base import Shape
from cnncalc.liveness import live
from cnncalc.reach import Interval, Reach, hull, reaches

KINDS = ("shape", "params", "macs", "memory", "field")
"""What is verified of each node; a field's borders are among it."""


class Difference(NamedTuple):
    """Where prediction and measurement part: of what, what was predicted, and what was measured."""

    kind: str
    predicted: str
    measured: str


class Verified(NamedTuple):
    """One node: what was measured, how many positions of its field were looked at, and where it differs.

    Where the field ``is_bound``, what is predicted of it holds all that is measured.
    """

    facts: Facts
    measured: Measured
    live: int
    positions: int
    differences: Sequence[Difference]
    is_bound: bool = False


def random_inputs(analysis: Analysis, seed: int, batch: int = 1, dtype: DTypeLike = np.float32) -> dict[str, Array]:
    """Return a batch of inputs drawn from a seed, about 0, by name."""
    random = np.random.default_rng(seed)
    return {name: random.normal(size=(batch, *shape)).astype(dtype) for name, shape in analysis.graph.inputs.items()}


def verify(
    analysis: Analysis,
    tensors: Mapping[str, Array],
    *,
    only: Collection[str] = KINDS,
    seed: int = 0,
    using: Kernel = kernel,
    ran: Callable[[], Any] = lambda: None,
) -> list[Verified]:
    """Return every node with what was predicted and measured; ``only`` some kinds. ``ran`` is called after each run."""
    run = execute(analysis.graph, random_inputs(analysis, seed), tensors, using=using)
    ran()
    alive = live(analysis)
    fields = _fields(analysis, tensors, ran) if "field" in only else {}
    bounds = bounded(analysis.facts)
    found = []
    for one, measured, elements in zip(analysis.facts, run.measured, alive, strict=True):
        positions, differing = fields.get(one.node.path, (0, []))
        differences = [each for each in _numbers(one, measured, elements) if each.kind in only]
        is_bound = positions > 0 and one.node.path in bounds
        found.append(Verified(one, measured, elements, positions, [*differences, *differing], is_bound))
    return found


def _numbers(one: Facts, measured: Measured, elements: int) -> Iterator[Difference]:
    """Yield the differences of a node in shape, params, MACs and memory."""
    if measured.shape != one.shape:
        yield Difference("shape", _sizes(one.shape), _sizes(measured.shape))
    params = sum(int(np.prod(shape)) for shape in one.parameters.values())
    for kind, predicted, seen in (
        ("params", params, measured.params),
        ("macs", one.macs, measured.macs),
        ("memory", elements, measured.live),
    ):
        if predicted != seen:
            yield Difference(kind, f"{predicted:,}", f"{seen:,}")


def _fields(
    analysis: Analysis, tensors: Mapping[str, Array], ran: Callable[[], Any]
) -> dict[str, tuple[int, list[Difference]]]:
    """Return, for each node, how many positions were asked about, and where they read what was not predicted."""
    graph = analysis.graph
    images = {shape[1:] for shape in graph.inputs.values() if len(shape) > 1}
    if len(images) != 1:  # no image at all, or several that have no positions in common
        return {}
    image = next(iter(images))
    predicted, bounds, picked = reaches(graph, analysis.facts), bounded(analysis.facts), chosen(analysis.facts)
    shapes = {one.node.path: one.shape for one in analysis.facts}
    facts = {one.node.path: one for one in analysis.facts}
    found: dict[str, tuple[int, list[Difference]]] = {path: (0, []) for path in shapes}
    for axis, size in enumerate(image):
        for query, seen in probe(graph, shapes, tensors, axis, ran).items():
            count, differences = found[query.path]
            reach = predicted[query.path][axis]
            expected = _expected(reach, query, shapes[query.path], axis)
            if seen != expected and not (query.path in bounds and _within(seen, expected)):
                differences.append(Difference("field", _interval(query, axis, expected), _interval(query, axis, seen)))
            elif (closed := _closed(facts[query.path], query, axis, size, reach)) and not (
                closed == seen or (query.path in bounds | picked and _within(seen, closed))
            ):
                differences.append(Difference("field", _interval(query, axis, closed), _interval(query, axis, seen)))
            found[query.path] = (count + 1, differences)
    return found


def _expected(reach: Reach, query: Query, shape: Shape, axis: int) -> Interval:
    """Return what a queried output should read, of the exact reach."""
    if query.position is None or len(reach) != shape[1 + axis]:
        return hull(reach)
    return reach[query.position]


def _within(seen: Interval, bound: Interval) -> bool:
    return seen is None or (bound is not None and bound[0] <= seen[0] and seen[1] <= bound[1])


def _closed(one: Facts, query: Query, axis: int, size: int, reach: Reach) -> Interval:
    """Return what the closed form says that the middle output reads, if that lies inside the image; else None.

    The outputs beside it must read as much, or an edge is near: of the image, or of what was cropped and padded again.
    """
    field = one.field[axis] if axis < len(one.field) else None
    if not isinstance(field, ReceptiveField) or query.position is None:
        return None
    first = floor(field.start + query.position * field.jump)
    last = first + field.size - 1
    around = [interval for interval in reach[max(0, query.position - 1) : query.position + 2] if interval is not None]
    steady = len(around) == 3 and len({end - start for start, end in around}) == 1
    middle = query.position == one.shape[1 + axis] // 2
    return (first, last) if first >= 0 and last < size and middle and steady else None


def _interval(query: Query, axis: int, interval: Interval) -> str:
    where = "all of it" if query.position is None else f"position {query.position}"
    reads = "nothing" if interval is None else f"{interval[0]} to {interval[1]}"
    return f"axis {axis}, {where}: reads {reads}"


def _sizes(shape: Shape) -> str:
    return "x".join(map(str, shape))
