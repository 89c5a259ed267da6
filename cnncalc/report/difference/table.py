"""The difference as tables: the totals, and a row for each line or block that is not what it was."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.difference import Difference, Fate
from cnncalc.difference.folding import Row, rows
from cnncalc.errors import printable
from cnncalc.report.difference.counts import cost, cost_before, total_before, totals
from cnncalc.report.difference.words import LEGEND, MARKS, legend_of, notes, path_text, renamed, row_text, verdict
from cnncalc.report.table import UNBOUNDED

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

_COSTS = ("params", "macs")
_LESS, _MORE = "green", "red"


def difference_text(difference: Difference, labels: Sequence[str], counted: Sequence[Counted] = ()) -> str:
    """Return the report as plain text in its natural width, for a file or a pipe."""
    stream = io.StringIO()
    console = Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False)
    print_difference(difference, labels, console, counted)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def print_difference(
    difference: Difference, labels: Sequence[str], console: Console, counted: Sequence[Counted] = ()
) -> None:
    """Print the totals, the rows and the notes; ``labels`` are what the two networks are called."""
    wide = console.width >= UNBOUNDED
    console.print(Text(printable(f"{labels[0]} → {labels[1]}"), style="bold"), soft_wrap=wide)
    console.print(totals_table(difference, counted), soft_wrap=wide)
    style = "green" if difference.is_same else "bold"
    console.print(Text(f"\n{verdict(difference)}", style=style), soft_wrap=wide)
    told = rows(difference.entries)
    if told:
        table = rows_table(difference, told, with_growth=True)
        if console.measure(table).minimum > console.width or natural(console, table) > console.width:
            table = rows_table(difference, told, with_growth=False)
        console.print(table, soft_wrap=wide)
        console.print(Text(LEGEND, style="dim"), soft_wrap=wide)
    for one in renamed(difference):
        console.print(Text(f"renamed: {one}"), soft_wrap=wide)
    for note in notes(difference):
        console.print(Text(note), soft_wrap=wide)
    if counted:
        console.print(Text(legend_of(counted), style="dim"), soft_wrap=wide)


def natural(console: Console, table: Table) -> int:
    """Return how wide a table would be with all the room there is."""
    return console.measure(table, options=console.options.update(width=UNBOUNDED)).maximum


def totals_table(difference: Difference, counted: Sequence[Counted] = ()) -> Table:
    """Return the totals, before and after."""
    table = plain_table()
    for title in ("", "before", "after", "difference", ""):
        table.add_column(title, justify="right" if title else "left", no_wrap=title != "before", overflow="fold")
    for title, before, after, delta, grown in totals(difference, counted):
        table.add_row(title, before, after, costed(delta), costed(grown))
    return table


def rows_table(difference: Difference, told: Sequence[Row], *, with_growth: bool) -> Table:
    """Return the rows with their deltas, and the deltas' sums; with per cent where there is room."""
    table = plain_table(show_footer=True)
    table.add_column("", no_wrap=True)
    table.add_column("layer", "total", style="cyan", overflow="fold", min_width=10)
    table.add_column("", overflow="fold", min_width=12)
    for name in _COSTS:
        whole = costed(cost(difference.delta(name), total_before(difference, name), with_growth=with_growth))
        table.add_column("params" if name == "params" else "MACs", whole, justify="right", no_wrap=True)
    for row in told:
        style = "dim" if row.fate is Fate.AFFECTED else ""
        cells = [costed(cost(row.delta(name), cost_before(row, name), with_growth=with_growth)) for name in _COSTS]
        table.add_row(MARKS[row.fate], Text(path_text(row)), Text(row_text(row)), *cells, style=style)
    return table


def plain_table(*, show_footer: bool = False) -> Table:
    """Return an empty table without a frame."""
    return Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        show_footer=show_footer,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
        footer_style="bold",
    )


def costed(text: str) -> Text:
    """Return a delta in the colour of what costs less, or more."""
    return Text(text, style=_LESS if text.startswith("-") else _MORE if text else "")
