"""Where in the image the operands of a join look, and how far apart that is."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Facts
from cnncalc.checks.survey import Survey
from cnncalc.field import IDENTITY, Field, ReceptiveField, then
from cnncalc.layers.base import Shape
from cnncalc.layers.merge import Merge


class Apart(NamedTuple):
    """Two operands that part along an axis: their numbers, and by how many pixels ``other``'s centre lies after."""

    axis: int
    other: int
    first: int
    shift: Fraction
    drift: bool
    """Whether their steps differ, so that they part further with each output."""


def parted(one: Facts, fields: Sequence[Field], least: Fraction) -> list[Apart]:
    """Return, for each axis along which the operands of a join do not see the same place, the first that parts.

    Only axes along which the fields of all operands are known count, and not those stretched from size 1.
    """
    layer = one.node.layer
    assert isinstance(layer, Merge)
    found = []
    shifted, shapes = moved(one, fields), layer.aligned(one.inputs)
    for axis in range(min([len(one.shape) - 1, *map(len, shifted)])):
        along = [field[axis] for field in shifted]
        known = [field for field in along if isinstance(field, ReceptiveField)]
        if len(known) == len(along) and len({shape[1 + axis] for shape in shapes}) == 1:
            part = _part(known, one.shape[1 + axis], least, signal=len(one.shape) == 2)
            found += [part._replace(axis=axis)] if part else []
    return found


def _part(fields: Sequence[ReceptiveField], outputs: int, least: Fraction, *, signal: bool = False) -> Apart | None:
    """Return how the first operand that is not aligned with the most common one lies to it.

    Fields that end together are causal, and aligned, in a signal and wherever they see nothing beyond their own step.

    >>> _part([ReceptiveField(3, 2, 0), ReceptiveField(1, 2, 0)], outputs=4, least=Fraction(1, 2))
    Apart(axis=0, other=1, first=0, shift=Fraction(-1, 1), drift=False)
    >>> _part([ReceptiveField(3, 2, -1), ReceptiveField(1, 2, 0)], outputs=4, least=Fraction(1, 2))
    """
    jumps = Counter(field.jump for field in fields)
    if len(jumps) > 1:
        first = [field.jump for field in fields].index(jumps.most_common(1)[0][0])
        other = next(number for number, field in enumerate(fields) if field.jump != fields[first].jump)
        shift = centre(fields[other]) - centre(fields[first])
        return Apart(0, other, first, shift, drift=True) if outputs > 1 else None
    centres = [centre(field) for field in fields]
    first = centres.index(Counter(centres).most_common(1)[0][0])
    end = fields[first].start + fields[first].size
    for other, field in enumerate(fields):
        shift = centres[other] - centres[first]
        causal = field.start + field.size == end and (signal or end <= field.jump)
        if shift and abs(shift) >= least * field.jump and not causal:
            return Apart(0, other, first, shift, drift=False)
    return None


def centre(field: ReceptiveField) -> Fraction:
    """Return the middle of what output 0 sees."""
    return field.start + Fraction(field.size - 1, 2)


def moved(one: Facts, fields: Sequence[Field]) -> list[Field]:
    """Return the operands' fields after what ``align: crop`` cuts off before them."""
    layer = one.node.layer
    assert isinstance(layer, Merge)
    cuts = [[ReceptiveField(1, 1, before) for before, _ in axes] for axes in layer.margins(one.inputs)]
    return [then(field, cut) for field, cut in zip(fields, cuts, strict=True)]


def field_of(survey: Survey, path: str) -> Field:
    """Return the receptive field of a node or an input."""
    if path in survey.facts:
        return survey.facts[path].field
    assert survey.graph is not None
    return (IDENTITY,) * (len(survey.graph.inputs[path]) - 1)


def images(survey: Survey) -> dict[str, Shape | None]:
    """Return the sizes of the image that each node's field is measured in; None where it reads several."""
    found: dict[str, Shape | None] = {}
    if survey.graph is not None:
        found |= {path: shape[1:] for path, shape in survey.graph.inputs.items()}
    for path, one in survey.facts.items():
        sizes = {found[source] for source in one.node.inputs if found[source] != ()} or {()}
        found[path] = sizes.pop() if len(sizes) == 1 else None
    return found
