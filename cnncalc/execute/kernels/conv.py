"""Convolution as matrix products: 1x1 as one, depthwise row by row, unshared by position, others over tiles."""

from collections.abc import Sequence
from math import prod

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.execute.kernels.depthwise import depthwise
from cnncalc.execute.kernels.rows import Rows
from cnncalc.execute.kernels.threads import copy
from cnncalc.execute.kernels.window import ALL, lengths, run_of, tiles, view
from cnncalc.layers.conv import Convolution, LocallyConnected
from cnncalc.slide import Slide

TILE = 8 << 20
"""The bytes of copied windows that are held at a time; a tile of them stays in the cache."""


@kernel.register
def convolution(layer: Convolution, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the cross-correlation of each sample, or with ``flip`` the convolution, with its bias."""
    source, weight = inputs[0], tensors["weight"]
    if layer.flip:
        weight = np.ascontiguousarray(np.flip(weight, tuple(range(2, weight.ndim))))
    slides = layer.slides(source.shape[2:])
    output = np.empty((len(source), *layer.output_shape([source.shape[1:]])), source.dtype)
    groups = source.shape[1] // weight.shape[1]
    if all(is_pointwise(slide) for slide in slides):
        flat = source.reshape(len(source), groups, weight.shape[1], -1)
        meter.matmul(grouped(weight, groups), flat, out=output.reshape(len(source), groups, -1, flat.shape[-1]))
    elif weight.shape[1] == 1 and groups > 1:
        depthwise(source, weight, slides, output, meter)
    else:
        over_tiles(source, weight, slides, output, meter)
    if "bias" in tensors:
        output += tensors["bias"].reshape(-1, *(1,) * len(slides))
    return output


def is_pointwise(slide: Slide) -> bool:
    """Return whether the windows along an axis are its positions, one by one."""
    return slide.kernel == 1 and slide.stride == 1 and slide.before == 0 and slide.after == 0


def grouped(weight: Array, groups: int) -> Array:
    """Return the weight as one matrix a group, (groups, out/groups, in/groups * taps)."""
    return weight.reshape(groups, weight.shape[0] // groups, -1)


def over_tiles(source: Array, weight: Array, slides: Sequence[Slide], output: Array, meter: Meter) -> None:
    """Fill the output tile by tile: the windows of a tile are copied side by side, then multiplied at once."""
    samples, channels = source.shape[:2]
    groups = channels // weight.shape[1]
    matrices = grouped(weight, groups)
    positions = output.shape[2:]
    flat = output.reshape(samples, groups, -1, prod(positions))
    column = channels * prod(weight.shape[2:])
    boxes = [*tiles((samples, *positions), TILE // (column * source.itemsize))]
    rows = Rows(slides, apart=True)
    copied_once = all(slide.kernel == slide.stride == 1 for slide in slides[:-1])
    memory: Array = np.empty(0 if copied_once else column * prod(lengths(boxes[0])), source.dtype)
    for some, *box in boxes:
        rows.copy(source[some], box)
        columns = side_by_side(rows, lengths(box[:-1]), memory).reshape(
            -1, groups, column // groups, prod(lengths(box))
        )
        meter.matmul(matrices, columns, out=view(flat, some, ALL, ALL, run_of(box, positions)))
        del columns  # the rows of the next tile may need another shape


def side_by_side(rows: Rows, counts: Sequence[int], memory: Array) -> Array:
    """Return what each tap reads in each window, copied into the memory unless the rows have it so already."""
    columns = rows.columns(counts)
    if columns.flags.c_contiguous:  # as over one axis
        return columns
    held = memory[: columns.size].reshape(columns.shape)
    copy(held, columns)
    return held


@kernel.register
def locally_connected(layer: LocallyConnected, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the cross-correlation of each sample, whose kernels and biases are those of each position."""
    source, weight = inputs[0], tensors["weight"]
    slides = layer.slides(source.shape[2:])
    output = np.empty((len(source), *layer.output_shape([source.shape[1:]])), source.dtype)
    by_position(source, weight, slides, output, meter)
    if "bias" in tensors:
        output += tensors["bias"]
    return output


def by_position(source: Array, weight: Array, slides: Sequence[Slide], output: Array, meter: Meter) -> None:
    """Fill the output with one product a position, its matrix (out, in * taps) times the windows of all samples."""
    rank, samples = len(slides), len(source)
    matrices = weight.reshape(*weight.shape[: rank + 1], -1)
    target = np.moveaxis(output, (0, 1), (-1, -2))  # (*positions, out, samples)
    most = TILE // (samples * max(matrices.shape[-2:]) * source.itemsize)
    rows = Rows(slides, apart=True)
    for box in tiles(output.shape[2:], most):
        rows.copy(source, box)
        columns = rows.columns(lengths(box[:-1]))
        # (*positions, samples, in * taps): the samples and channels, and the taps, follow the positions
        windows = columns.transpose(*range(2 + rank, 2 + 2 * rank), *range(2 + rank))
        vectors = windows.reshape(*lengths(box), samples, matrices.shape[-1])
        target[box] = meter.matmul(matrices[box], vectors.swapaxes(-1, -2))
