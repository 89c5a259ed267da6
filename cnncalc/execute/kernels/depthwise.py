"""Depthwise convolution: each row of outputs is one small product with the rows of its own channel."""

from collections.abc import Sequence
from itertools import product
from math import prod

import numpy as np

from cnncalc.execute.dispatch import Array, Meter
from cnncalc.execute.kernels.rows import Rows, span
from cnncalc.execute.kernels.window import ALL, tiles, view
from cnncalc.layers.base import Shape
from cnncalc.slide import Slide

TILE = 1 << 20
"""The bytes of copied rows that are held at a time; a tile of them stays in the cache."""


def depthwise(source: Array, weight: Array, slides: Sequence[Slide], output: Array, meter: Meter) -> None:
    """Fill the output, (samples, channels * multiplier, *spatial), for a weight of (channels * multiplier, 1, *kernel).

    Only the taps of the last axis are copied side by side, for every row of the input; the rows of a window are then
    one matrix, which overlaps with the next window's (Cho and Brand 2017, "MEC: Memory-efficient Convolution for Deep
    Neural Network", do so with every convolution).
    """
    if len(slides) == 1:  # a row of rows
        depthwise(source[:, :, None], weight[:, :, None], [Slide(1, 1), *slides], output[:, :, None], meter)
        return
    samples, channels, windows = *source.shape[:2], output.shape[2:]
    weight = weight.reshape(channels, -1, *weight.shape[2:])
    # (samples, channels, *leading, multiplier, width): the last two are what one product gives
    target = np.moveaxis(output.reshape(samples, channels, -1, *windows), 2, -2)
    rows = Rows(slides, apart=False)
    for some, block, run in tiles((samples, channels, windows[0]), windows_a_tile(slides, windows, source.itemsize)):
        rows.copy(view(source, some, block), [run, *(slice(0, size) for size in windows[1:])])
        multiply_rows(rows, weight[block], view(target, some, block, run), meter)


def windows_a_tile(slides: Sequence[Slide], windows: Shape, itemsize: int) -> int:
    """Return how many windows along the first axis, of as many channels as fit, have their rows in one tile."""
    sizes = [span(slide, slice(0, size)).size for slide, size in zip(slides, windows, strict=True)]
    slab = prod(sizes[1:-1]) * slides[-1].kernel * windows[-1] * itemsize  # one position of the first axis
    if slab * sizes[0] <= TILE:
        return TILE // (slab * sizes[0]) * windows[0]
    return max(1, (TILE // slab - slides[0].reach) // slides[0].stride + 1)


def multiply_rows(rows: Rows, weight: Array, output: Array, meter: Meter) -> None:
    """Fill (samples, channels, *windows, multiplier, width) with the products of the rows and the weight.

    The weight is (channels, multiplier, *kernel). Where the rows of a window follow each other, they are one matrix;
    other leading taps are added up.
    """
    folded = rows.leading[-1].dilation == 1
    looped = rows.leading[:-1] if folded else rows.leading
    inner = prod(weight.shape[2 + len(looped) :])
    for number, tap in enumerate(product(*(range(slide.kernel) for slide in looped))):
        factors = view(weight, ALL, ALL, *tap).reshape(len(weight), *(1,) * len(rows.leading), -1, inner)
        windows = rows.windows(output.shape[2:-2], inner, tap)
        if number == 0:
            meter.matmul(factors, windows, out=output)
        else:
            output += meter.matmul(factors, windows)
