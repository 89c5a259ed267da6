"""MACs and FLOPs against loops that count one multiplication, comparison or addition after the other."""

import os
from itertools import product
from math import prod
from random import Random

import pytest

import cnncalc
from cnncalc.errors import DoesNotCompute
from cnncalc.layers import layer_class

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))
MOST = 60_000


def one(line, shape):
    """Return the facts of a single layer, or None where it does not fit."""
    text = f"{{cnncalc: 1, input: {list(shape)}, rounding: floor, layers: [{line}]}}"
    try:
        return cnncalc.analyze(cnncalc.loads(text)).facts[0]
    except DoesNotCompute:
        return None


def flow(**options):
    return "{" + ", ".join(f"{name}: {str(value).lower()}" for name, value in options.items()) + "}"


class Case:
    """Random settings of a window over a small tensor, each axis its own."""

    def __init__(self, rng, *, rank=None):
        self.rank = rank or rng.choice([1, 2, 2, 3])
        axes = lambda low, high: [rng.randint(low, high) for _ in range(self.rank)]  # noqa: E731
        self.sizes = rng.sample(range(3, 9) if self.rank < 3 else range(2, 6), self.rank)
        self.kernel, self.stride, self.dilation = axes(1, 3), axes(1, 3), axes(1, 3)
        self.padding = [[rng.randint(0, 2), rng.randint(0, 2)] for _ in range(self.rank)]
        self.extra = [rng.randint(0, max(s, d) - 1) for s, d in zip(self.stride, self.dilation, strict=True)]
        self.groups = rng.choice([1, 1, 2, 3])
        self.channels, self.out = self.groups * rng.randint(1, 2), self.groups * rng.randint(1, 3)
        self.rounding = rng.choice(["floor", "ceil"])

    @property
    def shape(self):
        return [self.channels, *self.sizes]

    def position(self, o, tap):
        """Return where a tap of output ``o`` reads, along each axis."""
        axes = zip(o, self.stride, tap, self.dilation, self.padding, strict=True)
        return [i * s + t * d - before for i, s, t, d, (before, _) in axes]

    def reads_a_real_position(self, o, tap):
        return all(0 <= at < size for at, size in zip(self.position(o, tap), self.sizes, strict=True))


def places(sizes):
    return product(*map(range, sizes))


def convolved(case, output, channels, groups):
    """Return the MACs of a naive convolution, and those whose tap is real."""
    macs = real = 0
    for _ in range(output[0]):
        for o in places(output[1:]):
            for _ in range(channels // groups):
                for tap in places(case.kernel):
                    macs += 1
                    real += case.reads_a_real_position(o, tap)
    return macs, real


def spread(case, output):
    """Return the MACs of a naive transposed convolution, and those that land on an output which is kept."""
    macs = kept = 0
    for _ in range(case.channels):
        for i in places(case.sizes):
            for _ in range(case.out // case.groups):
                for tap in places(case.kernel):
                    macs += 1
                    kept += all(0 <= at < n for at, n in zip(case.position(i, tap), output[1:], strict=True))
    return macs, kept


def cases(line, count, **options):
    """Yield that many random cases that fit, with the facts of the layer that ``line`` makes of them."""
    rng, found = Random(SEED), 0
    while found < count:
        case = Case(rng, **options)
        facts = one(line(case), case.shape)
        if facts and facts.macs <= MOST:
            found += 1
            yield case, facts


def conv(case):
    return flow(
        conv=case.out, kernel=case.kernel, stride=case.stride, padding=case.padding, dilation=case.dilation,
        groups=case.groups, rounding=case.rounding,
    )  # fmt: skip


def depthwise(case):
    return flow(
        depthwise=case.kernel, stride=case.stride, padding=case.padding, dilation=case.dilation,
        multiplier=case.groups, rounding=case.rounding,
    )  # fmt: skip


def locally_connected(case):
    return flow(
        locally_connected=case.out, kernel=case.kernel, stride=case.stride, padding=case.padding,
        dilation=case.dilation, rounding=case.rounding,
    )  # fmt: skip


def conv_transpose(case):
    return flow(
        conv_transpose=case.out, kernel=case.kernel, stride=case.stride, padding=case.padding, dilation=case.dilation,
        output_padding=case.extra, groups=case.groups,
    )  # fmt: skip


def test_the_macs_of_a_convolution_are_the_turns_of_its_loops():
    for case, facts in cases(conv, 250):
        assert (facts.macs, facts.macs_on_input) == convolved(case, facts.shape, case.channels, case.groups), vars(case)


def test_the_macs_of_a_depthwise_convolution_are_the_turns_of_its_loops():
    for case, facts in cases(depthwise, 150):
        assert facts.shape[0] == case.channels * case.groups
        assert (facts.macs, facts.macs_on_input) == convolved(case, facts.shape, case.channels, case.channels)


def test_the_macs_of_a_locally_connected_layer_are_the_turns_of_its_loops_and_its_weights():
    for case, facts in cases(locally_connected, 250):
        macs, real = convolved(case, facts.shape, case.channels, 1)
        assert (facts.macs, facts.macs_on_input) == (macs, real), vars(case)
        assert facts.params == macs + prod(facts.shape), vars(case)


def test_the_macs_of_a_transposed_convolution_are_the_turns_of_its_loops():
    for case, facts in cases(conv_transpose, 250):
        assert (facts.macs, facts.macs_on_input) == spread(case, facts.shape), vars(case)


def test_the_macs_of_a_linear_layer_are_the_turns_of_its_loops():
    for shape, out in product([(3,), (2, 5), (4, 3, 2)], [1, 7]):
        facts = one(flow(linear=out), shape)
        assert facts.macs == facts.macs_on_input == sum(1 for _ in range(out) for _ in places(shape))


def test_the_bias_adds_one_operation_an_output_and_no_mac():
    for bias in (True, False):
        for line, shape in [("conv: 6, kernel: 3", (4, 9, 8)), ("depthwise: 3, multiplier: 2", (4, 9, 8)),
                            ("locally_connected: 6, kernel: 3", (4, 9, 8)),
                            ("conv_transpose: 6, stride: 2", (4, 5, 7)), ("linear: 11", (4, 5, 7))]:  # fmt: skip
            facts = one(f"{{{line}, bias: {str(bias).lower()}}}", shape)
            assert facts.flops == 2 * facts.macs + (prod(facts.shape) if bias else 0)


def real_windows(case, output):
    """Return the number of real positions in each window of one channel."""
    return [sum(case.reads_a_real_position(o, tap) for tap in places(case.kernel)) for o in places(output[1:])]


def max_pool(case):
    return flow(max_pool=case.kernel, stride=case.stride, padding=case.padding, dilation=case.dilation,
                rounding=case.rounding)  # fmt: skip


def avg_pool(case):
    case.dilation = [1] * case.rank
    return flow(avg_pool=case.kernel, stride=case.stride, padding=case.padding, rounding=case.rounding)


def test_a_max_pool_compares_each_real_position_of_a_window_after_the_first():
    for case, facts in cases(max_pool, 300):
        windows = real_windows(case, facts.shape)
        if min(windows) == 0:  # dilated taps on both sides of a tiny input
            continue
        assert (facts.macs, facts.flops) == (0, case.channels * sum(n - 1 for n in windows)), vars(case)


def test_an_average_pool_adds_the_real_positions_of_a_window_and_divides_once():
    for case, facts in cases(avg_pool, 300):
        windows = real_windows(case, facts.shape)
        assert (facts.macs, facts.flops) == (0, case.channels * sum(n - 1 + 1 for n in windows)), vars(case)


def bins(size, n):
    return [-(-(i + 1) * size // n) - i * size // n for i in range(n)]


@pytest.mark.parametrize("op", ["adaptive_avg_pool", "adaptive_max_pool"])
def test_an_adaptive_pool_counts_its_windows_at_their_real_sizes(op):
    for sizes, out in [((7,), (3,)), ((13, 17), (6, 7)), ((4, 9), (7, 2)), ((5, 6, 7), (2, 3, 4)), ((9, 5), (1, 1))]:
        windows = [prod(window) for window in product(*map(bins, sizes, out))]
        less = 1 if op == "adaptive_max_pool" else 0
        assert one(flow(**{op: list(out)}), (3, *sizes)).flops == 3 * sum(n - less for n in windows)


def test_a_global_pool_reads_each_position_once():
    assert one("global_avg_pool", (5, 7, 9)).flops == 5 * 7 * 9
    assert one("global_max_pool", (5, 7, 9)).flops == 5 * (7 * 9 - 1)


@pytest.mark.parametrize(
    ("line", "flops"),
    [
        ("batch_norm", 2 * 4 * 9 * 8),
        ("layer_norm", 2 * 4 * 9 * 8),
        ("instance_norm", 2 * 4 * 9 * 8),
        ("{group_norm: 2}", 2 * 4 * 9 * 8),
        ("{scale: 1}", 4 * 9 * 8),
        ("relu", 4 * 9 * 8),
        ("gelu", 4 * 9 * 8),
        ("softmax", 4 * 9 * 8),
        ("{upsample: 2}", 0),
        ("{upsample: 2, mode: bilinear}", 7 * 4 * 18 * 16),
        ("{add: [[], [], []]}", 2 * 4 * 9 * 8),
        ("{multiply: [[], []]}", 4 * 9 * 8),
        ("{concat: [[], []]}", 0),
        ("{pixel_shuffle: 2}", 0),
        ("{channel_shuffle: 2}", 0),
        ("{pad: 2}", 0),
        ("{crop: 2}", 0),
        ("flatten", 0),
        ("dropout", 0),
    ],
)
def test_what_is_not_a_window_costs_what_the_methodology_says(line, flops):
    facts = one(line, (4, 9, 8))
    assert (facts.macs, facts.flops) == (0, flops)


def test_a_shared_layer_has_its_params_once_and_its_macs_at_each_call():
    text = "{cnncalc: 1, input: 4x9x8, layers: [{conv: 4, name: a}, {conv: 4, weights: a}]}"
    first, second = cnncalc.analyze(cnncalc.loads(text)).facts
    assert (first.params, second.params) == (20, 0)
    assert first.macs == second.macs == 4 * 4 * 9 * 8


def test_convtranspose2d_3_1_2_stride_2_on_2x2_is_48_macs():
    facts = one("{conv_transpose: 1, kernel: 2, stride: 2}", (3, 2, 2))
    assert (facts.shape, facts.macs) == ((1, 4, 4), 48)


@pytest.mark.parametrize(
    ("test", "op", "method", "changed"),
    [
        (test_the_macs_of_a_convolution_are_the_turns_of_its_loops, "conv", "macs",
         lambda self, inputs, output: prod(output) * inputs[0][0] * prod(self.kernel)),
        (test_the_macs_of_a_transposed_convolution_are_the_turns_of_its_loops, "conv_transpose", "macs",
         lambda self, inputs, output: prod(self.parameters(inputs)["weight"]) * prod(output[1:])),
        (test_the_macs_of_a_convolution_are_the_turns_of_its_loops, "conv", "macs_on_input",
         lambda self, inputs, output: self.macs(inputs, output)),
        (test_the_macs_of_a_locally_connected_layer_are_the_turns_of_its_loops_and_its_weights, "locally_connected",
         "macs_on_input", lambda self, inputs, output: self.taps(inputs[0], output) * inputs[0][0]),
        (test_the_macs_of_a_locally_connected_layer_are_the_turns_of_its_loops_and_its_weights, "locally_connected",
         "parameters", lambda self, inputs: {"weight": (self.out_channels, inputs[0][0], *self.kernel)}),
        (test_an_average_pool_adds_the_real_positions_of_a_window_and_divides_once, "avg_pool", "operations",
         lambda self, inputs, output: prod(output) * prod(self.kernel)),
    ],
)  # fmt: skip
def test_the_loops_notice_a_broken_rule(test, op, method, changed, monkeypatch):
    monkeypatch.setattr(layer_class(op), method, changed)
    with pytest.raises(AssertionError):
        test()
