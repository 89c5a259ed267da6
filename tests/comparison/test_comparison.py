"""Formulas of stacks against the numeric engine, against textbook formulas in sympy, and the verdict against both."""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod
from random import Random

import pytest

from cnncalc.analysis import analyze
from cnncalc.comparison.shorthand import stages
from cnncalc.comparison.sides import AXES, Setting, compared, measures
from cnncalc.comparison.stack import graph
from cnncalc.comparison.verdict import changed, verdicts
from cnncalc.errors import UsageError
from cnncalc.symbolic.polynomial import Polynomial

SEED = 20261123


def of(*texts, channels=64, sizes=(56, 56), **options):
    return compared(texts, Setting(channels, sizes, **options), analysed=None)


def numbers(text, source, *, bias=False, padding="same"):
    """Return what a stack costs and gives on an input, by the numeric engine alone."""
    read = stages(text, len(source) - 1)
    return measures(analyze(graph(text, read, source, padding=padding, bias=bias, target=None)))


def at(formula, values):
    if isinstance(formula, tuple):
        return tuple(at(part, values) for part in formula)
    return formula.evaluate(values) if isinstance(formula, Polynomial) else formula


def random_stack(rng, rank):
    """Return a shorthand and, stage by stage, what it says."""
    parts, told = [], []
    for _ in range(rng.randint(1, 3)):
        kernel = [rng.randint(1, 5) for _ in range(rank)]
        times, stride, dilation = rng.choice([1, 1, 2]), rng.choice([1, 1, 2]), rng.choice([1, 1, 2])
        channels = rng.choice([None, None, Fraction(1), Fraction(1, 2), Fraction(2), Fraction(3, 4)])
        kind = rng.choice(["", "", "", "local"])
        text = kind + "x".join(map(str, [*kernel, times]))
        if channels is not None:
            over = f"/{channels.denominator}" if channels.denominator > 1 else ""
            text += f":{channels.numerator if channels.numerator > 1 else ''}C{over}"
        text += f"/s{stride}" if stride > 1 else ""
        text += f"@d{dilation}" if dilation > 1 else ""
        parts.append(text)
        told += [(kind, kernel, stride, channels)] * times
    return "+".join(parts), told


def textbook(told, channels, sizes, bias):
    """Return weights and MACs of layers that keep the size, as the textbook has them: symbols or numbers."""
    weights = macs = 0
    inside = channels
    for kind, kernel, stride, part in told:
        out = inside if part is None else channels * part
        sizes = [size / stride for size in sizes]
        positions = prod(sizes)
        one = prod(kernel) * inside * out
        weights += (one + (out if bias else 0)) * (positions if kind else 1)
        macs += one * positions
        inside = out
    return weights, macs


@pytest.mark.parametrize("number", range(40))
def test_every_formula_is_the_number_at_200_random_sizes(number):
    rng = Random(f"{SEED} {number}")
    rank, bias = rng.choice([1, 2, 2, 3]), rng.random() < 0.3
    text, _ = random_stack(rng, rank)
    setting = {"bias": bias, "padding": rng.choice(["same", "same", "valid"])}
    side_length = 480 if setting["padding"] == "valid" else 64
    found = of(text, text, sizes=(side_length,) * rank, **setting)
    side, least, multiples = found.sides[0], found.least, found.multiples
    names = ["C", *AXES[rank]]
    for _ in range(200):
        values = {}
        for name in names:
            unit = multiples.get(name, 1)
            values[name] = unit * (-(-least.get(name, 1) // unit) + rng.choice([0, 1, 2, rng.randint(0, 30)]))
        here = numbers(text, tuple(values[name] for name in names), **setting)
        assert at(tuple(side.formulas), values) == tuple(here), (SEED, number, text, values)


@pytest.mark.parametrize("number", range(60))
def test_every_formula_is_the_textbooks_in_sympy(number):
    sympy = pytest.importorskip("sympy")
    rng = Random(f"sympy {SEED} {number}")
    rank, bias = rng.choice([1, 2, 2, 3]), rng.random() < 0.5
    text, told = random_stack(rng, rank)
    side = of(text, text, sizes=(64,) * rank, bias=bias).sides[0]
    channels, *sizes = sympy.symbols(["C", *AXES[rank]])
    weights, macs = textbook(
        [(k, ks, s, None if p is None else sympy.Rational(p.numerator, p.denominator)) for k, ks, s, p in told],
        channels, sizes, bias,
    )  # fmt: skip
    for ours, theirs in ((side.formulas.params, weights), (side.formulas.macs, macs)):
        assert sympy.expand(sympy.sympify(ours.code(), rational=True) - theirs) == 0, (SEED, number, text)


@pytest.mark.parametrize("number", range(100))
def test_the_verdict_is_true_of_the_numbers(number):
    rng = Random(f"verdict {SEED} {number}")
    one, two = random_stack(rng, 2)[0], random_stack(rng, 2)[0]
    found = of(one, two, channels=rng.choice([4, 64, 256]))
    first, other = (side.numbers for side in found.sides)
    (said,) = verdicts(found)
    for things, a, b in (("weights", other.params, first.params), ("MACs", other.macs, first.macs)):
        assert changed(a, b, things) in said
    dearer = other.params >= first.params and other.macs >= first.macs and other[:2] != first[:2]
    smaller = found.sides[1].largest_kernel < found.sides[0].largest_kernel
    assert ("dearer" in said) == (dearer and smaller)
    assert ("the same field" in said) == (found.sides[0].field == found.sides[1].field)
    if "at every C" in said or re.search(
        r"(fewer|more|as many).* for (every|C|H|W)", said.rsplit(";", 1)[-1]
    ):  # then the signs are so wherever it says
        for _ in range(20):
            source = 64 * rng.randint(1, 9), 64 * rng.randint(1, 9), 64 * rng.randint(1, 9)
            there = [numbers(text, source) for text in (one, two)]
            assert (there[1].params < there[0].params) == (other.params < first.params)
            assert (there[1].macs < there[0].macs) == (other.macs < first.macs)


def test_the_small_filters_are_said_to_be_dearer_where_they_are():
    (said,) = verdicts(of("5x5", "3x3x3"))
    assert "dearer, although its filters are smaller" in said
    assert "8% more weights and 8% more MACs (27/25 of them)" in said


def test_what_is_not_so_for_large_sizes_is_said_of_these_alone():
    (said,) = verdicts(of("1x1", "dense:9", channels=8, sizes=(1, 1), bias=True))
    assert "at C = 8, H = 1, W = 1" in said
    assert "at every" not in said


def test_sizes_that_are_no_multiples_are_measured_not_taken_from_the_formulas():
    found = of("3x3", "3x3/s3")
    (said,) = verdicts(found)
    assert found.misfits == ["H = 56 is no multiple of 3", "W = 56 is no multiple of 3"]
    assert "88% fewer MACs" in said
    assert "at every" not in said
    assert "(at C = 64, H = 56, W = 56: H = 56 is no multiple of 3 and W = 56 is no multiple of 3)" in said
    assert found.sides[1].numbers.macs == 9 * 64 * 64 * 19 * 19


def test_fields_as_wide_at_other_steps_are_told_apart():
    (said,) = verdicts(of("3x3", "3x3/s2"))
    assert "a field of 3x3 at steps of 2 against 3x3 at steps of 1" in said


def test_strides_make_the_sizes_multiples():
    found = of("5x5/s2", "3x3+3x3/s2")
    assert found.multiples == {"H": 2, "W": 2}
    assert str(found.sides[0].formulas.macs) == "25/4 HWC²"


def test_a_lone_dense_layer_gives_what_the_first_stack_gives():
    conv, dense = of("5x5/s2:8", "dense").sides
    assert conv.numbers.output == dense.numbers.output == (8, 28, 28)


def test_a_dense_layer_with_a_number_gives_so_many_units():
    assert of("3x3", "dense:10").sides[1].numbers.output == (10,)


def test_channels_that_are_not_whole_are_refused():
    with pytest.raises(UsageError, match=r"the channels must be whole \(1/2\*C, C = 63\)"):
        of("3x3", "1x1:C/2", channels=63)


def test_a_filter_that_does_not_fit_is_refused_under_its_stage():
    with pytest.raises(UsageError) as caught:
        of("3x3+9x9", "3x3", sizes=(8, 8), padding="valid")
    assert str(caught.value).endswith("3x3+9x9\n      ^^^")
