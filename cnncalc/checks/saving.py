"""Convolutions written as several smaller ones: what both cost and see, by the layers' own rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Facts, cost_of
from cnncalc.checks.survey import Survey
from cnncalc.field import IDENTITY, Field
from cnncalc.layers.base import Layer, Shape, elements
from cnncalc.layers.conv import Conv
from cnncalc.layers.fields import Padded


class Bill(NamedTuple):
    """What a line of layers costs, what it gives, and what one output of it sees."""

    params: int
    macs: int
    activations: int
    shape: Shape
    field: Field


class Saving(NamedTuple):
    """A convolution, the layers that could take its place, and the bills of both."""

    one: Facts
    layers: tuple[Conv, ...]
    before: Bill
    after: Bill

    @property
    def params(self) -> int:
        """The parameters saved; negative where there are more."""
        return self.before.params - self.after.params

    @property
    def macs(self) -> int:
        """The MACs saved; negative where there are more."""
        return self.before.macs - self.after.macs


def percent(part: int, whole: int) -> str:
    """Return a share, to the percent; with more digits where that would be none or all, and is not.

    >>> percent(5888, 12800), percent(1, 300), percent(-1, 0)
    ('46%', '0.3%', '-100%')
    >>> percent(1271040, 1272330), percent(-99996, 100000), percent(1, 30000)
    ('99.9%', '-99.996%', '0.003%')
    """
    share = Fraction(100 * part, max(1, whole))
    digits = int(0 < abs(share) < 1)
    while share and (not round(share, digits) or abs(share) < 100 <= abs(round(share, digits))):
        digits += 1
    return f"{float(round(share, digits)):.{digits}f}%"


def bill(layers: Sequence[Layer], source: Shape, behind: Sequence[Layer]) -> Bill:
    """Return what layers one after the other cost, each with the norm and act of the line.

    >>> one = bill([Conv(out_channels=32, kernel=5, padding=2, bias=False)], (16, 28, 28), [])
    >>> two = [Conv(out_channels=c, kernel=3, padding=1, bias=False) for c in (32, 32)]
    >>> one.params, bill(two, (16, 28, 28), []).params  # 8% more
    (12800, 13824)
    """
    params = macs = activations = 0
    shape, field = source, (IDENTITY,) * (len(source) - 1)
    seen: Field = field
    for layer in layers:
        seen = layer.receptive_field([shape], [seen])
        for each in (layer, *behind):
            cost = cost_of(each, (shape,))
            params, macs, shape = params + cost.params, macs + cost.macs, cost.shape
        activations += elements(shape)
    return Bill(params, macs, activations, shape, seen)


def followers(survey: Survey, one: Facts) -> list[Layer]:
    """Return the norm and the activation on a convolution's own line."""
    behind = [survey.facts.get(f"{one.node.path}.{role}") for role in ("norm", "act")]
    return [facts.node.layer for facts in behind if facts is not None]


def candidates(survey: Survey) -> Iterator[Facts]:
    """Yield the convolutions that advice may be about: one group, no dilation, weights of their own, not the first."""
    users = Counter(one.node.weights for one in survey.facts.values())
    raw = images(survey)
    for one in survey.facts.values():
        layer = one.node.layer
        if not isinstance(layer, Conv) or raw.issuperset(one.node.inputs) or layer.groups > 1:
            continue
        if max(layer.dilations(len(one.shape) - 1)) == 1 and users[one.node.weights] == 1:
            yield one


def images(survey: Survey) -> set[str]:
    """Return the paths of the inputs and of what only passes them on, such as padding of the input."""
    raw = set(survey.graph.inputs) if survey.graph is not None else set()
    for path, one in survey.facts.items():
        if not one.macs and raw.issuperset(one.node.inputs):
            raw.add(path)
    return raw


def between(one: Facts) -> int:
    """Return the channels between two layers in place of one: the fewer of those before and after; 0 if they starve.

    A quarter is the least: a network should not squeeze its channels hard (Szegedy et al. 2016, section 2).
    """
    fewer, more = sorted((one.inputs[0][0], one.shape[0]))
    return fewer if 4 * fewer >= more else 0


def padding(pairs: Sequence[tuple[int, int]]) -> Padded:
    """Return padding as short as it can be said.

    >>> padding([(1, 1), (1, 1)]), padding([(0, 0), (1, 1)]), padding([(0, 1), (0, 1)])
    (1, (0, 1), ((0, 1), (0, 1)))
    """
    if any(before != after for before, after in pairs):
        return tuple(pairs)
    return short([before for before, _ in pairs])


def short(numbers: Sequence[int]) -> int | tuple[int, ...]:
    """Return one number for all axes where they agree."""
    return numbers[0] if len(set(numbers)) == 1 else tuple(numbers)
