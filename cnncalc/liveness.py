"""Which tensors are in memory while a network runs: each from its layer to the last one that reads it."""

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.graph import Graph
from cnncalc.layers.base import elements


class Peak(NamedTuple):
    """The most elements that are in memory at once, and the node after which they are."""

    elements: int
    path: str


def owners(graph: Graph) -> Mapping[str, str]:
    """Return, for each tensor, the one whose memory it is in: its own, unless its layer only looks at its input.

    >>> import cnncalc
    >>> owners(cnncalc.loads("{cnncalc: 1, input: 1x8x8, layers: [relu, flatten, dropout]}"))
    {'input': 'input', 'relu1': 'relu1', 'flatten1': 'relu1', 'dropout1': 'relu1'}
    """
    found = {name: name for name in graph.inputs}
    for node in graph.nodes:
        found[node.path] = found[node.inputs[0]] if node.layer.is_view else node.path
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


def live(analysis: Analysis) -> list[int]:
    """Return, for each node, the elements in memory once it has run and before anything is dropped, for one sample.

    >>> import cnncalc
    >>> live(cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 1x8x8, layers: [relu, {max_pool: 2}, flatten]}")))
    [128, 144, 80]
    """
    graph = analysis.graph
    own, forget = owners(graph), last_uses(graph)
    sizes = {name: elements(shape) for name, shape in graph.inputs.items()}
    readers = dict.fromkeys(sizes, 1)  # how many tensors are alive in each piece of memory
    alive = sum(sizes.values())
    found = []
    for one in analysis.facts:
        path = one.node.path
        if own[path] == path:
            sizes[path] = elements(one.shape)
            alive += sizes[path]
        readers[own[path]] = readers.get(own[path], 0) + 1
        found.append(alive)
        for gone in forget.get(path, ()):
            readers[own[gone]] -= 1
            if not readers[own[gone]]:
                alive -= sizes[own[gone]]
    return found


def peak(analysis: Analysis) -> Peak:
    """Return where most elements are in memory: the inputs, the outputs and all that is still read, of one sample.

    >>> import cnncalc
    >>> peak(cnncalc.analyze(cnncalc.load("zoo:lenet5")))
    Peak(elements=10432, path='conv1.act')
    """
    every = live(analysis)
    most = max(every, default=0)
    return Peak(most, analysis.facts[every.index(most)].node.path if every else "")
