"""The advice in paragraphs: in colour and in the width of a terminal, or as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from cnncalc.checks.words import counted
from cnncalc.errors import printable
from cnncalc.report.advised.words import RULE, applied_lines, head, headline, line_text, nothing, remarks, totals_rows

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice, Piece
    from cnncalc.advise.applying import Applied

MOST_LINES, MOST_CHANGES = 5, 24
SIGNS = {"+": "green", "-": "red"}

Paragraph = tuple[str, str, int]
"""Its style, its text, and how far what wraps is indented; -1 for what is never wrapped."""


def print_advised(advice: Advice, top: int, console: Console | None) -> str:
    """Print the advice on a console in its width; without one, return it as plain text in its natural width."""
    lines = []
    for style, text, indent in told(advice, top):
        if console is None:
            lines.append(text)
        elif indent < 0 or len(text) <= console.width:
            console.print(Text(text, style=style), soft_wrap=True)
        else:
            gap = " " * indent
            wrapped = textwrap.wrap(text, console.width, subsequent_indent=gap, break_on_hyphens=False)
            console.print(Text("\n".join(wrapped), style=style), soft_wrap=True)
    return "".join(f"{line}\n" for line in lines)


def told(advice: Advice, top: int) -> Iterator[Paragraph]:
    """Yield the whole report in paragraphs."""
    yield "bold", head(advice), 0
    for number, piece in enumerate(advice.pieces[:top], start=1):
        yield "", "", 0
        yield "bold cyan", f"{number}. {headline(piece)}", 3
        yield from _piece(piece)
    yield "", "", 0
    if advice.pieces[top:]:
        yield "", f"and {len(advice.pieces) - top} more: --top {len(advice.pieces)} shows all", 0
    for name, why in nothing(advice):
        yield "", f"no {name}: {why}", 3
    if advice.pieces:
        yield "dim", RULE, 0


def _piece(piece: Piece) -> Iterator[Paragraph]:
    rows = totals_rows(piece.before, piece.after)
    widths = [max(len(row[at]) for row in rows) for at in (1, 2, 3)]
    for label, was, would, by in rows:
        text = f"   {label:<11}  {was:>{widths[0]}} -> {would:>{widths[1]}}  {by:>{widths[2]}}"
        yield "green" if by.startswith("-") else "yellow" if by.startswith("+") else "", text, -1
    for one in piece.lines[:MOST_LINES]:
        yield "", f"   {line_text(one)}", 5
    if len(piece.lines) > MOST_LINES:
        yield "", f"   and {counted(len(piece.lines) - MOST_LINES, 'more line')}", 5
    for sign, number, text in piece.changes[:MOST_CHANGES]:
        yield SIGNS[sign], f"   {sign} {number:>4}  {printable(text)}", 12
    more = len(piece.changes) - MOST_CHANGES + piece.more_changes
    if more > 0:
        yield "", f"   and {counted(more, 'more changed line')}", 5
    for label, text in remarks(piece):
        yield "", f"   {label}: {text}", 5


def applied_text(done: Applied, path: str) -> str:
    """Return what was written, with the totals before and after."""
    first, *rest = applied_lines(done, path)
    return "".join([f"{first}\n", *(f"  {line}\n" for line in rest)])
