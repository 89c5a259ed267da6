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


def test_the_position_may_be_written_as_sizes_are(spec):
    assert stated(spec, "--at", "5x7") == stated(spec, "--at", "5,7")


VOLUME = "cnncalc: 1\ninput: 2x9x16x17\nlayers:\n- {conv: 1, kernel: 3, padding: 1}\n"


@pytest.fixture
def volume(tmp_path):
    path = tmp_path / "volume.yaml"
    path.write_text(VOLUME, encoding="utf-8")
    return str(path)


def test_in_3d_D_is_the_depth_and_C_the_channels(volume):
    lines = stated(volume)
    assert {
        "D2 = (D1 - F + 2P)/S + 1 = (9 - 3 + 2*1)/1 + 1 = 9",
        "C2 = K = 1",
        "weights a filter = F*F*F*C1 = 3*3*3*2 = 54",
    } <= set(lines)
    assert not [line for line in lines if "D2 = K" in line or "D1 = " in line or "T" in line.split(" ")[0]]


def test_in_3d_what_is_read_of_the_depth_is_called_so(volume):
    lines = stated(volume, "--at", "4x8x8")
    assert "depths 3 to 5: first = d*S - P = 4*1 - 1 = 3; last = 3 + 3 - 1 = 5" in lines
    assert "of input, 2x9x16x17: depths 3 to 5, rows 7 to 9, columns 7 to 9" in lines


def test_of_a_signal_C_is_the_channels(tmp_path):
    path = tmp_path / "signal.yaml"
    path.write_text("cnncalc: 1\ninput: 2x9\nlayers: [{conv: 4, kernel: 3}]\n", encoding="utf-8")
    assert {"C2 = K = 4", "weights a filter = F*C1 = 3*2 = 6"} <= set(stated(str(path)))


def test_one_filter_is_not_called_filters(volume):
    assert "1 filter = 1*55 = 55 parameters" in stated(volume)


def test_without_a_layer_the_layers_are_told(spec):
    _, err = cnncalc("explain", spec, check=2)
    assert err == "LAYER must be given: there are conv1, conv1.act\n"


def test_without_a_layer_of_many_it_is_said_what_shows_all():
    _, err = cnncalc("explain", "zoo:resnet18", check=2)
    assert err.endswith(" more; `cnncalc shapes` shows all\n")


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_the_explanation_can_be_written_to_a_file(spec, tmp_path, format):
    path = tmp_path / "conv1.out"
    printed, _ = cnncalc("explain", spec, "conv1", "--format", format)
    out, _ = cnncalc("explain", spec, "conv1", "--format", format, "-o", str(path), columns=80)
    assert (out, path.read_text(encoding="utf-8")) == ("", printed)


def test_the_suffix_of_the_file_says_the_format(spec, tmp_path):
    cnncalc("explain", spec, "conv1", "-o", str(tmp_path / "conv1.json"))
    assert json.loads((tmp_path / "conv1.json").read_text(encoding="utf-8"))["layer"] == "conv1"


def test_the_spec_itself_is_never_written(spec):
    _, err = cnncalc("explain", spec, "conv1", "-o", spec, check=2)
    assert err == f"{spec}: -o must not be the spec itself\n"
    assert Path(spec).read_text(encoding="utf-8") == LECTURE


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
