"""The lines of the layers that move or pick elements: flatten, reshape, slice."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, channels_letter, equal, line, product, worked
from cnncalc.explain.lines import remarks, sizes
from cnncalc.layers.base import Shape, elements, sizes_text
from cnncalc.layers.reorder import Flatten, Reshape, Slice


@sizes.register
def _(layer: Flatten, facts: Facts) -> Iterator[Line]:
    yield worked(Rule.REARRANGING, f"{channels_letter(0)}2", product(facts.inputs[0]), elements(facts.inputs[0]))


@sizes.register
def _(layer: Reshape, facts: Facts) -> Iterator[Line]:
    before, after = product(facts.inputs[0]), product(facts.shape)
    yield worked(Rule.REARRANGING, "elements", before, after, elements(facts.shape))
    yield line(Rule.REARRANGING, f"{sizes_text(facts.inputs[0])} becomes {sizes_text(facts.shape)}, in row-major order")


@sizes.register
def _(layer: Slice, facts: Facts) -> Iterator[Line]:
    start, stop = layer.channels
    remark, name = f": channels {start} to {stop - 1} of {facts.inputs[0][0]}", channels_letter(len(facts.shape) - 1)
    yield worked(Rule.REARRANGING, f"{name}2", "stop - start", f"{stop} - {start}", facts.shape[0], remark=remark)
    if len(facts.shape) > 1:
        yield line(Rule.REARRANGING, f"the spatial sizes are the input's, {sizes_text(facts.shape[1:])}")


@remarks.register
def _(layer: Reshape, facts: Facts, at: tuple[int, ...]) -> Iterator[Line]:
    if at:
        strides = [elements(facts.shape[axis + 2 :]) for axis in range(len(at))]
        place = sum(o * stride for o, stride in zip(at, strides, strict=True))
        numbers = " + ".join(f"{o}*{stride}" for o, stride in zip(at, strides, strict=True))
        source = where(place, facts.inputs[0])
        yield line(Rule.READS, f"in channel 0: {equal('element', numbers, place)}, which is {source} of the input")


def where(place: int, shape: Shape) -> str:
    """Return where an element of the row-major order lies in a tensor.

    >>> where(37, (4, 6, 5))
    '(1, 1, 2)'
    """
    found: list[int] = []
    for size in shape[::-1]:
        found.append(place % size)
        place //= size
    return f"({', '.join(map(str, found[::-1]))})"
