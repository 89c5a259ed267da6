"""What the output positions of a node read of an input, asked backwards: exact on any graph, one pass for all of them.

First backwards: over which positions of each tensor they stand. Then forwards over these alone: what each reads of the
input, for all positions of a tensor at once. *Endless*, every tensor goes on beyond its ends, as size, jump and start
have it; else what lies beyond is padding, as when the network runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from cnncalc.algebra import FIRST, LAST, PADDED, Algebra, bits, windows
from cnncalc.analysis import Analysis, Facts
from cnncalc.channels import Part, Reading, readings
from cnncalc.errors import UsageError
from cnncalc.layers.base import Shape
from cnncalc.layers.reorder import Reshape
from cnncalc.slide import Span

MOST_POSITIONS = 2**23
"""How many positions of all tensors on the way are worked out at most."""


class TooManyPositions(UsageError):
    """A question about more positions than are worked out one by one."""


class Stretch(NamedTuple):
    """Neighbouring positions of a tensor along an axis, the last included; all of a tensor that has no such axis."""

    first: int
    last: int

    def joined(self, other: Stretch | None) -> Stretch:
        """Return the stretch that holds both."""
        return self if other is None else Stretch(min(self.first, other.first), max(self.last, other.last))


class PullBack:
    """A question about the positions of one node along one axis: over what they stand, and what follows from it.

    ``of`` is the input that is meant, the first unless it is given; what comes from other inputs is nothing.
    ``through`` are the operands of the node, by index, that are followed: all of them unless they are given.
    A node whose positions are not told apart along the axis stands over everything that it reads.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x8, layers: [{conv: 1, kernel: 3, padding: 1}, {upsample: 2}]}"
    >>> asked = PullBack(cnncalc.analyze(cnncalc.loads(text)), "upsample1", axis=0, endless=True)
    >>> asked.intervals()[:3]
    [(-1, 1), (-1, 1), (0, 2)]
    """

    def __init__(
        self,
        analysis: Analysis,
        path: str,
        axis: int,
        *,
        positions: range | None = None,
        endless: bool = False,
        of: str | None = None,
        through: Sequence[int] | None = None,
    ) -> None:
        self.path, self.axis, self.endless, self.through = path, axis, endless, through
        self.inputs: Mapping[str, Shape] = analysis.graph.inputs
        self.of = next(iter(self.inputs)) if of is None else of
        shapes = dict(self.inputs) | {one.node.path: one.shape for one in analysis.facts}
        self.asked = positions if positions is not None else range(size_along(shapes[path], axis))
        self.wanted = {Part(path): Stretch(self.asked[0], self.asked[-1])}
        self.readings: list[Reading] = []
        for one in reversed(readings(analysis.facts, [path])):
            if one.part in self.wanted:
                self.readings.append(one)
                self._follow(one)
        self.readings.reverse()
        if (count := sum(last + 1 - first for first, last in self.wanted.values())) > MOST_POSITIONS:
            raise TooManyPositions(f"there are too many positions to look at ({count:,}, at most {MOST_POSITIONS:,})")

    @property
    def reads(self) -> bool:
        """Whether the node reads the input that is meant."""
        return Part(self.of) in self.wanted

    def intervals(self) -> list[tuple[int, int] | None]:
        """Return the first and the last position of the input that each position reads; None where it reads nothing."""
        return [
            (first, last) if first <= last else None
            for first, last in zip(self.values(FIRST), self.values(LAST), strict=True)
        ]

    def sets(self) -> list[set[int]]:
        """Return the positions of the input that each position reads, one by one."""
        base = self.wanted[Part(self.of)].first if self.reads else 0
        return [
            {base + bit for bit, one in enumerate(f"{value:b}"[::-1]) if one == "1"}
            for value in self.values(bits(base))
        ]

    def padded(self) -> list[bool]:
        """Return whether each position reads padding, at whatever layer on the way."""
        return [bool(value) for value in self.values(PADDED)]

    def values(self, algebra: Algebra) -> list[int]:
        """Return what is worked out of each position asked about."""
        known: dict[Part, list[int]] = {}
        for name, shape in self.inputs.items():
            if (part := Part(name)) in self.wanted:
                at = algebra.at if name == self.of else lambda _: algebra.nothing
                known[part] = self._edged([at(p) for p in self._inside(part, shape)], part, shape, algebra)
        for one in self.readings:
            inside = self._inside(one.part, one.facts.shape)
            parts = [
                self._along(one.facts, operand, inside, self.wanted[source].first, known[source], algebra)
                for operand, source in self._operands(one)
                if source in known
            ]
            joined = (
                reduce(lambda a, b: list(map(algebra.join, a, b)), parts) if parts else [algebra.nothing] * len(inside)
            )
            known[one.part] = self._edged(joined, one.part, one.facts.shape, algebra)
        start = self.wanted[Part(self.path)].first
        return [known[Part(self.path)][position - start] for position in self.asked]

    def _operands(self, one: Reading) -> Sequence[tuple[int, Part]]:
        if one.part.path != self.path or self.through is None:
            return one.operands
        return [(operand, source) for operand, source in one.operands if operand in self.through]

    def _follow(self, one: Reading) -> None:
        """Note over which positions of its operands the wanted positions of a node stand."""
        inside = self._inside(one.part, one.facts.shape)
        for operand, source in self._operands(one):
            size, rule = size_along(one.facts.inputs[operand], self.axis), rule_of(one.facts, operand, self.axis)
            if rule is None:
                stretch: Stretch | None = Stretch(0, size - 1)
            elif isinstance(rule, Span) and len(inside):
                stretch = Stretch(rule(inside[0])[0], rule(inside[-1])[-1])
            else:
                spans = [span for span in map(rule, inside) if span]
                stretch = Stretch(min(s[0] for s in spans), max(s[-1] for s in spans)) if spans else None
            if stretch is not None:
                self.wanted[source] = stretch.joined(self.wanted.get(source))

    def _inside(self, part: Part, shape: Shape) -> range:
        """Return the wanted positions that are worked out: those that exist, unless tensors are endless."""
        first, last = self.wanted[part]
        return (
            range(first, last + 1)
            if self.endless
            else range(max(0, first), min(last + 1, size_along(shape, self.axis)))
        )

    def _edged(self, values: list[int], part: Part, shape: Shape, algebra: Algebra) -> list[int]:
        """Return the values of all wanted positions: of those outside, what padding is."""
        first, last = self.wanted[part]
        inside = self._inside(part, shape)
        if not inside:
            return [algebra.outside] * (last + 1 - first)
        return [algebra.outside] * (inside[0] - first) + values + [algebra.outside] * (last - inside[-1])

    def _along(
        self, one: Facts, operand: int, inside: range, start: int, source: list[int], algebra: Algebra
    ) -> list[int]:
        """Return what some positions of a node have from one operand, whose values begin at position ``start``."""
        rule = rule_of(one, operand, self.axis)
        if rule is None:
            size = size_along(one.inputs[operand], self.axis)
            return [reduce(algebra.join, source[-start : size - start], algebra.nothing)] * len(inside)
        if not isinstance(rule, Span):
            return [reduce(algebra.join, [source[p - start] for p in rule(q)], algebra.nothing) for q in inside]
        if not inside:
            return []
        first = rule(inside[0])[0] - start
        return windows(source[first:], rule, algebra)[: (len(inside) - 1) * rule.stride + 1 : rule.stride]


def told_apart(one: Facts, operand: int) -> bool:
    """Return whether the axes of an operand are those of the output."""
    source, output = one.inputs[operand], one.shape
    if len(source) != len(output):
        return False
    return not isinstance(one.node.layer, Reshape) or source == output


def rule_of(one: Facts, operand: int, axis: int) -> Callable[[int], range] | None:
    """Return over which positions of an operand a position stands; None where it is all of them."""
    if axis >= len(one.shape) - 1 or not told_apart(one, operand):
        return None
    return one.node.layer.span(one.inputs, one.shape, operand, axis)


def size_along(shape: Shape, axis: int) -> int:
    """Return how many positions a tensor has along an axis; one, if it has no such axis."""
    return shape[1 + axis] if axis < len(shape) - 1 else 1
