"""Whatever the bytes, loads() and analyze() return or raise a CnncalcError that can be read; none takes long.

The seed is printed; CNNCALC_SEED=n repeats a run. The share of sound specs is asserted too: a fuzzer that never gets
past the first check would pass for ever.
"""

from __future__ import annotations

import os
import re
import time
from random import Random

import pytest

import cnncalc
from cnncalc.errors import SpecError
from tests.fuzz.corpus import WORDS, corpus, spoil_bytes, spoil_tokens
from tests.fuzz.grammar import Writer

SEED = int(os.environ.get("CNNCALC_SEED", "20240229"))
SECONDS = 5.0
BREAK = re.compile("\r\n|\r|\n")


def outcome(content: bytes | str) -> str:
    """Return ``sound``, or the name of the error; assert that all of it is as it must be."""
    started = time.process_time()
    try:
        graph = cnncalc.loads(content, file="f.yaml")
        analysis = cnncalc.analyze(graph)
    except SpecError as error:
        assert time.process_time() - started < SECONDS
        readable(error, content)
        return type(error).__name__
    assert time.process_time() - started < SECONDS
    seen = set(graph.inputs)
    for node in graph.nodes:
        assert node.path not in seen, f"two nodes are called {node.path}"
        assert seen.issuperset(node.inputs)
        seen.add(node.path)
    assert seen.issuperset(graph.outputs)
    assert min(analysis.totals) >= 0
    return "sound"


def readable(error: SpecError, content: bytes | str) -> None:
    """Assert that an error points into the file and can be printed."""
    text = content.decode("utf-8-sig", "replace") if isinstance(content, bytes) else content
    lines = BREAK.split(text)
    said = re.match(r"f\.yaml:(\d+):(\d+): (.+)", str(error))
    assert said, str(error)
    line, column = int(said[1]), int(said[2])
    span = error.place.span
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1, str(error)
    assert span.line <= span.end_line <= len(lines)
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 2
    assert all(part.isprintable() for part in re.split(r"\n *help: ", str(error), maxsplit=1))
    assert len(str(error)) < 4000


def run(kind: str, count: int, make: object) -> dict[str, int]:
    """Feed ``count`` inputs to ``make``'s fuzz and return how often each outcome came; name the input that fails."""
    assert callable(make)
    random = Random(f"{SEED}-{kind}")
    tally: dict[str, int] = {}
    for index in range(count):
        content = make(random)
        try:
            result = outcome(content)
        except BaseException as error:
            raise AssertionError(f"CNNCALC_SEED={SEED}, {kind} {index}: {error!r} for\n{content!r}") from error
        tally[result] = tally.get(result, 0) + 1
    print(f"CNNCALC_SEED={SEED} {kind}: {count} inputs, {tally}")
    return tally


def test_specs_with_spoiled_bytes_are_told_about() -> None:
    texts = corpus()
    tally = run("bytes", 4000, lambda random: spoil_bytes(random, random.choice(texts)))
    assert {"sound", "YamlSyntax", "InvalidField", "DuplicateKey", "UnknownName"} <= set(tally)


def test_specs_with_spoiled_tokens_are_told_about() -> None:
    texts = corpus()
    tally = run("tokens", 4000, lambda random: spoil_tokens(random, random.choice(texts), random.choice(texts)))
    assert {"sound", "DoesNotCompute", "InvalidField", "BadExpression", "UnknownName", "YamlUnsafe"} <= set(tally)


def test_random_specs_of_the_language_are_analysed_or_told_about() -> None:
    tally = run("grammar", 6000, lambda random: Writer(random).spec())
    assert tally["sound"] >= 1000
    assert {"DoesNotCompute", "InvalidField", "BadExpression", "UnknownName"} <= set(tally)


def test_random_bytes_are_told_about() -> None:
    def noise(random: Random) -> bytes:
        if random.random() < 0.5:
            return random.randbytes(random.randrange(200))
        return b" ".join(random.choice(WORDS).encode() for _ in range(random.randrange(30)))

    tally = run("noise", 2000, noise)
    assert tally.get("sound", 0) == 0


@pytest.mark.parametrize("content", ["", "\n", "#", "---", "cnncalc: 1", "\ufeff", "\x00", "[", "{", "'", "- ", "?"])
def test_the_smallest_files_are_told_about(content: str) -> None:
    assert outcome(content) != "sound"
