"""Mends a file where its findings say how: at the marks, so that comments and layout stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.checks.base import Edit, Finding
from cnncalc.checks.engine import check_survey
from cnncalc.checks.mending import applied
from cnncalc.checks.settings import Settings
from cnncalc.checks.survey import survey

MAX_ROUNDS = 100
"""How often a file is read again: an error of the file itself hides the next one."""


class Mended(NamedTuple):
    """A file before and after, and the findings that were mended."""

    before: str
    after: str
    fixed: tuple[Finding, ...]

    def diff(self, file: str) -> str:
        """Return what changes as a unified diff."""
        from difflib import unified_diff

        lines = unified_diff(
            self.before.splitlines(keepends=True), self.after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def mended(content: bytes, file: str, settings: Settings, *, unsafe: bool = False) -> Mended:
    r"""Return a file's text with every fix in it, and again until none is left; the unsafe ones where asked for.

    A round that leaves a finding which it should have mended is taken back.

    >>> mended(b"cnncalc: 1\ninput: 010\nlayers: [{linear: 1}]", "net.yaml", Settings()).after
    'cnncalc: 1\ninput: 10\nlayers: [{linear: 1}]'
    """
    before = text = content.decode("utf-8-sig", "replace")
    fixed: list[Finding] = []
    findings = check_survey(survey(content, file), settings)
    for _ in range(MAX_ROUNDS):
        mine = (one for one in findings if one.place.file == file)  # not what is wrong in a file that it extends
        chosen = compatible(one for one in mine if one.fix and (one.fix.safe or unsafe))
        if not chosen:
            break
        trial = applied(text, [edit for one in chosen for edit in (one.fix.edits if one.fix else ())])
        after = check_survey(survey(trial.encode("utf-8", "surrogatepass"), file), settings)
        if trial == text or left(chosen, after):
            break
        text, findings = trial, after
        fixed += chosen
    return Mended(before, text, tuple(fixed))


def compatible(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings whose edits do not overlap, the first of each place."""
    taken: list[Edit] = []
    chosen = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if not any(_overlap(edit, other) for edit in edits for other in taken):
            taken += edits
            chosen.append(finding)
    return chosen


def left(chosen: Iterable[Finding], after: Iterable[Finding]) -> bool:
    """Return whether a finding is still there after its fix: no fix is tried for ever."""
    there = {(one.code, one.message, one.place.span.line) for one in after}
    return any((one.code, one.message, one.place.span.line) in there for one in chosen)


def _overlap(one: Edit, two: Edit) -> bool:
    (a, b), (c, d) = ((edit.span[:2], edit.span[2:]) for edit in (one, two))
    return a < d and c < b if a != b and c != d else a == c
