"""The colours of a heat map: from light to dark in even steps, told apart by the colour-blind and in grey."""

from __future__ import annotations

LEVELS = 40
_STOPS = ("#fffbd5", "#edf4b1", "#c7e6b4", "#7fcdbb", "#41b0c4", "#1d85bd", "#225ba8", "#253494", "#081d58")
"""After the scheme YlGnBu of Harrower and Brewer 2003, "ColorBrewer.org"."""


def level(share: float, largest: float) -> int:
    """Return the step of a share, from 0 to LEVELS - 1.

    >>> level(0.0, 0.2), level(0.1, 0.2), level(0.2, 0.2)
    (0, 20, 39)
    """
    return min(int(share / largest * LEVELS), LEVELS - 1)


def colour(step: int) -> str:
    """Return the colour of a step.

    >>> colour(0), colour(LEVELS - 1)
    ('#fffbd5', '#081d58')
    """
    along = step / (LEVELS - 1) * (len(_STOPS) - 1)
    low = min(int(along), len(_STOPS) - 2)
    one, two = (_channels(_STOPS[low + index]) for index in (0, 1))
    mixed = (round(a + (b - a) * (along - low)) for a, b in zip(one, two, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def is_dark(step: int) -> bool:
    """Return whether text on a step must be white."""
    return step > LEVELS * 0.55


def _channels(text: str) -> tuple[int, ...]:
    return tuple(int(text[index : index + 2], 16) for index in (1, 3, 5))
