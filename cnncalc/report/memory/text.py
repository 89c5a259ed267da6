"""A network's memory for people: on a console in its width, as plain text, and as Markdown."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.errors import printable
from cnncalc.report.markdown import escaped, markdown_row
from cnncalc.report.memory.words import heading, lines
from cnncalc.report.table import UNBOUNDED

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.memory import Footprint

INDENT = "  "


def print_memory(analysis: Analysis, found: Footprint, console: Console, *, order: bool = False) -> None:
    """Print the report on a console, in its width; with ``order`` the names of the layers in the better one."""
    wide = console.width >= UNBOUNDED
    console.print(Text(heading(analysis, found), style="bold"), soft_wrap=wide)
    table = Table(box=None, show_header=False, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines(analysis, found):
        name = Text(f"{INDENT * line.indent}{line.name}", style=line.style)
        table.add_row(name, Text(line.size, style=line.style), Text(line.remark))
    console.print(table, soft_wrap=wide)
    if order:
        console.print()
        for text in order_lines(found):
            console.print(Text(text), soft_wrap=True)


def order_lines(found: Footprint) -> list[str]:
    """Return the layers in the better order, one a line; where there is none, that."""
    known = "no order needs less" if found.is_least else "no better order is known"
    return [printable(path) for path in found.order] or [f"the layers run as they stand: {known}"]


def memory_text(analysis: Analysis, found: Footprint, *, order: bool = False) -> str:
    """Return the report as plain text in its natural width, for a file or a pipe."""
    stream = io.StringIO()
    console = Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False)
    print_memory(analysis, found, console, order=order)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def memory_markdown(analysis: Analysis, found: Footprint, *, order: bool = False) -> str:
    """Return the report as a Markdown table, and the order as a numbered list."""
    rows = [
        f"## {escaped(heading(analysis, found))}",
        "",
        markdown_row(["what", "bytes", "remark"]),
        markdown_row(["---", "---:", "---"]),
    ]
    for line in lines(analysis, found):
        name = f"**{line.name}**" if not line.indent else line.name
        rows.append(markdown_row([name, line.size, line.remark]))
    if order:
        rows += ["", *(f"1. `{path}`" for path in order_lines(found))]
    return "\n".join(rows) + "\n"
