"""What rf tells: sizes by position, padding, holes, joins out of line, and where everything is seen already."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.errors import UsageError
from cnncalc.field import Extent, ReceptiveField
from cnncalc.sight import last_that_looks, node_of, rectangle, sight
from cnncalc.sight.growth import everything_from, growth
from cnncalc.sight.joins import misaligned


def of(text, **options):
    return cnncalc.analyze(cnncalc.loads("cnncalc: 1\n" + text, **options))


def zoo(name, **options):
    return cnncalc.analyze(cnncalc.load(f"zoo:{name}", **options))


def test_the_unets_field_depends_on_the_position():
    """204 for 288 rows and 188 for 100: two independent computations agree, and NaN through the real network."""
    for axis in sight(zoo("unet")).axes:
        assert axis.closed is Extent.UNKNOWN
        assert axis.sizes == {204: 288, 188: 100}


def test_a_closed_form_is_kept_where_there_is_one():
    assert {axis.closed for axis in sight(zoo("resnet50")).axes} == {ReceptiveField(427, 32, -213)}


def test_all_border_outputs_of_a_padded_layer_read_padding():
    (axis,) = sight(of("input: 1x10\nlayers: [{conv: 1, kernel: 3, padding: 1, repeat: 2}]")).axes
    assert (axis.padded, axis.outputs) == (4, 10)


def test_padding_in_the_middle_of_the_network_counts_too():
    (axis,) = sight(of("input: 1x10\nlayers: [{conv: 1, kernel: 5}, {pad: 1}, {conv: 1, kernel: 3}]")).axes
    assert axis.padded == 2


@pytest.mark.parametrize(("dilations", "read", "holes"), [((2, 2, 2), 7, 6), ((1, 2, 5), 17, 0), ((1, 2, 4), 15, 0)])
def test_holes_are_counted(dilations, read, holes):
    layers = ", ".join(f"{{conv: 1, kernel: 3, dilation: {d}, padding: {d}}}" for d in dilations)
    (axis,) = sight(of(f"input: 1x64\nlayers: [{layers}]")).axes
    assert (axis.read, axis.holes) == (read, holes)


def test_joins_out_of_line_are_told_in_pixels():
    found = of("input: 1x9x9\nlayers: [{conv: 1, kernel: 3, padding: 1, stride: 2, rounding: floor}, "
               "{add: [[{conv: 1, kernel: 2, padding: [[0, 1], [1, 0]]}], []]}]")  # fmt: skip
    told = [(one.axis, one.least, one.most) for one in misaligned(found, sight(found))]
    assert told == [("height", 1, 1), ("width", 1, 1)]


def test_a_join_that_is_in_line_is_not_told():
    found = zoo("resnet18")
    assert misaligned(found, sight(found)) == []


def test_joins_by_position_have_the_least_and_the_most():
    found = of("input: 1x16\nlayers: [{add: [[{max_pool: 4}, {upsample: 4}], []]}]")
    (one,) = misaligned(found, sight(found, "add1"))
    assert (one.least, one.most) == (Fraction(1, 2), Fraction(3, 2))


def test_layers_whose_input_sees_everything_are_named():
    found = of("input: 1x9x9\nlayers: [{conv: 1, kernel: 3, padding: 1, repeat: 6}]")
    steps = growth(found, sight(found, "conv1.5"))
    assert everything_from(steps, sight(found, "conv1.5")) == ["conv1.4", "conv1.5"]


def test_the_growth_is_the_recurrence():
    found = zoo("vgg16")
    steps = growth(found, sight(found, "stage.4.max_pool1"))
    pools = [step.sizes[0][0] for step in steps if step.op == "max_pool"]
    assert pools == [6, 16, 44, 100, 212]  # Araujo, Norris and Sim 2019, as a table of VGG-16's pools


@pytest.mark.parametrize(
    ("at", "endless", "real"),
    [((0, 0), (-217, 217), (0, 217)), ((3, 3), (-121, 313), (0, 223)), ((6, 6), (-25, 409), (0, 223))],
)
def test_the_rectangle_of_a_position(at, endless, real):
    found = zoo("resnet18")
    for one in rectangle(found, sight(found), at):
        assert (one.endless, one.real) == (endless, real)


def test_inputs_are_asked_about_one_by_one():
    found = of("inputs: {a: 1x9, b: 1x9}\nlayers: [{conv: 1, kernel: 3, from: a, padding: 1}, {add: [prev, b]}]")
    assert sight(found, "add1", of="a").axes[0].sizes == {3: 9}
    assert sight(found, "add1", of="b").axes[0].sizes == {1: 9}


def test_a_layer_that_sees_everything_has_no_axes_to_tell():
    assert sight(zoo("lenet5"), "linear1").axes == ()
    assert {axis.closed for axis in sight(zoo("resnet18"), "global_avg_pool1").axes} == {Extent.WHOLE}


def test_a_block_stands_for_the_layer_that_it_ends_in():
    found = zoo("resnet18")
    assert node_of(found, "stage.1").node.path == "stage.1.basic.1.add1.act"


def test_without_a_name_it_is_the_last_layer_that_does_not_see_all():
    assert last_that_looks(zoo("resnet18")).node.path == "stage.3.basic.1.add1.act"


@pytest.mark.parametrize(
    ("text", "options", "fact"),
    [
        ("input: 1x9\nlayers: [{conv: 1}]", {"path": "conv2"}, "did you mean conv1?"),
        ("input: 9\nlayers: [{linear: 3}]", {"path": "linear1"}, "a vector has no receptive field"),
        ("input: 1x9\nlayers: [{conv: 1}]", {"of": "other"}, "--of must be an input with an image: input"),
    ],
)
def test_what_cannot_be_asked_is_told(text, options, fact):
    with pytest.raises(UsageError, match=fact.replace("?", r"\?")):
        sight(of(text), **options)


@pytest.mark.parametrize("at", [(0,), (0, 7), (-1, 0), (0, 0, 0)])
def test_a_position_must_be_there(at):
    found = zoo("resnet18")
    with pytest.raises(UsageError, match="--at must"):
        rectangle(found, sight(found), at)
