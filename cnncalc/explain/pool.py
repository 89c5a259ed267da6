"""The lines of max_pool and avg_pool."""

from collections.abc import Iterator
from math import prod

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, kept_channels, product, worked
from cnncalc.explain.lines import operations, remarks, sizes
from cnncalc.explain.window import window_sizes
from cnncalc.layers.base import elements
from cnncalc.layers.pool import AvgPool, MaxPool, Pool
from cnncalc.layers.window import Window
from cnncalc.slide import Slide


@sizes.register
def _(layer: Pool, facts: Facts) -> Iterator[Line]:
    yield from window_sizes(layer, facts)
    yield kept_channels(Rule.SIZES, facts.shape)


def taps(layer: Pool, facts: Facts) -> str:
    """Return the real positions of all windows as a product: the channels, and the taps along each axis."""
    slides = zip(layer.slides(facts.inputs[0][1:]), facts.shape[1:], strict=True)
    return product((facts.shape[0], *(slide.taps(windows) for slide, windows in slides)))


@operations.register
def _(layer: MaxPool, facts: Facts) -> Iterator[Line]:
    yield comparisons(taps(layer, facts), elements(facts.shape), layer.operations(facts.inputs, facts.shape))


def comparisons(positions: str, outputs: int, count: int) -> Line:
    """Return the line of maxima: one comparison less than the positions of each window."""
    formula = "real positions of all windows - outputs"
    return worked(Rule.OPERATIONS, "comparisons", formula, f"{positions} - {outputs:,}", count)


@operations.register
def _(layer: AvgPool, facts: Facts) -> Iterator[Line]:
    yield means(taps(layer, facts), layer.operations(facts.inputs, facts.shape))


def means(positions: str, count: int) -> Line:
    """Return the line of means: one addition less than the positions of each window, and a division."""
    remark = ": one less addition a window, and a division"
    return worked(Rule.OPERATIONS, "operations", "real positions of all windows", positions, count, remark=remark)


@remarks.register
def _(layer: AvgPool, facts: Facts, at: tuple[int, ...]) -> Iterator[Line]:
    yield from remarks.dispatch(Window)(layer, facts, at)
    slides = layer.slides(facts.inputs[0][1:])
    if all(not slide.before and not slide.after and slide.rounding != "ceil" for slide in slides):
        return
    counted = [divided(slide, o, padding=layer.count_include_pad) for slide, o in zip(slides, at, strict=True)]
    said = "count_include_pad true: the padding counts, what hangs over it never does"
    remark = said if layer.count_include_pad else "count_include_pad false: real positions alone"
    yield worked(Rule.OPERATIONS, "divisor of the mean", product(counted), prod(counted), remark=f" ({remark})")


def divided(slide: Slide, window: int, *, padding: bool) -> int:
    """Return how many positions of a window the mean divides by, along one axis.

    >>> divided(Slide(4, kernel=3, stride=2, before=1, after=1, rounding="ceil"), 2, padding=True)
    2
    """
    first = window * slide.stride - slide.before
    end = min(first + slide.reach, slide.size + slide.after)
    return end - first if padding else len(slide.reads(window))
