"""Numbers that are known: the tables of docs/counting.md, the lecture's matrices, and what SciPy computes."""

import math

import numpy as np
import pytest

from cnncalc.execute.dispatch import Meter, kernel
from cnncalc.execute.kernels.erf import erf
from cnncalc.layers import layer_class

from .cases import SEED, counting, run


def layer(op, **options):
    return layer_class(op)(**options)


def plane(rows, dtype=np.float64):
    return np.array(rows, dtype)[None, None]


def test_avg_pool_with_ceil_drops_the_window_that_starts_in_the_right_padding():
    pool = layer("avg_pool", kernel=4, stride=4, padding=2, rounding="ceil")
    found = run(pool, counting(1, 1, 9))
    assert found.shape == (1, 1, 3)  # the windows start at -2, 2 and 6; one at 10 would see padding alone
    np.testing.assert_allclose(found[0, 0], [(1 + 2) / 4, (3 + 4 + 5 + 6) / 4, (7 + 8 + 9) / 4])


def test_max_pool_with_ceil_drops_the_window_that_starts_past_the_end():
    found = run(layer("max_pool", kernel=1, stride=2, rounding="ceil"), counting(1, 1, 12))
    np.testing.assert_array_equal(found[0, 0], [1, 3, 5, 7, 9, 11])


def test_the_overhang_of_avg_pool_is_never_in_the_divisor():
    pool = layer("avg_pool", kernel=3, stride=2, padding=1, rounding="ceil", count_include_pad=True)
    found = run(pool, counting(1, 1, 4, 4))
    expected = [[14 / 9, 30 / 9, 2], [57 / 9, 11, 6], [4.5, 7.5, 4]]
    np.testing.assert_allclose(found[0, 0], expected, rtol=1e-15)


def test_avg_pool_divides_by_what_a_window_at_the_edge_really_reads():
    pool = layer("avg_pool", kernel=2, stride=3, rounding="ceil")
    expected = [[5, 8, 10.5], [26, 29, 31.5], [43.5, 46.5, 49]]
    np.testing.assert_allclose(run(pool, counting(1, 1, 7, 7))[0, 0], expected)
    np.testing.assert_allclose(run(pool, counting(1, 1, 7, 7) - 1)[0, 0], np.array(expected) - 1)


def test_padding_of_max_pool_is_not_zero():
    found = run(layer("max_pool", kernel=3, stride=2, padding=1, rounding="floor"), -counting(1, 1, 5))
    np.testing.assert_array_equal(found[0, 0], [-1, -2, -4])


def test_the_smallest_transposed_convolution_has_48_macs():
    up, meter = layer("conv_transpose", out_channels=1, kernel=2, stride=2, bias=False), Meter()
    found = kernel(up, [np.ones((1, 3, 2, 2))], {"weight": np.ones((3, 1, 2, 2))}, meter)
    assert meter.macs == 48
    np.testing.assert_array_equal(found, np.full((1, 1, 4, 4), 3.0))


IMAGE = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
FILTER = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_lectures_cross_correlation(dtype):
    conv = layer("conv", out_channels=1, kernel=3, bias=False)
    found = run(conv, plane(IMAGE, dtype), weight=plane(FILTER, dtype))
    np.testing.assert_array_equal(found[0, 0], [[12, 12, 17], [10, 17, 19], [9, 6, 14]])


def convolved(image, taps):
    """Return the true convolution, all of it: flip: true, padding: full; the same as a kernel flipped by hand."""
    weight = plane(taps)
    options = {"out_channels": 1, "kernel": weight.shape[2:], "padding": "full", "bias": False}
    found = run(layer("conv", flip=True, **options), plane(image), weight=weight)[0, 0]
    by_hand = np.ascontiguousarray(weight[:, :, ::-1, ::-1])
    assert np.array_equal(found, run(layer("conv", **options), plane(image), weight=by_hand)[0, 0])
    return found


def test_the_lectures_convolution_whose_printed_ten_is_a_twelve():
    image = [[0, 1, 3], [1, 2, 2], [0, 0, 0]]
    found = convolved(image, FILTER)
    np.testing.assert_array_equal(found[:3, :3], [[0, 0, 1], [0, 3, 12], [2, 6, 9]])
    image[0][2] = 2  # with which the printed matrix comes out whole
    np.testing.assert_array_equal(convolved(image, FILTER)[:3, :3], [[0, 0, 1], [0, 3, 10], [2, 6, 9]])


def test_true_convolution_commutes():
    image = [[0, 1, 3], [1, 2, 2], [0, 0, 0]]
    np.testing.assert_array_equal(convolved(image, FILTER), convolved(FILTER, image))


def test_scipy_convolves_the_same():
    signal = pytest.importorskip("scipy.signal")
    np.testing.assert_array_equal(convolved(IMAGE, FILTER), signal.convolve2d(IMAGE, FILTER))


@pytest.mark.parametrize("sizes", [(11,), (9, 7), (4, 6, 5)])
@pytest.mark.parametrize(("padding", "mode"), [("valid", "valid"), ("full", "full"), ("half", "same")])
def test_scipy_correlates_the_same(sizes, padding, mode):
    signal = pytest.importorskip("scipy.signal")
    random = np.random.default_rng(SEED)
    print(f"CNNCALC_SEED={SEED}")
    source, weight = random.standard_normal((2, 3, *sizes)), random.standard_normal((5, 3, *(3,) * len(sizes)))
    found = run(layer("conv", out_channels=5, kernel=3, padding=padding, bias=False), source, weight=weight)
    for sample in range(2):
        for channel in range(5):
            pairs = zip(source[sample], weight[channel], strict=True)
            expected = sum(signal.correlate(plane, taps, mode=mode) for plane, taps in pairs)
            np.testing.assert_allclose(found[sample, channel], expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("sizes", [(11,), (9, 7), (4, 6, 5)])
def test_kernels_that_are_the_same_everywhere_make_a_convolution(sizes):
    random = np.random.default_rng(SEED)
    print(f"CNNCALC_SEED={SEED}")
    options = {"out_channels": 5, "kernel": 3, "stride": 2, "padding": "same", "dilation": 2}
    source, weight = random.standard_normal((2, 3, *sizes)), random.standard_normal((5, 3, *(3,) * len(sizes)))
    bias, local = random.standard_normal(5), layer("locally_connected", **options)
    shapes = local.parameters([(3, *sizes)])
    everywhere = {
        "weight": np.broadcast_to(weight, shapes["weight"]),
        "bias": np.broadcast_to(bias.reshape(-1, *(1,) * len(sizes)), shapes["bias"]),
    }
    expected = run(layer("conv", **options), source, weight=weight, bias=bias)
    np.testing.assert_allclose(run(local, source, **everywhere), expected, rtol=1e-11, atol=1e-11)


def test_a_kernel_as_large_as_the_input_makes_a_dense_layer():
    random = np.random.default_rng(SEED)
    print(f"CNNCALC_SEED={SEED}")
    source, weight, bias = (random.standard_normal(shape) for shape in [(2, 3, 4, 6), (5, 3 * 4 * 6), (5,)])
    local = layer("locally_connected", out_channels=5, kernel=(4, 6))
    found = run(local, source, weight=weight.reshape(1, 1, 5, 3, 4, 6), bias=bias.reshape(5, 1, 1))
    expected = run(layer("linear", out_features=5), source, weight=weight, bias=bias)
    np.testing.assert_allclose(found[:, :, 0, 0], expected, rtol=1e-11, atol=1e-11)


def test_each_position_has_the_kernel_of_its_own_place():
    local, source = layer("locally_connected", out_channels=1, kernel=(1, 2), bias=False), counting(1, 1, 2, 3)
    weight = counting(2, 2, 1, 1, 1, 2)  # 1 to 8, two for each of the four positions
    found = run(local, source, weight=weight)[0, 0]
    np.testing.assert_array_equal(found, [[1 * 1 + 2 * 2, 2 * 3 + 3 * 4], [4 * 5 + 5 * 6, 5 * 7 + 6 * 8]])


def test_edges_of_a_picture_by_a_difference():
    conv = layer("conv", out_channels=1, kernel=(1, 2), bias=False)
    image = np.random.default_rng(SEED).standard_normal((1, 1, 28, 32))
    found = run(conv, image, weight=np.array([[[[1.0, -1.0]]]]))
    assert found.shape == (1, 1, 28, 31)
    np.testing.assert_allclose(found, -np.diff(image, axis=3), rtol=1e-15)


def test_erf_is_that_of_the_mathematics_library_to_the_last_digits():
    values = np.concatenate([np.linspace(-7, 7, 200_001), 10.0 ** np.arange(-300, 1), [0.46875, 4.0, 6.0]])
    expected = np.array([math.erf(value) for value in values])
    wrong = np.abs(erf(values) - expected)
    assert (wrong <= 1e-15 * np.abs(expected)).all(), wrong.max()


def test_erf_of_single_precision_is_right_to_single_precision():
    values = np.linspace(-7, 7, 200_001).astype(np.float32)
    expected = np.array([math.erf(value) for value in values.tolist()])
    found = erf(values)
    assert found.dtype == np.float32
    assert (np.abs(found - expected) <= 5e-7 * np.abs(expected)).all()


def test_erf_of_what_is_no_number():
    np.testing.assert_array_equal(erf(np.array([np.nan, np.inf, -np.inf, -0.0])), [np.nan, 1, -1, -0.0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_a_gelu_is_zero_or_the_input(dtype):
    values = np.array([[-1e30, -1000, -10, 10, 1000, 1e30]], dtype)
    expected = np.where(values > 0, values, 0)
    np.testing.assert_allclose(run(layer("act", function="gelu"), values), expected, rtol=1e-12, atol=1e-12)


def test_pixel_shuffle_reads_a_blocks_channels_row_by_row():
    found = run(layer("pixel_shuffle", factor=2), counting(1, 8, 1, 1))
    np.testing.assert_array_equal(found[0], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])


def test_channel_shuffle_interleaves_the_groups():
    found = run(layer("channel_shuffle", groups=2), counting(1, 6, 1))
    np.testing.assert_array_equal(found.ravel(), [1, 4, 2, 5, 3, 6])


def test_linear_interpolation_keeps_the_edges_and_a_ramp():
    found = run(layer("upsample", factor=2, mode="bilinear"), np.array([[[0.0, 4.0, 8.0]]]))
    np.testing.assert_array_equal(found[0, 0], [0, 1, 3, 5, 7, 8])


def test_align_stretch_sets_one_value_beside_every_position():
    found = kernel(layer("concat", align="stretch"), [counting(1, 1, 2, 3), np.full((1, 1, 1, 1), 9.0)], {}, Meter())
    assert found.tolist() == [[[[1, 2, 3], [4, 5, 6]], [[9, 9, 9], [9, 9, 9]]]]


def test_align_crop_cuts_the_larger_operand_about_its_centre():
    found = kernel(layer("add", align="crop"), [counting(1, 1, 5), np.zeros((1, 1, 3))], {}, Meter())
    np.testing.assert_array_equal(found[0, 0], [2, 3, 4])


def test_a_gate_of_size_one_multiplies_all_of_an_axis():
    gate = np.array([2.0, 3.0]).reshape(1, 2, 1)
    found = kernel(layer("multiply"), [gate, counting(1, 2, 3)], {}, Meter())
    np.testing.assert_array_equal(found[0], [[2, 4, 6], [12, 15, 18]])


def test_the_neighbours_of_a_local_response_norm_are_channels():
    source = np.zeros((1, 5, 2, 3))
    source[0, 2] = 3.0
    source[0, 4] = 1.0
    found = run(layer("local_response_norm", size=3), source)
    np.testing.assert_allclose(found[0, 2], 3 / (1 + 1e-4 * 9 / 3) ** 0.75, rtol=1e-15)
    np.testing.assert_allclose(found[0, 4], 1 / (1 + 1e-4 * 1 / 3) ** 0.75, rtol=1e-15)
