"""Layers that change the spatial size without a kernel: upsample, pad, crop, pixel_shuffle."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import WithJsonSchema

from cnncalc.errors import GroupsDoNotDivide, WindowExceedsInput
from cnncalc.field import ReceptiveField
from cnncalc.layers.base import Layer, Shape, axis_name, elements, expand, need_spatial, sizes_text
from cnncalc.layers.fields import Amounts, Pair, PerAxis, word
from cnncalc.layers.window import sides
from cnncalc.slide import Span

MODES = ("nearest", "bilinear")


class Upsample(Layer):
    """Each axis ``factor`` times as long; bilinear means linear along every axis, corners not aligned.

    >>> Upsample(factor=2).output_shape([(64, 28, 30)])
    (64, 56, 60)
    """

    argument: ClassVar[str] = "factor"

    factor: PerAxis
    mode: Annotated[Literal["nearest", "bilinear"], word(*MODES), WithJsonSchema({"enum": list(MODES)})] = "nearest"

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return every spatial size times the factor."""
        spatial = need_spatial(inputs[0])
        return inputs[0][0], *(w * f for w, f in zip(spatial, expand(self.factor, len(spatial), "factor"), strict=True))

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return nothing for nearest; for bilinear 2**axes products and one addition less, an element."""
        return (2 * 2 ** (len(output) - 1) - 1) * elements(output) if self.mode == "bilinear" else 0

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range]:
        """Return one position for nearest, for bilinear the one or two between which an output lies."""
        factor = output[1 + axis] // inputs[0][1 + axis]
        if self.mode == "nearest":
            return lambda position: range(position // factor, position // factor + 1)
        return lambda position: range(
            (2 * position + 1 - factor) // (2 * factor), -(-(2 * position + 1 - factor) // (2 * factor)) + 1
        )

    def steps(self, source: Shape) -> Sequence[ReceptiveField | None]:
        """Return one position for nearest; for bilinear two, unless an odd factor makes some outputs read one."""
        factors = expand(self.factor, len(source) - 1, "factor")
        if self.mode == "nearest":
            return [ReceptiveField(1, Fraction(1, f)) for f in factors]
        return [between_two(f) for f in factors]


def between_two(factor: int) -> ReceptiveField | None:
    """Return the field of linear interpolation: output o lies at (o + 1/2)/factor - 1/2 of the input.

    >>> between_two(2)
    ReceptiveField(size=2, jump=Fraction(1, 2), start=Fraction(-1, 2))
    """
    if factor == 1:
        return ReceptiveField(1)
    if factor % 2:
        return None
    return ReceptiveField(2, Fraction(1, factor), Fraction(-1, 2))


class Pad(Layer):
    """Zeros around every spatial axis.

    >>> Pad(padding=((0, 1), (2, 3))).output_shape([(3, 7, 7)])
    (3, 8, 12)
    """

    argument: ClassVar[str] = "padding"

    padding: Amounts

    def sides(self, spatial: Shape) -> list[Pair]:
        """Return the amounts before and after along each axis."""
        ones = (1,) * len(spatial)
        return sides(self.padding, spatial, ones, ones)

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return every spatial size plus what is added before and after it."""
        spatial = need_spatial(inputs[0])
        return inputs[0][0], *(w + a + b for w, (a, b) in zip(spatial, self.sides(spatial), strict=True))

    def shift(self, spatial: Shape, axis: int) -> int:
        """Return by how much the input lies before the output along an axis."""
        return -self.sides(spatial)[axis][0]

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range]:
        """Return the one position each output stands over, beyond the input's ends where it is padding."""
        return Span(self.shift(inputs[0][1:], axis))

    def steps(self, source: Shape) -> Sequence[ReceptiveField | None]:
        """Return the one position each output reads."""
        return [ReceptiveField(1, 1, self.shift(source[1:], axis)) for axis in range(len(source) - 1)]


class Crop(Pad):
    """The margins of every spatial axis cut off.

    >>> Crop(padding=4).output_shape([(64, 64, 64)])
    (64, 56, 56)
    """

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return every spatial size less what is cut off before and after it."""
        spatial = need_spatial(inputs[0])
        sizes = []
        for axis, (size, (before, after)) in enumerate(zip(spatial, self.sides(spatial), strict=True)):
            if before + after >= size:
                raise WindowExceedsInput(
                    f"{axis_name(axis, len(spatial))}: crop must leave something ({size} - {before} - {after})",
                    option="crop",
                )
            sizes.append(size - before - after)
        return inputs[0][0], *sizes

    def shift(self, spatial: Shape, axis: int) -> int:
        """Return by how much the input lies before the output along an axis."""
        return self.sides(spatial)[axis][0]


class PixelShuffle(Layer):
    """Channels moved into space: factor**axes channels become one, each axis ``factor`` times as long.

    >>> PixelShuffle(factor=3).output_shape([(27, 10, 12)])
    (3, 30, 36)
    """

    argument: ClassVar[str] = "factor"

    factor: PerAxis

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return fewer channels and larger spatial sizes; the elements stay the same."""
        channels, spatial = inputs[0][0], need_spatial(inputs[0])
        factors = expand(self.factor, len(spatial), "factor")
        block = prod(factors)
        if channels % block:
            raise GroupsDoNotDivide(
                f"the channels ({channels}) must be a multiple of {sizes_text(factors)} ({block})", option="factor"
            )
        return channels // block, *(w * f for w, f in zip(spatial, factors, strict=True))

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range]:
        """Return the one position each output reads."""
        factor = output[1 + axis] // inputs[0][1 + axis]
        return lambda position: range(position // factor, position // factor + 1)

    def steps(self, source: Shape) -> Sequence[ReceptiveField | None]:
        """Return the one position each output reads."""
        return [ReceptiveField(1, Fraction(1, f)) for f in expand(self.factor, len(source) - 1, "factor")]
