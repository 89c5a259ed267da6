"""The layers that lead to a node, walked again with other input sizes or other layers: shapes alone."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.checks.survey import Survey
from cnncalc.errors import CnncalcError, DoesNotFit, LayerError, ShapeMismatch, WindowExceedsInput
from cnncalc.graph import Node
from cnncalc.layers.base import Layer, Shape, output_shape
from cnncalc.layers.merge import Merge

MISS = 10
"""How many steps a shape that has to be worked out counts for."""
LARGEST_GROWTH = 2**24
MOST_STEPS = 1_000


class Exhausted(CnncalcError):
    """The survey's tries are used up."""


class Retrace:
    """A node and all that it hangs on, in the order of the graph; raises Exhausted where that is too much."""

    def __init__(self, survey: Survey, node: Node) -> None:
        assert survey.graph is not None
        self.survey = survey
        self.inputs = survey.graph.inputs
        places, nodes = survey.positions, survey.graph.nodes
        found = {places[node.path]}
        self.roots: set[str] = set()
        open_ = [node]
        while open_:
            survey.tries -= 1
            if survey.tries < 0:
                raise Exhausted
            for path in open_.pop().inputs:
                if path in self.inputs:
                    self.roots.add(path)
                elif places[path] not in found:
                    found.add(places[path])
                    open_.append(nodes[places[path]])
        self.nodes = [nodes[at] for at in sorted(found)]
        self.known: dict[tuple[object, ...], tuple[Shape, frozenset[int]]] = {}
        self.kept: list[object] = []  # a layer that is gone may leave its id to another

    def shape(
        self, inputs: Mapping[str, Shape], changed: Mapping[str, Layer] | None = None
    ) -> tuple[Shape, frozenset[int]]:
        """Return the node's output shape, floored, and the axes along which something on the way does not fit.

        Raises the LayerError of the first layer that has no output at all, and Exhausted.
        """
        shapes = {**self.inputs, **inputs}
        self.kept.append(changed)
        unfit: frozenset[int] = frozenset()
        for node in self.nodes:
            self.survey.tries -= 1
            if self.survey.tries < 0:
                raise Exhausted
            layer = (changed or {}).get(node.path, node.layer)
            sources = tuple([shapes[path] for path in node.inputs])
            key = id(layer), *sources
            if key not in self.known:
                self.survey.tries -= MISS + len(sources)
                self.known[key] = shape_and_axes(layer, sources)
            shapes[node.path], axes = self.known[key]
            if axes:
                unfit |= axes
        return shapes[self.nodes[-1].path], unfit


def shape_and_axes(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Shape, frozenset[int]]:
    """Return an output shape and the axes along which the layer does not fit, with the floor of its size there.

    Operands of different sizes give the smallest: what grows with the input still does.
    """
    try:
        return output_shape(layer, inputs), frozenset()
    except DoesNotFit:
        slides = layer.slides(inputs[0][1:])
        axes = {
            axis
            for axis, slide in enumerate(slides)
            if (slide.size - slide.reach + slide.before + slide.after) % slide.stride
        }
        return output_shape(layer.model_copy(update={"rounding": "floor"}), inputs), frozenset(axes)
    except ShapeMismatch:
        if not isinstance(layer, Merge) or len({len(shape) for shape in inputs}) > 1:
            raise
        sizes = [set(axis) for axis in zip(*(shape[1:] for shape in inputs), strict=True)]
        least = [(shape[0], *map(min, sizes)) for shape in inputs]
        return output_shape(layer, least), frozenset(axis for axis, size in enumerate(sizes) if len(size) > 1)


def smallest(survey: Survey, node: Node) -> tuple[dict[str, Shape], Shape] | None:
    """Return the smallest inputs, no axis shorter than now, with which a node has an output, and this output.

    Sizes grow together until every window fits, then each axis alone is brought down again by bisection: with floors,
    what fits still fits in a larger image. Then each axis goes on up to where all steps are whole.
    """
    try:
        retrace = Retrace(survey, node)
    except Exhausted:
        return None
    roots = sorted(name for name in retrace.roots if len(retrace.inputs[name]) > 1)
    present = {retrace.inputs[name][1:] for name in roots}
    if len(present) != 1:
        return None
    base = present.pop()

    def given(sizes: list[int]) -> dict[str, Shape]:
        return {name: (retrace.inputs[name][0], *sizes) for name in roots}

    def large_enough(sizes: list[int]) -> bool:
        try:
            retrace.shape(given(sizes))
        except WindowExceedsInput:
            return False
        return True

    try:
        high = [2 * size for size in base]
        while not large_enough(high):
            high = [2 * size for size in high]
            if max(high) > LARGEST_GROWTH * max(base):
                return None
        for axis in range(len(high)):
            low = base[axis]
            while low < high[axis]:
                middle = (low + high[axis]) // 2
                if large_enough([*high[:axis], middle, *high[axis + 1 :]]):
                    high[axis] = middle
                else:
                    low = middle + 1
        for _ in range(MOST_STEPS):
            shape, unfit = retrace.shape(given(high))
            if not unfit:
                return given(high), shape
            high = [size + (axis in unfit) for axis, size in enumerate(high)]
    except (LayerError, Exhausted):
        pass
    return None
