"""The arguments that several commands take, declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.errors import UsageError, printable


class Format(StrEnum):
    """What a report in words is written as."""

    text = "text"
    json = "json"
    markdown = "markdown"


SUFFIXES = {".json": Format.json, ".md": Format.markdown}


def format_of(format: Format | None, output: Path | None) -> Format:
    """Return the format that is asked for, else the one that a file's suffix says, else words.

    >>> format_of(None, Path("conv1.md")).value, format_of(None, None).value
    ('markdown', 'text')
    """
    return format or SUFFIXES.get(output.suffix if output else "", Format.text)


def complete_spec(incomplete: str) -> list[str]:
    """Return what a spec on the command line may go on as: the zoo's names; files are the shell's."""
    from cnncalc.zoo import names

    return [f"zoo:{name}" for name in names() if f"zoo:{name}".startswith(incomplete)]


def complete_profile(incomplete: str) -> list[str]:
    """Return the profiles that an incomplete name may go on as."""
    from cnncalc.profiles import names

    return [name for name in names() if name.startswith(incomplete)]


SpecFile = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A spec file, zoo:NAME, or - for standard input; FILE?ARG=VALUE gives it arguments.",
        autocompletion=complete_spec,
    ),
]
Assignments = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help="Give an argument of the file a value.")
]
InputShape = Annotated[str | None, typer.Option(metavar="SHAPE", help="Another input shape, such as 3x64x64.")]
ProfileName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Also count as another tool does: fvcore, thop...; `cnncalc profiles` lists them.",
        autocompletion=complete_profile,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="PATH", help="Write to a file, whole or not at all, or - for standard output."
    ),
]


def destination(output: Path | None, *specs: str) -> Path | None:
    """Return the file to write, None for standard output; raise UsageError where it is one that a spec is read from."""
    if output is None or output == Path("-"):
        return None
    for spec in specs:
        apart("-o", output, spec)
    return output


def apart(option: str, path: Path, spec: str) -> None:
    """Raise UsageError where a file to write is the spec, or one that it extends."""
    from cnncalc.report.destination import same_file
    from cnncalc.spec.lineage import files_of

    for index, file in enumerate(files_of(spec)):
        if same_file(path, file):
            what = "a file that it extends" if index else "the spec itself"
            raise UsageError(f"{printable(spec)}: {option} must not be {what}")


def arguments(pairs: list[str]) -> dict[str, str]:
    """Return the arguments that ``--set`` gives by name.

    >>> arguments(["width=0.5", "n=3"])
    {'width': '0.5', 'n': '3'}
    """
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise UsageError(f"--set must be NAME=VALUE, not {printable(pair[:60])}")
        if name.strip() in found:
            raise UsageError(f"--set {printable(name.strip()[:60])} must be given once")
        found[name.strip()] = value.strip()
    return found
