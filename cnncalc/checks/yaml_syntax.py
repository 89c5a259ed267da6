"""CNN001: a file that is not YAML, or not one document of it."""

from __future__ import annotations

from cnncalc.checks.base import Edit, Finding, Refused, Suggestion
from cnncalc.checks.meant import source
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import YamlSyntax as NotYaml


class YamlSyntax(Refused):
    """The file is not UTF-8, not YAML, empty, or more than one document."""

    code = "CNN001"
    name = "yaml-syntax"
    refuses = NotYaml
    why = (
        "Nothing can be said of a network that cannot be read, and a guess at what was meant would be another network."
    )
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel:3}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3}\n"
    options = "The first error of this kind hides the rest of the file."
    references = ("Ben-Kiki, Evans and dot Net 2021, YAML Ain't Markup Language, version 1.2, revision 1.2.2",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding, with the edit where one blank is missing."""
        error, found = refusal.error, super().told(refusal, survey)
        written = source(survey, error)
        if written and error.help.replace(": ", ":", 1) == written and "space after the colon" in error.fact:
            return found._replace(helps=((Suggestion(error.help, (Edit(error.place.span, error.help),)),),))
        return found
