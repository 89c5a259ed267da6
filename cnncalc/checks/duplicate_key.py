"""CNN003: a key that one mapping has twice."""

from __future__ import annotations

from cnncalc.checks.base import Finding, Label, Refused
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import DuplicateKey as Twice


class DuplicateKey(Refused):
    """A key is given twice in one mapping."""

    code = "CNN003"
    name = "duplicate-key"
    refuses = Twice
    why = (
        "Most readers of YAML keep the last value in silence: one of the two was never meant, and nobody is told which."
    )
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3, padding: 1, kernel: 5}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3, padding: 1}\n"
    references = ("Ben-Kiki, Evans and dot Net 2021, YAML Ain't Markup Language, version 1.2, revision 1.2.2",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with both places."""
        error, found = refusal.error, super().told(refusal, survey)
        if not isinstance(error, Twice) or error.first is None:
            return found
        return found._replace(label="given again", others=(Label(error.first, "given first"),))
