"""What each output really reads of the image: NaN is put into the input, and arithmetic carries it to all it reaches.

Rows up to r are poisoned: an output is NaN if and only if the first row that it reads is at most r. Bisecting r gives
the first row; poisoning from the other end, the last. One run asks every layer at once, a batch of samples several r.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from cnncalc.execute.dispatch import Array
from cnncalc.execute.run import execute
from cnncalc.graph import Graph, Node
from cnncalc.layers.base import Shape
from cnncalc.reach import Interval

MAX_BATCH = 64
MAX_ELEMENTS = 2**25
"""How many elements of one tensor may be poisoned at a time, over the batch."""


class Query(NamedTuple):
    """One position of one node's output along one axis; None for all of a tensor that has no such axis."""

    path: str
    position: int | None


def queries(shapes: Mapping[str, Shape], axis: int, rank: int) -> list[Query]:
    """Return the positions to ask about: both ends, those beside them, and the middle.

    >>> queries({"conv1": (8, 7, 7), "linear1": (10,)}, axis=0, rank=2)[-2:]
    [Query(path='conv1', position=6), Query(path='linear1', position=None)]
    """
    found = []
    for path, shape in shapes.items():
        if len(shape) - 1 != rank:
            found.append(Query(path, None))
            continue
        size = shape[1 + axis]
        found += [Query(path, one) for one in sorted({0, min(1, size - 1), size // 2, max(size - 2, 0), size - 1})]
    return found


def probe(
    graph: Graph,
    shapes: Mapping[str, Shape],
    tensors: Mapping[str, Array],
    axis: int,
    ran: Callable[[], Any] = lambda: None,
) -> dict[Query, Interval]:
    """Return the first and the last row (or column) of the image that each queried output reads along an axis.

    ``shapes`` are the outputs to ask about, by path; ``ran`` is called after each run of the network.
    """
    image = next(shape for shape in graph.inputs.values() if len(shape) > 1)
    asked = queries(shapes, axis, len(image) - 1)
    size = image[1 + axis]
    first = _bisected(graph, tensors, axis, size, asked, False, ran)
    last = _bisected(graph, tensors, axis, size, asked, True, ran)
    return {query: None if one == size else (one, size - 1 - other)
            for query, one, other in zip(asked, first, last, strict=True)}  # fmt: skip


def _bisected(
    graph: Graph,
    tensors: Mapping[str, Array],
    axis: int,
    size: int,
    asked: Sequence[Query],
    backwards: bool,
    ran: Callable[[], Any],
) -> list[int]:
    """Return, for each query, the least r for which poisoning positions 0 to r reaches it; ``size`` if none does."""
    low, high = np.full(len(asked), -1), np.full(len(asked), size)
    largest = max(int(np.prod(shape)) for shape in graph.inputs.values())
    batch = max(1, min(MAX_BATCH, MAX_ELEMENTS // (64 * largest)))
    by_path: dict[str, list[int]] = {}
    for index, query in enumerate(asked):
        by_path.setdefault(query.path, []).append(index)
    while (open_ := high - low > 1).any():
        middles = Counter(((low + high)[open_] // 2).tolist())
        chosen = np.array(sorted(r for r, _ in middles.most_common(batch)))
        reached = np.zeros((len(asked), len(chosen)), dtype=bool)

        def note(node: Node, output: Array, reached: np.ndarray[Any, Any] = reached) -> None:
            for index in by_path.get(node.path, ()):
                position = asked[index].position
                part = output if position is None else np.moveaxis(output, 2 + axis, 1)[:, position]
                reached[index] = np.isnan(part.reshape(len(part), -1)).any(axis=1)

        with np.errstate(all="ignore"):  # NaN is what is sent on purpose
            execute(graph, _poisoned(graph, tensors, axis, size, chosen, backwards), tensors, seen=note)
        ran()
        for column, r in enumerate(chosen):
            hit = reached[:, column]
            high[hit] = np.minimum(high[hit], r)
            low[~hit] = np.maximum(low[~hit], r)
    return [int(one) for one in high]


def _poisoned(
    graph: Graph, tensors: Mapping[str, Array], axis: int, size: int, chosen: np.ndarray[Any, Any], backwards: bool
) -> dict[str, Array]:
    dtype = next(iter(tensors.values())).dtype if tensors else np.dtype(np.float32)
    found = {}
    for name, shape in graph.inputs.items():
        array = np.full((len(chosen), *shape), 0.5, dtype)
        if len(shape) > 1:
            along = np.moveaxis(array, 2 + axis, 1)
            for sample, r in enumerate(chosen):
                along[sample, size - 1 - r if backwards else 0 : size if backwards else r + 1] = np.nan
        found[name] = array
    return found
