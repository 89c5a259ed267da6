"""``cnncalc reconcile``: whose count, of which variant, in which unit a quoted number is."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, Output, SpecFile, arguments, destination, format_of
from cnncalc.errors import UsageError, printable

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

LEAST = 1000
EPILOG = """
Examples:

- `cnncalc reconcile zoo:resnet50 4.12e9` -- what somebody's 4.12 GFLOPs of ResNet-50 are

- `cnncalc reconcile zoo:resnet50 3.8e9` -- the paper's number: the stride on the 1x1

- `cnncalc reconcile net.yaml 4133742592` -- a whole number leaves less room

- `cnncalc reconcile net.yaml "25.6M params"` -- a word behind the number says what it counts

- `cnncalc reconcile zoo:alexnet "60 million"` -- as the paper has it, rounded to one digit

Exit code: 0 where a count gives the number, 1 where none does or the file is wrong, 2 bad usage.
"""


@app.command(epilog=EPILOG)
def reconcile(
    spec: SpecFile,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="As it is quoted: 4.12e9, 4.12G, '4.12 GFLOPs', 25.6M, 4089184256.")
    ],
    set: Assignments = None,
    input: InputShape = None,
    top: Annotated[int, typer.Option(min=1, help="How many of the stories that give the number are told.")] = 5,
    format: Annotated[
        Format | None, typer.Option(help="How it is written; by default in words, or as the suffix of -o says.")
    ] = None,
    output: Output = None,
) -> None:
    """Say what a quoted number may be: which tool's count, which variant, which unit, which slip."""
    from cnncalc.reconcile.quote import quote
    from cnncalc.reconcile.story import reconcile as reconciled
    from cnncalc.reconcile.variants import variants
    from cnncalc.report import reconciled as report
    from cnncalc.report.destination import send
    from cnncalc.report.table import terminal
    from cnncalc.spec.files import STDIN, STDIN_NAME, content_of
    from cnncalc.spec.load import arguments as values

    output = destination(output, spec)
    quoted = quote(number)
    if quoted.value < LEAST and not quoted.counts:
        small = printable(number.strip()[:20])
        raise UsageError(f"NUMBER must have its scale, as {small}e9 or {small}G for billions ({small})")
    file = STDIN_NAME if spec == STDIN else spec
    found = reconciled(quoted, variants(content_of(spec), file, values(arguments(set or [])), input))
    chosen = format_of(format, output)
    console = terminal() if chosen is Format.text and output is None else None
    if console is not None:
        report.print_reconciled(found, top, console)
    elif chosen is Format.json:
        send(report.reconciled_json(found), output)
    elif chosen is Format.markdown:
        send(report.reconciled_markdown(found, top), output)
    else:
        send(report.reconciled_text(found, top), output)
    raise typer.Exit(int(not found.exact))
