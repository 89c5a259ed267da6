"""The activations: elementwise functions, one operation an element, no parameters but those of prelu."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import WithJsonSchema

from cnncalc.field import Field
from cnncalc.layers import ACTIVATIONS
from cnncalc.layers.base import Layer, Shape, elements, mixed
from cnncalc.layers.fields import word


class Activation(Layer):
    """An elementwise function; softmax is over the channels, prelu has a learned slope a channel (He et al. 2015).

    >>> Activation(function="prelu").parameters([(64, 56, 56)])
    {'weight': (64,)}
    """

    argument: ClassVar[str] = "function"
    overwrites: ClassVar[bool] = True

    function: Annotated[str, word(*ACTIVATIONS), WithJsonSchema({"enum": list(ACTIVATIONS)})]

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return nothing, or the slopes of prelu."""
        return {"weight": inputs[0][:1]} if self.function == "prelu" else {}

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one operation an element, transcendental ones too."""
        return elements(output)

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the field unchanged, except that softmax mixes a vector."""
        return mixed(inputs[0], fields[0]) if self.function == "softmax" else fields[0]
