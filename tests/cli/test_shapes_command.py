"""``cnncalc shapes`` as its user meets it: through a pipe, at 80 and 120 columns, into a file, with mistakes."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from . import process

SPEC = """
cnncalc: 1
name: small
input: 3x9x9
rounding: floor
layers: [{conv: 8, kernel: 3, stride: 2, act: relu, name: c}, {max_pool: 3}, {linear: 5}]
"""


def cnncalc(*arguments, stdin=b"", columns=None, cwd=None, check=0):
    environment = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "FORCE_COLOR"}}
    environment |= {"COLUMNS": str(columns)} if columns else {}
    result = process.run(arguments, stdin, environment, cwd)
    assert check is None or result.returncode == check, result.stderr.decode()
    assert b"Traceback" not in result.stderr
    return result.stdout.decode(), result.stderr.decode()


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return str(path)


def test_a_pipe_gets_the_whole_table_without_colour_or_cuts():
    out, _ = cnncalc("shapes", "zoo:resnet18")
    assert "\x1b" not in out
    assert "stage.3.basic.1.conv2.norm" in out
    assert "1,814,073,344" in out


@pytest.mark.parametrize("columns", [66, 80, 120])
@pytest.mark.parametrize("name", ["lenet5", "resnet18", "inception_v3", "wavenet", "c3d"])
def test_no_line_is_wider_than_the_terminal(columns, name):
    out, _ = cnncalc("shapes", f"zoo:{name}", columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_a_narrow_terminal_is_told_what_was_left_out():
    out, _ = cnncalc("shapes", "zoo:resnet18", columns=80)
    assert "left out at this width: start, jump" in out


def test_json_has_the_documented_keys(spec):
    out, _ = cnncalc("shapes", spec, "--format", "json")
    report = json.loads(out)
    assert list(report) == ["cnncalc", "schema", "name", "profile", "inputs", "layers", "outputs", "totals"]
    assert report["schema"] == 1
    assert report["profile"] == "mac-v1"
    assert report["inputs"] == {"input": [3, 9, 9]}
    assert report["outputs"] == {"linear1": [5]}
    assert list(report["totals"]) == ["params", "buffers", "macs", "flops", "activations"]
    assert report["layers"][0] == {
        "name": "c",
        "op": "conv",
        "inputs": ["input"],
        "output": [8, 4, 4],
        "params": 8 * 27 + 8,
        "buffers": 0,
        "macs": 8 * 27 * 16,
        "flops": 2 * 8 * 27 * 16 + 8 * 16,
        "receptive_field": {"size": [3, 3], "jump": [2, 2], "start": [0, 0]},
    }
    assert report["layers"][-1]["receptive_field"] == "whole"


def test_json_writes_fractions_as_text_and_mixed_axes_one_by_one():
    text = "{cnncalc: 1, input: 2x4x4, layers: [{upsample: 2}, {adaptive_avg_pool: [1, 8]}]}"
    out, _ = cnncalc("shapes", "-", "--format", "json", stdin=text.encode())
    up, pooled = (layer["receptive_field"] for layer in json.loads(out)["layers"])
    assert up == {"size": [1, 1], "jump": ["1/2", "1/2"], "start": [0, 0]}
    assert pooled == {"size": ["whole", 1], "jump": [None, "1/2"], "start": [None, 0]}


def test_json_says_unknown_where_there_is_no_closed_form():
    out, _ = cnncalc("shapes", "zoo:unet", "--format", "json")
    assert json.loads(out)["layers"][-1]["receptive_field"] == "unknown"


def test_csv_is_exact_and_adds_up(spec):
    out, _ = cnncalc("shapes", spec, "--format", "csv", "--columns", "layer,params,macs,flops")
    rows = list(csv.DictReader(io.StringIO(out)))
    report = json.loads(cnncalc("shapes", spec, "--format", "json")[0])
    for name in ("params", "macs", "flops"):
        assert sum(int(row[name]) for row in rows) == report["totals"][name]


@pytest.mark.parametrize("depth", ["1", "2", "3", "9"])
def test_a_folded_table_adds_up_to_the_same_totals(depth):
    out, _ = cnncalc("shapes", "zoo:resnet18", "--depth", depth, "--format", "csv", "--columns", "params,macs")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert sum(int(row["params"]) for row in rows) == 11_689_512
    assert sum(int(row["macs"]) for row in rows) == 1_814_073_344


def test_the_printed_column_adds_up_to_the_printed_total():
    out, _ = cnncalc("shapes", "zoo:lenet5", "--columns", "layer,params")
    rows = [line.split() for line in out.splitlines() if len(line.split()) == 2 and line.split()[0] != "layer"]
    numbers = {name: int(value.replace(",", "")) for name, value in rows}
    assert numbers.pop("total") == sum(numbers.values()) == 61_706


def test_markdown_is_a_table_with_the_totals():
    out, _ = cnncalc("shapes", "zoo:lenet5", "--format", "markdown")
    lines = out.splitlines()
    assert lines[0].startswith("| layer | op |")
    assert set(lines[1]) <= set("|-: ")
    assert "| **total** |" in out
    assert "params 61,706" in out


def test_set_input_and_batch_change_what_they_say():
    out, _ = cnncalc(
        "shapes", "zoo:resnet18", "--set", "n1=3", "--set", "n2=4", "--set", "n3=6", "--set", "n4=3", "--format", "json"
    )
    assert json.loads(out)["totals"]["params"] == 21_797_672
    out, _ = cnncalc("shapes", "zoo:resnet18", "--input", "3x64x64", "--batch", "8", "--format", "json")
    report = json.loads(out)
    assert report["inputs"] == {"input": [3, 64, 64]}
    assert report["batch"] == 8
    one, _ = cnncalc("shapes", "zoo:resnet18", "--input", "3x64x64", "--format", "json")
    assert report["totals"]["macs"] == 8 * json.loads(one)["totals"]["macs"]
    assert report["totals"]["params"] == json.loads(one)["totals"]["params"]


def test_shares_are_shown_where_asked():
    out, _ = cnncalc("shapes", "zoo:vgg16", "--columns", "+params_share,macs_share")
    assert "74.3%" in out  # the first linear layer: 102,764,544 of 138,357,544


def test_the_profile_and_the_formula_are_named_beneath(spec):
    out, _ = cnncalc("shapes", spec)
    assert "mac-v1" in out
    assert "W2 = (W1 - F + 2P)/S + 1" in out


def test_a_note_says_where_rounding_left_pixels_unread():
    text = b"{cnncalc: 1, input: 1x7x7, rounding: floor, layers: [{conv: 8, kernel: 3, stride: 3}]}"
    out, _ = cnncalc("shapes", "-", stdin=text)
    assert (
        "note: conv1: the last row and the last column of its 7x7 input are never read (13 of 49 positions, 26.5%)"
        in out
    )


def test_padding_that_is_left_over_is_no_note():
    out, _ = cnncalc("shapes", "zoo:resnet18")
    assert "note:" not in out


def test_output_goes_to_a_file_whole_and_its_suffix_says_how(spec, tmp_path):
    out, _ = cnncalc("shapes", spec, "-o", str(tmp_path / "net.json"))
    assert out == ""
    assert json.loads((tmp_path / "net.json").read_text(encoding="utf-8"))["name"] == "small"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_file_is_left_alone_when_the_spec_is_wrong(tmp_path):
    target = tmp_path / "net.json"
    target.write_text("before", encoding="utf-8")
    cnncalc("shapes", "-", "-o", str(target), stdin=b"{cnncalc: 2}", check=1)
    assert target.read_text(encoding="utf-8") == "before"


def test_a_folder_that_does_not_exist_is_bad_usage(spec, tmp_path):
    _, err = cnncalc("shapes", spec, "-o", str(tmp_path / "no" / "net.json"), check=2)
    assert "No such file or directory" in err


def test_a_wrong_file_is_one_line_with_its_place_and_exit_1(spec, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n", encoding="utf-8")
    out, err = cnncalc("shapes", "bad.yaml", cwd=tmp_path, check=1)
    assert out == ""
    first, second = err.splitlines()
    assert first == (
        "bad.yaml:4:32: conv1: conv: height: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33 must be a whole number"
    )
    assert second.startswith("help: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shapes", "nowhere.yaml"], "there is no such file"),
        (["shapes", "zoo:lenett"], "did you mean zoo:lenet5?"),
        (["shapes", "."], "is not a file"),
        (["shapes", "zoo:lenet5", "--columns", "parms"], "did you mean params?"),
        (["shapes", "zoo:lenet5", "--set", "n"], "--set must be NAME=VALUE"),
        (["shapes", "zoo:lenet5", "--input", "axb"], "--input must be a shape"),
        (["shapes", "zoo:lenet5", "--batch", "0"], "--batch"),
        (["shapes", "zoo:lenet5", "--format", "xml"], "--format"),
        (["shape"], "Did you mean 'shapes'?"),
        (["shapes"], "Missing argument"),
    ],
)
def test_bad_usage_is_exit_2_with_the_word_meant(arguments, message):
    _, err = cnncalc(*arguments, check=2)
    assert message in err


def test_an_unknown_argument_of_the_file_is_named():
    _, err = cnncalc("shapes", "zoo:resnet18", "--set", "n5=3", check=2)
    assert err == "--set n5: zoo:resnet18 has no such argument; it has classes, n1, n2, n3, n4\n"


def test_an_argument_is_given_once():
    _, err = cnncalc("shapes", "zoo:resnet18", "--set", "n1=3", "--set", "n1=4", check=2)
    assert err == "--set n1 must be given once\n"


@pytest.mark.parametrize("words", [["zoo:vgg16"], ["vgg16"]])
def test_a_spec_without_a_command_is_told_which_command_is_missing(words):
    _, err = cnncalc(*words, check=2)
    assert "did you mean `cnncalc shapes zoo:vgg16`?" in err


@pytest.mark.parametrize("name", ["vgg16", "zoo:VGG16", "VGG16"])
def test_a_spec_of_the_zoo_by_its_name_alone_is_told(name):
    _, err = cnncalc("shapes", name, check=2)
    assert "did you mean zoo:vgg16?" in err


def test_a_statement_that_is_not_true_is_noted(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text("{cnncalc: 1, input: 1x7x7, layers: [{conv: 8}], expect: {params: 7}, budget: {macs: 1}}")
    out, _ = cnncalc("shapes", "net.yaml", cwd=tmp_path)
    assert "note: net.yaml:1:66: expect: params is 16, not 7\n" in out
    assert "note: net.yaml:1:85: budget: macs is 392, over the budget of 1\n" in out


def test_a_closed_pipe_is_quiet():
    command = f"{sys.executable} -m cnncalc shapes zoo:inception_v3 | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert result.stdout.startswith("Inception-v3")
    assert result.stderr == ""


def test_names_cannot_forge_a_terminal_escape():
    text = '{cnncalc: 1, name: "a\\e[31mred\\n", input: 1x7x7, layers: [relu]}'
    out, _ = cnncalc("shapes", "-", stdin=text.encode())
    assert "\x1b" not in out
    assert "a\\x1b[31mred\\n" in out


def test_help_has_examples_and_version_is_said():
    out, _ = cnncalc("shapes", "--help")
    assert "Examples" in out
    out, _ = cnncalc("--version")
    assert out.startswith("cnncalc ")


def test_zoo_lists_every_spec_with_its_source():
    out, _ = cnncalc("zoo")
    rows = [line.split("\t") for line in out.splitlines()]
    assert ["zoo:lenet5", "LeNet-5"] in [row[:2] for row in rows]
    assert all(len(row) == 3 and row[2] for row in rows)


def test_completion_knows_the_zoo():
    from cnncalc.cli.options import complete_spec

    assert complete_spec("zoo:resnet18") == ["zoo:resnet18"]
    assert "zoo:resnet152" in complete_spec("zoo:resnet1")


def test_a_number_is_never_cut_however_narrow_the_terminal():
    names = "layer,op,output,params,params_share,macs,macs_share,flops,activations,field,jump,start"
    out, _ = cnncalc("shapes", "zoo:lenet5", "--columns", names, columns=60)
    header = next(line for line in out.splitlines() if line.startswith("layer"))
    assert header.split()[-5:] == ["FLOPs", "activations", "field", "jump", "start"]
    assert "240,000" in out


def test_the_output_is_never_the_spec_itself(spec):
    _, err = cnncalc("shapes", spec, "-o", spec, check=2)
    assert "-o must not be the spec itself" in err


def test_an_unknown_suffix_is_refused_and_a_dash_is_standard_output(spec, tmp_path):
    _, err = cnncalc("shapes", spec, "-o", str(tmp_path / "net.xlsx"), check=2)
    assert "-o must end in .json, .csv, .md, .txt" in err
    out, _ = cnncalc("shapes", spec, "-o", "-")
    assert "params" in out


def test_json_is_not_folded(spec):
    _, err = cnncalc("shapes", spec, "--format", "json", "--depth", "1", check=2)
    assert "JSON has every layer" in err
