"""``cnncalc explain``: how one layer's numbers come about, line by line, with the numbers in the formulas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, Output, SpecFile, arguments, destination, format_of
from cnncalc.errors import UsageError, printable

if TYPE_CHECKING:
    from cnncalc.explain import Explanation

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


EPILOG = """
Examples:

- `cnncalc explain net.yaml conv1` -- sizes, parameters, MACs, what the middle output reads, the receptive field

- `cnncalc explain zoo:resnet18 stage.0.basic.0.conv1 --at 0,55` -- what the output in row 0, column 55 reads

- `cnncalc explain zoo:vgg16 linear1 --input 3x64x64` -- at another input

- `cnncalc explain net.yaml conv1 -o conv1.md` -- for a page

LAYER is a name in the first column of `cnncalc shapes`. Each line ends in the heading of docs/counting.md that has its
rule, such as #sizes.
"""


@app.command(epilog=EPILOG)
def explain(
    spec: SpecFile,
    layer: Annotated[
        str | None, typer.Argument(metavar="LAYER", help="A layer's name, as `cnncalc shapes` prints it.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="I,J", help="The output position whose reads are shown, from 0; by default the middle."),
    ] = None,
    set: Assignments = None,
    input: InputShape = None,
    format: Annotated[
        Format | None, typer.Option(help="How it is written; by default in words, or as the suffix of -o says.")
    ] = None,
    output: Output = None,
) -> None:
    """Explain one layer: its size formula, parameters, MACs, what an output reads, and its receptive field."""
    from cnncalc.analysis import analyze
    from cnncalc.explain import explained, listed
    from cnncalc.spec.load import load

    output = destination(output, spec)
    position = None if at is None else indices(at)
    analysis = analyze(load(spec, args=arguments(set or []), input=input))
    if layer is None:
        there = [facts.node.path for facts in analysis.facts]
        raise UsageError(f"LAYER must be given: there {'are' if len(there) > 1 else 'is'} {listed(there)}")
    write(explained(analysis, layer, position), format_of(format, output), output)


def write(found: Explanation, format: Format, output: Path | None) -> None:
    """Write an explanation to a file, or to a terminal in its width."""
    from cnncalc.report import explained as report
    from cnncalc.report.destination import send
    from cnncalc.report.table import terminal

    console = terminal() if format is Format.text and output is None else None
    if console is not None:
        report.print_explained(found, console)
    elif format is Format.json:
        send(report.explained_json(found), output)
    elif format is Format.markdown:
        send(report.explained_markdown(found), output)
    else:
        send(report.explained_text(found), output)


def indices(text: str) -> tuple[int, ...]:
    """Return the position that ``--at`` gives; raise UsageError for anything but whole numbers with , or x between.

    >>> indices("0,55"), indices("5x5"), indices("3")
    ((0, 55), (5, 5), (3,))
    """
    parts = [part.strip() for part in re.split("[,x]", text)]
    if not all(part.isascii() and part.removeprefix("-").isdigit() and len(part) < 20 for part in parts):
        raise UsageError(f"--at must be whole numbers with commas between, such as 0,5 ({printable(text[:60])})")
    return tuple(map(int, parts))
