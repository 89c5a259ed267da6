"""The totals of each file at one time, in a JSON file under version control: what a network is held against later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from cnncalc.checks.grown_since_baseline import MEASURES
from cnncalc.errors import UsageError, printable
from cnncalc.spec.files import read_bounded

SCHEMA = 1
MAX_BYTES = 2**26
Baseline = Mapping[str, Mapping[str, int]]
"""By the path of a spec: its params, macs and activations."""


def baseline_text(totals: Baseline) -> str:
    """Return a baseline as a file holds it, one spec a line, so that a change of one is a change of one line.

    >>> print(baseline_text({"a.yaml": {"params": 1, "macs": 2, "activations": 3}}), end="")
    {"cnncalc-baseline": 1, "specs": {
     "a.yaml": {"params": 1, "macs": 2, "activations": 3}
    }}
    """
    rows = [f" {json.dumps(path)}: {json.dumps(dict(counts))}" for path, counts in sorted(totals.items())]
    return f'{{"cnncalc-baseline": {SCHEMA}, "specs": {{\n' + ",\n".join(rows) + "\n}}\n"


def read_baseline(path: Path) -> Baseline:
    """Return the totals of a baseline file; raise UsageError for one that is not there or not a baseline."""
    name = printable(str(path))
    try:
        data = json.loads(read_bounded(str(path), MAX_BYTES, str(path)))
    except UsageError as error:
        raise UsageError(f"{error}; --write-baseline writes a baseline") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{name}: a baseline must be JSON, as --write-baseline writes it") from None
    specs = data.get("specs") if isinstance(data, dict) else None
    if not isinstance(specs, dict) or data.get("cnncalc-baseline") != SCHEMA:
        raise UsageError(f'{name}: a baseline must begin with {{"cnncalc-baseline": {SCHEMA}, "specs": ...')
    for spec, counts in specs.items():
        sound = isinstance(counts, dict) and all(
            name in MEASURES and isinstance(count, int) and not isinstance(count, bool) and count >= 0
            for name, count in counts.items()
        )
        if not sound:
            wanted = ", ".join(MEASURES)
            raise UsageError(f"{name}: {printable(spec[:200])} must have whole numbers for {wanted}")
    return specs
