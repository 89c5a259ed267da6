"""The lines of the joins: add, multiply, concat."""

from collections.abc import Iterator, Sequence

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, channels_letter, equal, index, letter, line, product, worked
from cnncalc.explain.lines import operations, reading, sizes
from cnncalc.layers.base import Shape, sizes_text
from cnncalc.layers.merge import Concat, Elementwise, Merge

MOST = 12


def operands(layer: Merge, facts: Facts) -> Iterator[Line]:
    """Yield a line for each operand, and what align: crop cuts off it."""
    margins, aligned, rank = layer.margins(facts.inputs), layer.aligned(facts.inputs), len(facts.shape) - 1
    for number, (path, shape) in enumerate(zip(facts.node.inputs[:MOST], facts.inputs, strict=False)):
        cuts = [
            f"; {letter(axis, rank)}: cut before = ({shape[1 + axis]} - {aligned[number][1 + axis]})//2 = {before}"
            f"; cut after = {shape[1 + axis]} - {aligned[number][1 + axis]} - {before} = {after}"
            for axis, (before, after) in enumerate(margins[number])
            if before or after
        ]
        yield line(Rule.JOINS, f"operand {path}: {sizes_text(shape)}{''.join(cuts)}")
    if len(facts.inputs) > MOST:
        yield line(Rule.JOINS, f"and {len(facts.inputs) - MOST} more operands")


@sizes.register
def _(layer: Elementwise, facts: Facts) -> Iterator[Line]:
    yield from operands(layer, facts)
    shapes = layer.aligned(facts.inputs)
    yield line(Rule.JOINS, f"the output has their common shape, {sizes_text(facts.shape)}{how(shapes, facts.shape)}")


@sizes.register
def _(layer: Concat, facts: Facts) -> Iterator[Line]:
    yield from operands(layer, facts)
    numbers = " + ".join(str(shape[0]) for shape in facts.inputs)
    yield worked(Rule.JOINS, f"{channels_letter(len(facts.shape) - 1)}2", numbers, facts.shape[0])
    if len(facts.shape) > 1:
        sizes = facts.shape[1:]
        said = how([shape[1:] for shape in layer.aligned(facts.inputs)], sizes)
        yield line(Rule.JOINS, f"the spatial sizes are the operands', {sizes_text(sizes)}{said}")


def how(shapes: Sequence[Shape], common: Shape) -> str:
    """Return what makes one shape of several that are not all the same."""
    return "; a size of 1 stands for any" if any(shape != common for shape in shapes) else ""


@operations.register
def _(layer: Elementwise, facts: Facts) -> Iterator[Line]:
    count = layer.operations(facts.inputs, facts.shape)
    numbers = f"({len(facts.inputs)} - 1)*{product(facts.shape)}"
    yield worked(Rule.OPERATIONS, "operations", "(operands - 1)*elements", numbers, count)


@reading.register
def _(layer: Merge, facts: Facts, operand: int, axis: int, position: int) -> str:
    before, size = layer.margins(facts.inputs)[operand][axis][0], facts.inputs[operand][1 + axis]
    if size == 1 and facts.shape[1 + axis] > 1:
        return "its only one stands for all"
    o = index(axis, len(facts.shape) - 1)
    return equal(f"{o} + cut", f"{position} + {before}", position + before) if before else ""
