"""``cnncalc advise`` as its user meets it: at 80 and 120 columns, through a pipe, into a new file, with mistakes."""

import json

import pytest

from cnncalc import analyze, load
from tests.cli.test_shapes_command import cnncalc

SPEC = """\
cnncalc: 1
name: small
input: 3x32x32
layers:
- {conv: 32, kernel: 3, padding: 1, act: relu}
- {conv: 64, kernel: 5, padding: 2, act: relu}  # wide
- {max_pool: 4}
- {linear: 1000, act: relu}
- {linear: 10}
expect: {params: 4159170, output: 10}
"""
FIELDS = [
    "kind",
    "headline",
    "before",
    "after",
    "lines",
    "changes",
    "outputs",
    "compared",
    "left",
    "accuracy",
    "excludes",
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "net.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


def headlines(out):
    return [line.split(". ", 1)[1] for line in out.splitlines() if line[:1].isdigit() and ". " in line]


def test_vgg16_gets_the_three_largest_savings_first():
    out, err = cnncalc("advise", "zoo:vgg16")
    assert err == ""
    assert headlines(out)[:3] == [
        "depthwise separable convolutions in place of 12 convolutions of 3x3",
        "global average pooling in front of linear1: 102,764,544 -> 2,101,248 params of that layer, "
        "73% of the network's",
        "1x1 bottlenecks of half the channels around nine convolutions of 3x3",
    ]
    assert "   params          138,357,544 ->     37,694,248      -73%\n" in out


def test_googlenet_gets_its_5x5_stacked():
    out, _ = cnncalc("advise", "zoo:googlenet")
    assert headlines(out)[2] == "stacks of 3x3 in place of nine convolutions of 5x5"
    assert "[{conv: r5}, {conv: r5, kernel: 3}, {conv: c5, kernel: 3}]" in out


def test_alexnets_stem_is_left_with_the_figure():
    out, _ = cnncalc("advise", "zoo:alexnet", "--only", "stack")
    assert "left: line 10, conv1: it reads the image's 3 channels; 11x11 on 3 -> 64 channels as five 3x3" in out
    assert "as five 3x3 would cost 6.42 times the params" in out


def test_nothing_to_advise_is_said_in_a_sentence():
    out, _ = cnncalc("advise", "zoo:mobilenet_v2")
    assert out.startswith(
        "MobileNetV2, input 3x224x224: nothing to advise (looked at 35 convolutions and one linear layer; 3,504,872 "
    )
    assert headlines(out) == []


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("spec", ["zoo:vgg16", "zoo:inception_v3"])
def test_the_advice_fits_the_terminal(spec, columns):
    out, _ = cnncalc("advise", spec, columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_a_pipe_gets_whole_lines():
    out, _ = cnncalc("advise", "zoo:inception_v3")
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) > 200


def test_apply_writes_a_new_file_that_passes_check(folder):
    out, _ = cnncalc("advise", "net.yaml", "--apply", "new.yaml", cwd=folder)
    assert "new.yaml: written with 1; loaded and analysed again:\n" in out
    new = (folder / "new.yaml").read_text(encoding="utf-8")
    assert "- global_avg_pool\n- {linear: 1000, act: relu}\n" in new
    checked, _ = cnncalc("check", "--select", "CNN4", "new.yaml", cwd=folder)
    assert checked == "checked 1 file: nothing found\n"
    totals = json.loads(cnncalc("shapes", "new.yaml", "--format", "json", cwd=folder)[0])["totals"]
    assert f"  params 4,159,170 -> {totals['params']:,}, -97%\n" in out
    assert f"made true again: params: 4159170 -> {totals['params']}\n" in out
    assert (folder / "net.yaml").read_text(encoding="utf-8") == SPEC


def test_apply_to_standard_output_writes_the_spec_there_and_no_file(folder):
    cnncalc("advise", "net.yaml", "--apply", "new.yaml", cwd=folder)
    out, err = cnncalc("advise", "net.yaml", "--apply", "-", cwd=folder)
    assert out == (folder / "new.yaml").read_text(encoding="utf-8")
    assert err.startswith("<stdout>: written with 1; loaded and analysed again:\n  params 4,159,170 -> 127,170, -97%\n")
    assert sorted(path.name for path in folder.iterdir()) == ["net.yaml", "new.yaml"]


def test_the_report_can_stand_in_a_file_while_the_spec_goes_to_standard_output(folder):
    out, _ = cnncalc("advise", "net.yaml", "--apply", "-", "-o", "advice.json", "--format", "json", cwd=folder)
    assert "- global_avg_pool\n" in out
    report = json.loads((folder / "advice.json").read_text(encoding="utf-8"))
    assert report["applied"]["file"] == "<stdout>"


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_the_report_goes_to_a_file_as_it_goes_through_a_pipe(folder, format):
    piped, _ = cnncalc("advise", "net.yaml", "--format", format, cwd=folder)
    out, _ = cnncalc("advise", "net.yaml", "--format", format, "-o", "advice", cwd=folder, columns=80)
    assert out == ""
    assert (folder / "advice").read_text(encoding="utf-8") == piped
    assert cnncalc("advise", "net.yaml", "--format", format, "-o", "-", cwd=folder)[0] == piped


def test_with_nothing_to_apply_the_reasons_are_told_and_nothing_is_written(folder):
    out, err = cnncalc("advise", "zoo:mobilenet_v2", "--apply", "a.yaml", cwd=folder, check=1)
    assert "no stack: no convolution larger than 3x3\n" in out
    assert err == "a.yaml: is not written: there is nothing to advise\n"
    assert [path.name for path in folder.iterdir()] == ["net.yaml"]


def test_with_nothing_to_apply_standard_output_has_no_report_in_place_of_a_spec():
    out, err = cnncalc("advise", "zoo:mobilenet_v2", "--apply", "-", check=1)
    assert out == ""
    assert "no stack: no convolution larger than 3x3\n" in err
    assert err.endswith("<stdout>: is not written: there is nothing to advise\n")


def test_many_sizes_of_filters_are_told_by_the_most_frequent():
    out, _ = cnncalc("advise", "zoo:inception_v3", "--only", "separable")
    (line,) = headlines(out)
    assert line.endswith("in place of 53 convolutions of 3x3, 1x7, 7x1 and three other sizes")


def test_one_and_none_of_several_read_as_english():
    out, _ = cnncalc("advise", "zoo:inception_v3", "--only", "factor")
    assert "   note: one of the 17 stands on a grid of 12 to 20 positions\n" in out
    out, _ = cnncalc("advise", "zoo:lecture_one_7x7", "--only", "stack")
    assert "; one tensor has kept shape and field\n" in out


def test_a_change_that_leaves_something_is_not_of_all(folder):
    text = "cnncalc: 1\ninput: 16x31x31\nlayers:\n- {conv: 128, kernel: 3, padding: half}\n- {linear: 10}\n"
    (folder / "huge.yaml").write_text(text, encoding="utf-8")
    out, _ = cnncalc("advise", "huge.yaml", "--only", "pooling", cwd=folder)
    assert "1,230,090 -> 1,290 params (-99.9%)" in out
    assert "-100%" not in out


def test_take_all_takes_what_goes_together(folder):
    out, _ = cnncalc("advise", "net.yaml", "--apply", "new.yaml", "--take", "all", cwd=folder)
    assert "new.yaml: written with 1 and 2;" in out
    new = (folder / "new.yaml").read_text(encoding="utf-8")
    assert "- {depthwise: 5, padding: 2, act: relu}\n- {conv: 64, act: relu}  # wide\n" in new
    assert "- global_avg_pool\n" in new


def test_only_some_kinds(folder):
    out, _ = cnncalc("advise", "net.yaml", "--only", "stack,factor", "--top", "1", cwd=folder)
    assert headlines(out) == ["one filter an axis, 1xN and Nx1, in place of one convolution of 5x5"]
    assert "and 1 more: --top 2 shows all\n" in out


def test_json_has_every_number(folder):
    out, _ = cnncalc("advise", "net.yaml", "--format", "json", "--apply", "new.yaml", "--take", "2", cwd=folder)
    report = json.loads(out)
    first, second = report["advice"][:2]
    assert set(FIELDS) < set(first)
    assert first["lines"][0]["receptive_field"] == "whole"
    assert report["totals"]["params"] == first["before"]["params"] == 4159170
    assert report["applied"]["advice"] == [2]
    assert report["applied"]["totals"] == second["after"]


def test_markdown_is_for_a_pull_request(folder):
    out, _ = cnncalc("advise", "net.yaml", "--format", "markdown", cwd=folder)
    assert "### 1. global average pooling in front of linear1: 4,097,000 -> 65,000 params" in out
    assert "```diff\n+ - global_avg_pool\n```\n" in out
    assert "| params | 4,159,170 |" in out


def test_set_and_input_are_heeded(folder):
    whole, _ = cnncalc("advise", "zoo:vgg16", "--input", "3x64x64", "--set", "n5=1")
    assert whole.startswith("VGG-16, input 3x64x64: ")
    out, _ = cnncalc("advise", "zoo:vgg16", "--input", "3x64x64", "--only", "pooling", "--apply", "a.yaml", cwd=folder)
    assert "its expect was made true again: params: 138357544 -> 37694248" in out


WIDE = """cnncalc: 1
name: Base
input: 3x32x32
args: {w: 8, k: 3}
layers:
- {conv: w, kernel: k}
- {conv: w*2, kernel: 5, padding: 2}
- {linear: 10}
expect: {params: 999}
"""


@pytest.mark.parametrize(
    ("options", "head"),
    [
        (["own.yaml"], ["name: Mine", "input: 3x64x32", "args: {w: 16, k: 3}"]),
        (["own.yaml", "--set", "w=32", "--set", "h=1"], ["name: Mine", "input: 3x32x32", "args: {w: 32, k: 3}"]),
        (["base.yaml?w=32/2"], ['name: "Base, w=32/2"', "input: 3x32x32", "args: {w: 16, k: 3}"]),
        (["base.yaml", "--set", "w=16"], ["name: Base", "input: 3x32x32", "args: {w: 16, k: 3}"]),
    ],
    ids=str,
)
def test_the_written_spec_has_the_name_and_the_arguments_that_the_advice_is_for(options, head, tmp_path):
    (tmp_path / "base.yaml").write_text(WIDE, encoding="utf-8")
    text = "{cnncalc: 1, extends: base.yaml, name: Mine, args: {w: 16}, input: [3, 32*h, 32]}"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    options = [*options, "--set", "h=2"] if options == ["own.yaml"] else options
    out, _ = cnncalc("advise", *options, "--format", "json", "--apply", "new.yaml", cwd=tmp_path)
    report = json.loads(out)
    assert (tmp_path / "new.yaml").read_text(encoding="utf-8").replace('"Mine"', "Mine").splitlines()[1:4] == head
    before = analyze(load_in(tmp_path, options)).totals
    after = json.loads(cnncalc("shapes", "new.yaml", "--format", "json", cwd=tmp_path)[0])["totals"]
    assert report["totals"]["params"] == before.params > after["params"]
    assert report["applied"]["totals"]["params"] == after["params"]


def load_in(folder, options):
    name, *pairs = [option for option in options if option != "--set"]
    return load(str(folder / name), args=dict(pair.split("=") for pair in pairs))


def test_standard_input_is_read():
    out, _ = cnncalc("advise", "-", stdin=SPEC.encode())
    assert out.startswith("small, input 3x32x32: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["net.yaml", "--apply", "net.yaml"], "net.yaml: --apply must not be the spec itself\n"),
        (["net.yaml", "--apply", "./sub/../net.yaml"], "--apply must not be the spec itself\n"),
        (["net.yaml", "--take", "1"], "--take is for --apply\n"),
        (
            ["net.yaml", "--apply", "a", "--take", "9"],
            "--take must name pieces of the advice, 1 to 4, with commas, or all\n",
        ),
        (["net.yaml", "--apply", "a", "--take", "2,3"], "--take: 2 and 3 rewrite one line; take one of them\n"),
        (["net.yaml", "--only", "stak"], "--only: there is no stak; did you mean stack?\n"),
        (["net.yaml", "--only", ","], "--only must name kinds: stack, bottleneck, factor, separable, pooling\n"),
        (["net.yaml", "--apply", "no/such/folder/a"], "no/such/folder/a: No such file or directory\n"),
        (["net.yaml", "--apply", "old.yaml"], "old.yaml: there is such a file already; --apply must be a new one\n"),
        (["net.yaml", "--apply", "link"], "link: there is such a file already; --apply must be a new one\n"),
        (["net.yaml", "-o", "net.yaml"], "net.yaml: -o must not be the spec itself\n"),
        (["net.yaml", "--apply", "a", "-o", "./a"], "a: --apply and -o must not be the same\n"),
        (["net.yaml", "--apply", "-", "-o", "-"], "<stdout>: --apply and -o must not be the same\n"),
        (["nothing.yaml"], "nothing.yaml: there is no such file\n"),
    ],
)
def test_bad_usage_exits_with_2(folder, arguments, said):
    (folder / "sub").mkdir()
    (folder / "old.yaml").write_text("mine\n", encoding="utf-8")
    (folder / "link").symlink_to("nowhere")
    out, err = cnncalc("advise", *arguments, cwd=folder, check=2)
    assert err.endswith(said)
    assert err.count("\n") == 1
    assert out == ""
    assert sorted(path.name for path in folder.iterdir()) == ["link", "net.yaml", "old.yaml", "sub"]
    assert (folder / "old.yaml").read_text(encoding="utf-8") == "mine\n"
    assert (folder / "net.yaml").read_text(encoding="utf-8") == SPEC


def test_a_wrong_file_exits_with_1(folder):
    (folder / "bad.yaml").write_text("cnncalc: 1\ninput: 1x7x7\nlayers: [{conv: 8, kernel: 3, stride: 3}]\n")
    _, err = cnncalc("advise", "bad.yaml", cwd=folder, check=1)
    assert err.startswith("bad.yaml:3:")


def test_help_has_examples():
    out, _ = cnncalc("advise", "--help")
    assert "cnncalc advise zoo:googlenet --only stack" in out
