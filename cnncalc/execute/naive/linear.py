"""The dense layer by its definition: every output is a sum over all inputs."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, naive
from cnncalc.execute.naive.places import places
from cnncalc.layers.linear import Linear


@naive.register
def linear(layer: Linear, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return every output of every sample; the inputs in row-major order."""
    source, weight = inputs[0], tensors["weight"]
    output = np.empty((len(source), layer.out_features), source.dtype)
    for sample, feature in places(output.shape):
        total = float(tensors["bias"][feature]) if layer.bias else 0.0
        for number, at in enumerate(places(source.shape[1:])):
            total += float(source[sample, *at]) * float(weight[feature, number])
            meter.macs += 1
        output[sample, feature] = total
    return output
