"""How the receptive field grew from the image to a node: the layers that decided it, in order."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts, images
from cnncalc.explain.reasons import Sources
from cnncalc.field import AxisField, Extent, Field, ReceptiveField, then
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.merge import Merge


class Grown(NamedTuple):
    """A node that made its field of those before it; ``followed`` are the operands that decided it."""

    facts: Facts
    sources: Sources
    steps: tuple[ReceptiveField | None, ...]
    """The layer's own field along each axis; empty where it has a rule of its own."""
    followed: tuple[int, ...]

    @property
    def joins(self) -> bool:
        """Whether it has several operands."""
        return len(self.facts.inputs) > 1

    @property
    def changed(self) -> bool:
        """Whether the field differs from that of every operand which decided it."""
        return any(self.sources.fields[operand] != self.facts.field for operand in self.followed)


def chain(analysis: Analysis, facts: Facts) -> list[Grown]:
    """Return the nodes that decided the field of one, in the order of the graph, and itself as the last."""
    fields, origin = origins(analysis)
    needed, found = {facts.node.path}, []
    for one in reversed(analysis.facts):
        if one.node.path in needed:
            sources = Sources(
                tuple(fields[path] for path in one.node.inputs), tuple(origin[path] for path in one.node.inputs)
            )
            grown = Grown(one, sources, own_steps(one, sources), ())
            grown = grown._replace(followed=tuple(deciding(grown)))
            needed.update(one.node.inputs[operand] for operand in grown.followed)
            found.append(grown)
    return found[::-1]


def origins(analysis: Analysis) -> tuple[dict[str, Field], dict[str, Shape]]:
    """Return the field of every tensor, and the image that it is measured in."""
    inputs = images(analysis.graph)
    fields = {name: tensor.field for name, tensor in inputs.items()}
    origin = {name: tensor.image for name, tensor in inputs.items()}
    for one in analysis.facts:
        fields[one.node.path] = one.field
        came = [origin[path] for path in one.node.inputs]
        origin[one.node.path] = next((image for image in came if image), ())
    return fields, origin


def own_steps(one: Facts, sources: Sources) -> tuple[ReceptiveField | None, ...]:
    """Return a layer's own field along each axis; nothing where it leaves the field alone or has another rule."""
    layer = one.node.layer
    if isinstance(layer, Binned):
        steps: Sequence[ReceptiveField | None] = [axis.field for axis in layer.bins(one.inputs[0][1:])]
    elif type(layer).receptive_field is Layer.receptive_field:
        steps = layer.steps(one.inputs[0])
    else:
        return ()
    return tuple(steps) if len(steps) == len(sources.fields[0]) else ()


def deciding(grown: Grown) -> Iterator[int]:
    """Yield the operands that decide the field of a join: those of its first and last position along each axis."""
    operands = range(len(grown.sources.fields))
    if len(operands) == 1:
        yield 0
        return
    chosen: dict[int, None] = {}
    aligned = moved(grown)
    for axis, result in enumerate(grown.facts.field):
        parts = {operand: aligned[operand][axis] for operand in operands if len(aligned[operand]) > axis}
        if isinstance(result, ReceptiveField):
            known = {operand: part for operand, part in parts.items() if isinstance(part, ReceptiveField)}
            for best in sides(known):
                if not chosen.keys() & best:
                    chosen[min(best)] = None
        else:
            for operand in lost_by(parts, result):
                chosen[operand] = None
    yield from sorted(chosen or {0: None})


def moved(grown: Grown) -> list[Field]:
    """Return the operands' fields, each moved by what ``align: crop`` cuts off before it."""
    layer, one = grown.facts.node.layer, grown.facts
    if not isinstance(layer, Merge):
        return list(grown.sources.fields)
    cuts = [[ReceptiveField(1, 1, before) for before, _ in axes] for axes in layer.margins(one.inputs)]
    return [then(field, cut) for field, cut in zip(grown.sources.fields, cuts, strict=True)]


def sides(known: dict[int, ReceptiveField]) -> list[set[int]]:
    """Return the operands that read furthest on both sides where there are any; else those of each side."""
    first = min(part.start for part in known.values())
    last = max(part.start + part.size for part in known.values())
    firsts = {operand for operand, part in known.items() if part.start == first}
    lasts = {operand for operand, part in known.items() if part.start + part.size == last}
    return [firsts & lasts] if firsts & lasts else [firsts, lasts]


def lost_by(parts: dict[int, AxisField], result: AxisField) -> list[int]:
    """Return the operands that make the field of a join whole or unknown: one that is so, else two that disagree."""
    for operand, part in parts.items():
        if part is result:
            return [operand]
    for operand, part in parts.items():
        if isinstance(part, Extent):
            return [operand]
    first, *others = parts
    one = parts[first]
    for operand in others:
        other = parts[operand]
        if isinstance(one, ReceptiveField) and isinstance(other, ReceptiveField) and other.jump != one.jump:
            return [first, operand]
    return [first, *others[:1]]
