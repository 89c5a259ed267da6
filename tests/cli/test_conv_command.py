"""``cnncalc conv`` as its user meets it: orders, mistakes, formats, widths, and its page."""

import json
import re
import shlex
from pathlib import Path

import pytest

from cnncalc.cli.order import Order, likely, reading
from tests.cli.test_shapes_command import cnncalc

PAGE = Path(__file__).parents[2] / "docs" / "conv.md"
SHOWN = re.findall(r"^```\n\$ cnncalc conv (.*)\n((?:.*\n)*?)```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def conv(*arguments, **options):
    return cnncalc("conv", *arguments, **options)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_page_shows_what_is_printed(command, shown):
    out, err = conv(*shlex.split(command))
    assert err == ""
    if shown.endswith("...\n"):
        shown, out = shown.removesuffix("...\n"), "\n".join(out.splitlines()[: shown.count("\n") - 1]) + "\n"
    assert out == shown


def test_the_page_shows_something():
    assert len(SHOWN) == 4


@pytest.mark.parametrize(
    ("text", "order", "why"),
    [
        ("32x32x3", "lecture", "two equal sizes come first"),
        ("3x32x32", "spec", "two equal sizes come last"),
        ("64x3x3", "spec", "two equal sizes come last"),
        ("3x3x64", "lecture", "two equal sizes come first"),
        ("320x280x3", "lecture", "3 at the end is the number of channels"),
        ("1x280x320", "spec", "1 at the start is the number of channels"),
        ("320x280x16", "lecture", "16 at the end is by far the smallest"),
        ("16x280x320", "spec", "16 at the start is by far the smallest"),
        ("64x56x48", "lecture", "it could be either; --order spec reads C x H x W"),
        ("512x14x15", "lecture", "it could be either; --order spec reads C x H x W"),
        ("3x20x1", "lecture", "it could be either; --order spec reads C x H x W"),
        ("7x7x7", "lecture", "both orders read it alike"),
        ("16000x1", "lecture", "1 at the end is the number of channels"),
        ("256x16000", "spec", "256 at the start is by far the smallest"),
        ("112x112x16x3", "lecture", "two equal sizes come first"),
        ("3x16x112x112", "spec", "two equal sizes come last"),
        ("171x128x16x3", "lecture", "3 at the end is the number of channels"),
    ],
)
def test_the_order_is_the_likely_one(text, order, why):
    assert likely([int(size) for size in text.split("x")]) == (Order(order), why)


def test_the_lectures_order_has_the_width_first():
    out, _ = conv("320x280x3", "--kernel", "1x2", "--format", "json")
    report = json.loads(out)
    assert report["orders"] == {
        "input": {"lecture": [320, 280, 3], "spec": [3, 280, 320]},
        "output": {"lecture": [319, 280, 1], "spec": [1, 280, 319]},
    }


def test_the_order_can_be_decided():
    out, _ = conv("32x32x3", "--order", "spec", "--kernel", "3")
    assert "input  32x32x3 (C x H x W) is 3x32x32 (W x H x D)\n" in out
    assert "read in the spec's order: as --order says\n" in out


def test_the_wanted_output_is_in_the_order_of_the_input():
    out, _ = conv("320x280x3", "--kernel", "3", "--output", "318x278")
    assert "0        318x278         `valid`\n" in out


def test_the_wanted_output_may_have_the_depth_which_is_the_filters():
    out, _ = conv("3x32x32", "--kernel", "3", "--output", "10x32x32")
    assert "1        10x32x32            keeps the size" in out


@pytest.mark.parametrize(
    ("shape", "options", "said"),
    [
        ("500x2", ["-k", "5", "-p", "?"], "2        500         keeps the size"),
        ("3x16x112x112", ["-k", "3", "-p", "?"], "1        16x112x112          keeps the size"),
    ],
)
def test_signals_and_videos_are_solved_too(shape, options, said):
    assert said in conv(shape, *options)[0]


def test_each_axis_has_its_list_where_no_one_setting_serves():
    out, _ = conv("33x32x3", "--kernel", "5", "--stride", "2", "--padding", "?")
    assert "\nheight: no symmetric padding fits: 32 - 5 + 2P" in out
    assert "\nwidth: 5 answers (padding 0 to 4, the same on both sides, below F)\n" in out
    assert "\nno one setting serves all axes: --padding 1:2x2 gives 17x16\n" in out


def test_each_list_says_how_far_was_searched():
    out, _ = conv("320x280x3", "--kernel", "5x3", "--padding", "?")
    assert "\nsearched: padding 0 to 2, the same on both sides, below F\n" in out
    assert "\nheight: 5 answers (padding 0 to 4, the same on both sides, below F)\n" in out
    assert "\nwidth: 3 answers\n" in out


def test_what_is_printed_for_each_axis_can_be_typed():
    out, _ = conv("33x32x3", "--kernel", "5", "--stride", "2", "--padding", "1:2x2")
    assert "output 17x16x1 (W x H x D)" in out


def test_where_nothing_fits_the_nearest_that_would_is_told_and_the_exit_code_is_1():
    out, err = conv("32x32x3", "--kernel", "5", "--stride", "?", "--output", "16x16", check=1)
    assert "nothing fits: S = 27/(16 - 1) = 9/5 must be a whole number\n" in out
    assert "\nnearest output: --stride 3 gives 10x10, --stride 1 gives 28x28\n" in out
    assert "\nnearest input: 20x20 with --stride 1 gives 16x16, 35x35 with --stride 2 gives 16x16\n" in out
    assert err == ""


def test_a_long_list_is_cut_and_counted():
    out, _ = conv("100000x1", "--kernel", "?", "--top", "4")
    assert "\n100,000 answers\n" in out
    assert "\nand 99,996 more: --top 100000 shows all\n" in out


def test_top_is_how_many_asymmetric_answers_are_shown_too():
    asked = ["32x32x3", "-k", "5", "-s", "2", "-p", "?"]
    assert "\nand 10 more: --top 12 shows all\n" in conv(*asked, "--top", "2")[0]
    out, _ = conv(*asked, "--top", "12")
    assert "more" not in out
    assert out.count("\n1:4 ") == out.count("\n3:0 ") == 1


def test_it_is_said_what_the_two_sides_are():
    out, _ = conv("32x32x3", "-k", "5", "-s", "2", "-p", "?")
    said = "12 answers, written before:after, the cells at the start and at the end; the nearest to symmetric first"
    assert f"\n{said}\n" in out


def test_floor_is_not_offered_for_asymmetric_padding():
    out, _ = conv("32x32x3", "-k", "4", "-p", "?", "--output", "32")
    assert "\n1:2 " in out
    assert "--rounding floor" not in out


def test_all_limits_of_the_search_are_said():
    out, _ = conv("32x32x3", "-k", "any", "-s", "any", "-p", "any", "-d", "any", "--output", "16x16")
    assert (
        "\nsearched: kernel 1 to 32, stride 1 to 31, padding 0 to 31, the same on both sides, below F, dilation 1 to 8"
        "; F = dilation*(kernel - 1) + 1 at most the input (32); S at most W - F + 2P, or 1; dilation 1 for kernel 1\n"
        in out
    )


@pytest.mark.parametrize(
    ("text", "shape", "why"),
    [
        ("7x7", (1, 7, 7), "7x7 is an image of one channel, W x H; --rank 1 reads a signal of 7 channels"),
        ("1x1", (1, 1, 1), "1x1 is an image of one channel, W x H; --rank 1 reads a signal of 1 channel"),
        ("28x20", (1, 20, 28), "28x20 is an image of one channel, W x H; --order spec reads H x W, --rank 1 a signal"),
        ("227,227", (1, 227, 227), "227x227 is an image of one channel, W x H"),
        ("500x2", (2, 500), "2 at the end is by far the smallest; 500x2 is a signal of 2 channels, and an image under"),
        ("2x500", (2, 500), "2 at the start is by far the smallest; 2x500 is a signal of 2 channels, and an image"),
        ("2x1", (1, 2), "1 at the end is the number of channels; 2x1 is a signal of 1 channel, and an image under"),
    ],
)
def test_two_sizes_are_an_image_unless_one_is_clearly_the_channels(text, shape, why):
    read = reading(text, None)
    assert read.shape == shape
    assert read.why.startswith(why)


@pytest.mark.parametrize(
    ("text", "rank", "shape"),
    [
        ("7x5", 1, (5, 7)),
        ("500x2", 2, (1, 2, 500)),
        ("9", 1, (1, 9)),
        ("9x8x7", 3, (1, 7, 8, 9)),
        ("9x9x3", 2, (3, 9, 9)),
    ],
)
def test_the_number_of_axes_decides(text, rank, shape):
    assert reading(text, None, rank).shape == shape


def test_an_image_of_one_channel_can_be_given_in_the_order_of_a_spec():
    assert reading("280x320", Order.spec).shape == (1, 280, 320)


def test_an_error_says_how_the_input_was_read():
    _, err = conv("500x2", "-k", "1x2", check=1)
    assert "\nnote: input 500x2 (L x C), read in the lecture's order: 2 at the end is by far the smallest; " in err
    assert err.endswith("500x2 is a signal of 2 channels, and an image under --rank 2\n")


@pytest.mark.parametrize(("output", "said"), [("32x32", "32x32"), ("32", "32x32"), ("32x32x10", "32x32x10")])
def test_an_output_is_checked_where_nothing_is_asked(output, said):
    out, _ = conv("32x32x3", "-f", "10", "-k", "5", "-p", "2", "--output", output)
    assert f"\nyes: {said} comes out\n" in out


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("32", "no: 30x30 comes out, and --output is 32x32"),
        ("30x30x9", "no: 30x30x10 comes out, and --output is 30x30x9"),
    ],
)
def test_an_output_that_does_not_come_out_is_exit_code_1(output, said):
    out, err = conv("32x32x3", "-f", "10", "-k", "5", "-p", "1", "--output", output, check=1)
    assert f"\n{said}\n" in out
    assert "W2 = (W1 - F + 2P)/S + 1 = (32 - 5 + 2*1)/1 + 1 = 30" in out
    assert err == ""


def test_json_says_whether_the_output_comes_out():
    report = json.loads(conv("320x280x3", "-k", "3", "-p", "1", "--output", "320x281", "--format", "json", check=1)[0])
    assert (report["wanted"], report["as_wanted"], report["output"]) == ([281, 320], False, [1, 280, 320])


def test_one_size_is_that_of_every_axis_of_the_output_that_is_solved_for():
    asked = ["32x32x3", "-k", "5", "-p", "?", "--output"]
    assert conv(*asked, "28") == conv(*asked, "28x28")


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
@pytest.mark.parametrize("asked", ["?", "2"])
def test_the_report_can_be_written_to_a_file(tmp_path, format, asked):
    path = tmp_path / "conv.out"
    printed, _ = conv("32x32x3", "-k", "5", "-p", asked, "--format", format)
    out, _ = conv("32x32x3", "-k", "5", "-p", asked, "--format", format, "-o", str(path), columns=80)
    assert (out, path.read_text(encoding="utf-8")) == ("", printed)


def test_in_3d_the_header_and_the_formulas_name_the_axes_alike():
    out, _ = conv("12x11x10x2", "-k", "3")
    assert "input  12x11x10x2 (W x H x D x C) is 2x10x11x12 (C x D x H x W)\n" in out
    assert "  D2 = (D1 - F + 2P)/S + 1 = (10 - 3 + 2*0)/1 + 1 = 8  #sizes\n" in out
    assert "  C2 = K = 1  #sizes\n" in out


MISFIT = "--stride 3: height: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33 must be a whole number\n"


def test_a_layer_that_does_not_fit_is_told_at_the_option():
    out, err = conv("7x7x1", "--kernel", "3", "--stride", "3", check=1)
    assert out == ""
    assert err.startswith(MISFIT)
    assert err.splitlines()[1] == (
        "help: --rounding floor drops what is left over, as PyTorch does; --padding ? finds what fits"
    )


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["784"], "784: a convolution must have spatial axes, and this is a flat vector\n", 2),
        (["32;32;3"], "32;32;3: must be sizes such as 32x32x3; did you mean 32x32x3?\n", 2),
        (["9x9x1", "--rank", "1"], "--rank 1: 9x9x1 must have 1 or 2 sizes (3)\n", 2),
        (["9x9x1", "-p", "1,1"], "--padding 1,1: must be written 1x1, or 1:1 for before:after\n", 2),
        (["9x9x1", "-k", "(3, 5)"], "--kernel (3, 5): must be written 3x5\n", 2),
        (["9x9x1", "-k", "3", "-o", "7x7"], "-o 7x7: must be a file; what must come out is --output 7x7\n", 2),
        (["32x0x3"], "32x0x3: every size must be at least 1 (0)\n", 2),
        (["image"], "image: must be sizes such as 32x32x3\n", 2),
        (["\x1b[31m"], "\\x1b[31m: must be sizes such as 32x32x3\n", 2),
        (["x".join("3" * 9)], "must have at most 8 sizes (9)\n", 2),
        (["9x9x1", "-k", "0"], "--kernel 0: kernel must be at least 1 (0)\n", 2),
        (["9x9x1", "-k", "a\x1b"], "--kernel a\\x1b: kernel: ", 2),
        (["9x9x1", "-s", "1.5"], "--stride 1.5: stride must be a whole number (1.5)", 2),
        (["9x9x1", "-p", "hafl"], "--padding hafl: padding: 'hafl' has no value here\nhelp: did you mean half?\n", 2),
        (["9x9x1", "-p", "1:b"], "--padding 1:b: must be before:after along each axis, as 0:1 or 0:1x2:1\n", 2),
        (["9x9x1", "-p", "1:2x1:2x1:2"], "--padding 1:2x1:2x1:2: padding must have a pair for each spatial axis", 1),
        (["9x9x1", "-k", "3x3x3"], "--kernel 3x3x3: kernel must have a number for each spatial axis", 1),
        (["9x9x1", "-k", "3x3x3", "-p", "?"], "--kernel 3x3x3: kernel must have a number for each spatial axis", 1),
        (["9x9x4", "-g", "3", "-f", "6"], "--groups 3: groups (3) must divide in_channels (4)\n", 1),
        (["9x9x4", "-g", "3", "-p", "?"], "--groups 3: groups (3) must divide in_channels (4)\n", 1),
        (["9x9x1", "-p", "causal"], "--padding causal: padding: causal must have one spatial axis", 1),
        (["9x9x1", "-f", "?"], "--filters ?: what is solved for is --kernel, --stride, --padding, --dilation\n", 2),
        (
            ["9x9x1", "--output", "9x9x1x1"],
            "--output 9x9x1x1: must have a size for each spatial axis of the input (4, 2 axes)\n",
            2,
        ),
        (["9x9x1", "--output", "9x9x4", "-f", "5"], "--output 9x9x4: its channels must be --filters (4, 5)\n", 2),
        (["9x9x1", "-p", "?", "--rounding", "ceil"], "--rounding ceil: what fits is searched under exact and floor", 2),
        (["9999999x1", "-k", "?"], "--kernel must have at most 1,000,000 values to be searched (9,999,999)\n", 2),
    ],
)
def test_a_mistake_is_one_clear_error(arguments, message, code):
    out, err = conv(*arguments, check=code)
    assert out == ""
    assert message in err
    assert len(err.splitlines()) <= 3


def test_groups_dilation_and_no_bias_are_the_layers():
    out, _ = conv("4x9x9", "-f", "6", "-k", "3", "-g", "2", "-d", "2", "--no-bias", "--format", "json")
    report = json.loads(out)
    assert report["output"] == [6, 5, 5]
    assert "params = 6*2*3*3 = 108" in [
        line["text"].replace("weight", "params") for line in report["sections"][1]["lines"]
    ]


def test_json_of_the_answers_has_every_setting_along_every_axis():
    report = json.loads(conv("32x33x3", "-k", "5", "-s", "2", "-p", "?", "--format", "json")[0])
    assert report["solved"] is True
    assert report["asked"] == ["padding"]
    assert report["together"]["searched"] == {"padding": 4}
    assert report["together"]["count"] == 0
    assert [(one["axes"], one["count"], one["symmetric"]) for one in report["each"]] == [
        (["height"], 5, True),
        (["width"], 12, False),
    ]
    assert report["mixed"] == {"padding": [[2, 2], [1, 2]], "output": [1, 17, 16], "notes": ["same"]}


@pytest.mark.parametrize("option", [[], ["-p", "?"]])
def test_markdown_says_the_same(option):
    out, _ = conv("32x32x3", "-k", "5", *option, "--format", "markdown")
    assert "- input  32x32x3 (W x H x D) is 3x32x32 (C x H x W)\n" in out
    assert ("| 2 | 32x32 | keeps the size, a common setting, `half`, `same` |\n" in out) == bool(option)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("arguments", [["-p", "?"], ["-k", "?", "-s", "?", "-p", "?", "-d", "?"], ["-p", "2"]])
def test_no_line_is_wider_than_the_terminal(columns, arguments):
    out, _ = conv("32x33x3", "-k", "5", "-s", "1", *arguments, columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_help_tells_how_the_question_mark_gets_through_a_shell():
    out, _ = conv("--help", columns=120)
    assert "--padding '?'" in out
    assert "any" in out
