"""``cnncalc reconcile`` at the command line: its words, its formats, its exit codes."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cnncalc.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "reconcile.md").read_text(encoding="utf-8")


def said(*words, code=0, **env):
    found = CliRunner().invoke(app, ["reconcile", *words], env={"COLUMNS": "", **env})
    assert found.exit_code == code, found.output
    return found.output


def test_the_page_shows_what_is_printed():
    (command, shown), *_ = re.findall(r"```\n\$ cnncalc (.*)\n([^`]*)```", PAGE)
    assert said(*command.split()[1:]) == shown


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_it_fits_the_terminal(width):
    for number in ("4.12e9", "3.8e9", "25.6M params", "1234567891"):
        text = said("zoo:resnet50", number, code=int(number == "1234567891"), COLUMNS=width)
        assert max(map(len, text.splitlines())) <= int(width)


def test_a_number_without_a_story_exits_with_one_and_names_the_nearest():
    text = said("zoo:resnet50", "4123456789", code=1)
    assert "no count that is known gives 4123456789" in text
    assert "ptflops-0.6: 4,121,925,096, 0.037% below what is quoted" in text


def test_json_has_every_story_with_its_terms():
    found = json.loads(said("zoo:resnet50", "4.12e9", "--format", "json"))
    assert found["quoted"] == {"text": "4.12e9", "value": 4_120_000_000, "counts": None}
    story = found["exact"][0]
    assert story["countings"] == ["ptflops-0.6"]
    assert 4_089_184_256 + sum(story["terms"].values()) == story["value"] == 4_121_925_096


def test_markdown_is_a_table(tmp_path):
    out = tmp_path / "story.md"
    assert said("zoo:resnet50", "3.8e9", "-o", str(out)) == ""
    assert "| with v1=true" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["zoo:resnet50", "3.86"], "NUMBER must have its scale, as 3.86e9 or 3.86G for billions (3.86)"),
        (["zoo:resnet50", "many"], "NUMBER must be such as 4.12e9, 4.12G, '25.6M params' or 4089184256, not 'many'"),
        (["zoo:resnet5", "4e9"], "zoo:resnet5: there is no such spec; did you mean zoo:resnet50?"),
        (["zoo:resnet50", "4e9", "--set", "n9=1"], "--set n9: zoo:resnet50 has no such argument"),
    ],
)
def test_bad_usage_is_one_message(words, message):
    found = CliRunner().invoke(app, ["reconcile", *words])
    assert (found.exit_code, message in found.output) == (2, True), found.output


def test_a_wrong_file_exits_with_one(tmp_path):
    (tmp_path / "net.yaml").write_text("cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 9}\n")
    found = CliRunner().invoke(app, ["reconcile", str(tmp_path / "net.yaml"), "4e9"])
    assert (found.exit_code, "net.yaml:4:" in found.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            ["zoo:vgg16", "30.94G", "--top", "2"],
            "   = 15,470,289,408  in all\n                * 2  a multiply and an add\n   = 30,940,578,816\n",
        ),
        (["zoo:vgg16", "528MB"], "   553,430,176  bytes\n        / 2^20\n       = 527.8  MiB\n"),
        (["zoo:resnet50", "98MiB"], "   102,440,608  bytes\n        / 2^20\n       = 97.69  MiB\n"),
        (["zoo:mobilenet_v2", "3.4M"], "   3,538,984  params\n      / 2^20\n     = 3.375  M of 2^20\n"),
        (["zoo:alexnet", "22854031360"], "        714,188,480  MACs\n               * 32  the images of a batch\n"),
        (
            ["zoo:resnet101", "7.6e9", "--top", "1"],
            "1. with v1=true: mac-v1; calflops-macs; torchvision: 7,570,194,432",
        ),
        (["zoo:alexnet", "0.724G"], "1. with zoo:alexnet_2012, another network of that name: mac-v1;"),
        (["zoo:yolov3", "65.86 Bn", "--top", "1"], "65,8"),
    ],
)
def test_each_step_of_a_sum_is_written(words, shown):
    text = said(*words)
    assert shown in text


def test_a_binary_number_is_not_converted_again():
    assert "M of 2^20" not in said("zoo:resnet50", "98MiB")
    assert "G of 2^30" not in said("zoo:resnet50", "98MiB")


def test_a_distance_is_never_a_power_of_ten(tmp_path):
    (tmp_path / "net.yaml").write_text("{cnncalc: 1, input: 784, layers: [{linear: 1}]}")
    text = said(str(tmp_path / "net.yaml"), "200000", code=1)
    assert "e+" not in text
    (tmp_path / "net.yaml").write_text("{cnncalc: 1, input: 4, layers: [{linear: 1, bias: false}]}")
    text = said(str(tmp_path / "net.yaml"), "1000", code=1)
    assert "4, what is quoted is 250 times that" in text or "8, what is quoted is 125 times that" in text
