"""The report for spreadsheets: exact numbers, one line a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from cnncalc.analysis import Analysis
from cnncalc.folding import Group
from cnncalc.report.columns import cells


def csv_text(analysis: Analysis, groups: Sequence[Group], names: Sequence[str]) -> str:
    """Return the chosen columns as CSV with a header of their names."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(cells(analysis, groups, names))
    return stream.getvalue()
