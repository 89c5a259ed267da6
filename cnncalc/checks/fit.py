"""What would fit: the paddings, strides and input sizes under which a window's output size is whole."""

from collections.abc import Iterator, Sequence

from cnncalc.slide import Slide

Pair = tuple[int, int]
FAR = 10_000


def leftover(slide: Slide) -> int:
    """Return the positions, padding among them, that are left over after the last whole step.

    >>> leftover(Slide(size=7, kernel=3, stride=3))
    1
    """
    return _room(slide) % slide.stride


def long_enough(slide: Slide) -> bool:
    """Return whether the padded input is as long as the window."""
    return _room(slide) >= 0


def paddings(slide: Slide, most: int | None = None) -> list[int]:
    """Return the symmetric paddings that fit, from 0 to reach - 1 or to ``most``, the nearest to the present one first.

    One that fits is within a stride of any other; of those, no more are looked at than ``FAR`` away.

    >>> paddings(Slide(size=7, kernel=3, stride=3))
    [1]
    >>> paddings(Slide(size=32, kernel=5, stride=2))  # an even stride, and 32 - 5 is odd: none can
    []
    """
    present = slide.before + slide.after
    most = slide.reach - 1 if most is None else min(most, slide.reach - 1)
    fitting = [q for q in _near(slide, most + 1) if (slide.size - slide.reach + 2 * q) % slide.stride == 0]
    fitting = [q for q in fitting if slide.size - slide.reach + 2 * q >= 0]
    return sorted(fitting, key=lambda q: (abs(2 * q - present), q))


def asymmetric(slide: Slide, most: int | None = None) -> Pair | None:
    """Return the padding (before, after) nearest to the present one that differs by one and fits, or None.

    >>> asymmetric(Slide(size=32, kernel=5, stride=2))
    (0, 1)
    """
    present = slide.before + slide.after
    most = slide.reach - 1 if most is None else min(most, slide.reach - 1)
    pairs = [(q, q + 1) for q in _near(slide, most)]
    fitting = [pair for pair in pairs if slide.size - slide.reach + sum(pair) >= 0]
    fitting = [pair for pair in fitting if (slide.size - slide.reach + sum(pair)) % slide.stride == 0]
    return min(fitting, key=lambda pair: abs(sum(pair) - present), default=None)


def same(slide: Slide) -> Pair:
    """Return the padding that the word ``same`` stands for: TensorFlow's, output ceil(W/S), the odd cell at the end."""
    total = max((-(-slide.size // slide.stride) - 1) * slide.stride + slide.reach - slide.size, 0)
    return total // 2, total - total // 2


def strides(slides: Sequence[Slide]) -> list[int]:
    """Return the strides that fit along all axes: the divisors of the way, not above the reach, the nearest first.

    >>> strides([Slide(size=7, kernel=3, stride=3)])
    [2, 1]
    """
    most = min(slide.reach for slide in slides)
    present = slides[0].stride
    fitting = [s for s in range(1, min(most, 1_000) + 1) if all(_room(slide) % s == 0 for slide in slides)]
    return sorted((s for s in fitting if s != present), key=lambda s: (abs(s - present), -s))


def sizes(slide: Slide) -> Iterator[int]:
    """Yield the input sizes nearest below and above that fit.

    >>> list(sizes(Slide(size=7, kernel=3, stride=3)))
    [6, 9]
    """
    below = slide.size - leftover(slide)
    if below >= 1 and _room(slide._replace(size=below)) >= 0:
        yield below
    yield below + slide.stride


def _near(slide: Slide, end: int) -> range:
    present, far = (slide.before + slide.after) // 2, min(slide.stride, FAR) + 1
    return range(max(0, present - far), min(end, present + far))


def _room(slide: Slide) -> int:
    return slide.size - slide.reach + slide.before + slide.after
