"""The numbers of a difference as they read: deltas, per cent, and the totals before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis import Analysis, image_field
from cnncalc.difference import Difference, Fate
from cnncalc.difference.folding import Row
from cnncalc.report.notes import profile_total
from cnncalc.report.units import count, field_part, shape

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

TITLES = {"params": "params", "buffers": "buffers", "macs": "MACs", "flops": "FLOPs", "activations": "activations"}


def signed(delta: int) -> str:
    """Return by how much a number grew; nothing for none.

    >>> signed(1500), signed(-20), signed(0)
    ('+1,500', '-20', '')
    """
    text = count(delta)
    return text if text.startswith("-") or not text else f"+{text}"


def growth(delta: int, before: int) -> str:
    """Return by how much a number grew in per cent of what it was; nothing where that is not one number.

    >>> growth(50, 200), growth(-1, 3000), growth(5, 0)
    ('+25.0%', '-0.03%', '')
    """
    if not (isinstance(delta, int) and isinstance(before, int) and delta and before):
        return ""
    percent = 100 * delta / before
    return f"{percent:+.1f}%" if abs(percent) >= 0.1 else f"{percent:+.1g}%"


def cost(delta: int, before: int, *, with_growth: bool = True) -> str:
    """Return a delta, with per cent.

    >>> cost(50, 200), cost(50, 200, with_growth=False)
    ('+50 (+25.0%)', '+50')
    """
    grown = growth(delta, before) if with_growth else ""
    return f"{signed(delta)} ({grown})" if grown else signed(delta)


def total_before(difference: Difference, measure: str) -> int:
    """Return a total of the network before."""
    total: int = getattr(difference.before.totals, measure)
    return total


def cost_before(row: Row, measure: str) -> int:
    """Return what a row's layers cost before; 0 for those that came or went, of which per cent say nothing."""
    if row.fate in (Fate.ADDED, Fate.REMOVED):
        return 0
    return sum([getattr(entry.before, measure) for entry in row.entries])


def layers(number: int) -> str:
    """Return a number of layers.

    >>> layers(1), layers(1200)
    ('1 layer', '1,200 layers')
    """
    return f"{number:,} layer{'' if number == 1 else 's'}"


def totals(difference: Difference, counted: Sequence[Counted] = ()) -> list[tuple[str, str, str, str, str]]:
    """Return the totals and what else is true of the whole: a title, before, after, the difference, per cent.

    ``counted`` are the two networks as another tool counts them, if one is asked for.
    """
    before, after = difference.before, difference.after
    found = []
    for name, title in TITLES.items():
        was, now = getattr(before.totals, name), getattr(after.totals, name)
        if was or now or name != "buffers":
            found.append((title, count(was) or "0", count(now) or "0", signed(now - was), growth(now - was, was)))
    if counted:
        one, two = counted
        delta = two.total - one.total
        texts = profile_total(one), profile_total(two), signed(delta), growth(delta, one.total)
        found.append((one.profile.title, *texts))
    was, now = len(before.facts), len(after.facts)
    found.append(("layers", count(was) or "0", count(now) or "0", signed(now - was), growth(now - was, was)))
    fields = image_field(before), image_field(after)
    for title, left, right in (
        ("output", outputs(before), outputs(after)),
        *((part, *(field_part(field, part) or "whole" for field in fields)) for part in ("size", "jump")),
    ):
        if left != right:
            found.append(("field" if title == "size" else title, left, right, "", ""))
    return found


def outputs(analysis: Analysis) -> str:
    """Return the shapes of a network's outputs."""
    return ", ".join(shape(sizes) for sizes in analysis.outputs.values())
