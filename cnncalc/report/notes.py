"""What stands beneath a report: the totals, what was counted how, and where rounding left pixels unread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis import PROFILE, Analysis, Facts, at_least
from cnncalc.errors import printable
from cnncalc.report.units import shape, share

if TYPE_CHECKING:
    from cnncalc.profiles import Counted
    from cnncalc.profiles.profile import Profile

MOST_NOTES = 5


def notes(analysis: Analysis, names: Sequence[str]) -> list[str]:
    """Return what a reader of these columns should know: statements of the file that are not true, pixels left unread.

    Of formulas, first from which sizes on they hold.
    """
    graph = analysis.graph
    if analysis.least:
        from cnncalc.symbolic.sign import assuming

        with assuming() as least:  # of what is worked out only when it is shown
            others = [*untrue(analysis), *unread(analysis)]
            if "macs_on_input" in names:
                sum(one.macs_on_input for one in analysis.facts)
        return [holding(at_least(analysis.least, least)), *others]
    if not (graph.expect or graph.budget or any(node.expect for node in graph.nodes)):
        return unread(analysis)
    return [*untrue(analysis), *unread(analysis)]


def holding(least: Mapping[str, int]) -> str:
    """Return from which values of their symbols on the formulas hold.

    >>> holding({"h": 1, "w": 7})
    'the formulas hold for all h >= 1 and w >= 7'
    """
    return f"the formulas hold for all {' and '.join(f'{name} >= {value}' for name, value in least.items())}"


def untrue(analysis: Analysis) -> list[str]:
    """Return a note for each expectation of the file that is not met, and each bound that is exceeded."""
    from cnncalc.claims import exceeded, unmet

    found = [f"{one.place}: {one.name} is {one.found}, not {one.stated}" for one in unmet(analysis)]
    found += [f"{one.place}: {one.name} is {one.found}, over the budget of {one.stated}" for one in exceeded(analysis)]
    more = len(found) - MOST_NOTES
    shown = [printable(one) for one in found[:MOST_NOTES]]
    return [*shown, f"and {more} more statement{'s' if more > 1 else ''} that are not true"] if more > 0 else shown


def summary(analysis: Analysis, counted: Counted | None = None) -> str:
    """Return the totals in one line, with a profile the number of its tool last."""
    totals, batch = analysis.totals, analysis.batch
    parts = [
        f"params {totals.params:,}",
        *([f"buffers {totals.buffers:,}"] if totals.buffers else []),
        f"MACs {totals.macs:,}",
        f"FLOPs {totals.flops:,}",
        f"activations {totals.activations:,}",
        *([f"{counted.profile.title} {profile_total(counted)}"] if counted else []),
    ]
    return ", ".join(parts) + (f" (batch of {batch})" if batch > 1 else "")


def legend(analysis: Analysis) -> str:
    """Return what was counted how."""
    unit = "sample" if analysis.batch == 1 else f"batch of {analysis.batch}"
    return (
        f"{PROFILE}: a MAC is one multiply and accumulate of a weight, taps on padding included, per {unit}. "
        "Sizes: W2 = (W1 - F + 2P)/S + 1."
    )


def profile_total(counted: Counted) -> str:
    """Return the number that a tool prints, as a bound where it is not known what the tool makes of some op."""
    return f"{'>= ' if counted.unknown else ''}{counted.total:,}"


def profile_legend(profile: Profile, unknown: Iterable[str]) -> str:
    """Return what a tool's number really is, and of which ops of a network it is not known what they add to it."""
    said = f"{profile.name}: what {profile.tool} {profile.version} calls {profile.unit} is {profile.truth}."
    ops = sorted(set(unknown))
    return f"{said} Not known of {', '.join(ops)}: it may be more." if ops else said


def unread(analysis: Analysis) -> list[str]:
    """Return a note for each layer whose rounding leaves real pixels unread."""
    found = [one for one in analysis.facts if any(one.dropped)]
    notes = [_unread(one) for one in found[:MOST_NOTES]]
    more = len(found) - len(notes)
    return [*notes, f"and {more} more layer{'s' if more > 1 else ''} with pixels unread"] if more else notes


def _unread(facts: Facts) -> str:
    spatial = facts.inputs[0][1:]
    names = {1: ("position",), 2: ("row", "column"), 3: ("plane", "row", "column")}.get(len(spatial), ())
    parts = [
        f"the last {count if count > 1 else ''} {name}{'s' if count > 1 else ''}".replace("  ", " ")
        for count, name in zip(facts.dropped, names, strict=False)
        if count
    ]
    area = 1
    for size in spatial:
        area *= size
    return (
        f"{printable(facts.node.path)}: {' and '.join(parts) or 'the end'} of its {shape(spatial)} input "
        f"{'are' if len(parts) > 1 or max(facts.dropped) > 1 else 'is'} never read "
        f"({facts.unread:,} of {area:,} positions, {share(facts.unread, area)})"
    )
