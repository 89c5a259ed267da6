"""Convolution: learned kernels, shared over all positions or of each position its own."""

from collections.abc import Sequence
from math import prod
from typing import ClassVar

from cnncalc.layers.base import Shape, elements, expand, groups_must_divide
from cnncalc.layers.fields import Flag, PerAxis, Positive
from cnncalc.layers.window import Window


class Filters(Window):
    """What all convolutions have: learned kernels, whose taps may lie apart, and a bias."""

    followers: ClassVar[tuple[str, ...]] = ("norm", "act")

    stride: PerAxis = 1
    dilation: PerAxis = 1
    bias: Flag = True

    def dilations(self, rank: int) -> tuple[int, ...]:
        """Return the dilation along each axis."""
        return expand(self.dilation, rank, "dilation")

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one addition an output for the bias."""
        return elements(output) if self.bias else 0


class Convolution(Filters):
    """What conv and depthwise share: everything but how many channels come out, and in how many groups."""

    flip: Flag = False
    """Whether the kernel is flipped, as convolution has it in mathematics; what the field calls so is not."""

    def channels(self, source: int) -> tuple[int, int]:
        """Return out_channels and groups for that many input channels."""
        raise NotImplementedError

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return (out_channels, *spatial); the groups must divide the channels on both sides."""
        out_channels, groups = self.channels(inputs[0][0])
        spatial = self.output_spatial(inputs[0])
        groups_must_divide(groups, in_channels=inputs[0][0], out_channels=out_channels)
        return out_channels, *spatial

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return weight (out, in/groups, *kernel) and bias (out,)."""
        in_channels, *spatial = inputs[0]
        out_channels, groups = self.channels(in_channels)
        weight = {"weight": (out_channels, in_channels // groups, *expand(self.kernel, len(spatial), "kernel"))}
        return weight | {"bias": (out_channels,)} if self.bias else weight

    def macs(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return prod(weight shape) * prod(output spatial)."""
        return elements(self.parameters(inputs)["weight"]) * prod(output[1:])

    def macs_on_input(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the MACs whose tap is on a real position."""
        out_channels, in_channels_a_group = self.parameters(inputs)["weight"][:2]
        return out_channels * in_channels_a_group * self.taps(inputs[0], output)


class Conv(Convolution):
    """A convolution in one, two or three dimensions, as the input has.

    >>> Conv(out_channels=10, kernel=5, padding=2).output_shape([(3, 32, 32)])
    (10, 32, 32)
    >>> Conv(out_channels=10, kernel=5, padding=2).parameters([(3, 32, 32)])
    {'weight': (10, 3, 5, 5), 'bias': (10,)}
    """

    argument: ClassVar[str] = "out_channels"

    out_channels: Positive
    groups: Positive = 1

    def channels(self, source: int) -> tuple[int, int]:
        """Return the options of those names."""
        return self.out_channels, self.groups


class Depthwise(Convolution):
    """A convolution with kernels of its own for each input channel: ``multiplier`` of them.

    >>> Depthwise(kernel=3, padding=1).parameters([(32, 112, 112)])
    {'weight': (32, 1, 3, 3), 'bias': (32,)}
    """

    argument: ClassVar[str] = "kernel"

    multiplier: Positive = 1

    def channels(self, source: int) -> tuple[int, int]:
        """Return multiplier channels for each input channel, which is a group of its own."""
        return source * self.multiplier, source


class LocallyConnected(Filters):
    """A convolution whose kernels are not shared: each output position has its own, and a bias of its own.

    Source: LeCun 1989, "Generalization and Network Design Strategies"; Taigman et al. 2014, "DeepFace"; Goodfellow,
    Bengio and Courville 2016, "Deep Learning", section 9.5. Keras's LocallyConnected2D has as many parameters.

    >>> layer = LocallyConnected(out_channels=64, kernel=3)
    >>> layer.parameters([(3, 32, 32)])
    {'weight': (30, 30, 64, 3, 3, 3), 'bias': (64, 30, 30)}
    >>> layer.macs([(3, 32, 32)], (64, 30, 30))  # one for each weight
    1555200
    """

    argument: ClassVar[str] = "out_channels"

    out_channels: Positive

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return (out_channels, *spatial)."""
        return self.out_channels, *self.output_spatial(inputs[0])

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return weight (*spatial, out, in, *kernel), one matrix after the other, and bias (out, *spatial)."""
        positions = self.output_spatial(inputs[0])
        kernel = expand(self.kernel, len(positions), "kernel")
        weight: dict[str, Shape] = {"weight": (*positions, self.out_channels, inputs[0][0], *kernel)}
        return weight | {"bias": (self.out_channels, *positions)} if self.bias else weight

    def macs(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return prod(weight shape): each weight is used once."""
        return elements(self.parameters(inputs)["weight"])

    def macs_on_input(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the MACs whose tap is on a real position."""
        return output[0] * inputs[0][0] * self.taps(inputs[0], output)
