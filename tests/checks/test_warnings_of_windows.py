"""The warnings about what windows read: CNN201, CNN202, CNN203 and CNN207, each against a count by hand."""

import random
from fractions import Fraction
from itertools import chain, product

import pytest

from cnncalc.checks import rule
from cnncalc.checks.base import Severity
from cnncalc.checks.engine import once
from cnncalc.checks.mending import applied
from cnncalc.checks.survey import survey

WINDOWS = ("CNN201", "CNN202", "CNN203", "CNN207")
HEAD = "cnncalc: 1\ninput: {}\nlayers:\n"


def read(text):
    return survey(text.encode(), "net.yaml")


def findings(code, text, threshold=None):
    return [*rule(code).findings(read(text), threshold or rule(code).threshold)]


def layer(shape, options):
    return HEAD.format(shape) + f"- {{{options}}}\n"


def codes(text):
    return [finding.code for code in WINDOWS for finding in findings(code, text)]


def spec(sizes, kernel, stride, padding, dilation, rounding="floor"):
    """Return the spec of one convolution, an option a number or a list with one for each axis."""
    options = f"kernel: {kernel}, stride: {stride}, padding: {padding}, dilation: {dilation}, rounding: {rounding}"
    return layer(f"2x{'x'.join(map(str, sizes))}", f"conv: 2, {options}")


def marked(size, kernel, stride, before, after, dilation):
    """Return what each window reads along one axis under floor: a list of positions, those in the padding too."""
    windows = []
    start = -before
    while start + dilation * (kernel - 1) < size + after:
        windows.append([start + tap * dilation for tap in range(kernel)])
        start += stride
    return windows


def random_axes(seed, padded=False):
    """Return the settings of one to three axes on which a window fits."""
    rng = random.Random(seed)
    axes = []
    while len(axes) < 1 + seed % 3:
        kernel, dilation, stride = rng.randint(1, 5), rng.randint(1, 3), rng.randint(1, 4)
        size, padding = rng.randint(1, 14), rng.randint(0, 6 if padded else 3)
        if marked(size, kernel, stride, padding, padding, dilation):
            axes.append((size, kernel, stride, padding, dilation))
    return axes


def text_of(axes):
    size, kernel, stride, padding, dilation = (list(values) for values in zip(*axes, strict=True))
    return spec(size, kernel, stride, padding, dilation)


def inside(axis):
    size, kernel, stride, padding, dilation = axis
    windows = marked(size, kernel, stride, padding, padding, dilation)
    return {position for window in windows for position in window if 0 <= position < size}


@pytest.mark.parametrize("code", WINDOWS)
def test_the_example_fires_the_rule_alone_and_the_rewrite_none(code):
    assert codes(rule(code).example) == [code]
    assert codes(rule(code).instead) == []


# ---- CNN201


def test_rows_that_rounding_drops_are_found_by_marking_what_each_window_reads():
    fired = 0
    for seed in range(500):
        axes = random_axes(seed)
        tails = []
        for size, kernel, stride, padding, dilation in axes:
            windows = marked(size, kernel, stride, padding, padding, dilation)
            last = windows[-1][-1]
            wide = max(0, stride - dilation * (kernel - 1) - 1)
            tails.append((max(0, size - 1 - last - wide), wide))
        expected = any(tail for tail, _ in tails) and not any(tail and wide for tail, wide in tails)
        found = findings("CNN201", text_of(axes))
        assert bool(found) == expected, axes
        if found:
            fired += 1
            positions = product(*(range(size) for size, *_ in axes))
            unread = sum(any(p >= a[0] - t for p, a, (t, _) in zip(at, axes, tails, strict=True)) for at in positions)
            assert f" leaves {unread:,} of " in found[0].message
    assert fired > 50


def test_the_stem_of_resnet_fires_nothing_for_only_padding_is_left_over():
    assert codes(layer("3x224x224", "conv: 64, kernel: 7, stride: 2, padding: 3, rounding: floor")) == []


@pytest.mark.parametrize(("size", "fires"), [(7, False), (8, True), (9, False), (10, True)])
def test_the_last_row_is_unread_at_every_second_size(size, fires):
    text = layer(f"1x{size}x{size}", "max_pool: 3, stride: 2, rounding: floor")
    assert codes(text) == ["CNN201"] * fires


@pytest.mark.parametrize(("padding", "fires"), [(0, True), (1, False)])
def test_left_over_padding_is_no_loss(padding, fires):
    assert (
        codes(layer("1x8", f"conv: 1, kernel: 3, stride: 2, padding: {padding}, rounding: floor")) == ["CNN201"] * fires
    )


def test_ceil_reads_what_floor_drops():
    assert codes(layer("1x8x8", "max_pool: 3, stride: 2, rounding: ceil")) == []


def test_the_share_is_in_the_notes():
    (found,) = findings("CNN201", layer("1x7x7", "conv: 8, kernel: 3, stride: 3, rounding: floor"))
    assert found.notes == (
        "(W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33, rounded down to 2",
        "two windows cover rows and columns 1 to 6; the last row and column are never read (13 of 49 positions, 27%)",
    )
    assert found.label == "after two windows 1 position is left over"


def test_in_three_dimensions_the_axis_is_named():
    (found,) = findings("CNN201", layer("1x9x8x9", "conv: 2, kernel: 3, stride: 2, rounding: floor"))
    assert found.notes[0].startswith("height: ")
    assert found.message == "3x3x3 filter with stride 2 leaves 81 of 648 positions of a 9x8x9 input unread"


def test_a_size_that_does_not_fit_is_another_rules_to_tell():
    assert codes(layer("1x8x8", "conv: 8, kernel: 3, stride: 2")) == []


def test_the_line_of_a_repeat_is_told_once_for_its_several_instances():
    text = HEAD.format("2x30x30") + "- {conv: 2, kernel: 3, stride: 2, rounding: floor, repeat: 2}\n"
    (found,) = once(findings("CNN201", text.replace("30x30", "18x18")))
    assert found.more == 1
    assert [edits for line in found.helps for _, edits, _ in line if edits and edits[0].span.line == 4] == []


def test_in_a_block_the_calls_lead_to_the_line_and_nothing_is_edited():
    text = (
        "cnncalc: 1\ninput: 2x18x18\nblocks:\n  down:\n    layers:\n    - {max_pool: 3, stride: 2, rounding: floor}\n"
        "layers:\n- {use: down}\n- {use: down}\n"
    )
    found = findings("CNN201", text)
    assert [(one.place.span.line, one.place.path, one.calls[0].line) for one in found] == [
        (6, "down1.max_pool1", 8),
        (6, "down2.max_pool1", 9),
    ]
    (one,) = once(found)
    assert one.more == 1
    assert not any(edit.span.line == 6 for line in one.helps for suggestion in line for edit in suggestion.edits)


# ---- CNN202


def test_what_a_stride_skips_is_found_by_marking_what_each_window_reads():
    fired = 0
    for seed in range(500):
        axes = random_axes(seed)
        wide = [stride > dilation * (kernel - 1) + 1 for _, kernel, stride, _, dilation in axes]
        expected = [
            len(inside(axis)) for axis, one in zip(axes, wide, strict=True) if one and len(inside(axis)) < axis[0]
        ]
        found = findings("CNN202", text_of(axes))
        assert bool(found) == bool(expected), axes
        if found:
            fired += 1
            assert all(f"{count} of " in found[0].notes[0] for count in expected)
    assert fired > 50


@pytest.mark.parametrize(("stride", "fires"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_stride_up_to_the_reach_skips_nothing(stride, fires):
    text = layer("1x26", f"max_pool: 2, stride: {stride}")
    assert codes(text) == ["CNN202"] * fires


def test_a_dilated_window_reaches_further():
    assert codes(layer("1x11", "conv: 1, kernel: 2, dilation: 3, stride: 4, rounding: floor")) == ["CNN201"]
    assert codes(layer("1x14", "conv: 1, kernel: 2, dilation: 3, stride: 5")) == ["CNN202"]


@pytest.mark.parametrize("options", ["conv: 8, stride: 2, padding: half", "depthwise: 1, stride: 2"])
def test_a_window_of_1_is_advice(options):
    (found,) = findings("CNN202", layer("4x9x9", options))
    assert found.severity is Severity.ADVICE


def test_a_window_of_1_along_one_axis_only_is_a_warning():
    (found,) = findings("CNN202", layer("4x9x9", "conv: 8, kernel: 3x1, stride: 2"))
    assert found.severity is Severity.WARNING
    assert found.notes == ("the windows read 5 of 9 along the width; the rest is never read",)


def test_an_axis_of_length_1_has_nothing_to_skip():
    assert codes(layer("4x1x9", "conv: 8, kernel: 1x3, stride: 2")) == []


def test_a_shortcut_may_have_a_pool_in_front():
    (found,) = findings("CNN202", layer("64x56x56", "conv: 128, stride: 2, rounding: floor"))
    assert [one.text for line in found.helps for one in line] == [
        "`avg_pool: 2` in front and `stride: 1` here read everything and give the same 28x28",
        "`kernel: 2` gives 28x28",
    ]


def test_an_odd_map_needs_the_pool_to_round_up():
    (found,) = findings("CNN202", layer("64x57x57", "conv: 128, stride: 2"))
    assert found.helps[0][0].text.startswith("`avg_pool: 2, rounding: ceil` in front")


# ---- CNN203


@pytest.mark.parametrize("word", ["same", "same_lower", "half"])
@pytest.mark.parametrize(("kernel", "fires"), [(1, False), (2, True), (3, False), (4, True), (5, False)])
def test_only_even_kernels_have_no_middle(word, kernel, fires):
    assert codes(layer("1x16x16", f"conv: 1, kernel: {kernel}, padding: {word}")) == ["CNN203"] * fires


@pytest.mark.parametrize("padding", ["0", "1", "[[1, 2], [1, 2]]", "valid"])
def test_an_even_kernel_with_padding_in_numbers_is_meant_so(padding):
    assert codes(layer("1x8x8", f"conv: 1, kernel: 4, padding: {padding}")) == []


def test_an_even_kernel_with_an_even_dilation_reaches_an_odd_way():
    assert codes(layer("1x16", "conv: 1, kernel: 2, dilation: 2, padding: half")) == []
    assert codes(layer("1x16", "conv: 1, kernel: 2, dilation: 3, padding: half")) == ["CNN203"]


@pytest.mark.parametrize(("size", "fires"), [(8, False), (9, True)])
def test_same_with_a_stride_is_even_where_its_padding_is(size, fires):
    assert codes(layer(f"1x{size}", "max_pool: 2, padding: same")) == ["CNN203"] * fires


@pytest.mark.parametrize(("word", "centre", "side"), [("same", "0.5", "end"), ("same_lower", "-0.5", "start")])
def test_the_side_of_the_odd_cell_is_said(word, centre, side):
    (found,) = findings("CNN203", layer("1x8", f"conv: 1, kernel: 2, padding: {word}"))
    assert f"the odd cell at the {side}: output 0 is centred on position {centre}" in found.notes[0]


def test_half_makes_the_output_one_larger():
    (found,) = findings("CNN203", layer("1x8x8x8", "conv: 1, kernel: 2, padding: half"))
    assert found.message == "2x2x2 filter under `padding: half` makes the output one larger"
    assert "9 outputs, and 8 with an odd kernel" in found.notes[0]


def test_half_with_a_stride_that_does_not_divide_the_size_is_off_by_half_a_pixel_only():
    (found,) = findings("CNN203", layer("1x9", "conv: 1, kernel: 4, stride: 2, padding: half, rounding: floor"))
    assert found.message == "filter of 4 under `padding: half` moves the map by half a pixel"


def test_the_centre_of_the_first_output_is_the_mean_of_what_it_reads():
    for size, kernel, stride, word in product((8, 9, 13), (2, 4, 6), (1, 2, 3), ("same", "same_lower", "half")):
        text = layer(f"1x{size}", f"conv: 1, kernel: {kernel}, stride: {stride}, padding: {word}, rounding: floor")
        for found in findings("CNN203", text):
            (one,) = read(text).facts.values()
            start = one.node.layer.slides((size,))[0].field.start
            centre = Fraction(sum(range(start, start + kernel)), kernel)
            assert f"centred on position {float(centre):g}" in found.notes[0]


# ---- CNN207


def test_taps_on_padding_are_counted_by_a_loop():
    fired = 0
    for seed in range(500):
        axes = random_axes(seed, padded=True)
        windows = [marked(s, k, st, p, p, d) for s, k, st, p, d in axes]
        total = real = 0
        for taps in product(*([*chain(*one)] for one in windows)):
            total += 1
            real += all(0 <= position < axis[0] for position, axis in zip(taps, axes, strict=True))
        found = findings("CNN207", text_of(axes))
        assert bool(found) == (2 * (total - real) > total), axes
        if found:
            fired += 1
            assert found[0].notes[-1] == f"{real:,} of {total:,} taps read the input, {total - real:,} read padding"
    assert fired > 50


@pytest.mark.parametrize(("size", "fires"), [(1, True), (2, True), (3, False)])
def test_a_3x3_filter_reads_padding_mostly_on_a_2x2_map_but_not_on_3x3(size, fires):
    assert codes(layer(f"1x{size}x{size}", "conv: 1, kernel: 3, padding: 1")) == ["CNN207"] * fires


def test_half_of_the_taps_is_not_more_than_half():
    text = layer("1x1", "conv: 1, kernel: 2, padding: 1")  # one tap of two in each of two windows
    assert findings("CNN207", text) == []
    assert len(findings("CNN207", text, Fraction(49, 100))) == 1


def test_a_transposed_convolution_pads_nothing():
    assert codes(layer("1x1x1", "conv_transpose: 1, kernel: 3, padding: 1")) == []


# ---- every suggestion


FIRING = [
    *(layer(f"2x{size}x{size}", f"{op}, stride: {stride}, padding: {padding}, rounding: floor")
      for size in (5, 8, 11) for op in ("conv: 4, kernel: 3", "max_pool: 3", "depthwise: 2") for stride in (2, 3, 4)
      for padding in (0, 1)),
    *(layer(shape, f"{op}, padding: {word}, stride: {stride}")
      for shape in ("2x8", "2x9x9", "2x4x5x6") for op in ("conv: 4, kernel: 2", "max_pool: 2", "conv: 1, kernel: 4")
      for word in ("same", "same_lower", "half") for stride in (1, 2)),
    *(layer(shape, f"conv: 4, kernel: {kernel}, padding: {padding}")
      for shape in ("2x1x1", "2x2x2", "2x1x3", "2x2") for kernel in (3, 5) for padding in ("half", "same", "2", "1")),
    layer("2x9x9", "conv: 8, stride: 2"), layer("2x8x8", "conv: 8, stride: 2, padding: half, rounding: floor"),
    HEAD.format("2x9x9") + "- max_pool: 2\n  stride: 1\n  padding: half  # a comment\n",
    HEAD.format("2x8x8") + "- conv: 8\n  stride: 2\n  rounding: floor\n- relu\n",
]  # fmt: skip


def test_every_suggestion_mends_its_finding_and_gives_the_shape_it_states():
    tried = 0
    for text in FIRING:
        for code in WINDOWS:
            for found in findings(code, text):
                assert len(found.helps) <= 5
                for suggestion in (one for line in found.helps for one in line):
                    assert suggestion.edits, suggestion
                    after = read(applied(text, suggestion.edits))
                    assert not after.refusals, (text, suggestion)
                    assert after.facts[found.place.path].shape == suggestion.output
                    left = list(rule(code).findings(after, rule(code).threshold))
                    assert found.place.path not in {one.place.path for one in left}, (text, suggestion)
                    tried += 1
    assert tried > 100


def test_another_kernel_is_told_without_edits_where_tensors_are_shared():
    text = HEAD.format("2x8x8") + (
        "- {conv: 2, kernel: 4, padding: same, name: a}\n- {conv: 2, kernel: 4, padding: same, weights: a}\n"
    )
    found = findings("CNN203", text)
    assert [bool(one.edits) for line in found[0].helps for one in line] == [False, False, True]


def test_a_flat_vector_a_broken_file_and_an_empty_one_are_quiet():
    for text in ("", "{", "cnncalc: 1\ninput: 10\nlayers: [{linear: 3}, relu]\n", layer("3", "conv: 1, kernel: 3")):
        assert codes(text) == []


def test_a_node_that_hangs_on_a_guess_is_left_alone():
    text = HEAD.format("1x7x7") + "- {conv: 1, kernel: 3, stride: 3}\n- {conv: 1, kernel: 5, padding: 2}\n"
    assert codes(text) == []


@pytest.mark.parametrize(("size", "kernel", "padding", "best"), [(6, 31, 15, 11), (1, 9, 4, 1), (20, 99, 49, 39)])
def test_the_smaller_kernel_is_the_largest_that_is_not_dominated(size, kernel, padding, best):
    (found,) = findings("CNN207", layer(f"1x{size}", f"conv: 1, kernel: {kernel}, padding: {padding}"))
    assert found.helps[-1][0].text == f"`kernel: {best}, padding: {best // 2}` gives {size}"
    larger = layer(f"1x{size}", f"conv: 1, kernel: {best + 2}, padding: {best // 2 + 1}")
    assert codes(larger) == ["CNN207"]
