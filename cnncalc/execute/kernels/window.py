"""What the kernels with windows share: which windows have a tap on a real position, and tiles of bounded size."""

from collections.abc import Iterator, Sequence
from itertools import product
from types import EllipsisType
from typing import NamedTuple

from cnncalc.execute.dispatch import Array
from cnncalc.slide import Slide

Box = Sequence[slice]
"""A run along each axis."""
ALL = slice(None)


class Landing(NamedTuple):
    """Where one tap lies over a run of windows: the windows that find it on a real position, and those positions."""

    windows: slice
    positions: slice

    @property
    def empty(self) -> bool:
        """Whether the tap lies outside in every window."""
        return bool(self.windows.start == self.windows.stop)


def landing(slide: Slide, tap: int, run: slice) -> Landing:
    """Return where ``tap`` lies in the windows of ``run``; the windows found are counted from the start of the run.

    >>> landing(Slide(size=5, kernel=3, stride=2, before=1, after=1), tap=0, run=slice(0, 3))
    Landing(windows=slice(1, 3, None), positions=slice(1, 4, 2))
    """
    offset = tap * slide.dilation - slide.before
    first = max(run.start, -(offset // slide.stride))
    last = min(run.stop, (slide.size - 1 - offset) // slide.stride + 1)
    if last <= first:
        return Landing(slice(0, 0), slice(0, 0))
    start, stop = first * slide.stride + offset, (last - 1) * slide.stride + offset + 1
    return Landing(slice(first - run.start, last - run.start), slice(start, stop, slide.stride))


def landings(slides: Sequence[Slide], box: Box) -> Iterator[tuple[tuple[int, ...], list[Landing]]]:
    """Return every tap of a kernel, and where it lies along each axis in the windows of a box."""
    axes = [[landing(slide, tap, run) for tap in range(slide.kernel)] for slide, run in zip(slides, box, strict=True)]
    for taps in product(*(range(slide.kernel) for slide in slides)):
        yield taps, [axis[tap] for axis, tap in zip(axes, taps, strict=True)]


def view(array: Array, *index: int | slice | EllipsisType) -> Array:
    """Return the part of an array at an index, a view that can be filled."""
    part: Array = array[index]
    return part


def axis_view(array: Array, axis: int, part: slice) -> Array:
    """Return the part of an array along one axis, a view that can be filled."""
    return view(array, *(ALL,) * axis, part)


def tiles(sizes: Sequence[int], most: int) -> Iterator[tuple[slice, ...]]:
    """Return boxes of at most ``most`` elements (or one) that cover an array of these sizes, alike in size.

    Each is one contiguous run of the array: only one axis is cut, and those before it are taken one at a time.

    >>> [tile[0].stop for tile in tiles((1, 56), most=40)], len([*tiles((4, 10), most=25)])
    ([1, 1], 2)
    """
    blocks: list[int] = []
    for size in reversed(sizes):
        pieces = -(-size // max(1, min(size, most)))
        blocks.insert(0, max(1, -(-size // max(1, pieces))))
        most = most // blocks[0] if pieces == 1 else 1
    ranges = [range(0, size, block) for size, block in zip(sizes, blocks, strict=True)]
    for starts in product(*ranges):
        yield tuple(slice(a, min(a + b, size)) for a, b, size in zip(starts, blocks, sizes, strict=True))


def lengths(tile: Box) -> tuple[int, ...]:
    """Return the sizes of a box.

    >>> lengths((slice(2, 5), slice(0, 7)))
    (3, 7)
    """
    return tuple(part.stop - part.start for part in tile)


def run_of(box: Box, sizes: Sequence[int]) -> slice:
    """Return the flat positions of a box that is one contiguous run of an array of these sizes.

    >>> run_of((slice(2, 4), slice(0, 10)), (7, 10))
    slice(20, 40, None)
    """
    start = stop = 0
    for part, size in zip(box, sizes, strict=True):
        start, stop = start * size + part.start, stop * size + part.stop - 1
    return slice(start, stop + 1)
