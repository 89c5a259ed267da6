"""CNN104: groups that do not divide the channels, or channels that do not fill a block."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, prod

from cnncalc.checks.base import Finding, Label, Refused, Suggestion
from cnncalc.checks.remedy import MOST, lines, tried
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import GroupsDoNotDivide as Undivided
from cnncalc.graph import Node
from cnncalc.layers.base import Shape, expand, sizes_text
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.resize import PixelShuffle


class GroupsDoNotDivide(Refused):
    """A number of groups does not divide the channels on both sides of the layer."""

    code = "CNN104"
    name = "groups-do-not-divide"
    refuses = Undivided
    why = (
        "Each group takes an equal share of the channels that come in and of those that go out; a share must be whole."
    )
    formula = "in_channels mod groups = 0 and out_channels mod groups = 0"
    example = "cnncalc: 1\ninput: 12x8x8\nlayers:\n- {conv: 24, groups: 5}\n"
    instead = "cnncalc: 1\ninput: 12x8x8\nlayers:\n- {conv: 24, groups: 4}\n"
    references = ("Krizhevsky, Sutskever and Hinton 2012, ImageNet Classification with Deep CNNs (the first groups)",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the common divisors nearest to the given one."""
        node = refusal.node
        if node is None:
            return super().told(refusal, survey)
        shape = refusal.inputs[0]
        came_from = survey.source(node, _count)
        helps = _factors if isinstance(node.layer, PixelShuffle) else _groups
        groups = int(getattr(node.layer, "groups", 1))
        notes = [
            f"{count} = {count // groups}*{groups} + {count % groups}"
            for count in dict.fromkeys(_channels(node, shape))
            if count % groups
        ]
        place = refusal.error.place._replace(span=survey.option(node, "groups", node.op))
        return self.finding(place, refusal.error.fact)._replace(
            others=(Label(survey.where(came_from), f"{shape[0]} channels"),),
            notes=tuple(notes),
            helps=tuple(helps(refusal, survey, node)),
        )


def _count(shape: Shape) -> int:
    return shape[0]


def _channels(node: Node, shape: Shape) -> tuple[int, ...]:
    """Return the channels that the groups must divide."""
    return (shape[0], node.layer.out_channels) if isinstance(node.layer, Conv | ConvTranspose) else shape[:1]


def divisors(number: int, near: int) -> list[int]:
    """Return the divisors nearest to a number that does not divide: one below and one above, or two of the one kind.

    >>> divisors(12, 5), divisors(12, 32)
    ([4, 6], [6, 12])
    """
    small = [d for d in range(1, MOST + 1) if number % d == 0]
    close = [d for d in range(max(1, near - MOST), near + MOST) if number % d == 0]
    every = sorted({*small, *(number // d for d in small), *close})
    below, above = [d for d in every if d < near], [d for d in every if d > near]
    return [*below[-1:], *above[:1]] if below and above else [*below[-2:], *above[:2]]


def _groups(refusal: Refusal, survey: Survey, node: Node) -> Iterator[tuple[Suggestion, ...]]:
    groups: int = getattr(node.layer, "groups", 1)
    channels = _channels(node, refusal.inputs[0])
    fitting = [
        tried(refusal, survey, "groups", one, str(one), spatial=False) for one in divisors(gcd(*channels), groups)
    ]
    outputs: list[Suggestion | None] = []
    if len(channels) == 2 and channels[0] % groups == 0:
        below = channels[1] // groups * groups
        outputs = [
            tried(refusal, survey, "out_channels", out, str(out), spatial=False)
            for out in (below, below + groups)
            if out
        ]
    yield from lines(fitting, outputs)


def _factors(refusal: Refusal, survey: Survey, node: Node) -> Iterator[tuple[Suggestion, ...]]:
    """Yield the factors for which there are enough channels, and the channels for which the factor is right."""
    channels, *spatial = refusal.inputs[0]
    assert isinstance(node.layer, PixelShuffle)
    factors = expand(node.layer.factor, len(spatial), "factor")
    block, wanted = prod(factors), max(factors)
    fitting = [f for f in range(2, min(2 * wanted, MOST)) if channels % f ** len(spatial) == 0]
    near = sorted(fitting, key=lambda f: abs(f - wanted))[:2]
    below = channels // block * block
    counts = [count for count in (below, below + block) if count]
    texts = [f"{count} channels give {sizes_text((count // block, *_larger(spatial, factors)))}" for count in counts]
    yield from lines([tried(refusal, survey, "factor", f, str(f), spatial=False) for f in near], map(Suggestion, texts))


def _larger(spatial: list[int], factors: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size * factor for size, factor in zip(spatial, factors, strict=True))
