"""A quoted number is read with its digits, its scale and its word."""

from fractions import Fraction

import pytest

from cnncalc.errors import UsageError
from cnncalc.reconcile.quote import quote


@pytest.mark.parametrize(
    ("text", "value", "step", "counts"),
    [
        ("4.12e9", 4_120_000_000, 10_000_000, ""),
        ("4.12E+9", 4_120_000_000, 10_000_000, ""),
        ("4.12G", 4_120_000_000, 10_000_000, ""),
        ("4.12 GFLOPs", 4_120_000_000, 10_000_000, "operations"),
        ("4.12GMac", 4_120_000_000, 10_000_000, "operations"),
        ("4.1 GMACs", 4_100_000_000, 100_000_000, "operations"),
        ("569M multiply-adds", 569_000_000, 1_000_000, "operations"),
        ("569 MFLOPS", 569_000_000, 1_000_000, "operations"),
        ("4B FLOPs", 4 * 10**9, 10**9, "operations"),
        ("25.6M", 25_600_000, 100_000, ""),
        ("25.6m params", 25_600_000, 100_000, "params"),
        ("25,557,032", 25_557_032, 1, ""),
        ("25_557_032 parameters", 25_557_032, 1, "params"),
        ("97.7MiB", Fraction(977, 10) * 2**20, Fraction(2**20, 10), "bytes"),
        ("102 MB", 102_000_000, 1_000_000, "bytes"),
        ("4089184256", 4_089_184_256, 1, ""),
        ("4100000000", 4_100_000_000, 1_000_000, ""),
        ("4089184256 MACs", 4_089_184_256, 1, "operations"),
        ("4089184256 multiply-adds", 4_089_184_256, 1, "operations"),
        ("60 million", 60_000_000, 1_000_000, ""),
        ("60 million parameters", 60_000_000, 1_000_000, "params"),
        ("60Mparams", 60_000_000, 1_000_000, "params"),
        ("5 billion", 5_000_000_000, 1_000_000_000, ""),
        ("65.86 Bn", 65_860_000_000, 10_000_000, ""),
        ("65.86 BFLOPs", 65_860_000_000, 10_000_000, "operations"),
        ("3.6 billion multiply-adds", 3_600_000_000, 100_000_000, "operations"),
        ("3.4 mn params", 3_400_000, 100_000, "params"),
        ("548 thousand weights", 548_000, 1000, "params"),
        ("61100", 61_100, 1, ""),
        ("0.569e9", 569_000_000, 1_000_000, ""),
        ("11.1M activations", 11_100_000, 100_000, "activations"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, value, step, counts):
    found = quote(text)
    assert (found.value, found.step, found.counts) == (value, step, counts)


@pytest.mark.parametrize(
    "text", ["", "four", "4.1.2", "-3", "4.12 apples", "1e999", "0", "0.0G", "nan", "4,12e9", "G", "١٢"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(UsageError, match="NUMBER must be"):
        quote(text)


def test_half_a_step_is_the_most_that_rounding_does():
    found = quote("4.12e9")
    assert found.rounds(Fraction(4_115_000_000))
    assert not found.rounds(Fraction(4_114_999_999))
    assert found.cuts(Fraction(4_129_999_999))
    assert not found.cuts(Fraction(4_130_000_000))


@pytest.mark.parametrize(
    ("text", "loose", "digits"),
    [
        ("60M", 10**7, 1),
        ("60 million", 10**7, 1),
        ("60e6", 10**7, 1),
        ("60000000", 10**7, 1),
        ("390M", 10**7, 2),
        ("390e6", 10**7, 2),
        ("390000000", 10**7, 2),
        ("0.390G", 10**6, 3),
        ("0.39G", 10**7, 2),
        ("569M", 10**6, 3),
        ("60k", 10**4, 1),
        ("60000", 10**4, 1),
        ("4100000000", 10**8, 2),
        ("4089184250", 1, 10),
    ],
)
def test_zeros_before_a_unit_may_be_rounding(text, loose, digits):
    found = quote(text)
    assert (found.loose, found.digits) == (loose, digits)


def test_a_number_agrees_to_as_many_digits_as_it_can():
    found = quote("100M")
    assert [found.loosely(Fraction(n)) for n in (99_000_000, 104_000_000, 149_000_000, 151_000_000)] == [1, 2, 1, 0]
    assert [found.loosely(Fraction(n)) for n in (95_000_000, 94_000_000)] == [1, 0]  # 94M is no 100M to one digit
