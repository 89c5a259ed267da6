"""Transposed convolution by its definition: every input spreads a kernel, and what falls outside is cropped."""

from collections.abc import Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, naive
from cnncalc.execute.naive.places import is_real, places, position
from cnncalc.layers.conv_transpose import ConvTranspose


@naive.register
def conv_transpose(layer: ConvTranspose, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the transposed convolution of each sample."""
    source, weight = inputs[0], tensors["weight"]
    slides = layer.slides(source.shape[2:])
    total = np.zeros((len(source), layer.out_channels, *(slide.size for slide in slides)))
    if layer.bias:
        for sample, channel, *place in places(total.shape):
            total[sample, channel, *place] = tensors["bias"][channel]
    outputs, a_group = weight.shape[1], source.shape[1] // layer.groups
    for sample, channel, *window in places(source.shape):
        value = float(source[sample, channel, *window])
        for number, *tap in places(weight.shape[1:]):
            product = value * float(weight[channel, number, *tap])
            meter.macs += 1
            at = position(slides, tuple(window), tuple(tap))
            if is_real(slides, at):
                total[sample, channel // a_group * outputs + number, *at] += product
    return total.astype(source.dtype)
