"""Line: what becomes of every size along one axis, the others held; each size looked at, and what is proved beyond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from cnncalc.sizes.axis import Axis
from cnncalc.sizes.network import Network
from cnncalc.sizes.progression import Cycle, Progression, progressions
from cnncalc.sizes.sweep import Inputs, Refusal
from cnncalc.sizes.tail import Tail

FAR = 16_384
"""A proof that holds from a larger size on alone is not used: all before it would have to be looked at."""


class Range(NamedTuple):
    """The sizes that are asked about, from ``low`` to ``high``."""

    low: int
    high: int


class Line:
    """The verdicts along one axis: a size's Refusal, or None where it is legal."""

    def __init__(self, network: Network, axis: Axis, held: Inputs, asked: Range) -> None:
        self.network, self.axis, self.held, self.asked = network, axis, held, asked
        self.tail: Tail | None = network.tail(lambda size: axis.at(held, size))
        if self.tail and self.tail.since > max(FAR, asked.high):
            self.tail = None
        self.looked_at = range(1, self.tail.since) if self.tail else range(asked.low, asked.high + 1)
        swept = network.sweep([axis.at(held, size) for size in self.looked_at])
        self.looked: Mapping[int, Refusal | None] = dict(zip(self.looked_at, swept.refusals, strict=True))
        self.varying = {**swept.varying, **(self.tail.varying if self.tail else {})}

    def at(self, size: int) -> Refusal | None:
        """Return the verdict on a size that was looked at, or that the proof covers."""
        return self.tail.at(size) if self.tail and size >= self.tail.since else self.looked[size]

    def knows(self, size: int) -> bool:
        """Return whether there is a verdict on a size."""
        return size in self.looked or (self.tail is not None and size >= self.tail.since)

    def refusal(self, size: int) -> Refusal | None:
        """Return the refusal of a size with its own numbers, where the proof has a formula."""
        if size in self.looked:
            return self.looked[size]
        return self.network.sweep([self.axis.at(self.held, size)]).refusals[0]

    def example(self, sizes: Iterable[Progression]) -> tuple[int, Refusal]:
        """Return the one of some refused sizes that is nearest to the spec's own, and its refusal."""
        own = self.axis.own
        size = min((one.nearest(own) for one in sizes), key=lambda found: abs(found - own))
        refusal = self.refusal(size)
        assert refusal is not None
        return size, refusal

    @cached_property
    def legal(self) -> tuple[Progression, ...]:
        """The legal sizes: all of them where that is proved, else those of the range."""
        return self._set("")

    @cached_property
    def refused(self) -> dict[str, tuple[Progression, ...]]:
        """The sizes that each layer is the first to refuse, by its path, in the order of the network."""
        verdicts = [*self.looked.values(), *(self.tail.refusals if self.tail else ())]
        paths = {verdict.place.path for verdict in verdicts if verdict}
        order = {node.path: index for index, node in enumerate(self.network.graph.nodes)}
        return {path: self._set(path) for path in sorted(paths, key=lambda path: order.get(path, len(order)))}

    def _set(self, path: str) -> tuple[Progression, ...]:
        def fits(verdict: Refusal | None) -> bool:
            return (verdict.place.path if verdict else "") == path

        cycle = None
        if self.tail:
            remainders = [remainder for remainder, verdict in enumerate(self.tail.refusals) if fits(verdict)]
            cycle = Cycle(self.tail.period, self.tail.since, remainders) if remainders else None
        return progressions([size for size, verdict in self.looked.items() if fits(verdict)], cycle)

    def inside(self) -> list[int]:
        """Return the legal sizes of the range."""
        return [size for size in range(self.asked.low, self.asked.high + 1) if self.at(size) is None]

    def nearest(self, size: int) -> tuple[int | None, int | None]:
        """Return the next legal sizes below and above one, as far as there are verdicts without a gap."""
        return next(self._from(size, -1), None), next(self._from(size, 1), None)

    def _from(self, size: int, step: int) -> Iterator[int]:
        tries = self.tail.period + self.tail.since if self.tail else len(self.looked)
        if self.tail and step < 0:  # beyond the proof's bound one period tells all
            tries = size
        for _ in range(tries):
            size += step
            if size < 1 or not self.knows(size):
                return
            if self.at(size) is None:
                yield size
