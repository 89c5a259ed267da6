"""What every kernel keeps to: its inputs stay, its dtype stays, NaN goes where it is read, nothing warns."""

import tracemalloc
import warnings

import numpy as np
import pytest

from cnncalc.execute.dispatch import Meter, kernel
from cnncalc.layers import ACTIVATIONS, LAYERS, layer_class

from .cases import LOOPED, SEED, Case, Settings, close, distinct

SHAPE = (6, 5, 4)
EXAMPLES = {
    "conv": {"out_channels": 7, "kernel": 3, "padding": 1},
    "depthwise": {"kernel": 3, "padding": 1, "stride": 2, "rounding": "floor"},
    "locally_connected": {"out_channels": 7, "kernel": 3, "padding": ((0, 1), (2, 1))},
    "conv_transpose": {"out_channels": 7, "kernel": 3, "stride": 2},
    "linear": {"out_features": 7},
    "max_pool": {"kernel": 2, "rounding": "ceil"},
    "avg_pool": {"kernel": 2, "rounding": "ceil"},
    "adaptive_avg_pool": {"size": 3},
    "adaptive_max_pool": {"size": 3},
    "group_norm": {"groups": 3},
    "local_response_norm": {"size": 4},
    "scale": {"initial": 1},
    "upsample": {"factor": (2, 3), "mode": "bilinear"},
    "pad": {"padding": ((1, 0), (2, 3))},
    "crop": {"padding": ((1, 0), (2, 1))},
    "pixel_shuffle": {"factor": (3, 2)},
    "channel_shuffle": {"groups": 3},
    "slice": {"channels": (1, 4)},
    "reshape": {"shape": (8, 3, 5)},
}
CASES = [(op, EXAMPLES.get(op, {})) for op in LAYERS if op != "act"]
CASES += [("act", {"function": function}) for function in ACTIVATIONS]
CASES += [("upsample", {"factor": 2}), ("conv", {"out_channels": 8, "kernel": 1})]
EVERY = pytest.mark.parametrize(("op", "options"), CASES, ids=lambda value: str(value) if value else "")
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def example(op, options, dtype, shape=SHAPE):
    return Case(layer_class(op)(**options), shape, 3, SEED, dtype)


def operands(case, source):
    return [source, source * 2, source - 1] if case.layer.joins else [source]


def outcome(case, source):
    return kernel(case.layer, operands(case, source), case.tensors, Meter())


def test_the_sizes_are_all_different():
    assert distinct(3, *SHAPE)


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_has_a_kernel(op):
    assert kernel.dispatch(layer_class(op)) is not kernel.dispatch(object), f"add a kernel for {op}"


@EVERY
@DTYPES
def test_a_kernel_keeps_the_dtype_and_gives_the_shape_of_the_rule(op, options, dtype):
    case = example(op, options, dtype)
    found = outcome(case, case.source)
    assert found.dtype == dtype
    assert found.shape == (3, *case.layer.output_shape([SHAPE] * len(operands(case, case.source))))
    assert np.isfinite(found).all()


@EVERY
def test_a_kernel_changes_neither_inputs_nor_tensors(op, options):
    case = example(op, options, np.float32)
    given = operands(case, case.source)
    before = [value.copy() for value in [*given, *case.tensors.values()]]
    for value in [*given, *case.tensors.values()]:
        value.flags.writeable = False
    kernel(case.layer, given, case.tensors, Meter())
    for value, was in zip([*given, *case.tensors.values()], before, strict=True):
        np.testing.assert_array_equal(value, was)


@EVERY
@DTYPES
def test_inputs_need_not_be_contiguous(op, options, dtype):
    case = example(op, options, dtype)
    wide = np.zeros((3, 7, 5, 10), dtype)
    strided = wide[:, 1:, ::-1, 1::2][..., :4]
    strided[...] = case.source
    turned = np.asfortranarray(case.source)
    expected = outcome(case, case.source)
    close(outcome(case, strided), expected, dtype)
    close(outcome(case, turned), expected, dtype)


@EVERY
def test_samples_do_not_mix(op, options):
    case = example(op, options, np.float64)
    together = outcome(case, case.source)
    for number in range(3):
        close(outcome(case, case.source[number : number + 1]), together[number : number + 1], np.float64)


@EVERY
@DTYPES
def test_numbers_of_any_size_make_no_warning(op, options, dtype):
    case = example(op, options, dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for factor in (0, 1e-30, 1, 100, 1e4):
            assert np.isfinite(outcome(case, case.source * dtype(factor))).all()


@EVERY
def test_nan_makes_no_warning_and_does_not_get_lost(op, options):
    case = example(op, options, np.float32)
    poisoned = case.source.copy()
    poisoned[1, 3, 2, 2] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = outcome(case, poisoned)
    assert np.isnan(found[1]).any()
    assert not np.isnan(found[[0, 2]]).any()


@pytest.mark.parametrize("function", sorted(set(ACTIVATIONS) - {"softmax"}))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_activation_carries_nan_to_its_own_element(function, dtype):
    case = example("act", {"function": function}, dtype)
    case.source[2, 1, 3, 0] = np.nan
    np.testing.assert_array_equal(np.isnan(outcome(case, case.source)), np.isnan(case.source))


def test_softmax_carries_nan_to_its_own_position():
    case = example("act", {"function": "softmax"}, np.float32)
    case.source[2, 1, 3, 0] = np.nan
    expected = np.zeros(case.source.shape, bool)
    expected[2, :, 3, 0] = True
    np.testing.assert_array_equal(np.isnan(outcome(case, case.source)), expected)


@pytest.mark.parametrize("op", LOOPED)
def test_nan_goes_to_exactly_the_outputs_that_read_it(op):
    print(f"CNNCALC_SEED={SEED}")
    settings = Settings(f"{SEED} nan {op}")
    for _ in range(100 if op != "linear" else 20):
        case = settings.case([op])
        place = tuple(settings.rng.randrange(size) for size in case.source.shape)
        case.source[place] = np.nan
        for tensor in case.tensors.values():  # a weight of zero reads all the same
            tensor[tensor > 1] = 0
        np.testing.assert_array_equal(np.isnan(case.fast()), np.isnan(case.slow()), err_msg=str((case, place)))


@pytest.mark.parametrize("op", ["upsample", "pad", "crop", "pixel_shuffle", "channel_shuffle", "slice", "reshape"])
def test_nan_at_one_place_of_what_is_moved_stays_at_one(op):
    case = example(op, EXAMPLES[op] | ({"mode": "nearest"} if op == "upsample" else {}), np.float64)
    case.source[1, 2, 2, 2] = np.nan
    assert np.isnan(outcome(case, case.source)).sum() == (6 if op == "upsample" else 1)


def test_linear_interpolation_at_the_edge_reads_the_edge_alone():
    source = np.array([[[1.0, np.nan, 2.0, 3.0]]])
    found = kernel(layer_class("upsample")(factor=3, mode="bilinear"), [source], {}, Meter())
    np.testing.assert_array_equal(np.isnan(found[0, 0]), [0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0])


VECTORS = ("batch_norm", "layer_norm", "group_norm", "local_response_norm", "scale", "linear", "slice", "flatten")


@pytest.mark.parametrize("op", [*VECTORS, "add", "multiply", "concat", "identity", "dropout", "channel_shuffle"])
def test_flat_vectors_are_batches_too(op):
    case = example(op, EXAMPLES.get(op, {}), np.float64, shape=(6,))
    found = outcome(case, case.source)
    assert found.shape == (3, *case.layer.output_shape([(6,)] * len(operands(case, case.source))))


@pytest.mark.parametrize("function", ACTIVATIONS)
def test_activations_take_flat_vectors(function):
    case = example("act", {"function": function}, np.float64, shape=(6,))
    expected = outcome(Case(case.layer, (6, 1, 1), 3, SEED, np.float64), case.source[:, :, None, None])
    close(outcome(case, case.source), expected[:, :, 0, 0], np.float64)


def test_a_kernel_that_changed_its_input_would_be_seen():
    case = example("act", {"function": "relu"}, np.float32)
    case.source.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        case.source += 1


def test_infinity_goes_through_a_convolution_without_nan():
    case = example("conv", EXAMPLES["conv"], np.float64)
    case.source[0, 0, 0, 0] = np.inf
    assert not np.isnan(case.fast()).any()


LARGE = [
    ("conv", {"out_channels": 8, "kernel": 3, "padding": 1}, (64, 96, 112)),
    ("conv", {"out_channels": 8, "kernel": 9, "padding": 4}, (32, 40_000)),
    ("depthwise", {"kernel": 7, "padding": 3}, (64, 96, 112)),
    ("locally_connected", {"out_channels": 2, "kernel": 3, "padding": 1}, (16, 96, 112)),
    ("locally_connected", {"out_channels": 96}, (1, 96, 112)),
    ("conv_transpose", {"out_channels": 32, "kernel": 4, "stride": 2}, (64, 48, 56)),
    ("max_pool", {"kernel": 3, "stride": 2, "rounding": "floor"}, (64, 112, 96)),
]


@pytest.mark.parametrize(("op", "options", "shape"), LARGE, ids=lambda value: str(value) if value else "")
def test_the_memory_beside_the_output_is_bounded(op, options, shape):
    case = Case(layer_class(op)(**options), shape, 2, SEED, np.float32)
    tracemalloc.start()
    try:
        output = case.fast()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < output.nbytes + (14 << 20)
