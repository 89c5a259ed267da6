"""Depthwise convolution: each row of outputs is one small product with the rows of its own channel."""

from collections.abc import Sequence
from itertools import product
from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnncalc.execute.dispatch import Array, Meter
from cnncalc.execute.kernels.window import ALL, Box, landing, tiles, view
from cnncalc.slide import Slide

TILE = 256 << 10
"""The bytes of copied rows that are held at a time; a tile of them stays in the cache of one core."""


def depthwise(source: Array, weight: Array, slides: Sequence[Slide], output: Array, meter: Meter) -> None:
    """Fill the output, (samples, channels * multiplier, *spatial), for a weight of (channels * multiplier, 1, *kernel).

    Only the taps of the last axis are copied side by side, for every row of the input; the rows of a window are then
    one matrix, which overlaps with the next window's (Cho and Brand 2017, "MEC: Memory-efficient Convolution for Deep
    Neural Network", do so with every convolution).
    """
    if len(slides) == 1:  # a row of rows
        one = Slide(1, 1)
        depthwise(source[:, :, None], weight[:, :, None], [one, *slides], output[:, :, None], meter)
        return
    samples, channels, multiplier = *source.shape[:2], len(weight) // source.shape[1]
    *leading, last = slides
    width = output.shape[-1]
    weight = weight.reshape(channels, multiplier, *weight.shape[2:])
    spread = output.reshape(samples, channels, multiplier, *output.shape[2:])
    spans = [rows_of(slide, size) for slide, size in zip(leading, spread.shape[3:-1], strict=True)]
    slab = prod(spans[1:]) * last.kernel * width * source.itemsize  # the bytes of one position of the first axis
    if slab * spans[0] <= TILE:  # whole channels
        most = TILE // (slab * spans[0]) * spread.shape[3]
    else:
        most = (TILE // slab - leading[0].reach) // leading[0].stride + 1
    for some, block, run in tiles((samples, channels, spread.shape[3]), max(1, most)):
        box = (run, *(slice(0, size) for size in spread.shape[4:-1]))
        rows = copy_rows(source[some, block], slides, box, width)
        multiply_rows(rows, weight[block], slides, view(spread, some, block, ALL, run), meter)


def rows_of(slide: Slide, windows: int) -> int:
    """Return how many positions that many windows span, padding and overhang included."""
    return (windows - 1) * slide.stride + slide.reach


def copy_rows(source: Array, slides: Sequence[Slide], box: Box, width: int) -> Array:
    """Return the input of a box of windows, (samples, channels, *leading, taps, width), zeros outside."""
    *leading, last = slides
    spans = [rows_of(slide, run.stop - run.start) for slide, run in zip(leading, box, strict=True)]
    starts = [run.start * slide.stride - slide.before for slide, run in zip(leading, box, strict=True)]
    real = [
        slice(max(0, -start), max(0, -start, min(span, slide.size - start)))
        for start, span, slide in zip(starts, spans, leading, strict=True)
    ]
    positions = [slice(part.start + start, part.stop + start) for part, start in zip(real, starts, strict=True)]
    rows = np.zeros((*source.shape[:2], *spans, last.kernel, width), source.dtype)
    for tap in range(last.kernel):
        place = landing(last, tap, slice(0, width))
        found = view(rows, ALL, ALL, *real, tap, place.windows)
        found[...] = view(source, ALL, ALL, *positions, place.positions)
    return rows


def multiply_rows(rows: Array, weight: Array, slides: Sequence[Slide], output: Array, meter: Meter) -> None:
    """Fill (samples, channels, multiplier, *windows) with the products of the rows and (channels, multiplier, *kernel).

    Where the rows of a window follow each other, they are one matrix; other leading taps are added up.
    """
    *leading, last = slides
    axes = len(leading)
    folded = leading[-1].dilation == 1
    looped = leading[:-1] if folded else leading
    inner = last.kernel * (leading[-1].kernel if folded else 1)
    strides = [stride * slide.stride for stride, slide in zip(rows.strides[2:-2], leading, strict=True)]
    target = np.moveaxis(output, 2, 2 + axes)  # (samples, channels, *leading, multiplier, width)
    for number, tap in enumerate(product(*(range(slide.kernel) for slide in looped))):
        offset = (t * slide.dilation for t, slide in zip(tap, looped, strict=True))
        windows = as_strided(
            view(rows, ALL, ALL, *(slice(start, None) for start in offset)),
            (*rows.shape[:2], *output.shape[3:-1], inner, rows.shape[-1]),
            (*rows.strides[:2], *strides, *rows.strides[-2:]),
            writeable=False,
        )
        factors = view(weight, ALL, ALL, *tap).reshape(len(weight), *(1,) * axes, weight.shape[1], inner)
        if number == 0:
            meter.matmul(factors, windows, out=target)
        else:
            target += meter.matmul(factors, windows)
