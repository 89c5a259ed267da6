"""The warnings about what outputs see: CNN208 to CNN211, each against a count by hand."""

import random
from fractions import Fraction

import pytest

from cnncalc.checks import rule
from cnncalc.checks.deconv_checkerboard import shares
from cnncalc.checks.engine import once
from cnncalc.checks.gridding import rates
from cnncalc.checks.mending import applied
from cnncalc.checks.survey import survey
from cnncalc.checks.taps import Taps, stacks

CODES = ("CNN208", "CNN209", "CNN210", "CNN211")
HEAD = "cnncalc: 1\ninput: {}\nlayers:\n"


def read(text):
    return survey(text.encode(), "net.yaml")


def findings(code, text, threshold=None):
    return [*rule(code).findings(read(text), threshold or rule(code).threshold)]


def net(shape, *lines):
    return HEAD.format(shape) + "".join(f"- {line}\n" for line in lines)


def fires(code, shape, *lines):
    text = net(shape, *lines)
    assert not read(text).refusals
    return bool(findings(code, text))


def mended(code, text):
    """Apply each suggestion with edits; the finding must go and the stated output come."""
    for finding in findings(code, text):
        for line in finding.helps:
            for one in line:
                if one.edits:
                    after = read(applied(text, one.edits))
                    assert not after.refusals, applied(text, one.edits)
                    assert finding.place.path not in {f.place.path for f in rule(code).findings(after, None)}
                    if one.output is not None:
                        assert one.output in {facts.shape for facts in after.facts.values()}
                    yield one


@pytest.mark.parametrize("code", CODES)
def test_the_example_fires_its_rule_alone_and_the_rewrite_none(code):
    one = rule(code)
    assert [other for other in CODES if findings(other, one.example)] == [code]
    assert not any(findings(other, one.instead) for other in CODES)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_said_of_a_vector_or_of_what_hangs_on_a_guess(code):
    assert not findings(code, net("16", "{linear: 8}", "relu"))
    assert not findings(
        code, net("3x7x7", "{conv: 8, kernel: 3, stride: 3}", "{conv_transpose: 4, kernel: 3, stride: 2}")
    )


# ---- CNN208


def overlaps(kernel, stride, dilation, size=40):
    """Return how many inputs reach each output, by spreading every input, away from the edges."""
    reach = dilation * (kernel - 1) + 1
    counts = [0] * ((size - 1) * stride + reach)
    for i in range(size):
        for tap in range(kernel):
            counts[i * stride + tap * dilation] += 1
    return counts[reach + stride : -reach - stride]


@pytest.mark.parametrize("kernel", range(1, 8))
@pytest.mark.parametrize("stride", range(1, 6))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_overlap_is_that_of_spreading_each_input(kernel, stride, dilation):
    counts = overlaps(kernel, stride, dilation)
    told = shares(kernel, stride, dilation)
    cut = counts[: len(counts) // stride * stride]
    periods = len(cut) // stride
    assert {taps: outputs * periods for taps, outputs in told.items()} == {n: cut.count(n) for n in set(cut)}
    options = f"kernel: {kernel}, stride: {stride}, dilation: {dilation}"
    assert fires("CNN208", "2x40", f"{{conv_transpose: 2, {options}}}") == (len(set(counts)) > 1)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("kernel: 2, stride: 2", False),
        ("kernel: 3, stride: 1", False),
        ("kernel: 4, stride: 2, padding: 1", False),
        ("kernel: 3, stride: 2", True),
        ("kernel: 5, stride: 2, padding: 2, output_padding: 1", True),
        ("kernel: 4x3, stride: 2x1", False),
        ("kernel: 4x3, stride: 2", True),
        ("kernel: 2, stride: 2, dilation: 2", True),
    ],
)
def test_a_stride_that_divides_the_kernel_is_silent(options, told):
    assert fires("CNN208", "4x8x8", f"{{conv_transpose: 4, {options}}}") is told


def test_one_position_has_nothing_to_overlap():
    assert not fires("CNN208", "4x1x1", "{conv_transpose: 4, kernel: 3, stride: 2}")
    assert fires("CNN208", "4x2x2", "{conv_transpose: 4, kernel: 3, stride: 2}")


@pytest.mark.parametrize(
    "options",
    [
        "kernel: 3, stride: 2", "kernel: 3, stride: 2, padding: 1, output_padding: 1",
        "kernel: 5, stride: 3, padding: 1",
        "kernel: 5x4, stride: 2, padding: same", "kernel: 3, stride: 2, padding: [[0, 1], [0, 1]]",
        "kernel: 4, stride: 3, groups: 2",
    ],
)  # fmt: skip
def test_another_kernel_mends_the_checkerboard(options):
    assert list(mended("CNN208", net("4x8x8", f"{{conv_transpose: 4, {options}}}")))


def test_it_says_which_outputs_read_how_many():
    (one,) = findings("CNN208", net("4x8x8", "{conv_transpose: 4, kernel: 3, stride: 2, padding: 1}"))
    assert "read 4, 2 or 1 positions each" in one.message
    assert one.notes[0].endswith("outputs 1, 3, 5, ... read two inputs, outputs 0, 2, 4, ... one")


# ---- CNN209

SHORTCUT = "{{add: [[{{conv: 8, kernel: 3, stride: 2, padding: {padding}, rounding: floor}}], [{{{other}}}]]}}"


@pytest.mark.parametrize(
    ("padding", "other", "told"),
    [
        ("1", "conv: 8, stride: 2, rounding: floor", False),  # as in ResNet
        ("same", "conv: 8, stride: 2, rounding: floor", True),  # as in TensorFlow's: the odd cell is at the end
        ("[[1, 0], [1, 0]]", "conv: 8, stride: 2, rounding: floor", False),
        ("1", "conv: 8, kernel: 2, stride: 2", False),  # as in ResNet-D: a quarter of a step
        ("1", "conv: 8, kernel: 4, stride: 2, padding: 1", False),
        ("1", "conv: 8, kernel: 5, stride: 2, padding: 2, rounding: floor", False),
        ("1", "conv: 8, kernel: 5, stride: 2, padding: [[1, 2], [1, 2]], rounding: floor", True),
    ],
)
def test_a_strided_branch_and_its_shortcut(padding, other, told):
    assert fires("CNN209", "8x32x32", SHORTCUT.format(padding=padding, other=other)) is told


def test_the_shift_is_told_in_pixels_and_in_steps():
    text = net(
        "8x32x32",
        "{conv: 8, kernel: 3, stride: 2, padding: same}",
        SHORTCUT.format(padding="same", other="conv: 8, stride: 2, rounding: floor"),
    )
    (one,) = findings("CNN209", text)
    assert "centred 2 pixels before conv2 along height and width" in one.message
    assert "that is 1/2 of a step of 4 pixels" in one.notes
    assert [label.text for label in one.others] == ["centred on 1", "centred on 3"]


def test_the_threshold_is_in_steps():
    text = net(
        "8x32x32",
        SHORTCUT.format(padding="1", other="conv: 8, kernel: 4, stride: 2, padding: [[1, 2], [1, 2]], rounding: floor"),
    )
    assert not findings("CNN209", text)
    assert not findings("CNN209", text, Fraction(26, 100))
    assert findings("CNN209", text, Fraction(1, 4))


def test_padding_moved_to_the_other_side_aligns_the_branches():
    text = net("8x32x32", SHORTCUT.format(padding="same", other="conv: 8, stride: 2, rounding: floor"))
    (one,) = mended("CNN209", text)
    assert one.output == (8, 16, 16)


def test_causal_branches_end_together():
    causal = "{{add: [[{{conv: 8, kernel: {}, padding: {}}}], [{{conv: 8, kernel: {}, padding: {}}}], []]}}"
    assert not fires("CNN209", "8x64", causal.format(2, "causal", 9, "causal"))
    assert not fires("CNN209", "8x64", "{conv: 8, kernel: 5}", causal.format(2, "causal", 9, "causal"))
    assert not fires("CNN209", "8x32x32", causal.format(3, "[[2, 0], [1, 1]]", 5, "[[4, 0], [2, 2]]"))
    assert fires("CNN209", "8x32x32", causal.format(3, "[[0, 2], [1, 1]]", 5, "[[2, 2], [2, 2]]"))


def test_other_steps_drift_apart():
    text = net(
        "8x32x32",
        "{concat: [[{conv: 8, kernel: 3, stride: 2, padding: 1, rounding: floor}], [{conv: 8}]], align: crop}",
    )
    (one,) = findings("CNN209", text)
    assert "conv2 steps 1 pixel an output along height and width, conv1 2" in one.message


def test_steps_do_not_matter_where_there_is_one_output():
    branches = "{{concat: [[{{conv: 8, kernel: {0}, stride: 2}}], [{{conv: 8, kernel: {0}}}]]}}"
    assert not fires("CNN209", "8x9x9", branches.format(9))
    assert fires("CNN209", "8x9x9", "{concat: [[{conv: 8, kernel: 3, stride: 2}], [{conv: 8, kernel: 6}]]}")


def test_align_crop_shifts_as_the_join_does():
    assert not fires("CNN209", "8x32x32", "{concat: [[{conv: 8, kernel: 5}], [{conv: 8}]], align: crop}")
    assert fires(
        "CNN209", "8x32x32", "{concat: [[{conv: 8, kernel: 4, padding: [[0, 0], [0, 0]]}], [{conv: 8}]], align: crop}"
    )


def test_gates_decoders_and_other_images_are_not_compared():
    gate = "{multiply: [[], [global_avg_pool, {conv: 8}]]}"
    assert not fires("CNN209", "8x32x32", "{conv: 8, kernel: 3, stride: 2, padding: same}", gate)
    decoder = "{add: [[], [{max_pool: 2}, {upsample: 2}]]}"
    assert not fires("CNN209", "8x32x32", decoder)
    two = "cnncalc: 1\ninputs: {a: 8x32, b: 8x30}\nlayers:\n- {conv: 8, kernel: 3, from: a}\n- {add: [prev, b]}\n"
    assert not findings("CNN209", two)
    assert findings("CNN209", two.replace("8x30", "8x32").replace("3, from", "3, padding: [[2, 0]], from")) == []
    assert findings("CNN209", two.replace("8x30", "8x32").replace("3, from", "3, padding: [[0, 2]], from"))


# ---- CNN210


def composed(layers):
    """Return the positions that output 0 reads through (kernel, dilation, before) layers, tap by tap."""
    read_ = {0}
    for kernel, dilation, before in reversed(layers):
        read_ = {at - before + tap * dilation for at in read_ for tap in range(kernel)}
    return read_


@pytest.mark.parametrize("seed", range(60))
def test_taps_are_those_of_a_set_of_sums(seed):
    dice = random.Random(seed)
    layers = [(dice.randint(1, 4), dice.randint(1, 6), dice.randint(0, 3)) for _ in range(dice.randint(1, 5))]
    taps = Taps()
    for layer in layers:
        taps = taps.then(*layer)
    expected = composed(layers)
    assert (taps.first, taps.width, taps.read) == (min(expected), max(expected) - min(expected) + 1, len(expected))
    assert (taps.marks is None) == (taps.read == taps.width)


@pytest.mark.parametrize("seed", range(40))
def test_a_union_of_taps_is_that_of_the_sets(seed):
    dice = random.Random(seed)
    both = [[(dice.randint(1, 4), dice.randint(1, 6), dice.randint(0, 9)) for _ in range(2)] for _ in range(2)]
    one, two = (Taps().then(*layers[0]).then(*layers[1]) for layers in both)
    union, expected = one.union(two), composed(both[0]) | composed(both[1])
    assert (union.first, union.width, union.read) == (min(expected), max(expected) - min(expected) + 1, len(expected))


@pytest.mark.parametrize(
    ("dilations", "kernel", "told"),
    [
        ([2, 2, 2], 3, True), ([1, 2, 5], 3, False), ([1, 2, 2, 2], 3, False), ([2, 2, 2, 1], 3, False),
        ([2, 3], 3, True), ([2], 3, False), ([4, 2, 1], 3, False), ([2, 4, 8], 3, True), ([3, 3], 4, True),
        ([1, 2, 4, 8, 16, 32], 2, False), ([1, 1, 2, 4, 8, 16, 1], 3, False), ([2, 2], 1, False),
    ],
)  # fmt: skip
def test_a_stack_with_holes_is_told_once_at_its_end(dilations, kernel, told):
    lines = [f"{{conv: 4, kernel: {kernel}, dilation: {d}, padding: half, act: relu}}" for d in dilations]
    found = findings("CNN210", net("4x200", *lines))
    assert [one.place.path for one in found] == ([f"conv{len(dilations)}"] if told else [])


def test_two_two_two_span_13_and_read_7():
    (one,) = findings("CNN210", rule("CNN210").example)
    assert one.message == "three convolutions with dilations 2, 2, 2 span 13 positions and read 7 of them"
    assert "position by position, # is read: #.#.#.#.#.#.#" in one.notes


def test_kernels_that_are_not_shared_leave_the_same_holes():
    dilated = "{locally_connected: 4, kernel: 3, dilation: 2, padding: half, repeat: 3}"
    (one,) = findings("CNN210", net("4x64", dilated))
    assert one.message == "three convolutions with dilations 2, 2, 2 span 13 positions and read 7 of them"


def test_kernels_that_are_not_shared_bring_more_than_a_view():
    seen = "{conv: 8, kernel: 3, padding: 1, repeat: 6}"
    assert findings("CNN211", net("4x10x10", seen, "{conv: 8, kernel: 3}"))
    (one,) = findings("CNN211", net("4x10x10", seen, "{locally_connected: 8, kernel: 3}"))
    assert one.place.path == "conv1.5"


def test_other_dilations_fill_the_holes_at_the_same_size():
    (one,) = mended("CNN210", rule("CNN210").example)
    assert (one.text, one.output) == (
        "dilations 1, 2 and 3 in their place span 13 positions and read all of them",
        (8, 64, 64),
    )


@pytest.mark.parametrize("layers", range(2, 6))
@pytest.mark.parametrize("total", range(5, 60, 7))
def test_the_offered_dilations_leave_no_hole(layers, total):
    read_ = composed([(3, rate, 0) for rate in rates(3, total, layers)])
    assert len(read_) == max(read_) + 1


def test_what_follows_may_fill_the_holes():
    dilated = "{conv: 4, kernel: 3, dilation: 2, padding: 2, repeat: 3}"
    assert fires("CNN210", "4x64x64", dilated)
    assert fires("CNN210", "4x64x64", dilated, "{max_pool: 1, stride: 2, rounding: floor}")
    assert not fires("CNN210", "4x64x64", dilated, "{conv: 4, kernel: 3, padding: 1}")
    assert not fires("CNN210", "4x64x64", dilated, "{conv: 4, kernel: 3, stride: 2, padding: 1, rounding: floor}")
    assert not fires("CNN210", "4x64x64", dilated, "{max_pool: 2}")


def test_a_stride_begins_another_stack():
    dilated = "{conv: 4, kernel: 3, dilation: 2, padding: 2, repeat: 2}"
    strided = "{conv: 4, kernel: 3, stride: 2, padding: 1, rounding: floor}"
    assert fires("CNN210", "4x64x64", strided, dilated)
    assert not fires("CNN210", "4x64x64", "{conv: 4, kernel: 3, padding: 1}", dilated)


def test_a_shortcut_fills_only_what_it_reads():
    block = "{add: [[{conv: 4, kernel: 3, dilation: 2, padding: 2, act: relu}], []], repeat: 3}"
    (one,) = findings("CNN210", net("4x64x64", block))
    assert "dilations 2, 2, 2 span 13 positions and read 7" in one.message
    dense = "{add: [[{conv: 4, kernel: 3, dilation: 2, padding: 2}], [{conv: 4, kernel: 3, padding: 1}]], repeat: 3}"
    assert not fires("CNN210", "4x64x64", dense)


def test_axes_are_told_apart():
    (one,) = findings("CNN210", net("4x64x64", "{conv: 4, kernel: 3, dilation: 1x2, padding: half, repeat: 3}"))
    assert one.notes[0].startswith("along width")


def test_a_stack_in_a_block_is_told_at_its_line_with_the_way_there():
    text = (
        "cnncalc: 1\ninput: 4x64x64\nblocks:\n  b:\n    layers:\n    - {conv: 4, kernel: 3, dilation: 2, padding: 2}\n"
        "layers:\n- {use: b, repeat: 3}\n"
    )
    (one,) = once(findings("CNN210", text))
    assert ([call.line for call in one.calls], one.place.path) == ([8], "b.2.conv1")


def test_taps_too_many_to_follow_are_let_go():
    assert Taps().then(3, 10**6, 0) is None
    assert stacks(
        read(net("4x64", "{conv: 4, kernel: 1, dilation: 9}", "{conv: 4, kernel: 3, dilation: 2, padding: 2}"))
    )


# ---- CNN211


def test_the_input_must_see_all_of_the_image():
    lines = ("{conv: 8, kernel: 3, padding: 1, repeat: 8}", "{conv: 8, kernel: 3, padding: 1, name: last}")
    assert not fires("CNN211", "3x18x18", *lines)
    (one,) = findings("CNN211", net("3x17x17", *lines))
    assert one.place.path == "last"
    assert not fires("CNN211", "3x17x18", *lines)


def test_a_pointwise_layer_is_no_waste():
    assert not fires("CNN211", "3x9x9", "{conv: 8, kernel: 3, padding: 1, repeat: 4}", "{conv: 8}")
    assert fires("CNN211", "3x9x9", "{conv: 8, kernel: 3, padding: 1, repeat: 4}", "{conv: 8, kernel: 1x3}")


def test_they_are_told_once_with_their_number_and_cost():
    text = net(
        "3x9x9",
        "{conv: 8, kernel: 3, padding: 1, repeat: 4}",
        "{conv: 8, kernel: 3, padding: 1, repeat: 2, name: more}",
    )
    (one,) = findings("CNN211", text)
    assert one.place.path == "more.0"
    params, macs = 2 * (9 * 8 * 8 + 8), 2 * 9 * 8 * 8 * 81
    assert one.notes[0].startswith(f"two such convolutions, this the first, have {params:,} params (")
    assert f" and {macs:,} MACs (" in one.notes[0]


def test_a_shortcut_keeps_a_smaller_field_alive():
    convs = "{conv: 8, kernel: 3, padding: 1, repeat: 2}"
    assert fires("CNN211", "8x9x9", *[convs] * 6)
    assert not fires("CNN211", "8x9x9", *[f"{{add: [[{convs}], []]}}"] * 6)


def test_a_gate_is_no_path():
    gate = "{multiply: [[], [global_avg_pool, {conv: 8}, sigmoid]]}"
    assert not fires("CNN211", "8x16x16", "{conv: 8, kernel: 3, padding: 1}", gate, "{conv: 8, kernel: 3, padding: 1}")
    deep = "{conv: 8, kernel: 3, padding: 1, repeat: 8}"
    assert fires("CNN211", "8x16x16", deep, gate, "{conv: 8, kernel: 3, padding: 1}")


def test_decoders_are_not_judged():
    lines = ("{conv: 8, kernel: 3, padding: 1, repeat: 4}", "{max_pool: 2}", "{upsample: 2}", "{conv: 8, kernel: 3}")
    assert not fires("CNN211", "3x12x12", *lines)
    assert not fires("CNN211", "3x8x8", "{linear: 64}", "{reshape: 4x4x4}", "{conv: 8, kernel: 3}")


def test_an_image_of_one_pixel_is_not_told_of_its_first_layer():
    assert not fires("CNN211", "3x1x1", "{conv: 8, kernel: 3, padding: 1}")
    assert fires("CNN211", "3x1x1", "{conv: 8, kernel: 3, padding: 1, repeat: 2}")


def test_a_hundredth_of_the_network_is_not_told():
    cheap = ("{conv: 8, kernel: 3, padding: 1, repeat: 5}", "{depthwise: 3, padding: 1}")
    assert fires("CNN211", "3x10x10", *cheap)
    assert not fires("CNN211", "3x10x10", *cheap, "{conv: 5000}")


def test_made_pointwise_it_is_told_no_more():
    (one,) = mended("CNN211", rule("CNN211").example)
    assert one.output == (16, 10, 10)
