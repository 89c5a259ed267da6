"""Adaptive and global pooling: windows chosen so that the output has a given size."""

from collections.abc import Callable, Sequence
from math import prod
from typing import ClassVar

from cnncalc.field import Extent, Field, everywhere, then
from cnncalc.layers.base import Layer, Shape, elements, expand, need_spatial
from cnncalc.layers.fields import PerAxis
from cnncalc.slide import AdaptiveSlide


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

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range]:
        """Return the positions of one window."""
        return self.bins(inputs[0][1:])[axis].window

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
