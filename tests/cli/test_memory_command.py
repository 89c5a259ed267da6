"""``cnncalc memory`` and ``cnncalc roofline`` as their user meets them: widths, formats, mistakes; docs/memory.md."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from cnncalc.cli import COMMANDS
from cnncalc.memory.devices import DEVICES
from tests.cli.test_shapes_command import cnncalc

DOCS = (Path(__file__).parents[2] / "docs" / "memory.md").read_text(encoding="utf-8")
BRANCHES = """
cnncalc: 1
name: "two\\ebranches"
input: 2x8x8
layers:
- {conv: 64, name: first}
- {conv: 64, name: second, from: in}
- {conv: 2, name: a, from: first}
- {conv: 2, name: b, from: second}
- {concat: [a, b], name: both}
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "branches.yaml"
    path.write_text(BRANCHES, encoding="utf-8")
    return str(path)


def test_the_commands_are_listed():
    assert {"memory", "roofline"} <= set(COMMANDS)


def test_the_report_says_the_peak_and_what_is_alive_there():
    out, _ = cnncalc("memory", "zoo:resnet50", "--in-place")
    assert re.search(r"^peak +6\.891 MiB  7,225,344 bytes, after stage\.0\.bottleneck\.0\.conv4$", out, re.MULTILINE)
    assert re.search(r"^  stage\.0\.bottleneck\.0\.conv3\.norm  3\.062 MiB  256x56x56$", out, re.MULTILINE)


@pytest.mark.parametrize("columns", [66, 120])
@pytest.mark.parametrize(
    "command",
    [
        ["memory", "zoo:inception_v3", "--train", "--optimizer", "adam", "--fits", "a100"],
        ["roofline", "zoo:inception_v3", "--device", "a100", "--dtype", "fp16"],
        ["roofline", "--devices"],
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal(command, columns):
    out, _ = cnncalc(*command, columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_a_narrow_roofline_says_what_is_left_out():
    assert "left out at this width: op" in cnncalc("roofline", "zoo:inception_v3", "--device", "t4", columns=66)[0]


def test_a_better_order_is_told_and_printed_when_asked_for(spec):
    out, _ = cnncalc("memory", spec)
    assert re.search(r"another order +\S+ KiB  \S+% less, no order needs less than this: --order prints it", out)
    assert "\nfirst\n" not in out
    assert cnncalc("memory", spec, "--order")[0] == f"{out}\nfirst\na\nsecond\nb\nboth\n"


def test_one_report_says_one_thing_of_other_orders():
    out, _ = cnncalc("memory", "zoo:lenet5", "--order")
    assert out.count("no order needs less") == 2
    assert "no better order is known" not in out


def test_one_of_something_is_said_so(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text("{cnncalc: 1, input: 1x1, layers: [{conv: 1, bias: false}]}", encoding="utf-8")
    out, _ = cnncalc("memory", str(path), "--fits", "1B", check=1)
    assert re.search(r"^weights .*  1 param$", out, re.MULTILINE)
    assert "in 1 byte: " in out


def test_control_characters_of_a_name_are_escaped(spec):
    for command in (["memory", spec], ["roofline", spec, "--device", "t4"], ["memory", spec, "--format", "markdown"]):
        out, _ = cnncalc(*command)
        assert "\x1b" not in out
        assert "two\\x1bbranches" in out


def test_keeping_the_input_gives_the_peak_that_verify_measures():
    out, _ = cnncalc("memory", "zoo:lenet5", "--keep-input")
    assert "41,728 bytes, after conv1.act" in out
    assert "predicted 40.75 KiB at conv1.act" in cnncalc("verify", "zoo:lenet5", "--only", "memory")[0]


def test_an_optimizer_alone_means_training():
    report = json.loads(cnncalc("memory", "zoo:lenet5", "--optimizer", "momentum", "--format", "json")[0])
    assert report["training"]["state"] == report["training"]["gradients"] == 4 * 61_706


def test_a_memory_in_which_not_one_sample_fits_exits_with_1(spec):
    out, _ = cnncalc("memory", spec, "--fits", "1KiB", check=1)
    assert re.search(r"^batch that fits +0 ", out, re.MULTILINE)


def test_json_has_the_documented_keys(spec):
    report = json.loads(cnncalc("memory", spec, "--train", "--fits", "1GiB", "--format", "json")[0])
    found = {*report, *report["weights"], *report["apart"], *report["order"], *report["training"], *report["fits"]}
    found |= {*report["apart"]["live"][0]}
    documented = DOCS.partition("`cnncalc memory --format json` has")[2].partition("`cnncalc roofline --format")[0]
    assert found - {"cnncalc"} == set(re.findall(r"`\"?(\w+)\"?", documented))
    assert report["order"]["layers"] == ["first", "a", "second", "b", "both"]
    assert report["apart"]["peak"] == sum(one["output_bytes"] for one in report["apart"]["live"])


def test_the_json_of_a_roofline_has_the_documented_keys(spec):
    report = json.loads(cnncalc("roofline", spec, "--device", "a100", "--format", "json")[0])
    found = {*report, *report["device"], *report["layers"][0], *report["total"]}
    documented = DOCS.partition("`cnncalc roofline --format json` has")[2].partition("`--format markdown`")[0]
    assert found - {"cnncalc"} == set(re.findall(r"`\"?(\w+)\"?", documented))
    assert sum(one["traffic"] for one in report["layers"]) == report["total"]["traffic"]


@pytest.mark.parametrize("command", ["memory", "roofline"])
def test_markdown_and_a_file_by_its_suffix(command, spec, tmp_path):
    options = ["--device", "t4"] if command == "roofline" else ["--order"]
    path = tmp_path / "report.md"
    cnncalc(command, spec, *options, "-o", str(path))
    text = path.read_text(encoding="utf-8")
    assert text == cnncalc(command, spec, *options, "--format", "markdown")[0]
    assert text.startswith("## two")
    assert "| --- | ---: |" in text or "| --- | --- | ---: |" in text


def test_a_device_of_ones_own_gives_the_times_that_it_must(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text("{cnncalc: 1, input: 2x4x5, layers: [{conv: 2, bias: false}]}", encoding="utf-8")
    options = ["--rate", "1k", "--bandwidth", "1M", "--format", "json"]
    report = json.loads(cnncalc("roofline", str(path), *options)[0])
    assert report["layers"][0]["seconds"] == 2 * 2 * 2 * 20 / 1000
    assert report["layers"][0]["bound"] == "compute"


def test_the_devices_are_listed_with_their_sources():
    out, _ = cnncalc("roofline", "--devices")
    assert all(
        f"{name}: {device.title}\n" in out and f"from {device.source}\n" in out for name, device in DEVICES.items()
    )
    assert set(json.loads(cnncalc("roofline", "--devices", "--format", "json")[0])) == set(DEVICES)
    assert f"| {DEVICES['t4'].title} |" in cnncalc("roofline", "--devices", "--format", "markdown")[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["memory", "SPEC", "--dtype", "fp31"], "--dtype: there is no dtype 'fp31'; did you mean fp"),
        (["memory", "SPEC", "--optimizer", "adams"], "--optimizer: there is no optimizer 'adams'; did you mean adam?"),
        (["memory", "SPEC", "--fits", "lots"], "--fits must be a size such as 24GiB, 16GB or 512MiB, not lots"),
        (["memory", "SPEC", "-o", "SPEC"], "-o must not be the spec itself"),
        (["roofline", "SPEC"], "--device must be given, or --rate and --bandwidth"),
        (["roofline"], "FILE must be given, or --devices"),
        (["roofline", "SPEC", "--devices"], "--devices goes without a FILE"),
        (["roofline", "SPEC", "--device", "a10"], "there is no device 'a10'; did you mean a100?"),
        (["roofline", "SPEC", "--device", "t4", "--dtype", "bf16"], "--dtype bf16: the NVIDIA T4 has fp32, fp16, int8"),
        (["roofline", "SPEC", "--rate", "1T"], "--rate and --bandwidth must be given together"),
        (["roofline", "SPEC", "--rate", "1T", "--bandwidth", "much"], "--bandwidth must be a rate a second"),
        (["roofline", "SPEC", "--device", "t4", "--rate", "1T"], "--device goes without --rate and --bandwidth"),
        (["shapes", "SPEC", "--columns", "live", "--input", "2,h,w", "--symbolic"], "--columns live needs numbers"),
    ],
)
def test_bad_usage_is_told(spec, arguments, message):
    _, err = cnncalc(*[spec if argument == "SPEC" else argument for argument in arguments], check=2)
    assert message in err


@pytest.mark.parametrize(
    "command",
    [
        ["memory", "-o"],
        ["shapes", "-o"],
        ["roofline", "--device", "t4", "-o"],
        ["reconcile", "4G", "-o"],
        ["explain", "conv1", "-o"],
        ["compare", "zoo:lenet5", "-o"],
        ["rf", "-o"],
        ["advise", "-o"],
        ["advise", "--apply"],
        ["check", "-o"],
        ["check", "--write-baseline"],
    ],
    ids=" ".join,
)
def test_no_report_takes_the_place_of_a_file_that_is_extended(command, tmp_path, spec):
    last, middle, own = Path(spec), tmp_path / "middle.yaml", tmp_path / "own.yaml"
    middle.write_text("{cnncalc: 1, extends: branches.yaml}", encoding="utf-8")
    own.write_text("{cnncalc: 1, extends: middle.yaml}", encoding="utf-8")
    name, *options = command
    for written in (last, middle, own):
        _, err = cnncalc(name, str(own), *options, str(written), check=2)
        assert "must not be " in err or "would be overwritten" in err
    assert last.read_text(encoding="utf-8") == BRANCHES


def test_a_wrong_spec_is_an_error(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text("{cnncalc: 1, input: 1x8x8, layers: [{conv: 1, kernel: 9}]}", encoding="utf-8")
    for command in (["memory", str(path)], ["roofline", str(path), "--device", "t4"]):
        assert "the window must not exceed the padded input" in cnncalc(*command, check=1)[1]


def test_shapes_has_columns_of_memory():
    names = "layer,bytes,output_bytes,live,traffic,intensity"
    out, _ = cnncalc("shapes", "zoo:lenet5", "--columns", names, "--format", "csv")
    first, *others = csv.DictReader(io.StringIO(out))
    assert first == {
        "layer": "conv1", "bytes": "624", "output_bytes": "18816", "live": "22912", "traffic": "23536",
        "intensity": str((2 * 117_600 + 4704) / 23536),
    }  # fmt: skip
    assert max(int(row["live"]) for row in (first, *others)) == 37_632
    folded, _ = cnncalc("shapes", "zoo:resnet18", "--columns", names, "--depth", "1", columns=80)
    assert re.search(r"^total +44\.63 MiB", folded, re.MULTILINE)


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
