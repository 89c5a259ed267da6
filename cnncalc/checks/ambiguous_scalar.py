"""CNN004: a word that YAML 1.1 and YAML 1.2 read differently."""

from __future__ import annotations

import re

from cnncalc.checks.base import Edit, Finding, Fix, Refused, Suggestion
from cnncalc.checks.meant import source
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import AmbiguousScalar as Ambiguous
from cnncalc.errors import Span

_FLAGS = {"bias", "count_include_pad", "when"}
_TEXTS = {"name", "source", "from", "weights"}
_NUMBER = r"-?[0-9.]+"
_REWRITE = rf'{_NUMBER}|true|false|".*"'
_KEY = r"(?:^|[\s{,-])(\w+): +[\"']?$"


class AmbiguousScalar(Refused):
    """A plain word or number that YAML 1.1 and YAML 1.2 read differently."""

    code = "CNN004"
    name = "ambiguous-scalar"
    refuses = Ambiguous
    why = (
        "The same bytes would be two networks, by the reader: 010 is 8 in YAML 1.1 and 10 in YAML 1.2, and `off` is "
        "false in one of them only."
    )
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 010, kernel: 3}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 10, kernel: 3}\n"
    options = "`--fix` writes the one reading that is left, where only one is."
    references = (
        "Ben-Kiki, Evans and dot Net 2009, YAML Ain't Markup Language, version 1.1",
        "Ben-Kiki, Evans and dot Net 2021, YAML Ain't Markup Language, version 1.2, revision 1.2.2",
    )

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the two rewrites, and the fix where only one can be meant."""
        error, span, written = refusal.error, refusal.error.place.span, source(survey, refusal.error)
        fact, _, ways = error.fact.rpartition(": write ")
        first, _, quoted = ways.removesuffix(" for the text").partition(", or ")
        text = quoted or (first if first.startswith('"') else "")
        found = self.finding(error.place, fact)._replace(label="read in two ways" if "1.2" in fact else "")
        if not written or text[1:-1] != written or re.search(r'[\\"]', written):
            return found._replace(label="", helps=((Suggestion(f"write {ways}"),),))
        if chosen := _chosen(first, text, survey, span):
            return found._replace(fix=Fix(f"write {chosen}", (Edit(span, chosen),)))
        helps = [
            Suggestion(f"write {one}{suffix}", (Edit(span, one),))
            for one, suffix in {first: "", text: "" if first == text else " for the text"}.items()
            if re.fullmatch(_REWRITE, one)
        ]
        return found._replace(helps=(tuple(helps),))


def _chosen(first: str, text: str, survey: Survey, span: Span) -> str:
    """Return the rewrite that is the only one to fit where the word stands, or nothing."""
    line = survey.lines[span.line - 1]
    if line[span.end_column - 1 :].lstrip().startswith(":"):
        return text
    key = re.search(_KEY, line[: span.column - 1])
    if key and key[1] in _TEXTS:
        return text
    if first in ("true", "false"):
        return first if key and key[1] in _FLAGS else ""
    return first if re.fullmatch(_NUMBER, first) else ""
