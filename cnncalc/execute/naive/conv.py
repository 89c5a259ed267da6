"""Convolution by its definition: every output is a sum over the channels and the taps of one kernel."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, naive
from cnncalc.execute.naive.places import Place, is_real, places, position
from cnncalc.layers.conv import Convolution, LocallyConnected
from cnncalc.slide import Slide


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
        kernel = np.flip(weight[channel], tuple(range(1, weight.ndim - 1))) if layer.flip else weight[channel]
        total += under(kernel, source[sample, first : first + a_group], slides, tuple(window), meter)
        output[sample, channel, *window] = total
    return output


@naive.register
def locally_connected(layer: LocallyConnected, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the same with a kernel and a bias for each window of each output channel."""
    source, weight = inputs[0], tensors["weight"]
    slides = layer.slides(source.shape[2:])
    output = np.empty((len(source), layer.out_channels, *(slide.windows() for slide in slides)), source.dtype)
    for sample, channel, *window in places(output.shape):
        total = float(tensors["bias"][channel, *window]) if layer.bias else 0.0
        total += under(weight[*window, channel], source[sample], slides, tuple(window), meter)
        output[sample, channel, *window] = total
    return output


def under(kernel: Array, source: Array, slides: Sequence[Slide], window: Place, meter: Meter) -> float:
    """Return the sum of what lies under a kernel of (channels, *taps) in one window of (channels, *spatial)."""
    total = 0.0
    for channel, *tap in places(kernel.shape):
        at = position(slides, window, tuple(tap))
        value = float(source[channel, *at]) if is_real(slides, at) else 0.0
        total += value * float(kernel[channel, *tap])
        meter.macs += 1
    return total
