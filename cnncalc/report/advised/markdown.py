"""The advice for a pull request or a page: a table for each piece, and the changed lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.report.advised.text import MOST_LINES
from cnncalc.report.advised.words import RULE, applied_lines, head, headline, line_text, nothing, remarks, totals_rows
from cnncalc.report.markdown import escaped

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice
    from cnncalc.advise.applying import Applied


def advised_markdown(advice: Advice, top: int) -> str:
    """Return the advice as Markdown, for a pull request or a page."""
    lines = [f"**{escaped(head(advice))}**"]
    for number, piece in enumerate(advice.pieces[:top], start=1):
        lines += [
            "",
            f"### {number}. {escaped(headline(piece))}",
            "",
            "| | before | after | |",
            "|---|---:|---:|---:|",
        ]
        lines += [f"| {' | '.join(row)} |" for row in totals_rows(piece.before, piece.after)]
        lines += ["", *(f"- {escaped(line_text(one))}" for one in piece.lines[:MOST_LINES])]
        lines += ["", "```diff", *(f"{sign} {printable(text)}" for sign, _, text in piece.changes), "```", ""]
        lines += [f"- {label}: {escaped(text)}" for label, text in remarks(piece)]
    lines += ["", *(f"- no {name}: {escaped(why)}" for name, why in nothing(advice))]
    lines += ["", RULE] if advice.pieces else []
    return "\n".join(lines).rstrip("\n") + "\n"


def applied_markdown(done: Applied, path: str) -> str:
    """Return what was written, with the totals before and after."""
    first, *rest = applied_lines(done, path)
    return "\n".join([escaped(first), "", *(f"- {escaped(line)}" for line in rest)]) + "\n"
