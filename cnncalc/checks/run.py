"""Checks many files, in one process or several: what each of them has, in the order of the files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cnncalc.checks.base import Finding
from cnncalc.checks.baseline import Baseline
from cnncalc.checks.engine import check_survey
from cnncalc.checks.files import read_spec
from cnncalc.checks.grown_since_baseline import MEASURES
from cnncalc.checks.settings import Settings
from cnncalc.checks.survey import Refusal, Survey, survey
from cnncalc.errors import SpecError
from cnncalc.profiles.profile import Profile
from cnncalc.spec.arithmetic import Number

SEVERAL = 256
"""From how many files on it pays to start more processes."""
CHUNK = 16


class Checked(NamedTuple):
    """One file's findings, and the totals of its network if all of it was understood."""

    file: str
    findings: tuple[Finding, ...]
    totals: dict[str, int] | None
    profile_total: int | None = None
    """What another tool prints for the network, if one is asked for."""
    profile_unknown: tuple[str, ...] = ()
    """The ops of which it is not known what they add to that."""


class Profiled(NamedTuple):
    """Files that were checked, as another tool counts them: its profile, and by file the total and what is unknown."""

    profile: Profile
    totals: Mapping[str, int]
    unknown: Mapping[str, Sequence[str]]


def profiled(name: str, checked: Sequence[Checked]) -> Profiled:
    """Return what a tool prints for files that were checked, as far as they were understood."""
    from cnncalc.profiles import read

    totals = {one.file: one.profile_total for one in checked if one.profile_total is not None}
    return Profiled(read(name), totals, {one.file: one.profile_unknown for one in checked if one.profile_unknown})


def check_file(
    file: str,
    settings: Settings,
    baseline: Baseline,
    content: bytes | None = None,
    given: Mapping[str, Number] | None = None,
    profile: str | None = None,
) -> Checked:
    """Return what a file has; ``content`` in place of what is in it, ``given`` in place of its arguments' values.

    With a profile, the bound of MACs is for the number of its tool.

    Raises UsageError for a file that cannot be read.
    """
    found = survey(read_spec(file) if content is None else content, file, given)
    found.baseline = baseline.get(file, {})
    if profile is not None:
        _count(found, profile)
    totals = None
    if found.whole and found.analysis is not None:
        totals = {name: getattr(found.analysis.totals, name) for name in MEASURES}
    findings = tuple(check_survey(found, settings))
    if found.counted is None:
        return Checked(file, findings, totals)
    return Checked(file, findings, totals, found.counted.total, tuple(found.counted.unknown))


def _count(found: Survey, profile: str) -> None:
    """Count a network that was understood as another tool does; a number that is too large is an error of the file."""
    if not found.whole or found.analysis is None:
        return
    from cnncalc.profiles import counted

    try:
        found.counted = counted(profile, found.analysis)
    except SpecError as error:
        facts = found.described[error.place.path]
        found.refusals.append(Refusal(error, facts.node, facts.inputs))


def check_files(
    files: Sequence[str],
    settings: Settings,
    baseline: Baseline,
    jobs: int = 0,
    given: Mapping[str, Number] | None = None,
    profile: str | None = None,
) -> Iterator[Checked]:
    """Yield what each file has, in their order; ``jobs`` processes, or as many as there are cores for many files."""
    jobs = jobs or (cores() if len(files) >= SEVERAL else 1)
    if jobs == 1 or len(files) < 2:
        for file in files:
            yield check_file(file, settings, baseline, given=given, profile=profile)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    of = partial(check_file, settings=settings, baseline=baseline, given=given, profile=profile)
    method = "forkserver" if sys.platform != "win32" else "spawn"
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=get_context(method)) as pool:
        # in parts, for map() would read ahead through all of ten thousand files
        part = CHUNK * jobs * 4
        for start in range(0, len(files), part):
            yield from pool.map(of, files[start : start + part], chunksize=CHUNK)


def cores() -> int:
    """Return how many processors this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
