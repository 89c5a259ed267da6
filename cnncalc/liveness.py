"""Which tensors are in memory while a network runs: each from its layer to the last one that reads it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.graph import Graph
from cnncalc.layers.base import Layer, elements


class Peak(NamedTuple):
    """The most elements that are in memory at once, and the node after which they are."""

    elements: int
    path: str


class Storage(NamedTuple):
    """The pieces of memory that a network's tensors are in, by number; those of its inputs come first.

    By piece: ``names`` of the tensors they are made for, their ``sizes`` in elements of one sample, how many nodes are
    its ``readers``, and whether it is ``held`` to the end. By node, in the graph's order: the piece that it ``writes``,
    -1 for a view; the pieces that it ``reads``; those that its output may be written ``over``; and the nodes that must
    run ``before`` it.
    """

    names: list[str]
    sizes: list[int]
    readers: list[int]
    held: list[bool]
    writes: list[int]
    reads: list[tuple[int, ...]]
    over: list[tuple[int, ...]]
    before: list[tuple[int, ...]]
    inputs: int
    """How many of the pieces are the network's inputs."""


def looks(layer: Layer) -> bool:
    """Return whether a layer only looks at what it reads, where nothing is trained."""
    return layer.is_view


def owners(graph: Graph, is_view: Callable[[Layer], bool] = looks) -> Mapping[str, str]:
    """Return, for each tensor, the one whose memory it is in: its own, unless its layer only looks at its input.

    >>> import cnncalc
    >>> owners(cnncalc.loads("{cnncalc: 1, input: 1x8x8, layers: [relu, flatten, dropout]}"))
    {'input': 'input', 'relu1': 'relu1', 'flatten1': 'relu1', 'dropout1': 'relu1'}
    """
    found = {name: name for name in graph.inputs}
    for node in graph.nodes:
        found[node.path] = found[node.inputs[0]] if is_view(node.layer) else node.path
    return found


def last_uses(graph: Graph) -> Mapping[str, list[str]]:
    """Return, for each node, the tensors that nothing after it reads.

    The outputs of the network are never among them, nor its inputs: who runs it has them.

    >>> import cnncalc
    >>> last_uses(cnncalc.loads("{cnncalc: 1, input: 1x8x8, layers: [relu, {add: [in, prev]}, relu]}"))
    {'add1': ['relu1'], 'relu2': ['add1']}
    """
    kept = {*graph.outputs, *graph.inputs}
    found: dict[str, list[str]] = {}
    for node in reversed(graph.nodes):
        for path in (node.path, *node.inputs):  # a tensor that nothing reads at all goes at once
            if path not in kept:
                kept.add(path)
                found.setdefault(node.path, []).insert(0, path)
    return dict(reversed(found.items()))


def storage(
    analysis: Analysis,
    *,
    in_place: bool = False,
    keep_inputs: bool = True,
    is_view: Callable[[Layer], bool] = looks,
) -> Storage:
    """Return the pieces of memory of a network's tensors, who writes them and who reads them.

    With ``in_place`` an activation, a norm or a join of elements may write over an operand that nothing else reads
    later; never over an input of the network or an output. With ``keep_inputs`` the inputs are held to the end.
    """
    graph = analysis.graph
    own, kept = owners(graph, is_view), set(graph.outputs)
    shapes = {**graph.inputs, **{one.node.path: one.shape for one in analysis.facts}}
    names = [name for name, owner in own.items() if name == owner]
    number = {name: index for index, name in enumerate(names)}
    piece = {path: number[owner] for path, owner in own.items()}
    position = {node.path: index for index, node in enumerate(graph.nodes)}
    reads = [tuple(dict.fromkeys([piece[path] for path in node.inputs])) for node in graph.nodes]
    readers, inputs = [0] * len(names), len(graph.inputs)
    for pieces in reads:
        for index in pieces:
            readers[index] += 1
    held = [index < inputs and (keep_inputs or not count) for index, count in enumerate(readers)]
    for path in kept:
        held[piece[path]] = True
    return Storage(
        names,
        [elements(shapes[name]) for name in names],
        readers,
        held,
        [-1 if is_view(node.layer) else piece[node.path] for node in graph.nodes],
        reads,
        [
            tuple(piece[path] for path in one.node.inputs if shapes[path] == one.shape and piece[path] >= inputs)
            if in_place and one.node.layer.overwrites
            else ()
            for one in analysis.facts
        ],
        [tuple({position[path] for path in node.inputs if path in position}) for node in graph.nodes],
        inputs,
    )


def alive(found: Storage, order: Iterable[int] | None = None) -> list[int]:
    """Return, node by node in an order of execution, the elements in memory once it has run and nothing is dropped.

    ``order`` has the numbers of the nodes; by default they run as they stand. One sample.
    """
    left, now, every = list(found.readers), sum(found.sizes[: found.inputs]), []
    for node in range(len(found.writes)) if order is None else order:
        written = found.writes[node]
        size = found.sizes[written] if written >= 0 else 0
        takes = overwritten(found, left, node) >= 0
        every.append(now if takes else now + size)
        now += size - sum([found.sizes[piece] for piece in dropped(found, left, node)])
    return every


def overwritten(found: Storage, left: Sequence[int], node: int) -> int:
    """Return the piece whose place the output of a node takes, -1 for none; ``left`` are the readers to come."""
    return next((piece for piece in found.over[node] if left[piece] == 1 and not found.held[piece]), -1)


def dropped(found: Storage, left: list[int], node: int) -> list[int]:
    """Count a node as one that has read, and return the pieces that nothing needs from now on."""
    gone = []
    for piece in found.reads[node]:
        left[piece] -= 1
        if not left[piece] and not found.held[piece]:
            gone.append(piece)
    written = found.writes[node]
    if written >= 0 and not left[written] and not found.held[written]:  # a tensor that nothing reads at all
        gone.append(written)
    return gone


def live(analysis: Analysis) -> list[int]:
    """Return, for each node, the elements in memory once it has run and before anything is dropped, for one sample.

    The inputs are held to the end, as who runs the network has them: it is what ``verify`` measures.

    >>> import cnncalc
    >>> live(cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 1x8x8, layers: [relu, {max_pool: 2}, flatten]}")))
    [128, 144, 80]
    """
    return alive(storage(analysis))


def peak(analysis: Analysis) -> Peak:
    """Return where most elements are in memory: the inputs, the outputs and all that is still read, of one sample.

    >>> import cnncalc
    >>> peak(cnncalc.analyze(cnncalc.load("zoo:lenet5")))
    Peak(elements=10432, path='conv1.act')
    """
    every = live(analysis)
    most = max(every, default=0)
    return Peak(most, analysis.facts[every.index(most)].node.path if every else "")
