"""The lines of a spec that one kind of advice could rewrite, by the layers' own rules; and why others are left."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from cnncalc.advise.base import Kind, Left, Row, kernel, reads_image, size
from cnncalc.advise.blocks import free_name
from cnncalc.advise.in_block import in_block
from cnncalc.advise.in_place import in_place
from cnncalc.advise.line import Line, Network
from cnncalc.advise.scope import Unsayable
from cnncalc.advise.writing import Rewrite
from cnncalc.analysis import Facts
from cnncalc.checks.saving import Bill, bill, percent
from cnncalc.errors import LayerError


class LeftOut(NamedTuple):
    """Layers of one line that are left as they are, the first of them by path, and why."""

    line: int
    path: str
    layers: int
    why: str


class Proposal(NamedTuple):
    """A line, the layers of it that would be rewritten, and how."""

    line: Line
    uses: tuple[Facts, ...]
    rewrite: Rewrite

    def left(self, why: str) -> LeftOut:
        """Return that all of it is left."""
        return LeftOut(self.line.item.line, self.line.uses[0].node.path, len(self.line.uses), why)


def proposals(chosen: Kind, network: Network) -> tuple[list[Proposal], list[LeftOut]]:
    """Return what one kind proposes, line by line, and what it leaves."""
    found: list[Proposal] = []
    left: list[LeftOut] = []
    bodies: dict[tuple[object, ...], str] = {}
    for line in network.lines:
        if line.uses[0].node.op != chosen.op:
            continue
        try:
            made = (
                _convolutions(chosen, network, line, bodies, left)
                if chosen.op == "conv"
                else _other(chosen, network, line)
            )
        except (Left, Unsayable) as error:
            left.append(LeftOut(line.item.line, line.uses[0].node.path, len(line.uses), str(error)))
            continue
        if made is not None:
            found.append(made)
    return found, left


def _other(chosen: Kind, network: Network, line: Line) -> Proposal | None:
    made = chosen.rewrite(network, line)
    return Proposal(line, made[1], made[0]) if made else None


def _convolutions(
    chosen: Kind, network: Network, line: Line, bodies: dict[tuple[object, ...], str], left: list[LeftOut]
) -> Proposal | None:
    """Return the proposal for a line of convolutions; the uses that would not save go to ``left``."""
    rows: dict[int, Row] = {}
    reasons: dict[str, list[Facts]] = defaultdict(list)
    known: dict[tuple[object, ...], str] = {}
    for at, one in enumerate(line.uses):
        try:
            row = chosen.row(one, network)
        except Left as error:
            reasons[str(error)].append(one)
            continue
        if row is None:
            continue
        key = id(one.node.layer), one.inputs, row
        if key not in known:
            known[key] = _dearer(chosen, network, one, row)
        why = known[key]
        if network.image(one):
            why = f"{reads_image(one)}; {why}" if why else reads_image(one)
        if why:
            reasons[why].append(one)
        else:
            rows[at] = row
    left += [LeftOut(line.item.line, uses[0].node.path, len(uses), why) for why, uses in reasons.items()]
    if not rows:
        return None
    if "weights" in line.item.data or any(one.node.path in network.shared for one in line.uses):
        raise Unsayable("another line uses its tensors, or it uses another's")
    uses = tuple(line.uses[at] for at in rows)
    return Proposal(line, uses, _rewrite(chosen, network, line, rows, bodies))


def _rewrite(
    chosen: Kind, network: Network, line: Line, rows: dict[int, Row], bodies: dict[tuple[object, ...], str]
) -> Rewrite:
    """Return the new layers in place of the line if all uses are alike, else in a block; equal blocks share a name."""
    every = [*rows.values()]
    if len({len(row) for row in every}) > 1:
        raise Unsayable("its kernel is not the same at every use")
    if len(rows) == len(line.uses):
        try:
            return in_place(network, line, every)
        except Unsayable:
            pass
    name = free_name(network, chosen.block, [*bodies.values()])
    made = in_block(network, line, [*rows], every, name)
    assert made.body is not None
    key = made.body[1:]
    if key in bodies:
        return in_block(network, line, [*rows], every, bodies[key])
    bodies[key] = name
    return made


def _dearer(chosen: Kind, network: Network, one: Facts, row: Row) -> str:
    """Return why layers would not save in place of one; nothing where they do, and see and give the same."""
    behind = network.behind(one)
    try:
        before, after = bill([one.node.layer], one.inputs[0], behind), bill(row, one.inputs[0], behind)
    except LayerError as error:
        return f"{chosen.words(row, one)} would not do: {error.fact}"
    if (before.shape, before.field) != (after.shape, after.field):
        return f"{chosen.words(row, one)} would not see and give the same"
    fewer = after.params < before.params or after.macs < before.macs
    if fewer and after.params <= before.params and after.macs <= before.macs:
        return ""
    what = f"{size(kernel(one))} on {one.inputs[0][0]} -> {one.shape[0]} channels as {chosen.words(row, one)}"
    return f"{what} would {cost(before, after)}"


def cost(before: Bill, after: Bill) -> str:
    """Return how much more it would be, and how much less, if anything."""
    pairs = [
        (name, getattr(before, field), getattr(after, field))
        for name, field in (("params", "params"), ("MACs", "macs"))
    ]
    more = [_more(name, was, would) for name, was, would in pairs if would > was]
    less = [f"{percent(was - would, was)} fewer {name}" for name, was, would in pairs if would < was]
    if not more:
        return "cost as much"
    return f"cost {' and '.join(more)}" + (f", for {less[0]}" if less else "")


def _more(name: str, was: int, would: int) -> str:
    if would < 3 * was:
        return f"{percent(would - was, was)} more {name}"
    return f"{would / max(1, was):.3g} times the {name}"
