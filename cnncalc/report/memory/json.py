"""Memory and the roofline for programs: schema 1, described in docs/memory.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cnncalc import __version__

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.memory import Footprint
    from cnncalc.memory.activations import Activations
    from cnncalc.memory.roofline import Roofline, Row
    from cnncalc.memory.training import Training

SCHEMA = 1


def memory_json(analysis: Analysis, found: Footprint) -> str:
    """Return the memory of a network as JSON; all sizes are bytes."""
    step, fits = found.training, found.fitting
    report = {
        **head(analysis, found.dtype),
        "weights": {"bytes": found.weights, "params": found.params, "buffers": found.buffers},
        "is_in_place": found.is_in_place,
        "apart": tensors_data(found.apart),
        "in_place": tensors_data(found.in_place),
        "order": {
            "is_least": found.is_least,
            "peak": (found.lower or found.used).peak,
            "layers": list(found.order) or None,
        },
        "weights_and_peak": found.total,
        "training": training_data(step) if step else None,
        "fits": {"size": fits.size, "once": fits.once, "each": fits.each, "batch": fits.batch} if fits else None,
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def head(analysis: Analysis, dtype: str) -> dict[str, Any]:
    """Return what every report begins with."""
    return {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": analysis.graph.name,
        "dtype": dtype,
        "batch": analysis.batch,
    }


def tensors_data(found: Activations) -> dict[str, Any]:
    """Return the tensors as plain data."""
    return {
        "bytes": found.total,
        "tensors": found.tensors,
        "peak": found.peak,
        "after": found.path,
        "live": [{"name": one.path, "output": list(one.shape), "output_bytes": one.bytes} for one in found.alive],
    }


def training_data(step: Training) -> dict[str, Any]:
    """Return a step of training as plain data."""
    found = {"after" if name == "path" else name: value for name, value in step._asdict().items()}
    return {**found, "saved": step.saved, "total": step.total}


def roofline_json(analysis: Analysis, found: Roofline) -> str:
    """Return a network on a device as JSON; ``seconds`` and ``intensity`` are rounded, all else is exact."""
    device = found.device
    report = {
        **head(analysis, found.dtype),
        "device": {
            "title": device.title,
            "rate": number(device.rate(found.dtype)),
            "bandwidth": number(device.bandwidth),
            "memory": device.memory,
            "source": device.source,
        },
        "ridge": float(found.ridge),
        "layers": [row_data(row) for row in found.rows],
        "total": {**row_data(found.total), "layers": found.layers, "memory_bound": found.waiting},
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def row_data(row: Row) -> dict[str, Any]:
    """Return a row as plain data."""
    return {
        "name": row.path,
        "op": row.op,
        "traffic": row.bytes,
        "flops": row.flops,
        "intensity": None if row.intensity is None else float(row.intensity),
        "seconds": float(row.seconds),
        "bound": row.bound,
    }


def number(value: Any) -> int | float:  # noqa: ANN401 - a Fraction
    """Return a rate, which is whole but for what somebody has made up."""
    return int(value) if value.denominator == 1 else float(value)
