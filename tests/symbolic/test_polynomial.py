"""What a Polynomial is: exact, an int where nothing is open, and no answer where the answer depends."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from cnncalc.errors import TooLarge, Undecidable
from cnncalc.symbolic.polynomial import Polynomial, symbol
from cnncalc.symbolic.sign import assuming

C, H, W = symbol("C"), symbol("H"), symbol("W")


def test_what_no_longer_depends_on_a_symbol_is_an_int():
    assert [type(value) for value in (C - C, C // C, (2 * C + 3) - 2 * C, C * 0, C**0)] == [int] * 5


def test_equal_formulas_are_equal_and_hash_alike_however_they_came_about():
    one, two = (C + H) * (C - H), C * C - H**2
    assert one == two
    assert len({one, two, C}) == 2


def test_a_formula_is_not_a_number():
    assert C != 64
    assert C != "C"


def test_the_lectures_formulas_read_as_it_writes_them():
    assert str(49 * C**2) == "49C²"
    assert str(27 * H * W * C**2) == "27HWC²"
    assert str(Fraction(13, 4) * C**2) == "13/4 C²"
    assert str(C**12 - 1) == "C¹² - 1"
    assert str(-C) == "-C"


def test_symbols_of_several_letters_are_kept_apart():
    assert str(3 * symbol("width") * symbol("h")) == "3·h·width"


def test_separators_go_into_the_coefficients():
    assert f"{118013952 * H:,}" == "118,013,952H"


def test_a_program_reads_the_code():
    assert eval((13 * C**2 / 4 - H).code(), {"C": 2, "H": 3}) == 10


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        ((4 * H + 3) // 2, 2 * H + 1),
        ((4 * H - 3) // 2, 2 * H - 2),
        (math.floor(H * (H + 1) / 2), H * (H + 1) / 2),
        ((H * (H + 1) + 3) // 2, H * (H + 1) / 2 + 1),
        (math.ceil((4 * H + 1) / 4), H + 1),
        (-(-(4 * H + 1) // 4), H + 1),
        ((6 * H + 5) % 3, 2),
        ((H**2 + 1) // H, H),
        ((H**2 - 1) // H, H - 1),
        ((C * H * W) // (H * W), C),
        (round(2 * H + Fraction(2, 3)), 2 * H + 1),
    ],
)
def test_the_whole_part_is_taken_where_it_is_one_formula(value, whole):
    assert value == whole


@pytest.mark.parametrize(
    ("compute", "multiple"),
    [
        (lambda: H // 2, "2*H in place of H"),
        (lambda: (3 * H + 1) // 6, "2*H in place of H"),
        (lambda: (H - 7) % 3, "3*H in place of H"),
        (lambda: (2 * H + 3 * W) // 6, "3*H in place of H and 2*W in place of W"),
        (lambda: H**2 // 4, "2*H in place of H"),
    ],
)
def test_where_it_is_not_one_formula_the_multiple_to_declare_is_named(compute, multiple):
    with pytest.raises(Undecidable) as caught:
        compute()
    assert multiple in caught.value.help


@pytest.mark.parametrize(
    "compute",
    [
        lambda: H < W,
        lambda: H // W,
        lambda: 1 / H,
        lambda: (H + 1) / W,
        lambda: 2**H,
        lambda: round(H + Fraction(1, 2)),
        lambda: min(H * H, W),
    ],
)
def test_what_depends_on_the_values_is_not_answered(compute):
    with pytest.raises(Undecidable):
        compute()


def test_a_symbol_is_not_taken_for_a_number_by_accident():
    with pytest.raises(TypeError):
        range(H)
    with pytest.raises(ZeroDivisionError):
        H // 0


@pytest.mark.parametrize(
    ("compare", "answer", "least"),
    [
        (lambda: H > 7, True, {"H": 8}),
        (lambda: H >= 7, True, {"H": 7}),
        (lambda: H < 7, False, {"H": 7}),
        (lambda: 32 * H >= 7, True, {"H": 1}),
        (lambda: 49 * C**2 + C > 27 * C**2 + 100 * C, True, {"C": 5}),
        (lambda: H * W > 5 * H, True, {"H": 1, "W": 6}),
        (lambda: max(H - 3, 0) == H - 3, True, {"H": 3}),
        (lambda: C * H > 0, True, {"C": 1, "H": 1}),
    ],
)
def test_a_comparison_is_answered_for_large_values_and_tells_from_which_on(compare, answer, least):
    with assuming() as found:
        assert compare() is answer
    assert found == least


def test_outside_of_assuming_nothing_is_noted_and_inside_only_the_innermost_notes():
    assert H > 7
    with assuming() as outer, assuming() as inner:
        assert H > 2
    assert (outer, inner) == ({}, {"H": 3})


def test_a_value_takes_the_place_of_a_symbol():
    assert (49 * C**2 * H).evaluate({"C": 64, "H": 2}) == 49 * 64**2 * 2
    assert (C**2 / 4).evaluate({"C": 2 * symbol("c")}) == symbol("c") ** 2
    assert (C + H).evaluate({"C": Fraction(1, 2)}) == H + Fraction(1, 2)


@pytest.mark.parametrize(
    "compute",
    [
        lambda: math.prod(sum(symbol(f"{a}{b}") for a in "abcdefghij") for b in "klm") ** 2,
        lambda: (symbol("a") + symbol("b") + symbol("c") + symbol("d") + 1) ** 32,
        lambda: C**32 * C,
        lambda: math.prod(symbol(name) ** 4 for name in "abcdefgh") > 3,
    ],
)
def test_a_formula_beyond_all_measure_is_refused(compute):
    with assuming(), pytest.raises(TooLarge):
        compute()


def test_the_type_says_what_it_stands_for():
    assert isinstance(H, Polynomial)
    assert repr(2 * H) == "Polynomial(2*H)"
