"""Comments that suppress findings: ``# cnncalc: ignore[CNN201] why`` and ``# cnncalc: ignore-file[CNN3]``."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.checks import RULES, rule
from cnncalc.checks.base import Finding
from cnncalc.checks.survey import Survey
from cnncalc.errors import Place, Span, closest
from cnncalc.spec.line import OPS
from cnncalc.spec.source import Mapping, Sequenced

_COMMENT = r"#\s*cnncalc:\s*(?P<kind>ignore-file|ignore)\b(?:\[(?P<codes>[^\]]*)\])?"
_NEVER = ("CNN0", "CNN1")
UNUSED = "CNN009"


class Ignore(NamedTuple):
    """One comment: its place, the selectors it names, and the line it speaks of; None for the whole file."""

    span: Span
    selectors: tuple[str, ...]
    line: int | None


def ignored(found: Survey, findings: list[Finding], codes: Sequence[str]) -> list[Finding]:
    """Return the findings that no comment of the file suppresses, and one for each selector that suppresses nothing.

    A finding inside a block is suppressed at its own line, or at a ``use`` line that leads to it. ``codes`` are the
    rules that were run: a selector of a rule that was not is not called unused.
    """
    if "cnncalc:" not in found.text or found.data is None:
        return findings
    every = list(ignores(found))
    used: set[tuple[Ignore, str]] = set()
    kept = []
    for finding in findings:
        lines = {finding.place.span.line, *(call.line for call in finding.calls)}
        if (data := enclosing(found, finding.place.span)) is not None:
            lines.add(data.line)
        hits = [
            (ignore, selector)
            for ignore in every
            if ignore.line is None or ignore.line in lines
            for selector in ignore.selectors
            if selected(finding.code, selector) and not finding.code.startswith(_NEVER)
        ]
        used.update(hits)
        if not hits:
            kept.append(finding)
    return [*kept, *_unused(found, every, used, codes)] if UNUSED in codes else kept


def ignores(found: Survey) -> Iterator[Ignore]:
    """Yield the comments of a file that suppress; a ``#`` inside a scalar begins none."""
    scalars = list(_scalars(found.data)) if "cnncalc:" in found.text else []
    for number, line in enumerate(found.lines, start=1):
        for match in re.finditer(_COMMENT, line):
            column = match.start() + 1
            if (column > 1 and not line[column - 2].isspace()) or any(
                _within(number, column, span) for span in scalars
            ):
                continue
            span = Span(number, column, number, column + len(match[0]))
            selectors = tuple(part.strip() for part in (match["codes"] or "").split(",") if part.strip())
            about = number if line[: match.start()].strip() else _next(found.lines, number)
            yield Ignore(span, selectors, None if match["kind"] == "ignore-file" else about)


def enclosing(found: Survey, at: Span) -> Span | None:
    """Return the place of the smallest layer with options around a stretch."""
    layers = [span for span, data in found.mappings.items() if not OPS.isdisjoint(data)]
    around = [span for span in layers if span[:2] <= at[:2] and at[2:] <= span[2:]]
    return max(around, key=lambda span: (span[:2], tuple(-one for one in span[2:])), default=None)


def selected(code: str, selector: str) -> bool:
    """Return whether a selector, a code, the beginning of one, or a name, selects a rule.

    >>> selected("CNN201", "CNN2"), selected("CNN201", "floor-drops-input"), selected("CNN201", "CNN301")
    (True, True, False)
    """
    return RULES[code] == selector or (selector.startswith("CNN") and code.startswith(selector))


def _unused(
    found: Survey, every: Sequence[Ignore], used: set[tuple[Ignore, str]], codes: Sequence[str]
) -> Iterator[Finding]:
    unused = rule(UNUSED)
    for ignore in every:
        place = Place(found.file, ignore.span)
        if not ignore.selectors:
            yield unused.finding(
                place, "an ignore must name what it ignores", "ignore[CNN201], with the reason after it"
            )
        for selector in ignore.selectors:
            of = [code for code in RULES if selected(code, selector)]
            if not of:
                near = closest(selector, [*RULES, *RULES.values()])
                yield unused.finding(
                    place, f"there is no rule {selector[:60]}", f"did you mean {near}?" if near else ""
                )
            elif all(code.startswith(_NEVER) for code in of) and selector != UNUSED:
                yield unused.finding(place, f"{selector} cannot be ignored: it is an error of the network itself")
            elif (ignore, selector) not in used and not set(of).isdisjoint(codes):
                yield unused.finding(place, f"this ignore of {selector} suppresses nothing", "take the comment away")


def _next(lines: Sequence[str], number: int) -> int:
    """Return the number of the first line after a comment that is neither empty nor a comment."""
    below = (after for after in range(number, len(lines)) if lines[after].strip() and lines[after].strip()[0] != "#")
    return next(below, number - 1) + 1


def _within(line: int, column: int, span: Span) -> bool:
    return span[:2] <= (line, column) < span[2:]


def _scalars(data: object) -> Iterator[Span]:
    """Yield the places of all scalars, keys among them; quotes are outside, which does not matter for a ``#``."""
    open_ = [data]
    while open_:
        value = open_.pop()
        if isinstance(value, Mapping):
            yield from value.keys_at.values()
            pairs = [(value[key], span) for key, span in value.values_at.items()]
        elif isinstance(value, Sequenced):
            pairs = list(zip(value, value.items_at, strict=True))
        else:
            continue
        for part, span in pairs:
            if isinstance(part, Mapping | Sequenced):
                open_.append(part)
            else:
                yield span
