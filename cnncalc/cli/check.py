"""``cnncalc check``: what does not fit, where, why, and what would."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.options import ProfileName, complete_spec
from cnncalc.cli.options import arguments as pairs
from cnncalc.cli.rule import complete_rule
from cnncalc.cli.telling import STDIN, Color, Format, stdin, write
from cnncalc.errors import UsageError, printable

if TYPE_CHECKING:
    from cnncalc.checks.baseline import Baseline
    from cnncalc.checks.run import Checked
    from cnncalc.checks.settings import Settings
    from cnncalc.spec.arithmetic import Number

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

MANY = 50
"""From how many files on a progress bar is worth its line."""


class FailOn(StrEnum):
    """From which severity on the exit code is 1."""

    error = "error"
    warning = "warning"
    advice = "advice"
    never = "never"


EPILOG = """
Examples:

- `cnncalc check net.yaml` -- one spec

- `cnncalc check specs/` -- every spec below a folder

- `cnncalc check --select CNN1,CNN2 --fail-on warning specs/` -- some rules, warnings fail too

- `cnncalc check --format sarif -o findings.sarif specs/` -- for code scanning

- `cnncalc check --fix --diff net.yaml` -- what would be mended

- `cnncalc check --baseline sizes.json specs/` -- fail where a network grew since `--write-baseline sizes.json`

- `cnncalc check --profile fvcore specs/` -- with what fvcore prints for each, which a budget of MACs is then for

Exit code: 0 nothing at or above `--fail-on`, 1 findings, 2 a bad option or a path that cannot be read.
`cnncalc rule CNN101` explains a code.
"""


@app.command(epilog=EPILOG)
def check(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Spec files, folders, patterns, zoo:NAME, or - for standard input.",
            autocompletion=complete_spec,
        ),
    ],
    format: Annotated[Format, typer.Option(help="How the findings are written.")] = Format.full,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="Write to a file, whole or not at all.")
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            help="Only these rules: codes, their beginnings, or names, with commas.",
            autocompletion=complete_rule,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help="Not these rules.", autocompletion=complete_rule)
    ] = None,
    severity: Annotated[
        list[str] | None, typer.Option(metavar="RULE=LEVEL", help="Another severity: error, warning or advice.")
    ] = None,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with 1 from this severity on; error by default.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Leave out files and folders.")] = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Leave them out also where they are named.")
    ] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="It is no error if there is no file to check.")
    ] = False,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Read this configuration.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no configuration.")] = False,
    stdin_filename: Annotated[str, typer.Option(metavar="NAME", help="What standard input is called.")] = "<stdin>",
    set: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Give an argument of the files a value.")
    ] = None,
    profile: ProfileName = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=0, help="Processes; 0 for as many as pay.")] = 0,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe to mend, in the files.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Mend, in the files, also what changes the network: a padding.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be mended, and change nothing.")] = False,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Fail where a network grew since this was written.")
    ] = None,
    max_growth: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="How much it may grow; 0 by default.")
    ] = None,
    write_baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the totals of all files.")] = None,
    color: Annotated[Color, typer.Option(help="When to use colour; NO_COLOR is heeded.")] = Color.auto,
) -> None:
    """Say which strides and filters do not fit, where, why, and what would."""
    from cnncalc.checks.baseline import baseline_text, read_baseline
    from cnncalc.checks.configuration import configuration, with_options
    from cnncalc.checks.engine import fails
    from cnncalc.checks.files import discover
    from cnncalc.report.destination import same_file
    from cnncalc.spec.lineage import files_of
    from cnncalc.spec.load import arguments

    settings = with_options(
        configuration(Path.cwd(), config=config, isolated=isolated),
        select=_words(select),
        ignore=_words(ignore),
        severity=_words(severity),
        fail_on=fail_on.value if fail_on else None,
        exclude=exclude or [],
        growth=max_growth,
    )
    if profile is not None:
        from cnncalc.profiles import read

        read(profile)  # a name that there is not is told before anything is done
    files = discover(paths, settings, force_exclude=force_exclude)
    if not files and not allow_empty:
        raise UsageError("there is no spec to check; --allow-empty makes that no error")
    for path in filter(None, (output, write_baseline)):
        if any(same_file(path, one) for file in files if path.exists() for one in files_of(file)):
            raise UsageError(f"{printable(str(path))}: is a spec that is checked, and would be overwritten")
    if fix or unsafe_fixes or diff:
        changed = _mend(files, settings, unsafe=unsafe_fixes, diff=diff, stdin_filename=stdin_filename)
        if diff:
            raise typer.Exit(int(changed))
        if files == [STDIN]:
            return
    known = read_baseline(baseline) if baseline else {}
    checked = list(
        _progress(
            _checked(files, settings, known, jobs, stdin_filename, arguments(pairs(set or [])), profile), len(files)
        )
    )
    if write_baseline is not None:
        from cnncalc.report.destination import send

        before = read_baseline(write_baseline) if write_baseline.exists() else {}
        kept = {one.file: before[one.file] for one in checked if one.totals is None and one.file in before}
        send(baseline_text(kept | {one.file: one.totals for one in checked if one.totals}), write_baseline)
    if baseline is not None:
        _without(baseline, [one.file for one in checked if one.file not in known])
    findings = [finding for one in checked for finding in one.findings]
    numbers = None
    if profile is not None:
        from cnncalc.checks.run import profiled

        numbers = profiled(profile, checked)
    write(findings, [one.file for one in checked], format, output, color, stdin_filename, settings, numbers)
    raise typer.Exit(int(fails(findings, settings.fail_on)))


def _without(baseline: Path, files: Sequence[str]) -> None:
    """Say which specs a baseline knows nothing of: nothing holds them."""
    if files:
        shown = ", ".join(printable(file) for file in files[:5]) + (f" and {len(files) - 5} more" if files[5:] else "")
        sys.stderr.write(f"{printable(str(baseline))}: has nothing on {shown}; --write-baseline adds what is checked\n")


def _words(values: list[str] | None) -> list[str]:
    """Return the words of an option that may be given several times, each with several words between commas."""
    return [word.strip() for value in values or [] for word in value.split(",") if word.strip()]


def _checked(
    files: Sequence[str],
    settings: Settings,
    known: Baseline,
    jobs: int,
    stdin_filename: str,
    given: dict[str, Number],
    profile: str | None,
) -> Iterator[Checked]:
    from cnncalc.checks.run import check_file, check_files

    if STDIN in files:
        yield check_file(stdin_filename, settings, known, stdin(), given, profile)
    yield from check_files([file for file in files if file != STDIN], settings, known, jobs, given, profile)


def _progress(checked: Iterator[Checked], total: int) -> Iterator[Checked]:
    """Yield what is checked; on a terminal, show how far it is, if it takes a while."""
    if total < MANY or not sys.stderr.isatty():
        yield from checked
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(checked, "checking", total, console=Console(stderr=True), transient=True)


def _mend(files: Sequence[str], settings: Settings, *, unsafe: bool, diff: bool, stdin_filename: str) -> bool:
    """Mend files, or show what would be mended; return whether there was anything. Standard input goes to output."""
    from cnncalc.checks.files import read_spec
    from cnncalc.checks.fixing import mended
    from cnncalc.report.destination import send
    from cnncalc.spec.files import asked_of

    changed = fixed = 0
    for file in files:
        if file.startswith("zoo:"):
            raise UsageError(f"{file}: comes with the package, and is not mended")
        if asked_of(file)[1]:
            raise UsageError(f"{printable(file)}: has arguments, and is not mended; the file itself is")
        content = stdin() if file == STDIN else read_spec(file)
        found = mended(content, stdin_filename if file == STDIN else file, settings, unsafe=unsafe)
        if file == STDIN and not diff:
            sys.stdout.write(found.after)
        if found.after == found.before:
            continue
        changed, fixed = changed + 1, fixed + len(found.fixed)
        if diff:
            sys.stdout.write(found.diff(printable(file)))
        elif file != STDIN:
            if not Path(file).stat().st_mode & 0o222:
                raise UsageError(f"{printable(file)}: is read-only, and is not mended")
            send(found.after, Path(file))
    verb = "would be mended" if diff else "mended"
    sys.stderr.write(
        f"{fixed} finding{'s' if fixed != 1 else ''} {verb} in {changed} file{'s' if changed != 1 else ''}\n"
    )
    return bool(changed)
