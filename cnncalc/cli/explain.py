"""``cnncalc explain``: how one layer's numbers come about, line by line, with the numbers in the formulas."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, SpecFile, arguments
from cnncalc.errors import UsageError, printable

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


EPILOG = """
Examples:

- `cnncalc explain net.yaml conv1` -- sizes, parameters, MACs, what the middle output reads, the receptive field

- `cnncalc explain zoo:resnet18 stage.0.basic.0.conv1 --at 0,55` -- what the output in row 0, column 55 reads

- `cnncalc explain zoo:vgg16 linear1 --input 3x64x64` -- at another input

- `cnncalc explain net.yaml conv1 --format markdown` -- for a page

LAYER is a name in the first column of `cnncalc shapes`. Each line ends in the heading of docs/counting.md that has its
rule, such as #sizes.
"""


@app.command(epilog=EPILOG)
def explain(
    spec: SpecFile,
    layer: Annotated[str, typer.Argument(metavar="LAYER", help="A layer's name, as `cnncalc shapes` prints it.")],
    at: Annotated[
        str | None,
        typer.Option(metavar="I,J", help="The output position whose reads are shown, from 0; by default the middle."),
    ] = None,
    set: Assignments = None,
    input: InputShape = None,
    format: Annotated[Format, typer.Option(help="How the explanation is written.")] = Format.text,
) -> None:
    """Explain one layer: its size formula, parameters, MACs, what an output reads, and its receptive field."""
    from cnncalc.analysis import analyze
    from cnncalc.explain import explained
    from cnncalc.spec.load import load

    position = None if at is None else indices(at)
    found = explained(analyze(load(spec, args=arguments(set or []), input=input)), layer, position)
    if format is Format.json:
        from cnncalc.report.explained import explained_json

        sys.stdout.write(explained_json(found))
    elif format is Format.markdown:
        from cnncalc.report.explained import explained_markdown

        sys.stdout.write(explained_markdown(found))
    else:
        from cnncalc.report.explained import explained_text, print_explained
        from cnncalc.report.table import terminal

        console = terminal()
        if console is None:
            sys.stdout.write(explained_text(found))
        else:
            print_explained(found, console)


def indices(text: str) -> tuple[int, ...]:
    """Return the position that ``--at`` gives; raise UsageError for anything but whole numbers with commas between.

    >>> indices("0,55"), indices("3")
    ((0, 55), (3,))
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.removeprefix("-").isdigit() and len(part) < 20 for part in parts):
        raise UsageError(f"--at must be whole numbers with commas between, such as 0,5 ({printable(text[:60])})")
    return tuple(map(int, parts))
