"""Many inputs walked through a network at once: shapes alone, each rule asked once for each shape that it meets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import shared_shapes_differ
from cnncalc.errors import LayerError, Place
from cnncalc.graph import Graph, Node, walk
from cnncalc.layers.base import Layer, Shape, output_shape
from cnncalc.pause import collector_paused

Column = tuple[Shape | None, ...]
"""One tensor's shape for each input that is tried; None where a layer above has refused."""
Inputs = Mapping[str, Shape]


class Refusal(NamedTuple):
    """The first layer that refuses an input, in its own words, and where it stands."""

    place: Place
    fact: str
    help: str = ""
    cause: tuple[Layer, tuple[Shape, ...], LayerError] | None = None
    """The layer, the shapes that it refused, which are those of its inputs or of shared tensors, and its error."""


class Swept(NamedTuple):
    """What became of each input that was tried: the refusal, or None; and the shapes of every tensor."""

    refusals: Sequence[Refusal | None]
    columns: Mapping[str, Column]

    @property
    def varying(self) -> dict[str, int]:
        """The tensors whose shapes are not all one, formulas among them, and how many axes they have."""
        return {
            path: max(len(shape) for shape in shapes)
            for path, column in self.columns.items()
            if (shapes := {shape for shape in column if shape is not None})
            and (len(shapes) > 1 or not all(isinstance(size, int) for shape in shapes for size in shape))
        }


def sweep(graph: Graph, tries: Sequence[Inputs]) -> Swept:
    """Walk a graph once with many inputs: as many walks of shapes would, in a fraction of their time.

    >>> import cnncalc
    >>> swept = sweep(cnncalc.load("zoo:unet"), [{"input": (1, size, 572)} for size in (188, 189)])
    >>> [one and f"{one.place.path}: {one.fact}" for one in swept.refusals]  # doctest: +ELLIPSIS
    [None, 'down.0.max_pool1: height: (W - F + 2P)/S + 1 = (185 - 2 + 2*0)/2 + 1 = 92.50 must be a whole number']
    """
    sweeper = Sweeper(graph, len(tries))
    with collector_paused():
        columns = {name: sweeper.one_of(tuple([one[name] for one in tries])) for name in graph.inputs}
        return Swept(sweeper.refusals, walk(graph, columns, sweeper.step))


class Sweeper:
    """The columns so far; ``step`` is what a walk does at a node."""

    def __init__(self, graph: Graph, count: int) -> None:
        self.refusals: list[Refusal | None] = [None] * count
        uses = Counter(node.weights for node in graph.nodes)
        self.shared = {path for path, times in uses.items() if times > 1}
        self.owners: dict[str, list[Mapping[str, Shape] | None]] = {}
        self.columns: dict[Column, Column] = {}
        self.known: dict[tuple[int, ...], Column] = {}

    def one_of(self, column: Column) -> Column:
        """Return the one object for all columns equal to this: what is known of it is found by its id."""
        return self.columns.setdefault(column, column)

    def step(self, node: Node, columns: Sequence[Column]) -> Column:
        """Return the shapes after a node, and note which inputs it is the first to refuse."""
        key = (id(node.layer), *map(id, columns))
        found = self.known.get(key)
        if found is None:  # a layer that recurs is one object
            found = self.known[key] = self.one_of(self.after(node, columns))
        return self.one_of(self.alike(node, columns, found)) if node.weights in self.shared else found

    def after(self, node: Node, columns: Sequence[Column]) -> Column:
        """Return what a layer makes of columns, its rule asked once for shapes that recur."""
        layer = node.layer
        if len(columns) == 1 and type(layer).output_shape is Layer.output_shape:
            return columns[0]
        made: dict[tuple[Shape | None, ...], Shape | LayerError | None] = {}
        column: list[Shape | None] = []
        for index, inputs in enumerate(zip(*columns, strict=True)):
            if inputs not in made:
                made[inputs] = None if None in inputs else shape_or_error(layer, inputs)
            found = made[inputs]
            if isinstance(found, LayerError):
                self.refuse(index, node, inputs, found)
                found = None
            column.append(found)
        return tuple(column)

    def alike(self, node: Node, columns: Sequence[Column], column: Column) -> Column:
        """Return a column without the inputs at which the node would need tensors of another shape than their owner."""
        own: list[Mapping[str, Shape] | None] = [
            None if shape is None else node.layer.parameters(inputs)
            for shape, inputs in zip(column, zip(*columns, strict=True), strict=True)
        ]
        theirs = self.owners.setdefault(node.weights, own)
        found = list(column)
        for index, (one, other) in enumerate(zip(own, theirs, strict=True)):
            if one is not None and other is not None and one != other:
                tensors = (*one.values(), *other.values())
                self.refuse(index, node, tensors, shared_shapes_differ(node.weights, other, one))
                found[index] = None
        return tuple(found)

    def refuse(self, index: int, node: Node, inputs: tuple[Shape, ...], error: LayerError) -> None:
        """Note a refusal, unless a layer before has refused the same input."""
        if self.refusals[index] is None:
            place = node.place(error.option)
            self.refusals[index] = Refusal(place, error.fact, error.help, (node.layer, inputs, error))


def shape_or_error(layer: Layer, inputs: Sequence[Shape]) -> Shape | LayerError:
    """Return a layer's output shape, or its refusal."""
    try:
        return output_shape(layer, inputs)
    except LayerError as error:
        return error.with_traceback(None)
