"""Runs a network: the walk of the analysis with kernels in place of rules, and what can be measured on the way."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

import cnncalc.execute.kernels  # noqa: F401 - registers them
from cnncalc.errors import UsageError
from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.graph import Graph, Node, walk
from cnncalc.layers.base import Layer, Shape, sizes_text
from cnncalc.liveness import last_uses

Kernel = Callable[[Layer, Sequence[Array], Tensors, Meter], Array]


class Measured(NamedTuple):
    """What was seen of one node: its output's shape without the batch, its params in use, MACs and live elements.

    ``params`` are the elements of the arrays that the kernel was handed, buffers apart; ``live`` are the elements of
    all arrays that were in memory when it was done. MACs and live elements are of the whole batch.
    """

    path: str
    shape: Shape
    params: int
    macs: int
    live: int


class Run(NamedTuple):
    """The outputs of a network, the tensors that were asked for, by path, and what was measured at each node."""

    outputs: Mapping[str, Array]
    kept: Mapping[str, Array]
    measured: Sequence[Measured]


class Memory:
    """The arrays that are in memory: those that own theirs, for as long as anything refers to them."""

    def __init__(self) -> None:
        self._arrays: dict[int, weakref.ref[Array]] = {}

    def add(self, array: Array) -> None:
        """Follow an array, or the one that owns its memory."""
        while isinstance(array.base, np.ndarray):
            array = array.base
        self._arrays[id(array)] = weakref.ref(array)

    def elements(self) -> int:
        """Return how many elements there are now."""
        alive = {key: array for key, ref in self._arrays.items() if (array := ref()) is not None}
        self._arrays = {key: self._arrays[key] for key in alive}
        return sum(array.size for array in alive.values())


def execute(
    graph: Graph,
    inputs: Mapping[str, Array],
    tensors: Mapping[str, Array],
    *,
    keep: Collection[str] = (),
    using: Kernel = kernel,
    seen: Callable[[Node, Array], Any] | None = None,
) -> Run:
    """Return what comes out of a network for a batch of inputs, by name, of shape (samples, channels, *spatial).

    A tensor is dropped after its last reader, unless it is an output or in ``keep``. ``seen`` is called with each node
    and its output; ``using`` are other kernels, such as the naive ones.

    Raises UsageError for inputs that are not those of the network.
    """
    check_inputs(graph, inputs)
    meter, memory = Meter(), Memory()
    measured: list[Measured] = []
    kept: dict[str, Array] = {}
    owned = _by_layer(tensors)
    for array in inputs.values():
        memory.add(array)

    def step(node: Node, sources: list[Array]) -> Array:
        own, before = owned.get(node.weights, {}), meter.macs
        buffers = node.layer.buffers([source.shape[1:] for source in sources])
        output = using(node.layer, sources, own, meter)
        memory.add(output)
        params = sum(array.size for name, array in own.items() if name not in buffers)
        measured.append(Measured(node.path, output.shape[1:], params, meter.macs - before, memory.elements()))
        if node.path in keep:
            kept[node.path] = output
        if seen is not None:
            seen(node, output)
        return output

    values = walk(graph, inputs, step, last_uses(graph))
    return Run({path: values[path] for path in graph.outputs}, kept, measured)


def check_inputs(graph: Graph, inputs: Mapping[str, Array]) -> None:
    """Raise UsageError unless each input of a network has a batch of its shape, all of one size and one dtype."""
    for name, shape in graph.inputs.items():
        if name not in inputs:
            raise UsageError(f"{name}: an array of {sizes_text(shape)} must be given")
        array = inputs[name]
        if array.shape[1:] != shape or array.shape[:1] == (0,):
            raise UsageError(
                f"{name}: a batch of {sizes_text(shape)} is needed, not {sizes_text(array.shape) or 'one number'}"
            )
        if array.dtype not in (np.float32, np.float64):
            raise UsageError(f"{name}: the dtype must be float32 or float64, not {array.dtype}")
    if len({(array.shape[0], array.dtype) for array in inputs.values()}) > 1:
        raise UsageError("the inputs must have one batch size and one dtype")
    if extra := sorted(set(inputs) - set(graph.inputs)):
        raise UsageError(f"{extra[0]}: the network has no such input; it has {', '.join(graph.inputs)}")


def _by_layer(tensors: Mapping[str, Array]) -> dict[str, dict[str, Array]]:
    found: dict[str, dict[str, Array]] = {}
    for path, array in tensors.items():
        layer, _, name = path.rpartition(".")
        found.setdefault(layer, {})[name] = array
    return found
