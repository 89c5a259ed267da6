"""The word that was meant, put in the place of the one that was written."""

from __future__ import annotations

import re

from cnncalc.checks.base import Edit, Suggestion
from cnncalc.checks.survey import Survey
from cnncalc.errors import Span, SpecError
from cnncalc.spec.refusal import suggestion

_MEANT = r"did you mean ([A-Za-z_][A-Za-z0-9_]*)\?"
_QUOTED = r"'([^']+)'"


def meant(error: SpecError, survey: Survey) -> Suggestion | None:
    """Return the error's help, with the edit that follows it where it asks "did you mean"; None without help."""
    if not error.help:
        return None
    found = re.fullmatch(_MEANT, error.help)
    return Suggestion(error.help, replacing(error, survey, found[1]) if found else ())


def replacing(error: SpecError, survey: Survey, word: str) -> tuple[Edit, ...]:
    """Return the edit that puts a word in the place of the one that the error is about, if that is plain to see."""
    span = error.place.span
    data = survey.mappings.get(span)
    if data is not None:  # a layer without an op: the key from which the word was guessed
        return next((
            (Edit(at, word),) for key, at in data.keys_at.items() if suggestion(key, [word]) == f"did you mean {word}?"
        ), ())  # fmt: skip
    written = source(survey, error)
    for wrong in (*re.findall(_QUOTED, error.fact)[::-1], written):
        for part in dict.fromkeys((wrong, wrong.partition(".")[0])):
            found = list(re.finditer(rf"(?<![\w.]){re.escape(part)}(?!\w)", written))
            if len(found) == 1 and suggestion(part, [word]) == f"did you mean {word}?":
                return (Edit(inside(error.place.span, found[0].start(), len(part)), word),)
    return ()


def inside(span: Span, start: int, length: int) -> Span:
    """Return the stretch of so many characters, from the one at ``start`` of a stretch on one line."""
    return span._replace(column=span.column + start, end_column=span.column + start + length)


def source(survey: Survey, error: SpecError) -> str:
    """Return the text of the stretch that an error is about, if that is on one line."""
    span = error.place.span
    if span.line != span.end_line or span.line > len(survey.lines):
        return ""
    return survey.lines[span.line - 1][span.column - 1 : span.end_column - 1]
