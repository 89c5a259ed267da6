"""The report of check for test reports: JUnit's XML, in which every file is a test case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cnncalc.checks.base import Finding, Severity
from cnncalc.checks.engine import fails
from cnncalc.errors import printable
from cnncalc.report.findings import Lines, paragraphs
from cnncalc.report.findings.concise import line


def junit_text(
    findings: Sequence[Finding],
    files: Sequence[str],
    lines: Lines,  # noqa: ARG001 - as every format
    fail_on: Severity | None = Severity.ERROR,
) -> str:
    """Return a test suite with a test case a file.

    A file fails with its findings at or above ``fail_on``, all in one failure, for most readers show only the first;
    the other findings are the test's output.
    """
    cases: dict[str, list[Finding]] = {file: [] for file in files}
    for finding in findings:
        cases.setdefault(finding.place.file, []).append(finding)
    bodies = [(file, list(_body(found, fail_on))) for file, found in cases.items()]
    failures = sum(body[0].startswith("<failure") for _, body in bodies if body)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="0"'
    told = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites name="cnncalc" {counts}>',
        f'<testsuite name="cnncalc check" {counts}>',
        *(one for file, body in bodies for one in _case(file, body)),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(told) + "\n"


def _case(file: str, body: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one test case."""
    name = escape(printable(file))
    start = f'<testcase classname="cnncalc" name="{name}" file="{name}"'
    yield from [f"{start}>", *body, "</testcase>"] if body else [f"{start}/>"]


def _body(findings: Sequence[Finding], fail_on: Severity | None) -> Iterator[str]:
    """Yield what fails a test case, and what else was found."""
    failing = [one for one in findings if fails([one], fail_on)]
    if failing:
        first, more = failing[0], len(failing) - 1
        message = printable(first.message) + (f", and {more} more" if more else "")
        yield f'<failure type="{first.code}" message="{escape(message)}">{_told(failing)}</failure>'
    if others := [one for one in findings if not fails([one], fail_on)]:
        yield f"<system-out>{_told(others)}</system-out>"


def _told(findings: Sequence[Finding]) -> str:
    """Return findings as text; a control character, which XML has no way to write, is escaped as everywhere."""
    return escape("\n".join("\n".join([line(one), *list(paragraphs(one))[1:]]) for one in findings), quote=False)
