"""``cnncalc verify``: the network runs, and every prediction is set beside what was measured."""

from __future__ import annotations

import sys
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated

import typer

from cnncalc.cli.options import Assignments, InputShape, SpecFile, arguments
from cnncalc.cli.run import progress
from cnncalc.errors import UsageError, closest, printable

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

KINDS = ("shape", "params", "macs", "memory", "field")


class Format(StrEnum):
    """What the report is written as."""

    table = "table"
    json = "json"


EPILOG = """
Examples:

- `cnncalc verify net.yaml` -- every node: shape, params, MACs, memory, receptive field

- `cnncalc verify zoo:resnet18 --input 3x64x64` -- a large network at a smaller size

- `cnncalc verify net.yaml --only macs,params --layer 'stage.*'` -- some numbers, some layers

The MACs are counted from the products that the kernels really make, the memory is that of the arrays which are alive,
and the receptive field is found by sending NaN through the network. Exit code 1 where anything differs.
"""


@app.command(epilog=EPILOG)
def verify(
    spec: SpecFile,
    set: Assignments = None,
    input: InputShape = None,
    only: Annotated[str | None, typer.Option(metavar="KINDS", help=f"Verify only some: {', '.join(KINDS)}.")] = None,
    layer: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="Show only some layers, as in 'stage.*'.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Draws the inputs and the weights.")] = 0,
    format: Annotated[Format, typer.Option(help="How the report is written.")] = Format.table,
) -> None:
    """Run a network and set what was predicted beside what was measured, for every node."""
    from cnncalc.analysis import analyze
    from cnncalc.execute.tensors import initial
    from cnncalc.execute.verify import verify as verified
    from cnncalc.spec.load import load

    kinds = _kinds(only)
    analysis = analyze(load(spec, args=arguments(set or []), input=input))
    with progress(None) as advance:
        nodes = verified(analysis, initial(analysis, seed), only=kinds, seed=seed, ran=advance)
    if layer is not None:
        nodes = [one for one in nodes if fnmatchcase(one.facts.node.path, layer)]
        if not nodes:
            raise UsageError(f"--layer {printable(layer[:80])}: there is no such layer")
    name = printable(analysis.graph.name or analysis.graph.file)
    if format is Format.json:
        from cnncalc.report.verified import verified_json

        sys.stdout.write(verified_json(name, nodes, kinds))
    else:
        from rich.console import Console

        from cnncalc.report.table import UNBOUNDED, terminal
        from cnncalc.report.verified import print_verified

        print_verified(name, nodes, kinds, terminal() or Console(width=UNBOUNDED, color_system=None, highlight=False))
    raise typer.Exit(int(any(one.differences for one in nodes)))


def _kinds(only: str | None) -> tuple[str, ...]:
    """Return what --only asks for, in the usual order.

    >>> _kinds("field,macs")
    ('macs', 'field')
    """
    if only is None:
        return KINDS
    wanted = [word.strip() for word in only.split(",")]
    for word in wanted:
        if word not in KINDS:
            near = closest(word, KINDS)
            raise UsageError(
                f"--only: there is no {printable(word[:40])}; "
                + (f"did you mean {near}?" if near else f"there are {', '.join(KINDS)}")
            )
    return tuple(kind for kind in KINDS if kind in wanted)
