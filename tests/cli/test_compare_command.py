"""``cnncalc compare`` as its user meets it: through a pipe, at 80 and 120 columns, into a file, with mistakes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .test_shapes_command import cnncalc

SPEC = "cnncalc: 1\ninput: 3x9x9\nlayers: [{conv: 8, kernel: 3, act: relu}, {linear: 5}]\n"


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return str(path)


def test_a_pipe_gets_the_table_without_colour():
    out, err = cnncalc("compare", "7x7", "vs", "3x3x3")
    assert "\x1b" not in out
    assert err == ""


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_a_terminal(columns):
    sides = ["3x3", "vs", "1x1:C/2+3x3:C/2+1x1:C", "vs", "1x3+3x1", "vs", "dw3x3+1x1", "vs", "local3x3", "vs", "5x5"]
    out, _ = cnncalc("compare", *sides, columns=columns)
    assert max(map(len, out.splitlines())) <= columns
    assert all(side in out for side in sides if side != "vs")


def test_the_word_vs_may_be_left_out_and_a_plus_may_have_room():
    with_vs, _ = cnncalc("compare", "3x3", "vs", "1x3", "+", "3x1")
    without, _ = cnncalc("compare", "3x3", "1x3+3x1")
    assert with_vs == without


def test_the_rank_is_that_of_the_size():
    out, _ = cnncalc("compare", "3x3x3", "vs", "1x3x3+3x1x1", "--size", "16x56x56")
    assert "27DHWC²" in out
    out, _ = cnncalc("compare", "9", "vs", "3x4", "--rank", "1")
    assert "12LC²" in out


def test_json_has_formulas_that_a_program_can_read():
    out, _ = cnncalc("compare", "7x7", "vs", "3x3x3", "--format", "json")
    found = json.loads(out)
    one, three = found["sides"]
    assert eval(one["formulas"]["macs"], {"C": 2, "H": 3, "W": 5}) == 49 * 4 * 15
    assert three["receptive_field"] == {"size": [7, 7], "jump": [1, 1], "start": [-3, -3]}
    assert len(found["verdicts"]) == 1


def test_markdown_is_a_table_with_the_verdict_above_it():
    out, _ = cnncalc("compare", "7x7", "vs", "3x3x3", "--format", "markdown")
    lines = out.splitlines()
    assert lines[0].startswith("Three 3x3 against one 7x7")
    assert "| weights | 49C² | 27C² |" in lines


def test_a_file_is_written(tmp_path):
    cnncalc("compare", "7x7", "vs", "3x3x3", "-o", str(tmp_path / "out.txt"))
    assert "27C²" in (tmp_path / "out.txt").read_text(encoding="utf-8")


def test_networks_are_compared_by_their_totals():
    out, _ = cnncalc("compare", "zoo:resnet18", "vs", "zoo:resnet50", "vs", "zoo:lenet5")
    assert all(number in out for number in ("11,689,512", "25,557,032", "61,706"))
    assert "zoo:resnet50 against zoo:resnet18: 2.186 times the params and 2.254 times the MACs" in out


def test_of_two_networks_it_is_told_what_differs(spec, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(SPEC.replace("{conv: 8", "{conv: 16, name: wide").replace("linear: 5", "linear: 5, name: head"))
    out, _ = cnncalc("compare", spec, "vs", str(other))
    assert "renamed: linear1 → head" in out
    assert "out_channels 8 → 16" in out or "8 → 16" in out


@pytest.mark.parametrize(("format", "says"), [("json", '"schema": 1'), ("markdown", "| params |")])
def test_the_difference_has_every_format(format, says):
    out, _ = cnncalc("compare", "zoo:lenet5", "vs", "zoo:resnet18", "--format", format)
    assert says in out


@pytest.mark.parametrize("columns", [80, 120])
def test_the_difference_fits_a_terminal(columns):
    out, _ = cnncalc("compare", "zoo:resnet18", "vs", "zoo:resnet50", columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_a_stack_and_a_network_stand_side_by_side(spec):
    out, _ = cnncalc("compare", spec, "vs", "7x7")
    assert "49HWC²" in out


def test_set_and_input_are_for_specs(spec):
    out, _ = cnncalc("compare", spec, "vs", "zoo:lenet5", "--input", "1x32x32")
    assert "61,706" in out
    _, err = cnncalc("compare", "7x7", "vs", "3x3x3", "--input", "1x32x32", check=2)
    assert "--size is for shorthands" in err


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (["7x7"], "there must be two sides or more"),
        (["7x7", "vs"], "a side before and behind each vs"),
        (["vs", "vs"], "a side before and behind each vs"),
        (["7x7", "vs", "3x3x"], "this is no part of a stage"),
        (["7x7", "vs", "net.yaml"], "net.yaml: there is no such file"),
        (["resnet18", "vs", "7x7"], "did you mean zoo:resnet18?"),
        (["7x7", "vs", "3x3", "--size", "0x7"], "--size must be sizes such as 56x56"),
        (["7x7", "vs", "3x3", "--size", "7x7", "--rank", "1"], "--size must have 1 sizes"),
        (["7x7", "vs", "3x3", "--size", "1x2x3x4"], "--size must have one to three sizes"),
        (["9x9", "vs", "3x3", "--size", "7x7", "--padding", "valid"], "the window must not exceed the padded input"),
        (["3x3/g3", "vs", "3x3"], "groups (3) must divide in_channels (64)"),
        (["3x3:C/3", "vs", "3x3"], "the channels must be whole"),
    ],
)
def test_bad_usage_is_one_clear_error(arguments, fact):
    out, err = cnncalc("compare", *arguments, check=2)
    assert fact in err
    assert out == ""


def test_a_spec_that_is_wrong_is_told_as_everywhere(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(SPEC.replace("kernel: 3", "kernel: 30"), encoding="utf-8")
    _, err = cnncalc("compare", str(path), "vs", "zoo:lenet5", check=1)
    assert "bad.yaml:3:" in err


@pytest.mark.parametrize("sides", [["7x7", "vs", "3x3", "3x3"], ["7x7", "3x3", "vs", "5x5"], ["5", "3", "vs", "3"]])
def test_words_are_not_glued_together(sides):
    _, err = cnncalc("compare", *sides, check=2)
    assert "there must be a vs or a + between" in err


@pytest.mark.parametrize("sides", [["7x7 vs 3x3x3"], ["7x7", "VS", "3x3x3"], ["7X7", "versus", "3x3x3"]])
def test_vs_is_understood_as_people_write_it(sides):
    assert (
        cnncalc("compare", *sides)[0].splitlines()[3:] == cnncalc("compare", "7x7", "vs", "3x3x3")[0].splitlines()[3:]
    )


def test_the_report_never_takes_the_place_of_a_spec(spec):
    _, err = cnncalc("compare", "zoo:lenet5", "vs", spec, "-o", spec, check=2)
    assert "-o must not be the spec itself" in err
    assert Path(spec).read_text(encoding="utf-8") == SPEC


@pytest.mark.parametrize(("name", "says"), [("a.md", "| weights |"), ("a.json", '"sides"'), ("a.txt", "27C²")])
def test_the_suffix_says_the_format(tmp_path, name, says):
    cnncalc("compare", "7x7", "vs", "3x3x3", "-o", str(tmp_path / name))
    assert says in (tmp_path / name).read_text(encoding="utf-8")


def test_an_unknown_suffix_is_refused(tmp_path):
    _, err = cnncalc("compare", "7x7", "vs", "3x3x3", "-o", str(tmp_path / "a.pdf"), check=2)
    assert "-o must end in .json, .md, .txt" in err


@pytest.mark.parametrize("option", [["--channels", "3"], ["--size", "7x7"], ["--bias"], ["--padding", "same"]])
def test_options_for_shorthands_are_not_ignored_silently(option):
    _, err = cnncalc("compare", "zoo:lenet5", "vs", "zoo:resnet18", *option, check=2)
    assert "are for shorthands, of which there is none" in err


@pytest.mark.parametrize(
    ("text", "meant"),
    [("conv3x3", "3x3"), ("fc", "dense"), ("depthwise3x3", "dw3x3"), ("3x3:c/2", "3x3:C/2"), ("local", "local3x3")],
)
def test_a_near_miss_is_told_what_is_meant(text, meant):
    _, err = cnncalc("compare", "7x7", "vs", text, check=2)
    assert f"did you mean {meant}?" in err


def test_standard_input_is_one_of_the_sides(spec):
    out, _ = cnncalc("compare", "-", "vs", spec, stdin=SPEC.encode())
    assert "the networks are the same" in out


LOADED = "import sys; from cnncalc.cli import run; sys.argv = ['cnncalc', 'compare', '7x7', 'vs', '3x3x3']; run()"


def test_to_compare_shorthands_neither_yaml_nor_numpy_is_loaded():
    code = f"{LOADED}; print(sorted({{'yaml', 'numpy', 'sympy', 'cnncalc.spec'}} & set(sys.modules)), file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


def test_that_test_can_fail():
    code = f"import yaml; {LOADED}; print('yaml' in sys.modules, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "True"


PAGE = (Path(__file__).parents[2] / "docs" / "compare.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("shown", re.findall(r"^```\n(\$ cnncalc .*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
def test_what_the_page_shows_is_what_is_printed(shown):
    command, _, output = shown.partition("\n")
    out, _ = cnncalc(*command.split()[2:])
    assert out == output


def test_every_shorthand_of_the_page_is_read():
    table = PAGE.partition("## The shorthand")[2].partition("In short")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    for text in re.findall(r"`(.*?)`", " ".join(cells)):
        cnncalc("compare", "3x3", "vs", text)
