"""Adaptive and global pooling by their definition: the values of each bin in a list."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, naive
from cnncalc.execute.naive.places import places
from cnncalc.execute.naive.pool import largest
from cnncalc.layers.adaptive import Binned


@naive.register
def adaptive_pool(layer: Binned, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the mean or the largest value of each bin."""
    source = inputs[0]
    bins = layer.bins(source.shape[2:])
    output = np.empty((*source.shape[:2], *(axis.bins for axis in bins)), source.dtype)
    for sample, channel, *window in places(output.shape):
        seen = product(*(axis.window(index) for axis, index in zip(bins, window, strict=True)))
        values = [float(source[sample, channel, *at]) for at in seen]
        output[sample, channel, *window] = sum(values) / len(values) if layer.mean else largest(values)
    return output
