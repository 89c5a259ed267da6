"""What docs/advise.md shows is what the tool prints, and what it lists is what there is."""

import re
from pathlib import Path

from cnncalc.advise import KINDS
from cnncalc.advise.advice import WORTH
from cnncalc.advise.bottleneck import LEAST
from cnncalc.advise.pooling import HUGE
from tests.cli.test_shapes_command import cnncalc

PAGE = (Path(__file__).parents[2] / "docs" / "advise.md").read_text(encoding="utf-8")


def test_the_output_is_what_is_printed():
    out, _ = cnncalc("advise", "zoo:googlenet", "--only", "stack")
    command, *shown = re.search(r"```\n(\$ cnncalc advise zoo:googlenet.*?)```", PAGE, re.DOTALL)[1].splitlines()
    assert command == "$ cnncalc advise zoo:googlenet --only stack"
    assert out.splitlines()[: len(shown)] == shown


def test_every_kind_has_its_row_in_order():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(KINDS)


def test_the_limits_are_those_of_the_code():
    assert f"at least {LEAST}" in PAGE
    assert HUGE == 10
    assert "holds a tenth of the params" in PAGE
    assert WORTH == 100
    assert "under 1% of both" in PAGE
