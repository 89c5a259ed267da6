"""``cnncalc advise``: what could be written with fewer parameters and MACs, proved on the rewritten spec."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, Output, SpecFile, apart, arguments
from cnncalc.errors import SpecError, UsageError, closest, printable

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice
    from cnncalc.advise.applying import Applied
    from cnncalc.advise.flat import Flat

STDOUT = Path("-")

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


KINDS_HELP = (
    "Only some kinds, with commas: stack (large filters as 3x3), bottleneck (1x1 around), factor (NxN as 1xN and Nx1), "
    "separable (depthwise, then 1x1), pooling (in front of linear)."
)
EPILOG = """
Examples:

- `cnncalc advise net.yaml` -- what would save, the largest saving first

- `cnncalc advise zoo:googlenet --only stack` -- one kind

- `cnncalc advise net.yaml --apply smaller.yaml` -- the first piece, written to a new file

- `cnncalc advise net.yaml --apply smaller.yaml --take 1,3` -- some; `--take all`: each that goes with those before it

- `cnncalc advise net.yaml --apply - | cnncalc check -` -- the rewritten spec to standard output

- `cnncalc advise net.yaml --format markdown -o advice.md` -- the report to a file

Each piece is proved by analysing the rewritten spec: every tensor that stays has the same shape and receptive field,
and nothing costs more params or MACs. Exit code: 0, 1 the file is wrong or there is nothing to apply, 2 bad usage.
"""


@app.command(epilog=EPILOG)
def advise(
    spec: SpecFile,
    set: Assignments = None,
    input: InputShape = None,
    only: Annotated[str | None, typer.Option(metavar="KINDS", help=KINDS_HELP)] = None,
    top: Annotated[int, typer.Option(min=1, help="How many pieces of advice are shown.")] = 5,
    apply: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Write the rewritten spec to a new file, whole or not at all, or - for standard output.",
        ),
    ] = None,
    take: Annotated[
        str | None, typer.Option(metavar="NUMBERS", help="Which pieces --apply takes: 1 by default; 1,3; or all.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How the advice is written.")] = Format.text,
    output: Output = None,
) -> None:
    """Say what could be written with fewer parameters and MACs: the same shapes, the same receptive field, proved."""
    from cnncalc.advise.advice import advise as advised
    from cnncalc.advise.flat import flat
    from cnncalc.advise.reading import read_network, reloader
    from cnncalc.checks.files import read_spec
    from cnncalc.spec.extends import follow
    from cnncalc.spec.load import arguments as values

    if take is not None and apply is None:
        raise UsageError("--take is for --apply")
    kinds = _kinds(only)
    _separate(spec, apply, output)
    file = "<stdin>" if spec == "-" else spec
    content, given = read_spec(spec), values(arguments(set or []))
    base = flat(content, file, follow(content, file, given, input), given, input)  # what is rewritten are the layers
    network = read_network(base.content, base.file, base.args, base.input)
    advice = advised(network, reloader(base.file, base.args, base.input), kinds)
    done = None
    if apply is not None and advice.pieces:
        done = _applied(advice, take or "1", base)
        _write(done, apply)
    _tell(advice, top, format, done, apply, output)
    if apply is not None and done is None:
        sys.stderr.write(f"{_name(apply)}: is not written: there is nothing to advise\n")
        raise typer.Exit(1)


def _separate(spec: str, apply: Path | None, output: Path | None) -> None:
    """Raise UsageError where what is written would take the place of the spec, of one another, or of a file."""
    from cnncalc.report.destination import same_file

    for name, path in (("--apply", apply), ("-o", output)):
        if path is not None and path != STDOUT:
            apart(name, path, spec)
    if apply is None:
        return
    if output is not None and (apply == output or (STDOUT not in (apply, output) and same_file(apply, output))):
        raise UsageError(f"{_name(apply)}: --apply and -o must not be the same")
    _new(apply)


def _new(path: Path) -> None:
    """Raise UsageError for a path at which there is something that would be lost."""
    if path != STDOUT and os.path.lexists(path) and (path.is_file() or not path.exists()):
        raise UsageError(f"{_name(path)}: there is such a file already; --apply must be a new one")


def _name(path: Path) -> str:
    return "<stdout>" if path == STDOUT else printable(str(path))


def _kinds(only: str | None) -> list[str]:
    """Return the kinds that --only names.

    >>> _kinds("stack, pooling"), _kinds(None)
    (['stack', 'pooling'], [])
    """
    from cnncalc.advise import KINDS

    words = [word.strip() for word in (only or "").split(",") if word.strip()]
    for word in words:
        if word not in KINDS:
            near = closest(word, KINDS)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(KINDS)}"
            raise UsageError(f"--only: there is no {printable(word[:40])}; {hint}")
    if only is not None and not words:
        raise UsageError(f"--only must name kinds: {', '.join(KINDS)}")
    return words


def _applied(advice: Advice, take: str, base: Flat) -> Applied:
    """Return the spec with the pieces of the advice that are taken."""
    from cnncalc.advise.applying import chosen, rewritten
    from cnncalc.advise.reading import read_network, reloader

    plain = None
    if base.args or base.input is not None:
        try:
            plain = read_network(base.content, base.file), reloader(base.file)
        except SpecError:  # an argument without a value: there is no network without --set
            plain = None
    return rewritten(advice, chosen(advice, take), reloader(base.file, base.args, base.input), plain)


def _write(done: Applied, path: Path) -> None:
    from cnncalc.report.destination import send

    _new(path)  # it may have come while the advice was worked out
    send(done.text, None if path == STDOUT else path)


def _tell(
    advice: Advice, top: int, format: Format, done: Applied | None, apply: Path | None, output: Path | None
) -> None:
    """Report the advice; where standard output is the rewritten spec's, say on standard error what was written."""
    from cnncalc.report.advised.text import applied_text
    from cnncalc.report.destination import send

    name = _name(apply) if apply is not None else ""
    elsewhere = None if output in (None, STDOUT) else output
    if apply == STDOUT and done is not None:
        sys.stderr.write(applied_text(done, name))
    if apply != STDOUT or elsewhere is not None:
        send(_report(advice, top, format, done, name, plain=elsewhere is not None), elsewhere)
    elif done is None:
        sys.stderr.write(_report(advice, top, format, done, name, plain=True))


def _report(advice: Advice, top: int, format: Format, done: Applied | None, name: str, *, plain: bool) -> str:
    """Return the report; on a terminal, print the advice, and return what follows it."""
    if format is Format.json:
        from cnncalc.report.advised.json import advised_json

        return advised_json(advice, top, done, name)
    if format is Format.markdown:
        from cnncalc.report.advised.markdown import advised_markdown, applied_markdown

        return advised_markdown(advice, top) + (f"\n{applied_markdown(done, name)}" if done else "")
    from cnncalc.report.advised.text import applied_text, print_advised
    from cnncalc.report.table import terminal

    return print_advised(advice, top, None if plain else terminal()) + (f"\n{applied_text(done, name)}" if done else "")
