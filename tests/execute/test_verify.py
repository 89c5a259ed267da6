"""Verification is all ticks on sound networks, and sees every rule that is broken on purpose."""

import os
from random import Random

import numpy as np
import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.execute.dispatch import kernel
from cnncalc.execute.tensors import initial
from cnncalc.execute.verify import KINDS, verify
from cnncalc.layers.base import elements
from cnncalc.slide import Span
from tests.fuzz.grammar import Writer
from tests.properties.dependence import random_networks, spec
from tests.zoo import BODIES, ONCE

SEED = int(os.environ.get("CNNCALC_SEED", "1959"))
SMALL = {
    "alexnet": "3x67x67", "alexnet_2012": "3x67x67", "c3d": "3x16x16x16", "densenet121": "3x33x33",
    "deepface": "3x72x76", "googlenet": "3x33x33", "googlenet_torchvision": "3x33x33", "inception_v3": "3x75x75",
    "mobilenet_v1": "3x33x33",
    "mobilenet_v2": "3x33x33", "resnet18": "3x33x33", "resnet50": "3x33x33", "squeezenet1_0": "3x37x37",
    "vgg16": "3x32x32", "wavenet": "256x120", "lecture_1x3_3x1": "64x12x14", "lecture_stacked_3x3": "64x12x14",
    "lecture_one_7x7": "64x12x14", "lecture_bottleneck": "64x12x14", "edge_detection": "1x28x32",
    "m5": "1x800", "darknet53": "3x16x16", "r3d_18": "3x4x8x8", "r2plus1d_18": "3x4x8x8",
    "fcn_resnet50": "3x16x16", "deeplabv3_resnet50": "3x16x24", "fpn_resnet50": "3x32x32", "yolov3": "3x32x32",
    "inception_v4": "3x75x75", "inception_resnet_v2": "3x75x75", "xception": "3x17x17",
    "mobilenet_v3_large": "3x17x17", "efficientnet_b0": "3x17x17", "shufflenet_v2_x1_0": "3x33x33",
    "mnasnet1_0": "3x17x17", "convnext_tiny": "3x32x32", "regnet_x_400mf": "3x17x17",
}  # fmt: skip
"""The size at which the receptive field of a spec is looked at, where its own would take long."""
UNETS = {"unet": "1x188x188", "unet3d": "3x92x92x92"}
"""Their smallest sizes."""
SWITCHED = ["deeplabv3_resnet50", "r2plus1d_18"]
"""Specs whose arguments choose layers that the one they extend leaves out."""


def verified(graph, **options):
    analysis = cnncalc.analyze(graph)
    return verify(analysis, initial(analysis, SEED), seed=SEED, **options)


def told(nodes):
    return [(one.facts.node.path, *each) for one in nodes for each in one.differences]


def told_of(text, **options):
    return told(verified(cnncalc.loads(text), **options))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*(name for name in BODIES if name not in UNETS), *SWITCHED])
def test_every_spec_of_the_zoo_is_all_ticks(name):
    nodes = verified(cnncalc.load(f"zoo:{name}", input=SMALL.get(name), args=ONCE.get(name)))
    assert told(nodes) == []
    image = len(next(iter(nodes[0].inputs if hasattr(nodes[0], "inputs") else nodes[0].facts.inputs))) > 1
    assert not image or sum(one.positions for one in nodes) > len(nodes)


@pytest.mark.slow
@pytest.mark.parametrize("name", UNETS)
def test_a_unet_is_all_ticks_but_for_its_field_which_takes_minutes(name):
    nodes = verified(cnncalc.load(f"zoo:{name}", input=UNETS[name]), only=("shape", "params", "macs", "memory"))
    assert told(nodes) == []


def test_a_narrow_unet_is_all_ticks_its_field_too():
    """The one kind of network in the zoo whose field has no closed form, at one level and few channels."""
    text = """
cnncalc: 1
input: 1x40x44
layers:
- {conv: 2, kernel: 3, act: relu, repeat: 2, name: down}
- {max_pool: 2}
- {conv: 3, kernel: 3, act: relu, repeat: 2}
- {conv_transpose: 2, kernel: 2, stride: 2, name: up}
- {concat: [down, up], align: crop}
- {conv: 2, kernel: 3, act: relu, repeat: 2}
"""
    assert told_of(text) == []


@pytest.mark.parametrize(("rank", "count"), [(1, 200), (2, 60)])
def test_random_networks_of_every_window_are_all_ticks(rank, count):
    for number, sizes, layers, _ in random_networks(count, rank, seed=SEED):
        differing = told_of(spec(sizes, layers))
        assert differing == [], f"CNNCALC_SEED={SEED}, network {number}"


def test_random_specs_of_the_whole_language_are_all_ticks():
    random, done = Random(SEED), 0
    while done < 240:
        text = Writer(random).spec()
        try:
            graph = cnncalc.loads(text)
            analysis = cnncalc.analyze(graph)
        except SpecError:
            continue
        sizes = [elements(one.shape) for one in analysis.facts] + [one.params for one in analysis.facts]
        if analysis.totals.macs > 3e7 or max(sizes, default=0) > 1e6 or len(sizes) > 200:
            continue
        images = {shape[1:] for shape in graph.inputs.values()}
        kinds = KINDS if len(images) == 1 and max(*next(iter(images), ()), 0, 0) < 70 else KINDS[:-1]
        nodes = verify(analysis, initial(analysis, SEED), only=kinds, seed=SEED)
        assert told(nodes) == [], f"CNNCALC_SEED={SEED}:\n{text}"
        done += 1


# ---- it must be able to fail

CONV = "{cnncalc: 1, input: 2x9x12, layers: [{conv: 4, kernel: 3, padding: 1, act: relu}, {max_pool: 3}, {linear: 5}]}"


def test_a_sound_network_is_all_ticks():
    assert told_of(CONV) == []


@pytest.mark.parametrize("shape", ["[4, 4, 9]", "24x6", "[2, 2, 6, 6]", "144", "[4, 6, 6]"])
def test_a_reshape_moves_elements_within_what_is_predicted(shape):
    layers = f"[{{conv: 4, kernel: 3, padding: 1}}, {{reshape: {shape}}}, {{act: relu}}]"
    assert told(verified(cnncalc.loads(f"{{cnncalc: 1, input: 4x6x6, layers: {layers}}}"))) == []


def test_a_wrong_shape_rule_is_seen(monkeypatch):
    monkeypatch.setattr("cnncalc.layers.activation.Activation.output_shape", lambda self, inputs: (*inputs[0][:-1], 13))
    analysis = cnncalc.analyze(cnncalc.loads(CONV.replace(", {max_pool: 3}, {linear: 5}", "")))
    found = told(verify(analysis, initial(analysis), only=("shape",)))
    assert found == [("conv1.act", "shape", "4x9x13", "4x9x12")]


def test_a_wrong_count_of_params_is_seen(monkeypatch):
    def kernel_without_bias(layer, inputs, tensors, meter):
        return kernel(layer, inputs, tensors, meter)

    analysis = cnncalc.analyze(cnncalc.loads(CONV))
    tensors = initial(analysis)
    tensors["conv1.extra"] = np.zeros(7, np.float32)
    found = told(verify(analysis, tensors, only=("params",), using=kernel_without_bias))
    assert found == [("conv1", "params", "76", "83")]


def test_a_wrong_rule_for_macs_is_seen(monkeypatch):
    rule = "cnncalc.layers.linear.Linear.macs"
    monkeypatch.setattr(rule, lambda self, inputs, output: elements(inputs[0]))
    assert told_of(CONV, only=("macs",)) == [("linear1", "macs", "48", "240")]


def test_a_kernel_that_multiplies_too_much_is_seen():
    def twice(layer, inputs, tensors, meter):
        kernel(layer, inputs, tensors, meter)
        return kernel(layer, inputs, tensors, meter)

    assert [one[:2] for one in told_of(CONV, only=("macs",), using=twice)] == [("conv1", "macs"), ("linear1", "macs")]


def test_a_tensor_that_is_kept_too_long_is_seen():
    hoard = []

    def hoarding(layer, inputs, tensors, meter):
        hoard.append(kernel(layer, inputs, tensors, meter))
        return hoard[-1]

    found = told_of(CONV, only=("memory",), using=hoarding)
    assert found[0] == ("max_pool1", "memory", "636", "1,032") or [one[1] for one in found] == ["memory"] * len(found)
    assert found


def test_a_wrong_receptive_field_is_seen(monkeypatch):
    narrow = property(lambda self: Span(0, self.stride, 1, 1))  # one tap, and nothing of the padding
    monkeypatch.setattr("cnncalc.slide.Slide.span", narrow)
    found = told_of(CONV, only=("field",))
    assert ("conv1", "field", "axis 0, position 4: reads 4 to 4", "axis 0, position 4: reads 3 to 5") in found


def test_a_wrong_closed_form_is_seen(monkeypatch):
    from cnncalc.field import ReceptiveField
    from cnncalc.slide import Slide

    monkeypatch.setattr(
        Slide, "field", property(lambda self: ReceptiveField(self.reach + 1, self.stride, -self.before))
    )
    found = told_of(CONV, only=("field",))
    assert ("conv1", "field", "axis 0, position 4: reads 3 to 6", "axis 0, position 4: reads 3 to 5") in found
