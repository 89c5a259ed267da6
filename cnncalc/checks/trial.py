"""Suggestions tried on the layer itself: what it gives with other options, and the edits that give it them."""

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as ReadMapping
from functools import cached_property

from cnncalc.analysis import Facts
from cnncalc.checks.base import Edit, Finding, Label, Suggestion
from cnncalc.checks.mending import setting
from cnncalc.checks.survey import Survey
from cnncalc.errors import LayerError, Span
from cnncalc.graph import Node
from cnncalc.layers.base import Layer, Shape, output_shape, sizes_text
from cnncalc.spec.source import Mapping

Mended = Callable[[Facts], bool]
"""Whether a node with other options no longer has the finding."""


class Trials:
    """The layers of one file, of which each may be tried with other options."""

    def __init__(self, survey: Survey, mended: Mended) -> None:
        self.survey = survey
        self.mended = mended
        self.known: dict[tuple[object, ...], Finding] = {}

    def told(self, one: Facts, make: Callable[[], Finding]) -> Finding:
        """Return the finding of a node, made once for the nodes of one line that are alike."""
        node = one.node
        key = id(node.layer), one.inputs, node.origin.span, node.origin.calls
        if key not in self.known:
            self.known[key] = make()._replace(calls=node.origin.calls)
        found = self.known[key]
        return found._replace(place=found.place._replace(path=node.path))

    @cached_property
    def sources(self) -> ReadMapping[str, str]:
        """Where the spatial sizes of each node's output come from: as Survey.source, for all nodes in one pass."""
        found: dict[str, str] = {}
        for path, one in self.survey.described.items():
            before = one.node.inputs[0]
            found[path] = found.get(before, before) if one.inputs[0][1:] == one.shape[1:] else path
        return found

    def came_from(self, one: Facts) -> Label:
        """Return the label of the input or layer that made the spatial sizes which a node reads."""
        before = one.node.inputs[0]
        return Label(self.survey.where(self.sources.get(before, before)), f"the {sizes_text(one.inputs[0][1:])} input")

    @cached_property
    def users(self) -> Counter[str]:
        """How many nodes use the tensors of each owner."""
        nodes = self.survey.graph.nodes if self.survey.graph else ()
        return Counter(node.weights for node in nodes)

    def tried(self, one: Facts, options: ReadMapping[str, tuple[object, str]]) -> Suggestion | None:
        """Return the suggestion of other values, each as it is and as it is written; None if it does not mend.

        Tensors that other layers share must keep their shape: then another kernel is told without edits.
        """
        self.survey.tries -= 1
        if self.survey.tries < 0:
            return None
        node = one.node
        layer = node.layer.model_copy(update={name: value for name, (value, _) in options.items()})
        shape = shape_of(layer, one.inputs)
        if shape is None or not self.mended(one._replace(node=node._replace(layer=layer), shape=shape)):
            return None
        keys = {name: node.op if name == layer.argument else name for name in options}
        edits = [setting(self.survey, node, keys[name], text) for name, (_, text) in options.items()]
        whole = all(edits) and not ("kernel" in options and self.users[node.weights] > 1)
        words = ", ".join(f"{keys[name]}: {text}" for name, (_, text) in options.items())
        return Suggestion(
            f"`{words}` gives {sizes_text(shape[1:])}",
            tuple(edit for edit_list in edits for edit in edit_list) if whole else (),
            shape,
        )


def shape_of(layer: Layer, inputs: tuple[Shape, ...]) -> Shape | None:
    """Return a layer's output shape, None where it has none.

    >>> from cnncalc.layers.pool import MaxPool
    >>> shape_of(MaxPool(kernel=2), ((8, 6, 6),)), shape_of(MaxPool(kernel=2), ((8, 7, 7),))
    ((8, 3, 3), None)
    """
    try:
        return output_shape(layer, inputs)
    except LayerError:
        return None


def above(survey: Survey, node: Node, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts a layer on a line of its own above a node's; none where it would not be what it reads.

    A line in a block or with a repeat is several layers, and one with a ``from`` does not read the line above.
    """
    span = node.origin.span
    head = survey.lines[span.line - 1][: span.column - 1]
    data = survey.mappings.get(span, Mapping(span))
    if node.origin.calls or "repeat" in data or "from" in data or not re.fullmatch(r" *- +", head):
        return ()
    return (Edit(Span(span.line, 1, span.line, 1), f"{head}{text}\n"),)
