"""A computer algebra system's answers beside ours: random arithmetic, and the totals of networks by interpolation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

import cnncalc
from cnncalc.errors import TooLarge, Undecidable
from cnncalc.symbolic.polynomial import Polynomial, symbol

sympy = pytest.importorskip("sympy")

SEED = 20261123
NAMES = ("C", "H", "W")


def code(value):
    return value.code() if isinstance(value, Polynomial) else str(value)


def same(ours, theirs):
    return sympy.expand(sympy.sympify(code(ours), rational=True) - theirs) == 0


def random_pair(rng, depth):
    """Return one random formula twice: ours, and sympy's of the same operations."""
    if depth == 0 or rng.random() < 0.2:
        if rng.random() < 0.5:
            name = rng.choice(NAMES)
            return symbol(name), sympy.Symbol(name)
        number = Fraction(rng.randint(-9, 9), rng.choice([1, 1, 2, 3, 4]))
        return number, sympy.Rational(number.numerator, number.denominator)
    (a, x), (b, y) = random_pair(rng, depth - 1), random_pair(rng, depth - 1)
    match rng.choice(["+", "-", "*", "*", "**", "/"]):
        case "+":
            return a + b, x + y
        case "-":
            return a - b, x - y
        case "*":
            return a * b, x * y
        case "**":
            exponent = rng.randint(0, 3)
            return a**exponent, x**exponent
        case _:
            by = rng.choice([-3, 2, 4])
            return a / Fraction(by), x / by


@pytest.mark.parametrize("number", range(300))
def test_random_arithmetic_is_sympys(number):
    ours, theirs = random_pair(Random(f"{SEED} {number}"), depth=4)
    assert same(ours, theirs), (SEED, number)


@pytest.mark.parametrize("number", range(200))
def test_division_with_remainder_is_sympys(number):
    rng = Random(f"division {SEED} {number}")
    (a, x), (b, y) = random_pair(rng, 3), random_pair(rng, 2)
    if not isinstance(b, Polynomial):
        return
    try:
        quotient = (a * b) / b
    except TooLarge:
        return
    assert quotient == a or same(quotient, x), (SEED, number)
    assert same((a * b + b) / b, sympy.cancel((x * y + y) / y)), (SEED, number)


@pytest.mark.parametrize("number", range(300))
def test_a_whole_part_is_the_floor_at_every_point(number):
    rng = Random(f"floor {SEED} {number}")
    value = sum(
        Fraction(rng.randint(-20, 20), rng.choice([1, 2, 3, 6])) * symbol(n) ** rng.randint(0, 2) for n in NAMES
    )
    points = [{name: rng.randint(1, 60) for name in NAMES} for _ in range(60)]
    exact = [value.evaluate(at) if isinstance(value, Polynomial) else value for at in points]
    try:
        found = value.__floor__()
    except Undecidable:  # then the fraction that is cut off really varies
        assert len({one % 1 for one in exact}) > 1, (SEED, number, str(value))
        return
    ours = [found.evaluate(at) if isinstance(found, Polynomial) else found for at in points]
    assert ours == [one.__floor__() for one in exact], (SEED, number, str(value))


@pytest.mark.parametrize(
    ("spec", "multiple", "offset"),
    [("lenet5", 4, 28), ("resnet18", 32, 0), ("unet", 16, 172), ("mobilenet_v2", 32, 0), ("densenet121", 32, 0)],
)
def test_the_totals_of_a_network_are_what_sympy_interpolates_from_numbers(spec, multiple, offset):
    channels = cnncalc.load(f"zoo:{spec}").inputs["input"][0]
    sides = f"{multiple}*h + {offset},{multiple}*w + {offset}"
    ours = cnncalc.analyze(cnncalc.load(f"zoo:{spec}", input=f"{channels},{sides}", symbolic=True)).totals
    h, w = sympy.symbols("h w")
    points = (1, 2, 3, 4)  # one more than a linear layer on a map needs along each side

    def at(i, j):
        size = f"{channels}x{multiple * i + offset}x{multiple * j + offset}"
        return cnncalc.analyze(cnncalc.load(f"zoo:{spec}", input=size)).totals

    numbers = {(i, j): at(i, j) for i, j in product(points, points)}
    for name in ("params", "macs", "flops", "activations"):
        rows = [sympy.interpolate([(j, getattr(numbers[i, j], name)) for j in points], w) for i in points]
        theirs = sympy.expand(
            sum(
                row * sympy.prod([sympy.Rational(1, i - k) * (h - k) for k in points if k != i])
                for i, row in zip(points, rows, strict=True)
            )
        )
        assert same(getattr(ours, name), theirs), name
