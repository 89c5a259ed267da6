"""``cnncalc advise``: what could be written with fewer parameters and MACs, proved on the rewritten spec."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import Assignments, Format, InputShape, SpecFile, arguments
from cnncalc.errors import SpecError, UsageError, closest, printable

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice
    from cnncalc.advise.applying import Applied

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

Each piece is proved by analysing the rewritten spec: every tensor that stays has the same shape and receptive field,
and nothing costs more params or MACs. Exit code: 0, 1 the file is wrong, 2 bad usage.
"""


@app.command(epilog=EPILOG)
def advise(
    spec: SpecFile,
    set: Assignments = None,
    input: InputShape = None,
    only: Annotated[str | None, typer.Option(metavar="KINDS", help=KINDS_HELP)] = None,
    top: Annotated[int, typer.Option(min=1, help="How many pieces of advice are shown.")] = 5,
    apply: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the rewritten spec to a new file, whole or not at all.")
    ] = None,
    take: Annotated[
        str | None, typer.Option(metavar="NUMBERS", help="Which pieces --apply takes: 1 by default; 1,3; or all.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How the advice is written.")] = Format.text,
) -> None:
    """Say what could be written with fewer parameters and MACs: the same shapes, the same receptive field, proved."""
    from cnncalc.advise.advice import advise as advised
    from cnncalc.advise.reading import read_network, reloader
    from cnncalc.checks.files import read_spec

    if take is not None and apply is None:
        raise UsageError("--take is for --apply")
    kinds = _kinds(only)
    if apply is not None:
        from cnncalc.report.destination import same_file

        source = _path(spec)
        if source is not None and same_file(apply, source):
            raise UsageError(f"{printable(spec)}: --apply must not be the spec itself")
    content, args = read_spec(spec), arguments(set or [])
    file = "<stdin>" if spec == "-" else spec
    network = read_network(content, file, args, input)
    advice = advised(network, reloader(file, args, input), kinds)
    done = _applied(advice, apply, take or "1", content, file, args, input) if apply is not None else None
    _tell(advice, top, format, done, apply)


def _path(spec: str) -> Path | None:
    """Return the file of a spec; None for standard input."""
    if spec == "-":
        return None
    if spec.startswith("zoo:"):
        from cnncalc.zoo import zoo_path

        return zoo_path(spec.removeprefix("zoo:"))
    return Path(spec)


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


def _applied(
    advice: Advice, path: Path, take: str, content: bytes, file: str, args: dict[str, str], input: str | None
) -> Applied:
    """Write the rewritten spec and return what was done."""
    from cnncalc.advise.applying import chosen, rewritten
    from cnncalc.advise.reading import read_network, reloader
    from cnncalc.report.destination import send

    if not advice.pieces:
        raise UsageError("there is nothing to apply: there is nothing to advise")
    plain = None
    if args or input is not None:
        try:
            plain = read_network(content, file), reloader(file)
        except SpecError:  # an argument without a value: there is no network without --set
            plain = None
    done = rewritten(advice, chosen(advice, take), reloader(file, args, input), plain)
    send(done.text, path)
    return done


def _tell(advice: Advice, top: int, format: Format, done: Applied | None, path: Path | None) -> None:
    from cnncalc.report.advised import advised_json, advised_markdown, applied_text, print_advised
    from cnncalc.report.table import terminal

    name = printable(str(path))
    if format is Format.json:
        sys.stdout.write(advised_json(advice, top, done, name))
        return
    if format is Format.markdown:
        sys.stdout.write(advised_markdown(advice, top))
    else:
        sys.stdout.write(print_advised(advice, top, terminal()))
    if done is not None:
        sys.stdout.write(f"\n{applied_text(done, name)}")
