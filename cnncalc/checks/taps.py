"""What a stack of windows at stride 1 reads: exact sets of positions, along each axis, in one pass over a network."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from cnncalc.analysis import Facts
from cnncalc.checks.survey import Survey
from cnncalc.layers.base import Shape
from cnncalc.layers.conv import Filters
from cnncalc.layers.merge import Merge
from cnncalc.layers.window import Window
from cnncalc.slide import Slide

_WIDEST = 1 << 14  # taps with holes over a longer span than this are not followed


class Taps(NamedTuple):
    """The positions that output 0 reads along an axis: ``marks`` has a bit for each from ``first`` on, None if all."""

    first: int = 0
    width: int = 1
    marks: int | None = None

    @property
    def read(self) -> int:
        """How many positions are read.

        >>> Taps().then(3, dilation=2, before=2).then(3, dilation=2, before=2)
        Taps(first=-4, width=9, marks=341)
        >>> Taps().then(3, dilation=2, before=2).then(3, dilation=2, before=2).read
        5
        """
        return self.width if self.marks is None else self.marks.bit_count()

    def then(self, kernel: int, dilation: int, before: int) -> "Taps | None":
        """Return the positions read through one more window at stride 1; None where they are too many to follow."""
        first, width = self.first - before, self.width + dilation * (kernel - 1)
        if kernel == 1 or (self.marks is None and dilation <= self.width):
            return Taps(first, width, self.marks)
        if width > _WIDEST:
            return None
        marks, copies = self._bits(), 1
        while copies < kernel:
            more = min(copies, kernel - copies)
            marks |= marks << more * dilation
            copies += more
        return Taps(first, width, marks)._whole()

    def union(self, other: "Taps") -> "Taps | None":
        """Return the positions that either reads."""
        first = min(self.first, other.first)
        width = max(self.first + self.width, other.first + other.width) - first
        if width == max(self.width, other.width) and (self if self.width == width else other).marks is None:
            return Taps(first, width)
        if width > _WIDEST:
            return None
        return Taps(first, width, self._bits() << self.first - first | other._bits() << other.first - first)._whole()

    def _bits(self) -> int:
        return (1 << self.width) - 1 if self.marks is None else self.marks

    def _whole(self) -> Self:
        return self._replace(marks=None) if self.read == self.width else self


class Stack(NamedTuple):
    """What is read, through windows at stride 1, of the tensor ``start``; its last convolution, those before."""

    start: str
    taps: tuple[Taps, ...]
    dilated: tuple[int, ...]
    """How many convolutions have their taps apart, along each axis."""
    last: Facts | None = None
    before: "Stack | None" = None
    depth: int = 0

    @property
    def holes(self) -> list[int]:
        """The axes along which at least two dilated convolutions leave holes."""
        return [axis for axis, taps in enumerate(self.taps) if taps.marks is not None and self.dilated[axis] > 1]


def stacks(survey: Survey) -> list[Stack]:
    """Return the stacks of convolutions at stride 1 as they are at their ends, in one pass."""
    layers = [one.node.layer for one in survey.facts.values()]
    if not any(isinstance(layer, Filters) and layer.dilation != 1 for layer in layers):
        return []
    known: dict[str, Stack] = {}
    slides: dict[tuple[int, Shape], list[Slide]] = {}  # a layer that recurs is one object, and so are its slides
    ends: dict[str, Stack] = {}
    for path, one in survey.facts.items():
        rank = len(one.shape) - 1
        if not rank:
            continue
        came = [known.get(source) or _fresh(source, len(one.inputs[0]) - 1) for source in one.node.inputs]
        layer, key = one.node.layer, (id(one.node.layer), one.inputs[0])
        if key not in slides and isinstance(layer, Window):
            slides[key] = layer.slides(one.inputs[0][1:])
        found, tails = _after(one, came, slides.get(key, ()))
        for tail in tails:
            if tail.last is not None:
                ends.pop(tail.last.node.path, None)
        known[path] = found or _fresh(path, rank)
        if found is not None and found.last is not None and tails:
            ends[found.last.node.path] = found
    return list(ends.values())


def _fresh(path: str, rank: int) -> Stack:
    return Stack(path, (Taps(),) * rank, (0,) * rank)


def _after(one: Facts, came: Sequence[Stack], slides: Sequence[Slide]) -> tuple[Stack | None, Sequence[Stack]]:
    """Return the stack after a node, None where another begins, and the stacks before it that do not end there."""
    layer, stack = one.node.layer, came[0]
    if isinstance(layer, Merge):
        return _joined(one, layer, came)
    if isinstance(layer, Window) and len(stack.taps) == len(one.shape) - 1:
        return _grown(one, stack, slides)
    steps = layer.steps(one.inputs[0])
    if len(came) > 1 or len(stack.taps) != len(one.shape) - 1 or (not steps and one.shape[1:] != one.inputs[0][1:]):
        return None, ()
    if any(step is None or step[:2] != (1, 1) or step.start.denominator != 1 for step in steps):
        return None, ()
    if not steps:
        return stack, ()
    starts = [int(step.start) for step in steps if step is not None]
    moved = (taps._replace(first=taps.first + start) for taps, start in zip(stack.taps, starts, strict=True))
    return stack._replace(taps=tuple(moved)), ()


def _grown(one: Facts, stack: Stack, slides: Sequence[Slide]) -> tuple[Stack | None, Sequence[Stack]]:
    grown = [taps.then(s.kernel, s.dilation, s.before) for taps, s in zip(stack.taps, slides, strict=True)]
    taps = tuple(axis for axis in grown if axis is not None)
    if len(taps) < len(grown):
        return None, (stack,)
    after = stack._replace(taps=taps)
    if any(slide.stride > 1 for slide in slides):  # the stack ends, unless this window reads what lies in the holes
        return None, () if after.holes else (stack,)
    if not isinstance(one.node.layer, Filters) or all(slide.kernel == 1 for slide in slides):
        return after, (stack,)
    dilated = tuple(n + (s.kernel > 1 and s.dilation > 1) for n, s in zip(stack.dilated, slides, strict=True))
    return Stack(stack.start, taps, dilated, one, stack, stack.depth + 1), (stack,)


def _joined(one: Facts, layer: Merge, came: Sequence[Stack]) -> tuple[Stack | None, Sequence[Stack]]:
    """Return the union of operands that read one tensor."""
    if len({stack.start for stack in came}) > 1 or len({shape[1:] for shape in layer.aligned(one.inputs)}) > 1:
        return None, ()
    deepest = max(came, key=lambda stack: stack.depth)
    joined = list(deepest.taps)
    margins = layer.margins(one.inputs)
    for axis in range(len(joined)):
        first, *others = (
            stack.taps[axis]._replace(first=stack.taps[axis].first + cut[axis][0])
            for stack, cut in zip(came, margins, strict=True)
        )
        for other in others:
            union = first.union(other)
            if union is None:
                return None, came
            first = union
        joined[axis] = first
    dilated = tuple(max(counts) for counts in zip(*(stack.dilated for stack in came), strict=True))
    return deepest._replace(taps=tuple(joined), dilated=dilated), came
