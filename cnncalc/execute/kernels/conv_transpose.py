"""Transposed convolution: every input times the whole kernel first, then each tap added where it lands."""

from collections.abc import Sequence
from math import prod

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.execute.kernels.window import ALL, landings, lengths, run_of, tiles, view
from cnncalc.layers.conv_transpose import ConvTranspose

TILE = 8 << 20
"""The bytes of products that are held at a time."""


@kernel.register
def conv_transpose(layer: ConvTranspose, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the transposed convolution of each sample, with its bias."""
    source, weight = inputs[0], tensors["weight"]
    samples, channels, *positions = source.shape
    slides = layer.slides(source.shape[2:])
    out_channels, *spatial = layer.output_shape([source.shape[1:]])
    output = np.zeros((samples, out_channels, *spatial), source.dtype)
    if "bias" in tensors:
        output += tensors["bias"].reshape(-1, *(1,) * len(spatial))
    kernel_sizes = weight.shape[2:]
    # (groups, out/groups * taps, in/groups)
    matrices = weight.reshape(layer.groups, channels // layer.groups, -1).swapaxes(1, 2)
    flat = source.reshape(samples, layer.groups, -1, prod(positions))
    column = out_channels * prod(kernel_sizes)
    boxes = [*tiles((samples, *positions), TILE // (column * source.itemsize))]
    buffer = np.empty(column * prod(lengths(boxes[0])), source.dtype)
    for some, *box in boxes:
        shape = lengths((some, *box))
        products = buffer[: column * prod(shape)].reshape(shape[0], layer.groups, column // layer.groups, -1)
        meter.matmul(matrices, view(flat, some, ALL, ALL, run_of(box, positions)), out=products)
        taps = products.reshape(shape[0], out_channels, *kernel_sizes, *shape[1:])
        for tap, places in landings(slides, box):
            reached = view(output, some, ALL, *(place.positions for place in places))
            reached += view(taps, ALL, ALL, *tap, *(place.windows for place in places))
    return output
