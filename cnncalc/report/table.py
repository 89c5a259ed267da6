"""A table for a terminal: as wide as it is, coloured where that means something, plain in a pipe."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.analysis import Analysis, Totals
from cnncalc.errors import printable
from cnncalc.folding import Group
from cnncalc.report.columns import DEFAULT, PROFILE, columns
from cnncalc.report.notes import legend, notes, profile_legend, summary
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

UNBOUNDED = 10_000
_GAP = 2
_FOLDING = ("layer", "op")
_LEAST_NAME = 10
_LEAST_ELIDED = 6
_EASY_OP = 30
_LEAST_OP = 20


def terminal() -> Console | None:
    """Return standard output as a console if it has a width: a terminal's own, or the one that COLUMNS gives."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return Console(highlight=False, emoji=False)
    return None


def table_text(
    analysis: Analysis, groups: Sequence[Group], names: Sequence[str], counted: Counted | None = None
) -> str:
    """Return the table as plain text in its natural width, for a file or a pipe."""
    stream = io.StringIO()
    console = Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False)
    print_table(analysis, groups, names, console, counted)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def print_table(
    analysis: Analysis,
    groups: Sequence[Group],
    names: Sequence[str],
    console: Console,
    counted: Counted | None = None,
) -> None:
    """Print the table, its totals and its notes on a console, in its width."""
    layout = Layout(analysis, groups, list(names), counted)
    layout.fit(console.width)
    width = max(console.width, layout.least)  # a number is never cut: what is still too wide runs over
    title = analysis.graph.name or analysis.graph.file
    images = ", ".join(
        shape(sizes) if name == "input" else f"{name} {shape(sizes)}" for name, sizes in analysis.graph.inputs.items()
    )
    console.print(Text(f"{printable(title)}, input {images}", style="bold"), soft_wrap=console.width >= UNBOUNDED)
    own, console.width = console.width, width
    console.print(layout.table(width), soft_wrap=width >= UNBOUNDED)
    console.width = own
    wraps = console.width < UNBOUNDED
    console.print(Text(summary(analysis, counted)), soft_wrap=not wraps)
    for line in (legend(analysis), *([profile_legend(counted.profile, counted.unknown)] if counted else [])):
        console.print(Text(line, style="dim"), soft_wrap=not wraps)
    for note in notes(analysis, names):
        console.print(Text(f"note: {note}", style="yellow"), soft_wrap=not wraps)
    if layout.hidden:
        hint = f"left out at this width: {', '.join(layout.hidden)}; --columns chooses, a pipe shows all"
        console.print(Text(hint, style="dim"))


class Layout:
    """Which columns are shown, and how briefly, so that the table fits."""

    def __init__(
        self, analysis: Analysis, groups: Sequence[Group], names: list[str], counted: Counted | None = None
    ) -> None:
        self.columns = columns(counted)
        self.totals: Totals = analysis.totals
        self.groups = groups
        self.names = names
        self.brief: set[str] = set()
        self.hidden: list[str] = []
        self.texts = {name: self._texts(name) for name in names}

    def fit(self, width: int) -> None:
        """Make the table narrower until it fits: paths first, then counts, start and jump, the settings last."""
        if self._width() > width and "layer" in self.names:
            self.texts["layer"] = elided(self.texts["layer"])
        if self._width(folded=_EASY_OP) <= width:
            return
        for name in [name for name in self.names if self.columns[name].brief_total]:
            self._shorten(name)
        usual = len({*self.names} - {PROFILE}) <= len(DEFAULT)
        for name in ("start", "jump"):
            if self._width(folded=_LEAST_OP) > width and name in self.names and usual:
                self.names.remove(name)
                self.hidden.append(name)
        if self._width(folded=_LEAST_OP) > width and "op" in self.names:
            self._shorten("op")
            self.hidden.append("settings")

    @property
    def least(self) -> int:
        """The narrowest that the table can be without cutting a number; names and ops fold."""
        folded = {"layer": _LEAST_NAME, "op": _LEAST_NAME if "op" in self.brief else _LEAST_OP}
        return sum(min(self._width_of(name), folded.get(name, UNBOUNDED)) for name in self.names) - _GAP

    def table(self, width: int) -> Table:
        """Return the table of what is left, for a console of that width."""
        table = Table(box=SIMPLE_HEAD, show_footer=True, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
        wraps = self._width() > width  # a known width is one that need not be measured cell by cell
        table.header_style = table.footer_style = "bold"
        for name in self.names:
            column = self.columns[name]
            style = "cyan" if name == "layer" else ""
            table.add_column(
                column.title,
                self._footer(name),
                justify="right" if column.is_number else "left",
                no_wrap=name not in _FOLDING,
                overflow="fold",
                style=style,
                width=None if wraps and name in _FOLDING else self._width_of(name) - _GAP,
            )
        for row, group in enumerate(self.groups):
            follows = len(group.facts) == 1 and not group.last.params and not group.last.macs
            cells = [Text(self.texts[name][row], style=_style(name, self.texts[name][row])) for name in self.names]
            table.add_row(*cells, style="dim" if follows else "")
        return table

    def _shorten(self, name: str) -> None:
        self.brief.add(name)
        self.texts[name] = self._texts(name)

    def _texts(self, name: str) -> list[str]:
        column = self.columns[name]
        text = column.brief if name in self.brief and column.brief else column.text
        return [text(group, self.totals) for group in self.groups]

    def _footer(self, name: str) -> str:
        column = self.columns[name]
        if name == self.names[0]:
            return "total"
        text = column.brief_total if name in self.brief else column.total
        return text(self.totals) if text else ""

    def _width_of(self, name: str) -> int:
        return max([len(self.columns[name].title), len(self._footer(name)), *map(len, self.texts[name])]) + _GAP

    def _width(self, folded: int = UNBOUNDED) -> int:
        """Return the width of the table with the op column folded to that width, if it is wider."""
        widths = {name: self._width_of(name) for name in self.names}
        return sum(min(w, folded) if name == "op" else w for name, w in widths.items()) - _GAP


def elided(paths: Sequence[str]) -> list[str]:
    """Return paths without the parents that the row above has already named, where they are long.

    >>> elided(["stage.0.conv1", "stage.0.conv1.norm", "stage.1.conv1"])
    ['stage.0.conv1', '….norm', 'stage.1.conv1']
    """
    shown, above = [], ""
    for path in paths:
        parts, known = path.split("."), above.split(".")
        same = 0
        while same < len(parts) - 1 and same < len(known) and parts[same] == known[same]:
            same += 1
        spared = sum(map(len, parts[:same])) > _LEAST_ELIDED
        shown.append("….".join(["", ".".join(parts[same:])]) if spared else path)
        above = path
    return shown


def _style(name: str, text: str) -> str:
    return "yellow" if name == "field" and "unknown" in text else ""
