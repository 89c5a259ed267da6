"""The layers that slide a window over their input: what convolutions and pools share."""

from collections.abc import Sequence
from math import prod

from cnncalc.errors import LayerError, RankMismatch
from cnncalc.layers.base import Layer, Shape, axis_name, expand, need_spatial
from cnncalc.layers.fields import Padded, Padding, Pair, PerAxis, Rounding
from cnncalc.slide import Slide


class Window(Layer):
    """A kernel with a stride and padding over every spatial axis, of which there may be any number."""

    kernel: PerAxis = 1
    stride: PerAxis | None = None
    padding: Padding = 0
    rounding: Rounding = "exact"

    def slides(self, spatial: Shape) -> list[Slide]:
        """Return one Slide an axis."""
        rank = len(spatial)
        kernels, strides, dilations = expand(self.kernel, rank, "kernel"), self.strides(rank), self.dilations(rank)
        reaches = [d * (k - 1) + 1 for k, d in zip(kernels, dilations, strict=True)]
        pads = sides(self.padding, spatial, reaches, strides)
        # `same` is defined by its output size, ceil(W/S): there is nothing left to round
        rounding = "floor" if self.padding in ("same", "same_lower") else self.rounding
        return [
            Slide(size, kernel, stride, before, after, dilation, rounding)
            for size, kernel, stride, (before, after), dilation in zip(
                spatial, kernels, strides, pads, dilations, strict=True
            )
        ]

    def strides(self, rank: int) -> tuple[int, ...]:
        """Return the stride along each axis; the kernel where none is given."""
        if self.stride is None:
            return expand(self.kernel, rank, "kernel")
        return expand(self.stride, rank, "stride")

    def dilations(self, rank: int) -> tuple[int, ...]:
        """Return the dilation along each axis."""
        return (1,) * rank

    def output_spatial(self, source: Shape) -> Shape:
        """Return the number of windows along each axis."""
        spatial = need_spatial(source)
        sizes = []
        for axis, slide in enumerate(self.slides(spatial)):
            try:
                sizes.append(slide.windows())
            except LayerError as error:
                error.fact = f"{axis_name(axis, len(spatial))}: {error.fact}"
                error.args = (error.fact,)
                raise
        return tuple(sizes)

    def taps(self, source: Shape, output: Shape) -> int:
        """Return how many taps on real positions all windows have together, over one channel."""
        return prod(slide.taps(windows) for slide, windows in zip(self.slides(source[1:]), output[1:], strict=True))


def sides(padding: Padded, spatial: Shape, reaches: Sequence[int], strides: Sequence[int]) -> list[Pair]:
    """Return the padding before and after along each axis, with the padding words worked out.

    >>> sides("half", (224, 224), reaches=(7, 7), strides=(2, 2))
    [(3, 3), (3, 3)]
    >>> sides("same", (224, 224), reaches=(3, 3), strides=(2, 2))
    [(0, 1), (0, 1)]
    """
    rank = len(spatial)
    if isinstance(padding, str):
        if padding == "causal" and rank != 1:
            raise RankMismatch(f"padding: causal must have one spatial axis (the input has {rank})", option="padding")
        return [_word(padding, *axis) for axis in zip(spatial, reaches, strides, strict=True)]
    if isinstance(padding, tuple) and isinstance(padding[0], tuple):
        if len(padding) != rank:
            raise RankMismatch(
                f"padding must have a pair for each spatial axis of the input ({len(padding)} pairs, {rank} axes)",
                option="padding",
            )
        return list(padding)
    return [(amount, amount) for amount in expand(padding, rank, "padding")]


def _word(word: str, size: int, reach: int, stride: int) -> Pair:
    if word == "valid":
        return 0, 0
    if word == "half":
        return reach // 2, reach // 2
    if word == "full":
        return reach - 1, reach - 1
    if word == "causal":
        return reach - 1, 0
    total = max((-(-size // stride) - 1) * stride + reach - size, 0)
    less, more = total // 2, total - total // 2
    return (less, more) if word == "same" else (more, less)
