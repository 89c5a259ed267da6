"""The report of check for programs, line by line: a JSON object a finding, as in the whole JSON report."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cnncalc.checks.base import Finding
from cnncalc.report.findings import Lines
from cnncalc.report.findings.json import record


def jsonl_text(findings: Sequence[Finding], files: Sequence[str], lines: Lines) -> str:  # noqa: ARG001 - as every format
    """Return the findings as JSON, one a line."""
    return "".join(json.dumps(record(finding)) + "\n" for finding in findings)
