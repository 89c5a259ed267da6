"""A dense layer: every output reads every input."""

from collections.abc import Sequence
from typing import ClassVar

from cnncalc.field import Extent, Field, everywhere
from cnncalc.layers.base import Layer, Shape, elements
from cnncalc.layers.fields import Flag, Positive


class Linear(Layer):
    """A fully connected layer; it flattens its input by itself.

    >>> Linear(out_features=10).parameters([(120, 1, 1)])
    {'weight': (10, 120), 'bias': (10,)}
    """

    argument: ClassVar[str] = "out_features"
    followers: ClassVar[tuple[str, ...]] = ("act",)

    out_features: Positive
    bias: Flag = True

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return (out_features,)."""
        return (self.out_features,)

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return weight (out, in) and bias (out,)."""
        weight: dict[str, Shape] = {"weight": (self.out_features, elements(inputs[0]))}
        return weight | {"bias": (self.out_features,)} if self.bias else weight

    def macs(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return in * out."""
        return elements(inputs[0]) * self.out_features

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one addition an output for the bias."""
        return self.out_features if self.bias else 0

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return WHOLE along every axis."""
        return everywhere(fields[0], Extent.WHOLE)
