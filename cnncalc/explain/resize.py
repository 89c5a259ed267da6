"""The lines of upsample, pad, crop and pixel_shuffle."""

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, channels_letter, equal, index, kept_channels, letter, product, worked
from cnncalc.explain.lines import operations, reading, sizes
from cnncalc.layers.base import expand
from cnncalc.layers.resize import Crop, Pad, PixelShuffle, Upsample


def longer(factors: tuple[int, ...], facts: Facts) -> Iterator[Line]:
    """Yield the sizes times the factors."""
    for axis, (size, factor) in enumerate(zip(facts.inputs[0][1:], factors, strict=True)):
        name = letter(axis, len(factors))
        yield worked(Rule.RESIZING, f"{name}2", f"{name}1*factor", f"{size}*{factor}", facts.shape[1 + axis])


@sizes.register
def _(layer: Upsample, facts: Facts) -> Iterator[Line]:
    yield from longer(expand(layer.factor, len(facts.shape) - 1, "factor"), facts)
    yield kept_channels(Rule.RESIZING, facts.shape)


@operations.register
def _(layer: Upsample, facts: Facts) -> Iterator[Line]:
    if layer.mode == "bilinear":
        rank, count = len(facts.shape) - 1, layer.operations(facts.inputs, facts.shape)
        numbers = f"(2*2**{rank} - 1)*{product(facts.shape)}"
        remark = f": {2**rank} products and {2**rank - 1} sums an element"
        yield worked(Rule.OPERATIONS, "operations", "(2*2**axes - 1)*elements", numbers, count, remark=remark)


@reading.register
def _(layer: Upsample, facts: Facts, operand: int, axis: int, position: int) -> str:
    size, o = facts.inputs[0][1 + axis], index(axis, len(facts.shape) - 1)
    factor = facts.shape[1 + axis] // size
    if layer.mode == "nearest":
        return equal(f"{o}//factor", f"{position}//{factor}", position // factor)
    place = Fraction(2 * position + 1, 2 * factor) - Fraction(1, 2)
    said = equal(f"({o} + 1/2)/factor - 1/2", f"({position} + 1/2)/{factor} - 1/2", place)
    return said if place.denominator == 1 else f"{said}: the positions on both sides, where they exist"


@sizes.register
def _(layer: Pad, facts: Facts) -> Iterator[Line]:
    yield from _moved(layer, facts, "+")


@sizes.register
def _(layer: Crop, facts: Facts) -> Iterator[Line]:
    yield from _moved(layer, facts, "-")


def _moved(layer: Pad, facts: Facts, sign: str) -> Iterator[Line]:
    spatial = facts.inputs[0][1:]
    for axis, (size, (before, after)) in enumerate(zip(spatial, layer.sides(spatial), strict=True)):
        name = letter(axis, len(spatial))
        numbers = f"{size} {sign} {before} {sign} {after}"
        yield worked(Rule.RESIZING, f"{name}2", f"{name}1 {sign} P1 {sign} P2", numbers, facts.shape[1 + axis])
    yield kept_channels(Rule.RESIZING, facts.shape)


@reading.register
def _(layer: Pad, facts: Facts, operand: int, axis: int, position: int) -> str:
    shift, o = layer.shift(facts.inputs[0][1:], axis), index(axis, len(facts.shape) - 1)
    sign = "+" if isinstance(layer, Crop) else "-"
    return equal(f"{o} {sign} P1", f"{position} {sign} {abs(shift)}", position + shift)


@sizes.register
def _(layer: PixelShuffle, facts: Facts) -> Iterator[Line]:
    factors = expand(layer.factor, len(facts.shape) - 1, "factor")
    yield from longer(factors, facts)
    channels, name = facts.inputs[0][0], channels_letter(len(factors))
    numbers = f"{channels}/({product(factors)})"
    yield worked(Rule.RESIZING, f"{name}2", f"{name}1/factor**axes", numbers, facts.shape[0])


@reading.register
def _(layer: PixelShuffle, facts: Facts, operand: int, axis: int, position: int) -> str:
    factor, o = facts.shape[1 + axis] // facts.inputs[0][1 + axis], index(axis, len(facts.shape) - 1)
    return equal(f"{o}//factor", f"{position}//{factor}", position // factor)
