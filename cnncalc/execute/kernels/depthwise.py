"""Depthwise convolution: each row of outputs is one small product with the rows of its own channel."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnncalc.execute.dispatch import Array, Meter
from cnncalc.execute.kernels.window import ALL, landing, lengths, tiles, view
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
    *leading, last = slides
    weight = weight.reshape(channels, -1, *weight.shape[2:])
    # (samples, channels, *leading, multiplier, width): the last two are what one product gives
    target = np.moveaxis(output.reshape(samples, channels, -1, *windows), 2, -2)
    taps = [landing(last, tap, slice(0, windows[-1])) for tap in range(last.kernel)]
    rows, margins = np.empty(0, source.dtype), [ALL]
    for some, block, run in tiles((samples, channels, windows[0]), windows_a_tile(slides, windows, source.itemsize)):
        spans = [span(slide, part) for slide, part in zip(leading, [run, *map(slice, windows[1:-1])], strict=True)]
        shape = (*lengths((some, block)), *(axis.size for axis in spans), last.kernel, windows[-1])
        inside = [axis.inside for axis in spans]
        if rows.shape != shape or margins != inside:  # or else the zeros outside are in place
            rows, margins = np.zeros(shape, source.dtype), inside
        part = view(source, some, block, *(axis.positions for axis in spans))
        for tap, place in enumerate(taps):
            view(rows, ALL, ALL, *inside, tap, place.windows)[...] = view(part, ..., place.positions)
        multiply_rows(rows, weight[block], leading, view(target, some, block, run), meter)


class Span(NamedTuple):
    """What a run of windows reaches along an axis: its size, the real part of it, and the positions that this is."""

    size: int
    inside: slice
    positions: slice


def span(slide: Slide, run: slice) -> Span:
    """Return the span of a run of windows.

    >>> span(Slide(size=5, kernel=3, before=1, after=1), slice(0, 2))
    Span(size=4, inside=slice(1, 4, None), positions=slice(0, 3, None))
    """
    start = (run.start or 0) * slide.stride - slide.before
    stop = (run.stop - 1) * slide.stride - slide.before + slide.reach
    first, last = min(max(start, 0), slide.size), min(max(stop, 0), slide.size)
    return Span(stop - start, slice(first - start, last - start), slice(first, last))


def windows_a_tile(slides: Sequence[Slide], windows: Shape, itemsize: int) -> int:
    """Return how many windows along the first axis, of as many channels as fit, have their rows in one tile."""
    sizes = [span(slide, slice(size)).size for slide, size in zip(slides, windows, strict=True)]
    slab = prod(sizes[1:-1]) * slides[-1].kernel * windows[-1] * itemsize  # one position of the first axis
    if slab * sizes[0] <= TILE:
        return TILE // (slab * sizes[0]) * windows[0]
    return max(1, (TILE // slab - slides[0].reach) // slides[0].stride + 1)


def multiply_rows(rows: Array, weight: Array, leading: Sequence[Slide], output: Array, meter: Meter) -> None:
    """Fill (samples, channels, *windows, multiplier, width) with the products of the rows and the weight.

    The rows are (samples, channels, *positions, taps, width), the weight (channels, multiplier, *kernel). Where the
    rows of a window follow each other, they are one matrix; other leading taps are added up.
    """
    folded = leading[-1].dilation == 1
    looped = leading[:-1] if folded else leading
    width, taps = rows.shape[-1], prod(weight.shape[2 + len(looped) :])
    strides = [stride * slide.stride for stride, slide in zip(rows.strides[2:-2], leading, strict=True)]
    for number, tap in enumerate(product(*(range(slide.kernel) for slide in looped))):
        offset = [slice(t * slide.dilation, None) for t, slide in zip(tap, looped, strict=True)]
        windows = as_strided(
            view(rows, ALL, ALL, *offset),
            (*output.shape[:-2], taps, width),
            (*rows.strides[:2], *strides, *rows.strides[-2:]),
            writeable=False,
        )
        factors = view(weight, ALL, ALL, *tap).reshape(len(weight), *(1,) * len(leading), -1, taps)
        if number == 0:
            meter.matmul(factors, windows, out=output)
        else:
            output += meter.matmul(factors, windows)
