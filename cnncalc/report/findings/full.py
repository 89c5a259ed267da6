"""The report of check for people: the excerpt with its carets, the arithmetic, and what would fit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from cnncalc.checks.base import Finding, Severity
from cnncalc.checks.run import Profiled
from cnncalc.errors import Span, printable
from cnncalc.report.findings import Lines, remarks
from cnncalc.report.notes import profile_legend

Piece = tuple[str, str]
"""A piece of text with its style: empty for plain."""

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.ADVICE: "bold cyan"}
FRAME = "bold blue"
WIDEST = 160
UNBOUNDED = 10_000
"""How much of a line is shown at most, in characters, about the place."""


def full_text(findings: Sequence[Finding], files: Sequence[str], lines: Lines, profiled: Profiled | None = None) -> str:
    """Return the whole report as plain text."""
    reports = "".join(text for finding in findings for _, text in told(finding, lines))
    numbers = "".join(f"{line}\n" for line in profile_lines(profiled)) if profiled else ""
    return f"{reports}{numbers}{summary(findings, files)}\n"


def print_full(
    findings: Sequence[Finding],
    files: Sequence[str],
    lines: Lines,
    console: Console,
    profiled: Profiled | None = None,
) -> None:
    """Print the whole report on a console, in its colours and its width."""
    for finding in findings:
        console.print(Text.assemble(*[(text, style) for style, text in told(finding, lines, console.width)]), end="")
    for line in profile_lines(profiled) if profiled else ():
        console.print(Text(line))
    style = STYLES[min(findings, key=lambda one: list(Severity).index(one.severity)).severity] if findings else "green"
    console.print(Text(summary(findings, files), style=style))


def told(finding: Finding, lines: Lines, width: int | None = None) -> Iterator[Piece]:
    """Yield one finding in styled pieces, an empty line at its end; its notes wrapped to ``width``, if given."""
    style = STYLES[finding.severity]
    yield style, f"{finding.severity.value}[{finding.code}]"
    yield "bold", f": {printable(finding.message)}\n"
    labels = [*finding.others, *([] if _empty(finding) else [(finding.place.span, finding.label)])]
    last = max([finding.place.span.line, *(label[0].line for label in labels)])
    gutter = len(str(last))
    yield FRAME, f"{' ' * gutter}--> "
    yield "", f"{printable(finding.place.file)}:{finding.place.span.line}:{finding.place.span.column}\n"
    yield from _excerpt(finding, lines(finding.place.file), gutter, style, width)
    for kind, text in remarks(finding):
        yield FRAME, f"{' ' * gutter} = "
        yield "bold", f"{kind}: "
        yield "", _wrapped(printable(text), gutter + 5 + len(kind), width) + "\n"
    yield "", "\n"


def profile_lines(profiled: Profiled) -> Iterator[str]:
    """Yield what another tool prints for each file, and what that number really is."""
    for file, total in profiled.totals.items():
        bound = ">= " if file in profiled.unknown else ""
        yield f"{printable(file)}: {profiled.profile.title} {bound}{total:,}"
    if profiled.totals:
        yield profile_legend(profiled.profile, [op for ops in profiled.unknown.values() for op in ops])


def summary(findings: Sequence[Finding], files: Sequence[str]) -> str:
    """Return how much was found in how many files.

    >>> summary([], ["net.yaml"])
    'checked 1 file: nothing found'
    """
    checked = f"checked {len(files):,} file{'s' if len(files) != 1 else ''}"
    if not findings:
        return f"{checked}: nothing found"
    counts = [(sum(one.severity is severity for one in findings), severity.value) for severity in Severity]
    parts = [f"{n:,} {kind}{'s' if n > 1 and kind != 'advice' else ''}" for n, kind in counts if n]
    unread = len({one.place.file for one in findings if one.code.startswith("CNN00") and one.code != "CNN009"})
    rest = f"; what fits was not checked in {unread:,} that must be mended first" if unread else ""
    return f"{checked}: {', '.join(parts)}{rest}"


def _empty(finding: Finding) -> bool:
    return finding.place.span == Span(1, 1, 1, 1) and not finding.label


def _excerpt(finding: Finding, lines: Sequence[str], gutter: int, style: str, width: int | None) -> Iterator[Piece]:
    """Yield the lines that the finding speaks of, each with what stands under it."""
    marks = [(label.span, label.text, "-", FRAME) for label in finding.others if label.span.line <= len(lines)]
    main = finding.place.span
    if main.line <= len(lines):
        marks.append((main, finding.label, "^", style))
    if not marks:
        return
    yield FRAME, f"{' ' * gutter} |\n"
    above = 0
    for number in sorted({span.line for span, *_ in marks}):
        if above and number > above + 2:
            yield FRAME, "...\n"
        above = number
        yield from _line(number, lines[number - 1], [mark for mark in marks if mark[0].line == number], gutter, width)
    yield FRAME, f"{' ' * gutter} |\n"


def _line(
    number: int, line: str, marks: Iterable[tuple[Span, str, str, str]], gutter: int, width: int | None
) -> Iterator[Piece]:
    """Yield one line of the file and, for each mark on it, a line beneath: two marks never share one."""
    room = min(WIDEST, (width or UNBOUNDED) - gutter - 5)
    ordered = sorted(marks, key=lambda mark: (mark[2] != "^", mark[0].column))
    first = ordered[0][0].column
    cut = max(0, min(first - room // 2, len(line) - room)) if len(line) > room else 0
    shown = line[cut : cut + room]
    before, after = "…" if cut else "", "…" if len(line) > cut + room else ""
    yield FRAME, f"{number:>{gutter}} | "
    yield "", f"{before}{printable(shown)}{after}\n"
    for span, text, sign, style in ordered:
        start = max(0, span.column - 1 - cut)
        end = len(shown) if span.end_line > span.line else min(len(shown), span.end_column - 1 - cut)
        indent = cell_len(before + printable(shown[:start]))
        length = max(1, cell_len(printable(shown[start:end].rstrip())))
        yield FRAME, f"{' ' * gutter} | "
        said = printable(text)
        if indent + length + 1 + len(said) <= room + 2:
            yield style, f"{' ' * indent}{sign * length}{' ' if text else ''}{said}\n"
            continue
        yield style, f"{' ' * indent}{sign * length}\n"  # the words go beneath, where there is room for them
        yield FRAME, f"{' ' * gutter} | "
        yield style, f"{' ' * max(0, min(indent, room - len(said)))}{said}\n"


def _wrapped(text: str, indent: int, width: int | None) -> str:
    if width is None or indent + len(text) <= width or width - indent < 30:
        return text
    return textwrap.fill(
        text, width - indent, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    ).replace("\n" + " " * indent, "\n" + " " * indent)
