"""``cnncalc roofline``: the least time that a device takes for each layer, and what it waits for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.memory import BATCH, DTYPE, FORMAT
from cnncalc.cli.options import (
    Assignments,
    Format,
    InputShape,
    Output,
    arguments,
    complete_spec,
    destination,
    format_of,
)
from cnncalc.errors import UsageError

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.memory.devices import Device
    from cnncalc.memory.roofline import Roofline

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

EPILOG = """
Examples:

- `cnncalc roofline zoo:resnet50 --device a100 --dtype fp16 --batch 64` -- what each layer waits for

- `cnncalc roofline net.yaml --device t4 --depth 2` -- folded to two levels

- `cnncalc roofline net.yaml --rate 10T --bandwidth 100G` -- a device of your own

- `cnncalc roofline --devices` -- the devices that are known, with their sources
"""


@app.command(epilog=EPILOG)
def roofline(
    spec: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE", help="A spec file, zoo:NAME, or - for standard input.", autocompletion=complete_spec
        ),
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="NAME", help="A device of --devices.")] = None,
    rate: Annotated[
        str | None, typer.Option(metavar="RATE", help="In its place: operations a second, such as 10T.")
    ] = None,
    bandwidth: Annotated[
        str | None, typer.Option(metavar="RATE", help="With --rate: bytes a second from memory, such as 100G.")
    ] = None,
    devices: Annotated[bool, typer.Option("--devices", help="List the devices that are known.")] = False,
    dtype: Annotated[str | None, DTYPE] = None,
    batch: Annotated[int, BATCH] = 1,
    depth: Annotated[
        int | None, typer.Option(min=1, help="Fold layers whose paths share their first so many parts.")
    ] = None,
    set: Assignments = None,
    input: InputShape = None,
    format: Annotated[Format | None, FORMAT] = None,
    output: Output = None,
) -> None:
    """Print how long a device takes for each layer at least, and whether it waits for memory or for arithmetic."""
    if devices:
        if spec is not None:
            raise UsageError("--devices goes without a FILE")
        where = destination(output)
        list_devices(format_of(format, where), where)
        return
    if spec is None:
        raise UsageError("FILE must be given, or --devices")
    from cnncalc.analysis import analyze
    from cnncalc.folding import fold
    from cnncalc.memory.roofline import roofline as computed
    from cnncalc.spec.load import load

    where = destination(output, spec)
    chosen, kind = chosen_device(device, rate, bandwidth, dtype)
    analysis = analyze(load(spec, args=arguments(set or []), input=input), batch=batch)
    write(analysis, computed(analysis, fold(analysis, depth), chosen, kind), format_of(format, where), where)


def chosen_device(name: str | None, rate: str | None, bandwidth: str | None, dtype: str | None) -> tuple[Device, str]:
    """Return the device that the options name or make up, and the dtype: fp32, or the first that the device has."""
    from cnncalc.memory.devices import Device, device_of
    from cnncalc.memory.dtypes import dtype_of, rate_of

    kind = None if dtype is None else dtype_of(dtype)
    if rate is not None or bandwidth is not None:
        if name is not None:
            raise UsageError("--device goes without --rate and --bandwidth")
        if rate is None or bandwidth is None:
            raise UsageError("--rate and --bandwidth must be given together")
        kind = kind or "fp32"
        speeds = {kind: rate_of(rate, "--rate")}
        return Device("a device", speeds, rate_of(bandwidth, "--bandwidth"), 0, "the command line"), kind
    if name is None:
        raise UsageError("--device must be given, or --rate and --bandwidth; --devices lists those that are known")
    found = device_of(name)
    kind = kind or ("fp32" if "fp32" in found.rates else next(iter(found.rates)))
    found.rate(kind)
    return found, kind


def list_devices(format: Format, output: Path | None) -> None:
    """Write the devices that are known."""
    from cnncalc.memory.devices import DEVICES
    from cnncalc.report.destination import send
    from cnncalc.report.memory.devices import devices_json, devices_markdown, devices_text
    from cnncalc.report.table import terminal

    if format is Format.json:
        send(devices_json(DEVICES), output)
    elif format is Format.markdown:
        send(devices_markdown(DEVICES), output)
    else:
        console = terminal() if output is None else None
        send(devices_text(DEVICES, console.width if console else None), output)


def write(analysis: Analysis, found: Roofline, format: Format, output: Path | None) -> None:
    """Write the report to a file, or to a terminal in its width."""
    from cnncalc.report.destination import send

    if format is Format.json:
        from cnncalc.report.memory.json import roofline_json

        send(roofline_json(analysis, found), output)
        return
    from cnncalc.report.memory import roofline as report
    from cnncalc.report.table import terminal

    console = terminal() if format is Format.text and output is None else None
    if console is not None:
        report.print_roofline(analysis, found, console)
    elif format is Format.markdown:
        send(report.roofline_markdown(analysis, found), output)
    else:
        send(report.roofline_text(analysis, found), output)
