"""Convolution by its definition: every output is a sum over the channels of its group and the taps of its kernel."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, naive
from cnncalc.execute.naive.places import is_real, places, position
from cnncalc.layers.conv import Convolution


@naive.register
def convolution(layer: Convolution, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the convolution of each sample; what lies outside is zero."""
    source, weight = inputs[0], tensors["weight"]
    slides = layer.slides(source.shape[2:])
    out_channels, groups = layer.channels(source.shape[1])
    windows = [slide.windows() for slide in slides]
    output = np.empty((len(source), out_channels, *windows), source.dtype)
    a_group = source.shape[1] // groups
    for sample, channel, *window in places(output.shape):
        total = float(tensors["bias"][channel]) if layer.bias else 0.0
        first = channel // (out_channels // groups) * a_group
        for number in range(a_group):
            for tap in places(weight.shape[2:]):
                at = position(slides, tuple(window), tap)
                value = float(source[sample, first + number, *at]) if is_real(slides, at) else 0.0
                kept = [size - 1 - t for size, t in zip(weight.shape[2:], tap, strict=True)] if layer.flip else tap
                total += value * float(weight[channel, number, *kept])
                meter.macs += 1
        output[sample, channel, *window] = total
    return output
