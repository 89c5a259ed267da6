"""What the positions of a layer see, on a console in its width."""

from __future__ import annotations

import io

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.report.sight import Told, growth_rows, lines
from cnncalc.report.table import UNBOUNDED

_STYLES = {"heading": "bold", "line": "", "note": "yellow"}


def print_sight(told: Told, console: Console) -> None:
    """Print the report; the growth as a table beneath it."""
    wide = console.width >= UNBOUNDED
    for kind, text in lines(told):
        console.print(Text(f"note: {text}" if kind == "note" else text, style=_STYLES[kind]), soft_wrap=wide)
    if told.growth:
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        for title in ("layer", "op", "size", "jump", "start"):
            table.add_column(title, justify="left" if title in ("layer", "op") else "right", overflow="fold")
        for path, *cells in growth_rows(told.growth):
            table.add_row(Text(path, style="cyan"), *cells)
        console.print()
        console.print(table, soft_wrap=wide)


def sight_text(told: Told) -> str:
    """Return the report as plain text in its natural width, for a file or a pipe."""
    stream = io.StringIO()
    print_sight(told, Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())
