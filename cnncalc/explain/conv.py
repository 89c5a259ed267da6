"""The lines of conv and depthwise, whose filters are shared over the positions, and of locally_connected."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, channels_letter, product, worked
from cnncalc.explain.lines import filters, macs, operations, sizes
from cnncalc.explain.window import window_sizes
from cnncalc.layers.base import Shape, elements
from cnncalc.layers.conv import Convolution, Depthwise, Filters, LocallyConnected


@sizes.register
def _(layer: Filters, facts: Facts) -> Iterator[Line]:
    yield from window_sizes(layer, facts)
    yield worked(Rule.SIZES, f"{channels_letter(len(facts.shape) - 1)}2", "K", facts.shape[0])


@sizes.register
def _(layer: Depthwise, facts: Facts) -> Iterator[Line]:
    yield from window_sizes(layer, facts)
    name, numbers = channels_letter(len(facts.shape) - 1), f"{facts.inputs[0][0]}*{layer.multiplier}"
    yield worked(Rule.SIZES, f"{name}2", "K", f"{name}1*multiplier", numbers, facts.shape[0])


@filters.register
def _(layer: Convolution, facts: Facts) -> Iterator[Line]:
    channels = facts.inputs[0][0]
    count, groups = layer.channels(channels)
    _, each, *kernel = facts.parameters["weight"]
    read = f"{channels_letter(len(kernel))}1"
    if groups > 1:
        read += "/groups"
        remark = f": each of {groups} groups of filters reads its own"
        yield worked(Rule.PARAMETERS, read, f"{channels}/{groups}", each, remark=remark)
    yield from own_filters(layer, (*kernel, each), read, count)


@filters.register
def _(layer: LocallyConnected, facts: Facts) -> Iterator[Line]:
    rank = len(facts.shape) - 1
    _, each, *kernel = facts.parameters["weight"][rank:]
    remark = ": one for each output, shared by none"
    count = elements(facts.shape)
    yield worked(Rule.PARAMETERS, "filters", "K * output positions", product(facts.shape), count, remark=remark)
    yield from own_filters(layer, (*kernel, each), f"{channels_letter(rank)}1", count)


def own_filters(layer: Filters, sizes: Shape, read: str, count: int) -> Iterator[Line]:
    """Yield the weights of one filter, with its bias, and of all; ``sizes`` are its kernel and what it reads."""
    rank = len(sizes) - 1
    alike = len(set(sizes[:-1])) == 1 and set(layer.dilations(rank)) == {1}  # otherwise F is no number of taps
    window = "*".join(["F"] * rank) if alike else "taps"
    weights = elements(sizes)
    yield worked(Rule.PARAMETERS, "weights a filter", f"{window}*{read}", product(sizes), weights)
    if layer.bias:
        yield worked(Rule.PARAMETERS, "with its bias", f"{weights:,} + 1", weights + 1)
    own = weights + layer.bias
    name = f"{count:,} filter{'s' if count > 1 else ''}"
    yield worked(Rule.PARAMETERS, name, f"{count:,}*{own:,}", count * own, remark=" parameters")


@macs.register
def _(layer: Convolution, facts: Facts) -> Iterator[Line]:
    weights = elements(facts.parameters["weight"])
    numbers = f"{weights:,}*{product(facts.shape[1:])}"
    yield worked(Rule.MACS, "MACs", "weights * output positions", numbers, layer.macs(facts.inputs, facts.shape))
    yield from on_input(layer, facts, facts.parameters["weight"][:2])


@macs.register
def _(layer: LocallyConnected, facts: Facts) -> Iterator[Line]:
    remark = ", each used once"
    yield worked(Rule.MACS, "MACs", "weights", layer.macs(facts.inputs, facts.shape), remark=remark)
    yield from on_input(layer, facts, (facts.shape[0], facts.inputs[0][0]))


def on_input(layer: Filters, facts: Facts, channels: Shape) -> Iterator[Line]:
    """Yield the MACs without those on padding, where there is any."""
    slides = layer.slides(facts.inputs[0][1:])
    count = layer.macs_on_input(facts.inputs, facts.shape)
    if count == layer.macs(facts.inputs, facts.shape):
        return
    taps = [slide.taps(windows) for slide, windows in zip(slides, facts.shape[1:], strict=True)]
    each = f"{taps[0]} along each axis" if len(set(taps)) == 1 else f"{' and '.join(map(str, taps))} along the axes"
    remark = f": the taps of all windows on the input are {each}"
    yield worked(Rule.MACS, "of these not on padding", product((*channels, *taps)), count, remark=remark)


@operations.register
def _(layer: Filters, facts: Facts) -> Iterator[Line]:
    if layer.bias:
        yield bias_additions(facts)


def bias_additions(facts: Facts) -> Line:
    """Return the line of the bias: one addition an output."""
    return worked(Rule.OPERATIONS, "additions of the bias", product(facts.shape), elements(facts.shape))
