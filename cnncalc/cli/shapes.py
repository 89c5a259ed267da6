"""``cnncalc shapes``: every layer's output shape, parameters, MACs and receptive field."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Assignments, InputShape, Output, ProfileName, SpecFile, arguments, destination
from cnncalc.errors import UsageError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.analysis import Analysis
    from cnncalc.graph import Graph

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


class Format(StrEnum):
    """What a report is written as."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


SUFFIXES = {".json": Format.json, ".csv": Format.csv, ".md": Format.markdown, ".txt": Format.table, "": Format.table}
COLUMNS_HELP = (
    "Which columns, in order: layer, op, inputs, input, output, params, params_share, buffers, macs, macs_share, "
    "macs_on_input, flops, flops_share, activations, field, jump, start; in fp32 bytes (of weights), output_bytes, "
    "live, traffic, and intensity; with --profile, profile. With a leading + they are added to the usual."
)
EPILOG = """
Examples:

- `cnncalc shapes net.yaml` -- the table of a spec

- `cnncalc shapes zoo:resnet18 --depth 2` -- a spec that comes along, folded to two levels

- `cnncalc shapes zoo:resnet18 --set n1=3 --input 3x64x64` -- other arguments, another input

- `cnncalc shapes net.yaml --columns +macs_share` -- with each layer's share of the MACs

- `cnncalc shapes zoo:resnet50 --profile fvcore` -- and what fvcore prints for it

- `cnncalc shapes zoo:resnet18 --input 3,32*h,32*w --symbolic` -- MACs as a formula in h and w

- `cnncalc shapes net.yaml -o net.json` -- for a program
"""


@app.command(epilog=EPILOG)
def shapes(
    spec: SpecFile,
    set: Assignments = None,
    input: InputShape = None,
    symbolic: Annotated[
        bool, typer.Option("--symbolic", help="Leave the symbols in the input's sizes: the numbers become formulas.")
    ] = False,
    batch: Annotated[int, typer.Option(min=1, help="Count MACs, FLOPs and activations for so many samples.")] = 1,
    depth: Annotated[
        int | None, typer.Option(min=1, help="Fold layers whose paths share their first so many parts.")
    ] = None,
    columns: Annotated[str | None, typer.Option(metavar="NAMES", help=COLUMNS_HELP)] = None,
    profile: ProfileName = None,
    format: Annotated[
        Format | None, typer.Option(help="How the report is written; by default a table, or as the suffix of -o says.")
    ] = None,
    output: Output = None,
) -> None:
    """Print every layer's output shape, parameters, MACs and receptive field, and the totals."""
    from cnncalc.analysis import analyze
    from cnncalc.folding import fold
    from cnncalc.report.columns import chosen
    from cnncalc.spec.load import load

    output = destination(output, spec)
    names = chosen(columns, with_profile=profile is not None)
    chosen_format = format or format_of(output)
    if chosen_format is Format.json and (depth or columns):
        raise UsageError("--depth and --columns are for the other formats: JSON has every layer and every number")
    graph = (
        with_symbols(spec, arguments(set or []), input)
        if symbolic
        else load(spec, args=arguments(set or []), input=input)
    )
    analysis = analyze(graph, batch=batch)
    groups = fold(analysis, depth, live_column(analysis, names))
    counted = None
    if profile is not None:
        from cnncalc import profiles

        counted = profiles.counted(profile, analysis)
    if chosen_format is Format.table:
        from cnncalc.report.table import print_table, table_text, terminal

        console = terminal() if output is None else None
        if console is not None:
            print_table(analysis, groups, names, console, counted)
            return
        text = table_text(analysis, groups, names, counted)
    elif chosen_format is Format.json:
        from cnncalc.report.json import json_text

        text = json_text(analysis, counted)
    elif chosen_format is Format.csv:
        from cnncalc.report.csv import csv_text

        text = csv_text(analysis, groups, names, counted)
    else:
        from cnncalc.report.markdown import markdown_text

        text = markdown_text(analysis, groups, names, counted)
    from cnncalc.report.destination import send

    send(text, output)


def live_column(analysis: Analysis, names: Sequence[str]) -> Sequence[int]:
    """Return the bytes that are alive after each node if a column shows them; raise UsageError for formulas."""
    from cnncalc.report.columns import MEMORY

    asked = [name for name in names if name in MEMORY]
    if asked and analysis.graph.least:
        raise UsageError(f"--columns {asked[0]} needs numbers: --symbolic does not go with it")
    if "live" not in asked:
        return ()
    from cnncalc.memory.columns import live_bytes

    return live_bytes(analysis)


def with_symbols(spec: str, args: dict[str, str], input: str | None) -> Graph:
    """Return the graph of a spec with the symbols of its input; where sizes must be multiples, say what to type."""
    from cnncalc.analysis import analyze
    from cnncalc.declared import with_multiples
    from cnncalc.errors import SpecError, Undecidable
    from cnncalc.spec.load import load

    def accepted(sizes: Sequence[str]) -> bool:
        try:
            analyze(load(spec, args=args, input=",".join(sizes), symbolic=True))
        except SpecError:
            return False
        return True

    try:
        graph = load(spec, args=args, input=input, symbolic=True)
        analyze(graph)
    except SpecError as error:
        if input is not None and spec != "-" and (isinstance(error.__cause__, Undecidable) or "depend" in error.fact):
            sizes = with_multiples(input.strip("[] ").split(","), accepted)
            error.help = f"--input {','.join(sizes)} would do" if sizes else error.help
        raise
    return graph


def format_of(output: Path | None) -> Format:
    """Return the format that a file's suffix says.

    >>> format_of(Path("net.json")).value
    'json'
    """
    suffix = output.suffix if output else ""
    if suffix not in SUFFIXES:
        known = ", ".join(filter(None, SUFFIXES))
        raise UsageError(f"-o must end in {known}, or --format must be given ({printable(suffix[:20])})")
    return SUFFIXES[suffix]
