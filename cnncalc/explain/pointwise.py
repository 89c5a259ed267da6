"""The lines of the layers whose output is as large as their input: activations, norms, scale, identity."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, line, product, worked
from cnncalc.explain.lines import operations, sizes
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Layer, elements, sizes_text
from cnncalc.layers.norm import LocalResponseNorm, Norm, Scale
from cnncalc.layers.reorder import Identity


@sizes.register(Activation)
@sizes.register(Norm)
@sizes.register(LocalResponseNorm)
@sizes.register(Scale)
@sizes.register(Identity)
def unchanged(layer: Layer, facts: Facts) -> Iterator[Line]:
    """Yield that the sizes stay."""
    yield line(Rule.RESIZING, f"the output has the sizes of the input, {sizes_text(facts.shape)}")


@operations.register(Activation)
@operations.register(Scale)
def one_an_element(layer: Layer, facts: Facts) -> Iterator[Line]:
    """Yield one operation an element."""
    name = "products, one an element" if isinstance(layer, Scale) else "operations, one an element"
    yield worked(Rule.OPERATIONS, name, product(facts.shape), elements(facts.shape))


@operations.register
def _(layer: Norm, facts: Facts) -> Iterator[Line]:
    name, count = "products and sums, one each an element", 2 * elements(facts.shape)
    yield worked(Rule.OPERATIONS, name, f"2*{product(facts.shape)}", count)


@operations.register
def _(layer: LocalResponseNorm, facts: Facts) -> Iterator[Line]:
    count, numbers = (layer.size + 4) * elements(facts.shape), f"({layer.size} + 4)*{product(facts.shape)}"
    remark = ": a square, size - 1 sums, scale, shift, power, division an element"
    yield worked(Rule.OPERATIONS, "operations", "(size + 4)*elements", numbers, count, remark=remark)
