"""Transposed convolution: each input position spreads a kernel over the output."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import ClassVar

from cnncalc.errors import BadOutputPadding, RankMismatch, WindowExceedsInput
from cnncalc.field import ReceptiveField
from cnncalc.layers.base import Layer, Shape, axis_name, elements, expand, groups_must_divide, need_spatial
from cnncalc.layers.fields import Flag, NaturalPerAxis, Padded, Padding, Pair, PerAxis, Positive
from cnncalc.layers.window import sides
from cnncalc.slide import Slide


class ConvTranspose(Layer):
    """A transposed convolution; its ``padding`` is what is cropped from the output.

    >>> layer = ConvTranspose(out_channels=1, kernel=2, stride=2)
    >>> layer.output_shape([(3, 2, 2)]), layer.macs([(3, 2, 2)], (1, 4, 4))
    ((1, 4, 4), 48)
    """

    argument: ClassVar[str] = "out_channels"
    followers: ClassVar[tuple[str, ...]] = ("norm", "act")

    out_channels: Positive
    kernel: PerAxis = 2
    stride: PerAxis = 1
    padding: Padding = 0
    output_padding: NaturalPerAxis = 0
    dilation: PerAxis = 1
    groups: Positive = 1
    bias: Flag = True

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return (out_channels, *spatial): (W - 1)*S + F - P1 - P2 + output_padding along each axis."""
        channels, *spatial = inputs[0]
        need_spatial(inputs[0])
        rank = len(spatial)
        sizes = []
        extra = expand(self.output_padding, rank, "output_padding")
        for axis, (slide, more) in enumerate(zip(self.slides(tuple(spatial)), extra, strict=True)):
            where = axis_name(axis, rank)
            if more >= max(slide.stride, slide.dilation):
                raise BadOutputPadding(
                    f"{where}: output_padding ({more}) must be less than stride ({slide.stride}) "
                    f"or dilation ({slide.dilation})",
                    option="output_padding",
                )
            if slide.size < 1:
                raise WindowExceedsInput(
                    f"{where}: padding must leave an output: (W - 1)*S + F - P1 - P2 + output_padding = "
                    f"({spatial[axis]} - 1)*{slide.stride} + {slide.reach} - {slide.before} - {slide.after} + {more} "
                    f"= {slide.size}",
                    option="padding",
                )
            sizes.append(slide.size)
        groups_must_divide(self.groups, in_channels=channels, out_channels=self.out_channels)
        return self.out_channels, *sizes

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return weight (in, out/groups, *kernel) and bias (out,)."""
        channels, *spatial = inputs[0]
        kernel = expand(self.kernel, len(spatial), "kernel")
        weight = {"weight": (channels, self.out_channels // self.groups, *kernel)}
        return weight | {"bias": (self.out_channels,)} if self.bias else weight

    def macs(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return prod(weight shape) * prod(input spatial); what is cropped was computed all the same."""
        return elements(self.parameters(inputs)["weight"]) * prod(inputs[0][1:])

    def macs_on_input(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the MACs that land on an output which is kept."""
        channels, channels_a_group = self.parameters(inputs)["weight"][:2]
        slides = zip(self.slides(inputs[0][1:]), inputs[0][1:], strict=True)
        return channels * channels_a_group * prod(slide.taps(windows) for slide, windows in slides)

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one addition an output for the bias."""
        return elements(output) if self.bias else 0

    def slides(self, spatial: Shape) -> list[Slide]:
        """Return the slide of the kernel over the *output*, one window for each input position."""
        rank = len(spatial)
        kernels, strides = expand(self.kernel, rank, "kernel"), expand(self.stride, rank, "stride")
        dilations = expand(self.dilation, rank, "dilation")
        extra = expand(self.output_padding, rank, "output_padding")
        reaches = [d * (k - 1) + 1 for k, d in zip(kernels, dilations, strict=True)]
        pads = cropped(self.padding, spatial, reaches, strides)
        return [
            Slide((size - 1) * stride + reach - before - after + more, kernel, stride, before, after, dilation, "floor")
            for size, kernel, stride, reach, (before, after), dilation, more in zip(
                spatial, kernels, strides, reaches, pads, dilations, extra, strict=True
            )
        ]

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range]:
        """Return the input positions whose kernels an output position lies under."""
        return self.slides(inputs[0][1:])[axis].spread_by

    def steps(self, source: Shape) -> Sequence[ReceptiveField | None]:
        """Return the input positions that an output reads, along each axis."""
        return [reads(slide) for slide in self.slides(source[1:])]


def cropped(padding: Padded, spatial: Shape, reaches: Sequence[int], strides: Sequence[int]) -> list[Pair]:
    """Return what is cropped before and after along each axis; ``same`` makes the output W*S, as in ONNX.

    >>> cropped("same", (7, 7), reaches=(3, 3), strides=(2, 2))
    [(0, 1), (0, 1)]
    """
    if padding == "causal":
        raise RankMismatch("padding of conv_transpose must not be causal: crop the end instead", option="padding")
    if padding not in ("same", "same_lower"):
        return sides(padding, spatial, reaches, strides)
    pairs = []
    for reach, stride in zip(reaches, strides, strict=True):
        total = reach - stride
        if total < 0:
            raise WindowExceedsInput(
                f"padding: {padding} must have a kernel at least as long as the stride ({reach} and {stride})",
                option="padding",
            )
        pairs.append((total // 2, total - total // 2) if padding == "same" else (total - total // 2, total // 2))
    return pairs


def reads(slide: Slide) -> ReceptiveField | None:
    """Return which inputs an output reads when ``slide`` spreads each input over the output, None where it depends.

    Output o reads input i where o + before = i*stride + tap*dilation. Beyond stride 1 that is one form only without
    dilation, and if the stride divides the kernel: otherwise the outputs read more and fewer inputs in turn, or inputs
    further forward and back.

    >>> reads(Slide(size=8, kernel=4, stride=2, before=1, after=1))
    ReceptiveField(size=2, jump=Fraction(1, 2), start=Fraction(-1, 2))
    >>> reads(Slide(size=7, kernel=3, stride=2)) is None
    True
    """
    if slide.stride == 1:
        return ReceptiveField(slide.reach, 1, slide.before - slide.reach + 1)
    if slide.dilation > 1 or slide.kernel % slide.stride:
        return None
    size = slide.kernel // slide.stride
    return ReceptiveField(size, Fraction(1, slide.stride), Fraction(slide.before, slide.stride) - size + 1)
