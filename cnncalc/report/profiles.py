"""The counting profiles as ``cnncalc profiles`` lists them, and one profile's rules."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.profiles.profile import OPS, Profile
from cnncalc.profiles.quantities import QUANTITIES
from cnncalc.report.markdown import markdown_row
from cnncalc.report.table import UNBOUNDED

TITLES = ("profile", "tool", "calls it", "what it counts")
RULE_TITLES = ("layer", "adds")
LEFT_OUT, UNKNOWN = "left out", "not known"


def row(profile: Profile) -> tuple[str, ...]:
    """Return a profile in one line; a version without the date of its build."""
    return profile.name, f"{profile.tool} {profile.version.partition('.post')[0]}", profile.unit, profile.truth


def rules(profile: Profile) -> list[tuple[str, str]]:
    """Return what each layer adds, in the order of the language; then what adds nothing, and what is not known."""
    found = [(op, profile.counts[op].text) for op in OPS if op in profile.counts]
    for title, ops in ((LEFT_OUT, profile.leaves_out), (UNKNOWN, profile.unknown)):
        if ops:
            found.append((title, ", ".join(op for op in OPS if op in ops)))
    return found


def headings(profile: Profile) -> list[str]:
    """Return what a profile is of, in lines."""
    return [
        f"{profile.name}: {profile.tool} {profile.version}, {profile.source}",
        f"What it calls {profile.unit} is {profile.truth}.",
    ]


def quantities(profile: Profile) -> Iterator[str]:
    """Yield what the words of a profile's formulas stand for, for one sample of one node."""
    used = {name for formula in profile.counts.values() for name in formula.names}
    for name, (what, _) in QUANTITIES.items():
        if name in used:
            yield f"{name}: {what}"


def data(profile: Profile) -> dict[str, Any]:
    """Return a profile as plain data."""
    known = profile._asdict()
    counts = {op: formula.text for op, formula in profile.counts.items()}
    sets = {name: [op for op in OPS if op in known[name]] for name in ("leaves_out", "unknown")}
    return {**known, "counts": counts, **sets}


def profiles_json(found: Sequence[Profile]) -> str:
    """Return profiles as JSON: a list of objects."""
    return json.dumps([data(profile) for profile in found], indent=1, ensure_ascii=False) + "\n"


def list_markdown(found: Sequence[Profile]) -> str:
    """Return the list as a Markdown table."""
    lines = [markdown_row(TITLES), markdown_row(["---"] * len(TITLES)), *(markdown_row(row(one)) for one in found)]
    return "\n".join(lines) + "\n"


def rules_markdown(profile: Profile) -> str:
    """Return one profile's rules as a Markdown table."""
    table = [markdown_row(RULE_TITLES), markdown_row(["---"] * 2), *(markdown_row(one) for one in rules(profile))]
    words = [f"- {line}" for line in quantities(profile)]
    return "\n".join(["\n\n".join(headings(profile)), "", *table, "", *words]) + "\n"


def print_list(found: Sequence[Profile], console: Console) -> None:
    """Print the list on a console, in its width."""
    table = _table(TITLES, narrow=console.width < UNBOUNDED)
    for profile in found:
        name, *cells = row(profile)
        table.add_row(Text(name, style="cyan"), *map(Text, cells))
    console.print(table, soft_wrap=console.width >= UNBOUNDED)


def print_rules(profile: Profile, console: Console) -> None:
    """Print one profile's rules on a console, in its width; what is not known in yellow."""
    wide = console.width >= UNBOUNDED
    first, second = headings(profile)
    console.print(Text(first, style="bold"), soft_wrap=wide)
    console.print(Text(second), soft_wrap=wide)
    table = _table(RULE_TITLES, narrow=not wide)
    for op, adds in rules(profile):
        style = {LEFT_OUT: "dim", UNKNOWN: "yellow"}.get(op, "")
        table.add_row(Text(op, style=style or "cyan"), Text(adds, style=style))
    console.print(table, soft_wrap=wide)
    for line in quantities(profile):
        console.print(Text(line, style="dim"), soft_wrap=wide)


def list_text(found: Sequence[Profile]) -> str:
    """Return the list as plain text in its natural width, for a file or a pipe."""
    stream, console = _plain()
    print_list(found, console)
    return _trimmed(stream)


def rules_text(profile: Profile) -> str:
    """Return one profile's rules as plain text in their natural width."""
    stream, console = _plain()
    print_rules(profile, console)
    return _trimmed(stream)


def _plain() -> tuple[io.StringIO, Console]:
    stream = io.StringIO()
    return stream, Console(file=stream, width=UNBOUNDED, color_system=None, highlight=False, emoji=False)


def _trimmed(stream: io.StringIO) -> str:
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _table(titles: Sequence[str], *, narrow: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for title in titles:
        is_last = title == titles[-1]
        table.add_column(title, no_wrap=not narrow or title == titles[0], overflow="fold", ratio=1 if is_last else None)
    return table
