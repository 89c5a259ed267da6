"""A small file that asks for too much is refused in seconds and without much memory."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fuzz import bombs

UNITS = 40.0
"""In loops of three million steps, 0.2 s on a quiet machine."""
ROOT = str(bombs.__file__).rsplit("/tests/", 1)[0]


def said(name: str, most: float = UNITS) -> str:
    """Return what cnncalc said about a bomb, in a process of its own; "" where it is a network like any other."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.bombs", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome = json.loads(done.stdout)
    assert outcome["units"] < most
    return str(outcome["said"])


@pytest.mark.parametrize("name", bombs.REFUSED)
def test_a_bomb_is_refused_with_a_short_message(name: str) -> None:
    message = said(name)
    assert message.startswith("f.yaml:")
    assert len(message) < 2000


@pytest.mark.parametrize("name", bombs.SOUND)
def test_a_large_network_is_quick(name: str) -> None:
    assert said(name) == ""


@pytest.mark.parametrize("name", bombs.OF_LAYERS)
def test_sizes_beyond_all_measure_are_refused(name: str) -> None:
    assert said(name, most=20).startswith("f.yaml:")
