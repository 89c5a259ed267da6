"""The gate against crying wolf: what the rules find in the zoo is a list in which each line has its reason."""

from pathlib import Path

import pytest

import cnncalc
from cnncalc.checks.base import Severity
from cnncalc.zoo import names, zoo_path

LINES = Path(__file__).with_name("zoo_findings.txt").read_text(encoding="utf-8").splitlines()[1:]
LISTED = {tuple(line.split(" ", 2)[:2]): line.split(" ", 2)[2] for line in LINES}
STEM = """
cnncalc: 1
input: 3x224x224
rounding: floor
layers:
- {conv: 64, kernel: 7, stride: 2, padding: 3}
"""


@pytest.mark.parametrize("name", names())
def test_a_spec_fires_what_is_listed_and_nothing_else(name):
    found = {(f"{name}:{one.place.span.line}", one.code) for one in cnncalc.check(zoo_path(name))}
    assert found == {key for key in LISTED if key[0].startswith(f"{name}:")}


def test_every_line_has_a_reason_and_a_spec():
    assert len(LISTED) == len(LINES)
    assert all(len(reason) > 20 for reason in LISTED.values())
    assert {key[0].split(":")[0] for key in LISTED} <= set(names())


@pytest.mark.parametrize("name", names())
def test_no_spec_of_the_zoo_has_an_error(name):
    assert not [one for one in cnncalc.check(zoo_path(name)) if one.severity is Severity.ERROR]


def test_the_stem_of_resnet_fires_nothing(tmp_path):
    path = tmp_path / "stem.yaml"
    path.write_text(STEM)
    assert cnncalc.check(path) == []
    path.write_text(STEM.replace("padding: 3", "padding: 0"))  # now a row and a column really go unread
    assert [one.code for one in cnncalc.check(path)] == ["CNN201"]
