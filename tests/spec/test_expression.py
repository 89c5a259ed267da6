"""Expressions: exact, bounded, nothing but arithmetic, and each error at the characters it is about."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.spec.arithmetic import MAX_BITS, Number, divisible
from cnncalc.spec.expression import MAX_LENGTH, ExpressionError, UnknownVariable, parse

NAMES: dict[str, Number] = {"c": 64, "width": Fraction(3, 4), "i": 0, "yes": True, "r10b": 7, "_x": -5}
Tree = tuple[str, Callable[[], Number]]


def value(text: str, **names: Number) -> Number:
    return parse(text).value({**NAMES, **names})


def error(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        value(text)
    return caught.value


def outcome(text: str) -> Number | ExpressionError:
    """Return the value of an expression, or the error it is refused with."""
    try:
        return value(text)
    except ExpressionError as found:
        return found


def at_fault(text: str) -> tuple[str, str]:
    """Return what is wrong, and the part of the text that the caret is under."""
    found = error(text)
    return found.fact, text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1*3 == 0.3", True), ("0.1 + 0.2", Fraction(3, 10)), ("c*width", 48), ("2/3", Fraction(2, 3)), ("6/3", 2),
        ("7//2", 3), ("-7//2", -4), ("-7 % 3", 2), ("7.5 // 2", 3), ("7.5 % 2", Fraction(3, 2)), ("2**10", 1024),
        ("(1/2)**3", Fraction(1, 8)), ("-2**2", -4), ("2 if i == 0 else 1", 2), ("not i", True), ("c > 1 and i", False),
        ("i or c", True), ("0 < c <= 64 != 3", True), ("min(c, 3, 5)", 3), ("max(c, 3)", 64), ("abs(_x)", 5),
        ("round(2.4)", 2), ("floor(2.9)", 2), ("ceil(2.1)", 3), ("divisible(c*width, 8)", 48), ("yes + 1", 2),
        ("5.", 5), (".5", Fraction(1, 2)), ("  c  ", 64), ("r10b", 7), ("True", True), ("True and False", False),
        ("1.0000000000000000001 > 1", True), ("((((1))))", 1), ("--1", 1), ("c - -1", 65),
        ("18446744073709551615", 2**64 - 1),
    ],
)  # fmt: skip
def test_it_has_this_value(text: str, expected: Number) -> None:
    found = value(text)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)
    assert not isinstance(found, float)


OPERATORS = ("+", "-", "*", "/", "//", "%")


def joined(pair: tuple[Tree, str, Tree]) -> Tree:
    (left, one), op, (right, two) = pair

    def compute() -> Number:
        a, b = Fraction(one()), Fraction(two())
        match op:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/":
                return a / b
            case "//":
                return Fraction(math.floor(a / b))
        return a - b * math.floor(a / b)

    return f"({left} {op} {right})", compute


def leaf(text: str) -> Tree:
    return text, lambda: Fraction(text)


numbers = st.one_of(st.integers(0, 99).map(str), st.decimals(0, 10, places=2, allow_nan=False).map(str)).map(leaf)
trees = st.recursive(
    numbers, lambda inner: st.tuples(inner, st.sampled_from(OPERATORS), inner).map(joined), max_leaves=12
)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(trees)
def test_arithmetic_is_that_of_fractions(tree: Tree) -> None:
    text, compute = tree
    try:
        expected = compute()
    except ZeroDivisionError:
        assert "division by zero" in error(text).fact or "must fit" in error(text).fact or len(text) > MAX_LENGTH
        return
    found = outcome(text)
    if isinstance(found, ExpressionError):
        assert "must fit in 64 bits" in found.fact or len(text) > MAX_LENGTH
    else:
        assert found == expected


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="0123456789.+-*/%()<>=! ,abcifnotrue_", max_size=60))
def test_any_text_has_a_value_or_an_error_with_a_place_in_it(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = outcome(text)
    if isinstance(found, ExpressionError):
        assert 0 <= found.start <= len(text)
        assert found.end is None or found.start < found.end <= len(text)
        assert found.text == text
    else:
        assert abs(found.numerator) < 2 ** (MAX_BITS + 1)


@pytest.mark.parametrize(
    ("text", "fact", "part"),
    [
        ("c * 1/0", "a division by zero has no value", "c * 1/0"),
        ("  2 + 5 // (c - 64)", "a division by zero has no value", "5 // (c - 64)"),
        ("1 + 7 % i", "a division by zero has no value", "7 % i"),
        ("max(1/i, 2)", "a division by zero has no value", "1/i"),
        ("divisible(c, 0)", "a division by zero has no value", "divisible(c, 0)"),
        ("c + 2**33", "an exponent must be a whole number from 0 to 32 (33)", "2**33"),
        ("2**-1", "an exponent must be a whole number from 0 to 32 (-1)", "2**-1"),
        ("4**(1/2)", "an exponent must be a whole number from 0 to 32 (1/2)", "4**(1/2)"),
        ("9**9**9", "an exponent must be a whole number from 0 to 32 (387420489)", "9**9**9"),
        ("1 + 1025**2", "the base of ** must be at most 1024 (1025)", "1025**2"),
        ("1 + 2**32 * 2**32 * 2", "a result must fit in 64 bits", "2**32 * 2**32"),
        ("1/3**30/3**30", "a result must fit in 64 bits", "1/3**30/3**30"),
        ("99999999999999999999", "a number must fit in 64 bits (99999999999999999999)", "99999999999999999999"),
        ("1 + 0.30000000000000000001",
         "a number must fit in 64 bits (0.30000000000000000001)", "0.30000000000000000001"),
        ("1 + max(c)", "max must have 2 arguments or more (1)", "max(c)"),
        ("abs(1, 2)", "abs must have 1 argument (2)", "abs(1, 2)"),
        ("divisible(c)", "divisible must have 2 arguments (1)", "divisible(c)"),
        ("1 + sqrt(c)",
         "sqrt is not a function here; there are min, max, abs, round, floor, ceil, divisible", "sqrt(c)"),
        ("max(a=1, b=2)", "'max(a=1, b=2)' is not part of an expression", "max(a=1, b=2)"),
        ("1 + 3x", "'3x' is neither a number nor a name", "3x"),
        ("1e5", "'1e5' is neither a number nor a name", "1e5"),
        ("1_000", "'1_000' is neither a number nor a name", "1_000"),
        ("c if i", "'c if i' is not an expression", "c if i"),
        ("c 2", "'c 2' is not an expression", "2"),
        ("c ** ", "'c **' is not an expression", "c ** "),
        ("8, 16", "'8, 16' is not part of an expression", "8, 16"),
        ("1 + (2, 3)", "'(2, 3)' is not part of an expression", "(2, 3)"),
        ("1 << 3", "'1 << 3' is not part of an expression", "1 << 3"),
        ("c is 1", "'c is 1' is not part of an expression", "c is 1"),
        ("None", "'None' is not part of an expression", "None"),
        ("(1)(2)", "'(1)(2)' is not part of an expression", "(1)(2)"),
        ("1 + '2'", "''' is not part of an expression", "'"),
        ("c[0]", "'[' is not part of an expression", "["),
        ("٣", "'٣' is not part of an expression", "٣"),
        ("c.numerator", "'c.numerator' must not have a dot: an expression reads arguments, i, row and cin, not layers",
         "c.numerator"),
        ("  ", "an expression must not be empty", ""),
    ],
)  # fmt: skip
def test_an_error_is_at_the_part_it_is_about(text: str, fact: str, part: str) -> None:
    assert at_fault(text) == (fact, part)


@pytest.mark.parametrize("text", ["  1 + zz", "zz", "max(zz, 1)", "1 if zz else 2"])
def test_an_unknown_name_is_told_where_it_stands(text: str) -> None:
    found = error(text)
    assert isinstance(found, UnknownVariable)
    assert (found.fact, found.name, text[found.start : found.end]) == ("'zz' has no value here", "zz", "zz")


def test_what_is_not_taken_is_not_worked_out() -> None:
    assert value("1 if c else 1/0") == 1
    assert value("i and 1/0") is False
    assert value("c or 1/0") is True


def test_the_length_is_limited() -> None:
    assert value("1" + "+1" * 99) == 100
    fact = "an expression must have at most 200 characters (201)"
    assert error("1" + "+1" * 100).fact == fact


@pytest.mark.parametrize(
    "text", ["(" * 99 + "1" + ")" * 99, "-" * 199 + "1", "not " * 49 + "1", "1 if 1 else " * 16 + "1"]
)
def test_any_nesting_of_that_length_has_a_value_or_is_refused(text: str) -> None:
    found = outcome(text)
    assert not isinstance(found, ExpressionError) or "not an expression" in found.fact or "nested" in found.fact


def test_the_names_of_an_expression_are_those_it_reads_where_they_first_stand() -> None:
    assert parse(" max(c, i) + c").names == {"c": (5, 6), "i": (8, 9)}


@pytest.mark.parametrize(
    ("channels", "by", "expected"),
    # 11.2 and 10 would fall to 8, which is less than 90% of them; 8.4 may
    [(32, 8, 32), (Fraction(24), 8, 24), (16, 8, 16), (Fraction(56, 5), 8, 16), (Fraction(42, 5), 8, 8), (1, 8, 8),
     (448, 8, 448), (Fraction(33), 8, 32), (Fraction(36), 8, 40), (Fraction(10), 8, 16)],
)  # fmt: skip
def test_channels_are_rounded_to_a_multiple_that_is_at_least_nine_tenths(
    channels: Number, by: int, expected: int
) -> None:
    assert divisible(channels, by) == expected
