"""The joins: operands cut to one size, then added, multiplied or set side by side."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.layers.merge import Add, Concat, Elementwise, Merge, Multiply


@kernel.register
def add(layer: Add, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the sum of the operands."""
    return folded(layer, inputs, np.add)


@kernel.register
def multiply(layer: Multiply, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the product of the operands, element by element: no weight is in it, so no MAC."""
    return folded(layer, inputs, np.multiply)


@kernel.register
def concat(layer: Concat, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the channels of the operands one after the other, those of size 1 along an axis stretched."""
    operands = cut(layer, inputs)
    sizes = layer.output_shape([value.shape[1:] for value in inputs])[1:]
    return np.concatenate([np.broadcast_to(value, (*value.shape[:2], *sizes)) for value in operands], axis=1)


def cut(layer: Merge, inputs: Sequence[Array]) -> list[Array]:
    """Return views of the operands without the margins that ``align: crop`` takes off."""
    margins = layer.margins([value.shape[1:] for value in inputs])
    return [
        value[:, :, *(slice(a, size - b) for (a, b), size in zip(axes, value.shape[2:], strict=True))]
        for value, axes in zip(inputs, margins, strict=True)
    ]


def folded(layer: Elementwise, inputs: Sequence[Array], combine: np.ufunc) -> Array:
    """Return the operands combined in a fresh array of their common shape."""
    first, *others = cut(layer, inputs)
    output = np.empty((len(first), *layer.output_shape([value.shape[1:] for value in inputs])), first.dtype)
    if not others:
        output[...] = first
        return output
    combine(first, others[0], out=output)
    for other in others[1:]:
        combine(output, other, out=output)
    return output
