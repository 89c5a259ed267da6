"""L10 to L15 at the command line: ``cnncalc conv`` says what the lecture says, with its numbers."""

from functools import cache

import pytest

from tests.cli.test_shapes_command import cnncalc


@cache
def printed(*arguments, check=0):
    """Return the lines that ``cnncalc conv`` prints."""
    out, err = cnncalc("conv", *arguments, check=check)
    return [line.strip().rsplit("  #", 1)[0].rstrip() for line in (out + err).splitlines()]


def answers(*arguments, check=0):
    """Return the rows of the table of answers: the padding, the output, and what is special."""
    lines = printed(*arguments, check=check)
    start = next(at for at, line in enumerate(lines) if line.startswith("──"))
    rows = lines[start + 1 :]
    rows = rows[: next((at for at, line in enumerate(rows) if not line or line.startswith("and ")), len(rows))]
    return [(*row.split(maxsplit=2), "")[:3] for row in rows]


# ---- L10

SIX = ("32x32x3", "--filters", "6", "--kernel", "5")


def test_L10_six_5x5x3_filters_on_32x32x3_give_28x28x6():
    assert "output 28x28x6 (W x H x D) is 6x28x28 (C x H x W)" in printed(*SIX)


def test_L10_the_lectures_order_is_recognized():
    assert "read in the lecture's order: two equal sizes come first" in printed(*SIX)


def test_L10_a_filter_has_the_depth_of_its_input():
    assert "weights a filter = F*F*D1 = 5*5*3 = 75" in printed(*SIX)


# ---- L11


def test_L11_a_280_by_320_image_without_a_depth_is_an_image_and_its_edges_are_319_wide():
    assert "output 319x280x1 (W x H x D) is 1x280x319 (C x H x W)" in printed("320x280", "--kernel", "1x2")


def test_L11_the_edges_take_178640_operations():
    lines = printed("320x280", "--kernel", "1x2", "--no-bias")
    assert "MACs = weights * output positions = 2*280*319 = 178,640" in lines


# ---- L12


@pytest.mark.parametrize("depth", ["", "x1"])
@pytest.mark.parametrize("size", [1, 2])
def test_L12_a_tiny_input_keeps_its_size_under_5x5_with_padding_2(size, depth):
    lines = printed(f"{size}x{size}{depth}", "--kernel", "5", "--stride", "1", "--padding", "2")
    assert f"output {size}x{size}x1 (W x H x D) is 1x{size}x{size} (C x H x W)" in lines
    assert f"W2 = (W1 - F + 2P)/S + 1 = ({size} - 5 + 2*2)/1 + 1 = {size}" in lines


def test_L12_without_padding_the_window_exceeds_the_input():
    (error, *_) = printed("2x2x1", "--kernel", "5", check=1)
    assert error == "--kernel 5: height: the window must not exceed the padded input (a kernel of 5 over 2)"


# ---- L13

TEN = ("32x32x3", "--filters", "10", "--kernel", "5", "--stride", "1", "--padding", "2")


def test_L13_ten_5x5_filters_with_padding_2_on_32x32x3_give_32x32x10():
    assert "output 32x32x10 (W x H x D) is 10x32x32 (C x H x W)" in printed(*TEN)


def test_L13_the_worked_line_is_the_lectures():
    assert "W2 = (W1 - F + 2P)/S + 1 = (32 - 5 + 2*2)/1 + 1 = 32" in printed(*TEN)


def test_L13_each_filter_has_76_parameters():
    assert "with its bias = 75 + 1 = 76" in printed(*TEN)


def test_L13_the_ten_have_760():
    assert "10 filters = 10*76 = 760 parameters" in printed(*TEN)


def test_L13_the_order_of_a_spec_says_the_same():
    assert printed("3x32x32", *TEN[1:])[4:] == printed(*TEN)[4:]


# ---- L14: the formulas, on a layer in which no two numbers agree

GENERAL = ("23x17x4", "--filters", "7", "--kernel", "3", "--stride", "2", "--padding", "1")


def test_L14_W2_is_W1_less_F_plus_2P_over_S_plus_1():
    assert "W2 = (W1 - F + 2P)/S + 1 = (23 - 3 + 2*1)/2 + 1 = 12" in printed(*GENERAL)


def test_L14_H2_likewise():
    assert "H2 = (H1 - F + 2P)/S + 1 = (17 - 3 + 2*1)/2 + 1 = 9" in printed(*GENERAL)


def test_L14_D2_is_K():
    assert "D2 = K = 7" in printed(*GENERAL)


def test_L14_the_width_comes_first_as_in_the_lecture():
    assert "output 12x9x7 (W x H x D) is 7x9x12 (C x H x W)" in printed(*GENERAL)


def test_L14_a_filter_has_F_F_D1_weights():
    assert "weights a filter = F*F*D1 = 3*3*4 = 36" in printed(*GENERAL)


def test_L14_there_are_K_biases():
    assert "bias = 7" in printed(*GENERAL)


# ---- L15: common settings, and P = ?


@pytest.mark.parametrize(("kernel", "padding"), [(3, 1), (5, 2), (1, 0)])
def test_L15_at_stride_1_the_common_padding_keeps_the_size_and_comes_first(kernel, padding):
    first = answers("32x32x3", "--kernel", str(kernel), "--stride", "1", "--padding", "?")[0]
    assert first[:2] == (str(padding), "32x32")
    assert first[2].startswith("keeps the size, a common setting")


def test_L15_for_F_5_and_S_2_whatever_fits_33x33_is_listed():
    found = answers("33x33x3", "--kernel", "5", "--stride", "2", "--padding", "?")
    assert [(padding, output) for padding, output, _ in found] == [
        ("2", "17x17"),
        ("0", "15x15"),
        ("1", "16x16"),
        ("3", "18x18"),
        ("4", "19x19"),
    ]


ODD = ("32x32x3", "--kernel", "5", "--stride", "2", "--padding", "?")


def test_L15_where_no_symmetric_padding_fits_the_numbers_say_why():
    why = "no symmetric padding fits: 32 - 5 + 2P = 27 + 2P is odd whatever P is, and S = 2 is even"
    assert why in printed(*ODD)


def test_L15_the_asymmetric_paddings_are_named_with_their_outputs():
    assert [(padding, output) for padding, output, _ in answers(*ODD)] == [
        ("1:2", "16x16"),
        ("0:1", "15x15"),
        ("1:0", "15x15"),
        ("2:1", "16x16"),
        ("2:3", "17x17"),
        ("3:2", "17x17"),
        ("3:4", "18x18"),
        ("4:3", "18x18"),
        ("0:3", "16x16"),
        ("3:0", "16x16"),
        ("1:4", "17x17"),
        ("4:1", "17x17"),
    ]


def test_L15_tensorflows_same_is_named_among_them():
    assert answers(*ODD)[0] == ("1:2", "16x16", "`same`, as TensorFlow pads: the odd cell at the end")


def test_L15_an_asymmetric_answer_is_taken_as_it_is_printed():
    lines = printed(*ODD[:-1], "1:2")
    assert "W2 = (W1 - F + P1 + P2)/S + 1 = (32 - 5 + 1 + 2)/2 + 1 = 16" in lines


def test_L15_the_word_any_asks_as_the_question_mark_does():
    assert printed(*ODD[:-1], "any") == printed(*ODD) == printed(*ODD[:-2], "--padding=?")
