"""What an output reads, of its layer's input and of the image, against brute force."""

import pytest

import cnncalc
from cnncalc.errors import UsageError
from cnncalc.explain import explained
from cnncalc.explain.image import pulled_back, span
from tests.explain.arithmetic import lines, named
from tests.properties.dependence import projected, random_networks, spec

NETWORKS = {1: 300, 2: 60}


def loaded(text):
    return cnncalc.analyze(cnncalc.loads("cnncalc: 1\n" + text))


def texts(analysis, path, at=None, title="reads"):
    return [line.text for line in lines(explained(analysis, path, at), title)]


def ends(bits):
    return range((bits & -bits).bit_length() - 1, bits.bit_length())


@pytest.mark.parametrize("rank", NETWORKS)
def test_the_first_and_last_pixel_are_those_that_are_really_read(rank):
    """Of every position of the last node of random networks, borders included."""
    compared = 0
    for number, sizes, layers, nodes in random_networks(NETWORKS[rank], rank, seed=5):
        analysis = cnncalc.analyze(cnncalc.loads(spec(sizes, layers)))
        _, facts, trace = nodes[-1]
        for place, bits in list(trace.real.items())[:: 1 + len(trace.real) // 20]:
            found, within = pulled_back(analysis, facts.node.path, place)
            assert not within
            if not bits:
                assert found == {}, f"network {number}: {place}"
                continue
            wanted = [ends(projected(bits, sizes, axis)) for axis in range(rank)]
            assert span(found, "input") == wanted, f"network {number}: {place}"
            compared += 1
    assert compared > NETWORKS[rank]


def test_an_inner_window_reads_no_padding():
    analysis = loaded("input: 3x32x32\nlayers: [{conv: 10, kernel: 5, padding: 2}]")
    found = texts(analysis, "conv1", (16, 3))
    assert found[0].startswith("rows 14 to 18: ")
    assert found[1].startswith("columns 1 to 5: ")
    assert "taps on padding = 5*5 - 5*5 = 0 of 25" in found


def test_a_corner_says_how_many_taps_lie_on_padding():
    analysis = loaded("input: 3x32x32\nlayers: [{conv: 10, kernel: 5, padding: 2}]")
    found = texts(analysis, "conv1", (0, 31))
    assert found[0] == "rows 0 to 2: first = i*S - P = 0*1 - 2 = -2; last = -2 + 5 - 1 = 2"
    assert found[1].startswith("columns 29 to 31: ")
    assert "taps on padding = 5*5 - 3*3 = 16 of 25" in found


def test_a_dilated_window_reads_every_other_row():
    analysis = loaded("input: 1x9\nlayers: [{conv: 1, kernel: 3, dilation: 2}]")
    assert texts(analysis, "conv1", (1,))[0].startswith("positions 1, 3, 5: ")


def test_a_window_of_padding_alone_says_so():
    analysis = loaded("input: 1x9\nlayers: [{conv: 1, kernel: 1, padding: 2}]")
    assert texts(analysis, "conv1", (0,))[0].startswith("no positions, all of it padding: ")
    assert texts(analysis, "conv1", (0,))[-1] == "of input, 1x9: nothing"


def test_an_adaptive_bin_is_worked_out():
    analysis = loaded("input: 1x13\nlayers: [{adaptive_avg_pool: 6}]")
    found = texts(analysis, "adaptive_avg_pool1", (1,))[0]
    assert found == (
        "positions 2 to 4: first = floor(i*L1/L2) = floor(1*13/6) = 2; "
        "last = ceil((i + 1)*L1/L2) - 1 = ceil((1 + 1)*13/6) - 1 = 4"
    )


def test_a_transposed_convolution_reads_the_inputs_whose_kernels_reach():
    analysis = loaded("input: 1x4\nlayers: [{conv_transpose: 1, kernel: 3, stride: 2, padding: 1}]")
    found = texts(analysis, "conv_transpose1", (1,))[0]
    assert found == "positions 0 to 1: i + P1 = 1 + 1 = 2, where input m spreads over m*2 to m*2 + 2"


@pytest.mark.parametrize(("counts", "divisor"), [("true", 4 * 4), ("false", 3 * 3)])
def test_the_divisor_of_a_mean_counts_padding_only_if_told(counts, divisor):
    pool = f"{{avg_pool: 4, stride: 1, padding: 1, count_include_pad: {counts}}}"
    explanation = explained(loaded(f"input: 1x8x8\nlayers: [{pool}]"), "avg_pool1", (0, 0))
    assert named(explanation, "reads")["divisor of the mean"] == divisor


def test_the_overhang_is_never_in_the_divisor():
    analysis = loaded("input: 1x4\nlayers: [{avg_pool: 3, stride: 2, padding: 1, rounding: ceil}]")
    assert named(explained(analysis, "avg_pool1", (2,)), "reads")["divisor of the mean"] == 2


def test_a_join_says_what_it_reads_of_each_operand():
    spec = "input: 1x9x9\nlayers: [{concat: [[], [{conv: 2, kernel: 3}]], align: crop, name: j}]"
    found = texts(loaded(spec), "j", (2, 3))
    assert "row 3 of input: i + cut = 2 + 1 = 3" in found
    assert "row 2 of conv1: i = 2" in found


def test_the_middle_is_explained_unless_another_position_is_asked_for():
    analysis = loaded("input: 3x16x9x7\nlayers: [{conv: 10, kernel: 3, padding: 1}]")
    assert explained(analysis, "conv1").at == (8, 4, 3)
    assert explained(analysis, "conv1", (0, 8, 6)).at == (0, 8, 6)
    assert any("(8, 4, 3), the middle," in section.title for section in explained(analysis, "conv1").sections)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ((9, 0), "--at: height must be 0 to 8 (9)"),
        ((0, -1), "--at: width must be 0 to 6 (-1)"),
        ((1,), "--at must have a number for each axis of the 9x7 output (1, not 2)"),
    ],
)
def test_a_position_outside_is_refused_with_the_legal_range(at, message):
    with pytest.raises(UsageError) as refusal:
        explained(loaded("input: 3x9x7\nlayers: [relu]"), "relu1", at)
    assert str(refusal.value) == message


def test_a_vector_has_no_positions():
    with pytest.raises(UsageError, match="the output is a vector of 3"):
        explained(loaded("input: 5\nlayers: [{linear: 3}]"), "linear1", (1,))


def test_an_image_too_large_to_follow_is_said_and_not_followed():
    analysis = loaded("input: 1x4000000000\nlayers: [{conv: 1, kernel: 3}, global_avg_pool]")
    assert "of the image: too many positions to follow them one by one" in texts(analysis, "global_avg_pool1")


def test_several_inputs_are_told_apart():
    spec = "inputs: {a: 1x9x9, z: 4}\nlayers: [{conv: 1, kernel: 3, from: a}]"
    found = texts(loaded(spec), "conv1", (0, 0))
    assert "of a, 1x9x9: rows 0 to 2, columns 0 to 2" in found
    assert "of z, 4: nothing" in found


def test_a_reshape_says_which_element_it_is():
    analysis = loaded("input: 4x6x6\nlayers: [{reshape: 4x4x9}]")
    found = texts(analysis, "reshape1", (1, 2))
    assert "in channel 0: element = 1*9 + 2*1 = 11, which is (0, 1, 5) of the input" in found


def test_after_a_reshape_no_more_is_said_than_is_known():
    analysis = loaded("input: 4x6x6\nlayers: [{reshape: 4x4x9}]")
    found = texts(analysis, "reshape1", (1, 2))
    assert found[-1] == "of input, 4x6x6: within rows 0 to 5, columns 0 to 5, as elements were rearranged on the way"


def test_what_a_linear_layer_reads_of_a_flattened_map_is_exact():
    analysis = loaded("input: 1x9x9\nlayers: [{conv: 2, kernel: 3, stride: 2}, flatten, {linear: 3}, {reshape: 3x1x1}]")
    for path in ("flatten1", "linear1"):
        assert texts(analysis, path)[-1] == "all outputs together: of input, 1x9x9: rows 0 to 8, columns 0 to 8"
    assert pulled_back(analysis, "linear1", ()).within is False
    assert pulled_back(analysis, "reshape1", (0, 0)).within is True


def test_a_stride_after_a_reshape_leaves_it_open_what_is_read():
    analysis = loaded("input: 4x6x6\nlayers: [{reshape: 4x4x9}, {conv: 1, stride: 3, rounding: floor}, {linear: 3}]")
    assert pulled_back(analysis, "linear1", ()).within is True
