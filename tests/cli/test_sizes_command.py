"""``cnncalc sizes`` as its user meets it: a pipe, widths, formats, one size asked about, mistakes; docs/sizes.md."""

import json
import re
from pathlib import Path

import pytest

from cnncalc.cli import COMMANDS
from tests.cli.test_shapes_command import cnncalc

DOCS = (Path(__file__).parents[2] / "docs" / "sizes.md").read_text(encoding="utf-8")
SEVEN = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "seven.yaml"
    path.write_text(SEVEN, encoding="utf-8")
    return str(path)


def written(tmp_path, text):
    path = tmp_path / "net.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_command_is_listed():
    assert "sizes" in COMMANDS
    assert "sizes" in cnncalc("--help")[0]


def test_a_pipe_gets_the_progression_the_nearest_and_who_refuses():
    out, _ = cnncalc("sizes", "zoo:unet")
    assert "\x1b" not in out
    assert "height and width, each on its own: 188 + 16k\n  and so on without end, proved\n" in out
    assert "legal at 572, next 556 and 588; in 1:1024 53 of 1024, 188 to 1020\n" in out
    assert (
        "    down.1.max_pool1: 14 + 4k\n      570: height: (W - F + 2P)/S + 1 = (279 - 2 + 2*0)/2 + 1 = 139.50" in out
    )


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("name", ["unet", "lenet5", "c3d"])
def test_no_line_is_wider_than_the_terminal(columns, name):
    out, _ = cnncalc("sizes", f"zoo:{name}", "--why", "190" if name == "unet" else "16", columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_what_a_narrow_terminal_folds_is_all_there():
    narrow, _ = cnncalc("sizes", "zoo:unet", columns=50)
    assert narrow.split() == cnncalc("sizes", "zoo:unet")[0].split()


def test_a_spec_whose_own_size_is_refused_is_told_why_and_what_is_legal(spec):
    out, err = cnncalc("sizes", spec)
    assert err == ""
    assert f"{spec}:4:32: conv1: conv: height: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33 must be" in out
    assert "height and width, each on its own: 3 + 3k\n" in out
    assert "refused at 7, next 6 and 9" in out
    assert "(1, 2) + 3k" in out


def test_a_refused_size_is_told_with_its_layer_its_numbers_and_its_neighbours():
    out, _ = cnncalc("sizes", "zoo:unet", "--why", "190")
    assert "1x190x190: refused\n  zoo:unet:14:7: down.1.max_pool1: max_pool: height: (W - F + 2P)/S + 1" in out
    assert "  height: refused at 190, next 188 and 204\n  width: refused at 190, next 188 and 204\n" in out


@pytest.mark.parametrize(("size", "gives"), [("188x204", "2x4x20"), ("1x188x204", "2x4x20"), ("188", "2x4x4")])
def test_a_legal_size_is_told_with_what_comes_out(size, gives):
    out, _ = cnncalc("sizes", "zoo:unet", "--why", size)
    assert out.endswith(f": legal\n  gives {gives}\n")


def test_a_range_counts_and_each_axis_may_have_its_own():
    out, _ = cnncalc("sizes", "zoo:unet", "--range", "300:400x512:700")
    assert "in 300:400 7 of 101, 300 to 396" in out
    assert "in 512:700 12 of 189, 524 to 700" in out


def test_one_axis_is_shown_by_its_name():
    out, _ = cnncalc("sizes", "zoo:edge_detection", "--axis", "width")
    assert "\nwidth: all from 2 on\n" in out
    assert "height" not in out


def test_the_arguments_and_the_input_of_a_spec_may_be_others(tmp_path):
    path = written(tmp_path, "{cnncalc: 1, args: {k: 3}, input: 1x8x8, layers: [{max_pool: k}]}")
    assert "3 + 3k" in cnncalc("sizes", path)[0]
    out, _ = cnncalc("sizes", path, "--set", "k=5", "--input", "1x10x20")
    assert "5 + 5k" in out
    assert "input 1x10x20: legal" in out


def test_axes_that_meet_are_told_with_the_layer(tmp_path):
    out, _ = cnncalc("sizes", written(tmp_path, "{cnncalc: 1, input: 4x6x6, layers: [{reshape: 12x12}]}"))
    assert "the axes depend on each other: they meet in reshape1\n" in out
    assert "height, with the others as they are: 6\n  and no others, proved for all sizes\n" in out
    assert "height and width, of one size: 6\n" in out


def test_weights_that_no_other_size_fits_are_noted():
    out, _ = cnncalc("sizes", "zoo:lenet5")
    assert "trained weights do not fit every legal size: the tensors of linear1 differ" in out


def test_a_network_that_no_size_fits_is_an_error(tmp_path):
    path = written(tmp_path, "{cnncalc: 1, input: 4x16x16, layers: [{conv: 6, groups: 4}]}")
    out, _ = cnncalc("sizes", path, check=1)
    assert "none\n" in out
    assert "groups (4) must divide out_channels (6)" in out


def test_a_vector_has_no_other_size(tmp_path):
    out, _ = cnncalc("sizes", written(tmp_path, "{cnncalc: 1, input: 784, layers: [{linear: 10}]}"))
    assert "a vector has no spatial axis" in out


SCALES = """
cnncalc: 1
inputs: {high: 3x64x96, low: 3x32x48}
layers:
  - {conv: 3, kernel: 3, stride: 2, padding: same, from: high}
  - add: [conv1, low]
"""


def test_the_other_inputs_are_held_at_the_specs_own_sizes(tmp_path):
    out, _ = cnncalc("sizes", written(tmp_path, SCALES))
    assert "height of high, with the others as they are: 1, 2, 63, 64\n" in out
    assert "width of low, with the others as they are: 1, 48\n" in out


def test_inputs_of_several_sizes_are_asked_by_name(tmp_path):
    path = written(tmp_path, SCALES)
    out, _ = cnncalc("sizes", path, "--why", "high=128x96,low=64x48", "--why", "low=16x48")
    assert "high 3x128x96, low 3x64x48: legal\n  gives 3x64x48" in out
    assert "high 3x64x96, low 3x16x48: refused" in out
    _, err = cnncalc("sizes", path, "--why", "64", check=2)
    assert "inputs of several sizes must be asked by name: high=64x96,low=32x48" in err


def test_standard_input_is_read():
    out, _ = cnncalc("sizes", "-", stdin=SEVEN.encode())
    assert "3 + 3k" in out


def test_control_characters_of_a_name_are_escaped(tmp_path):
    path = written(tmp_path, '{cnncalc: 1, name: "a\\eb", input: 1x8x8, layers: [{conv: 1}]}')
    out, _ = cnncalc("sizes", path)
    assert "\x1b" not in out
    assert "\\x1b" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--axis", "heigth"], "--axis heigth: there is no such axis; did you mean height?"),
        (["--range", "9:3"], "--range must be LOW:HIGH, from 1 up to 65536, not 9:3"),
        (["--range", "1:9x1:9x1:9"], "--range must be one for all axes, or one for each (3, 2 axes)"),
        (["--why", "12x"], "--why must be a size such as 190 or 190x240, not 12x"),
        (["--why", "0"], "--why 0: a size must be at least 1 (0)"),
        (["--why", "1000000000"], "--why 1000000000: a size must be at most 999,999,999"),
        (["--why", "low=3"], "--why low=3: NAME must be an input with an image: input"),
        (["--why", "3x4x5x6"], "--why 3x4x5x6: must be one size for all axes, or one for each (4, 2 axes)"),
        (["--set", "nothing=3"], "has no such argument"),
    ],
)
def test_bad_usage_is_told(spec, options, message):
    _, err = cnncalc("sizes", spec, *options, check=2)
    assert message in err


def test_a_wrong_spec_is_an_error(tmp_path):
    _, err = cnncalc("sizes", written(tmp_path, "{cnncalc: 1, input: 1x8x8, layers: [{convv: 1}]}"), check=1)
    assert "convv" in err


def test_json_has_the_documented_keys(spec):
    report = json.loads(cnncalc("sizes", spec, "--format", "json", "--why", "8", "--why", "9")[0])
    found = set(report)
    (height, _), (refused, legal) = report["axes"], report["why"]
    found |= {*height, *height["legal"][0], *height["inside"], *height["refused"][0], *height["refused"][0]["example"]}
    found |= {*refused, *refused["refused_by"], *legal}
    documented = re.findall(r"`\"?(\w+)\"?", DOCS.partition("`--format json` has")[2].partition("`--format m")[0])
    assert found - {"cnncalc"} == set(documented) - {"null"}
    assert height["legal"] == [{"first": 3, "step": 3, "last": None}]
    assert (height["below"], height["above"], height["proved"]) == (6, 9, True)
    assert (refused["legal"], legal["outputs"]) == (False, [[8, 3, 3]])


def test_markdown_is_a_list_with_its_formulas_as_code(spec):
    out, _ = cnncalc("sizes", spec, "--format", "markdown")
    assert "\n- height and width, each on its own: 3 + 3k\n  - and so on without end, proved\n" in out
    assert "      - `7: height: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33 must be a whole number`\n" in out


@pytest.mark.parametrize("command", re.findall(r"^\$ cnncalc (.*)$", DOCS, re.MULTILINE))
def test_the_page_shows_what_is_printed(command):
    out, _ = cnncalc(*command.split())
    assert f"```\n$ cnncalc {command}\n{out}```\n" in DOCS


def test_the_page_s_python_is_true():
    code = DOCS.partition("```python\n")[2].partition("```")[0]
    scope = {}
    exec(code, scope)
    for line in code.splitlines():
        if "  # " in line:
            said, _, value = line.partition("  # ")
            assert repr(eval(said, scope)) == value
