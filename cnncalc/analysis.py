"""What a network costs and sees, node by node and in all; what a MAC is.

Profile ``mac-v1``: a MAC is one multiplication and one accumulation of a weight into an output, taps on padding
included; FLOPs are 2*MACs and the other operations that each layer lists; both are per sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from cnncalc.errors import ShapeMismatch
from cnncalc.field import IDENTITY, Extent, Field, ReceptiveField
from cnncalc.graph import Graph, Node, walk
from cnncalc.layers.base import Shape, elements, sizes_text

PROFILE = "mac-v1"


class Tensor(NamedTuple):
    """What flows along an edge: its shape, what one position of it sees, and the image that this is measured in."""

    shape: Shape
    field: Field
    image: Shape


class Facts(NamedTuple):
    """What is known of one node. ``params`` and ``buffers`` are 0 where the tensors are another node's."""

    node: Node
    inputs: tuple[Shape, ...]
    shape: Shape
    parameters: Mapping[str, Shape]
    params: int
    buffers: int
    macs: int
    flops: int
    field: Field

    @property
    def activations(self) -> int:
        """The output elements of a layer that has MACs; 0 for the others (Radosavovic et al. 2020)."""
        return elements(self.shape) if self.macs else 0

    @property
    def macs_on_input(self) -> int:
        """The MACs without the taps on padding."""
        return self.node.layer.macs_on_input(self.inputs, self.shape)

    @property
    def dropped(self) -> tuple[int, ...]:
        """The real positions along each axis that rounding leaves unread."""
        return tuple(slide.dropped() for slide in self.node.layer.slides(self.inputs[0][1:]))


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all nodes; ``activations`` are the output elements of the layers that have MACs."""

    params: int
    buffers: int
    macs: int
    flops: int
    activations: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A graph with the facts of each node, in order."""

    graph: Graph
    facts: Sequence[Facts]

    @property
    def totals(self) -> Totals:
        """The sums over all nodes."""
        return total(self.facts)

    @property
    def outputs(self) -> dict[str, Shape]:
        """The shapes of the outputs by path."""
        shapes = dict(self.graph.inputs) | {facts.node.path: facts.shape for facts in self.facts}
        return {path: shapes[path] for path in self.graph.outputs}


def total(facts: Iterable[Facts]) -> Totals:
    """Return the sums over some nodes."""
    params = buffers = macs = flops = activations = 0
    for one in facts:
        params += one.params
        buffers += one.buffers
        macs += one.macs
        flops += one.flops
        activations += one.activations
    return Totals(params, buffers, macs, flops, activations)


def analyze(graph: Graph) -> Analysis:
    """Return the facts of every node of a graph.

    Raises SpecError with the place of the first layer that cannot be: a filter that does not fit, and the like.

    >>> import cnncalc
    >>> cnncalc.analyze(cnncalc.load("zoo:lenet5")).totals.params
    61706
    """
    facts: list[Facts] = []
    owners: dict[str, Mapping[str, Shape]] = {}

    def describe(node: Node, sources: list[Tensor]) -> Tensor:
        layer, inputs = node.layer, tuple([source.shape for source in sources])
        shape = layer.output_shape(inputs)
        parameters, buffers = layer.parameters(inputs), layer.buffers(inputs)
        macs = layer.macs(inputs, shape)
        owner = owners.setdefault(node.weights, parameters)
        shared = owner is not parameters
        if shared and owner != parameters:
            raise shared_shapes_differ(node.weights, owner, parameters)
        field, image = seen(node, inputs, sources)
        facts.append(
            Facts(
                node,
                inputs,
                shape,
                parameters,
                params=0 if shared else sum(map(elements, parameters.values())),
                buffers=0 if shared else sum(map(elements, buffers.values())),
                macs=macs,
                flops=2 * macs + layer.operations(inputs, shape),
                field=field,
            )
        )
        return Tensor(shape, field, image)

    images = {name: Tensor(shape, (IDENTITY,) * (len(shape) - 1), shape[1:]) for name, shape in graph.inputs.items()}
    walk(graph, images, describe)
    return Analysis(graph, facts)


def seen(node: Node, inputs: tuple[Shape, ...], sources: list[Tensor]) -> tuple[Field, Shape]:
    """Return the receptive field and the image it is measured in; fields in images of different sizes do not join."""
    field = node.layer.receptive_field(inputs, [source.field for source in sources])
    images = {source.image for source in sources if source.image}
    if len(images) > 1:
        field = tuple(Extent.UNKNOWN if isinstance(axis, ReceptiveField) else axis for axis in field)
    return field, sources[0].image or next(iter(images), ())


def shared_shapes_differ(path: str, owner: Mapping[str, Shape], own: Mapping[str, Shape]) -> ShapeMismatch:
    """Return the error of a layer whose tensors are another's but would need other shapes."""
    name = next((name for name in [*own, *owner] if own.get(name) != owner.get(name)), "")
    here, there = (sizes_text(p[name]) if name in p else "none" for p in (own, owner))
    return ShapeMismatch(
        f"shared weights must have one shape ({name} is {here} here, {there} at {path})", option="weights"
    )


def fold(facts: Sequence[Facts], depth: int) -> list[tuple[str, Sequence[Facts]]]:
    """Return neighbouring nodes in groups that share the first ``depth`` parts of their paths.

    A fold is a view: the nodes of a group keep their order, and the sums over all groups are the totals.
    """
    parts = groupby(facts, key=lambda one: ".".join(one.node.path.split(".")[:depth]))
    return [(path, list(group)) for path, group in parts]
