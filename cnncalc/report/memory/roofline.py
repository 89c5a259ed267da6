"""A network on a device for people: each layer's bytes, intensity and least time; the devices that are known."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.errors import printable
from cnncalc.report.markdown import escaped, markdown_row
from cnncalc.report.table import UNBOUNDED, elided
from cnncalc.report.units import binary, ratio, seconds, short

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.memory.roofline import Roofline, Row

TITLES = ("layer", "op", "traffic", "FLOPs", "intensity", "time", "bound")
LEAVABLE = ("op", "FLOPs", "intensity")
"""What a narrow table leaves out, the first first."""
STYLES = {"memory": "yellow", "compute": "green"}
LEGEND = "each layer reads its inputs and weights and writes its output: nothing stays in a cache, nothing is fused"


def print_roofline(analysis: Analysis, found: Roofline, console: Console) -> None:
    """Print the table, its totals and what they mean on a console, in its width."""
    wide = console.width >= UNBOUNDED
    rows = [cells(row) for row in found.rows]
    total = cells(found.total)
    names = [printable(row.path) for row in found.rows]
    hidden: list[str] = []

    def width() -> int:
        shown = [at for at, title in enumerate(TITLES) if title not in hidden]
        return sum(max(len(row[at]) for row in (TITLES, total, *rows)) + 2 for at in shown) - 2

    if width() > console.width:
        rows = [(name, *row[1:]) for name, row in zip(elided(names), rows, strict=True)]
    for title in LEAVABLE:
        if width() > console.width:
            hidden.append(title)
    table = Table(box=SIMPLE_HEAD, show_footer=True, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.header_style = table.footer_style = "bold"
    for at, title in enumerate(TITLES):
        if title not in hidden:
            is_word = title in ("layer", "op", "bound")
            table.add_column(title, total[at], justify="left" if is_word else "right", no_wrap=at != 0, overflow="fold")
    for row, one in zip(rows, found.rows, strict=True):
        shown = [
            Text(cell, style=style(title, cell)) for title, cell in zip(TITLES, row, strict=True) if title not in hidden
        ]
        table.add_row(*shown, style="" if one.seconds else "dim")
    console.print(Text(heading(analysis, found), style="bold"), soft_wrap=wide)
    console.print(table, soft_wrap=wide)
    for text in summary(found, analysis.batch):
        console.print(Text(text), soft_wrap=wide)
    console.print(Text(LEGEND, style="dim"), soft_wrap=wide)
    if hidden:
        console.print(Text(f"left out at this width: {', '.join(hidden)}; a pipe shows all", style="dim"))


def cells(row: Row) -> tuple[str, ...]:
    """Return the cells of a row."""
    return (
        printable(row.path),
        row.op,
        binary(row.bytes) if row.bytes else "",
        short(row.flops),
        ratio(row.intensity),
        seconds(row.seconds),
        row.bound,
    )


def style(title: str, cell: str) -> str:
    """Return the style of a cell."""
    return "cyan" if title == "layer" else STYLES.get(cell, "") if title == "bound" else ""


def heading(analysis: Analysis, found: Roofline) -> str:
    """Return what runs on what."""
    name = printable(analysis.graph.name or analysis.graph.file)
    return f"{name}, batch {analysis.batch:,}, on {found.device.title} in {found.dtype}"


def summary(found: Roofline, batch: int) -> list[str]:
    """Return what the table comes to."""
    rate, total = found.device.rate(found.dtype), found.total
    speed = f"{short(int(rate))}FLOP/s and {short(int(found.device.bandwidth))}B/s"
    lines = [f"{speed}: a layer of less than {ratio(found.ridge)} FLOPs a byte waits for memory"]
    if total.seconds:
        lines.append(f"at least {seconds(total.seconds)}, so at most {int(batch / total.seconds):,} samples a second")
        waits = f"{float(100 * total.memory_bound / total.seconds):.1f}%"
        lines.append(f"{found.waiting:,} of {found.layers:,} layers wait for memory, {waits} of the time")
    return lines


def roofline_text(analysis: Analysis, found: Roofline) -> str:
    """Return the report as plain text in its natural width, for a file or a pipe."""
    stream = io.StringIO()
    print_roofline(
        analysis, found, Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False)
    )
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def roofline_markdown(analysis: Analysis, found: Roofline) -> str:
    """Return the report as a Markdown table with what it comes to beneath."""
    words = ("layer", "op", "bound")
    return "\n".join(
        [
            f"## {escaped(heading(analysis, found))}",
            "",
            markdown_row(TITLES),
            markdown_row(["---" if title in words else "---:" for title in TITLES]),
            *(markdown_row(cells(row)) for row in found.rows),
            markdown_row([f"**{cell}**" if cell else "" for cell in cells(found.total)]),
            "",
            *(f"- {escaped(line)}" for line in (*summary(found, analysis.batch), LEGEND)),
            "",
        ]
    )
