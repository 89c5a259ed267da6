"""``cnncalc memory``: what a network needs in memory, to run and to be trained, and the batch that fits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, Output, SpecFile, arguments, destination, format_of

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.memory import Footprint

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

EPILOG = """
Examples:

- `cnncalc memory zoo:resnet50` -- weights, all tensors, the peak and what is in memory there

- `cnncalc memory net.yaml --in-place --dtype fp16` -- activations, norms and sums write over what they read

- `cnncalc memory net.yaml --train --optimizer adam --batch 32` -- a step of training, part by part

- `cnncalc memory net.yaml --fits 24GiB` -- the largest batch in 24 GiB; `--fits a100`, in a device's memory

- `cnncalc memory net.yaml --order` -- the order of the layers that needs less, where there is one

Exit code: 0, 1 the file is wrong or not one sample fits, 2 bad usage.
"""

BATCH = typer.Option(min=1, help="How many samples there are at once.")
DTYPE = typer.Option(metavar="NAME", help="What a number is stored as: fp64, fp32, tf32, fp16, bf16, fp8, int8.")
FORMAT = typer.Option(help="How the report is written; by default in words, or as the suffix of -o says.")


@app.command(epilog=EPILOG)
def memory(
    spec: SpecFile,
    dtype: Annotated[str, DTYPE] = "fp32",
    batch: Annotated[int, BATCH] = 1,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Activations, norms and sums write over an operand that is read last.")
    ] = False,
    keep_input: Annotated[
        bool, typer.Option("--keep-input", help="The input stays to the end, as `cnncalc run` and `verify` hold it.")
    ] = False,
    train: Annotated[bool, typer.Option("--train", help="What a step of training keeps as well.")] = False,
    optimizer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of training: sgd (the default), momentum or adam.")
    ] = None,
    fits: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Find the largest batch in 24GiB, 16GB, or a device's memory.")
    ] = None,
    order: Annotated[bool, typer.Option("--order", help="Print the order of the layers that needs less.")] = False,
    set: Assignments = None,
    input: InputShape = None,
    format: Annotated[Format | None, FORMAT] = None,
    output: Output = None,
) -> None:
    """Print what a network needs in memory: weights, tensors at their peak, training; and the batch that fits."""
    from cnncalc.analysis import analyze
    from cnncalc.memory import footprint
    from cnncalc.memory.dtypes import dtype_of
    from cnncalc.memory.training import optimizer_of
    from cnncalc.spec.load import load

    where = destination(output, spec)
    dtype = dtype_of(dtype)
    named = optimizer_of(optimizer or "sgd") if train or optimizer else None
    room = room_of(fits) if fits is not None else None
    analysis = analyze(load(spec, args=arguments(set or []), input=input), batch=batch)
    found = footprint(analysis, dtype=dtype, in_place=in_place, keep_inputs=keep_input, optimizer=named, fits=room)
    write(analysis, found, order, format_of(format, where), where)
    if found.fitting and not found.fitting.batch:
        raise typer.Exit(1)


def room_of(text: str) -> int:
    """Return the bytes that ``--fits`` gives: a size, or the memory of a device by its name.

    >>> room_of("512MiB"), room_of("t4")
    (536870912, 17179869184)
    """
    from cnncalc.memory.devices import DEVICES
    from cnncalc.memory.dtypes import memory_size

    device = DEVICES.get(text.strip().lower())
    return device.memory if device else memory_size(text)


def write(analysis: Analysis, found: Footprint, order: bool, format: Format, output: Path | None) -> None:
    """Write the report to a file, or to a terminal in its width."""
    from cnncalc.report.destination import send

    if format is Format.json:
        from cnncalc.report.memory.json import memory_json

        send(memory_json(analysis, found), output)
        return
    from cnncalc.report.memory import text
    from cnncalc.report.table import terminal

    console = terminal() if format is Format.text and output is None else None
    if console is not None:
        text.print_memory(analysis, found, console, order=order)
    elif format is Format.markdown:
        send(text.memory_markdown(analysis, found, order=order), output)
    else:
        send(text.memory_text(analysis, found, order=order), output)
