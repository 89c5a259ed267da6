"""Whether what a file states of its own network is true: its ``expect``, and its ``budget``."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.analysis import Analysis, image_field
from cnncalc.errors import Place
from cnncalc.field import AxisField, Extent, Field, ReceptiveField
from cnncalc.layers.base import sizes_text


class Unmet(NamedTuple):
    """A statement that is not true: where it stands, of what, what it states and what is."""

    place: Place
    name: str
    stated: str
    found: str


def unmet(analysis: Analysis) -> list[Unmet]:
    """Return the expectations of a file that its network does not meet; those of single layers come first.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x8x8, layers: [{conv: 4, kernel: 3}], expect: {params: 41, output: 4x6x6}}"
    >>> [(one.name, one.stated, one.found) for one in unmet(cnncalc.analyze(cnncalc.loads(text)))]
    [('params', '41', '40')]
    """
    return [*of_layers(analysis), *of_network(analysis)]


def exceeded(analysis: Analysis, instead: Mapping[str, int] = {}) -> list[Unmet]:
    """Return the bounds of a file's budget that its network exceeds, for one sample.

    ``instead`` has totals, for one sample, that are held against a bound in place of the network's own, by its name.
    """
    totals = {name: instead.get(name, _total(analysis, name)) for name in analysis.graph.budget}
    return [
        Unmet(Place(claim.file, claim.span, "budget"), name, f"{claim.value:,}", f"{totals[name]:,}")
        for name, claim in analysis.graph.budget.items()
        if totals[name] > claim.value
    ]


def of_layers(analysis: Analysis) -> Iterator[Unmet]:
    """Yield the layers whose output is not what their line expects."""
    for one in analysis.facts:
        expect = one.node.expect
        if expect is not None and expect.value != one.shape:
            place = Place(expect.file, expect.span, one.node.path, "expect")
            yield Unmet(place, "output", sizes_text(expect.value), sizes_text(one.shape))


def of_network(analysis: Analysis) -> Iterator[Unmet]:
    """Yield what the file expects of the whole network and is not so."""
    for name, claim in analysis.graph.expect.items():
        place = Place(claim.file, claim.span, "expect")
        if name == "receptive_field":
            field = image_field(analysis)
            axes = field or (Extent.WHOLE,)
            if not all(agrees(claim.value, axis, index) for index, axis in enumerate(axes)):
                yield Unmet(place, name, stated_text(claim.value), field_text(axes))
        elif name == "output":
            output = next(iter(analysis.outputs.values()), ())
            if output != claim.value:
                yield Unmet(place, name, sizes_text(claim.value), sizes_text(output))
        elif _total(analysis, name) != claim.value:
            yield Unmet(place, name, f"{claim.value:,}", f"{_total(analysis, name):,}")


def _total(analysis: Analysis, name: str) -> int:
    total: int = getattr(analysis.totals, name)
    return total if name == "params" else total // analysis.batch


def agrees(stated: Any, axis: AxisField, index: int) -> bool:  # noqa: ANN401 - as the file has it
    """Return whether a claim about a receptive field is true of one axis of it.

    >>> agrees({"size": [3, 5], "jump": "1/2"}, ReceptiveField(5, Fraction(1, 2)), index=1)
    True
    """
    if isinstance(stated, str) or isinstance(axis, Extent):
        return isinstance(axis, Extent) and stated == axis.value
    parts = stated if isinstance(stated, dict) else {"size": stated}
    for name, value in parts.items():
        wanted = value[index : index + 1] if isinstance(value, list) else [value]
        if [Fraction(one) for one in wanted] != [getattr(axis, name)]:
            return False
    return True


def stated_text(stated: Any) -> str:  # noqa: ANN401 - likewise
    """Return a claim about a receptive field for a message.

    >>> stated_text({"size": [3, 5], "jump": "1/2"})
    'size 3x5, jump 1/2'
    """
    if not isinstance(stated, dict):
        return str(stated)
    return ", ".join(
        f"{name} {sizes_text(value) if isinstance(value, list) else value}" for name, value in stated.items()
    )


def field_text(field: Field) -> str:
    """Return a receptive field for a message, one for all axes where they agree.

    >>> field_text((ReceptiveField(3, 2, -1), ReceptiveField(3, 2, -1)))
    'size 3, jump 2, start -1'
    """
    texts: Sequence[str] = list(
        dict.fromkeys(
            f"size {axis.size}, jump {axis.jump}, start {axis.start}"
            if isinstance(axis, ReceptiveField)
            else axis.value
            for axis in field
        )
    )
    return " and ".join(texts)
