"""Which input sizes a network accepts: along each axis, as progressions, and which layer refuses the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis import analyze
from cnncalc.errors import SpecError
from cnncalc.layers.base import Shape
from cnncalc.sizes.axis import Axis, axes_of, together
from cnncalc.sizes.line import Line, Range
from cnncalc.sizes.meeting import meeting
from cnncalc.sizes.network import Network, refusal_of
from cnncalc.sizes.start import legal_inputs
from cnncalc.sizes.sweep import Inputs, Refusal

USUAL = 1_024


class Asked(NamedTuple):
    """One size that is asked about: its inputs, and the outputs' shapes or the refusal."""

    inputs: Inputs
    refusal: Refusal | None
    outputs: tuple[Shape, ...] = ()


class Sizes(NamedTuple):
    """The sizes that a network accepts."""

    network: Network
    own: Asked
    lines: tuple[Line, ...]
    """One for each axis."""
    meeting: str | None
    """The layer at which the axes depend on each other; None where each is for itself."""
    joint: Line | None
    """All axes at one size, where they depend on each other and the spec has one size along all."""
    resized: tuple[str, ...]
    """The layers whose tensors have another shape at another size."""
    whys: tuple[Asked, ...] = ()


def legal_sizes(network: Network, ranges: Sequence[Range] | None = None, whys: Sequence[Inputs] = ()) -> Sizes:
    """Return which sizes a network accepts, looked for in a range for each spatial axis of the inputs.

    >>> from cnncalc.sizes.progression import text
    >>> from cnncalc.sizes.network import read_network
    >>> found = legal_sizes(read_network(b"{cnncalc: 1, input: 1x7, layers: [{max_pool: 3}]}", "a.yaml"))
    >>> text(found.lines[0].legal), found.lines[0].nearest(7), found.own.refusal.fact  # doctest: +ELLIPSIS
    ('3 + 3k', (6, 9), 'length: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33 must be a whole number')
    """
    axes = axes_of(network.own)
    own = asked(network, network.own)
    limits = {axis: ranges[axis.spots[0][1]] if ranges else usual(axis) for axis in axes}
    lines = lines_of(network, axes, limits)
    try:
        differ = resized(network, lines)
    except SpecError:  # a field beyond 64 bits, which no shape shows: whole analyses find it
        graph = network.graph
        network = network._replace(rebuild=lambda inputs: graph._replace(inputs=inputs))
        lines = lines_of(network, axes, limits)
        differ = resized(network, lines)
    meets = meeting(network.graph, lines)
    joint = None
    if meets is not None and len({axis.own for axis in axes}) == 1:
        joint = Line(network, together(axes), network.own, limits[axes[0]])
    answers = tuple(asked(network, one) for one in whys)
    return Sizes(network, own, tuple(lines), meets, joint, differ, answers)


def usual(axis: Axis) -> Range:
    """Return the range that is looked at unless another is asked for."""
    return Range(1, USUAL if axis.own <= USUAL else axis.own + USUAL)


def asked(network: Network, inputs: Inputs) -> Asked:
    """Return the answer for one size, by a whole analysis."""
    try:
        return Asked(inputs, None, tuple(analyze(network.at(inputs)).outputs.values()))
    except SpecError as error:
        return Asked(inputs, refusal_of(error))


def lines_of(network: Network, axes: Sequence[Axis], limits: dict[Axis, Range]) -> list[Line]:
    """Return the verdicts along each axis; the others are held at the spec's own sizes, or at legal ones."""
    held: Inputs = network.own
    found: dict[Axis, Line] = {}
    for axis in axes:
        found[axis] = line = Line(network, axis, held, limits[axis])
        if line.legal and not (line.knows(axis.own) and line.at(axis.own) is None):
            held = axis.at(held, near(line, axis.own))
    if held is network.own and not any(line.legal for line in found.values()) and len(axes) > 1:
        held = legal_inputs(network, axes, limits) or held
    if held is not network.own:  # the size of another axis was in the way
        found |= {axis: Line(network, axis, held, limits[axis]) for axis in axes if not found[axis].legal}
    return list(found.values())


def near(line: Line, size: int) -> int:
    """Return a legal size of a line, the nearest to one."""
    return min((one.nearest(size) for one in line.legal), key=lambda found: abs(found - size))


def samples(lines: Sequence[Line]) -> list[Inputs]:
    """Return inputs that shapes have found legal: along each axis one near the spec's own, and the largest."""
    found: list[Inputs] = []
    for line in lines:
        if line.legal:
            sizes = {near(line, line.axis.own), near(line, line.asked.high)}
            found += [line.axis.at(line.held, size) for size in sorted(sizes)]
    return [one for index, one in enumerate(found) if one not in found[:index]]


def resized(network: Network, lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the layers whose tensors are not of one shape at the legal sizes that are sampled.

    Raises SpecError where a whole analysis refuses what shapes allow.
    """
    seen: dict[str, object] = {}
    differ: dict[str, None] = {}
    for inputs in samples(lines):
        for facts in analyze(network.at(inputs)).facts:
            if seen.setdefault(facts.node.path, facts.parameters) != facts.parameters:
                differ[facts.node.path] = None
    return tuple(differ)
