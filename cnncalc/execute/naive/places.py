"""Every place of a grid, and the position that a tap of a window reads."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from cnncalc.slide import Slide

Place = tuple[int, ...]


def places(sizes: Iterable[int]) -> Iterator[Place]:
    """Return every place of a grid of these sizes, the last axis fastest."""
    return product(*map(range, sizes))


def position(slides: Sequence[Slide], window: Place, tap: Place) -> Place:
    """Return the position under a tap of a window: window*stride + tap*dilation - before along each axis.

    >>> position([Slide(size=5, kernel=3, stride=2, before=1)], window=(1,), tap=(2,))
    (3,)
    """
    return tuple(
        w * slide.stride + t * slide.dilation - slide.before for slide, w, t in zip(slides, window, tap, strict=True)
    )


def is_real(slides: Sequence[Slide], place: Place) -> bool:
    """Return whether a position lies in the tensor, not in the padding or beyond it."""
    return all(0 <= at < slide.size for slide, at in zip(slides, place, strict=True))


def is_padded(slides: Sequence[Slide], place: Place) -> bool:
    """Return whether a position lies in the tensor or its padding, not beyond both."""
    return all(-slide.before <= at < slide.size + slide.after for slide, at in zip(slides, place, strict=True))
