"""``cnncalc compare``: stacks of layers in shorthand, or whole networks, side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli.options import (
    Assignments,
    InputShape,
    Output,
    ProfileName,
    arguments,
    complete_spec,
    destination,
)
from cnncalc.errors import UsageError, printable

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis import Analysis
    from cnncalc.comparison.sides import Comparison
    from cnncalc.layers.base import Shape
    from cnncalc.profiles import Counted

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


class Format(StrEnum):
    """What the report is written as."""

    table = "table"
    json = "json"
    markdown = "markdown"


class Padding(StrEnum):
    """How stacks in shorthand are padded."""

    same = "same"
    valid = "valid"


SUFFIXES = {".json": Format.json, ".md": Format.markdown, ".txt": Format.table, "": Format.table}
VERSUS = ("vs", "vs.", "versus", "against")
EPILOG = """
Examples:

- `cnncalc compare 7x7 vs 3x3x3` -- one 7x7 against three 3x3

- `cnncalc compare 3x3 vs 1x1:C/2+3x3:C/2+1x1:C` -- against a bottleneck

- `cnncalc compare 3x3 vs 1x3+3x1 vs dw3x3+1x1 --channels 256 --size 14x14` -- three, at other sizes

- `cnncalc compare 5x5 vs local5x5 vs dense` -- shared weights, unshared ones, all connected

- `cnncalc compare 3x3@d2 vs 5x5` -- with dilation 2; `5x5/s2` has stride 2, `3x3/g4` four groups

- `cnncalc compare old.yaml vs new.yaml --format markdown` -- for a pull request: the totals and what changed

- `git show main:net.yaml | cnncalc compare - vs net.yaml` -- the same, against another branch

- `cnncalc compare zoo:resnet18 vs zoo:mobilenet_v2 --profile fvcore` -- and what fvcore prints for both

The first numbers of a stage are its kernel, one more is how often it comes: `3x3x2` is 3x3 twice.
"""


@app.command(epilog=EPILOG)
def compare(
    sides: Annotated[
        list[str],
        typer.Argument(
            metavar="A vs B...",
            help="Shorthands, spec files or zoo:NAMEs.",
            autocompletion=complete_spec,
            show_default=False,
        ),
    ],
    channels: Annotated[int | None, typer.Option(min=1, max=10**6, help="What C is in the numbers; 64.")] = None,
    size: Annotated[
        str | None, typer.Option(metavar="HxW", help="The size in the numbers: 56x56, 1000 with --rank 1, 16x56x56.")
    ] = None,
    rank: Annotated[
        int | None,
        typer.Option(min=1, max=3, help="How many axes the images have; by default as many as --size, or 2."),
    ] = None,
    bias: Annotated[bool, typer.Option("--bias", help="Count a bias in every layer of a stack.")] = False,
    padding: Annotated[
        Padding | None, typer.Option(help="Whether stacks keep the size, as they do, or have no padding.")
    ] = None,
    set: Assignments = None,
    input: InputShape = None,
    profile: ProfileName = None,
    format: Annotated[
        Format | None, typer.Option(help="How the report is written; by default a table, or as the suffix of -o says.")
    ] = None,
    output: Output = None,
) -> None:
    """Compare layers or networks: weights, MACs, receptive field, output, activations, and a verdict."""
    from cnncalc.comparison.sides import Setting, compared, is_spec

    texts = split(sides)
    specs = [text for text in texts if is_spec(text)]
    if (set or input) and not specs:
        raise UsageError("--set and --input are for specs, of which there is none: --size is for shorthands")
    if len(specs) == len(texts) and (channels or size or rank or bias or padding):
        raise UsageError("--channels, --size, --rank, --bias and --padding are for shorthands, of which there is none")
    where = destination(output, *specs)
    format = format or format_of(where)
    setting = Setting(channels or 64, sizes(size, rank), bias, (padding or Padding.same).value)

    def analysed(text: str) -> Analysis:
        from cnncalc.analysis import analyze
        from cnncalc.spec.load import load

        return analyze(load(text, args=arguments(set or []), input=input))

    networks = len(texts) == 2 and all(map(is_spec, texts))
    comparison = compared(texts, setting, analysed, **(_counting(profile) if profile and not networks else {}))
    from cnncalc.report.destination import send
    from cnncalc.report.table import terminal

    console = terminal() if format is Format.table and where is None else None
    if networks:
        _send_difference(comparison, format, console, where, profile)
    elif console is not None:
        from cnncalc.report.compared import print_compared

        print_compared(comparison, console)
    else:
        send(_text(comparison, format), where)


def _text(comparison: Comparison, format: Format) -> str:
    from cnncalc.report import compared as report

    if format is Format.json:
        return report.compared_json(comparison)
    return report.compared_markdown(comparison) if format is Format.markdown else report.compared_text(comparison)


def _counting(profile: str) -> dict[str, Any]:
    """Return how a profile counts a side, and its name."""
    from cnncalc import profiles

    rule = profiles.read(profile)
    return {"count": lambda analysis: profiles.total(rule, analysis), "profile": profile}


def _send_difference(
    comparison: Comparison, format: Format, console: Console | None, where: Path | None, profile: str | None
) -> None:
    """Report two networks: what differs between them, aligned on their graphs, and the verdict."""
    from cnncalc.difference import difference
    from cnncalc.report.destination import send

    before, after = comparison.sides
    found, labels = difference(before.analysis, after.analysis), (before.label, after.label)
    counted: list[Counted] = []
    if profile is not None:
        from cnncalc import profiles

        counted = [profiles.counted(profile, side.analysis) for side in comparison.sides]
    if format is Format.json:
        from cnncalc.report.difference.json import difference_json

        send(difference_json(found, labels, counted), where)
    elif format is Format.markdown:
        from cnncalc.report.difference.markdown import difference_markdown

        send(difference_markdown(found, labels, counted), where)
    else:
        from cnncalc.report.difference.table import difference_text, print_difference

        if console is None:
            send(difference_text(found, labels, counted), where)
        else:
            print_difference(found, labels, console, counted)


def split(words: list[str]) -> list[str]:
    """Return the sides: what stands between the words ``vs``, or each word where there is none.

    >>> split(["7x7", "vs", "3x3x3"]), split(["7x7", "3x3x3"]), split(["1x3", "+", "3x1", "vs", "3x3"])
    (['7x7', '3x3x3'], ['7x7', '3x3x3'], ['1x3+3x1', '3x3'])
    """
    if len(words) == 1 and not Path(words[0]).exists():  # all in one pair of quotes
        words = words[0].split() or words
    if not any(word.lower() in VERSUS for word in words):
        words = [each for word in words for each in (word, "vs")][:-1]
    found, ready = [""], True  # whether what comes next belongs to the side
    for word in words:
        if word.lower() in VERSUS:
            found.append("")
            ready = True
            continue
        if not ready and not word.startswith("+"):
            left, right = printable(found[-1][:40]), printable(word[:40])
            raise UsageError(f"there must be a vs or a + between {left} and {right}")
        found[-1] += word
        ready = word.endswith("+")
    if "" in found and len(words) > 1:
        raise UsageError("there must be a side before and behind each vs")
    if len(found) < 2:
        raise UsageError(f"there must be two sides or more, as in `cnncalc compare {printable(words[0])} vs 3x3x3`")
    return found


def format_of(output: Path | None) -> Format:
    """Return the format that a file's suffix says.

    >>> format_of(Path("net.md")).value
    'markdown'
    """
    suffix = output.suffix if output else ""
    if suffix not in SUFFIXES:
        known = ", ".join(filter(None, SUFFIXES))
        raise UsageError(f"-o must end in {known}, or --format must be given ({printable(suffix[:20])})")
    return SUFFIXES[suffix]


def sizes(text: str | None, rank: int | None) -> Shape:
    """Return the spatial sizes that the numbers are for; one number alone is that of every axis.

    >>> sizes("28x14", None), sizes("28", None), sizes("1000", 1), sizes(None, 3)
    ((28, 14), (28, 28), (1000,), (16, 56, 56))
    """
    from cnncalc.comparison.sides import SIZES

    if text is None:
        return SIZES[rank or 2]
    found = text.split("x")
    if not all(part.isascii() and part.isdigit() and len(part) < 8 and int(part) for part in found):
        raise UsageError(f"--size must be sizes such as 56x56, not {printable(text[:60])}")
    if len(found) == 1:
        found *= rank or 2
    if len(found) != (rank or len(found)) or len(found) > 3:
        raise UsageError(f"--size must have {rank or 'one to three'} sizes ({printable(text[:60])} has {len(found)})")
    return tuple(map(int, found))
