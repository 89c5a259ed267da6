"""The roofline: bytes that each layer moves, the longer of two times, sums, and the table of devices."""

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.errors import UsageError
from cnncalc.folding import fold
from cnncalc.memory.columns import live_bytes
from cnncalc.memory.devices import DEVICES, Device, device_of
from cnncalc.memory.dtypes import BYTES
from cnncalc.memory.roofline import roofline, traffic

SLOW_MEMORY = Device("one", {"fp32": Fraction(10**9)}, Fraction(10**6), 0, "")


def analyzed(text, batch=1):
    return cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, {text}}}"), batch=batch)


def test_a_layer_moves_its_inputs_its_output_and_its_weights():
    analysis = analyzed("input: 3x5x7, layers: [{conv: 4, kernel: 3, norm: batch_norm}]", batch=2)
    conv, norm = analysis.facts
    assert traffic(conv) == 4 * (2 * (3 * 35 + 4 * 15) + 4 * 3 * 9)
    assert traffic(norm, "fp16") == 2 * (2 * (60 + 60) + 4 * 4)


def test_a_view_moves_nothing_and_takes_no_time():
    analysis = analyzed("input: 3x5x7, layers: [flatten, dropout, identity]")
    found = roofline(analysis, fold(analysis), SLOW_MEMORY, "fp32")
    assert [(row.bytes, row.seconds, row.bound) for row in found.rows] == [(0, 0, "")] * 3
    assert (found.layers, found.total.intensity) == (0, None)


def test_the_time_of_a_layer_is_the_longer_of_computing_and_moving():
    analysis = analyzed("input: 2x4x5, layers: [{conv: 2, bias: false}]")
    flops, moved = 2 * 2 * 2 * 20, 4 * (40 + 40 + 4)
    for rate, bandwidth, bound in ((10**6, 10**9, "compute"), (10**9, 10**6, "memory")):
        device = Device("one", {"fp32": Fraction(rate)}, Fraction(bandwidth), 0, "")
        (row,) = roofline(analysis, fold(analysis), device, "fp32").rows
        assert row.seconds == max(Fraction(flops, rate), Fraction(moved, bandwidth))
        assert (row.bound, row.intensity) == (bound, Fraction(flops, moved))


@pytest.mark.parametrize("depth", [None, 1, 2])
def test_rows_add_up_to_the_total_however_they_are_folded(depth):
    analysis = cnncalc.analyze(cnncalc.load("zoo:resnet18"), batch=4)
    found = roofline(analysis, fold(analysis, depth), device_of("a100"), "fp16")
    single = roofline(analysis, fold(analysis), device_of("a100"), "fp16")
    assert found.total == single.total
    assert found.total.flops == analysis.totals.flops
    assert sum(row.bytes for row in found.rows) == sum(traffic(one, "fp16") for one in analysis.facts)
    assert found.total.seconds >= Fraction(found.total.flops) / device_of("a100").rate("fp16")


def test_a_larger_batch_raises_the_intensity_of_a_linear_layer():
    rows = []
    for batch in (1, 64):
        analysis = analyzed("input: 512, layers: [{linear: 512}]", batch)
        rows += roofline(analysis, fold(analysis), device_of("a100"), "fp16").rows
    assert rows[0].intensity < 1.01 < 50 < rows[1].intensity


@pytest.mark.parametrize("name", DEVICES)
def test_every_device_has_rates_of_known_dtypes_a_bandwidth_and_a_source(name):
    device = DEVICES[name]
    assert set(device.rates) <= set(BYTES)
    assert min(device.rates.values()) > 0 < device.bandwidth
    assert device.memory > 0
    assert any(character.isdigit() for character in device.source)  # its year


def test_a_device_without_the_dtype_says_which_it_has():
    with pytest.raises(UsageError, match="--dtype bf16: the NVIDIA T4 has fp32, fp16, int8"):
        device_of("t4").rate("bf16")


def test_the_most_that_is_live_is_the_peak():
    from cnncalc.memory import footprint

    analysis = cnncalc.analyze(cnncalc.load("zoo:squeezenet1_0"), batch=2)
    assert max(live_bytes(analysis)) == footprint(analysis).apart.peak
