"""``cnncalc rule``: what a rule of check does, why, and an example of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.errors import UsageError, closest, printable

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

EPILOG = """
Examples:

- `cnncalc rule CNN101` -- one rule, by its code

- `cnncalc rule floor-drops-input` -- or by its name

- `cnncalc rule --all` -- every rule, one line each
"""


def complete_rule(incomplete: str) -> list[str]:
    """Return the codes and names that an incomplete word may go on as."""
    from cnncalc.checks import RULES

    return [word for word in (*RULES, *RULES.values()) if word.startswith(incomplete)]


@app.command(epilog=EPILOG)
def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A rule's code or name.", autocompletion=complete_rule)
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="List every rule in one line.")] = False,
    write: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write a page for each rule, and an index, into a folder.")
    ] = None,
) -> None:
    """Explain a rule of `cnncalc check`: what it does, why, an example, and what to write instead."""
    if (code is not None) + all + (write is not None) != 1:
        raise UsageError("one of CODE, --all and --write must be given; `cnncalc rule --all` lists the codes")
    if write is not None:
        from cnncalc.report.rules import write_rules

        try:
            write_rules(write)
        except OSError as error:
            raise UsageError(f"{printable(str(write))}: {error.strerror or error}") from None
    elif all:
        _list()
    else:
        _print(known(code or ""))


def known(word: str) -> str:
    """Return the code of a rule from its code or name; raise UsageError for any other word.

    >>> known("does-not-fit"), known("cnn101")
    ('CNN101', 'CNN101')
    """
    from cnncalc.checks import RULES

    codes = {name: code for code, name in RULES.items()} | {code: code for code in RULES}
    found = codes.get(word.upper()) or codes.get(word.lower())
    if found is None and (several := [code for code in RULES if code.startswith(word.upper())]):
        raise UsageError(f"{printable(word[:60])} is several rules: {', '.join(several)}")
    if found is None:
        near = closest(word.upper(), RULES) or closest(word.lower(), RULES.values())
        hint = f"; did you mean {near}?" if near else "; `cnncalc rule --all` lists them"
        raise UsageError(f"there is no rule {printable(word[:60])}{hint}")
    return found


def _list() -> None:
    from cnncalc.checks import RULES
    from cnncalc.checks import rule as of
    from cnncalc.report.rules import what

    rows = [(code, name, of(code).severity.value, what(code)) for code, name in RULES.items()]
    if not sys.stdout.isatty():
        sys.stdout.write("".join("\t".join(row) + "\n" for row in rows))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from cnncalc.report.findings.full import STYLES

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for title in ("code", "name", "severity"):
        table.add_column(title, no_wrap=True)
    table.add_column("what it does")
    for code, name, severity, text in rows:
        table.add_row(Text(code, style="cyan"), name, Text(severity, style=STYLES[of(code).severity]), Text(text))
    Console().print(table)


def _print(code: str) -> None:
    from cnncalc.report.rules import rule_markdown

    text = rule_markdown(code)
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
