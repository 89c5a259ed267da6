"""The largest batch that fits in a given memory, by the formula: what is there once, and what each sample adds."""

from __future__ import annotations

from typing import NamedTuple


class Fitting(NamedTuple):
    """How many samples fit in ``size`` bytes, which every one of some moments must do.

    A moment is what is there whatever the batch, and what each sample adds to that.

    >>> found = Fitting(size=1000, moments=((100, 200), (10, 210)))
    >>> found.batch, found.once, found.each
    (4, 100, 200)
    """

    size: int
    moments: tuple[tuple[int, int], ...]

    @property
    def batch(self) -> int:
        """The largest batch that fits; 0 where not one sample does."""
        return min(max(0, self.size - once) // each for once, each in self.moments)

    @property
    def once(self) -> int:
        """The bytes that are there whatever the batch, at the moment at which one sample more is too much."""
        return self._last[0]

    @property
    def each(self) -> int:
        """The bytes that each sample adds at that moment."""
        return self._last[1]

    @property
    def _last(self) -> tuple[int, int]:
        more = self.batch + 1
        return max(self.moments, key=lambda moment: moment[0] + more * moment[1])

    def needed(self, batch: int) -> int:
        """Return the bytes that a batch needs."""
        return max(once + batch * each for once, each in self.moments)
