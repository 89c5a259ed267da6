"""What the positions of a layer see, on a console in its width, in a file, and on a page."""

from __future__ import annotations

import io
from textwrap import wrap

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.report.markdown import escaped, markdown_row
from cnncalc.report.sight import Told, lines
from cnncalc.report.sight_growth import COLUMNS, growth_caption, growth_rows
from cnncalc.report.table import UNBOUNDED

_STYLES = {"heading": "bold", "line": "", "part": "", "note": "yellow"}
_STARTS = {"note": "note: ", "part": "  "}


def print_sight(told: Told, console: Console) -> None:
    """Print the report; the growth as a table beneath it."""
    for kind, text, hanging in lines(told):
        start = _STARTS.get(kind, "")
        for line in _folded(start + text, len(start) + (0 if kind == "note" else hanging), console.width):
            console.print(Text(line, style=_STYLES[kind]), soft_wrap=True)
    if told.growth:
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        for title in COLUMNS:
            table.add_column(title, justify="left" if title in COLUMNS[:2] else "right", overflow="fold")
        for path, *cells in growth_rows(told.growth):
            table.add_row(Text(path, style="cyan"), *cells)
        console.print()
        console.print(Text(growth_caption(told.growth), style="dim"))
        console.print(table, soft_wrap=console.width >= UNBOUNDED)


def _folded(text: str, hanging: int, width: int) -> list[str]:
    """Return a line in as many as it needs, the later ones standing in."""
    if len(text) <= width:
        return [text]
    head = text[: len(text) - len(text.lstrip())]
    indent = " " * min(hanging, width // 2)
    first, *others = wrap(text.lstrip(), width - len(head), break_on_hyphens=False)
    return [head + first, *wrap(" ".join(others), width, initial_indent=indent, subsequent_indent=indent)]


def sight_text(told: Told) -> str:
    """Return the report as plain text in its natural width, for a file or a pipe."""
    stream = io.StringIO()
    print_sight(told, Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def sight_markdown(told: Told) -> str:
    """Return the report for a page."""
    heading, *others = lines(told)
    text = [f"**{escaped(heading.text)}**", ""]
    text += [f"{'  ' if row.kind == 'part' else ''}- {escaped(row.text)}" for row in others]
    if told.growth:
        text += ["", growth_caption(told.growth), ""]
        text += [markdown_row(COLUMNS), markdown_row(["---"] * 2 + ["---:"] * 3)]
        text += [markdown_row(row) for row in growth_rows(told.growth)]
    return "\n".join(text) + "\n"
