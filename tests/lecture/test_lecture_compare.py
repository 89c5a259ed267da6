"""The lecture's comparisons at the command line: L2, L11, L18, L19 and L20."""

from __future__ import annotations

import json

import pytest

from ..cli.test_shapes_command import cnncalc

EDGES = ("--channels", "1", "--size", "280x320", "--padding", "valid")


def compared(*arguments):
    out, _ = cnncalc("compare", *arguments)
    return out


def row(out, title):
    """Return the cells of the first row of a title."""
    (line, *_) = [line for line in out.splitlines() if line.startswith(title)]
    return line[len(title) :].split()


def data(*arguments):
    return json.loads(compared(*arguments, "--format", "json"))


def test_L2_a_convolution_shares_its_weights_an_unshared_one_has_them_per_position_a_dense_one_per_pair():
    assert row(compared("5x5", "vs", "local5x5", "vs", "dense"), "weights") == ["25C²", "25HWC²", "C²H²W²"]


def test_L2_all_three_take_their_products_of_weights_and_outputs():
    assert row(compared("5x5", "vs", "local5x5", "vs", "dense"), "MACs") == ["25HWC²", "25HWC²", "C²H²W²"]


def test_L2_the_numbers_stand_beside_the_formulas():
    conv, local, dense = data("5x5", "vs", "local5x5", "vs", "dense", "--channels", "3", "--size", "8x10")["sides"]
    m = n = 3 * 8 * 10
    assert conv["numbers"]["params"] == 25 * 9
    assert local["numbers"]["params"] == 25 * 3 * n  # k*n: so many a position and channel
    assert dense["numbers"]["params"] == m * n


def test_L11_edge_detection_takes_178640_operations_where_a_dense_layer_takes_8003072000():
    lines = compared("1x2", "vs", "dense", *EDGES).splitlines()
    macs = next(index for index, line in enumerate(lines) if line.startswith("MACs"))
    assert lines[macs + 1].split()[-2:] == ["178,640", "8,003,072,000"]


def test_L11_both_give_an_output_319_wide():
    assert [side["numbers"]["output"] for side in data("1x2", "vs", "dense", *EDGES)["sides"]] == [[1, 280, 319]] * 2


def test_L18_one_7x7_has_49_C2_weights_and_three_3x3_27_C2():
    assert row(compared("7x7", "vs", "3x3x3"), "weights") == ["49C²", "27C²"]


def test_L18_one_7x7_takes_49_H_W_C2_multiply_adds_and_three_3x3_27_H_W_C2():
    assert row(compared("7x7", "vs", "3x3x3"), "MACs") == ["49HWC²", "27HWC²"]


def test_L18_both_see_7_by_7():
    assert row(compared("7x7", "vs", "3x3x3"), "receptive field") == ["7x7", "7x7"]


@pytest.mark.parametrize(("c", "h", "w"), [(64, 56, 56), (5, 7, 9), (256, 14, 13)])
def test_L18_the_numbers_for_a_chosen_C_H_and_W(c, h, w):
    one, three = data("7x7", "vs", "3x3x3", "--channels", str(c), "--size", f"{h}x{w}")["sides"]
    assert (one["numbers"]["params"], three["numbers"]["params"]) == (49 * c**2, 27 * c**2)
    assert (one["numbers"]["macs"], three["numbers"]["macs"]) == (49 * h * w * c**2, 27 * h * w * c**2)


def test_L18_the_verdict():
    out = compared("7x7", "vs", "3x3x3")
    assert (
        "Three 3x3 against one 7x7: 45% fewer weights and 45% fewer MACs (27/49 of them), the same field of 7x7; "
        "3 times the activations to keep for training, two more non-linearities (at every C, H and W)"
    ) in out


def test_L19_a_bottleneck_has_3_and_a_quarter_C2_weights_where_a_3x3_has_9_C2():
    out = compared("3x3", "vs", "1x1:C/2+3x3:C/2+1x1:C")
    assert "13/4 C²" in next(line for line in out.splitlines() if line.startswith("weights"))
    assert row(out, "weights")[0] == "9C²"
    assert row(out, "receptive field") == ["3x3", "3x3"]


def test_L20_1x3_and_3x1_have_6_C2_weights_where_3x3_has_9_C2():
    out = compared("3x3", "vs", "1x3+3x1")
    assert (row(out, "weights"), row(out, "receptive field")) == (["9C²", "6C²"], ["3x3", "3x3"])
