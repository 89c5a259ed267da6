"""Adaptive and global pooling: the bins of each axis in turn."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.layers.adaptive import Binned
from cnncalc.slide import AdaptiveSlide


@kernel.register
def adaptive_pool(layer: Binned, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the mean or the largest value of each bin."""
    values = inputs[0]
    combine = np.add if layer.mean else np.maximum
    bins = layer.bins(values.shape[2:])
    if all(axis.bins == 1 for axis in bins):  # at once: NumPy adds up in pairs, which keeps the digits
        values = combine.reduce(values.reshape(*values.shape[:2], -1), axis=2)
        values = values.reshape(*values.shape, *(1,) * len(bins))
    else:
        for axis, slide in enumerate(bins, start=2):
            values = binned(values, axis, slide, combine)
    if not layer.mean:
        return values
    counts = [stops - starts for starts, stops in map(edges, bins)]
    return np.divide(values, reduce(np.multiply.outer, counts).astype(values.dtype))


Indices = np.ndarray[tuple[int], np.dtype[np.int64]]


def edges(slide: AdaptiveSlide) -> tuple[Indices, Indices]:
    """Return where each bin starts and stops.

    >>> edges(AdaptiveSlide(size=5, bins=2))
    (array([0, 2]), array([3, 5]))
    """
    index = np.arange(slide.bins, dtype=np.int64)
    return index * slide.size // slide.bins, -(-(index + 1) * slide.size // slide.bins)


def binned(values: Array, axis: int, slide: AdaptiveSlide, combine: np.ufunc) -> Array:
    """Return the values of the bins along one axis combined: those of equal bins at once, others step by step."""
    if slide.size % slide.bins == 0:
        shape = (*values.shape[:axis], slide.bins, slide.size // slide.bins, *values.shape[axis + 1 :])
        combined: Array = combine.reduce(values.reshape(shape), axis=axis + 1)
        return combined
    starts, stops = edges(slide)
    output = values.take(starts, axis)
    for step in range(1, int((stops - starts).max())):
        going = np.flatnonzero(starts + step < stops)
        ahead = np.moveaxis(output, axis, 0)
        ahead[going] = combine(ahead[going], np.moveaxis(values, axis, 0)[starts[going] + step])
    return output
