"""How ``cnncalc check`` tells what it found: in which format, to whom, and in which colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.checks.base import Finding
    from cnncalc.checks.run import Profiled
    from cnncalc.checks.settings import Settings

STDIN = "-"


class Format(StrEnum):
    """What the findings are written as."""

    full = "full"
    concise = "concise"
    json = "json"
    jsonl = "jsonl"
    sarif = "sarif"
    github = "github"
    junit = "junit"


class Color(StrEnum):
    """When the report is in colour."""

    auto = "auto"
    always = "always"
    never = "never"


@cache
def stdin() -> bytes:
    """Return what standard input holds, up to more than a spec may have."""
    from cnncalc.checks.files import read_spec

    return read_spec(STDIN)


def write(
    findings: Sequence[Finding],
    files: Sequence[str],
    format: Format,
    output: Path | None,
    color: Color,
    stdin_filename: str,
    settings: Settings,
    profiled: Profiled | None = None,
) -> None:
    """Write the report: in colour on a terminal, wrapped to its width; plain and whole elsewhere."""
    lines = _lines(stdin_filename)
    if format is Format.full and output is None and (color is Color.always or sys.stdout.isatty()):
        from rich.console import Console

        from cnncalc.report.findings.full import print_full

        plain = color is Color.never
        console = Console(
            force_terminal=True if color is Color.always else None, no_color=plain or None, highlight=False, emoji=False
        )
        print_full(findings, files, lines, console, profiled)
        return
    from importlib import import_module

    from cnncalc.report.destination import send

    options: dict[str, object] = {}
    if format is Format.junit:
        options["fail_on"] = settings.fail_on
    elif format in (Format.full, Format.json):
        options["profiled"] = profiled
    elif format in (Format.github, Format.sarif) and (workspace := os.environ.get("GITHUB_WORKSPACE")):
        options["root"] = Path(workspace)  # the runner's paths are from there, wherever a step works
    module = import_module(f"cnncalc.report.findings.{format.value}")
    send(getattr(module, f"{format.value}_text")(findings, files, lines, **options), output)


def _lines(stdin_filename: str) -> Callable[[str], Sequence[str]]:
    """Return what gives the lines of a file that was checked."""
    from cnncalc.checks.files import read_spec
    from cnncalc.checks.survey import split_lines

    @lru_cache(maxsize=8)
    def lines(file: str) -> Sequence[str]:
        content = stdin() if file == stdin_filename else read_spec(file)
        return split_lines(content.decode("utf-8-sig", "replace"))

    return lines
