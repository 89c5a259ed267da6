"""Joins whose operands look at different places: by how many pixels their centres are apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.field import IDENTITY, Field, ReceptiveField
from cnncalc.layers.base import axis_name
from cnncalc.layers.merge import Merge
from cnncalc.pullback import PullBack, TooManyPositions
from cnncalc.sight import Sight


class Apart(NamedTuple):
    """A join, the axis, and by how many pixels its operands' centres are apart: the least and the most."""

    path: str
    axis: str
    least: Fraction
    most: Fraction


MOST_JOINS = 200
"""How many joins are looked at: each is asked about operand by operand."""


def misaligned(analysis: Analysis, seen: Sight) -> list[Apart]:
    """Return the joins that lead to a layer and whose operands' centres are apart at some position.

    >>> import cnncalc
    >>> from cnncalc.sight import sight
    >>> text = "{cnncalc: 1, input: 1x8, layers: [{add: [[{conv: 1, kernel: 2, padding: [[0, 1]]}], []]}]}"
    >>> analysis = cnncalc.analyze(cnncalc.loads(text))
    >>> [(one.path, str(one.most)) for one in misaligned(analysis, sight(analysis))]
    [('add1', '1/2')]
    """
    above = _above(analysis, seen.facts.node.path) if seen.reads else set()
    joins = [one for one in analysis.facts if one.node.path in above and isinstance(one.node.layer, Merge)]
    return [apart for one in joins[-MOST_JOINS:] for apart in _apart(analysis, one, seen)]


def _above(analysis: Analysis, path: str) -> set[str]:
    wanted = {path}
    for one in reversed(analysis.facts):
        if one.node.path in wanted:
            wanted.update(one.node.inputs)
    return wanted


def _apart(analysis: Analysis, one: Facts, seen: Sight) -> Iterator[Apart]:
    rank = len(seen.image) - 1
    if len(one.shape) - 1 != rank or len(one.inputs) < 2:
        return
    known = {each.node.path: each.field for each in analysis.facts}
    for axis in range(rank):
        fields = [known.get(name, (IDENTITY,) * rank) for name in one.node.inputs]
        spread = (
            _closed(one, [field[axis : axis + 1] for field in fields], axis)
            if len(analysis.graph.inputs) == 1
            else None
        )
        spread = _pulled(analysis, one, seen, axis) if spread is None else spread
        if spread and max(spread) > 0:
            yield Apart(one.node.path, axis_name(axis, rank), min(spread), max(spread))


def _closed(one: Facts, fields: Sequence[Field], axis: int) -> list[Fraction] | None:
    """Return by how much centres are apart where all operands have sizes, jumps and starts, and one jump; else None."""
    assert isinstance(one.node.layer, Merge)
    margins = one.node.layer.margins(one.inputs)
    centres, jumps = [], set()
    for field, cut in zip(fields, margins, strict=True):
        if not field or not isinstance(field[0], ReceptiveField):
            return None
        jumps.add(field[0].jump)
        centres.append(field[0].start + field[0].jump * cut[axis][0] + Fraction(field[0].size - 1, 2))
    whole = all(centre.denominator <= 2 for centre in centres)
    return [Fraction(max(centres) - min(centres))] if len(jumps) == 1 and whole else None


def _pulled(analysis: Analysis, one: Facts, seen: Sight, axis: int) -> list[Fraction]:
    """Return by how much the operands' centres are apart at each position."""
    centres = []
    for operand in range(len(one.inputs)):
        if one.inputs[operand][1 + axis] == 1:
            continue
        try:
            asked = PullBack(analysis, one.node.path, axis, endless=True, of=seen.of, through=[operand])
        except TooManyPositions:
            return []
        centres.append([None if found is None else sum(found) for found in asked.intervals()])
    pairs = [[centre for centre in at if centre is not None] for at in zip(*centres, strict=True)]
    return [Fraction(max(at) - min(at), 2) for at in pairs if len(at) > 1]
