"""The report for programs: schema 1, described in docs/json.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cnncalc import __version__
from cnncalc.analysis import PROFILE, Analysis
from cnncalc.field import AxisField, Extent, Field, ReceptiveField
from cnncalc.report.units import exact, rational

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

SCHEMA = 1


def json_text(analysis: Analysis, counted: Counted | None = None) -> str:
    """Return the analysis as JSON; every node is a layer of its own, whatever a table folds."""
    return json.dumps(report(analysis, counted), indent=1, ensure_ascii=False, default=exact) + "\n"


def report(analysis: Analysis, counted: Counted | None = None) -> dict[str, Any]:
    """Return the analysis as plain data, with a profile what its tool counts."""
    graph = analysis.graph
    return {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": graph.name,
        "profile": PROFILE,
        **({"batch": analysis.batch} if analysis.batch > 1 else {}),
        **({"symbols": dict(analysis.least)} if analysis.least else {}),
        "inputs": {name: list(sizes) for name, sizes in graph.inputs.items()},
        "layers": [
            {
                "name": one.node.path,
                "op": one.node.op,
                "inputs": list(one.node.inputs),
                "output": list(one.shape),
                "params": one.params,
                "buffers": one.buffers,
                "macs": one.macs,
                "flops": one.flops,
                **({"profile": counted.amounts[one.node.path]} if counted else {}),
                "receptive_field": field(one.field),
            }
            for one in analysis.facts
        ],
        "outputs": {path: list(sizes) for path, sizes in analysis.outputs.items()},
        "totals": analysis.totals._asdict() | (profile_data(counted) if counted else {}),
    }


def profile_data(counted: Counted) -> dict[str, Any]:
    """Return a profile's name and total, and the ops of which it is not known what they add, if any."""
    unknown = {"profile_unknown": list(counted.unknown)} if counted.unknown else {}
    return {"profile": counted.profile.name, "profile_total": exact(counted.total), **unknown}


def field(axes: Field) -> dict[str, list[Any]] | str:
    """Return a receptive field: "whole" or "unknown" where all axes are, else one entry an axis.

    >>> field((ReceptiveField(3, 1, -1),))
    {'size': [3], 'jump': [1], 'start': [-1]}
    """
    extents = {axis for axis in axes if isinstance(axis, Extent)}
    if axes and all(isinstance(axis, Extent) for axis in axes):
        return "unknown" if Extent.UNKNOWN in extents else "whole"
    return {
        "size": [axis.size if isinstance(axis, ReceptiveField) else _extent(axis) for axis in axes],
        "jump": [rational(axis.jump) if isinstance(axis, ReceptiveField) else None for axis in axes],
        "start": [rational(axis.start) if isinstance(axis, ReceptiveField) else None for axis in axes],
    }


def _extent(axis: AxisField) -> str:
    return "unknown" if axis is Extent.UNKNOWN else "whole"
