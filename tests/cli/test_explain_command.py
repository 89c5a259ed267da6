"""``cnncalc explain`` as its user meets it: the lecture's lines, a pipe, widths, formats, mistakes; docs/explain.md."""

import json
import re
from pathlib import Path

import pytest

from cnncalc import analyze, load
from cnncalc.explain import explained
from cnncalc.zoo import names
from tests.cli.test_shapes_command import cnncalc

DOCS = (Path(__file__).parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
LECTURE = "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 10, kernel: 5, stride: 1, padding: 2, act: relu}\n"


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(LECTURE, encoding="utf-8")
    return str(path)


def stated(spec, *options):
    out, _ = cnncalc("explain", spec, "conv1", *options)
    return [line.rpartition("  #")[0].strip() for line in out.splitlines()]


@pytest.mark.parametrize("name", ["H", "W"])
def test_L13_L14_the_size_formula_is_printed_with_the_numbers(spec, name):
    assert f"{name}2 = ({name}1 - F + 2P)/S + 1 = (32 - 5 + 2*2)/1 + 1 = 32" in stated(spec)


def test_L14_the_depth_is_the_number_of_filters(spec):
    assert "D2 = K = 10" in stated(spec)


def test_L13_L14_a_filter_has_75_weights_and_a_bias_and_ten_have_760_parameters(spec):
    assert {
        "weights a filter = F*F*D1 = 5*5*3 = 75",
        "with its bias = 75 + 1 = 76",
        "10 filters = 10*76 = 760 parameters",
    } <= set(stated(spec))


def test_every_line_names_its_rule(spec):
    out, _ = cnncalc("explain", spec, "conv1")
    indented = [line for line in out.splitlines() if line.startswith("  ")]
    assert len(indented) > 15
    assert all(re.search(r"  #[a-z-]+$", line) for line in indented)


def test_a_pipe_gets_plain_text_in_its_natural_width():
    out, _ = cnncalc("explain", "zoo:resnet18", "stage.3.basic.1.conv2")
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) > 120


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("layer", ["conv1", "stage.3.basic.1.conv2", "linear1"])
def test_no_line_is_wider_than_the_terminal(columns, layer):
    out, _ = cnncalc("explain", "zoo:resnet18", layer, columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_what_a_narrow_terminal_folds_is_all_there():
    narrow, _ = cnncalc("explain", "zoo:resnet18", "conv1", columns=60)
    wide, _ = cnncalc("explain", "zoo:resnet18", "conv1")
    words = [sorted(re.sub(r"#[a-z-]+", "", out).split()) for out in (narrow, wide)]
    assert words[0] == words[1]


def test_the_position_is_the_one_asked_for(spec):
    assert "rows 0 to 2: first = i*S - P = 0*1 - 2 = -2; last = -2 + 5 - 1 = 2" in stated(spec, "--at", "0,31")


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("32,0", "--at: height must be 0 to 31 (32)"),
        ("0", "--at must have a number for each axis of the 32x32 output (1, not 2)"),
        ("-1,0", "--at: height must be 0 to 31 (-1)"),
        ("a,b", "--at must be whole numbers with commas between, such as 0,5 (a,b)"),
        ("", "--at must be whole numbers with commas between, such as 0,5 ()"),
    ],
)
def test_a_wrong_position_is_bad_usage_with_the_legal_range(spec, at, message):
    _, err = cnncalc("explain", spec, "conv1", "--at", at, check=2)
    assert message in err


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("conv2", "there is no layer conv2; did you mean conv1?"),
        ("input", "input is an input, not a layer"),
        ("xyz", "there is no layer xyz; there are conv1, conv1.act"),
        ("act", "there is no layer act; there is conv1.act"),
        ("\x1b[31m", "there is no layer \\x1b[31m; there are"),
    ],
)
def test_a_wrong_name_is_bad_usage_and_told_what_there_is(spec, layer, message):
    _, err = cnncalc("explain", spec, layer, check=2)
    assert message in err


def test_a_block_is_told_to_be_several_layers():
    _, err = cnncalc("explain", "zoo:resnet18", "stage.0", check=2)
    assert err.startswith("stage.0 is 14 layers: stage.0.basic.0.conv1, stage.0.basic.0.conv1.norm, ")
    assert "and 6 more; `cnncalc shapes` shows all" in err


def test_the_layers_of_the_same_line_are_named(spec):
    out, _ = cnncalc("explain", spec, "conv1")
    assert "on the same line of the file, with explanations of their own: conv1.act" in out


def test_a_wrong_file_is_exit_code_1(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text("cnncalc: 1\ninput: 1x7x7\nlayers: [{conv: 1, kernel: 3, stride: 3}]\n", encoding="utf-8")
    _, err = cnncalc("explain", str(path), "conv1", check=1)
    assert "(7 - 3 + 2*0)/3 + 1 = 2.33" in err


def test_arguments_and_input_are_the_networks(spec):
    assert "H2 = (H1 - F + 2P)/S + 1 = (64 - 5 + 2*2)/1 + 1 = 64" in stated(spec, "--input", "3x64x48")
    out, _ = cnncalc("explain", "zoo:resnet18", "linear1", "--set", "classes=10")
    assert "params = 5,120 + 10 = 5,130" in out


def test_json_has_the_documented_keys(spec):
    out, _ = cnncalc("explain", spec, "conv1", "--format", "json")
    report = json.loads(out)
    documented = [
        "cnncalc",
        *re.findall(r"`\"?(\w+)\"?", DOCS.partition("`--format json` has")[2].partition("--format")[0]),
    ]
    assert set(report) | {"name", "shape", "title", "lines", "text", "rule"} == set(documented)
    assert report["sections"][0]["lines"][0]["rule"] == "docs/counting.md#sizes"
    assert report["at"] == [16, 16]


def test_markdown_links_each_rule(spec):
    out, _ = cnncalc("explain", spec, "conv1", "--format", "markdown")
    assert "- `D2 = K = 10` ([sizes](docs/counting.md#sizes))\n" in out


@pytest.mark.parametrize("command", re.findall(r"^\$ cnncalc (.*)$", DOCS, re.MULTILINE))
def test_the_page_shows_what_is_printed(command):
    out, _ = cnncalc(*command.split())
    assert f"```\n$ cnncalc {command}\n{out}```\n" in DOCS


def test_the_page_s_python_is_true():
    found = explained(analyze(load("zoo:lenet5")), "conv1", at=(0, 0))
    assert f"found.sections[0].lines[0].text  # {found.sections[0].lines[0].text!r}" in DOCS


def test_the_last_layer_of_every_spec_in_the_zoo_is_explained():
    for name in names():
        analysis = analyze(load(f"zoo:{name}"))
        assert explained(analysis, analysis.facts[-1].node.path).sections
