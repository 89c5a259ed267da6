"""The lines of conv and depthwise."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, product, worked
from cnncalc.explain.lines import filters, macs, operations, sizes
from cnncalc.explain.window import window_sizes
from cnncalc.layers.base import elements
from cnncalc.layers.conv import Conv, Convolution, Depthwise


@sizes.register
def _(layer: Conv, facts: Facts) -> Iterator[Line]:
    yield from window_sizes(layer, facts)
    yield worked(Rule.SIZES, "D2", "K", facts.shape[0])


@sizes.register
def _(layer: Depthwise, facts: Facts) -> Iterator[Line]:
    yield from window_sizes(layer, facts)
    channels = facts.inputs[0][0]
    yield worked(Rule.SIZES, "D2", "K", "D1*multiplier", f"{channels}*{layer.multiplier}", facts.shape[0])


@filters.register
def _(layer: Convolution, facts: Facts) -> Iterator[Line]:
    channels = facts.inputs[0][0]
    count, groups = layer.channels(channels)
    _, each, *kernel = facts.parameters["weight"]
    if groups > 1:
        remark = f": each of {groups} groups of filters reads its own"
        yield worked(Rule.PARAMETERS, "D1/groups", f"{channels}/{groups}", each, remark=remark)
    yield from filter_lines(layer, tuple(kernel), each, count, "D1/groups" if groups > 1 else "D1", bias=layer.bias)


def filter_lines(
    layer: Convolution, kernel: tuple[int, ...], each: int, count: int, depth: str, *, bias: bool
) -> Iterator[Line]:
    """Yield the weights of one filter, with its bias, and of all."""
    window = "*".join(["F"] * len(kernel)) if len(set(kernel)) == 1 and layer.dilation == 1 else "kernel"
    weights = elements((*kernel, each))
    yield worked(Rule.PARAMETERS, "weights a filter", f"{window}*{depth}", product((*kernel, each)), weights)
    if bias:
        yield worked(Rule.PARAMETERS, "with its bias", f"{weights} + 1", weights + 1)
    own = weights + bias
    yield worked(Rule.PARAMETERS, f"{count} filters", f"{count}*{own}", count * own, remark=" parameters")


@macs.register
def _(layer: Convolution, facts: Facts) -> Iterator[Line]:
    weights, spatial = elements(facts.parameters["weight"]), facts.shape[1:]
    numbers = f"{weights:,}*{product(spatial)}"
    yield worked(Rule.MACS, "MACs", "weights * output positions", numbers, layer.macs(facts.inputs, facts.shape))
    on_input = layer.macs_on_input(facts.inputs, facts.shape)
    slides = layer.slides(facts.inputs[0][1:])
    if any(slide.before or slide.after for slide in slides):
        taps = [slide.taps(windows) for slide, windows in zip(slides, spatial, strict=True)]
        numbers = product((*facts.parameters["weight"][:2], *taps))
        remark = f": {' and '.join(map(str, taps))} taps an axis lie on the input"
        yield worked(Rule.MACS, "of these on the input", numbers, on_input, remark=remark)


@operations.register
def _(layer: Convolution, facts: Facts) -> Iterator[Line]:
    if layer.bias:
        yield bias_additions(facts)


def bias_additions(facts: Facts) -> Line:
    """Return the line of the bias: one addition an output."""
    return worked(Rule.OPERATIONS, "additions of the bias", product(facts.shape), elements(facts.shape))
