"""``cnncalc sizes``: which input sizes a network accepts, and which layer refuses the others."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, SpecFile, arguments
from cnncalc.errors import UsageError, closest, printable

if TYPE_CHECKING:
    from cnncalc.layers.base import Shape
    from cnncalc.sizes import Sizes
    from cnncalc.sizes.line import Line, Range
    from cnncalc.sizes.sweep import Inputs

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

LARGEST, DIGITS = 65_536, 9
"""The end of a --range, and how many digits a size may have that is asked about."""
EPILOG = """
Examples:

- `cnncalc sizes zoo:unet` -- every legal size along each axis, the nearest, and who refuses the others

- `cnncalc sizes net.yaml --why 190` -- is 190x190 legal, and if not, which layer refuses it, and why

- `cnncalc sizes net.yaml --range 32:512` -- how many there are; `--range 32:512x32:256`, for each axis its own

- `cnncalc sizes net.yaml --axis width --format json` -- one axis, for a program

A spec whose own size is refused is told all the same. What is proved holds for all sizes; where no proof was found, the
range is as far as was looked, 1:1024 unless given. Exit code: 0, 1 the file is wrong or no size is legal, 2 bad usage.
"""


@app.command(epilog=EPILOG)
def sizes(
    spec: SpecFile,
    range: Annotated[
        str | None, typer.Option(metavar="LOW:HIGH", help="Which sizes are counted: 1:1024, or one for each axis.")
    ] = None,
    why: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SIZE", help="What becomes of one size, 190 or 190x240, or of INPUT=SIZE,...; repeatable."
        ),
    ] = None,
    axis: Annotated[str | None, typer.Option(metavar="NAME", help="One axis alone: height, width.")] = None,
    set: Assignments = None,
    input: InputShape = None,
    format: Annotated[Format, typer.Option(help="How the report is written.")] = Format.text,
) -> None:
    """Print every legal input size as progressions, the nearest to the spec's own, and which layer refuses the rest."""
    from cnncalc.checks.files import read_spec
    from cnncalc.sizes import legal_sizes
    from cnncalc.sizes.network import read_network

    file = "<stdin>" if spec == "-" else spec
    network = read_network(read_spec(spec), file, arguments(set or []), input)
    rank = max(len(shape) - 1 for shape in network.own.values())
    asked = [inputs_of(text, network.own) for text in why or []]
    found = legal_sizes(network, None if range is None else ranges_of(range, rank), asked)
    shown = chosen(found.lines, axis)
    show(found, shown, format)
    raise typer.Exit(int(any(not line.legal for line in shown)))


def ranges_of(text: str, rank: int) -> list[Range]:
    """Return the range for each axis.

    >>> ranges_of("1:64", 2)
    [Range(low=1, high=64), Range(low=1, high=64)]
    """
    from cnncalc.sizes.line import Range

    parts = [re.fullmatch(r"([0-9]{1,6}):([0-9]{1,6})", part) for part in text.split("x")]
    found = [Range(int(part[1]), int(part[2])) for part in parts if part]
    if len(found) < len(parts) or not all(1 <= low <= high <= LARGEST for low, high in found):
        raise UsageError(f"--range must be LOW:HIGH, from 1 up to {LARGEST}, not {printable(text[:60])}")
    if len(found) not in (1, rank):
        raise UsageError(f"--range must be one for all axes, or one for each ({len(found)}, {rank} axes)")
    return found * rank if len(found) == 1 else found


def inputs_of(text: str, own: Inputs) -> Inputs:
    """Return the inputs at the sizes that --why asks about: one for all axes, one for each, or those of inputs by name.

    >>> inputs_of("190", {"input": (3, 224, 224)}), inputs_of("3x190x240", {"input": (3, 224, 224)})
    ({'input': (3, 190, 190)}, {'input': (3, 190, 240)})
    >>> inputs_of("low=16", {"high": (3, 64), "low": (3, 32)})
    {'high': (3, 64), 'low': (3, 16)}
    """
    images = {name: shape for name, shape in own.items() if len(shape) > 1}
    if "=" in text:
        named = [part.partition("=") for part in text.split(",")]
        unknown = next((name for name, _, _ in named if name not in images), None)
        if unknown is not None:
            names = ", ".join(map(printable, images)) or "there is none"
            raise UsageError(f"--why {printable(text[:60])}: NAME must be an input with an image: {names}")
        return dict(own) | {name: sized(sizes, images[name], text) for name, _, sizes in named}
    if len({shape[1:] for shape in images.values()}) > 1:
        from cnncalc.layers.base import sizes_text

        example = ",".join(f"{printable(name)}={sizes_text(shape[1:])}" for name, shape in images.items())
        raise UsageError(f"--why {printable(text[:60])}: inputs of several sizes must be asked by name: {example}")
    if not images:
        raise UsageError(f"--why {printable(text[:60])}: a vector has no other size")
    return dict(own) | {name: sized(text, shape, text) for name, shape in images.items()}


def sized(sizes: str, shape: Shape, text: str) -> Shape:
    """Return the shape of an input at other sizes: one for all of its axes, or one for each."""
    said, rank = printable(text[:60]), len(shape) - 1
    if not re.fullmatch("[0-9]+(x[0-9]+)*", sizes):
        raise UsageError(f"--why must be a size such as 190 or 190x240, not {said}")
    if any(len(size.lstrip("0")) > DIGITS for size in sizes.split("x")):
        raise UsageError(f"--why {said}: a size must be at most {10**DIGITS - 1:,}")
    found = [int(size) for size in sizes.split("x")]
    if 0 in found:
        raise UsageError(f"--why {said}: a size must be at least 1 (0)")
    if len(found) == 1:
        found *= rank
    elif len(found) == rank + 1 and shape[0] == found[0]:
        found = found[1:]
    if len(found) != rank:
        raise UsageError(f"--why {said}: must be one size for all axes, or one for each ({len(found)}, {rank} axes)")
    return shape[0], *found


def chosen(lines: tuple[Line, ...], axis: str | None) -> tuple[Line, ...]:
    """Return the lines of one axis, by its name; all where none is named."""
    if axis is None:
        return lines
    found = tuple(line for line in lines if axis in (line.axis.name, line.axis.name.partition(" of ")[0]))
    if not found:
        names = list(dict.fromkeys(line.axis.name for line in lines))
        near = closest(axis, names)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(names) or 'none'}"
        raise UsageError(f"--axis {printable(axis[:40])}: there is no such axis; {printable(hint)}")
    return found


def show(found: Sizes, shown: tuple[Line, ...], format: Format) -> None:
    """Write the report."""
    from cnncalc.report.sizes.text import legal_markdown, legal_text, print_legal
    from cnncalc.report.table import terminal

    if format is Format.json:
        from cnncalc.report.sizes.json import legal_json

        sys.stdout.write(legal_json(found, shown))
    elif format is Format.markdown:
        sys.stdout.write(legal_markdown(found, shown))
    elif console := terminal():
        print_legal(found, shown, console)
    else:
        sys.stdout.write(legal_text(found, shown))
