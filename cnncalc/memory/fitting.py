"""The largest batch that fits in a given memory, by the formula: what is there once, and what each sample adds."""

from __future__ import annotations

from typing import NamedTuple


class Fitting(NamedTuple):
    """How many samples fit in ``size`` bytes: ``once`` is there whatever the batch, ``each`` for every sample.

    >>> Fitting(size=1000, once=100, each=200).batch
    4
    """

    size: int
    once: int
    each: int

    @property
    def batch(self) -> int:
        """The largest batch that fits; 0 where not one sample does."""
        return max(0, self.size - self.once) // self.each

    def needed(self, batch: int) -> int:
        """Return the bytes that a batch needs."""
        return self.once + batch * self.each
