"""Memory in bytes: published figures, laws of the peak, what is alive there, training, the batch that fits."""

import os
from random import Random

import pytest

import cnncalc
from cnncalc.errors import CnncalcError, UsageError
from cnncalc.layers import LAYERS, layer_class
from cnncalc.layers.base import Layer
from cnncalc.liveness import alive, live, peak, storage
from cnncalc.memory import footprint
from cnncalc.memory.dtypes import dtype_of, memory_size, rate_of
from cnncalc.memory.fitting import Fitting
from cnncalc.memory.saved import saved
from cnncalc.memory.training import training
from tests.fuzz.grammar import Writer

from .graphs import random_graph

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))


def analyzed(text, batch=1):
    return cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, {text}}}"), batch=batch)


@pytest.fixture(scope="module")
def resnet50():
    return cnncalc.analyze(cnncalc.load("zoo:resnet50"))


def test_resnet50_needs_7225344_bytes_written_in_place(resnet50):
    # the block's input of 64 channels, the last convolution's 256 and the shortcut's 256: 576*56*56 numbers of 4 bytes
    found = footprint(resnet50, in_place=True)
    assert found.used.peak == 4 * 576 * 56 * 56 == 7_225_344
    assert [one.shape for one in found.used.alive] == [(64, 56, 56), (256, 56, 56), (256, 56, 56)]
    assert found.weights == 4 * (25_557_032 + 53_120)


def test_vgg16_has_15_million_activations_and_not_the_24_of_the_course_notes():
    # Stanford CS231n, Convolutional Neural Networks, 2016: "TOTAL memory: 24M * 4 bytes ~= 93MB" is not the sum of
    # its own column, which is 15.24M, 58 MiB; torchvision's adaptive pool, of 25,088, is not in it
    found = footprint(cnncalc.analyze(cnncalc.load("zoo:vgg16")), in_place=True)
    assert found.used.total == 4 * (15_237_608 + 25_088)
    assert round(4 * 15_237_608 / 2**20) == 58


def test_the_peak_with_the_input_kept_is_the_one_that_verify_measures(resnet50):
    assert footprint(resnet50, keep_inputs=True).used.peak == 4 * peak(resnet50).elements
    assert max(live(resnet50)) == peak(resnet50).elements


def test_what_is_alive_adds_up_to_the_peak():
    random = Random(SEED)
    for _ in range(60):
        found = footprint(random_graph(random, 10), in_place=random.random() < 0.5, keep_inputs=random.random() < 0.5)
        for tensors in (found.apart, found.in_place, found.lower or found.used):
            assert sum(one.bytes for one in tensors.alive) == tensors.peak


def test_writing_in_place_never_raises_the_peak_nor_keeping_the_input_lowers_it():
    random = Random(SEED)
    for _ in range(100):
        analysis = random_graph(random, 10)
        plain, kept = footprint(analysis), footprint(analysis, keep_inputs=True)
        assert plain.in_place.peak <= plain.apart.peak <= kept.apart.peak
        assert plain.in_place.total <= plain.apart.total
        each = zip(alive(storage(analysis, in_place=True)), alive(storage(analysis)), strict=True)
        assert all(one <= other for one, other in each)


@pytest.mark.parametrize(
    ("layers", "channels"),
    [
        ("[{conv: 2}, relu]", [4, 2]),
        ("[{conv: 2}, batch_norm]", [4, 2]),
        ("[relu]", [4]),  # an input is not the network's to write over
        ("[{conv: 2}, {local_response_norm: 3}]", [4, 4]),  # its neighbours are still needed
        ("[{conv: 2, name: c}, relu, {concat: [c, prev]}]", [4, 4, 8]),  # c is read again
        ("[{conv: 2, name: c}, {add: [c, c]}]", [4, 2]),
        ("[{conv: 2}, flatten, relu]", [4, 2, 2]),  # over what a view looks at
        ("[{conv: 2, name: c}, flatten, relu, {conv: 2, from: c}]", [4, 2, 4, 4]),  # which is still read
        ("[{conv: 2, name: c}, {conv: 1}, {add: [prev, c]}]", [4, 3, 3]),  # an operand of the output's shape
    ],
)
def test_in_place_writes_over_what_nothing_reads_again(layers, channels):
    analysis = analyzed(f"input: 2x3x4, layers: {layers}")
    assert alive(storage(analysis, in_place=True, keep_inputs=False)) == [12 * count for count in channels]


def test_an_output_is_not_written_over():
    analysis = analyzed("input: 2x3x4, layers: [{conv: 2, name: c}, relu], outputs: [c, relu1]")
    assert alive(storage(analysis, in_place=True, keep_inputs=False)) == [12 * 4, 12 * 4]


@pytest.mark.parametrize(("dtype", "width"), [("fp64", 8), ("fp32", 4), ("bf16", 2), ("int8", 1)])
def test_a_dtype_and_a_batch_scale_what_they_must(resnet50, dtype, width):
    batch = cnncalc.analyze(resnet50.graph, batch=3)
    one, three = footprint(resnet50, dtype=dtype), footprint(batch, dtype=dtype)
    assert (one.weights, one.used.peak) == (width * 25_610_152, width * 9_633_792 // 4)
    assert (three.weights, three.used.peak, three.used.total) == (one.weights, 3 * one.used.peak, 3 * one.used.total)


def test_training_has_the_parts_that_it_is_said_to_have():
    # conv 2 of 3 channels with a 1x1 kernel: weight 6, bias 2; its norm 4 and 4 buffers; on 4x4
    analysis = analyzed(
        "input: 3x4x4, layers: [{conv: 2, norm: batch_norm, bias: true, act: relu}, {max_pool: 2}]", batch=5
    )
    step = training(analysis, "fp32", "momentum")
    assert (step.weights, step.gradients, step.state) == (4 * 16, 4 * 12, 4 * 12)
    assert step.tensors == 5 * 4 * (3 * 16 + 2 * 16 + 2 * 16)  # the image, what the norm reads, what relu gives
    assert (step.statistics, step.indices) == (4 * 2 * 2, 5 * 8 * 2 * 4)
    # the highest moment: the image, the convolution, its norm, which is not kept, and relu; no indices yet
    assert (step.peak, step.path) == (5 * 4 * (3 + 2 + 2 + 2) * 16 + step.statistics, "conv1.act")
    assert step.total == step.weights + step.gradients + step.state + step.peak


def test_a_batch_of_training_that_fits_fits_its_own_forward_pass():
    # the thirty skips of wavenet are summed up: none is saved, and all wait for the sum
    found = footprint(cnncalc.analyze(cnncalc.load("zoo:wavenet")), optimizer="sgd", fits=24 * 2**30)
    assert found.training.saved < found.used.peak < found.training.peak
    assert found.fitting.batch * found.used.peak + found.weights <= found.fitting.size
    plain = footprint(cnncalc.analyze(cnncalc.load("zoo:wavenet")), fits=24 * 2**30)
    assert found.fitting.batch <= plain.fitting.batch == 25


@pytest.mark.parametrize("in_place", [False, True])
def test_training_never_needs_less_than_running_nor_than_what_it_saves(in_place):
    random = Random(SEED)
    for _ in range(60):
        found = footprint(random_graph(random, 10), in_place=in_place, optimizer="sgd")
        assert found.training.peak >= max(found.used.peak, found.training.saved)


def test_statistics_of_norms_are_never_less_than_fp32():
    analysis = analyzed("input: 3x4x4, layers: [{conv: 2, norm: batch_norm}]")
    assert [training(analysis, dtype, "sgd").statistics for dtype in ("fp16", "fp32", "fp64")] == [16, 16, 32]


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_has_a_rule_of_what_it_saves(op):
    assert saved.dispatch(layer_class(op)) is not saved.dispatch(Layer), f"add {op} to cnncalc/memory/saved.py"


@pytest.mark.parametrize("optimizer", [None, "sgd", "adam"])
def test_a_batch_that_fits_fits_and_one_more_does_not(optimizer):
    random = Random(SEED)
    for _ in range(20):
        graph = random_graph(random, 8).graph
        size = random.randint(1000, 100_000)
        found = footprint(cnncalc.analyze(graph), optimizer=optimizer, fits=size)

        def needed(batch, graph=graph):
            whole = footprint(cnncalc.analyze(graph, batch=batch), optimizer=optimizer)
            return whole.training.total if whole.training else whole.total

        batch = found.fitting.batch
        assert needed(batch + 1) == found.fitting.needed(batch + 1) > size
        if batch:
            assert needed(batch) == found.fitting.needed(batch) <= size


@pytest.mark.parametrize("layers", ["[relu]", "[identity]", "[{max_pool: 2}]", "[flatten]"])
def test_a_network_that_saves_nothing_fits_as_often_as_it_can_run(layers):
    analysis = analyzed(f"input: 1x8x8, layers: {layers}")
    trained, run = footprint(analysis, optimizer="adam", fits=2**30), footprint(analysis, fits=2**30)
    assert trained.training.saved == 0
    assert trained.fitting.batch == run.fitting.batch > 0


def test_the_batch_that_fits_does_not_depend_on_the_batch():
    analysis = [cnncalc.analyze(cnncalc.load("zoo:lenet5"), batch=batch) for batch in (1, 7)]
    one, seven = [footprint(each, optimizer="adam", fits=2**30).fitting for each in analysis]
    assert one == seven


def test_less_than_the_weights_fits_nothing():
    assert Fitting(size=99, moments=((100, 1),)).batch == 0


@pytest.mark.parametrize("text", ["", "24", "24XB", "-1GiB", "1e9", "24 Gi B", "0", "inf", "1" * 40])
def test_a_size_that_is_none_is_refused(text):
    if text == "24":
        assert memory_size(text) == 24
        return
    with pytest.raises(UsageError, match="--fits must be a size such as"):
        memory_size(text)


@pytest.mark.parametrize("text", ["", "fast", "-1T", "0", "T"])
def test_a_rate_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="--rate must be a rate a second"):
        rate_of(text, "--rate")


def test_a_mistyped_dtype_is_told_the_nearest():
    with pytest.raises(UsageError, match="did you mean bf16"):
        dtype_of("b16")


def test_symbols_are_refused():
    graph = cnncalc.load("zoo:resnet18", input="3,32*h,32*w", symbolic=True)
    with pytest.raises(UsageError, match="memory needs numbers: h, w must be given a value"):
        footprint(cnncalc.analyze(graph))


def test_no_graph_raises_anything_but_the_package_s_own():
    random, sound = Random(SEED), 0
    for _ in range(150):
        try:
            analysis = cnncalc.analyze(cnncalc.loads(Writer(random).spec()))
            footprint(analysis, in_place=random.random() < 0.5, optimizer="adam", fits=10**9)
        except CnncalcError:
            continue
        sound += 1
    assert sound > 20
