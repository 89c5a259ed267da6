"""``cnncalc conv``: one convolution without a file, explained, or solved for the settings that fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.given import ASKS, SOLVABLE, layer_of, refused, wanted_of
from cnncalc.cli.options import Format, format_of
from cnncalc.cli.order import MOST_SIZES, Order, Reading, reading
from cnncalc.cli.written import explain, show
from cnncalc.errors import LayerError, SpecError, UsageError

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.layers.base import Shape
    from cnncalc.layers.conv import Conv
    from cnncalc.solve.proof import Solved

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


class Rounding(StrEnum):
    """What becomes of an output size that is not whole."""

    exact = "exact"
    floor = "floor"
    ceil = "ceil"


EPILOG = """
Examples:

- `cnncalc conv 32x32x3 --filters 10 --kernel 5 --stride 1 --padding 2` -- what comes out, and why

- `cnncalc conv 3x224x224 -f 64 -k 7 -s 2 -p 3 --rounding floor` -- the order of a spec, C x H x W

- `cnncalc conv 32x32x3 --kernel 5 --stride 2 --padding '?'` -- every padding that fits

- `cnncalc conv 32x32x3 --kernel any --stride 2 --padding any --output 16x16` -- what gives 16x16

- `cnncalc conv 32x32x3 --kernel 5 --padding 2 --output 32x32` -- is that what comes out? Exit code 1 if not

The input is W x H x D, as lectures have it, or C x H x W, as a spec has it: the output says which, --order decides, and
--output is read in the same. Two sizes are an image of one channel, or a signal and its channels where one of them is 1
or at least four times smaller than the other; --rank decides. Kernels, strides and paddings are height first, as in a
spec; by default there is one filter, of kernel 1, stride 1 and padding 0. Write `any` where the shell would take `?`
for a file with a name of one letter. --output is sizes, so the file to write is -o alone. Exit code 1 where the layer
cannot be, or nothing fits.
"""


@app.command(epilog=EPILOG)
def conv(
    input: Annotated[str, typer.Argument(metavar="SHAPE", help="The input: 32x32x3, 3x32x32, 28x28; a signal: 500x2.")],
    filters: Annotated[
        str | None, typer.Option("-f", "--filters", metavar="K", help="How many filters, and so output channels.")
    ] = None,
    kernel: Annotated[str | None, typer.Option("-k", "--kernel", metavar="SIZE", help="5, 1x7, or ?.")] = None,
    stride: Annotated[str | None, typer.Option("-s", "--stride", metavar="STEP", help="2, 1x2, or ?.")] = None,
    padding: Annotated[
        str | None,
        typer.Option(
            "-p", "--padding", metavar="CELLS",
            help="2, 1x3, 0:1 (before:after), 0:1x2:1, valid, half, same, same_lower, full, causal, or ?.",
        ),
    ] = None,
    dilation: Annotated[str | None, typer.Option("-d", "--dilation", metavar="STEP", help="2, 1x2, or ?.")] = None,
    groups: Annotated[str | None, typer.Option("-g", "--groups", metavar="N", help="Groups of channels.")] = None,
    no_bias: Annotated[bool, typer.Option("--no-bias", help="Without biases.")] = False,
    rounding: Annotated[Rounding, typer.Option(help="What becomes of a size that is not whole.")] = Rounding.exact,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", metavar="SIZES",
            help="What must come out, 28 or 28x28: solves for each ?, for --padding where there is none, or checks it.",
        ),
    ] = None,
    order: Annotated[
        Order | None, typer.Option(help="How SHAPE is read: W x H x D (lecture) or C x H x W (spec).")
    ] = None,
    rank: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_SIZES - 1, help="How many spatial axes: 1 a signal, 2 an image, 3 a volume."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many answers of each list are shown.")] = 12,
    format: Annotated[
        Format | None, typer.Option(help="How the report is written; by default in words, or as the suffix of -o says.")
    ] = None,
    path: Annotated[
        Path | None,
        typer.Option("-o", metavar="PATH", help="Write to a file, whole or not at all, or - for standard output."),
    ] = None,
) -> None:  # fmt: skip
    """Print what one convolution makes of an input, worked out; or, with `?`, every setting that fits."""
    path = file_of(path)
    format = format_of(format, path)
    read = reading(input, order, rank)
    values = {"out_channels": filters, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation,
              "groups": groups}  # fmt: skip
    texts = {name: text for name, text in values.items() if text is not None}
    asked = [name for name in SOLVABLE if texts.get(name) in ASKS]
    wanted = wanted_of(output, read) if output is not None else None
    if wanted and not asked and padding is None:
        asked = ["padding"]
    if wanted and wanted.channels and filters is None:
        texts["out_channels"] = str(wanted.channels)
    layer = layer_of({name: text for name, text in texts.items() if name not in asked}, read, rounding, not no_bias)
    if not asked:
        fits = explain(analysis_of(layer, read, texts), read, wanted, format, path)
        raise typer.Exit(int(not fits))
    if wanted and wanted.channels not in (None, layer.out_channels):
        raise UsageError(f"--output {output}: its channels must be --filters ({wanted.channels}, {layer.out_channels})")
    if rounding is Rounding.ceil:
        raise UsageError("--rounding ceil: what fits is searched under exact and floor")
    found = solved_for(layer, read, asked, wanted.sizes if wanted else None, top, texts)
    show(found, read, "out_channels" in texts, format, path)
    raise typer.Exit(int(not found.has_answer))


def file_of(path: Path | None) -> Path | None:
    """Return the file to write, None for standard output; raise UsageError for sizes, which are for --output."""
    if path is not None and re.fullmatch("[0-9]+([x,][0-9]+)*", str(path)):
        raise UsageError(f"-o {path}: must be a file; what must come out is --output {path}")
    return None if path == Path("-") else path


def analysis_of(layer: Conv, read: Reading, texts: Mapping[str, str]) -> Analysis:
    """Return the analysis of the layer alone; raise its refusal, placed at the option."""
    from cnncalc.analysis import analyze
    from cnncalc.errors import DoesNotFit, Span, WindowExceedsInput
    from cnncalc.graph import Graph, Node, Origin

    origin = Origin("", Span(1, 1, 1, 1), {})
    node = Node("conv1", "conv", layer, ("input",), "conv1", origin)
    try:
        return analyze(Graph("conv", "", {"input": read.shape}, [node], ("conv1",)))
    except SpecError as error:
        if not isinstance(error.__cause__, LayerError):
            raise
        finds = isinstance(error.__cause__, DoesNotFit | WindowExceedsInput)
        raise refused(error.__cause__, texts, read, "--padding ? finds what fits" if finds else "") from None


def solved_for(
    layer: Conv, read: Reading, asked: list[str], wanted: Shape | None, top: int, texts: Mapping[str, str]
) -> Solved:
    """Return what fits; raise the layer's refusal of what is given, placed at the option."""
    from cnncalc.layers.base import groups_must_divide
    from cnncalc.solve.proof import solved

    try:
        groups_must_divide(layer.groups, in_channels=read.shape[0], out_channels=layer.out_channels)
        return solved(layer, read.shape, asked, wanted, top)
    except LayerError as error:
        raise refused(error, texts, read) from None
    except UsageError as error:
        raise UsageError(f"--{error}") from None
