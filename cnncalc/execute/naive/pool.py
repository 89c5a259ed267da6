"""Pooling by its definition: the values of each window in a list."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, naive
from cnncalc.execute.naive.places import is_padded, is_real, places, position
from cnncalc.layers.pool import AvgPool, MaxPool


@naive.register
def max_pool(layer: MaxPool, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the largest value of each window, NaN where there is one in it."""
    source = inputs[0]
    slides = layer.slides(source.shape[2:])
    output = np.empty((*source.shape[:2], *(slide.windows() for slide in slides)), source.dtype)
    for sample, channel, *window in places(output.shape):
        seen = [position(slides, tuple(window), tap) for tap in places(slide.kernel for slide in slides)]
        values = [float(source[sample, channel, *at]) for at in seen if is_real(slides, at)]
        output[sample, channel, *window] = largest(values)
    return output


@naive.register
def avg_pool(layer: AvgPool, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the sum of each window by the number of its positions that count."""
    source = inputs[0]
    slides = layer.slides(source.shape[2:])
    output = np.empty((*source.shape[:2], *(slide.windows() for slide in slides)), source.dtype)
    counts = is_padded if layer.count_include_pad else is_real
    for sample, channel, *window in places(output.shape):
        seen = [position(slides, tuple(window), tap) for tap in places(slide.kernel for slide in slides)]
        values = [float(source[sample, channel, *at]) for at in seen if is_real(slides, at)]
        output[sample, channel, *window] = sum(values) / sum(counts(slides, at) for at in seen)
    return output


def largest(values: Sequence[float]) -> float:
    """Return the largest number, NaN if there is one, minus infinity of none.

    >>> largest([1.0, 3.0]), largest([float("nan"), 3.0]), largest([])
    (3.0, nan, -inf)
    """
    if any(value != value for value in values):  # noqa: PLR0124 - NaN is what differs from itself
        return float("nan")
    return max(values, default=float("-inf"))
