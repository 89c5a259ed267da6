"""Plain scalars: what YAML 1.1 and 1.2 agree on is taken, the rest is refused with what to write instead."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
import yaml

from cnncalc.spec.scalar import Ambiguous, plain

# the core schema of YAML 1.2.2, section 10.3.2
CORE = [
    (re.compile(r"null|Null|NULL|~|"), lambda text: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"), lambda text: float(text.replace(".", ""))),
]


def of_1_2(text: str) -> object:
    """Return what YAML 1.2 makes of a plain scalar."""
    return next((read(text) for pattern, read in CORE if pattern.fullmatch(text)), text)


def of_1_1(text: str) -> object:
    """Return what YAML 1.1 makes of it, as PyYAML reads it."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return yaml.YAMLError


def same(one: object, two: object) -> bool:
    return type(one) is type(two) and one == two


AMBIGUOUS = {
    "yes": "true", "Yes": "true", "YES": "true", "on": "true", "On": "true", "ON": "true",
    "no": "false", "No": "false", "NO": "false", "off": "false", "Off": "false", "OFF": "false",
    "010": "10", "-010": "-10", "0777": "777", "08": "8", "0o10": "8", "0b11": "3", "-0x1F": "-31",
    "1_000": "1000", "1__0": "10", "1_0.5": "10.5", "0_": "0",
    "1e3": "1000", "1E3": "1000", "12e03": "12000", "1.e3": "1000", "1.5e3": "1500", "1e-7": "0.0000001", ".5e3": "500",
    "-.5": "-0.5", "+.5": "0.5",
    "1:30": '"1:30"', "-1:30": '"-1:30"', "190:20:30": '"190:20:30"', "1:30.5": '"1:30.5"',
    "2015-12-10": '"2015-12-10"', "2015-12-10 10:00:00": '"2015-12-10 10:00:00"', "=": '"="', "<<": '"<<"',
}  # fmt: skip
"""Each of these means one thing to YAML 1.1 and another to 1.2; the value is what to write instead."""


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_the_two_versions_of_yaml_do_differ(text: str) -> None:
    assert not same(of_1_1(text), of_1_2(text))


@pytest.mark.parametrize(("text", "instead"), AMBIGUOUS.items())
def test_an_ambiguous_scalar_is_refused_with_what_to_write_instead(text: str, instead: str) -> None:
    with pytest.raises(Ambiguous) as caught:
        plain(text)
    assert str(caught.value).startswith(f"'{text}' is ")
    assert f": write {instead}" in str(caught.value)
    assert str(caught.value).endswith((f'write "{text}"', f'"{text}" for the text'))


@pytest.mark.parametrize(("text", "instead"), AMBIGUOUS.items())
def test_what_is_to_be_written_instead_is_no_more_ambiguous(text: str, instead: str) -> None:
    if not instead.startswith('"'):
        assert plain(instead) is not None
        assert float(str(of_1_1(instead))) == float(str(of_1_2(instead))) if instead[-1].isdigit() else True


@pytest.mark.parametrize("text", ["y", "Y", "00", "07", "0x1F", ".inf", "-.Inf", ".nan", ".NAN"])
def test_what_no_spec_means_is_refused_too(text: str) -> None:
    with pytest.raises(Ambiguous, match="write"):
        plain(text)


@pytest.mark.parametrize(
    "text", ["n", "N", "yess", "one", "relu", "3x3", "1:75", "0xg", "5M", "1.2G", "0.1.2", "-", "+"]
)
def test_what_no_version_reads_otherwise_is_text(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("text", ["n", "N"])
def test_a_lone_n_is_the_name_of_a_count(text: str) -> None:
    assert same(of_1_1(text), of_1_2(text))
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-0", 0), ("+3", 3), ("-12", -12), ("9223372036854775807", 2**63 - 1), ("1.5", Fraction(3, 2)),
        ("0.1", Fraction(1, 10)), ("1.", Fraction(1)), (".5", Fraction(1, 2)), ("-1.5", Fraction(-3, 2)),
        ("1.0e+3", Fraction(1000)), ("1.5e-3", Fraction(3, 2000)), ("2.5E+1", Fraction(25)),
        ("true", True), ("False", False), ("TRUE", True), ("~", None), ("null", None), ("", None), ("NULL", None),
    ],
)  # fmt: skip
def test_what_both_versions_read_alike_is_taken_exactly(text: str, value: object) -> None:
    assert plain(text) == value
    assert type(plain(text)) is type(value)
    both = of_1_1(text) if text != "-0" else 0, of_1_2(text)
    assert both == (value, value) if not isinstance(value, Fraction) else both == (float(value), float(value))


@pytest.mark.parametrize("text", ["9223372036854775808", "1" * 500, "1.0e+99", "1.0e-99", "0.30000000000000000001"])
def test_a_number_must_fit_in_64_bits(text: str) -> None:
    with pytest.raises(ValueError, match="a number must fit in 64 bits"):
        plain(text)


def test_a_long_decimal_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("a number must have at most 40 characters (502)")):
        plain("0." + "1" * 500)


@pytest.mark.parametrize(
    "text", ["1_" * 200_000 + "z", "1" * 400_000 + "z", "1:" * 200_000 + "z", "0" * 400_000 + "_z"]
)
def test_a_long_scalar_is_read_in_linear_time(text: str) -> None:
    assert plain(text) == text
