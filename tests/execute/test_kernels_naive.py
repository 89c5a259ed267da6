"""The fast kernels against plain loops over every output, on random settings; and the MACs of both."""

import numpy as np
import pytest

from cnncalc.execute.dispatch import kernel, naive
from cnncalc.execute.kernels import conv, conv_transpose, depthwise, pool
from cnncalc.layers import layer_class

from .cases import LOOPED, SEED, Case, Settings, close

HOW_MANY = 250


@pytest.mark.parametrize("op", LOOPED)
def test_a_fast_kernel_does_what_plain_loops_do_with_as_many_products(op):
    print(f"CNNCALC_SEED={SEED}")
    settings = Settings(f"{SEED} naive {op}")
    for _ in range(HOW_MANY if op != "linear" else 50):
        case = settings.case([op])
        found, counted = case.fast(), case.counted
        expected = case.slow()
        assert counted == case.counted == case.macs, case
        assert found.dtype == expected.dtype == case.dtype, case
        assert found.shape == (case.samples, *case.output_shape), case
        close(found, expected, case.dtype, case)


@pytest.mark.parametrize("op", ["conv", "depthwise", "locally_connected", "conv_transpose", "max_pool", "avg_pool"])
def test_tiles_of_any_size_give_the_same(op, monkeypatch):
    print(f"CNNCALC_SEED={SEED}")
    settings = Settings(f"{SEED} tiles {op}", most=60_000)
    for _ in range(100):
        case = settings.case([op])
        expected, macs = case.fast(), case.counted
        with monkeypatch.context() as patch:
            size = settings.rng.choice([1, 100, 1000, 5000])
            for module in (conv, conv_transpose, depthwise, pool):
                patch.setattr(module, "TILE", size)
            close(case.fast(), expected, case.dtype, (case, size))
            assert case.counted == macs, (case, size)


@pytest.mark.parametrize("op", ["conv", "locally_connected"])
def test_four_spatial_axes_are_no_exception(op):
    layer = layer_class(op)(out_channels=4, kernel=(2, 1, 2, 3), stride=(1, 2, 1, 2), padding=1, rounding="floor")
    case = Case(layer, (2, 3, 4, 5, 6), 1, SEED, np.float64)
    close(case.fast(), case.slow(), case.dtype)
    assert case.counted == case.macs


@pytest.mark.parametrize("op", LOOPED)
def test_every_layer_with_windows_or_sums_has_both_kernels(op):
    kind = layer_class(op)
    assert kernel.dispatch(kind) is not kernel.dispatch(object)
    assert naive.dispatch(kind) is not naive.dispatch(object)


def test_a_wrong_tap_would_be_seen(monkeypatch):
    case = Case(layer_class("conv")(out_channels=2, kernel=3, padding=1), (3, 5, 4), 1, SEED, np.float64)
    expected = case.fast()
    case.tensors["weight"] = case.tensors["weight"][:, :, ::-1]
    with pytest.raises(AssertionError):
        close(case.fast(), expected, case.dtype)
