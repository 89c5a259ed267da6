"""The lines of the receptive field: one for each layer that changed it, equal ones folded where there are many."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.explain.base import Line, Rule, line
from cnncalc.explain.growth import Grown, chain, moved
from cnncalc.explain.reasons import why
from cnncalc.explain.recurrence import FORMULA, folded, grown, said, united
from cnncalc.field import AxisField, Extent, ReceptiveField
from cnncalc.layers.base import axis_name

MOST = 16
"""The lines that are shown as they are; of a longer chain, equal layers in a row are folded."""


class Told(NamedTuple):
    """A node of the chain with what is said of it along each axis, and the node that is told before it on its way."""

    grown: Grown
    texts: tuple[str, ...]
    after: str
    joins: int = 0
    """How many joins, which take in nothing more, lie between it and the one before it."""


def growth(analysis: Analysis, facts: Facts) -> Iterator[Line]:
    """Yield how the field of a node grew: the recurrence, the layers that changed it, and the field itself."""
    if not facts.field:
        yield line(Rule.FIELD, "no image leads here: there is no receptive field")
        return
    links = until_lost(chain(analysis, facts), facts)
    told = list(tell(links))
    if any(one.grown.steps for one in told):
        yield line(Rule.FIELD, f"{FORMULA}: 1 of the layers before it, 2 its own")
    previous = ""
    for run in runs(told):
        first = run[0]
        branch = f", from {first.after or 'the input'}" if first.after != previous and previous else ""
        previous = run[-1].grown.facts.node.path
        yield from lines_of(run, branch)
    yield from closing(facts, links, told)


def until_lost(links: list[Grown], facts: Facts) -> list[Grown]:
    """Return the chain up to the layer after which the field stays what it is at the end: whole, or unknown."""
    if any(isinstance(axis, ReceptiveField) for axis in facts.field):
        return links
    while len(links) > 1:
        last = links[-1]
        kept = [
            source
            for source in (last.sources.fields[operand] for operand in last.followed)
            if source == last.facts.field
        ]
        if not kept or len(last.followed) > 1:
            break
        links = links[:-1]
    return links


def tell(links: Sequence[Grown]) -> Iterator[Told]:
    """Yield what is said of each node that changed the field; joins that take in nothing more are counted."""
    shown: dict[str, str] = {}
    joins: dict[str, int] = {}
    for link in links:
        one = link.facts
        source = one.node.inputs[link.followed[0]]
        before, idle = shown.get(source, ""), joins.get(source, 0)
        is_join = len(link.sources.fields) > 1
        if link.changed or (is_join and len(links) <= MOST):
            texts = tuple(text(link, axis) for axis in range(len(one.field)))
            yield Told(link, texts, before, idle)
            shown[one.node.path], joins[one.node.path] = one.node.path, 0
        else:
            shown[one.node.path], joins[one.node.path] = before, idle + is_join


def text(link: Grown, axis: int) -> str:
    """Return what is said of a node along one axis."""
    one, after = link.facts, link.facts.field[axis]
    before = link.sources.fields[link.followed[0]]
    if len(link.sources.fields) > 1 and isinstance(after, ReceptiveField):
        return joined(link, axis, after)
    if len(before) > axis and before[axis] is after and isinstance(after, Extent):
        return f"{said(after)}, as before"
    if isinstance(after, Extent):
        return f"{said(after)}: {why(one.node.layer, one, link.sources, axis)}"
    step = link.steps[axis] if link.steps else None
    if step is None or not isinstance(before[axis], ReceptiveField):
        return said(after)
    return grown(before[axis], step, after)  # type: ignore[arg-type] # mypy does not narrow an item


def joined(link: Grown, axis: int, after: ReceptiveField) -> str:
    """Return what a join makes of its operands' fields."""
    parts = {
        path: field[axis]
        for path, field in zip(link.facts.node.inputs, moved(link), strict=True)
        if field and isinstance(field[axis], ReceptiveField)
    }
    known = [part for part in parts.values() if isinstance(part, ReceptiveField)]
    if len(set(known)) == 1:
        return f"{len(link.sources.fields)} operands with one field, {said(after)}"
    deciders = [link.facts.node.inputs[operand] for operand in link.followed]
    return f"union, decided by {' and '.join(deciders)}: {united(known, after)}"


def runs(told: Sequence[Told]) -> Iterator[list[Told]]:
    """Yield the layers of a chain, those in a row that do the same together where the chain is long."""
    run: list[Told] = []
    for one in told:
        if run and not (len(told) > MOST and repeats(run[-1], one)):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def repeats(before: Told, one: Told) -> bool:
    """Return whether a layer grows the field by the same amount, at the same jump, as the one before it."""
    if one.after != before.grown.facts.node.path or not one.grown.steps or one.grown.steps != before.grown.steps:
        return False
    fields = (*before.grown.sources.fields[0], *one.grown.sources.fields[0], *one.grown.facts.field)
    steps = [step for step in one.grown.steps if step is not None]
    return (
        len(steps) == len(one.grown.steps)
        and len(one.grown.sources.fields) == 1
        and all(isinstance(axis, ReceptiveField) and isinstance(axis.jump, int) for axis in fields)
        and all(step.jump == 1 and isinstance(step.start, int) for step in steps)
    )


def lines_of(run: Sequence[Told], branch: str) -> Iterator[Line]:
    """Yield the line of a layer, or of a run of equal ones: one for all axes where they agree."""
    first, last = run[0].grown.facts, run[-1].grown.facts
    texts = run[-1].texts
    name = first.node.path
    if len(run) > 1:
        name = f"{first.node.path} to {last.node.path}, {len(run)} layers"
        sources, steps = run[0].grown.sources.fields[0], run[0].grown.steps
        texts = tuple(folded(len(run), *axis) for axis in zip(sources, steps, last.field, strict=True))  # type: ignore[arg-type]
    rank, fields = len(last.field), last.field
    if len(set(texts)) == 1:
        yield line(rule(fields[0]), f"{name}{branch}: {texts[0]}")
        return
    for axis, own, field in zip(count(), texts, fields, strict=False):
        yield line(rule(field), f"{name}{branch}, {axis_name(axis, rank)}: {own}")


def rule(axis: AxisField) -> Rule:
    """Return the rule that a field of that kind follows."""
    if isinstance(axis, ReceptiveField):
        return Rule.FIELD
    return Rule.UNKNOWN if axis is Extent.UNKNOWN else Rule.WHOLE


def closing(facts: Facts, links: Sequence[Grown], told: Sequence[Told]) -> Iterator[Line]:
    """Yield the field in the end, and what was left out."""
    unchanged, joins = 0, 0
    shown = {one.grown.facts.node.path for one in told}
    for link in links:
        if link.facts.node.path not in shown:
            joins += len(link.sources.fields) > 1
            unchanged += len(link.sources.fields) == 1
    left = []
    if unchanged:
        left.append(f"{unchanged} layer{'s' * (unchanged > 1)} that change nothing of it")
    if joins:
        left.append(f"{joins} join{'s' * (joins > 1)} whose union is the one operand's")
    if left:
        yield line(Rule.FIELD, f"left out: {' and '.join(left)}")
    rank = len(facts.field)
    fields = [said(axis) for axis in facts.field]
    whole = (
        fields[0]
        if len(set(fields)) == 1
        else "; ".join(f"{axis_name(axis, rank)} {own}" for axis, own in enumerate(fields))
    )
    yield line(rule(facts.field[0]), f"receptive field of {facts.node.path}: {whole}")
