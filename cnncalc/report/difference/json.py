"""The difference for programs: schema 1, described in docs/compare.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc import __version__
from cnncalc.analysis import PROFILE, Facts, Totals
from cnncalc.difference import Difference, Entry, Fate
from cnncalc.report.json import field
from cnncalc.report.units import exact

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

SCHEMA = 1


def difference_json(difference: Difference, labels: Sequence[str], counted: Sequence[Counted] = ()) -> str:
    """Return the difference as JSON."""
    return json.dumps(difference_data(difference, labels, counted), indent=1, ensure_ascii=False) + "\n"


def difference_data(difference: Difference, labels: Sequence[str], counted: Sequence[Counted] = ()) -> dict[str, Any]:
    """Return the difference as plain data; every layer that is not what it was, whatever a table folds."""
    sides = (difference.before, difference.after)
    return {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "profile": PROFILE,
        "before": labels[0],
        "after": labels[1],
        "same": difference.is_same,
        "totals": {
            name: {
                "before": exact(getattr(sides[0].totals, name)),
                "after": exact(getattr(sides[1].totals, name)),
                "difference": exact(difference.delta(name)),
            }
            for name in Totals._fields
        }
        | (_profile_totals(*counted) if counted else {}),
        "inputs": [
            [one and {"name": one[0], "shape": [exact(size) for size in one[1]]} for one in (each.before, each.after)]
            for each in difference.inputs
        ],
        "outputs": [
            {path: [exact(size) for size in shape] for path, shape in analysis.outputs.items()} for analysis in sides
        ],
        "outputs_changed": difference.outputs_changed,
        "unchanged": len(difference.of(Fate.SAME)),
        "layers": [layer(entry) for entry in difference.entries if entry.fate is not Fate.SAME],
    }


def _profile_totals(before: Counted, after: Counted) -> dict[str, Any]:
    unknown = sorted({*before.unknown, *after.unknown})
    return {
        "profile": before.profile.name,
        "profile_total": {
            "before": exact(before.total),
            "after": exact(after.total),
            "difference": exact(after.total - before.total),
        },
        **({"profile_unknown": unknown} if unknown else {}),
    }


def layer(entry: Entry) -> dict[str, Any]:
    """Return what became of one layer."""
    return {
        "fate": entry.fate.value,
        "renaming": entry.renaming.value or None,
        "rewired": entry.rewired,
        "settings": {one.name: [plain(one.before), plain(one.after)] for one in entry.settings},
        "effects": list(entry.effects),
        "difference": {name: exact(entry.delta(name)) for name in Totals._fields},
        "before": facts(entry.before),
        "after": facts(entry.after),
    }


def facts(one: Facts | None) -> dict[str, Any] | None:
    """Return a layer as it is in one of the networks."""
    if one is None:
        return None
    return {
        "name": one.node.path,
        "op": one.node.op,
        "inputs": list(one.node.inputs),
        "input_shapes": [[exact(size) for size in shape] for shape in one.inputs],
        "output": [exact(size) for size in one.shape],
        **{name: exact(getattr(one, name)) for name in Totals._fields},
        "receptive_field": field(one.field),
    }


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON has for it
    """Return an option's value: a list for a tuple, text for a fraction or a formula.

    >>> plain(((1, 2), (0, 0))), plain("half"), plain(True)
    ([[1, 2], [0, 0]], 'half', True)
    """
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, int | str) or value is None else str(value)
