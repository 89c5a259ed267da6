"""Where the axes of an image meet: the layer at which whether one size is legal depends on another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cnncalc.graph import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.linear import Linear
from cnncalc.layers.merge import Concat
from cnncalc.layers.reorder import Flatten, Reshape
from cnncalc.sizes.line import Line


def meeting(graph: Graph, lines: Sequence[Line]) -> str | None:
    """Return the first layer that may refuse a size for what another axis is; None where each is for itself.

    The rules of windows and joins are asked axis by axis. Only a vector, or a shape that counts elements, has several
    axes in one number; and a join of inputs that vary apart has them in one axis.

    >>> from cnncalc.sizes import legal_sizes
    >>> from cnncalc.sizes.network import read_network
    >>> spec = b"{cnncalc: 1, input: 4x6x6, layers: [{reshape: 144}]}"
    >>> legal_sizes(read_network(spec, "a.yaml")).meeting
    'reshape1'
    """
    uses = Counter(node.weights for node in graph.nodes)
    for node in graph.nodes:
        varying = [[path for path in node.inputs if path in line.varying] for line in lines]
        along = [line.axis.spots[0][1] for line, paths in zip(lines, varying, strict=True) if paths]
        if len(along) > 1 and (
            (len(node.inputs) > 1 and len(set(along)) < len(along))
            or _counts_elements(node, [line.varying.get(path) for line in lines for path in node.inputs], uses)
        ):
            return node.path
    return None


def _counts_elements(node: Node, axes: Sequence[int | None], uses: Counter[str]) -> bool:
    """Return whether a node whose input varies along several axes may refuse it for their product."""
    layer = node.layer
    if isinstance(layer, Reshape):
        return True
    if isinstance(layer, Linear):
        return uses[node.weights] > 1
    passes = isinstance(layer, Concat | Flatten) or type(layer).output_shape is Layer.output_shape
    return 1 in axes and not (passes and uses[node.weights] == 1)
