"""The input of a box of windows, with what the taps of the last axis read side by side, row by row."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnncalc.execute.dispatch import Array
from cnncalc.execute.kernels.threads import copy
from cnncalc.execute.kernels.window import ALL, Box, landing, view
from cnncalc.slide import Slide


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
    start = run.start * slide.stride - slide.before
    stop = (run.stop - 1) * slide.stride - slide.before + slide.reach
    first, last = min(max(start, 0), slide.size), min(max(stop, 0), slide.size)
    return Span(stop - start, slice(first - start, last - start), slice(first, last))


class Rows:
    """Copies the rows of one box after another into the same memory; what lies outside stays zero.

    ``apart`` puts the rows of each tap together, (samples, channels, taps, *positions, width) in memory; otherwise the
    taps of each row are, (samples, channels, *positions, taps, width). It is the latter that ``windows`` speaks of.
    """

    def __init__(self, slides: Sequence[Slide], *, apart: bool) -> None:
        *self.leading, self.last = slides
        self.apart = apart
        self.key: object = None
        self.memory: Array = np.empty(0, np.float32)

    def copy(self, source: Array, box: Box) -> None:
        """Copy the rows that a box of windows reads of a block of samples and channels."""
        *runs, run = box
        spans = [span(slide, part) for slide, part in zip(self.leading, runs, strict=True)]
        places = [landing(self.last, tap, run) for tap in range(self.last.kernel)]
        inside = [axis.inside for axis in spans]
        sizes, taps = [axis.size for axis in spans], [self.last.kernel]
        shape = *source.shape[:2], *(taps + sizes if self.apart else sizes + taps), run.stop - run.start
        key = shape, inside, [place.windows for place in places]
        if self.key != key:  # or else the zeros are in place
            self.clear(shape, source.dtype)
            self.key = key
        part = view(source, ALL, ALL, *(axis.positions for axis in spans))
        for tap, place in enumerate(places):
            copy(view(self.rows, ALL, ALL, *inside, tap, place.windows), view(part, ..., place.positions))

    def clear(self, shape: tuple[int, ...], dtype: np.dtype[np.floating[Any]]) -> None:
        """Make the memory zeros of this shape; the old is given back before the new is taken."""
        if self.memory.shape == shape and self.memory.dtype == dtype:
            self.memory[...] = 0
            return
        self.memory = self.rows = np.empty(0, dtype)
        self.memory = np.zeros(shape, dtype)
        self.rows = np.moveaxis(self.memory, 2, -2) if self.apart else self.memory

    def windows(self, counts: Sequence[int], inner: int, taps: Sequence[int]) -> Array:
        """Return a view (samples, channels, *counts, inner, width): for each window, ``inner`` taps that follow.

        There are ``counts`` windows along each leading axis; ``taps`` says which row of a window is the first.
        """
        starts = [slice(tap * slide.dilation, None) for tap, slide in zip(taps, self.leading, strict=False)]
        strides = self.rows.strides
        steps = [stride * slide.stride for stride, slide in zip(strides[2:-2], self.leading, strict=True)]
        return as_strided(
            view(self.rows, ALL, ALL, *starts),
            (*self.rows.shape[:2], *counts, inner, self.rows.shape[-1]),
            (*strides[:2], *steps, *strides[-2:]),
            writeable=False,
        )

    def columns(self, counts: Sequence[int]) -> Array:
        """Return a view (samples, channels, *kernel, *counts, width): for each tap, what it reads in each window."""
        strides = self.rows.strides
        taps = [stride * slide.dilation for stride, slide in zip(strides[2:-2], self.leading, strict=True)]
        steps = [stride * slide.stride for stride, slide in zip(strides[2:-2], self.leading, strict=True)]
        kernel = [slide.kernel for slide in self.leading]
        return as_strided(
            self.rows,
            (*self.rows.shape[:2], *kernel, self.last.kernel, *counts, self.rows.shape[-1]),
            (*strides[:2], *taps, strides[-2], *steps, strides[-1]),
            writeable=False,
        )
