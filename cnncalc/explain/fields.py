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


def growth(analysis: Analysis, facts: Facts) -> Iterator[Line]:
    """Yield how the field of a node grew: the recurrence, the layers that changed it, and the field itself."""
    if not facts.field:
        yield line(Rule.FIELD, "no image leads here: there is no receptive field")
        return
    links = until_lost(chain(analysis, facts), facts)
    told = list(tell(links, joins=True))
    if len(told) > MOST:
        told = list(tell(links, joins=False))
    if any(one.grown.steps for one in told):
        yield line(Rule.FIELD, f"{FORMULA}, of the input's s1, j1, t1 and the layer's own s2, j2, t2")
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


def tell(links: Sequence[Grown], *, joins: bool) -> Iterator[Told]:
    """Yield what is said of each node that changed the field, and of the joins that did not if asked for."""
    shown: dict[str, str] = {}
    for link in links:
        one = link.facts
        before = shown.get(one.node.inputs[link.followed[0]], "")
        shown[one.node.path] = before
        if link.changed or (joins and link.joins):
            yield Told(link, tuple(text(link, axis) for axis in range(len(one.field))), before)
            shown[one.node.path] = one.node.path


def text(link: Grown, axis: int) -> str:
    """Return what is said of a node along one axis."""
    one, after = link.facts, link.facts.field[axis]
    before = link.sources.fields[link.followed[0]]
    if link.joins and isinstance(after, ReceptiveField):
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
    if len(parts) == 1:
        return f"the field of {next(iter(parts))}, the only operand that an image leads to: {said(after)}"
    if len(set(known)) == 1:
        return f"{len(known)} operands with one field, {said(after)}"
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
        and not one.grown.joins
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
    before = run[0].grown.sources.fields[run[0].grown.followed[0]]
    for axis, own, field in zip(count(), texts, fields, strict=False):
        if before[axis] == field:  # a 1x7 changes nothing of the height
            continue
        yield line(rule(field), f"{name}{branch}, {axis_name(axis, rank)}: {own}")


def rule(axis: AxisField) -> Rule:
    """Return the rule that a field of that kind follows."""
    if isinstance(axis, ReceptiveField):
        return Rule.FIELD
    return Rule.UNKNOWN if axis is Extent.UNKNOWN else Rule.WHOLE


def closing(facts: Facts, links: Sequence[Grown], told: Sequence[Told]) -> Iterator[Line]:
    """Yield what was left out, and the field in the end."""
    shown = {one.grown.facts.node.path for one in told}
    idle = [link.joins for link in links if link.facts.node.path not in shown]
    joins = sum(idle)
    left = [f"{plural(len(idle) - joins, 'layer')} of size 1 and jump 1"] if joins < len(idle) else []
    left += [f"{plural(joins, 'join')}, where one operand's field holds those of the others"] if joins else []
    if left:
        yield line(Rule.FIELD, f"left out, without effect on it: {'; '.join(left)}")
    rank, fields = len(facts.field), [said(axis) for axis in facts.field]
    last = told[-1].grown.facts.node.path if told else ""
    since = f", since {last}" if isinstance(facts.field[0], Extent) and last not in ("", facts.node.path) else ""
    if len(set(fields)) == 1:
        yield line(rule(facts.field[0]), f"field of {facts.node.path}: {fields[0]}{since}")
        return
    for axis, own in enumerate(fields):
        yield line(rule(facts.field[axis]), f"field of {facts.node.path}, {axis_name(axis, rank)}: {own}")


def plural(number: int, thing: str) -> str:
    """Return so many things.

    >>> plural(1, "join"), plural(8, "join")
    ('1 join', '8 joins')
    """
    return f"{number} {thing}{'s' * (number != 1)}"
