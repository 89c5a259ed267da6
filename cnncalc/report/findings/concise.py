"""The report of check for editors and grep: one finding a line."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.checks.base import Finding
from cnncalc.errors import printable
from cnncalc.report.findings import Lines


def concise_text(findings: Sequence[Finding], files: Sequence[str], lines: Lines) -> str:  # noqa: ARG001 - as every format
    """Return ``path:line:column: severity[code] message``, one line a finding."""
    return "".join(line(finding) + "\n" for finding in findings)


def line(finding: Finding) -> str:
    """Return one finding in one line."""
    span = finding.place.span
    where = f"{_path(finding.place.file)}:{span.line}:{span.column}"
    return f"{where}: {finding.severity.value}[{finding.code}] {printable(finding.message)}"


def _path(file: str) -> str:
    """Return a path that cannot be a workflow command: a runner of GitHub obeys a line that begins with two colons."""
    return printable(f"./{file}" if file.lstrip().startswith("::") else file)
