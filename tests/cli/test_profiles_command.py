"""``--profile`` and ``cnncalc profiles`` as their user meets them: in every format, with mistakes, and at no cost."""

import csv
import io
import json
import re

import pytest

from tests.architecture.test_imports import loaded_after
from tests.cli.test_shapes_command import cnncalc

SPEC = """
cnncalc: 1
input: 3x9x9
layers: [{conv: 8, kernel: 3, norm: batch_norm, act: relu}, {layer_norm: null}, global_avg_pool, {linear: 5}]
budget: {macs: 11000}
expect: {macs: 10624}
"""
MACS = 3 * 9 * 8 * 49 + 8 * 5
FVCORE = MACS + (2 + 5 + 1) * 8 * 49  # the norms' elements, and what the pool reads


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return str(path)


def test_shapes_says_the_tools_number_in_its_own_word_and_what_it_is(spec):
    out, _ = cnncalc("shapes", spec, "--profile", "fvcore")
    assert f"fvcore FLOPs {FVCORE:,}" in out
    assert "fvcore: what fvcore 0.1.5.post20221221 calls FLOPs is multiply-accumulates of" in out


def test_the_column_adds_up_to_the_total_folded_or_not(spec):
    for depth in ([], ["--depth", "1"]):
        out, _ = cnncalc("shapes", spec, "--profile", "fvcore", "--format", "csv", *depth)
        assert sum(int(row["profile"]) for row in csv.DictReader(io.StringIO(out))) == FVCORE


def test_json_has_the_profile_and_its_total(spec):
    out, _ = cnncalc("shapes", spec, "--profile", "fvcore", "--format", "json", "--batch", "2")
    report = json.loads(out)
    assert (report["totals"]["profile"], report["totals"]["profile_total"]) == ("fvcore", 2 * FVCORE)
    assert sum(layer["profile"] for layer in report["layers"]) == 2 * FVCORE
    assert report["profile"] == "mac-v1"


def test_json_without_a_profile_has_no_word_of_one(spec):
    out, _ = cnncalc("shapes", spec, "--format", "json")
    assert "profile_total" not in out


def test_a_number_that_may_be_more_is_shown_as_a_bound(spec):
    out, _ = cnncalc("shapes", spec, "--profile", "tf-profiler", "--format", "markdown")
    assert "tf-profiler float_ops >= " in out
    assert "Not known of layer_norm: it may be more." in out
    out, _ = cnncalc("shapes", spec, "--profile", "tf-profiler", "--format", "json")
    assert json.loads(out)["totals"]["profile_unknown"] == ["layer_norm"]


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    "command",
    [
        ["shapes", "zoo:resnet18", "--profile", "torch-flop-counter"],
        ["compare", "zoo:lenet5", "vs", "zoo:resnet18", "--profile", "torchprofile"],
        ["profiles"],
        ["profiles", "ptflops"],
    ],
    ids=["shapes", "compare", "profiles", "ptflops"],
)
def test_no_line_is_wider_than_the_terminal(command, columns):
    out, _ = cnncalc(*command, columns=columns)
    assert max(map(len, out.splitlines())) <= columns


@pytest.mark.parametrize(
    "command", [["shapes", "zoo:lenet5"], ["check", "zoo:lenet5"], ["compare", "3x3", "vs", "5x5"]]
)
def test_a_name_that_there_is_not_is_bad_usage_and_told_the_nearest(command):
    _, err = cnncalc(*command, "--profile", "torchinf", check=2)
    assert err == "torchinf: there is no such profile; did you mean torchinfo?\n"


def test_the_column_needs_a_profile():
    _, err = cnncalc("shapes", "zoo:lenet5", "--columns", "+profile", check=2)
    assert "--columns: the column 'profile' needs --profile NAME" in err


def test_compare_has_a_row_of_networks_and_of_stacks(spec):
    out, _ = cnncalc("compare", "zoo:lenet5", "vs", spec, "--profile", "fvcore", "--format", "json")
    totals = json.loads(out)["totals"]
    assert totals["profile_total"] == {"before": 416_520, "after": FVCORE, "difference": FVCORE - 416_520}
    out, _ = cnncalc("compare", "7x7", "vs", "3x3x3", "--profile", "torch-flop-counter")
    assert re.search("torch-flop-counter FLOPs +98HWC² +54HWC²", out)


def test_check_holds_a_budget_of_macs_against_the_tools_number_and_expect_against_its_own(spec):
    out, _ = cnncalc("check", spec)
    assert "nothing found" in out
    out, _ = cnncalc("check", spec, "--profile", "fvcore", check=1)
    assert f"macs (fvcore FLOPs) is {FVCORE:,}, the budget is 11,000" in out
    assert "CNN401" not in out


def test_check_tells_the_number_of_each_file(spec):
    out, _ = cnncalc("check", spec, "zoo:alexnet", "--profile", "tf-profiler", "--format", "json", check=None)
    report = json.loads(out)
    assert report["profile_totals"]["zoo:alexnet"] == 1_429_666_024
    assert report["profile_unknown"] == {spec: ["layer_norm"], "zoo:alexnet": ["adaptive_avg_pool"]}
    out, _ = cnncalc("check", "zoo:resnet50", "--profile", "fvcore")
    assert "zoo:resnet50: fvcore FLOPs 4,111,512,576\n" in out


def test_the_list_has_every_tool_and_json_every_rule():
    out, _ = cnncalc("profiles")
    assert "torchprofile 0.1.0" in out
    assert "\x1b" not in out
    out, _ = cnncalc("profiles", "--format", "json")
    (fvcore,) = [profile for profile in json.loads(out) if profile["name"] == "fvcore"]
    assert fvcore["counts"]["batch_norm"] == "2*inputs"
    assert "add" in fvcore["leaves_out"]


def test_one_tools_rules_are_a_table():
    out, _ = cnncalc("profiles", "tf-profiler", "--format", "markdown")
    assert "| softmax | 5*inputs |" in out
    assert "| not known | locally_connected, adaptive_avg_pool," in out


def test_shapes_reads_no_profile_unless_it_is_asked_for():
    run = "import sys; from cnncalc.cli import run; sys.argv = ['cnncalc', 'shapes', 'zoo:lenet5', *{}]; code = run()"
    assert not {name for name in loaded_after(run.format([])) if name.startswith("cnncalc.profiles")}
    assert "cnncalc.profiles" in loaded_after(run.format(["--profile", "thop"]))
