"""Numbers of paths to the positions of a tensor, as exact ints: their shares, their spread, where most of them lie."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Box = tuple[tuple[int, int], ...]
"""The first and the last position along each axis."""


class Paths(NamedTuple):
    """How many paths lead to each position of a tensor from ``start`` on; to all others, none.

    ``counts`` has Python ints, which grow without end, in an array of objects, one axis for each of the tensor's.
    """

    start: tuple[int, ...]
    counts: NDArray[Any]

    @property
    def total(self) -> int:
        """The number of all paths."""
        return int(self.counts.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        """The part of all paths that each position has; they add up to 1."""
        return np.asarray(self.counts / self.total, dtype=np.float64)

    @property
    def read(self) -> NDArray[np.bool_]:
        """Where there is any path."""
        return np.asarray(self.counts != 0, dtype=bool)

    @property
    def box(self) -> Box:
        """The smallest box that holds all that is read."""
        read, found = self.read, []
        for axis, start in enumerate(self.start):
            along = np.flatnonzero(read.any(axis=_others(read, axis)))
            found.append((start + int(along[0]), start + int(along[-1])))
        return tuple(found)

    @property
    def holes(self) -> int:
        """The positions inside the box that no path reaches: what gridding leaves out."""
        return prod(last + 1 - first for first, last in self.box) - int(self.read.sum())

    @property
    def mean(self) -> tuple[float, ...]:
        """The position in the middle of the paths, along each axis."""
        return tuple(float(positions @ shares) for positions, shares in self._along())

    @property
    def spread(self) -> tuple[float, ...]:
        """The standard deviation along each axis; inside the image sqrt(n*(k*k - 1)/12) after n layers of k taps."""
        return tuple(sqrt((positions - positions @ shares) ** 2 @ shares) for positions, shares in self._along())

    def within(self, box: Box) -> float:
        """Return the part of all paths that lead into a box."""
        inside = tuple(
            slice(max(0, first - start), max(0, last + 1 - start))
            for (first, last), start in zip(box, self.start, strict=True)
        )
        return int(np.sum(self.counts[inside])) / self.total

    def share(self, sizes: Sequence[int], frame: Box | None = None) -> float:
        """Return the part of all paths in the middle of a frame, in so many positions along each axis.

        The frame is all that is read, unless another is given: of an output at the border, the field with its padding.
        Where the sizes of the two are not odd or even together, the middle lies half a position early.
        """
        frame = self.box if frame is None else frame
        starts = [first + (last + 1 - first - size) // 2 for (first, last), size in zip(frame, sizes, strict=True)]
        return self.within(tuple((start, start + size - 1) for start, size in zip(starts, sizes, strict=True)))

    def holding(self, share: float, frame: Box | None = None) -> Box:
        """Return the smallest box in the middle of a frame that has at least so large a part of all paths.

        The longest axis is cut by whole positions at both ends, the others in proportion. The frame is as in ``share``.
        """
        frame = self.box if frame is None else frame
        longest = max((last + 1 - first for first, last in frame), default=1)

        def middle(cut: int) -> Box:
            cuts = [cut * (last + 1 - first) // longest for first, last in frame]
            return tuple((first + one, last - one) for (first, last), one in zip(frame, cuts, strict=True))

        enough, little = 0, (longest + 1) // 2
        while little - enough > 1:
            cut = (enough + little) // 2
            enough, little = (cut, little) if self.within(middle(cut)) >= share else (enough, cut)
        return middle(enough)

    def _along(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Return the positions along each axis, and the shares of all that stands at each of them."""
        total, found = self.total, []
        for axis, start in enumerate(self.start):
            marginal = self.counts.sum(axis=_others(self.counts, axis)) / total
            found.append((np.arange(start, start + len(marginal), dtype=np.float64), marginal.astype(np.float64)))
        return found


def path_at(position: Sequence[int]) -> Paths:
    """Return the one path that stands at a position."""
    return Paths(tuple(position), np.full((1,) * len(position), 1, dtype=object))


def together(one: Paths, two: Paths) -> Paths:
    """Return the paths of both, over the smallest box that holds both.

    >>> together(path_at((2,)), path_at((4,))).counts
    array([1, 0, 1], dtype=object)
    """
    start = tuple(map(min, one.start, two.start))
    stops = [[s + n for s, n in zip(paths.start, paths.counts.shape, strict=True)] for paths in (one, two)]
    counts = np.full([max(ends) - first for *ends, first in zip(*stops, start, strict=True)], 0, dtype=object)
    for paths in (one, two):
        offsets = [s - first for s, first in zip(paths.start, start, strict=True)]
        counts[tuple(slice(o, o + n) for o, n in zip(offsets, paths.counts.shape, strict=True))] += paths.counts
    return Paths(start, counts)


def _others(array: NDArray[Any], axis: int) -> tuple[int, ...]:
    return tuple(other for other in range(array.ndim) if other != axis)
