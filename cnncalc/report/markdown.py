"""The report for a pull request or a page: a Markdown table and the totals."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis import Analysis, Group
from cnncalc.report.columns import COLUMNS
from cnncalc.report.notes import legend, notes, summary


def markdown_text(analysis: Analysis, groups: Sequence[Group], names: Sequence[str]) -> str:
    """Return the chosen columns as a Markdown table with the totals, what was counted and the notes beneath."""
    columns, totals = [COLUMNS[name] for name in names], analysis.totals
    lines = [
        _row([column.title for column in columns]),
        _row(["---:" if column.is_number else "---" for column in columns]),
        *(_row([column.text(group, totals) for column in columns]) for group in groups),
        _row(["**total**", *(f"**{column.total(totals)}**" if column.total else "" for column in columns[1:])]),
        "",
        summary(analysis),
        "",
        legend(analysis),
        *(f"\n- {_escaped(note)}" for note in notes(analysis, names)),
    ]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
