"""``cnncalc rf`` as its user meets it: through a pipe, at 80 and 120 columns, into a file, with mistakes."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .test_shapes_command import cnncalc

PAGE = Path(__file__).parents[2] / "docs" / "rf.md"


def test_the_unet_is_told_by_position():
    out, _ = cnncalc("rf", "zoo:unet")
    assert "188 to 204, by position: 204 for 288, 188 for 100 of 388" in out


def test_a_closed_form_is_told_with_its_centre():
    out, _ = cnncalc("rf", "zoo:resnet50")
    lines = [line.split() for line in out.splitlines()]
    assert ["height,", "width", "size", "427,", "more", "than", "the", "image's", "224"] in lines
    assert ["height,", "width", "start", "-213,", "centre", "0"] in lines


def test_a_position_has_its_rectangle():
    out, _ = cnncalc("rf", "zoo:resnet18", "--at", "0,3")
    assert "  height: pixels 0 to 217 of the image, beyond its edge -217 to 217; centre 0, size 435" in out
    assert "  width: pixels 0 to 223 of the image, beyond its edge -121 to 313; centre 96, size 435" in out


def test_the_growth_is_a_table():
    out, _ = cnncalc("rf", "zoo:lenet5", "--growth")
    assert [line.split()[2] for line in out.splitlines()[-5:]] == ["5", "6", "14", "16", "32"]


@pytest.mark.parametrize("columns", [80, 120])
def test_it_fits_a_terminal(columns):
    out, _ = cnncalc("rf", "zoo:resnet18", "--growth", "--at", "0,0", columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_json_has_everything():
    out, _ = cnncalc("rf", "zoo:unet", "--format", "json", "--at", "0,5", "--growth")
    found = json.loads(out)
    assert found["axes"][0]["sizes"] == {"204": 288, "188": 100}
    assert found["rectangle"][1] == {"axis": "width", "pixels": [0, 203], "beyond": [0, 203]}
    assert found["misaligned"][0]["layer"] == "up1.concat1"
    assert found["growth"][0]["sizes"] == [[3, 3], [3, 3]]


def test_markdown_is_for_a_page():
    out, _ = cnncalc("rf", "zoo:lenet5", "--format", "markdown", "--growth")
    assert out.startswith("**conv3.act of LeNet-5")
    assert "| conv1 | conv | 5 | 1 | 0 |" in out


def test_a_file_is_written_but_never_over_the_spec(tmp_path):
    spec = tmp_path / "net.yaml"
    spec.write_text("cnncalc: 1\ninput: 1x9\nlayers: [{conv: 1, kernel: 3}]\n", encoding="utf-8")
    cnncalc("rf", str(spec), "-o", str(tmp_path / "rf.txt"))
    assert "size" in (tmp_path / "rf.txt").read_text(encoding="utf-8")
    _, err = cnncalc("rf", str(spec), "-o", str(spec), check=2)
    assert "-o must not be the spec itself" in err


def test_a_picture_is_written(tmp_path):
    cnncalc("rf", "zoo:resnet18", "--at", "0,0", "-o", str(tmp_path / "rf.svg"))
    root = ElementTree.parse(tmp_path / "rf.svg").getroot()
    assert root.tag.endswith("svg")
    assert "435x435" in (tmp_path / "rf.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("spec", ["zoo:lenet5", "zoo:unet", "zoo:c3d"])
def test_the_field_is_drawn_in_a_terminal_and_in_a_pipe(spec):
    out, _ = cnncalc("rf", spec, "--plot")
    assert "paths to the output" in out
    assert "\x1b" not in out
    out, _ = cnncalc("rf", spec, "--plot", columns=80)
    assert max(map(len, out.splitlines())) <= 80


def test_the_middle_is_drawn_unless_a_position_is_given():
    out, _ = cnncalc("rf", "zoo:vgg16", "stage.2", "--plot")
    assert out.startswith("VGG-16: what output (14, 14) of stage.2.max_pool1 sees")


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (["zoo:lenet5", "conv9"], "there is no layer conv9; did you mean conv"),
        (["zoo:resnet18", "--at", "7,0"], "--at must lie within the output: height 0 to 6 (7)"),
        (["zoo:resnet18", "--at", "1"], "--at must have 2 numbers"),
        (["zoo:resnet18", "--at", "a,b"], "--at must be whole numbers"),
        (["zoo:resnet18", "--plot", "--at", "9,9"], "--at must lie within the output"),
        (["zoo:resnet18", "--picture", "a.png"], "--picture is for -o PATH.svg"),
        (["zoo:resnet18", "-o", "a.svg", "--growth"], "no --format, --growth or --plot goes with it"),
        (["zoo:resnet18", "-o", "a.svg", "--picture", "none.png"], "none.png"),
        (["zoo:resnet18", "--of", "mask"], "--of must be an input with an image: input"),
    ],
)
def test_bad_usage_is_one_clear_error(arguments, fact):
    out, err = cnncalc("rf", *arguments, check=2)
    assert fact in err
    assert out == ""


@pytest.mark.parametrize(
    "shown", re.findall(r"^```\n(\$ cnncalc .*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
)
def test_what_the_page_shows_is_what_is_printed(shown):
    command, _, output = shown.partition("\n")
    out, _ = cnncalc(*command.split()[2:])
    assert out == output
