"""The difference for a pull request's comment: the totals in a line, a table of what differs, long lists folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.difference import Difference
from cnncalc.difference.folding import Row, rows
from cnncalc.errors import printable
from cnncalc.report.difference.counts import cost, cost_before, total_before, totals
from cnncalc.report.difference.words import LEGEND, MARKS, legend_of, notes, path_text, renamed, row_text, verdict
from cnncalc.report.markdown import escaped, markdown_row

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

MOST_ROWS = 20
MOST_NAMES = 5


def difference_markdown(difference: Difference, labels: Sequence[str], counted: Sequence[Counted] = ()) -> str:
    """Return the difference as Markdown; ``labels`` are what the two networks are called."""
    lines = [f"**{code(labels[0])} → {code(labels[1])}**: {verdict(difference)}", "", *summary(difference, counted)]
    told = rows(difference.entries)
    if told:
        table = [*rows_table(difference, told), "", f"\\{LEGEND}"]
        lines += ["", *(folded(f"{len(told)} rows", table) if len(told) > MOST_ROWS else table)]
    names = [f"- renamed: {escaped(starred(one))}" for one in renamed(difference)]
    if names:
        lines += ["", *(folded(f"{len(names)} renamed", names) if len(names) > MOST_NAMES else names)]
    legends = [legend_of(counted)] if counted else []
    beneath = [f"- {escaped(starred(note))}" for note in [*notes(difference), *legends]]
    return "\n".join([*lines, *([""] if beneath else []), *beneath]) + "\n"


def summary(difference: Difference, counted: Sequence[Counted] = ()) -> Iterator[str]:
    """Yield the totals, a line each: before, after, and by how much in per cent."""
    yield markdown_row(["", "before", "after", "difference", ""])
    yield markdown_row(["---", "---:", "---:", "---:", "---:"])
    for title, before, after, delta, grown in totals(difference, counted):
        yield markdown_row([title, before, after, delta, grown])


def rows_table(difference: Difference, told: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each row, and the sums."""
    yield markdown_row(["", "layer", "", "params", "MACs"])
    yield markdown_row(["---", "---", "---", "---:", "---:"])
    for row in told:
        costs = [cost(row.delta(name), cost_before(row, name)) for name in ("params", "macs")]
        yield markdown_row([MARKS[row.fate], code(path_text(row)), starred(row_text(row)), *costs])
    whole = [cost(difference.delta(name), total_before(difference, name)) for name in ("params", "macs")]
    yield markdown_row(["", "**total**", "", *(f"**{one}**" if one else "" for one in whole)])


def folded(title: str, lines: Sequence[str]) -> list[str]:
    """Return lines that are shown when they are asked for."""
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>"]


def code(text: str) -> str:
    """Return a name as it stands.

    >>> code("stage.*.conv1")
    '`stage.*.conv1`'
    """
    return f"`{printable(text).replace('`', chr(39))}`"


def starred(text: str) -> str:
    r"""Return a text whose stars and underscores are no emphasis.

    >>> print(starred("stage.*.conv1"))
    stage.\*.conv1
    """
    return text.replace("*", "\\*").replace("_", "\\_")
