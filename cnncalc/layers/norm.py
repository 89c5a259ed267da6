"""Normalisation and scaling: a few parameters a channel, no MACs."""

from collections.abc import Sequence
from typing import ClassVar

from cnncalc.field import Extent, Field, everywhere
from cnncalc.layers.base import Layer, Shape, elements, groups_must_divide, mixed
from cnncalc.layers.fields import Number, Positive


class Norm(Layer):
    """What the normalisations share: a learned scale and shift a channel, two operations an element."""

    overwrites: ClassVar[bool] = True

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return weight and bias, one a channel each."""
        return {"weight": inputs[0][:1], "bias": inputs[0][:1]}

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return a multiplication and an addition an element: at inference a norm is a scale and a shift."""
        return 2 * elements(output)


class BatchNorm(Norm):
    """Normalisation over the batch; the running mean and variance are buffers.

    >>> BatchNorm().parameters([(64, 56, 56)]), BatchNorm().buffers([(64, 56, 56)])
    ({'weight': (64,), 'bias': (64,)}, {'running_mean': (64,), 'running_var': (64,)})
    """

    def buffers(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return the running statistics, one a channel each."""
        return {"running_mean": inputs[0][:1], "running_var": inputs[0][:1]}


class LayerNorm(Norm):
    """Normalisation over the channels at each position, as in ConvNeXt; on a vector, over all of it."""

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the field unchanged; every unit of a vector now sees the whole vector."""
        return mixed(inputs[0], fields[0])


class InstanceNorm(Norm):
    """Normalisation over the positions of each channel: every output sees its whole plane."""

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return WHOLE along every axis."""
        return everywhere(fields[0], Extent.WHOLE)

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> None:
        """Return None: all of them."""


class GroupNorm(InstanceNorm):
    """Normalisation over the positions of each group of channels.

    >>> GroupNorm(groups=32).output_shape([(64, 56, 56)])
    (64, 56, 56)
    """

    argument: ClassVar[str] = "groups"

    groups: Positive

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape unchanged; the groups must divide the channels."""
        groups_must_divide(self.groups, channels=inputs[0][0])
        return inputs[0]


class LocalResponseNorm(Layer):
    """Each value divided by the energy of ``size`` neighbouring channels (Krizhevsky et al. 2012)."""

    argument: ClassVar[str] = "size"

    size: Positive

    def settings(self, rank: int) -> str:
        """Return the size, which is in channels."""
        return f"{self.size} channels"

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return, an element: a square, size - 1 additions, scale, shift, power and division."""
        return (self.size + 4) * elements(output)

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the field unchanged: the neighbours are channels, at the same position."""
        return mixed(inputs[0], fields[0])


class Scale(Layer):
    """One learned factor a channel, which starts at ``initial`` (layer scale, trainable subsampling)."""

    argument: ClassVar[str] = "initial"
    overwrites: ClassVar[bool] = True

    initial: Number

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return weight, one a channel."""
        return {"weight": inputs[0][:1]}

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one multiplication an element: nothing is accumulated, so it is no MAC."""
        return elements(output)
