"""The report of check for GitHub Actions: workflow commands, which become annotations of the lines of a change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cnncalc.checks.base import Finding, Severity
from cnncalc.errors import printable
from cnncalc.report.findings import Lines, inside, paragraphs

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
MOST = 10
"""How many annotations of a kind GitHub keeps of a step."""


def github_text(
    findings: Sequence[Finding],
    files: Sequence[str],  # noqa: ARG001 - as every format
    lines: Lines,  # noqa: ARG001 - as every format
    root: Path | None = None,
) -> str:
    """Return one command a finding, errors first, as many as GitHub keeps, and one for all others.

    ``root`` is the folder of the repository, if it is not the working directory.
    """
    shown = [one for severity in COMMANDS for one in _first(findings, severity, MOST)]
    if len(shown) < len(findings):  # what tells of the others is a notice too
        notices = _first(findings, Severity.ADVICE, MOST - 1)
        shown = [*(one for one in shown if one.severity is not Severity.ADVICE), *notices]
    commands = [command(one, root) for one in shown]
    if more := len(findings) - len(shown):
        are = "findings are" if more > 1 else "finding is"
        commands.append(f"::notice::{more} more {are} not shown: GitHub keeps {MOST} annotations of a kind in a step")
    return "".join(line + "\n" for line in commands)


def command(finding: Finding, root: Path | None = None) -> str:
    """Return the workflow command of one finding.

    GitHub marks columns within one line alone, and drops those of a stretch over several.
    """
    line, column, end_line, end_column = finding.place.span
    columns = {"col": column, "endColumn": end_column} if line == end_line else {}
    properties = {
        "file": printable(inside(finding.place.file, root) or finding.place.file),
        "line": line,
        "endLine": end_line,
        **columns,
        "title": f"{finding.code} {finding.name}",
    }
    told = ",".join(f"{name}={escaped_property(str(value))}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {told}::{escaped_data(chr(10).join(paragraphs(finding)))}"


def escaped_data(text: str) -> str:
    r"""Return a text as the message of a workflow command.

    >>> escaped_data("100%\n::error::")
    '100%25%0A::error::'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """Return a text as a property of a workflow command.

    >>> escaped_property("a,b::c")
    'a%2Cb%3A%3Ac'
    """
    return escaped_data(text).replace(":", "%3A").replace(",", "%2C")


def _first(findings: Sequence[Finding], severity: Severity, most: int) -> list[Finding]:
    return [one for one in findings if one.severity is severity][:most]
