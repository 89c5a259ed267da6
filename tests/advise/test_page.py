"""What docs/advise.md shows is what the tool prints, and what it lists is what there is."""

import json
import re
from pathlib import Path

from cnncalc.advise import KINDS
from cnncalc.advise.advice import MOST_CHANGES, WORTH
from cnncalc.advise.bottleneck import LEAST
from cnncalc.advise.line import IMAGE
from cnncalc.advise.pooling import HUGE
from tests.cli.test_shapes_command import cnncalc

PAGE = (Path(__file__).parents[2] / "docs" / "advise.md").read_text(encoding="utf-8")


def test_the_output_is_what_is_printed():
    out, _ = cnncalc("advise", "zoo:googlenet", "--only", "stack")
    command, *shown = re.search(r"```\n(\$ cnncalc advise zoo:googlenet.*?)```", PAGE, re.DOTALL)[1].splitlines()
    assert command == "$ cnncalc advise zoo:googlenet --only stack"
    assert out.splitlines()[: len(shown)] == shown


def test_every_kind_has_its_row_in_order():
    assert re.findall(r"^\| `(\w+)` \|", PAGE.split("## Write it")[0], re.MULTILINE) == list(KINDS)


def test_the_limits_are_those_of_the_code():
    assert f"at least {LEAST}" in PAGE
    assert HUGE == 10
    assert "holds a tenth of the params" in PAGE
    assert f"an input of 1 to {IMAGE} channels" in PAGE
    assert f"the first {MOST_CHANGES} changed lines" in PAGE
    assert WORTH == 100
    assert "under 1% of both" in PAGE


def keys(section):
    """Return the keys of a table of the page, and those of the objects inside, which follow their name."""
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$", section, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", what)) for names, what in rows for name in re.findall(r"\w+", names)}


def test_the_keys_of_the_json_are_those_that_the_page_describes(tmp_path):
    apply = ("--apply", str(tmp_path / "new.yaml"))
    report = json.loads(cnncalc("advise", "zoo:googlenet", "--format", "json", *apply)[0])
    whole, piece = map(keys, PAGE.split("## Report it")[1].split("A piece has:"))
    assert list(whole) == list(report)
    assert whole["totals"] == set(report["totals"])
    assert whole["applied"] - {"apply"} == set(report["applied"])
    first = report["advice"][0]
    assert sorted(piece) == sorted(first)
    assert piece["lines"] == set(first["lines"][0])
    assert piece["changes"] == set(first["changes"][0])
    left = next(one["left"] for one in report["advice"] if one["left"])
    assert piece["left"] == set(left[0])
