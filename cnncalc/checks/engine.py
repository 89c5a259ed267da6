"""Runs the rules over a file: what they find, less what is ignored, in the order of the file."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from cnncalc.checks import RULES, rule
from cnncalc.checks.base import Finding, Severity
from cnncalc.checks.files import read_spec
from cnncalc.checks.ignores import ignored
from cnncalc.checks.settings import Settings
from cnncalc.checks.survey import Survey, survey

_STATED = "CNN4"
_OF_THE_FILE = ("CNN0", _STATED)


def check(source: str | Path, settings: Settings | None = None) -> list[Finding]:
    """Return what the rules find in a spec file, in ``zoo:name``, or in standard input (``-``).

    Raises UsageError for a path that cannot be read, and nothing for what is in it: that is in the findings.

    >>> [finding.name for finding in check("zoo:lenet5")]
    ['factor-large-kernel']
    """
    return check_text(read_spec(str(source)), str(source), settings)


def check_text(content: bytes, file: str, settings: Settings | None = None) -> list[Finding]:
    """Return what the rules find in the bytes of a file, by line, column and code; it never raises, whatever they are.

    >>> [finding.code for finding in check_text(b"{cnncalc: 1, input: 1x7x7, layers: [{conv: 8, strides: 2}]}", "f")]
    ['CNN005']
    """
    return check_survey(survey(content, file), settings or Settings())


def check_survey(found: Survey, settings: Settings) -> list[Finding]:
    """Return what the rules find in a file that has been read.

    Of one that extends another: what is wrong in it, whether its own statements are true, and what is wrong with the
    other's layers under its arguments. What else there is to say of those is said where they stand.
    """
    codes = [code for code in RULES if settings.selects(code, found.file)]
    if found.base is None:
        findings = run(found, settings, codes)
    else:
        here = [code for code in codes if code.startswith(_OF_THE_FILE)]
        wrong = [code for code in codes if rule(code).severity is Severity.ERROR and not code.startswith(_STATED)]
        findings = run(found, settings, here) + run(found.base, settings, wrong)
    told = [finding._replace(severity=settings.severity.get(finding.code, finding.severity)) for finding in findings]
    return sorted(told, key=order)


def run(found: Survey, settings: Settings, codes: Sequence[str]) -> list[Finding]:
    """Return what some of the rules find in a file, less what it has comments to ignore."""
    findings = [
        finding
        for code in codes
        if found.whole or not rule(code).whole
        for finding in rule(code).findings(found, settings.thresholds.get(RULES[code], rule(code).threshold))
    ]
    return ignored(found, once(findings), codes)


def order(finding: Finding) -> tuple[object, ...]:
    """Return what findings are sorted by: path, line, column, code."""
    return finding.place.file, finding.place.span, finding.code, finding.message


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of layers that come from one line as one, which says how many more there are."""

    def line(finding: Finding) -> tuple[object, ...]:
        return finding.code, finding.place.span

    groups = [list(group) for _, group in groupby(sorted(findings, key=line), key=line)]  # sorted is stable
    return [group[0]._replace(more=group[0].more + len(group) - 1) for group in groups]


def fails(findings: Iterable[Finding], fail_on: Severity | None) -> bool:
    """Return whether any finding is as bad as ``fail_on``; None never fails."""
    return fail_on is not None and any(finding.severity.at_least(fail_on) for finding in findings)
