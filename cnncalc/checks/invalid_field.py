"""CNN005: an option that is not known, missing, or of another kind."""

from __future__ import annotations

import re

from cnncalc.checks.base import Edit, Finding, Refused, Suggestion
from cnncalc.checks.meant import meant, replacing
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import InvalidField as Invalid
from cnncalc.errors import Span

_REWRITTEN = r"must be (?:written )?([^' ]+|\[[^']+\])(?:, in small letters \(|, not )'([^']+)'"


class InvalidField(Refused):
    """An option or a key is not known, is missing, or has a value of another kind."""

    code = "CNN005"
    name = "invalid-field"
    refuses = Invalid
    why = (
        "An option that is passed over in silence is a network that nobody drew: `strides: 2` would leave the stride "
        "at 1. The words of other frameworks are known, and the word here is said."
    )
    example = "cnncalc: 1\ninput: 1x9x9\nlayers:\n- {conv: 8, kernel_size: 3, stride: 2}\n"
    instead = "cnncalc: 1\ninput: 1x9x9\nlayers:\n- {conv: 8, kernel: 3, stride: 2}\n"
    options = "The page on the language lists the options of each op."

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding; a word that is likely meant comes with the edit that writes it."""
        error = refusal.error
        found = self.finding(error.place, error.fact)
        if asked := re.fullmatch(r"(.*); did you mean ([a-z_0-9]+)\?", error.fact):
            edits = replacing(error, survey, asked[2])
            return found._replace(message=asked[1], helps=((Suggestion(f"did you mean {asked[2]}?", edits),),))
        if asked := re.search(_REWRITTEN, error.fact):
            return found._replace(
                helps=((Suggestion(f"`{asked[1]}`", _written(asked[2], asked[1], refusal, survey)),),)
            )
        if error.help.startswith("[") and (asked := re.fullmatch(r".*, not '(\(.*\))'", error.fact)):
            return found._replace(helps=((Suggestion(error.help, _written(asked[1], error.help, refusal, survey)),),))
        help = meant(error, survey)
        return found._replace(helps=((help,),) if help else ())


def _written(wrong: str, right: str, refusal: Refusal, survey: Survey) -> tuple[Edit, ...]:
    """Return the edit that writes a value as the error says, if the file has the wrong one at its place."""
    span = refusal.error.place.span
    if survey.lines[span.line - 1][span.column - 1 :].startswith(wrong):
        return (Edit(Span(span.line, span.column, span.line, span.column + len(wrong)), right),)
    return ()
