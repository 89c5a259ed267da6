"""L22, the recap: large filters as 3x3, 1x1 bottlenecks, NxN as 1xN and Nx1, told by ``cnncalc advise`` for a spec."""

import json

import pytest

from tests.cli.test_shapes_command import cnncalc

C = 64
SPECS = {
    "stack": (7, 49, 3 * 9, 3 * "- {conv: 64, kernel: 3, padding: half, act: relu}\n"),
    "bottleneck": (
        3,
        9,
        13 / 4,
        "- {conv: 32, act: relu}\n- {conv: 32, kernel: 3, padding: half, act: relu}\n- {conv: 64, act: relu}\n",
    ),
    "factor": (
        3,
        9,
        6,
        "- {conv: 64, kernel: 1x3, padding: half, act: relu}\n- {conv: 64, kernel: 3x1, padding: half, act: relu}\n",
    ),
}
HEAD = "cnncalc: 1\ninput: 3x32x32\ndefaults: {conv: {bias: false}}\nlayers:\n- {conv: 64, act: relu}\n"


def advised(tmp_path, kind, text, *options):
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
    arguments = ("advise", "net.yaml", "--only", kind, "--format", "json", *options)
    return json.loads(cnncalc(*arguments, cwd=tmp_path)[0])


@pytest.mark.parametrize("kind", SPECS)
def test_L22_finds_the_rewrite_with_the_saving_of_this_spec(tmp_path, kind):
    size, before, after, lines = SPECS[kind]
    text = HEAD + f"- {{conv: 64, kernel: {size}, padding: half, act: relu}}\n"
    report = advised(tmp_path, kind, text, "--apply", "new.yaml")
    (piece,) = report["advice"]
    (line,) = piece["lines"]
    assert (line["before"]["params"], line["after"]["params"]) == (before * C * C, after * C * C)
    assert (line["before"]["macs"], line["after"]["macs"]) == (before * C * C * 1024, after * C * C * 1024)
    assert (tmp_path / "new.yaml").read_text(encoding="utf-8") == HEAD + lines
    assert line["output"] == [C, 32, 32]
    assert line["receptive_field"]["size"] == [size, size]


def test_L22_says_when_a_stack_would_cost_more():
    out, _ = cnncalc("advise", "zoo:googlenet", "--only", "stack")
    assert "7x7 on 3 -> 64 channels as three 3x3 would cost 7.99 times the params" in out


@pytest.mark.parametrize(("kind", "number"), [("stack", 27), ("factor", 14), ("bottleneck", 13.25)])
def test_L18_and_L22_a_7x7_that_reads_channels_is_advised_with_the_numbers_of_the_lecture(kind, number):
    report = json.loads(cnncalc("advise", "zoo:lecture_one_7x7", "--only", kind, "--format", "json")[0])
    (piece,) = report["advice"]
    assert (piece["before"]["params"], piece["after"]["params"]) == (49 * C * C, number * C * C)
    assert (piece["before"]["macs"], piece["after"]["macs"]) == (49 * C * C * 56 * 56, number * C * C * 56 * 56)


def test_L22_advise_and_compare_call_three_3x3_for_a_7x7_equally_cheaper():
    out, _ = cnncalc("advise", "zoo:lecture_one_7x7", "--only", "stack")
    assert "200,704 -> 110,592 params (-45%), 629,407,744 -> 346,816,512 MACs (-45%)" in out
    assert "45%" in cnncalc("compare", "7x7", "vs", "3x3x3")[0]


def test_L22_the_same_field_and_shape_are_shown():
    out, _ = cnncalc("advise", "zoo:googlenet", "--only", "stack")
    assert "proved on the rewritten spec: line 17 ends in 128x7x7, field 715 at steps of 32; the output is 1000" in out
    assert "141 tensors have kept shape and field" in out


@pytest.mark.parametrize(
    ("spec", "first"),
    [
        ("zoo:vgg16", ["separable", "pooling", "bottleneck"]),
        ("zoo:googlenet", ["separable", "factor", "stack"]),
        ("zoo:alexnet", ["separable", "pooling", "factor"]),
    ],
)
def test_L22_the_three_largest_savings_come_first_and_nothing_costs_more(spec, first):
    advice = json.loads(cnncalc("advise", spec, "--format", "json")[0])["advice"]
    assert [piece["kind"] for piece in advice[:3]] == first
    for piece in advice:
        for name in ("params", "macs"):
            assert piece["after"][name] <= piece["before"][name]
            assert all(line["after"][name] <= line["before"][name] for line in piece["lines"])
