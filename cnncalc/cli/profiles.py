"""``cnncalc profiles``: the tools that ``--profile`` counts as, and how each of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Format, Output, complete_profile, destination, format_of

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.profiles.profile import Profile

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

EPILOG = """
Examples:

- `cnncalc profiles` -- the tools, and what their numbers really are

- `cnncalc profiles fvcore` -- what fvcore adds for each layer

- `cnncalc shapes zoo:resnet50 --profile fvcore` -- the number that it prints for a network

- `cnncalc profiles --format json` -- all rules, for a program
"""


@app.command(epilog=EPILOG)
def profiles(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A profile's name.", autocompletion=complete_profile)
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="How it is written; by default in words, or as the suffix of -o says.")
    ] = None,
    output: Output = None,
) -> None:
    """List the tools whose way to count `--profile` knows; of one tool, what it adds for each layer."""
    from cnncalc.profiles import names, read
    from cnncalc.report import profiles as report
    from cnncalc.report.destination import send
    from cnncalc.report.table import terminal

    found = [read(each) for each in names()] if name is None else [read(name)]
    output = destination(output)
    format = format_of(format, output)
    console = terminal() if format is Format.text and output is None else None
    if console is not None:
        _print(found, console, is_list=name is None)
    elif format is Format.json:
        send(report.profiles_json(found), output)
    elif format is Format.markdown:
        send(report.list_markdown(found) if name is None else report.rules_markdown(found[0]), output)
    else:
        send(report.list_text(found) if name is None else report.rules_text(found[0]), output)


def _print(found: list[Profile], console: Console, *, is_list: bool) -> None:
    from cnncalc.report.profiles import print_list, print_rules

    if is_list:
        print_list(found, console)
    else:
        print_rules(found[0], console)
