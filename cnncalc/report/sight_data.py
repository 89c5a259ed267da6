"""What the positions of a layer see, for programs."""

from __future__ import annotations

import json
from typing import Any

from cnncalc import __version__
from cnncalc.field import Extent, ReceptiveField
from cnncalc.report.sight import Told
from cnncalc.report.units import rational
from cnncalc.sight import Axis, Rectangle, Sight
from cnncalc.sight.growth import Grown, Step


def sight_data(told: Told) -> dict[str, Any]:
    """Return the report as plain data."""
    seen = told.sight
    return {
        "cnncalc": __version__,
        "schema": 1,
        "name": told.network,
        "layer": seen.facts.node.path,
        "output": list(seen.facts.shape),
        "input": {"name": seen.of, "shape": list(seen.image)},
        "reads": seen.reads,
        "at_most": seen.is_bound,
        "axes": [_axis(axis) for axis in seen.axes],
        **_vector(seen),
        "misaligned": [
            {"layer": one.path, "axis": one.axis, "least": rational(one.least), "most": rational(one.most)}
            for one in told.apart
        ],
        "sees_everything": list(told.everything),
        **({"at": list(told.at), "rectangle": [_ends(one) for one in told.rectangle]} if told.at is not None else {}),
        **({"growth": [_step(step) for step in told.growth]} if told.growth is not None else {}),
    }


def _vector(seen: Sight) -> dict[str, Any]:
    """Return what a vector sees: all of it together, and its elements."""
    if seen.vector is None:
        return {}
    together = seen.vector.together
    image = [(0, size - 1) for size in seen.image[1:]]
    return {
        "vector": {
            "sees": None
            if together is None
            else "whole"
            if list(together) == image
            else [list(end) for end in together],
            "elements_see": "a position" if seen.vector.positions_of else "as much",
            "positions_of": list(seen.vector.positions_of),
        }
    }


def _axis(axis: Axis) -> dict[str, Any]:
    closed = axis.closed
    parts = ("size", "jump", "start")
    other = "whole" if closed is Extent.WHOLE else "by position" if axis.is_counted else "unknown"
    return {
        "axis": axis.name,
        **(
            {part: rational(getattr(closed, part)) for part in parts}
            if isinstance(closed, ReceptiveField)
            else {"size": other}
        ),
        "sizes": {str(size): count for size, count in axis.sizes.items()},
        "positions": axis.outputs,
        "reading_padding": axis.padded if axis.is_counted else None,
        "middle": list(axis.middle) if axis.middle else None,
        "never_read": axis.holes if axis.is_counted else None,
    }


def _ends(one: Rectangle) -> dict[str, Any]:
    return {
        "axis": one.name,
        "pixels": list(one.real) if one.real else None,
        "beyond": list(one.endless) if one.endless else None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "layer": step.path,
        "op": step.op,
        "sizes": [_grown(size) for size in step.sizes],
        **({"at_most": True} if step.is_bound else {}),
    }


def _grown(size: Grown) -> list[int] | str:
    return size.value if isinstance(size, Extent) else list(size)


def sight_json(told: Told) -> str:
    """Return the report as JSON."""
    return json.dumps(sight_data(told), indent=1, ensure_ascii=False) + "\n"
