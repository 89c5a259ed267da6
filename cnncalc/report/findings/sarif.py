"""The report of check for code scanning: SARIF 2.1.0."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cnncalc import __version__
from cnncalc.checks import rule
from cnncalc.checks.base import Finding, Fix, Severity
from cnncalc.errors import CnncalcError, Span, printable
from cnncalc.report.findings import Lines, inside, paragraphs
from cnncalc.report.findings.json import rows_text
from cnncalc.report.rules import rule_markdown, what

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def sarif_text(findings: Sequence[Finding], files: Sequence[str], lines: Lines, root: Path | None = None) -> str:
    """Return one run of SARIF; paths are relative to ``root``, or to the working directory."""
    uris = {file: location(file, root) for file in dict.fromkeys((*files, *(one.place.file for one in findings)))}
    artifacts = {one["uri"]: one for one in uris.values()}  # a file may go by two paths
    index = {uri: number for number, uri in enumerate(artifacts)}
    places = {file: {**one, "index": index[one["uri"]]} for file, one in uris.items()}
    codes = {code: index for index, code in enumerate(sorted({finding.code for finding in findings}))}
    run = {
        "tool": {"driver": {"name": "cnncalc", "version": __version__, "rules": [_rule(code) for code in codes]}},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {BASE: {"description": {"text": "The folder that the paths are relative to."}}},
        "artifacts": [{"location": one, "roles": ["analysisTarget"]} for one in artifacts.values()],
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    prints = fingerprints(findings, lines)
    results = (
        _result(finding, codes[finding.code], places[finding.place.file], mark)
        for finding, mark in zip(findings, prints, strict=True)
    )
    return rows_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, "results", results)


def location(file: str, root: Path | None) -> dict[str, str]:
    """Return a file's place as a relative URI, or as an absolute one if it is outside of the root.

    >>> location("a folder/net.yaml", None)
    {'uri': 'a%20folder/net.yaml', 'uriBaseId': '%SRCROOT%'}
    """
    if (path := inside(file, root)) is not None:
        return {"uri": _quoted(path), "uriBaseId": BASE}
    path = str(Path(file).absolute()).replace(os.sep, "/")
    return {"uri": f"file:///{_quoted(path.removeprefix('/'))}"}


def message(text: str) -> str:
    """Return a text in which nothing is a placeholder or a link of SARIF, whatever names are in it.

    Other braces stay single: the readers there are show them as they stand.

    >>> message("{0} of {conv: 8}, [here](1)")
    '{{0}} of {conv: 8}, [here] (1)'
    """
    return re.sub(r"\{(\d+)\}", r"{{\1}}", text).replace("](", "] (")


def fingerprints(findings: Sequence[Finding], lines: Lines) -> list[str]:
    """Return what finds each finding again after the file has changed: its code, its layer and its line's text.

    Those that agree in all of this are numbered in each file.
    """
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    texts: dict[str, Sequence[str]] = {}
    for finding in findings:
        file, number = finding.place.file, finding.place.span.line
        if file not in texts:
            texts = {file: _lines(file, lines)}  # findings are sorted by file: one is held at a time
        line = texts[file][number - 1].strip() if number <= len(texts[file]) else ""
        whole = "\0".join((finding.code, finding.place.path, line)).encode("utf-8", "surrogatepass")
        digest = sha256(whole).hexdigest()[:32]
        seen[file, digest] += 1
        found.append(f"{digest}:{seen[file, digest]}")
    return found


def _lines(file: str, lines: Lines) -> Sequence[str]:
    try:
        return lines(file)
    except (CnncalcError, OSError, ValueError):  # it was there when it was checked
        return ()


def _quoted(path: str) -> str:
    try:
        return quote(os.fsencode(path))
    except UnicodeEncodeError:
        return quote(printable(path))


def _rule(code: str) -> dict[str, Any]:
    one = rule(code)
    formula = f"\n\n{one.formula}" if one.formula else ""
    return {
        "id": code,
        "name": one.name,
        "shortDescription": {"text": what(code)},
        "fullDescription": {"text": one.why},
        "help": {
            "text": f"{one.why}{formula}\n\nExample:\n{one.example}\nUse instead:\n{one.instead}",
            "markdown": rule_markdown(code),
        },
        "defaultConfiguration": {"level": LEVELS[one.severity]},
    }


def _result(finding: Finding, index: int, place: dict[str, Any], mark: str) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": message("\n".join(paragraphs(finding)))},
        "locations": [_found(finding, place)],
        "partialFingerprints": {"cnncalc/v1": mark},
        **_related(finding, place),
        **({"fixes": [_fix(finding.fix, place)]} if finding.fix and finding.fix.edits else {}),
    }


def _found(finding: Finding, place: dict[str, Any]) -> dict[str, Any]:
    layer = {"fullyQualifiedName": printable(finding.place.path), "kind": "layer"}
    return {**_physical(finding.place.span, place), **({"logicalLocations": [layer]} if finding.place.path else {})}


def _related(finding: Finding, place: dict[str, Any]) -> dict[str, Any]:
    others = [(other.span, message(printable(other.text))) for other in finding.others]
    uses = [(call, "used here") for call in finding.calls]
    unique = dict.fromkeys((*others, *uses))  # as the schema wants them
    related = [{**_physical(span, place), "message": {"text": text}} for span, text in unique]
    return {"relatedLocations": related} if related else {}


def _physical(span: Span, place: dict[str, Any]) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": place, "region": _region(span)}}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(fix: Fix, place: dict[str, Any]) -> dict[str, Any]:
    replacements = [{"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits]
    return {
        "description": {"text": message(printable(fix.text))},
        "artifactChanges": [{"artifactLocation": place, "replacements": replacements}],
        "properties": {"safe": fix.safe},
    }
