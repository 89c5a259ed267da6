"""What a kernel is, and the two tables of them: the fast ones that run, and the naive ones that are the truth."""

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnncalc.layers.base import Layer

Array = NDArray[np.floating[Any]]
"""A batch of tensors: (samples, channels, *spatial), or (samples, features); float32 or float64."""
Tensors = Mapping[str, Array]
"""A layer's parameters and buffers by name, of the shapes that its rules give."""


class Meter:
    """Counts the multiply-accumulates that kernels really perform, one count for each product of a weight.

    Every product of a kernel goes through it, so that what is counted is what was computed and not a formula again.
    """

    def __init__(self) -> None:
        self.macs = 0

    def matmul(self, left: Array, right: Array, out: Array | None = None) -> Array:
        """Return the matrix product of arrays of at least two axes, with its rows * inner * columns counted.

        >>> meter = Meter()
        >>> meter.matmul(np.ones((2, 3)), np.ones((3, 4))).shape, meter.macs
        ((2, 4), 24)
        """
        product: Array = np.matmul(left, right, out=out)
        self.macs += product.size * left.shape[-1]
        return product

    def multiply(self, left: Array, right: Array, out: Array | None = None) -> Array:
        """Return the product element by element, each one counted: for weights that are not summed in a matrix."""
        product: Array = np.multiply(left, right, out=out)
        self.macs += product.size
        return product


@singledispatch
def kernel(layer: Layer, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the output of a layer for a batch of inputs; the shapes are those that its ``output_shape`` allows.

    Each file of kernels/ registers the layers of the file of its name in layers/. A kernel changes neither its inputs
    nor its tensors, keeps their dtype, and carries a NaN to every output that reads it, and to no other.
    """
    raise NotImplementedError(f"there is no kernel for {type(layer).__name__}")


@singledispatch
def naive(layer: Layer, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the same as ``kernel`` from plain loops over every output, the definition read aloud: the truth.

    Only the layers with windows or weights that are summed have one, in naive/.
    """
    raise NotImplementedError(f"there is no naive kernel for {type(layer).__name__}")
