"""The report for spreadsheets: exact numbers, one line a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis import Analysis
from cnncalc.folding import Group
from cnncalc.report.columns import cells

if TYPE_CHECKING:
    from cnncalc.profiles import Counted


def csv_text(analysis: Analysis, groups: Sequence[Group], names: Sequence[str], counted: Counted | None = None) -> str:
    """Return the chosen columns as CSV with a header of their names."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(cells(analysis, groups, names, counted))
    return stream.getvalue()
