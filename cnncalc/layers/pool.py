"""Pooling: one number for each window, nothing learned."""

from collections.abc import Sequence
from typing import ClassVar

from cnncalc.errors import PoolPaddingTooLarge
from cnncalc.layers.base import Shape, axis_name, elements, expand, need_spatial
from cnncalc.layers.fields import Flag, PerAxis
from cnncalc.layers.window import Window


class Pool(Window):
    """What max_pool and avg_pool share: a stride that is the kernel unless given, padding of half a window at most."""

    argument: ClassVar[str] = "kernel"

    kernel: PerAxis

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
