"""How findings are written: one format a file, each a function of the findings, the files checked, and their lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from cnncalc.checks.base import Finding
from cnncalc.errors import printable

Lines = Callable[[str], Sequence[str]]
"""The lines of a file, by its path."""


def remarks(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what stands beneath the excerpt: the arithmetic, the way through the blocks, and what would fit."""
    for note in finding.notes:
        yield "note", note
    if finding.calls or finding.more:
        uses = ", ".join(f"line {call.line}" for call in finding.calls)
        more = f", and {finding.more} more instance{'s' if finding.more > 1 else ''}" if finding.more else ""
        yield "note", f"in {finding.place.path}{f', used in {uses}' if uses else ''}{more}"
    for line in finding.helps:
        yield "help", ", ".join(suggestion.text for suggestion in line)
    if finding.fix and finding.fix.safe:
        yield "help", f"{finding.fix.text} (`--fix` does it)"


def paragraphs(finding: Finding) -> Iterator[str]:
    """Yield a finding in plain lines, for a format that has one text for all: the headline first, then the remarks."""
    yield printable(f"{finding.message}: {finding.label}" if finding.label else finding.message)
    for other in finding.others:
        yield f"note: line {other.span.line}: {printable(other.text)}"
    for kind, text in remarks(finding):
        yield f"{kind}: {printable(text)}"


def inside(file: str, root: Path | None) -> str | None:
    """Return a file's path from a folder, or from the working directory, with forward slashes; None if outside of it.

    >>> inside("specs/../net.yaml", None), inside("/tmp/net.yaml", Path("/home")), inside("/home/a/b", Path("/home/a"))
    ('net.yaml', None, 'b')
    """
    try:
        path = os.path.relpath(file, root)
    except ValueError:  # no path at all, or one on another drive
        return None
    return None if PurePath(path).parts[:1] == (os.pardir,) else path.replace(os.sep, "/")
