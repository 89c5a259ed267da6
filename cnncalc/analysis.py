"""What a network costs and sees, node by node and in all; what a MAC is.

Profile ``mac-v1``: a MAC is one multiplication and one accumulation of a weight into an output, taps on padding
included; FLOPs are 2*MACs and the other operations that each layer lists; both are per sample.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.errors import ShapeMismatch, TooLarge
from cnncalc.field import IDENTITY, Extent, Field, ReceptiveField, then
from cnncalc.graph import Graph, Node, walk
from cnncalc.layers.base import LARGEST, Layer, Shape, elements, output_shape, sizes_text
from cnncalc.pause import collector_paused

PROFILE = "mac-v1"


class Tensor(NamedTuple):
    """What flows along an edge: its shape, what one position of it sees, and the image that this is measured in."""

    shape: Shape
    field: Field
    image: Shape


class Cost(NamedTuple):
    """What a layer makes of inputs of given shapes, and what that costs, for one sample."""

    shape: Shape
    parameters: Mapping[str, Shape]
    params: int
    buffers: int
    macs: int
    flops: int
    steps: Sequence[ReceptiveField | None] | None
    """The layer's own field along each axis; None for a layer with a rule of its own."""


class Facts(NamedTuple):
    """What is known of one node.

    ``params`` and ``buffers`` are 0 where the tensors are another node's; ``activations`` are the output elements of a
    layer that has MACs, and 0 for the others (after Radosavovic et al. 2020). MACs, FLOPs and activations are for the
    batch.
    """

    node: Node
    inputs: tuple[Shape, ...]
    shape: Shape
    parameters: Mapping[str, Shape]
    params: int
    buffers: int
    macs: int
    flops: int
    activations: int
    field: Field
    batch: int = 1

    @property
    def macs_on_input(self) -> int:
        """The MACs without the taps on padding."""
        return self.batch * self.node.layer.macs_on_input(self.inputs, self.shape)

    @property
    def dropped(self) -> tuple[int, ...]:
        """The real positions along each axis that rounding leaves unread at the end."""
        return tuple(slide.dropped() for slide in self.node.layer.slides(self.inputs[0][1:]))

    @property
    def unread(self) -> int:
        """The real positions of one channel that rounding leaves unread, over all axes together."""
        sizes = self.inputs[0][1:]
        return elements(sizes) - elements(tuple(w - d for w, d in zip(sizes, self.dropped, strict=True)))


class Totals(NamedTuple):
    """Sums over all nodes; ``activations`` are the output elements of the layers that have MACs."""

    params: int
    buffers: int
    macs: int
    flops: int
    activations: int


class Analysis(NamedTuple):
    """A graph with the facts of each node, in order."""

    graph: Graph
    facts: Sequence[Facts]
    batch: int = 1
    least: Mapping[str, int] = {}
    """The symbols in the formulas, each with the value from which on they hold."""

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


def analyze(graph: Graph, *, batch: int = 1) -> Analysis:
    """Return the facts of every node of a graph; MACs, FLOPs and activations for ``batch`` samples.

    Raises SpecError with the place of the first layer that cannot be: a filter that does not fit, and the like.

    >>> import cnncalc
    >>> cnncalc.analyze(cnncalc.load("zoo:lenet5")).totals.params
    61706
    """
    ledger = Ledger(batch)
    with collector_paused():
        if not graph.least:
            walk(graph, images(graph), ledger.describe)
            return Analysis(graph, ledger.facts, batch)
        from cnncalc.symbolic.sign import assuming

        with assuming() as least:
            walk(graph, images(graph), ledger.describe)
    return Analysis(graph, ledger.facts, batch, at_least(graph.least, least))


def at_least(one: Mapping[str, int], two: Mapping[str, int]) -> dict[str, int]:
    """Return, symbol by symbol, the value from which on both hold.

    >>> at_least({"h": 1, "w": 1}, {"h": 7})
    {'h': 7, 'w': 1}
    """
    return {name: max(one.get(name, 1), two.get(name, 1)) for name in {**one, **two}}


def images(graph: Graph) -> dict[str, Tensor]:
    """Return the inputs of a graph as tensors, of which each position sees itself."""
    return {name: Tensor(shape, (IDENTITY,) * (len(shape) - 1), shape[1:]) for name, shape in graph.inputs.items()}


class Ledger:
    """The facts of the nodes described so far; ``describe`` is what a walk does at a node."""

    def __init__(self, batch: int = 1) -> None:
        self.batch = batch
        self.facts: list[Facts] = []
        self.owners: dict[str, tuple[Node, Mapping[str, Shape]]] = {}
        self.known: dict[tuple[int, tuple[Shape, ...]], Cost] = {}

    def describe(self, node: Node, sources: list[Tensor]) -> Tensor:
        """Note the facts of one node and return what flows out of it."""
        inputs = tuple([source.shape for source in sources])
        cost = self.known.get((id(node.layer), inputs))
        if cost is None:  # a layer that recurs is one object, and so is its cost
            cost = self.known[id(node.layer), inputs] = cost_of(node.layer, inputs)
        owner, parameters = self.owners.setdefault(node.weights, (node, cost.parameters))
        if parameters is not cost.parameters and parameters != cost.parameters:
            raise shared_shapes_differ(node.weights, parameters, cost.parameters)
        shared = owner is not node
        field, image = seen(node, inputs, sources, cost.steps)
        self.facts.append(
            Facts(
                node,
                inputs,
                cost.shape,
                cost.parameters,
                0 if shared else cost.params,
                0 if shared else cost.buffers,
                self.batch * cost.macs,
                self.batch * cost.flops,
                self.batch * elements(cost.shape) if cost.macs else 0,
                field,
                self.batch,
            )
        )
        return Tensor(cost.shape, field, image)


def cost_of(layer: Layer, inputs: tuple[Shape, ...]) -> Cost:
    """Return what a layer makes of inputs of these shapes, and what that costs."""
    shape = output_shape(layer, inputs)
    parameters, buffers = layer.parameters(inputs), layer.buffers(inputs)
    macs = layer.macs(inputs, shape)
    return Cost(
        shape,
        parameters,
        params=sum(map(elements, parameters.values())),
        buffers=sum(map(elements, buffers.values())),
        macs=macs,
        flops=2 * macs + layer.operations(inputs, shape),
        steps=layer.steps(inputs[0]) if type(layer).receptive_field is Layer.receptive_field else None,
    )


def seen(
    node: Node, inputs: tuple[Shape, ...], sources: list[Tensor], steps: Sequence[ReceptiveField | None] | None
) -> tuple[Field, Shape]:
    """Return the receptive field and the image it is measured in; fields in images of different sizes do not join."""
    if steps:
        field = then(sources[0].field, steps)
    elif steps is not None and len(sources) == 1:
        return sources[0].field, sources[0].image
    else:
        field = node.layer.receptive_field(inputs, [source.field for source in sources])
    for axis in field:
        if isinstance(axis, ReceptiveField) and max(axis.size, axis.jump.numerator, axis.jump.denominator) > LARGEST:
            raise TooLarge("the receptive field and its jump must fit in 64 bits")
    if len(sources) == 1:
        return field, sources[0].image
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


def image_field(analysis: Analysis) -> Field:
    """Return the receptive field of the last layer that does not see the whole: what papers print for a network.

    >>> import cnncalc
    >>> image_field(analyze(cnncalc.load("zoo:resnet18")))[0]
    ReceptiveField(size=435, jump=32, start=-217)
    """
    for one in analysis.facts[::-1]:
        if not set(one.field) <= {Extent.WHOLE, Extent.FLAT}:
            return one.field
    return ()
