"""How the receptive field grew: the layers that decided it, the unions at joins, and why it is whole or unknown."""

import cnncalc
from cnncalc.explain import explained
from cnncalc.explain.fields import MOST
from cnncalc.explain.recurrence import said
from cnncalc.field import ReceptiveField
from tests.explain.arithmetic import lines, statements

STACK = "input: 1x40x40\nlayers: [{conv: 1, kernel: 3, repeat: 3, name: c}]"


def grown(text, path):
    return told(cnncalc.analyze(cnncalc.loads("cnncalc: 1\nrounding: floor\n" + text)), path)


def told(analysis, path):
    return [line.text for line in lines(explained(analysis, path), "field")]


def zoo(name, path, **args):
    return told(cnncalc.analyze(cnncalc.load(f"zoo:{name}", args=args)), path)


def test_each_layer_has_its_step_of_the_recurrence():
    assert zoo("resnet18", "max_pool1")[1:3] == [
        "conv1: size = 1 + 1*(7 - 1) = 7; jump = 1*2 = 2; start = 0 + 1*(-3) = -3",
        "max_pool1: size = 7 + 2*(3 - 1) = 11; jump = 2*2 = 4; start = -3 + 2*(-1) = -5",
    ]


def test_stacked_3x3_see_3_then_5_then_7():
    sizes = [
        values[-1] for line in grown(STACK, "c.2") for name, values in statements(line) if name == "size" and values
    ]
    assert sizes == [3, 5, 7]


def test_the_last_line_is_the_field():
    assert grown(STACK, "c.2")[-1] == "field of c.2: size 7, jump 1, start 0"


def test_axes_that_differ_have_a_line_each():
    found = grown("input: 1x9x9\nlayers: [{conv: 1, kernel: 3x7}]", "conv1")
    assert found[1] == "conv1, height: size = 1 + 1*(3 - 1) = 3; jump = 1*1 = 1; start = 0 + 1*0 = 0"
    assert found[2] == "conv1, width: size = 1 + 1*(7 - 1) = 7; jump = 1*1 = 1; start = 0 + 1*0 = 0"
    assert found[-2:] == [
        "field of conv1, height: size 3, jump 1, start 0",
        "field of conv1, width: size 7, jump 1, start 0",
    ]


def test_an_axis_that_a_layer_leaves_alone_has_no_line():
    found = grown("input: 1x9x9\nlayers: [{conv: 1, kernel: 1x7}]", "conv1")
    assert [line for line in found if line.startswith("conv1, ")] == [
        "conv1, width: size = 1 + 1*(7 - 1) = 7; jump = 1*1 = 1; start = 0 + 1*0 = 0"
    ]


def test_what_changes_nothing_is_counted_and_left_out():
    found = grown("input: 1x9x9\nlayers: [{conv: 4, kernel: 3, norm: batch_norm, act: relu}, {conv: 2}]", "conv2")
    assert "left out, without effect on it: 3 layers of size 1 and jump 1" in found


def test_a_long_chain_folds_equal_layers():
    found = grown("input: 1x99x99\nlayers: [{conv: 1, kernel: 3, padding: 1, repeat: 30, name: c}]", "c.29")
    assert found[1] == ("c.0 to c.29, 30 layers: size = 1 + 30*1*(3 - 1) = 61; jump = 1; start = 0 + 30*1*(-1) = -30")


def test_a_chain_of_few_layers_is_not_folded():
    found = grown(f"input: 1x99x99\nlayers: [{{conv: 1, kernel: 3, padding: 1, repeat: {MOST}, name: c}}]", "c.15")
    assert len([line for line in found if line.startswith("c.")]) == MOST


def test_resnet_152_is_told_in_few_lines():
    analysis = cnncalc.analyze(cnncalc.load("zoo:resnet50", args={"n2": 8, "n3": 36}))
    last = next(one for one in analysis.facts[::-1] if isinstance(one.field[0], ReceptiveField))
    found = told(analysis, last.node.path)
    assert len(found) < 20
    assert found[-1] == f"field of {last.node.path}: {said(last.field[0])}"


def test_a_join_says_which_operand_decides_and_takes_the_union():
    spec = "input: 1x9x9\nlayers: [{add: [[], [{conv: 1, kernel: 3, padding: 1, name: wide}]], name: j}]"
    assert "j: union, decided by wide: start = min(0, -1) = -1; size = max(0 + 1, -1 + 3) - (-1) = 3" in grown(
        spec, "j"
    )


def test_a_join_of_two_that_decide_one_side_each_shows_both():
    left = "[{conv: 1, kernel: 1x3, padding: [[0, 0], [2, 0]], name: left}]"
    right = "[{conv: 1, kernel: 1x3, padding: [[0, 0], [0, 2]], name: right}]"
    found = grown(f"input: 1x9x9\nlayers: [{{add: [{left}, {right}], name: j}}]", "j")
    assert any(line.startswith("left, width: ") for line in found)
    assert any(line.startswith("right, from the input, width: ") for line in found)
    assert any("union, decided by left and right: start = min(-2, 0) = -2" in line for line in found)


def test_the_cut_of_a_join_moves_the_operand():
    spec = "input: 1x9x9\nlayers: [{concat: [[], [{conv: 2, kernel: 3, name: c}]], align: crop, name: j}]"
    assert any(
        "union, decided by c: start = min(1, 0) = 0; size = max(1 + 1, 0 + 3) - 0 = 3" in line
        for line in grown(spec, "j")
    )


def test_what_is_unknown_is_told_at_the_layer_that_made_it_so():
    found = zoo("unet", "conv1")
    (line,) = [line for line in found if ": unknown: " in line]
    assert line.startswith("up1.conv_transpose1: unknown: neighbours in its input are 16 pixels apart")
    assert found[-1] == "field of conv1: unknown, since up1.conv_transpose1"


def test_jumps_that_differ_are_shown_with_both_branches():
    branches = "[[{conv: 1, kernel: 2, stride: 2, name: a}], [{conv: 1, kernel: 5, name: b}]]"
    found = grown(f"input: 1x8x8\nlayers: [{{concat: {branches}, name: j}}]", "j")
    assert any(line.startswith("a: size") for line in found)
    assert any(line.startswith("b, from the input: size") for line in found)
    assert found[-2] == "j, from a: unknown: its operands' jumps differ (2 and 1): they drift apart"


def test_what_is_whole_is_told_at_the_layer_that_made_it_so():
    found = zoo("resnet18", "linear1")
    assert "global_avg_pool1: whole: one window reads the whole axis" in found
    assert found[-1] == "field of linear1: whole, since global_avg_pool1"


def test_the_stride_that_does_not_divide_the_kernel_is_named():
    found = grown("input: 1x7\nlayers: [{conv_transpose: 1, kernel: 3, stride: 2}]", "conv_transpose1")
    assert any("stride 2 does not divide kernel 3" in line for line in found)


def test_a_fractional_start_is_put_on_its_grid():
    spec = "input: 1x9\nlayers: [{upsample: 2}, {conv: 1, kernel: 10, stride: 2, padding: 3}]"
    (line,) = [line for line in grown(spec, "conv1") if line.startswith("conv1: ")]
    assert line == (
        "conv1: size = 1 + floor(-3/2 + 9/2) - floor(-3/2) = 6; jump = (1/2)*2 = 1; start = floor(0 + (1/2)*(-3)) = -2"
    )


def test_without_an_image_there_is_no_field():
    assert grown("input: 7\nlayers: [{linear: 3}]", "linear1") == ["no image leads here: there is no receptive field"]
