"""``cnncalc shapes --symbolic``: formulas at the command line."""

import json

import pytest

from .test_shapes_command import cnncalc

SPEC = """
cnncalc: 1
input: [C, H, W]
layers: [{conv: C, kernel: 3, padding: 1, bias: false, repeat: 3}, {max_pool: 3, stride: 1}, {conv: 1}]
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return str(path)


def test_the_numbers_become_formulas(spec):
    out, _ = cnncalc("shapes", spec, "--symbolic")
    assert "input C x H x W" in out
    row = next(line for line in out.splitlines() if line.startswith("conv1.0"))
    assert row.split()[-5:] == ["9C²", "9HWC²", "3", "1", "-1"]
    assert "C x (H - 2) x (W - 2)" in out


def test_it_is_said_from_which_sizes_on_they_hold(spec):
    out, _ = cnncalc("shapes", spec, "--symbolic")
    assert "note: the formulas hold for all C >= 1 and H >= 3 and W >= 3" in out


def test_a_program_gets_formulas_that_it_can_read(spec):
    out, _ = cnncalc("shapes", spec, "--symbolic", "--format", "json")
    found = json.loads(out)
    assert found["symbols"] == {"C": 1, "H": 3, "W": 3}
    assert found["layers"][0]["macs"] == "9*C**2*H*W"
    assert eval(found["totals"]["params"], {"C": 4}) == 27 * 16 + 4 + 1


def test_some_symbols_may_have_a_value(spec):
    out, _ = cnncalc("shapes", spec, "--symbolic", "--set", "C=4")
    assert "144HW" in out


def test_the_inputs_of_any_spec_can_be_given_symbols():
    out, _ = cnncalc("shapes", "zoo:resnet18", "--symbolic", "--input", "3,32*h,32*w", "--depth", "1")
    assert "MACs 37,011,456hw + 512,000" in out


def test_a_size_that_is_no_multiple_is_told_which_to_declare():
    _, err = cnncalc("shapes", "zoo:resnet18", "--symbolic", "--input", "3,H,W", check=1)
    assert "conv1: conv: height: the whole part of 1/2 H - 1/2 must not depend on the value of H" in err
    assert "help: --input 3,32*H,32*W would do" in err


def test_an_expression_that_depends_is_told_at_its_place(tmp_path):
    path = tmp_path / "half.yaml"
    path.write_text("cnncalc: 1\ninput: [C, 8, 8]\nlayers: [{conv: cin//2}]\n", encoding="utf-8")
    _, err = cnncalc("shapes", str(path), "--symbolic", check=1)
    assert "half.yaml:3:17: layers.0: conv: out_channels: " in err
    assert "the whole part of 1/2 C must not depend on the value of C" in err


def test_a_fraction_of_channels_is_no_number_of_them(tmp_path):
    path = tmp_path / "half.yaml"
    path.write_text("cnncalc: 1\ninput: [C, 8, 8]\nlayers: [{conv: cin/2}]\n", encoding="utf-8")
    _, err = cnncalc("shapes", str(path), "--symbolic", check=1)
    assert "must be a whole number for all C (1/2 C): declare a multiple" in err


def test_a_filter_that_fits_no_such_size_is_refused_with_its_formula(tmp_path):
    path = tmp_path / "three.yaml"
    path.write_text("cnncalc: 1\ninput: [1, 3*h, 7]\nlayers: [{conv: 8, kernel: 3x1, stride: 3x1, padding: 1x0}]\n")
    _, err = cnncalc("shapes", str(path), "--symbolic", check=1)
    assert "(W - F + 2P)/S + 1 = (3h - 3 + 2*1)/3 + 1 = h + 2/3 must be a whole number" in err


def test_without_the_option_the_symbols_want_values(spec):
    _, err = cnncalc("shapes", spec, check=1)
    assert "the input has symbols without a value (C, H, W)" in err
    assert "`cnncalc shapes --symbolic`" in err


@pytest.mark.parametrize("given", [[], ["--input", "3x8x8"]])
def test_there_must_be_symbols(given):
    _, err = cnncalc("shapes", "zoo:lenet5", "--symbolic", *given, check=2)
    assert "--symbolic: the input must have symbols, in a list, as in --input 3,32*h,32*w" in err


@pytest.mark.parametrize("given", ["3,H", "3,H,W,", "3,(,W", "3,0*H,W", "3,H/2,W", "a**99,1,1", "3,-H,W"])
def test_a_symbolic_input_that_is_none_is_refused(given):
    _, err = cnncalc("shapes", "zoo:lenet5", "--symbolic", "--input", given, check=None)
    assert err


@pytest.mark.parametrize(
    ("spec", "given", "told"),
    [
        ("zoo:lenet5", "1,h,w", "1,4*h,4*w"),
        ("zoo:vgg16", "3,32*n,32*n", "3,224*n,224*n"),
        ("zoo:resnet18", "3,2*h,224", "3,32*h,224"),
    ],
)
def test_the_sizes_that_are_told_would_do(spec, given, told):
    _, err = cnncalc("shapes", spec, "--symbolic", "--input", given, check=1)
    assert f"help: --input {told} would do" in err
    cnncalc("shapes", spec, "--symbolic", "--input", told)


def test_symbols_of_the_input_that_is_given_can_have_values():
    out, _ = cnncalc("shapes", "zoo:lenet5", "--input", "1,4*h,4*w", "--set", "h=8", "--set", "w=8")
    assert "61,706" in out


def test_only_the_command_that_has_it_is_named_for_symbols():
    _, err = cnncalc("explain", "zoo:lenet5", "conv1", "--input", "1,h,w", check=2)
    assert "`cnncalc shapes --symbolic` leaves it a symbol" in err
