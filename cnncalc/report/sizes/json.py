"""Legal sizes for programs: schema 1, described in docs/sizes.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc import __version__
from cnncalc.sizes.progression import text

if TYPE_CHECKING:
    from cnncalc.sizes import Asked, Sizes
    from cnncalc.sizes.line import Line
    from cnncalc.sizes.progression import Progression
    from cnncalc.sizes.sweep import Refusal

SCHEMA = 1


def legal_json(found: Sizes, shown: Sequence[Line]) -> str:
    """Return the report as JSON: schema 1, described in docs/sizes.md."""
    report = {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": found.network.graph.name,
        **asked_data(found.own),
        "axes": [line_data(line) for line in shown],
        "independent": found.meeting is None,
        "meeting": found.meeting,
        "together": line_data(found.joint) if found.joint else None,
        "resized": list(found.resized),
        "why": [asked_data(one) for one in found.whys],
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def line_data(line: Line) -> dict[str, Any]:
    """Return one axis as plain data."""
    below, above = line.nearest(line.axis.own) if line.knows(line.axis.own) else (None, None)
    sizes = line.inside()
    return {
        "axis": line.axis.name,
        "own": line.axis.own,
        "held": dict(line.axis.others(line.held)),
        "range": list(line.asked),
        "proved": line.tail is not None,
        "legal": progressions_data(line.legal),
        "text": text(line.legal),
        "inside": {"count": len(sizes), "smallest": min(sizes, default=None), "largest": max(sizes, default=None)},
        "below": below,
        "above": above,
        "refused": [
            {
                "layer": path,
                "sizes": progressions_data(refused),
                "text": text(refused),
                "example": example_data(*line.example(refused)),
            }
            for path, refused in line.refused.items()
        ],
    }


def example_data(size: int, refusal: Refusal) -> dict[str, int | str]:
    """Return one refused size with its reason as plain data."""
    return {"size": size, "fact": refusal.fact}


def progressions_data(found: Sequence[Progression]) -> list[dict[str, int | None]]:
    """Return progressions as plain data; one without end has no last size."""
    return [{"first": one.first, "step": one.step, "last": one.last} for one in found]


def asked_data(one: Asked) -> dict[str, Any]:
    """Return one size and its answer as plain data."""
    data: dict[str, Any] = {"inputs": {name: list(sizes) for name, sizes in one.inputs.items()}}
    if one.refusal is None:
        return data | {"legal": True, "outputs": [list(sizes) for sizes in one.outputs]}
    place = one.refusal.place
    return data | {
        "legal": False,
        "refused_by": {
            "layer": place.path,
            "op": place.op,
            "line": place.span.line,
            "column": place.span.column,
            "fact": one.refusal.fact,
            "help": one.refusal.help,
        },
    }
