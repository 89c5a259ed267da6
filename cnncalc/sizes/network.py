"""A spec's network at any size of its input, even where its own size is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import analyze
from cnncalc.errors import DoesNotCompute, LayerError, SpecError
from cnncalc.graph import Graph
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import Layer, Shape
from cnncalc.sizes.sweep import Inputs, Refusal, Swept, sweep
from cnncalc.sizes.tail import Tail, tail

OTHERS = (1, 2, 4, 8, 16, 32)
"""How many times the spec's own size is tried where that makes no network."""


class Network(NamedTuple):
    """A graph, and the way to it from other inputs where the graph itself depends on them."""

    graph: Graph
    own: Inputs
    """The inputs as the spec has them; the graph may be that of others."""
    rebuild: Callable[[Inputs], Graph] | None = None
    """What makes the graph anew for each input: None where it is the same for all."""

    def sweep(self, tries: Sequence[Inputs]) -> Swept:
        """Return what becomes of each of many inputs."""
        if self.rebuild is None:
            return sweep(self.graph, tries)
        columns = {name: tuple([one[name] for one in tries]) for name in self.graph.inputs}
        return Swept([self.refusal(one) for one in tries], columns)

    def tail(self, at: Callable[[int], Inputs]) -> Tail | None:
        """Return what is proved of all large sizes, None where nothing is."""
        return tail(self.graph, at) if self.rebuild is None else None

    def refusal(self, inputs: Inputs) -> Refusal | None:
        """Return the refusal of one input as a whole analysis has it."""
        try:
            analyze(self.at(inputs))
        except SpecError as error:
            return refusal_of(error)
        return None

    def at(self, inputs: Inputs) -> Graph:
        """Return the graph with other inputs."""
        return self.rebuild(inputs) if self.rebuild else self.graph._replace(inputs=inputs)


def refusal_of(error: SpecError) -> Refusal:
    """Return an error with its place as a refusal."""
    cause = error.__cause__
    return Refusal(error.place, error.fact, error.help, (Layer(), (), cause) if isinstance(cause, LayerError) else None)


def read_network(content: bytes, file: str, args: Mapping[str, str] | None = None, input: str | None = None) -> Network:
    """Return the network of a spec's text, at its own size or, where ``cin`` finds none there, at another.

    Raises SpecError for what is wrong at every size.

    >>> read_network(b"{cnncalc: 1, input: 1x7x7, layers: [{conv: 4, kernel: 3, stride: 3}]}", "a.yaml").own
    {'input': (1, 7, 7)}
    """
    from cnncalc.spec.document import document
    from cnncalc.spec.expand import Expansion
    from cnncalc.spec.extends import follow
    from cnncalc.spec.inputs import inputs
    from cnncalc.spec.load import arguments

    base = follow(content, file, arguments(args or {}), input)
    found = document(base.data, base.file, base.told)
    own = inputs(found, base.shown, base.args)

    def build(shapes: Inputs) -> Graph:
        return Expansion(found, shapes).graph()

    graph = first_graph(build, own)
    graph = graph._replace(name=base.name(graph.name))
    depends = b"cin" in base.content and grows_flat(graph)
    return Network(graph, own, build if depends else None)


def first_graph(build: Callable[[Inputs], Graph], own: Inputs) -> Graph:
    """Return the graph at the spec's own inputs; where a layer refuses them as it is made, at larger ones."""
    first: SpecError | None = None
    for shapes in [enlarged(own, times) for times in OTHERS] + [evened(own, exponent) for exponent in range(4, 13)]:
        try:
            return build(shapes)
        except DoesNotCompute as error:
            first = first or error
    assert first is not None
    raise first


def enlarged(inputs: Inputs, times: int) -> dict[str, Shape]:
    """Return inputs with every spatial axis so many times as long."""
    return {name: (shape[0], *(size * times for size in shape[1:])) for name, shape in inputs.items()}


def evened(inputs: Inputs, exponent: int) -> dict[str, Shape]:
    """Return inputs with every spatial axis a power of two long."""
    return {name: (shape[0], *(2**exponent for _ in shape[1:])) for name, shape in inputs.items()}


def grows_flat(graph: Graph) -> bool:
    """Return whether a vector's length may depend on the image's size, and with it what ``cin`` is.

    >>> import cnncalc
    >>> grows_flat(cnncalc.load("zoo:squeezenet1_0"))  # flatten follows a global pool
    False
    """
    fixed: set[str] = set()
    for node in graph.nodes:
        keeps = type(node.layer).output_shape is Layer.output_shape
        if isinstance(node.layer, Binned) or node.op in ("linear", "reshape") or (keeps and node.inputs[0] in fixed):
            fixed.add(node.path)
        elif node.op == "flatten" and node.inputs[0] not in fixed:
            return True
    return False
