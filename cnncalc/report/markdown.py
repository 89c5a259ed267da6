"""The report for a pull request or a page: a Markdown table and the totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis import Analysis
from cnncalc.folding import Group
from cnncalc.report.columns import columns
from cnncalc.report.notes import legend, notes, profile_legend, summary

if TYPE_CHECKING:
    from cnncalc.profiles import Counted


def markdown_text(
    analysis: Analysis, groups: Sequence[Group], names: Sequence[str], counted: Counted | None = None
) -> str:
    """Return the chosen columns as a Markdown table with the totals, what was counted and the notes beneath."""
    known, totals = columns(counted), analysis.totals
    shown = [known[name] for name in names]
    lines = [
        markdown_row([column.title for column in shown]),
        markdown_row(["---:" if column.is_number else "---" for column in shown]),
        *(markdown_row([column.text(group, totals) for column in shown]) for group in groups),
        markdown_row(["**total**", *(f"**{column.total(totals)}**" if column.total else "" for column in shown[1:])]),
        "",
        summary(analysis, counted),
        "",
        legend(analysis),
        *([f"\n{escaped(profile_legend(counted.profile, counted.unknown))}"] if counted else []),
        *(f"\n- {escaped(note)}" for note in notes(analysis, names)),
    ]
    return "\n".join(lines) + "\n"


def markdown_row(cells: Sequence[str]) -> str:
    """Return one row of a Markdown table."""
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """Return a text as Markdown shows it in a cell: no pipe ends it, no tag begins in it."""
    return text.replace("|", "\\|").replace("<", "&lt;")
