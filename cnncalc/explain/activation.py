"""The lines of the activations."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, product, worked
from cnncalc.explain.lines import operations, sizes
from cnncalc.explain.pointwise import unchanged
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import elements


@sizes.register
def _(layer: Activation, facts: Facts) -> Iterator[Line]:
    yield unchanged(facts)


@operations.register
def _(layer: Activation, facts: Facts) -> Iterator[Line]:
    yield worked(Rule.OPERATIONS, "one operation an element", product(facts.shape), elements(facts.shape))
