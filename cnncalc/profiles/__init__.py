"""Counting profiles: what other tools print for a network, each tool's rules as data in a file of its own.

A profile's number is the one that its tool prints for the network written with one module a layer, joins as tensor
operators; docs/profiles.md says how each layer is written, and what a tool prints for another writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import DoesNotCompute, LayerError, TooLarge, UsageError, closest, printable
from cnncalc.profiles.profile import SUFFIX, Profile, folder
from cnncalc.profiles.profile import from_file as _from_file

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis, Facts
    from cnncalc.layers.base import Layer, Shape


@cache
def names() -> tuple[str, ...]:
    """Return the names of the profiles, the project's own first.

    >>> names()[0], "fvcore" in names()
    ('mac-v1', True)
    """
    from cnncalc.analysis import PROFILE

    found = sorted(path.name.removesuffix(SUFFIX) for path in folder().glob(f"*{SUFFIX}"))
    return PROFILE, *(name for name in found if name != PROFILE)


@cache
def read(name: str) -> Profile:
    """Return a profile by name; raise UsageError for a name that there is not.

    >>> read("fvcore").unit, str(read("fvcore").counts["batch_norm"].text)
    ('FLOPs', '2*inputs')
    """
    if name not in names():
        near = closest(name.lower(), names())
        hint = f"did you mean {near}?" if near else "`cnncalc profiles` lists them"
        raise UsageError(f"{printable(name[:80])}: there is no such profile; {hint}")
    return _from_file(folder() / f"{name}{SUFFIX}", name)


def amounts(profile: Profile, analysis: Analysis) -> list[int]:
    """Return what a tool adds to its total for each node, in the analysis's unit of samples: its batch.

    A formula's symbols give formulas. What the tool leaves out is 0, and so is what is not known: ``unknown`` has that.
    Raises SpecError with the place of a node whose number is beyond 64 bits.

    >>> import cnncalc
    >>> amounts(read("fvcore"), cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 4x8x8, layers: [batch_norm]}")))
    [512]
    """
    known: dict[tuple[str, int, tuple[Shape, ...]], int] = {}  # a layer that recurs is one object
    found = []
    for one in analysis.facts:
        key = one.node.op, id(one.node.layer), one.inputs
        if key not in known:
            known[key] = _amount(profile, one)
        found.append(analysis.batch * known[key])
    return found


def _amount(profile: Profile, facts: Facts) -> int:
    """Return what a tool adds for one node and one sample."""
    formula = profile.counts.get(facts.node.op)
    if formula is None:
        return 0
    from cnncalc.profiles.quantities import quantities
    from cnncalc.spec.expression import ExpressionError

    layer: Layer = facts.node.layer
    try:
        return formula.value(quantities(layer, facts.inputs, facts.shape, formula.names))  # type: ignore[return-value] # a whole number, or a formula in its place
    except LayerError as error:  # of a formula: what depends on its symbols
        raise DoesNotCompute(facts.node.place(error.option), error.fact, help=error.help) from error
    except ExpressionError as error:
        refused = TooLarge(f"{profile.name} counts {formula.text}: {error.fact}")
        raise DoesNotCompute(facts.node.place(), refused.fact) from refused


def total(profile: Profile, analysis: Analysis) -> int:
    """Return the number that a tool prints for a network; where ``unknown`` is not empty, it prints at least this.

    >>> import cnncalc
    >>> total(read("torch-flop-counter"), cnncalc.analyze(cnncalc.load("zoo:lenet5")))
    833040
    """
    return sum(amounts(profile, analysis))


def unknown(profile: Profile, analysis: Analysis) -> list[str]:
    """Return the ops of a network of which it is not known what the tool counts, each once."""
    return sorted({one.node.op for one in analysis.facts} & profile.unknown)


class Counted(NamedTuple):
    """A network as a tool counts it: by the path of each node, and in all; ``unknown`` are ops that may add more."""

    profile: Profile
    amounts: Mapping[str, int]
    total: int
    unknown: Sequence[str]


def counted(name: str, analysis: Analysis) -> Counted:
    """Return a network as the tool of a profile counts it.

    >>> import cnncalc
    >>> found = counted("thop", cnncalc.analyze(cnncalc.load("zoo:lenet5")))
    >>> found.profile.title, found.amounts["conv1"], found.total
    ('thop MACs', 117600, 418096)
    """
    profile = read(name)
    found = amounts(profile, analysis)
    paths = [one.node.path for one in analysis.facts]
    return Counted(profile, dict(zip(paths, found, strict=True)), sum(found), unknown(profile, analysis))
