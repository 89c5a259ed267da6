"""CNN109: a reshape, a slice or shared weights that do not agree with the shape they are given."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.checks.base import Finding, Label, Refused, Suggestion
from cnncalc.checks.remedy import lines, tried
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import LayerError
from cnncalc.errors import ShapeMismatch as Mismatch
from cnncalc.graph import Node
from cnncalc.layers.base import sizes_text
from cnncalc.layers.reorder import Reshape, Slice

JOINS = ("add", "multiply", "concat")


class ShapeMismatch(Refused):
    """A reshape keeps other elements than it has, a slice goes beyond the channels, or shared weights differ."""

    code = "CNN109"
    name = "shape-mismatch"
    refuses = Mismatch
    why = "No element may be lost or made up on the way: what is moved, picked or shared must be there, all of it."
    formula = "a reshape has as many elements as its input; a slice has 0 <= start < stop <= channels"
    example = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {reshape: 96x4}\n"
    instead = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {reshape: 48x4}\n"
    options = "`flatten` makes one vector of whatever comes; `linear` does so by itself."

    def concerns(self, refusal: Refusal) -> bool:
        """Return whether the error is not that of a join."""
        return super().concerns(refusal) and refusal.error.place.op not in JOINS

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with where the shape is from, and the nearest that would do."""
        node, cause = refusal.node, refusal.cause
        if node is None or not isinstance(cause, LayerError):
            return super().told(refusal, survey)
        place = refusal.error.place._replace(span=survey.option(node, *filter(None, (cause.option, node.op))))
        found = self.finding(place, cause.fact, cause.help)
        if cause.option == "weights":
            owner = survey.where(node.weights)
            return found._replace(others=(Label(owner, f"the tensors of {node.weights}"),))
        shape = refusal.inputs[0]
        came_from = survey.source(node, tuple)
        return found._replace(
            others=(Label(survey.where(came_from), sizes_text(shape)),),
            notes=tuple(_arithmetic(node, shape)),
            helps=tuple(lines(_reshapes(refusal, survey, node), _slices(refusal, survey, node))),
        )


def _arithmetic(node: Node, shape: tuple[int, ...]) -> Iterator[str]:
    if isinstance(node.layer, Reshape):
        for one in (node.layer.shape, shape):
            yield f"{'*'.join(map(str, one))} = {prod(one)}"


def _reshapes(refusal: Refusal, survey: Survey, node: Node) -> Iterator[Suggestion | None]:
    """Yield the shapes with one size changed, so that all elements find their place; the vector where none does."""
    if not isinstance(node.layer, Reshape):
        return
    whole, wanted = prod(refusal.inputs[0]), node.layer.shape
    for axis in range(min(len(wanted), 4)):
        others = prod(wanted) // wanted[axis]
        if whole % others == 0:
            changed = (*wanted[:axis], whole // others, *wanted[axis + 1 :])
            yield tried(refusal, survey, "shape", changed, sizes_text(changed), spatial=False)


def _slices(refusal: Refusal, survey: Survey, node: Node) -> Suggestion | None:
    """Return the slice that ends where the channels do."""
    if not isinstance(node.layer, Slice):
        return None
    start, stop = node.layer.channels
    stop = min(stop, refusal.inputs[0][0])
    kept = (start, stop) if start < stop else (0, stop)
    return tried(refusal, survey, "channels", kept, f"[{kept[0]}, {kept[1]}]", spatial=False)
