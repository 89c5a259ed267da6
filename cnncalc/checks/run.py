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
from cnncalc.checks.survey import survey
from cnncalc.spec.arithmetic import Number

SEVERAL = 256
"""From how many files on it pays to start more processes."""
CHUNK = 16


class Checked(NamedTuple):
    """One file's findings, and the totals of its network if all of it was understood."""

    file: str
    findings: tuple[Finding, ...]
    totals: dict[str, int] | None


def check_file(
    file: str,
    settings: Settings,
    baseline: Baseline,
    content: bytes | None = None,
    given: Mapping[str, Number] | None = None,
) -> Checked:
    """Return what a file has; ``content`` in place of what is in it, ``given`` in place of its arguments' values.

    Raises UsageError for a file that cannot be read.
    """
    found = survey(read_spec(file) if content is None else content, file, given)
    found.baseline = baseline.get(file, {})
    totals = None
    if found.whole and found.analysis is not None:
        totals = {name: getattr(found.analysis.totals, name) for name in MEASURES}
    return Checked(file, tuple(check_survey(found, settings)), totals)


def check_files(
    files: Sequence[str],
    settings: Settings,
    baseline: Baseline,
    jobs: int = 0,
    given: Mapping[str, Number] | None = None,
) -> Iterator[Checked]:
    """Yield what each file has, in their order; ``jobs`` processes, or as many as there are cores for many files."""
    jobs = jobs or (cores() if len(files) >= SEVERAL else 1)
    if jobs == 1 or len(files) < 2:
        for file in files:
            yield check_file(file, settings, baseline, given=given)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    of = partial(check_file, settings=settings, baseline=baseline, given=given)
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
