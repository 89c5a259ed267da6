"""Whose field is told: of a vector or its elements, of one input of several, exactly or at most."""

from __future__ import annotations

import pytest

from cnncalc.field import Extent, ReceptiveField
from cnncalc.sight import rectangle, sight
from cnncalc.sight.growth import everything_from, growth

from .test_sight import of

FLAT = "input: 1x8x8\nlayers: [{conv: 4, kernel: 3}, flatten, relu, {linear: 5}, {concat: [flatten1, linear1]}]"
MOVED = "input: 1x8x8\nlayers: [{reshape: 4x4x4}, {conv: 4, kernel: 1}, {reshape: 1x8x8}]"
TWO = """
rounding: floor
inputs: {left: 3x32x48, right: 3x16x24, z: 10}
layers:
- {conv: 8, kernel: 5, stride: 2, padding: 2, from: left, name: a}
- {conv: 8, kernel: 3, padding: 1, from: right, name: b}
- {concat: [a, b], name: c}
- {conv: 8, kernel: 3, dilation: 2, padding: 2, name: d}
- {linear: 3, from: z, name: e}
outputs: [d, e]
"""


@pytest.mark.parametrize("layer", ["flatten1", "relu1", "concat1"])
def test_an_element_of_a_flattened_vector_reads_what_its_position_reads(layer):
    seen = sight(of(FLAT), layer).vector
    assert seen.together == ((0, 7), (0, 7))
    assert seen.positions_of == ("conv1",)


def test_an_element_after_a_linear_layer_sees_the_whole():
    assert sight(of(FLAT), "linear1").vector.positions_of == ()


def test_a_vector_of_a_crop_sees_the_crop():
    assert sight(of("input: 1x9\nlayers: [{crop: 2}, {linear: 3}]"), "linear1").vector.together == ((2, 6),)


def test_a_flattened_input_has_the_positions_of_the_input():
    assert sight(of("input: 1x9\nlayers: [flatten]"), "flatten1").vector.positions_of == ("input",)


@pytest.mark.parametrize(("layer", "is_bound"), [("reshape1", True), ("conv1", True), ("reshape2", True)])
def test_behind_a_reshape_that_moves_elements_it_is_a_bound(layer, is_bound):
    assert sight(of(MOVED), layer).is_bound is is_bound


def test_a_slice_has_the_field_of_its_own_branch():
    layers = "[{concat: [[{conv: 4, kernel: 3, padding: 1}], [{conv: 4, kernel: 7, padding: 3}]]}, {slice: [0, 4]}]"
    (axis,) = sight(of(f"input: 3x16\nlayers: {layers}")).axes
    assert axis.closed == ReceptiveField(3, 1, -1)
    assert axis.padded == 2


def test_the_first_input_that_the_layer_reads_is_meant():
    assert sight(of(TWO), "b").of == "right"
    assert sight(of(TWO), "d").of == "left"


@pytest.mark.parametrize("layer", ["b", "e"])
def test_an_input_that_is_not_read_has_no_field(layer):
    seen = sight(of(TWO), layer, of="left")
    assert (seen.reads, seen.axes, growth(of(TWO), seen)) == (False, (), [])


def test_the_growth_is_of_the_input_that_is_meant():
    found = of(TWO)
    seen = sight(found, "d", of="right")
    assert [(step.path, step.sizes[0], step.field[0]) for step in growth(found, seen)] == [
        ("b", (3, 3), ReceptiveField(3, 1, -1)),
        ("c", (3, 3), ReceptiveField(3, 1, -1)),
        ("d", (7, 7), ReceptiveField(7, 1, -3)),
    ]


@pytest.mark.parametrize(("name", "field"), [("left", (13, 2, -6)), ("right", (7, 1, -3))])
def test_size_jump_and_start_are_those_of_the_input_that_is_meant(name, field):
    assert sight(of(TWO), "d", of=name).axes[0].closed == ReceptiveField(*field)


def test_an_input_has_not_the_size_of_another():
    found = of("inputs: {a: 1x9, b: 1x9}\nlayers: [{conv: 1, kernel: 3, from: a, padding: 1}, {add: [prev, b]}]")
    assert sight(found, "add1", of="b").axes[0].closed == ReceptiveField(1, 1, 0)


def test_one_interval_for_all_positions_is_told_as_such():
    found = of("inputs: {a: 1x9, b: 1x5}\nlayers: [{adaptive_avg_pool: 1, from: b}, {upsample: 9}, {add: [a, prev]}]")
    axis = sight(found, "add1", of="b").axes[0]
    assert axis.closed is Extent.WHOLE


def test_joined_paths_that_differ_along_both_axes_have_the_smaller_box():
    """Odd rows of the transposed convolution read nothing, so neither do their columns."""
    found = of(
        "input: 1x8x8\nlayers: [{concat: [[{conv: 1, kernel: 5, stride: 2, padding: [[2,1],[2,1]]}, "
        "{conv_transpose: 1, kernel: 1, stride: 2, output_padding: 1}], []]}]"
    )
    seen = sight(found)
    assert [one.real for one in rectangle(found, seen, (0, 1))] == [(0, 0), (1, 1)]
    assert [one.endless for one in rectangle(found, seen, (0, 0))] == [(-2, 2), (-2, 2)]


def test_what_reads_nothing_along_one_axis_reads_nothing():
    found = of("input: 1x6x6\nlayers: [{conv: 1, kernel: 1, padding: [[1, 1], [0, 0]]}]")
    assert [one.real for one in rectangle(found, sight(found), (0, 3))] == [None, None]


def test_a_billion_positions_are_not_looked_at_one_by_one():
    found = of("input: 1x1000000000\nlayers: [{conv: 1, kernel: 3, padding: 1}, {max_pool: 2}]")
    seen = sight(found)
    assert seen.axes[0].closed == ReceptiveField(4, 2, -1)
    assert not seen.axes[0].is_counted
    assert rectangle(found, seen, (0,))[0].real == (0, 2)


def test_a_kernel_of_thousands_of_taps_is_pulled_back_in_a_moment():
    (axis,) = sight(of("input: 1x20000\nlayers: [{conv: 1, kernel: 15001, padding: half}]")).axes
    assert (axis.padded, axis.read) == (15000, 15001)


def test_a_linear_layer_has_no_kernel_to_add_context():
    found = of("input: 1x3x3\nlayers: [{conv: 1, kernel: 3, padding: 1, repeat: 2}, {linear: 4}]")
    seen = sight(found, "linear1")
    assert everything_from(growth(found, seen), seen) == ["conv1.1"]


def test_a_network_that_sees_all_at_once_is_told_of():
    assert sight(of("input: 3x8x8\nlayers: [{linear: 3}]")).facts.node.path == "linear1"
