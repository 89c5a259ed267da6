"""CNN009: a comment that suppresses nothing."""

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.checks.base import Finding, Rule, Severity
from cnncalc.checks.survey import Survey


class UnusedIgnore(Rule):
    """A comment suppresses nothing: the finding is gone, was never there, or cannot be suppressed."""

    code = "CNN009"
    name = "unused-ignore"
    severity = Severity.WARNING
    why = (
        "A suppression that has nothing to suppress hides the next finding on its line. Errors of the file and of "
        "what fits (CNN0xx, CNN1xx) cannot be suppressed, and an ignore must name what it ignores."
    )
    example = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3}  # cnncalc: ignore[CNN201] was under floor\n"
    instead = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3}\n"
    options = (
        "`# cnncalc: ignore[CODE] why` at the end of a line or above it, `# cnncalc: ignore-file[CODE] why` anywhere."
    )

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield nothing: what is unused is known when the other rules have run (see ignores.py)."""
        return iter(())
