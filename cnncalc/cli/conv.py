"""``cnncalc conv``: one convolution without a file, explained, or solved for the settings that fit."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli.given import ASKS, SOLVABLE, layer_of, refused, wanted_of
from cnncalc.cli.options import Format
from cnncalc.cli.order import Order, Reading, reading
from cnncalc.errors import LayerError, SpecError, UsageError, printable
from cnncalc.layers.base import sizes_text

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

The input is W x H x D, as lectures have it, or C x H x W, as a spec has it: the output says which, --order decides, and
--output is read in the same. Kernels, strides and paddings are height first, as in a spec; by default there is one
filter, of kernel 1, stride 1 and padding 0. Write `any` where the shell would take `?` for a file with a name of one
letter. Exit code 1 where the layer cannot be, or nothing fits.
"""


@app.command(epilog=EPILOG)
def conv(
    input: Annotated[str, typer.Argument(metavar="SHAPE", help="The input: 32x32x3, 3x32x32; 500x2 is a signal.")],
    filters: Annotated[
        str | None, typer.Option("-f", "--filters", metavar="K", help="How many filters, the depth of the output.")
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
        typer.Option("--output", metavar="SIZES", help="What must come out; solves for the padding, or for each ?."),
    ] = None,
    order: Annotated[
        Order | None, typer.Option(help="How SHAPE is read: W x H x D (lecture) or C x H x W (spec).")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many answers of each list are shown.")] = 12,
    format: Annotated[Format, typer.Option(help="How the report is written.")] = Format.text,
) -> None:  # fmt: skip
    """Print what one convolution makes of an input, worked out; or, with `?`, every setting that fits."""
    read = reading(input, order)
    values = {"out_channels": filters, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation,
              "groups": groups}  # fmt: skip
    texts = {name: text for name, text in values.items() if text is not None}
    asked = [name for name in SOLVABLE if texts.get(name) in ASKS]
    wanted = None
    if output is not None:
        wanted, depth = wanted_of(output, read)
        if depth is not None and texts.setdefault("out_channels", str(depth)) != str(depth):
            raise UsageError(f"--output {output}: its depth must be --filters ({depth}, {printable(filters or '')})")
        if not asked and padding is not None:
            raise UsageError(f"--output {output}: must come with something to solve for, as --padding ? or --stride ?")
        asked = asked or ["padding"]
    layer = layer_of({name: text for name, text in texts.items() if name not in asked}, read, rounding, not no_bias)
    if not asked:
        explain(analysis_of(layer, read, texts), read, format)
        return
    if rounding is Rounding.ceil:
        raise UsageError("--rounding ceil: what fits is searched under exact and floor")
    found = solved_for(layer, read, asked, wanted, most, texts)
    show(found, read, "out_channels" in texts, format)
    raise typer.Exit(int(not found.has_answer))


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
        raise refused(error.__cause__, texts, "--padding ? finds what fits" if finds else "") from None


def solved_for(
    layer: Conv, read: Reading, asked: list[str], wanted: Shape | None, most: int, texts: Mapping[str, str]
) -> Solved:
    """Return what fits; raise the layer's refusal of what is given, placed at the option."""
    from cnncalc.layers.base import groups_must_divide
    from cnncalc.solve.proof import solved

    try:
        groups_must_divide(layer.groups, in_channels=read.shape[0], out_channels=layer.out_channels)
        return solved(layer, read.shape, asked, wanted, most)
    except LayerError as error:
        raise refused(error, texts) from None
    except UsageError as error:
        raise UsageError(f"--{error}") from None


def explain(analysis: Analysis, read: Reading, format: Format) -> None:
    """Write what comes out of a layer, and how."""
    from cnncalc.explain import explained
    from cnncalc.report.explained import explained_json, explained_markdown, explained_text, print_explained
    from cnncalc.report.table import terminal

    (facts,) = analysis.facts
    found = explained(analysis, facts.node.path)
    if format is Format.json:
        write_json(read.data(facts.shape) | json.loads(explained_json(found)))
        return
    if format is Format.markdown:
        sys.stdout.write(listed(read.lines(facts.shape)) + "\n" + explained_markdown(found))
        return
    lines = [*read.lines(facts.shape), ""]
    if console := terminal():
        console.print("\n".join(lines))
        print_explained(found, console)
    else:
        sys.stdout.write("\n".join(lines) + "\n" + explained_text(found))


def show(found: Solved, read: Reading, has_depth: bool, format: Format) -> None:
    """Write what fits; shapes with their depth where it was given."""
    from cnncalc.report.solved import print_solved, solved_data, solved_markdown, solved_text
    from cnncalc.report.table import terminal

    rank = len(read.shape) - 1

    def shown(shape: Shape) -> str:
        return read.text(shape) if has_depth else sizes_text(read.order.turned(shape[1:]))

    header = f"output ({read.order.letters(rank, depth=has_depth)})"
    if format is Format.json:
        write_json(read.data() | solved_data(found))
    elif format is Format.markdown:
        sys.stdout.write(listed(read.lines()) + solved_markdown(found, shown, header))
    elif console := terminal():
        console.print("\n".join(read.lines()))
        print_solved(found, shown, header, console)
    else:
        sys.stdout.write("\n".join(read.lines()) + "\n" + solved_text(found, shown, header))


def listed(lines: Iterable[str]) -> str:
    r"""Return lines as a list in Markdown.

    >>> listed(["a", "b"])
    '- a\n- b\n'
    """
    return "".join(f"- {line}\n" for line in lines)


def write_json(report: dict[str, Any]) -> None:
    """Write a report as JSON."""
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
