"""Layers that move or pick elements and compute nothing: flatten, reshape, slice, channel_shuffle, identity."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from cnncalc.errors import ShapeMismatch
from cnncalc.field import Extent, Field, everywhere
from cnncalc.layers.base import Layer, Shape, elements, groups_must_divide, sizes_text
from cnncalc.layers.fields import Pair, Positive, ShapeField, fraction, number, text


class Identity(Layer):
    """The input, unchanged."""

    is_view: ClassVar[bool] = True


def _rate(value: object, info: ValidationInfo) -> Fraction | None:
    if value is None:
        return None
    found = fraction(value, info)
    if not 0 <= found < 1:
        raise ValueError(f"must be at least 0 and less than 1 ({text(value)})")
    return found


class Dropout(Identity):
    """The input, unchanged at inference; ``rate`` is what is dropped in training."""

    argument: ClassVar[str] = "rate"

    rate: Annotated[Fraction | None, PlainValidator(_rate), WithJsonSchema({"kind": "num"})] = None


class Flatten(Layer):
    """All elements in one vector.

    >>> Flatten().output_shape([(16, 5, 5)])
    (400,)
    """

    is_view: ClassVar[bool] = True

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the number of elements."""
        return (elements(inputs[0]),)

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return FLAT along every axis that was not whole already."""
        return tuple(axis if axis is Extent.WHOLE else Extent.FLAT for axis in fields[0])


class Reshape(Layer):
    """The same elements in another shape, in row-major order.

    >>> Reshape(shape=(1024, 4, 4)).output_shape([(16384,)])
    (1024, 4, 4)
    """

    argument: ClassVar[str] = "shape"
    is_view: ClassVar[bool] = True

    shape: ShapeField

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape; it must have as many elements as the input."""
        before, after = elements(inputs[0]), elements(self.shape)
        if before != after:
            raise ShapeMismatch(
                f"the shape must have as many elements as the input "
                f"({sizes_text(self.shape)} has {after}, {sizes_text(inputs[0])} has {before})",
                option="reshape",
            )
        return self.shape

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range] | None:
        """Return the position itself where the shape stays; otherwise None, all of them: the elements move about."""
        return super().span(inputs, output, operand, axis) if inputs[0] == output else None

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the field where the spatial axes stay as they are; otherwise no axis of the image is left."""
        if inputs[0] == self.shape or all(axis is Extent.WHOLE for axis in fields[0]):
            return fields[0]
        return everywhere(fields[0], Extent.FLAT if len(self.shape) == 1 else Extent.UNKNOWN)


def _range(value: object, info: ValidationInfo) -> Pair:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError("must be [start, stop]")
    return number(value[0], info, 0), number(value[1], info, 1)


class Slice(Layer):
    """The channels from start up to stop.

    >>> Slice(channels=(0, 58)).output_shape([(116, 28, 28)])
    (58, 28, 28)
    """

    argument: ClassVar[str] = "channels"

    channels: Annotated[Pair, PlainValidator(_range), WithJsonSchema({"kind": "range"})]

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return stop - start channels; they must exist."""
        start, stop = self.channels
        if not start < stop <= inputs[0][0]:
            raise ShapeMismatch(
                f"[start, stop] must lie within the channels, start before stop ([{start}, {stop}] of {inputs[0][0]})",
                option="slice",
            )
        return stop - start, *inputs[0][1:]


class ChannelShuffle(Layer):
    """The channels of ``groups`` groups interleaved (ShuffleNet).

    >>> ChannelShuffle(groups=2).output_shape([(116, 28, 28)])
    (116, 28, 28)
    """

    argument: ClassVar[str] = "groups"

    groups: Positive

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape unchanged; the groups must divide the channels."""
        groups_must_divide(self.groups, channels=inputs[0][0])
        return inputs[0]
