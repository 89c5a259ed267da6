"""``cnncalc rf``: what a neuron sees, exactly, wherever it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import (
    SUFFIXES,
    Assignments,
    Format,
    InputShape,
    Output,
    SpecFile,
    arguments,
    destination,
    format_of,
)
from cnncalc.errors import UsageError, printable

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.execute.view import FieldView
    from cnncalc.report.sight import Told
    from cnncalc.sight import Sight

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

OTHER_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".pdf", ".eps"}
EPILOG = """
Examples:

- `cnncalc rf zoo:resnet18` -- the last layer that does not see the whole image

- `cnncalc rf zoo:unet` -- where it depends on the position: 204 pixels for 288 of 388 rows, 188 for 100

- `cnncalc rf zoo:vgg16 stage.2.max_pool1 --at 0,13` -- the rectangle of the image that one output reads

- `cnncalc rf net.yaml conv5 --growth` -- the field after every layer on the way that changes it

- `cnncalc rf net.yaml conv5 --plot` -- drawn; `-o rf.svg` draws it as a picture, `--picture cat.png` onto one
"""


@app.command(epilog=EPILOG)
def rf(
    spec: SpecFile,
    layer: Annotated[
        str | None, typer.Argument(metavar="LAYER", help="A layer's name; by default the last that does not see all.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="I,J", help="Name the rectangle of the image that this output position reads.")
    ] = None,
    plot: Annotated[
        bool, typer.Option("--plot", help="Draw the growth and the field of one output, of the middle or --at.")
    ] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A picture to draw the field of -o rf.svg on.")
    ] = None,
    growth: Annotated[
        bool, typer.Option("--growth", help="Show the field after every layer on the way that changes it.")
    ] = False,
    of: Annotated[
        str | None,
        typer.Option(metavar="INPUT", help="Which input is meant, of several; by default the first it reads."),
    ] = None,
    set: Assignments = None,
    input: InputShape = None,
    format: Annotated[
        Format | None, typer.Option(help="How the report is written; by default in words, or as the suffix of -o says.")
    ] = None,
    output: Output = None,
) -> None:
    """Show what the positions of a layer see of the image: size, jump, start, padding, holes, joins out of line."""
    from cnncalc.analysis import analyze
    from cnncalc.cli.explain import indices
    from cnncalc.report.sight import Told
    from cnncalc.sight import rectangle, sight
    from cnncalc.sight.growth import everything_from
    from cnncalc.sight.growth import growth as grown
    from cnncalc.sight.joins import misaligned
    from cnncalc.spec.load import load

    where = destination(output, spec)
    svg = where is not None and where.suffix == ".svg"
    if where is not None and where.suffix.lower() in OTHER_PICTURES:
        raise UsageError(f"-o {printable(str(where))}: a picture is written as .svg, not as {where.suffix}")
    if plot and (format not in (None, Format.text) or (where and where.suffix in SUFFIXES)):
        raise UsageError("--plot draws in characters: no json or markdown goes with it")
    if svg and (format or growth or plot):
        raise UsageError("-o PATH.svg is a picture of one output's field: no --format, --growth or --plot goes with it")
    if picture is not None and not svg:
        raise UsageError("--picture is for -o PATH.svg")
    format = format_of(format, where)
    position = None if at is None else indices(at)
    analysis = analyze(load(spec, args=arguments(set or []), input=input))
    seen = sight(analysis, layer, of=of)
    if svg or plot:
        draw(analysis, seen, position, picture, where)
        return
    steps = grown(analysis, seen)
    told = Told(
        analysis.graph.name or analysis.graph.file,
        seen,
        misaligned(analysis, seen),
        everything_from(steps, seen),
        position,
        rectangle(analysis, seen, position) if position is not None else (),
        steps if growth else None,
    )
    write(told, format, where)


def draw(analysis: Analysis, seen: Sight, at: tuple[int, ...] | None, picture: Path | None, where: Path | None) -> None:
    """Draw the field of one output, of the middle unless it is given: as an SVG, or in characters."""
    from cnncalc.execute.view import field_view, picture_uri
    from cnncalc.report.destination import send
    from cnncalc.sight import rectangle

    if picture is not None and len(seen.image) != 3:
        raise UsageError("--picture is for an input of two axes, height and width")
    spatial = seen.facts.shape[1:]
    at = tuple(size // 2 for size in spatial) if at is None else at
    if spatial or at:
        rectangle(analysis, seen, at)  # which says what is wrong with a position that is not there
    view = field_view(analysis, seen.facts.node.path, at, of=seen.of)
    if where is not None and where.suffix == ".svg":
        from cnncalc.report.field_picture import field_svg

        send(field_svg(view, picture_uri(picture, seen.image) if picture else ""), where)
    else:
        print_plot(analysis, seen, view, where)


def print_plot(analysis: Analysis, seen: Sight, view: FieldView, where: Path | None) -> None:
    """Draw the growth and a field in characters: into a file or a pipe as plain text, in a terminal in its width."""
    from cnncalc.field import Extent
    from cnncalc.report.destination import send
    from cnncalc.report.field_plot import WIDTH, field_plot
    from cnncalc.report.sight_growth import changing, growth_rows
    from cnncalc.report.table import terminal
    from cnncalc.sight.growth import growth

    steps = growth(analysis, seen)
    bars = [
        (step.path, max((size[1] for size in step.sizes if not isinstance(size, Extent)), default=None), row[2])
        for step, row in zip(changing(steps), growth_rows(steps), strict=True)
    ]
    console = terminal() if where is None else None
    if console is None:
        send(f"{field_plot(view, bars).plain}\n", where)
    else:
        width = min(console.width, 2 * WIDTH)
        console.print(field_plot(view, bars, width=width, coloured=console.color_system is not None))


def write(told: Told, format: Format, output: Path | None) -> None:
    """Write a report to a file, or to a terminal in its width."""
    from cnncalc.report.destination import send
    from cnncalc.report.sight_data import sight_json
    from cnncalc.report.sight_table import print_sight, sight_markdown, sight_text
    from cnncalc.report.table import terminal

    console = terminal() if format is Format.text and output is None else None
    if console is not None:
        print_sight(told, console)
    elif format is Format.json:
        send(sight_json(told), output)
    elif format is Format.markdown:
        send(sight_markdown(told), output)
    else:
        send(sight_text(told), output)
