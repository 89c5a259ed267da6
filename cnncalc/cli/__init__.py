"""The command line: one command a file, each imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cnncalc import __version__
from cnncalc.errors import CnncalcError, UsageError

COMMANDS = ("shapes", "zoo", "schema")


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

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - likewise
        """Run a command; print an error of this package as its message, and exit with its code."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            sys.stderr.write(f"standard output: {error.strerror or error}\n")
            raise typer.Exit(UsageError.exit_code) from None
        except CnncalcError as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(error.exit_code) from None


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
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        typer.main.get_command(app)(prog_name="cnncalc")
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BrokenPipeError:
        return 1
    return 0
