"""How the receptive field grows from the image to a layer: its size after every layer on the way."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.field import Extent, ReceptiveField
from cnncalc.pullback import PullBack
from cnncalc.sight import Sight


class Step(NamedTuple):
    """A layer on the way and, along each axis, the least and the most that its positions see; None where it is all."""

    path: str
    op: str
    inputs: tuple[str, ...]
    sizes: tuple[tuple[int, int] | None, ...]
    field: tuple[ReceptiveField | None, ...]
    """Size, jump and start, where they are the same all along."""


def growth(analysis: Analysis, seen: Sight) -> list[Step]:
    """Return the layers that lead to a layer, each with the size of its field.

    >>> import cnncalc
    >>> from cnncalc.sight import sight
    >>> analysis = cnncalc.analyze(cnncalc.load("zoo:lenet5"))
    >>> [step.sizes[0] for step in growth(analysis, sight(analysis))][:4]
    [(5, 5), (5, 5), (6, 6), (14, 14)]
    """
    wanted = {seen.facts.node.path}
    found = []
    for one in reversed(analysis.facts):
        if one.node.path in wanted:
            wanted.update(one.node.inputs)
            found.append(_step(analysis, one, seen))
    return found[::-1]


def _step(analysis: Analysis, one: Facts, seen: Sight) -> Step:
    rank = len(seen.image) - 1
    fields = one.field if len(one.field) == rank and len(one.shape) - 1 == rank else (Extent.WHOLE,) * rank
    closed = tuple(field if isinstance(field, ReceptiveField) else None for field in fields)
    return Step(
        one.node.path,
        one.node.op,
        one.node.inputs,
        tuple(_sizes(analysis, one, seen, axis) for axis in range(rank)),
        closed,
    )


def _sizes(analysis: Analysis, one: Facts, seen: Sight, axis: int) -> tuple[int, int] | None:
    """Return the smallest and the largest field along an axis, as if the image had no end."""
    rank = len(seen.image) - 1
    if len(one.shape) - 1 != rank or one.field[axis] in (Extent.WHOLE, Extent.FLAT):
        return None
    field = one.field[axis]
    if isinstance(field, ReceptiveField) and len(analysis.graph.inputs) == 1:
        return field.size, field.size
    intervals = PullBack(analysis, one.node.path, axis, endless=True, of=seen.of).intervals()
    sizes = [last - first + 1 for first, last in filter(None, intervals)]
    return (min(sizes), max(sizes)) if sizes else (0, 0)


def everything_from(steps: list[Step], seen: Sight) -> list[str]:
    """Return the layers with a field of their own whose input already sees as much as the whole image.

    Another kernel there widens nothing (Richter et al. 2021, "Should You Go Deeper?").
    """
    known = {step.path: step.sizes for step in steps}
    return [
        step.path
        for step in steps
        if len(step.inputs) == 1
        and (before := known.get(step.inputs[0])) not in (None, step.sizes)
        and all(size and size[0] >= wide for size, wide in zip(before or (), seen.image[1:], strict=True))
    ]
