"""The network as a flat list of nodes, each after all of its inputs, and the only loop over them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from cnncalc.errors import DoesNotCompute, LayerError, Place, Span
from cnncalc.layers.base import Layer, Shape

Value = TypeVar("Value")


class Origin(NamedTuple):
    """The line of a spec that a node comes from, its options' stretches, and the ``use`` lines that led there."""

    file: str
    span: Span
    options: Mapping[str, Span]
    calls: tuple[Span, ...] = ()


class Claim(NamedTuple):
    """What a file states of its own network, and where."""

    value: Any
    span: Span
    file: str


class Node(NamedTuple):
    """One layer at one place of the network.

    ``path`` says which call it is; ``weights`` whose tensors it uses: its own path unless they are shared.
    """

    path: str
    op: str
    layer: Layer
    inputs: tuple[str, ...]
    weights: str
    origin: Origin
    expect: Claim | None = None

    def place(self, option: str = "") -> Place:
        """Return where an error of this node is told, at the option it is about if that is in the file."""
        return Place(self.origin.file, self.origin.options.get(option, self.origin.span), self.path, self.op)


class Graph(NamedTuple):
    """A network: the shapes of its inputs by name, its nodes in an order of execution, and its outputs' paths."""

    name: str
    file: str
    inputs: Mapping[str, Shape]
    nodes: Sequence[Node]
    outputs: tuple[str, ...]
    expect: Mapping[str, Claim] = {}
    budget: Mapping[str, Claim] = {}
    least: Mapping[str, int] = {}
    """The symbols in its inputs' sizes, each with the value from which on the formulas hold."""


def walk(
    graph: Graph,
    values: Mapping[str, Value],
    step: Callable[[Node, list[Value]], Value],
    forget: Mapping[str, Iterable[str]] = {},
) -> dict[str, Value]:
    """Return the value at every node: ``values`` at the inputs, and what ``step`` makes of its inputs' values at each.

    ``forget`` has, for a node, the values to drop once it has been visited.

    Raises SpecError: a LayerError raised by ``step`` with the place of its node.
    """
    found = dict(values)
    for node in graph.nodes:
        visit(node, found, step)
        if forget:
            for path in forget.get(node.path, ()):
                del found[path]
    return found


def visit(node: Node, values: dict[str, Value], step: Callable[[Node, list[Value]], Value]) -> None:
    """Add the value at one node to the values before it."""
    try:
        values[node.path] = step(node, [values[path] for path in node.inputs])
    except LayerError as error:
        raise DoesNotCompute(node.place(error.option), error.fact, help=error.help) from error
