"""A line of a spec with every layer that it makes, and the layers that could take the place of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from collections.abc import Mapping as ReadMapping
from functools import cached_property
from typing import Any, NamedTuple

from cnncalc.advise.source import Item, Source
from cnncalc.analysis import Analysis, Facts, Totals
from cnncalc.checks.add_bottleneck import before_expansion, widths
from cnncalc.checks.saving import followers, images
from cnncalc.errors import Place, Span
from cnncalc.layers import LAYERS, layer_class
from cnncalc.layers.base import Layer
from cnncalc.spec.document import Document
from cnncalc.spec.source import Mapping

IMAGE = 4
"""The most channels that an image has: red, green, blue and how far one sees through it, or how far it is."""


class Line(NamedTuple):
    """One line of the file and the layers that come of it: one for each use of its block and each repeat."""

    item: Item
    uses: tuple[Facts, ...]


class Network:
    """A spec as advice needs it: its text, its document, and what was worked out of it."""

    def __init__(self, source: Source, document: Document, analysis: Analysis) -> None:
        self.source = source
        self.document = document
        self.analysis = analysis
        self.totals: Totals = analysis.totals
        self.survey = source.survey
        self.facts = source.survey.facts

    @cached_property
    def lines(self) -> list[Line]:
        """The lines that make a conv or a linear layer, in the order of the file."""
        found: dict[Span, list[Facts]] = defaultdict(list)
        for one in self.analysis.facts:
            if one.node.op in ("conv", "linear"):
                found[one.node.origin.span].append(one)
        every = [(self.source.items.get(self.source.at(span)), uses) for span, uses in found.items()]
        return sorted((Line(item, tuple(uses)) for item, uses in every if item), key=lambda line: line.item.start)

    @cached_property
    def raw(self) -> frozenset[str]:
        """The inputs, and what only passes them on."""
        return frozenset(images(self.survey))

    def image(self, one: Facts) -> bool:
        """Return whether a layer reads an image: an input of the network, of few channels."""
        return self.raw.issuperset(one.node.inputs) and one.inputs[0][0] <= IMAGE

    @cached_property
    def bottlenecks(self) -> tuple[ReadMapping[str, int], Collection[str]]:
        """The channels that a 1x1 has reduced before each node, and the nodes that a 1x1 widens."""
        return widths(self.survey), before_expansion(self.survey)

    @cached_property
    def readers(self) -> Counter[str]:
        """How many layers read each tensor, an output of the network counted as one more."""
        return Counter(
            [*self.analysis.graph.outputs, *(path for one in self.analysis.facts for path in one.node.inputs)]
        )

    @cached_property
    def shared(self) -> frozenset[str]:
        """The paths of the layers whose tensors another line uses by name."""
        lines = defaultdict(set)
        for one in self.analysis.facts:
            lines[one.node.weights].add(one.node.origin.span)
        return frozenset(path for path, spans in lines.items() if len(spans) > 1)

    @cached_property
    def numbered(self) -> bool:
        """Whether the file speaks of layers by the numbers they get by themselves, which a line more would change."""
        return any(_is_number(part) for part in references(self.source.data))

    @cached_property
    def names(self) -> set[str]:
        """Every name that a line of the file has."""
        return {str(item.data["name"]) for item in self.source.items.values() if "name" in item.data}

    @cached_property
    def _defaults(self) -> ReadMapping[str, ReadMapping[str, Any]]:
        if self.document.spec.defaults is None:
            return {}
        from cnncalc.spec.defaults import defaults

        return defaults(self.source.data, Place(self.document.file, Span(1, 1, 1, 1)), self.document.args)

    def default(self, op: str, name: str) -> Any:  # noqa: ANN401 - an option's value, of whatever kind it is
        """Return what an option is where a line leaves it out; for norm and act what the file's defaults say."""
        given = self._defaults.get(op, {})
        if name in ("norm", "act"):
            return given.get(name)
        if name == "rounding":
            return given.get("rounding", self.document.spec.rounding)
        kind = layer_class(op)
        if name not in given:
            return kind.model_fields[name].default
        written = {name: given[name]} | ({kind.argument: 1} if kind.argument != name else {})
        return getattr(kind.model_validate(written), name)

    def behind(self, one: Facts) -> list[Layer]:
        """Return the norm and the activation on a layer's own line."""
        return followers(self.survey, one)


def references(data: object) -> Sequence[str]:
    """Return the parts of every reference in a file: of from, weights, outputs, and of the names that are joined."""
    found: list[str] = []
    open_: list[object] = [data]
    while open_:
        value = open_.pop()
        if isinstance(value, dict):
            for key, one in value.items():
                open_.append(one)
                if key in ("from", "weights", "outputs", "add", "multiply", "concat"):
                    texts = one if isinstance(one, list) else [one]
                    found += [part for text in texts if isinstance(text, str) for part in text.split(".")]
        elif isinstance(value, list):
            open_ += value
    return found


def _is_number(part: str) -> bool:
    """Return whether a part of a reference is an op with a number, or could be the number of a block."""
    base = part.rstrip("0123456789")
    return base != part and bool(base) and (base in LAYERS or base in ("relu", "act"))


def written(item: Item, name: str) -> bool:
    """Return whether a line says an option itself."""
    return isinstance(item.data, Mapping) and name in item.data
