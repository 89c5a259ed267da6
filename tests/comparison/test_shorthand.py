"""The shorthand's grammar: what each part means, and the caret under each mistake."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.comparison.shorthand import stages
from cnncalc.comparison.words import words
from cnncalc.errors import UsageError


def one(text, rank=2):
    (stage,) = stages(text, rank)
    return stage


def test_the_trailing_number_repeats():
    assert [(s.kernel, s.times) for s in stages("3x3x3+5x5", 2)] == [((3, 3), 3), ((5, 5), 1)]


def test_the_first_numbers_are_the_kernel_in_any_rank():
    assert (one("3x3", 1).kernel, one("3x3", 1).times) == ((3,), 3)
    assert (one("3x3x3", 3).kernel, one("3x3x3", 3).times) == ((3, 3, 3), 1)
    assert one("1x3x3x2", 3).times == 2


def test_one_number_is_that_of_every_axis():
    assert [one("5", rank).kernel for rank in (1, 2, 3)] == [(5,), (5, 5), (5, 5, 5)]


@pytest.mark.parametrize(
    ("text", "channels", "of_c"),
    [
        ("1x1:C", 1, True),
        ("1x1:C/2", Fraction(1, 2), True),
        ("1x1:2C", 2, True),
        ("1x1:3C/4", Fraction(3, 4), True),
        ("1x1:64", 64, False),
        ("1x1", None, False),
    ],
)
def test_channels_are_a_number_or_a_part_of_C(text, channels, of_c):
    assert (one(text).channels, one(text).of_c) == (channels, of_c)


def test_modifiers_come_in_any_order():
    assert one("3x3x2@d2/s2:C/2")._replace(text="") == one("3x3x2:C/2/s2@d2")._replace(text="")


def test_kinds_are_a_prefix_and_dense_is_a_word():
    assert [one(text).kind for text in ("3x3", "dw3x3", "local5x5", "dense", "dense:10")] == [
        "conv", "dw", "local", "dense", "dense",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fact", "caret"),
    [
        ("", "on both sides", "^"),
        ("3x3++3x3", "on both sides", "    ^"),
        ("foo", "this is no stage", "^^^"),
        ("3x3x3x3", "one number of times", "^^^^^^^"),
        ("3x3x0", "must be 1 to", "^^^^^"),
        ("3x3+7", "", None),
        ("3x3+7x", "this is no part of a stage", "     ^"),
        ("3x3:", "channels must be a number", "   ^"),
        ("3x3:D/2", "channels must be a number", "   ^^^^"),
        ("3x3:5/2", "or a part of C", "   ^^^^"),
        ("3x3:C/0", "must be 1 to", "   ^^^^"),
        ("3x3@d0", "must be 1 to", "   ^^^"),
        ("3x3d2", "a dilation @d2", "   ^^"),
        ("3x3/2", "a stride is written /s2", "   ^^"),
        ("3x3/s2/s2", "stride must be given once", "      ^^^"),
        ("3x3:64x3", "stands behind its kernel", "   ^^^^^"),
        ("dense/s2", "dense must have no stride", "     ^^^"),
        ("dw3x3/g2", "dw must have no groups", "^^^^^^^^"),
        ("9x9x99999999", "must be 1 to", "^^^^^^^^^^^^"),
        ("1x1x999+1x1x2", "at most 1000 layers", "^^^^^^^^^^^^^"),
    ],
)
def test_a_mistake_has_its_caret(text, fact, caret):
    if caret is None:
        assert stages(text, 2)[1].kernel == (7, 7)
        return
    with pytest.raises(UsageError) as caught:
        stages(text, 2)
    first, shown, under = str(caught.value).split("\n")
    assert fact in first
    assert (shown, under) == (f"  {text}", f"  {caret}")


def test_a_kernel_has_as_many_sizes_as_the_image_axes():
    with pytest.raises(UsageError, match="a kernel must have 3 sizes"):
        stages("3x3", 3)


def test_control_characters_are_escaped():
    with pytest.raises(UsageError) as caught:
        stages("3x3\x1b[31m", 2)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7x7", "one 7x7"),
        ("3x3x3", "three 3x3"),
        ("1x3+3x1", "1x3 and 3x1"),
        ("1x1:C/2+3x3:C/2+1x1:C", "1x1 to C/2, 3x3 to C/2 and 1x1 to C"),
        ("dw3x3+1x1", "depthwise 3x3 and 1x1"),
        ("3x3@d2/s2", "one 3x3 with dilation 2 and stride 2"),
        ("local5x5", "one unshared 5x5"),
        ("dense:10", "one dense layer to 10"),
        ("3x3/g4", "one 3x3 in 4 groups"),
        ("7x7+3x3x12", "7x7 and 12 3x3"),
    ],
)
def test_a_stack_has_words(text, said):
    assert words(stages(text, 2)) == said
