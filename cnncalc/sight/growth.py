"""How the receptive field grows from the image to a layer: its size after every layer on the way."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.channels import Part, bounded, readings
from cnncalc.field import Extent, ReceptiveField
from cnncalc.pullback import PullBack, TooManyPositions
from cnncalc.sight import Sight, of_more
from cnncalc.sight.along import regular

Grown = tuple[int, int] | Extent
"""The least and the most that the positions of a layer see along an axis; WHOLE, FLAT in a vector, or UNKNOWN."""


class Step(NamedTuple):
    """A layer on the way, and what its positions see along each axis."""

    path: str
    op: str
    inputs: tuple[str, ...]
    sizes: tuple[Grown, ...]
    field: tuple[ReceptiveField | None, ...]
    """Size, jump and start, where they are the same all along."""
    has_kernel: bool
    """Whether it has a window that is wider than a position."""
    is_bound: bool
    """Whether its positions may see less."""


def growth(analysis: Analysis, seen: Sight) -> list[Step]:
    """Return the layers that lead from the input that is meant to a layer, each with the size of its field.

    >>> import cnncalc
    >>> from cnncalc.sight import sight
    >>> analysis = cnncalc.analyze(cnncalc.load("zoo:lenet5"))
    >>> [step.sizes[0] for step in growth(analysis, sight(analysis))][:4]
    [(5, 5), (5, 5), (6, 6), (14, 14)]
    """
    reading, found = {Part(seen.of)}, dict[str, Facts]()
    for one in readings(analysis.facts, [seen.facts.node.path]):
        if any(source in reading for _, source in one.operands):
            reading.add(one.part)
            found[one.part.path] = one.facts
    more, bounds = of_more(analysis), bounded(analysis.facts)
    return [_step(analysis, one, seen, path in more, path in bounds) for path, one in found.items()]


def _step(analysis: Analysis, one: Facts, seen: Sight, is_of_more: bool, is_bound: bool) -> Step:
    along = [_along(analysis, one, seen, axis, is_of_more) for axis in range(len(seen.image) - 1)]
    return Step(
        one.node.path,
        one.node.op,
        one.node.inputs,
        tuple(sizes for sizes, _ in along),
        tuple(field for _, field in along),
        any(slide.reach > 1 for slide in one.node.layer.slides(one.inputs[0][1:])),
        is_bound,
    )


def _along(
    analysis: Analysis, one: Facts, seen: Sight, axis: int, is_of_more: bool
) -> tuple[Grown, ReceptiveField | None]:
    """Return the smallest and the largest field along an axis, as if the image had no end, and the closed form."""
    extent = one.field[axis] if axis < len(one.field) else Extent.UNKNOWN
    if len(one.shape) != len(seen.image):
        return extent if isinstance(extent, Extent) else Extent.UNKNOWN, None
    if not is_of_more and extent in (Extent.WHOLE, Extent.FLAT):
        return Extent(extent), None
    if isinstance(extent, ReceptiveField) and not is_of_more:
        return (extent.size, extent.size), extent
    try:
        intervals = PullBack(analysis, one.node.path, axis, endless=True, of=seen.of).intervals()
    except TooManyPositions:
        return Extent.UNKNOWN, None
    sizes = [last - first + 1 for first, last in filter(None, intervals)]
    return ((min(sizes), max(sizes)) if sizes else (0, 0)), regular(intervals)


def everything_from(steps: list[Step], seen: Sight) -> list[str]:
    """Return the layers with a kernel whose input already sees as much as the whole image.

    Another kernel there widens nothing (Richter et al. 2021, "Should You Go Deeper?").
    """
    known = {step.path: step.sizes for step in steps}
    return [
        step.path
        for step in steps
        if step.has_kernel
        and (before := known.get(step.inputs[0])) not in (None, step.sizes)
        and all(
            not isinstance(size, Extent) and size[0] >= wide
            for size, wide in zip(before or (), seen.image[1:], strict=True)
        )
    ]
