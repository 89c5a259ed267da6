"""Pooling: one number for each window, nothing learned."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import ClassVar

from cnncalc.errors import PoolPaddingTooLarge
from cnncalc.field import Extent, Field, everywhere, then
from cnncalc.layers.base import Layer, Shape, axis_name, elements, expand, need_spatial
from cnncalc.layers.fields import Flag, PerAxis
from cnncalc.layers.window import Window
from cnncalc.slide import AdaptiveSlide


class Pool(Window):
    """What max_pool and avg_pool share: a stride that is the kernel unless given, padding of half a window at most."""

    argument: ClassVar[str] = "kernel"

    kernel: PerAxis
    stride: PerAxis | None = None

    def strides(self, rank: int) -> tuple[int, ...]:
        """Return the stride along each axis, by default the kernel."""
        if self.stride is None:
            return expand(self.kernel, rank, "kernel")
        return expand(self.stride, rank, "stride")

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the channels unchanged and the number of windows along each axis."""
        spatial = need_spatial(inputs[0])
        for axis, slide in enumerate(self.slides(spatial)):
            if max(slide.before, slide.after) > slide.reach // 2:
                raise PoolPaddingTooLarge(
                    f"{axis_name(axis, len(spatial))}: padding ({max(slide.before, slide.after)}) must be at most "
                    f"half the window ({slide.reach}//2 = {slide.reach // 2}), or windows hold padding alone",
                    option="padding",
                )
        return inputs[0][0], *self.output_spatial(inputs[0])


class MaxPool(Pool):
    """The largest value of each window.

    >>> MaxPool(kernel=3, stride=2, padding=1, rounding="floor").output_shape([(64, 112, 112)])
    (64, 56, 56)
    """

    dilation: PerAxis = 1

    def dilations(self, rank: int) -> tuple[int, ...]:
        """Return the dilation along each axis."""
        return expand(self.dilation, rank, "dilation")

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one comparison less than the real positions of each window."""
        return inputs[0][0] * self.taps(inputs[0], output) - elements(output)


class AvgPool(Pool):
    """The mean of each window; ``count_include_pad`` says whether padding counts in the divisor.

    >>> AvgPool(kernel=2).output_shape([(6, 28, 28)])
    (6, 14, 14)
    """

    count_include_pad: Flag = True

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the additions, one less than the real positions of each window, and a division for each."""
        return inputs[0][0] * self.taps(inputs[0], output)


class Binned(Layer):
    """A pool whose windows are chosen so that the output has a given size."""

    mean: ClassVar[bool] = True

    def sizes(self, rank: int) -> tuple[int, ...]:
        """Return the output size along each axis."""
        raise NotImplementedError

    def bins(self, spatial: Shape) -> list[AdaptiveSlide]:
        """Return the windows along each axis."""
        return [AdaptiveSlide(size, bins) for size, bins in zip(spatial, self.sizes(len(spatial)), strict=True)]

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the channels unchanged and the given size along each axis."""
        return inputs[0][0], *self.sizes(len(need_spatial(inputs[0])))

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the field after the windows; one window alone sees the whole axis."""
        bins = self.bins(inputs[0][1:])
        if all(axis.bins == 1 for axis in bins):
            return everywhere(fields[0], Extent.WHOLE)
        grown = then(fields[0], [axis.field for axis in bins])
        if len(grown) != len(bins):  # the tensor's axes are not the image's
            return grown
        return tuple(Extent.WHOLE if axis.bins == 1 else f for f, axis in zip(grown, bins, strict=True))

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the additions and a division for a mean, the comparisons for a maximum, at the windows' real sizes."""
        read = inputs[0][0] * prod(axis.taps() for axis in self.bins(inputs[0][1:]))
        return read if self.mean else read - elements(output)


class AdaptiveAvgPool(Binned):
    """The mean of each adaptive window.

    >>> AdaptiveAvgPool(size=6).output_shape([(256, 13, 13)])
    (256, 6, 6)
    """

    argument: ClassVar[str] = "size"

    size: PerAxis

    def sizes(self, rank: int) -> tuple[int, ...]:
        """Return the given size along each axis."""
        return expand(self.size, rank, "size")


class AdaptiveMaxPool(AdaptiveAvgPool):
    """The largest value of each adaptive window.

    >>> AdaptiveMaxPool(size=7).output_shape([(512, 13, 17)])
    (512, 7, 7)
    """

    mean: ClassVar[bool] = False


class GlobalAvgPool(Binned):
    """The mean of each channel; the spatial axes stay, at size 1.

    >>> GlobalAvgPool().output_shape([(512, 7, 7)])
    (512, 1, 1)
    """

    def sizes(self, rank: int) -> tuple[int, ...]:
        """Return 1 along each axis."""
        return (1,) * rank


class GlobalMaxPool(GlobalAvgPool):
    """The largest value of each channel; the spatial axes stay, at size 1."""

    mean: ClassVar[bool] = False
