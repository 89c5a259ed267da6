"""CNN006: an expression that does not parse, or has no value."""

from __future__ import annotations

from cnncalc.checks.base import Edit, Finding, Refused, Suggestion
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import BadExpression as Bad

_QUOTES = "put it in quotes: "


class BadExpression(Refused):
    """An expression does not parse, is not arithmetic, or has no value."""

    code = "CNN006"
    name = "bad-expression"
    refuses = Bad
    why = (
        "Expressions are exact arithmetic on the arguments of the file, `i`, `row` and `cin`, and nothing else: no "
        "names of layers, no strings, no calls but the few functions listed."
    )
    formula = "+ - * / // % ** ( ), comparisons, and/or/not, a if c else b, min max abs round floor ceil divisible"
    example = "cnncalc: 1\ninput: 1x8x8\nargs: {width: 4}\nlayers:\n- {conv: 2 * width *, kernel: 3}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nargs: {width: 4}\nlayers:\n- {conv: 2 * width, kernel: 3}\n"
    options = "An expression with a comma inside braces must be quoted."

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding; where a comma has cut an expression, with the quotes that keep it whole."""
        error, found = refusal.error, super().told(refusal, survey)
        quoted = error.help.removeprefix(_QUOTES)
        if not error.help.startswith(_QUOTES) or '"' in quoted[1:-1] or "\\" in quoted:
            return found
        span = error.place.span
        whole = quoted[1:-1]
        if not survey.lines[span.line - 1][span.column - 1 :].startswith(whole) or not whole.endswith(")"):
            return found
        edit = Edit(span._replace(end_line=span.line, end_column=span.column + len(whole)), quoted)
        return found._replace(helps=((Suggestion(error.help, (edit,)),),))
