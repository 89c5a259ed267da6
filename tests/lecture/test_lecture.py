"""The lecture's ideas and numbers, row by row: every test is one behaviour, named with its row."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.errors import DoesNotFit, InvalidField, SpecError
from cnncalc.field import ReceptiveField
from cnncalc.layers.base import elements


def analyzed(text, **args):
    return cnncalc.analyze(cnncalc.loads("cnncalc: 1\n" + text, args=args))


def zoo(name, **args):
    return cnncalc.analyze(cnncalc.load(f"zoo:{name}", args=args))


def layer(shape, options, **args):
    """Return the facts of one layer on an input of a shape."""
    return analyzed(f"input: {shape}\nlayers: [{{{options}}}]", **args).facts[0]


# ---- L1: LeNet


def test_L1_lenet_is_conv_pool_conv_pool_conv_and_dense_layers():
    ops = [one.node.op for one in zoo("lenet5").facts if one.node.op != "tanh"]
    assert ops == ["conv", "avg_pool", "conv", "avg_pool", "conv", "linear", "linear"]


def test_L1_the_shapes_of_lenet_are_the_papers():
    shapes = [one.shape for one in zoo("lenet5").facts if one.node.op != "tanh"]
    assert shapes == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1), (84,), (10,)]


def test_L1_lenets_filters_are_5x5_at_stride_1():
    filters = [one for one in zoo("lenet5").facts if one.node.op == "conv"]
    assert [(one.parameters["weight"][2:], one.field[0].jump) for one in filters] == [
        ((5, 5), 1),
        ((5, 5), 2),
        ((5, 5), 4),
    ]


def test_L1_lenets_pools_are_2x2_at_stride_2():
    slides = [one.node.layer.slides(one.inputs[0][1:]) for one in zoo("lenet5").facts if one.node.op == "avg_pool"]
    assert [[(axis.kernel, axis.stride) for axis in axes] for axes in slides] == [[(2, 2), (2, 2)]] * 2


def test_L1_lenet_has_61706_parameters():
    assert zoo("lenet5").totals.params == 61_706


# ---- L2: a dense layer has m*n parameters, a locally connected one k*n, a convolution k


@pytest.mark.parametrize(("shape", "k"), [("1x40", 3), ("1x12x14", 3 * 3), ("1x6x8x10", 3 * 3 * 3)])
def test_L2_dense_is_m_times_n_locally_connected_k_times_n_and_shared_k(shape, k):
    filters = "1, kernel: 3, padding: same, bias: false"
    local, conv = layer(shape, f"locally_connected: {filters}"), layer(shape, f"conv: {filters}")
    m, n = elements(local.inputs[0]), elements(local.shape)
    dense = layer(shape, f"linear: {n}, bias: false")
    assert (dense.params, local.params, conv.params) == (m * n, k * n, k)
    assert (dense.macs, local.macs, conv.macs) == (m * n, k * n, k * n)


def test_L2_locally_connected_sees_what_the_convolution_sees():
    options = "kernel: 5, stride: 2, padding: half, rounding: floor"
    local, conv = (layer("3x32x24", f"{op}: 8, {options}") for op in ("locally_connected", "conv"))
    assert (local.shape, local.field, local.macs_on_input) == (conv.shape, conv.field, conv.macs_on_input)


def test_L2_kerass_own_example_has_900_filters_a_channel():
    # the documentation of Keras's LocallyConnected2D: (30*30)*(3*3*3*64) + (30*30)*64 parameters
    assert layer("3x32x32", "locally_connected: 64, kernel: 3").params == (30 * 30) * (3 * 3 * 3 * 64) + (30 * 30) * 64


# ---- L3: signals, images, videos


@pytest.mark.parametrize(
    ("spec", "output", "weight"),
    [
        ("lecture_signal_1d", (4, 996), (4, 2, 5)),
        ("lecture_image_2d", (4, 16, 26), (4, 2, 5, 5)),
        ("lecture_video_3d", (4, 6, 16, 26), (4, 2, 5, 5, 5)),
    ],
)
def test_L3_one_op_takes_its_rank_from_the_input(spec, output, weight):
    (conv,) = zoo(spec).facts
    assert (conv.node.op, conv.shape, conv.parameters["weight"]) == ("conv", output, weight)


@pytest.mark.parametrize(("spec", "rank"), [("lecture_signal_1d", 1), ("lecture_image_2d", 2), ("lecture_video_3d", 3)])
def test_L3_the_receptive_field_has_an_axis_for_each_of_the_input(spec, rank):
    assert zoo(spec).facts[0].field == (ReceptiveField(size=5, jump=1, start=0),) * rank


@pytest.mark.parametrize("spec", ["lecture_signal_1d", "lecture_image_2d", "lecture_video_3d"])
def test_L3_every_output_costs_every_weight_of_its_filter_in_any_rank(spec):
    (conv,) = zoo(spec).facts
    _, *taps = conv.parameters["weight"]
    cost = 1
    for count in (*taps, *conv.shape):
        cost *= count
    assert conv.macs == cost


# ---- L6: valid and same


def test_L6_valid_shrinks_by_the_filter_less_one():
    assert layer("1x5x6", "conv: 1, kernel: 3, padding: valid").shape == (1, 3, 4)


def test_L6_valid_is_what_a_layer_without_padding_does():
    assert layer("1x5x6", "conv: 1, kernel: 3").shape == layer("1x5x6", "conv: 1, kernel: 3, padding: valid").shape


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5, 7])
def test_L6_same_keeps_the_size_at_stride_1_with_any_filter(kernel):
    assert layer("1x5x6", f"conv: 1, kernel: {kernel}, padding: same").shape == (1, 5, 6)


# ---- L7: strides


def test_L7_stride_2_on_5x5_with_3x3_gives_2x2():
    assert layer("1x5x5", "conv: 1, kernel: 3, stride: 2").shape == (1, 2, 2)


@pytest.mark.parametrize(("size", "kernel", "stride"), [(5, 3, 2), (7, 3, 1), (7, 3, 2), (224, 4, 4), (9, 9, 5)])
def test_L7_the_output_is_input_less_filter_over_stride_plus_1(size, kernel, stride):
    output = (size - kernel) // stride + 1
    assert (size - kernel) % stride == 0
    shape = layer(f"1x{size}x{size}", f"conv: 1, kernel: {kernel}, stride: {stride}").shape
    assert shape == (1, output, output)


# ---- L8: 7x7, 3x3, stride 3 does not fit

MISFIT = "conv: 1, kernel: 3, stride: 3"


def test_L8_a_filter_that_does_not_fit_is_refused():
    with pytest.raises(SpecError) as refusal:
        layer("1x7x7", MISFIT)
    assert isinstance(refusal.value.__cause__, DoesNotFit)


def test_L8_the_refusal_shows_the_formula_with_its_numbers():
    with pytest.raises(SpecError) as refusal:
        layer("1x7x7", MISFIT)
    assert "(W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33" in str(refusal.value)


def test_L8_the_refusal_points_at_the_layer():
    with pytest.raises(SpecError) as refusal:
        layer("1x7x7", MISFIT)
    assert str(refusal.value).startswith("<text>:3:")
    assert ": conv1: conv: " in str(refusal.value)


def test_L8_a_pool_that_does_not_fit_is_refused_too():
    with pytest.raises(SpecError, match=r"= \(7 - 3 \+ 2\*0\)/3 \+ 1 = 2\.33"):
        layer("1x7x7", "max_pool: 3, stride: 3")


def test_L8_rounded_down_it_would_lose_13_of_the_49_pixels():
    facts = layer("1x7x7", f"{MISFIT}, rounding: floor")
    rows, columns = facts.dropped
    assert facts.shape == (1, 2, 2)
    assert 7 * 7 - (7 - rows) * (7 - columns) == 13


@pytest.mark.parametrize(("stride", "size"), [(1, 5), (2, 3)])
def test_L8_strides_1_and_2_fit(stride, size):
    assert layer("1x7x7", f"conv: 1, kernel: 3, stride: {stride}").shape == (1, size, size)


def test_L8_stride_3_fits_with_padding_1():
    assert layer("1x7x7", f"{MISFIT}, padding: 1").shape == (1, 3, 3)


# ---- L9: padding (F - 1)/2


@pytest.mark.parametrize("kernel", [1, 3, 5, 7, 11])
def test_L9_padding_of_half_the_filter_keeps_the_size_at_stride_1(kernel):
    assert layer("1x12x17", f"conv: 1, kernel: {kernel}, padding: {(kernel - 1) // 2}").shape == (1, 12, 17)


@pytest.mark.parametrize("kernel", [1, 3, 5, 7, 11])
def test_L9_the_word_half_is_that_padding(kernel):
    word, number = (
        layer("1x12x17", f"conv: 1, kernel: {kernel}, padding: {padding}") for padding in ("half", (kernel - 1) // 2)
    )
    assert (word.shape, word.field) == (number.shape, number.field)


@pytest.mark.parametrize("kernel", [2, 4, 6])
def test_L9_with_an_even_filter_half_makes_the_output_one_larger(kernel):
    assert layer("1x12x17", f"conv: 1, kernel: {kernel}, padding: half").shape == (1, 13, 18)


# ---- L10: six filters


def test_L10_six_5x5x3_filters_on_32x32x3_give_28x28x6():
    assert layer("3x32x32", "conv: 6, kernel: 5").shape == (6, 28, 28)


def test_L10_a_filter_extends_through_the_whole_depth():
    assert layer("3x32x32", "conv: 6, kernel: 5").parameters["weight"] == (6, 3, 5, 5)


# ---- L11: edge detection


def test_L11_the_edges_of_a_280_by_320_image_are_319_wide():
    assert zoo("edge_detection").facts[0].shape == (1, 280, 319)


def test_L11_the_convolution_takes_178640_operations():
    assert zoo("edge_detection").totals.macs == 319 * 280 * 1 * 2 == 178_640


def test_L11_a_dense_layer_takes_8003072000():
    assert layer("1x280x320", "linear: 280*319, bias: false").macs == 320 * 280 * 319 * 280 == 8_003_072_000


# ---- L12: inputs smaller than the filter


@pytest.mark.parametrize("size", [1, 2])
def test_L12_padding_2_lets_a_5x5_filter_keep_a_tiny_input(size):
    assert layer(f"1x{size}x{size}", "conv: 1, kernel: 5, stride: 1, padding: 2").shape == (1, size, size)


def test_L12_without_padding_there_is_no_output():
    with pytest.raises(SpecError, match="the window must not exceed the padded input"):
        layer("1x2x2", "conv: 1, kernel: 5")


# ---- L13: ten filters

TEN = "conv: 10, kernel: 5, stride: 1, padding: 2"


def test_L13_ten_5x5_filters_with_padding_2_on_32x32x3_give_32x32x10():
    assert layer("3x32x32", TEN).shape == (10, 32, 32)


def test_L13_each_filter_has_76_parameters():
    facts = layer("3x32x32", TEN.replace("10", "1"))
    assert facts.params == 5 * 5 * 3 + 1 == 76


def test_L13_the_ten_have_760():
    assert layer("3x32x32", TEN).params == 760


def test_L13_the_worked_line_has_the_lectures_numbers():
    facts = layer("3x32x32", TEN)
    formulas = {slide.formula() for slide in facts.node.layer.slides(facts.inputs[0][1:])}
    assert formulas == {"(W - F + 2P)/S + 1 = (32 - 5 + 2*2)/1 + 1 = 32"}


# ---- L14: the formulas, on a layer in which no two numbers agree

GENERAL = "conv: 7, kernel: 3, stride: 2, padding: 1"
W1, H1, D1, K, F, S, P = 23, 17, 4, 7, 3, 2, 1


def test_L14_the_width_is_W1_less_F_plus_2P_over_S_plus_1():
    assert layer(f"{D1}x{H1}x{W1}", GENERAL).shape[2] == (W1 - F + 2 * P) // S + 1 == 12


def test_L14_the_height_likewise():
    assert layer(f"{D1}x{H1}x{W1}", GENERAL).shape[1] == (H1 - F + 2 * P) // S + 1 == 9


def test_L14_the_depth_is_the_number_of_filters():
    assert layer(f"{D1}x{H1}x{W1}", GENERAL).shape[0] == K


def test_L14_a_filter_has_F_F_D1_weights():
    filters, *weights = layer(f"{D1}x{H1}x{W1}", GENERAL).parameters["weight"]
    assert (filters, weights) == (K, [D1, F, F])


def test_L14_there_are_K_biases():
    assert layer(f"{D1}x{H1}x{W1}", GENERAL).parameters["bias"] == (K,)


def test_L14_the_parameters_are_F_F_D1_K_and_K():
    assert layer(f"{D1}x{H1}x{W1}", GENERAL).params == F * F * D1 * K + K == 259


# ---- L16: inception modules and 1x1 convolutions


def test_L16_a_1x1_convolution_with_32_filters_takes_64_channels_to_32():
    assert layer("64x56x56", "conv: 32").shape == (32, 56, 56)


def test_L16_each_of_its_filters_is_1x1x64():
    assert layer("64x56x56", "conv: 32").parameters["weight"] == (32, 64, 1, 1)


def test_L16_googlenet_stacks_nine_inception_modules():
    ends = [one for one in zoo("googlenet").facts if one.node.op == "concat"]
    assert len(ends) == 9
    assert {len(one.inputs) for one in ends} == {4}  # 1x1, 3x3, 5x5 and the pool


def test_L16_the_first_module_puts_64_128_32_and_32_channels_side_by_side():
    # Szegedy et al. 2015, table 1, inception (3a)
    module = next(one for one in zoo("googlenet").facts if one.node.op == "concat")
    assert [shape[0] for shape in module.inputs] == [64, 128, 32, 32]
    assert module.shape == (256, 28, 28)


# ---- L17: stacked 3x3


@pytest.mark.parametrize(("layers", "pixels"), [(1, 3), (2, 5), (3, 7)])
def test_L17_a_neuron_after_so_many_3x3_sees_so_many_pixels(layers, pixels):
    assert {axis.size for axis in zoo("lecture_stacked_3x3", n=layers).facts[-1].field} == {pixels}


# ---- L18 to L20: counts, for C channels of H by W

SIZES = pytest.mark.parametrize(("c", "h", "w"), [(2, 5, 6), (64, 56, 56), (256, 14, 28)])


def counts(spec, **args):
    totals = zoo(spec, **args).totals
    return totals.params, totals.macs


@SIZES
def test_L18_one_7x7_has_49_C2_weights_and_49_H_W_C2_multiply_adds(c, h, w):
    assert counts("lecture_one_7x7", c=c, h=h, w=w) == (49 * c**2, 49 * h * w * c**2)


@SIZES
def test_L18_three_3x3_have_27_C2_weights_and_27_H_W_C2_multiply_adds(c, h, w):
    assert counts("lecture_stacked_3x3", c=c, h=h, w=w) == (27 * c**2, 27 * h * w * c**2)


def test_L18_both_see_7_pixels():
    assert zoo("lecture_one_7x7").facts[-1].field == zoo("lecture_stacked_3x3").facts[-1].field


@SIZES
def test_L19_a_bottleneck_has_3_and_a_quarter_C2_weights(c, h, w):
    assert counts("lecture_bottleneck", c=c, h=h, w=w) == (13 * c**2 // 4, 13 * h * w * c**2 // 4)


@SIZES
def test_L19_the_3x3_that_it_stands_for_has_9_C2(c, h, w):
    assert counts("lecture_stacked_3x3", n=1, c=c, h=h, w=w) == (9 * c**2, 9 * h * w * c**2)


def test_L19_both_see_3_pixels():
    assert zoo("lecture_bottleneck").facts[-1].field == zoo("lecture_stacked_3x3", n=1).facts[-1].field


def test_L19_half_of_an_odd_number_of_channels_is_refused():
    with pytest.raises(InvalidField, match=r"out_channels must be a whole number \(3.5\)"):
        layer("7x5x5", "conv: cin/2")


@SIZES
def test_L20_1x3_and_3x1_have_6_C2_weights_where_3x3_has_9_C2(c, h, w):
    assert counts("lecture_1x3_3x1", c=c, h=h, w=w) == (6 * c**2, 6 * h * w * c**2)


def test_L20_both_see_3_by_3_pixels():
    assert zoo("lecture_1x3_3x1").facts[-1].field == zoo("lecture_stacked_3x3", n=1).facts[-1].field


# ---- L21: the latest GoogLeNet has all these ideas


def kernels(block):
    """Return the kernels of a block's convolutions, in the order of the file."""
    found = (one for one in zoo("inception_v3").facts if one.node.op == "conv" and one.node.path.startswith(block))
    return [one.parameters["weight"][2:] for one in found]


def test_L21_inception_v3_has_the_published_totals():
    totals = zoo("inception_v3").totals
    assert (totals.params, totals.macs) == (23_834_568, 5_713_216_096)  # torchvision, without the auxiliary head


def test_L21_it_stacks_3x3():
    assert kernels("mixed_5.0.")[-3:-1] == [(3, 3), (3, 3)]


def test_L21_it_factors_7x7_into_1x7_and_7x1():
    module = kernels("mixed_6.0.")
    assert (7, 7) not in module
    assert module.count((1, 7)) == module.count((7, 1)) == 3


def test_L21_it_has_1x1_bottlenecks():
    # Szegedy et al. 2016, as torchvision has it: 768 channels are cut to 128 before the 1x7 and 7x1 of the first module
    before = [one for one in zoo("inception_v3").facts if one.node.path == "mixed_6.0.conv2"]
    assert [(one.inputs[0][0], one.parameters["weight"]) for one in before] == [(768, (128, 768, 1, 1))]
