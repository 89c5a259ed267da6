"""The advice: CNN301 to CNN303, against products written out, and the borders of each condition."""

from fractions import Fraction

import pytest

from cnncalc.checks import rule
from cnncalc.checks.engine import once
from cnncalc.checks.factor_large_kernel import stack
from cnncalc.checks.mending import applied
from cnncalc.checks.saving import bill
from cnncalc.checks.survey import survey
from cnncalc.layers.conv import Conv
from cnncalc.layers.norm import BatchNorm

CODES = ("CNN301", "CNN302", "CNN303")


def read(text):
    return survey(text.encode(), "net.yaml")


def findings(code, text, threshold=None):
    found = read(text)
    assert not found.refusals
    return [*rule(code).findings(found, threshold or rule(code).threshold)]


def net(shape, *lines, head=""):
    """Return a spec; a 1x1 layer reads the input, since nothing is advised of the first."""
    first, rest = shape.split("x", 1)
    return f"cnncalc: 1\ninput: 3x{rest}\n{head}layers:\n- {{conv: {first}}}\n" + "".join(
        f"- {line}\n" for line in lines
    )


def told(code, shape, *lines):
    return [one.place.path for one in findings(code, net(shape, *lines))]


def weights(layers, source):
    return bill(layers, source, []).params


@pytest.mark.parametrize("code", CODES)
def test_the_example_fires_its_rule_alone_and_the_rewrite_none(code):
    one = rule(code)
    assert [other for other in CODES if findings(other, one.example)] == [code]
    assert not any(findings(other, one.instead) for other in CODES)


# ---- the figures: a 5x5 16 -> 32 and a 7x7 3 -> 64, in weights


@pytest.mark.parametrize(("mid", "change"), [(32, 8), (16, -46)])
def test_two_3x3_for_a_5x5_may_cost_or_save(mid, change):
    before = weights([Conv(out_channels=32, kernel=5, padding=2, bias=False)], (16, 28, 28))
    after = weights(stack(Conv(out_channels=32, kernel=5, bias=False), [(2, 2)] * 2, mid), (16, 28, 28))
    assert (before, after) == (25 * 16 * 32, 9 * 16 * mid + 9 * mid * 32)
    assert round(100 * Fraction(after - before, before)) == change


def test_three_3x3_for_a_stem_of_7x7_cost_eight_times_as_much():
    before = weights([Conv(out_channels=64, kernel=7, padding=3, bias=False)], (3, 224, 224))
    after = weights(stack(Conv(out_channels=64, kernel=7, bias=False), [(3, 3)] * 2, 64), (3, 224, 224))
    assert (before, after) == (49 * 3 * 64, 9 * 3 * 64 + 2 * 9 * 64 * 64)
    assert round(100 * Fraction(after - before, before)) == 702


def test_a_bottleneck_has_13_quarters_of_c_squared_for_nine():
    (one,) = findings("CNN302", net("256x28x28", "{conv: 256, kernel: 3, padding: 1, bias: false}"))
    assert one.notes[0].startswith(f"params: {9 * 256**2:,} now, {13 * 256**2 // 4:,} then (-64%)")


def test_1x3_and_3x1_have_6_c_squared_for_nine():
    (one,) = findings("CNN303", net("32x16x16", "{conv: 32, kernel: 3, padding: 1, bias: false}"))
    assert one.notes[0].startswith(f"params: {9 * 32**2:,} now, {6 * 32**2:,} then (-33%)")


def test_the_bill_has_the_norm_after_each_layer():
    layers = [Conv(out_channels=8, kernel=3, padding=1, bias=False)] * 2
    assert bill(layers, (8, 6, 6), [BatchNorm()]).params == 2 * (9 * 8 * 8 + 2 * 8)


def test_the_notes_add_up():
    text = net("16x28x28", "{conv: 32, kernel: 5, padding: 2, act: relu}")
    (one,) = findings("CNN301", text)
    before, after = 25 * 16 * 32 + 32, 9 * 16 * 16 + 16 + 9 * 16 * 32 + 32
    assert one.notes[0] == f"params: {before:,} now, {after:,} then (-46%)"
    area = 28 * 28
    assert one.notes[1] == f"MACs: {25 * 16 * 32 * area:,} now, {(9 * 16 * 16 + 9 * 16 * 32) * area:,} then (-46%)"
    assert one.notes[2] == f"activations: {32 * area:,} now, {48 * area:,} then (+50%)"
    assert one.notes[3] == "both see 5x5 positions at steps of 1 and give 32x28x28"
    whole = 3 * 16 + 16 + before
    assert one.notes[4].startswith(f"that is {round(Fraction(100 * (before - after), whole))}% of the network's params")


# ---- the conditions, from both sides


@pytest.mark.parametrize(
    ("line", "fires"),
    [
        ("{conv: 32, kernel: 5, padding: 2}", True),
        ("{conv: 32, kernel: 7, padding: 3}", True),
        ("{conv: 32, kernel: 3, padding: 1}", False),
        ("{conv: 32, kernel: 6, padding: 2}", False),
        ("{conv: 32, kernel: 5x7, padding: [2, 3]}", False),
        ("{conv: 32, kernel: 5, padding: 2, groups: 2}", False),
        ("{conv: 32, kernel: 5, padding: 4, dilation: 2}", False),
        ("{depthwise: 5, padding: 2}", False),
        ("{conv: 32, kernel: 5, stride: 2, padding: [[1, 2], [1, 2]]}", False),  # the first runs at the full size
        ("{conv: 4, kernel: 5, padding: 2}", True),
        ("{conv: 3, kernel: 5, padding: 2}", False),  # fewer than a quarter between
        ("{conv: 64, kernel: 5, padding: 2}", True),
        ("{conv: 68, kernel: 5, padding: 2}", False),
    ],
)
def test_a_large_square_kernel(line, fires):
    assert bool(told("CNN301", "16x30x30", line)) is fires


def test_large_kernels_of_other_ranks():
    assert told("CNN301", "16x12x12x12", "{conv: 16, kernel: 5, padding: 2}")
    assert not told("CNN301", "16x64", "{conv: 64, kernel: 7, padding: 3}")


@pytest.mark.parametrize(
    ("channels", "line", "fires"),
    [
        (64, "{conv: 64, kernel: 3, padding: 1}", True),
        (62, "{conv: 62, kernel: 3, padding: 1}", False),
        (65, "{conv: 65, kernel: 3, padding: 1}", False),
        (64, "{conv: 66, kernel: 3, padding: 1}", False),
        (64, "{conv: 64, kernel: 2}", False),
        (64, "{conv: 64, kernel: 5, padding: 2}", True),
        (64, "{conv: 64, kernel: 3, padding: 1, groups: 2}", False),
    ],
)
def test_a_bottleneck_needs_many_channels(channels, line, fires):
    assert bool(told("CNN302", f"{channels}x30x30", line)) is fires


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_bottleneck_is_advised_in_any_rank(rank):
    assert told("CNN302", "64" + "x8" * rank, "{conv: 64, kernel: 3, padding: 1}")


def test_what_stands_in_a_bottleneck_is_left_alone():
    inside = "{conv: 64, kernel: 3, padding: 1, act: relu}"
    assert told("CNN302", "128x30x30", "{conv: 128}", "{conv: 64, kernel: 3}", inside)
    assert not told("CNN302", "128x30x30", "{conv: 64, act: relu}", inside)
    assert not told("CNN302", "64x30x30", "{conv: 64, act: relu}", inside, "{conv: 256}")
    assert not told("CNN302", "128x30x30", "{conv: 64, act: relu}", inside, inside)


@pytest.mark.parametrize(("size", "fires"), [(11, False), (12, True), (20, True), (21, False)])
def test_1xn_and_nx1_are_for_grids_of_12_to_20(size, fires):
    assert bool(told("CNN303", f"32x{size}x{size}", "{conv: 32, kernel: 3, padding: 1}")) is fires


def test_the_grid_is_that_of_the_input_and_of_the_output():
    assert not told("CNN303", "32x20x20", "{conv: 32, kernel: 10}")
    assert told("CNN303", "32x20x20", "{conv: 32, kernel: 9}")
    assert not told("CNN303", "32x12x30", "{conv: 32, kernel: 3, padding: 1}")
    assert not told("CNN303", "32x16", "{conv: 32, kernel: 3, padding: 1}")
    assert not told("CNN303", "32x16x16x16", "{conv: 32, kernel: 3, padding: 1}")


@pytest.mark.parametrize("code", CODES)
def test_the_first_layer_is_left_alone(code):
    line = "{conv: 64, kernel: 5, padding: 2}"
    lines = f"cnncalc: 1\ninput: 64x16x16\nlayers:\n- {{pad: 1}}\n- relu\n- {line}\n"
    assert not findings(code, lines)
    assert findings(code, lines.replace("relu", "{conv: 64}"))


@pytest.mark.parametrize("code", CODES)
def test_shared_tensors_are_left_alone(code):
    shared = ("{conv: 64, kernel: 5, padding: 2, name: a}", "{conv: 64, kernel: 5, padding: 2, weights: a}")
    assert not told(code, "64x16x16", *shared)
    assert told(code, "64x16x16", shared[0])


def test_the_threshold_is_the_least_saving_of_the_layer():
    text = net("32x16x16", "{conv: 32, kernel: 3, padding: 1, bias: false}")
    assert findings("CNN303", text, Fraction(1, 3))
    assert not findings("CNN303", text, Fraction(34, 100))


def test_less_than_a_hundredth_of_the_network_is_not_worth_it():
    def line(channels):
        return net("16x16x16", "{conv: 16, kernel: 5, padding: 2}", f"{{conv: {channels}, kernel: 5x3}}")

    assert findings("CNN301", line(500))
    assert not findings("CNN301", line(1500))


def test_a_hundredth_of_the_params_or_of_the_macs_is_enough():
    large = "{conv: 16, kernel: 5, padding: 2}"
    of_params = net("16x80x80", "{conv: 64, kernel: 1x2}", "{conv: 16}", "{avg_pool: 80x79}", "{pad: 1}", large)
    of_macs = net("16x80x80", large, "{avg_pool: 80}", "{conv: 30000}", "{conv: 16}")
    (one,), (other,) = findings("CNN301", of_params), findings("CNN301", of_macs)
    assert one.notes[4] == "that is 18% of the network's params and 0.1% of its MACs"
    assert other.notes[4].startswith("that is 0.2% of the network's params")


def test_the_layers_of_a_line_count_together_and_are_told_once():
    text = (
        "cnncalc: 1\ninput: 3x30x30\nblocks:\n  b:\n    layers:\n    - {conv: 16, kernel: 5, padding: 2}\nlayers:\n"
        "- {conv: 16}\n- {use: b, repeat: 3}\n"
    )
    (one,) = once(findings("CNN301", text))
    assert (one.more, [call.line for call in one.calls]) == (2, [9])
    assert one.notes[4].startswith("the 3 layers of this line save ")


# ---- what is offered, tried


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("CNN301", "{conv: 32, kernel: 5, padding: 2, act: relu}"),
        ("CNN301", "{conv: 32, kernel: 7, padding: half, norm: batch_norm, act: relu, name: big}"),
        ("CNN301", "{conv: 32, kernel: 9}"),
        ("CNN301", "{conv: 32, kernel: 7, padding: [[4, 1], [0, 2]], bias: false}"),
        ("CNN301", "{conv: 16, kernel: 5, padding: same}"),
        ("CNN302", "{conv: 64, kernel: 3, padding: 1, act: relu}"),
        ("CNN302", "{conv: 64, kernel: 3, stride: 2, padding: 1, rounding: floor, norm: batch_norm}"),
        ("CNN302", "conv: 64\n  kernel: 5\n  padding: same"),
        ("CNN303", "{conv: 32, kernel: 3, padding: 1, act: relu}"),
        ("CNN303", "{conv: 32, kernel: 5, padding: half, expect: 32x16x16}"),
        ("CNN303", "{conv: 32, kernel: 4, padding: same}"),
    ],
)
def test_what_is_offered_gives_the_same_shape_and_field_for_what_it_says(code, line):
    text = net("64x16x16" if "64" in line else "16x16x16", line, "relu")
    (one,) = findings(code, text)
    ((suggestion,),) = one.helps
    before, after = read(text), read(applied(text, suggestion.edits))
    assert suggestion.edits
    assert not after.refusals
    assert not [*rule(code).findings(after, None)]
    ours, theirs = list(before.facts.values())[-1], list(after.facts.values())[-1]
    assert (ours.shape, ours.field) == (theirs.shape, theirs.field)
    assert suggestion.output == next(
        facts.shape for facts in before.facts.values() if facts.node.path == one.place.path
    )
    for name, note in (("params", one.notes[0]), ("macs", one.notes[1]), ("activations", one.notes[2])):
        now, then = (
            int(part.split()[-2].replace(",", "")) for part in note.split(" (")[0].replace(" then", " then").split(", ")
        )
        change = getattr(after.analysis.totals, name) - getattr(before.analysis.totals, name)
        assert change == then - now, name


def test_defaults_are_said_outright():
    text = net("64x30x30", "{conv: 64, act: relu}", head="defaults: {conv: {kernel: 3, padding: half}}\n")
    (one,) = findings("CNN302", text)
    ((suggestion,),) = one.helps
    after = read(applied(text, suggestion.edits))
    assert [facts.node.layer.kernel for facts in after.facts.values() if facts.node.op == "conv"][1:] == [1, 3, 1]


@pytest.mark.parametrize("code", CODES)
def test_a_line_that_others_count_on_is_not_edited(code):
    text = net("64x16x16", "{conv: 64, kernel: 5, padding: 2}", "{add: [prev, conv1]}")
    ((suggestion,),) = findings(code, text)[0].helps
    assert not suggestion.edits


@pytest.mark.parametrize("padding", [(0, 0), (1, 3), (5, 5), (12, 0)])
@pytest.mark.parametrize("kernel", [5, 7, 9, 11])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_stack_has_the_shape_and_field_of_one_layer(kernel, stride, padding):
    one = Conv(out_channels=4, kernel=kernel, stride=stride, padding=(padding, (1, 1)), rounding="floor")
    layers = stack(one, [padding, (1, 1)], 4)
    ours, theirs = bill([one], (4, 23, 31), []), bill(layers, (4, 23, 31), [])
    assert (ours.shape, ours.field) == (theirs.shape, theirs.field)
