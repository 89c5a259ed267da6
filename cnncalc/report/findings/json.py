"""The report of check for programs, whole: schema 1, described in docs/findings.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cnncalc import __version__
from cnncalc.checks.base import Edit, Finding, Severity
from cnncalc.checks.run import Profiled
from cnncalc.errors import Span, printable
from cnncalc.report.findings import Lines

SCHEMA = 1


def json_text(
    findings: Sequence[Finding],
    files: Sequence[str],
    lines: Lines,  # noqa: ARG001 - as every format
    profiled: Profiled | None = None,
) -> str:
    """Return the findings as one JSON document: one finding a line, so that two reports can be compared."""
    counts = {name: sum(one.severity is severity for one in findings) for name, severity in _COUNTS.items()}
    document = {"cnncalc": __version__, "schema": SCHEMA, "findings": [], "files": len(files), **counts}
    numbers = _numbers(profiled) if profiled else {}
    return rows_text(document | numbers, "findings", map(record, findings))


def _numbers(profiled: Profiled) -> dict[str, Any]:
    """Return what another tool prints for each file by its path, and the ops of which it is not known what they add."""
    unknown = {printable(file): list(ops) for file, ops in profiled.unknown.items()}
    return {
        "profile": profiled.profile.name,
        "profile_totals": {printable(file): total for file, total in profiled.totals.items()},
        **({"profile_unknown": unknown} if unknown else {}),
    }


def rows_text(document: Mapping[str, Any], key: str, rows: Iterable[Any]) -> str:
    r"""Return JSON in ASCII with one row a line in the list under ``key``, which is empty in the document.

    >>> rows_text({"a": [], "b": 1}, "a", [2, 3])
    '{"a": [\n2,\n3\n], "b": 1}\n'
    """
    before, after = json.dumps(document).split(f'"{key}": []')  # a text in the document has its quotes escaped
    told = ",".join("\n" + json.dumps(row) for row in rows)
    return f'{before}"{key}": [{told}\n]{after}\n'


def record(finding: Finding) -> dict[str, Any]:
    """Return one finding as plain data; edits are kept as they are, all other text is made printable."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "path": printable(finding.place.file),
        **stretch(finding.place.span),
        "layer": printable(finding.place.path),
        "op": printable(finding.place.op),
        "message": printable(finding.message),
        "label": printable(finding.label),
        "others": [{**stretch(other.span), "text": printable(other.text)} for other in finding.others],
        "notes": [printable(note) for note in finding.notes],
        "help": [
            [
                {
                    "text": printable(suggestion.text),
                    "edits": _edits(suggestion.edits),
                    "output": None if suggestion.output is None else list(suggestion.output),
                }
                for suggestion in line
            ]
            for line in finding.helps
        ],
        "more": finding.more,
        "calls": [stretch(call) for call in finding.calls],
        "fix": {
            "text": printable(finding.fix.text),
            "safe": finding.fix.safe,
            "edits": _edits(finding.fix.edits),
        }
        if finding.fix
        else None,
    }


def stretch(span: Span) -> dict[str, int]:
    """Return a stretch of a file: it begins at ``line`` and ``column``, from 1, and ends before ``end_column``."""
    return span._asdict()


def _edits(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    return [{**stretch(edit.span), "text": edit.text} for edit in edits]


_COUNTS = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "advice": Severity.ADVICE}
