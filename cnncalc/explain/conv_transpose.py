"""The lines of conv_transpose: its sizes go the other way, and its MACs count input positions."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, alike, channels_letter, equal, index, letter, line, product, worked
from cnncalc.explain.conv import bias_additions
from cnncalc.explain.lines import filters, macs, operations, reading, sizes
from cnncalc.explain.window import padding_word, reaches
from cnncalc.layers.base import elements, expand
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.slide import Slide


@sizes.register
def _(layer: ConvTranspose, facts: Facts) -> Iterator[Line]:
    spatial = facts.inputs[0][1:]
    slides, rank = layer.slides(spatial), len(spatial)
    yield from reaches(slides)
    if isinstance(layer.padding, str):
        yield from alike(rank, [[cropped_word(layer.padding, slide)] for slide in slides])
    extra = expand(layer.output_padding, rank, "output_padding")
    for axis, (slide, size, more) in enumerate(zip(slides, spatial, extra, strict=True)):
        name = letter(axis, rank)
        formula = f"({name}1 - 1)*S + F - P1 - P2 + output_padding"
        numbers = f"({size} - 1)*{slide.stride} + {slide.reach} - {slide.before} - {slide.after} + {more}"
        yield worked(Rule.TRANSPOSED, f"{name}2", formula, numbers, slide.size)
    yield worked(Rule.TRANSPOSED, f"{channels_letter(rank)}2", "K", facts.shape[0])


def cropped_word(word: str, slide: Slide) -> Line:
    """Return what a padding word crops.

    >>> cropped_word("same", Slide(14, kernel=3, stride=2, before=0, after=1)).text
    'padding same: P1 + P2 = F - S = 3 - 2 = 1; P1 = 0; P2 = 1'
    """
    if word not in ("same", "same_lower"):
        return padding_word(word, slide)
    total = equal("P1 + P2", "F - S", f"{slide.reach} - {slide.stride}", slide.before + slide.after)
    return line(Rule.PADDING_WORDS, f"padding {word}: {total}; P1 = {slide.before}; P2 = {slide.after}")


@filters.register
def _(layer: ConvTranspose, facts: Facts) -> Iterator[Line]:
    if layer.groups > 1:
        each = layer.out_channels // layer.groups
        remark = ": what an input channel spreads over"
        yield worked(Rule.PARAMETERS, "K/groups", f"{layer.out_channels}/{layer.groups}", each, remark=remark)


@macs.register
def _(layer: ConvTranspose, facts: Facts) -> Iterator[Line]:
    weights, spatial = elements(facts.parameters["weight"]), facts.inputs[0][1:]
    numbers, count = f"{weights:,}*{product(spatial)}", layer.macs(facts.inputs, facts.shape)
    yield worked(Rule.MACS, "MACs", "weights * input positions", numbers, count)
    kept = layer.macs_on_input(facts.inputs, facts.shape)
    if kept != count:
        taps = [slide.taps(size) for slide, size in zip(layer.slides(spatial), spatial, strict=True)]
        numbers = product((*facts.parameters["weight"][:2], *taps))
        yield worked(Rule.MACS, "of these not cropped away", numbers, kept)


@operations.register
def _(layer: ConvTranspose, facts: Facts) -> Iterator[Line]:
    if layer.bias:
        yield bias_additions(facts)


@reading.register
def _(layer: ConvTranspose, facts: Facts, operand: int, axis: int, position: int) -> str:
    slide, o = layer.slides(facts.inputs[0][1:])[axis], index(axis, len(facts.shape) - 1)
    place = equal(f"{o} + P1", f"{position} + {slide.before}", position + slide.before)
    step = "" if slide.dilation == 1 else f" in steps of {slide.dilation}"
    return f"{place}, where input m spreads over m*{slide.stride} to m*{slide.stride} + {slide.reach - 1}{step}"
