"""The lines of norms and of scale."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, product, worked
from cnncalc.explain.lines import operations, sizes
from cnncalc.explain.pointwise import unchanged
from cnncalc.layers.base import elements
from cnncalc.layers.norm import GroupNorm, LocalResponseNorm, Norm, Scale


@sizes.register
def _(layer: Norm, facts: Facts) -> Iterator[Line]:
    yield unchanged(facts)


@sizes.register
def _(layer: GroupNorm, facts: Facts) -> Iterator[Line]:
    yield unchanged(facts)
    channels = facts.shape[0]
    numbers, each = f"{channels}/{layer.groups}", channels // layer.groups
    yield worked(Rule.RESIZING, "channels a group", "D1/groups", numbers, each)


@sizes.register
def _(layer: LocalResponseNorm, facts: Facts) -> Iterator[Line]:
    yield unchanged(facts)


@sizes.register
def _(layer: Scale, facts: Facts) -> Iterator[Line]:
    yield unchanged(facts)


@operations.register
def _(layer: Norm, facts: Facts) -> Iterator[Line]:
    count = 2 * elements(facts.shape)
    numbers = f"2*{product(facts.shape)}"
    yield worked(Rule.OPERATIONS, "a product and a sum an element", numbers, count)


@operations.register
def _(layer: LocalResponseNorm, facts: Facts) -> Iterator[Line]:
    count = (layer.size + 4) * elements(facts.shape)
    remark = ": a square, size - 1 sums, scale, shift, power, division an element"
    numbers = f"({layer.size} + 4)*{product(facts.shape)}"
    yield worked(Rule.OPERATIONS, "operations", "(size + 4)*elements", numbers, count, remark=remark)


@operations.register
def _(layer: Scale, facts: Facts) -> Iterator[Line]:
    yield worked(Rule.OPERATIONS, "one product an element", product(facts.shape), elements(facts.shape))
