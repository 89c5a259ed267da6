"""Pooling: the taps of each axis in turn, taken together by maximum or sum, in blocks that stay in the cache."""

from collections.abc import Callable, Sequence
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.execute.kernels.window import axis_view, landing, tiles
from cnncalc.layers.pool import AvgPool, MaxPool
from cnncalc.slide import Slide

TILE = 1 << 20
"""The bytes of input that are taken at a time."""

Combine = Callable[..., Any]


@kernel.register
def max_pool(layer: MaxPool, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the largest value of each window; what lies outside is minus infinity."""
    return pooled(inputs[0], layer.slides(inputs[0].shape[2:]), np.maximum, -np.inf)


@kernel.register
def avg_pool(layer: AvgPool, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the mean of each window: its sum by the number of its positions that count."""
    source = inputs[0]
    slides = layer.slides(source.shape[2:])
    output = pooled(source, slides, np.add, 0.0)
    counts = [counted(slide, padding=layer.count_include_pad) for slide in slides]
    output /= reduce(np.multiply.outer, counts).astype(source.dtype)
    return output


def counted(slide: Slide, *, padding: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how many positions of each window count: the real ones, and the padding if told, never the overhang.

    >>> counted(Slide(4, kernel=3, stride=2, before=1, after=1, rounding="ceil"), padding=True)
    array([3, 3, 2])
    """
    starts = np.arange(slide.windows(), dtype=np.int64) * slide.stride - slide.before
    ends = np.minimum(starts + slide.kernel, slide.size + slide.after if padding else slide.size)
    return ends - (starts if padding else np.maximum(starts, 0))


def pooled(source: Array, slides: Sequence[Slide], combine: Combine, outside: float) -> Array:
    """Return all windows of every channel, combined along one axis after the other."""
    output = np.empty((*source.shape[:2], *(slide.windows() for slide in slides)), source.dtype)
    most = TILE // (prod(source.shape[2:]) * source.itemsize)
    for block in tiles(source.shape[:2], most):
        part = source[block]
        for axis, slide in enumerate(slides[:-1], start=2):
            if slide.kernel == slide.stride == 1 and slide.before == slide.after == 0:
                continue
            windows = slide.windows()
            shape = (*part.shape[:axis], windows, *part.shape[axis + 1 :])
            part = along(part, axis, slide, combine, outside, np.empty(shape, source.dtype))
        along(part, len(slides) + 1, slides[-1], combine, outside, output[block])
    return output


def along(source: Array, axis: int, slide: Slide, combine: Combine, outside: float, output: Array) -> Array:
    """Fill the output with the windows along one axis, and return it."""
    windows = output.shape[axis]
    places = [landing(slide, tap, slice(0, windows)) for tap in range(slide.kernel)]
    whole = next((place for place in places if place.windows == slice(0, windows)), None)
    if whole is None:
        output[...] = outside
    else:  # a tap that every window has begins, in place of a value to fill in
        output[...] = axis_view(source, axis, whole.positions)
    for place in places:
        if place is not whole and not place.empty:
            part = axis_view(output, axis, place.windows)
            combine(part, axis_view(source, axis, place.positions), out=part)
    return output
