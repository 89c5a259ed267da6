"""The output sizes that are known by name: Dumoulin and Visin's relationships, and the tables of the methodology.

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv 1603.07285, chapters 2 to 5.
"""

from itertools import product

import pytest

import cnncalc
from cnncalc.errors import DoesNotCompute, DoesNotFit, WindowExceedsInput
from cnncalc.slide import Slide


def size(line, i):
    """Return the output size of one layer over ``i`` positions, None where there is none."""
    try:
        graph = cnncalc.loads(f"{{cnncalc: 1, input: 2x{i}, rounding: floor, layers: [{line}]}}")
        return cnncalc.analyze(graph).facts[0].shape[1]
    except DoesNotCompute as error:
        if isinstance(error.__cause__, WindowExceedsInput):
            return None
        raise


def conv(i, k, s=1, p=0, d=1):
    return size(f"{{conv: 3, kernel: {k}, stride: {s}, padding: {p}, dilation: {d}}}", i)


def transposed(i, k, s=1, p=0, a=0):
    return size(f"{{conv_transpose: 3, kernel: {k}, stride: {s}, padding: {p}, output_padding: {a}}}", i)


SMALL = list(product(range(4, 12), range(1, 5)))  # i, k
STRIDED = [(i, k, s, p) for (i, k), s, p in product(SMALL, range(1, 4), range(3)) if i + 2 * p >= k]


def test_no_padding_and_unit_strides_leave_i_minus_k_plus_1():
    assert all(conv(i, k) == (i - k) + 1 for i, k in SMALL)


def test_padding_with_unit_strides_leaves_i_minus_k_plus_2p_plus_1():
    assert all(conv(i, k, p=p) == (i - k) + 2 * p + 1 for (i, k), p in product(SMALL, range(4)))


def test_half_padding_of_an_odd_kernel_keeps_the_size():
    assert all(conv(i, k, p="half") == i == conv(i, k, p=k // 2) for i in range(1, 12) for k in (1, 3, 5, 7))


def test_full_padding_grows_by_k_minus_1():
    assert all(conv(i, k, p="full") == i + (k - 1) == conv(i, k, p=k - 1) for i, k in SMALL)


def test_strides_without_padding_leave_floor_of_i_minus_k_over_s_plus_1():
    assert all(conv(i, k, s) == (i - k) // s + 1 for i, k, s, p in STRIDED if i >= k)


def test_strides_with_padding_leave_floor_of_i_plus_2p_minus_k_over_s_plus_1():
    assert all(conv(i, k, s, p) == (i + 2 * p - k) // s + 1 for i, k, s, p in STRIDED)


def test_a_pool_has_the_same_size_as_a_convolution_without_padding():
    assert all(size(f"{{max_pool: {k}, stride: {s}}}", i) == (i - k) // s + 1 for i, k, s, _ in STRIDED if i >= k)
    assert all(size(f"{{avg_pool: {k}, stride: {s}}}", i) == (i - k) // s + 1 for i, k, s, _ in STRIDED if i >= k)


def test_a_transposed_convolution_with_unit_strides_grows_by_k_minus_1():
    assert all(transposed(i, k) == i + (k - 1) for i, k in SMALL)


def test_a_transposed_convolution_with_padding_is_i_plus_k_minus_1_minus_2p():
    for (i, k), p in product(SMALL, range(4)):
        grown = i + (k - 1) - 2 * p
        assert transposed(i, k, p=p) == (grown if grown > 0 else None)


def test_a_half_padded_transposed_convolution_keeps_the_size():
    assert all(transposed(i, k, p="half") == i for i in range(1, 12) for k in (1, 3, 5))


def test_a_fully_padded_transposed_convolution_shrinks_by_k_minus_1():
    assert all(transposed(i, k, p="full") == i - (k - 1) for i, k in SMALL if i >= k)


def test_a_transposed_convolution_with_strides_is_s_times_i_minus_1_plus_k():
    assert all(transposed(i, k, s) == s * (i - 1) + k for i, k, s, _ in STRIDED)


def test_a_transposed_convolution_with_strides_and_padding_loses_2p():
    for i, k, s, p in STRIDED:
        grown = s * (i - 1) + k - 2 * p
        assert transposed(i, k, s, p) == (grown if grown > 0 else None)


def test_an_odd_transposed_convolution_is_s_times_i_minus_1_plus_a_plus_k_minus_2p():
    for (i, k, s, p), a in product(STRIDED, range(3)):
        grown = s * (i - 1) + a + k - 2 * p
        if a < s and grown > 0:
            assert transposed(i, k, s, p, a) == grown


def test_a_transposed_convolution_with_the_remainder_undoes_the_size_of_a_convolution():
    for i, k, s, p in STRIDED:
        assert transposed(conv(i, k, s, p), k, s, p, a=(i + 2 * p - k) % s) == i


def test_dilation_leaves_floor_of_i_plus_2p_minus_k_minus_k_minus_1_times_d_minus_1_over_s_plus_1():
    for (i, k, s, p), d in product(STRIDED, range(1, 4)):
        room = i + 2 * p - k - (k - 1) * (d - 1)
        assert conv(i, k, s, p, d) == (room // s + 1 if room >= 0 else None)


def test_same_padding_leaves_the_input_over_the_stride_rounded_up():
    for i, k, s in product(range(1, 14), range(1, 6), range(1, 5)):
        assert conv(i, k, s, "same") == conv(i, k, s, "same_lower") == -(-i // s)


def test_same_padding_of_a_transposed_convolution_is_the_input_times_the_stride():
    for i, k, s in product(range(1, 9), range(1, 6), range(1, 5)):
        if k >= s:
            assert transposed(i, k, s, "same") == transposed(i, k, s, "same_lower") == i * s


@pytest.mark.parametrize(
    ("line", "i", "o"),
    [
        ("{avg_pool: 4, stride: 4, padding: 2, rounding: ceil}", 9, 3),
        ("{max_pool: 1, stride: 2, rounding: ceil}", 12, 6),
        ("{avg_pool: 3, stride: 2, padding: 1, rounding: ceil}", 4, 3),
        ("{avg_pool: 2, stride: 3, rounding: ceil}", 7, 3),
        ("{max_pool: 3, stride: 2, rounding: ceil}", 112, 56),
        ("{max_pool: 3, stride: 2, padding: 1}", 112, 56),
        ("{conv: 8, kernel: 7, stride: 2, padding: 3}", 224, 112),
        ("{conv: 8, kernel: 5, padding: 2}", 1, 1),
        ("{conv: 8, kernel: 5, padding: 2}", 2, 2),
        ("{conv: 8, kernel: 2, dilation: 4, padding: causal}", 17, 17),
        ("{max_pool: 4, stride: 4, rounding: ceil}", 3, 1),
        ("{adaptive_avg_pool: 6}", 13, 6),
        ("{adaptive_max_pool: 7}", 3, 7),
    ],
)
def test_the_sizes_that_others_get_wrong(line, i, o):
    assert size(line, i) == o


def test_a_window_larger_than_its_padded_input_is_an_error_under_floor():
    assert size("{max_pool: 4, stride: 4}", 3) is None


def test_a_7x7_input_under_3x3_with_stride_3_does_not_fit_and_floor_leaves_13_of_49():
    text = "{{cnncalc: 1, input: 1x7x7, layers: [{{conv: 8, kernel: 3, stride: 3{}}}]}}"
    with pytest.raises(DoesNotCompute) as caught:
        cnncalc.analyze(cnncalc.loads(text.format("")))
    assert isinstance(caught.value.__cause__, DoesNotFit)
    [facts] = cnncalc.analyze(cnncalc.loads(text.format(", rounding: floor"))).facts
    read = [7 - dropped for dropped in facts.dropped]
    assert (facts.shape, facts.dropped, 49 - read[0] * read[1]) == ((8, 2, 2), (1, 1), 13)


def test_the_stem_of_a_resnet_leaves_only_padding_over_and_squeezenets_leaves_a_row_and_a_column():
    assert Slide(224, kernel=7, stride=2, before=3, after=3, rounding="floor").dropped() == 0
    assert Slide(224, kernel=7, stride=2, rounding="floor").dropped() == 1


def test_the_tables_notice_a_transposed_convolution_that_forgets_output_padding(monkeypatch):
    from cnncalc.layers import layer_class

    kind = layer_class("conv_transpose")
    original = kind.slides
    monkeypatch.setattr(
        kind, "slides", lambda self, spatial: original(self.model_copy(update={"output_padding": 0}), spatial)
    )
    with pytest.raises(AssertionError):
        test_an_odd_transposed_convolution_is_s_times_i_minus_1_plus_a_plus_k_minus_2p()
