"""Whatever the bytes, the checker ends in findings that can be told in every format, and a mended file can be read.

The seed is printed; CNNCALC_SEED=n repeats a run.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from xml.etree import ElementTree

from cnncalc.checks.base import Finding, Severity
from cnncalc.checks.engine import check_survey
from cnncalc.checks.fixing import mended
from cnncalc.checks.mending import applied
from cnncalc.checks.settings import Settings
from cnncalc.checks.survey import survey
from cnncalc.report.findings.concise import concise_text
from cnncalc.report.findings.full import full_text
from cnncalc.report.findings.github import github_text
from cnncalc.report.findings.json import json_text
from cnncalc.report.findings.junit import junit_text
from tests.fuzz.corpus import corpus, spoil_bytes, spoil_tokens
from tests.fuzz.grammar import Writer

SEED = int(os.environ.get("CNNCALC_SEED", "20240301"))
SECONDS = 8.0
BREAK = re.compile("\r\n|\r|\n")
FILE = "odd name\x1b[31m\n::error::f.yaml"
"""A path that tries to forge a colour and an annotation."""


def outcome(content: bytes, random: Random) -> list[Finding]:
    """Return what is found; assert that it can be told and mended."""
    started = time.process_time()
    found = survey(content, FILE)
    findings = check_survey(found, Settings())
    assert time.process_time() - started < SECONDS
    lines = BREAK.split(found.text)
    for one in findings:
        for span in [one.place.span, *(label.span for label in one.others), *one.calls]:
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 2
        for line in one.helps:
            for suggestion in line:
                applied(found.text, suggestion.edits)
    told(findings, lines)
    if any(one.fix for one in findings):
        after = mended(content, FILE, Settings(), unsafe=random.random() < 0.5)
        assert len(check_survey(survey(after.after.encode("utf-8", "surrogatepass"), FILE), Settings())) >= 0
    return findings


def told(findings: list[Finding], lines: list[str]) -> None:
    """Assert that each format tells the findings, and nothing in the file can forge a line of it."""
    whole = full_text(findings, [FILE], lambda _: lines)
    assert all(part.isprintable() for part in whole.split("\n"))
    assert len(concise_text(findings, [FILE], lambda _: lines).splitlines()) == len(findings)
    for line in github_text(findings, [FILE], lambda _: lines).splitlines():
        assert re.match(r"::(error|warning|notice)( [^:]*)?::", line), line
        assert line.isprintable()
    assert len(json.loads(json_text(findings, [FILE], lambda _: lines))["findings"]) == len(findings)
    ElementTree.fromstring(junit_text(findings, [FILE], lambda _: lines))


def run(kind: str, count: int, make: Callable[[Random], bytes | str]) -> Counter[str]:
    """Check ``count`` inputs and return how often each code came; name the input that fails."""
    random = Random(f"{SEED}-{kind}")
    tally: Counter[str] = Counter()
    for index in range(count):
        made = make(random)
        content = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
        try:
            findings = outcome(content, random)
        except BaseException as error:
            raise AssertionError(f"CNNCALC_SEED={SEED}, {kind} {index}: {error!r} for\n{content!r}") from error
        tally.update({one.code for one in findings} or {"sound"})
    print(f"CNNCALC_SEED={SEED} {kind}: {count} inputs, {dict(tally)}")
    return tally


def test_specs_with_spoiled_bytes_are_checked() -> None:
    texts = corpus()
    tally = run("bytes", 2000, lambda random: spoil_bytes(random, random.choice(texts)))
    assert {"CNN001", "CNN003", "CNN005", "CNN007"} <= set(tally)


def test_specs_with_spoiled_tokens_are_checked() -> None:
    texts = corpus()
    tally = run("tokens", 4000, lambda random: spoil_tokens(random, random.choice(texts), random.choice(texts)))
    assert {"CNN002", "CNN004", "CNN005", "CNN006", "CNN007", "CNN101", "CNN102", "CNN105"} <= set(tally)


def test_random_specs_of_the_language_are_checked() -> None:
    tally = run("grammar", 4000, lambda random: Writer(random).spec())
    assert tally["sound"] >= 100
    assert {"CNN101", "CNN102", "CNN107", "CNN201"} <= set(tally)


def test_severities_are_ordered() -> None:
    assert [one.at_least(Severity.WARNING) for one in Severity] == [True, True, False]
