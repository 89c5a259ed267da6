"""The command line: one command a file, each imported when it is called."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cnncalc import __version__
from cnncalc.errors import CnncalcError, UsageError, printable

COMMANDS = (
    "shapes",
    "explain",
    "rf",
    "sizes",
    "memory",
    "roofline",
    "conv",
    "compare",
    "check",
    "advise",
    "rule",
    "run",
    "verify",
    "zoo",
    "profiles",
    "reconcile",
    "schema",
)


class Commands(TyperGroup):
    """The commands by name; a command's file is imported when the command is asked for."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - handed through to typer
        super().__init__(**attributes)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment] # typer reads only their names

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own types are private
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - likewise
        """Return a command by name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"cnncalc.cli.{cmd_name}").app)
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - likewise
        """Return the command that the arguments begin with; a spec alone is told what could be done with it."""
        from cnncalc.zoo import names

        if args and args[0] not in COMMANDS and (args[0] in names() or looks_like_a_spec(args[0])):
            word = printable(args[0][:200])
            spec = f"zoo:{word}" if word in names() else word
            sys.stderr.write(f"{word} is not a command\nhelp: did you mean `cnncalc shapes {spec}`?\n")
            raise typer.Exit(UsageError.exit_code)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - likewise
        """Run a command; print an error of this package as its message, and exit with its code."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            complain(f"standard output: {error.strerror or error}")
            raise typer.Exit(UsageError.exit_code) from None
        except CnncalcError as error:
            complain(str(error))
            raise typer.Exit(error.exit_code) from None


def complain(message: str) -> None:
    """Write a message to standard error; if that cannot be, the exit code says it all the same."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()


def looks_like_a_spec(word: str) -> bool:
    """Return whether a word on the command line, where a command should be, is a spec."""
    from pathlib import Path

    return word.startswith("zoo:") or word.partition("?")[0].endswith((".yaml", ".yml")) or Path(word).is_file()


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"cnncalc {__version__}\n")
        raise typer.Exit


@app.callback()
def cnncalc(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Shapes, parameters, multiply-adds and receptive fields of a network, exactly, from a small YAML file."""


def run() -> int:
    """Run the command that the process was started with, and return its exit code; say nothing of a closed pipe."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123 - open until the end
        getattr(sys, name).reconfigure(errors="backslashreplace")
    try:
        typer.main.get_command(app)(prog_name="cnncalc")
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BrokenPipeError:
        return 1
    return 0
