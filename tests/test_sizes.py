"""Legal sizes: published minima, whole analyses of every size, pairs of sizes, proofs, and what the text expands to."""

from __future__ import annotations

import os
import re
from random import Random

import pytest

import cnncalc
from cnncalc.analysis import analyze
from cnncalc.errors import CnncalcError, SpecError
from cnncalc.sizes import legal_sizes
from cnncalc.sizes.line import Range
from cnncalc.sizes.network import read_network
from cnncalc.sizes.progression import Cycle, progressions, text
from cnncalc.sizes.sweep import sweep
from cnncalc.zoo import zoo_path
from tests.zoo import BODIES

from .fuzz.grammar import Writer
from .oracles.networks import random_network
from .oracles.spec_text import text as spec_text

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))
UP_TO = 64


def read(spec, **options):
    content = spec.encode() if isinstance(spec, str) else spec
    return read_network(content, "net.yaml", options.get("args", {}), options.get("input"))


def sizes_of(spec, high=UP_TO, **options):
    return legal_sizes(read(spec, **options), [Range(1, high)] * 8)


def zoo(name, *, old="", new=""):
    return zoo_path(name).read_text(encoding="utf-8").replace(old, new)


def smallest(found):
    return [min(one.first for one in line.legal) for line in found.lines]


VGG_FLOORED = zoo("vgg16", old="input: 3x224x224", new="input: 3x224x224\nrounding: floor")


# Source: `meta["min_size"]` of the weights in torchvision.models; ResNets and MobileNetV2 have (1, 1).
@pytest.mark.parametrize(
    ("spec", "args", "size"),
    [
        (zoo("alexnet"), {}, 63),
        (zoo("vgg16"), {}, 32),
        (VGG_FLOORED, {}, 32),
        (VGG_FLOORED, {"n1": "1", "n2": "1"}, 32),
        (zoo("densenet121"), {}, 29),
        (zoo("densenet121"), {"n3": "32", "n4": "32"}, 29),
        (zoo("densenet121"), {"n3": "48", "n4": "32"}, 29),
        (zoo("squeezenet1_0"), {}, 21),
        (zoo("squeezenet1_0"), {"c": "64", "kernel": "3", "pool1": "3", "pool2": "5"}, 17),
        (zoo("convnext_tiny"), {}, 32),
        (zoo("efficientnet_b0"), {}, 1),
        (zoo("googlenet_torchvision"), {}, 15),
        (zoo("inception_v3"), {}, 75),
        (zoo("resnet18"), {}, 1),
        (zoo("resnet50"), {}, 1),
        (zoo("mobilenet_v2"), {}, 1),
    ],
)
def test_the_smallest_size_is_the_one_that_torchvision_publishes(spec, args, size):
    assert smallest(sizes_of(spec, args=args)) == [size, size]


def test_under_pytorch_s_rounding_every_larger_size_is_legal_too():
    found = sizes_of(zoo("alexnet"))
    assert [text(line.legal) for line in found.lines] == ["all from 63 on"] * 2


def test_a_u_net_takes_188_and_every_16_more_without_end():
    found = legal_sizes(read(zoo("unet")))
    assert [text(line.legal) for line in found.lines] == ["188 + 16k"] * 2
    assert all(line.tail for line in found.lines)
    assert found.lines[0].nearest(572) == (556, 588)
    assert found.lines[0].nearest(190) == (188, 204)
    assert found.meeting is None


@pytest.mark.parametrize("name", ["unet", "alexnet", "squeezenet1_0", "inception_v3", "googlenet_torchvision", "c3d"])
def test_what_is_proved_is_what_a_sweep_of_1024_sizes_finds(name):
    line = sizes_of(zoo(name)).lines[-1]
    assert line.tail
    swept = sweep(line.network.graph, [line.axis.at(line.held, size) for size in range(1, 1025)]).refusals
    for size, refusal in enumerate(swept, start=1):
        assert place(line.at(size)) == place(refusal), size


@pytest.mark.parametrize("name", BODIES)
def test_every_spec_of_the_zoo_has_legal_sizes_and_all_of_them_are_proved(name):
    found = sizes_of(zoo(name))
    assert found.own.refusal is None
    assert all(line.tail and line.at(line.axis.own) is None for line in found.lines)


def test_a_size_far_beyond_the_range_is_as_was_proved():
    line = sizes_of(zoo("unet")).lines[0]
    for size in (188 + 16 * 10**4, 188 + 16 * 10**4 + 5):
        assert (line.network.refusal(line.axis.at(line.held, size)) is None) == (line.at(size) is None)


def place(refusal):
    return refusal and refusal.place.path


def analysed(graph, inputs):
    """Return the path and the fact of the first layer that a whole analysis refuses."""
    try:
        analyze(graph._replace(inputs=inputs))
    except SpecError as error:
        return error.place.path, error.fact
    return None


def accepted(spec, inputs):
    """Return whether the spec's text is accepted with another input, graph and all."""
    try:
        analyze(cnncalc.loads(spec, input="x".join(map(str, inputs["input"]))))
    except SpecError:
        return False
    return True


def disagreements(spec, rng):
    """Yield what a network's lines say that whole analyses do not."""
    found = sizes_of(spec)
    for line in found.lines:
        beyond = [rng.randint(UP_TO + 1, 600) for _ in range(4)] if line.tail else []
        for size in [*range(1, UP_TO + 1), *beyond]:
            inputs = line.axis.at(line.held, size)
            ours = line.refusal(size)
            if place(ours) != place(line.at(size)):
                yield f"{line.axis.name} {size}: the proof says {place(line.at(size))}, the sweep {place(ours)}"
            if (ours and (ours.place.path, ours.fact)) != analysed(found.network.graph, inputs):
                yield f"{line.axis.name} {size}: {ours}"
            if rng.random() < 0.1 and accepted(spec, inputs) != (ours is None):
                yield f"{line.axis.name} {size}: the text says otherwise"
            if (ours is None) != any(size in one for one in line.legal):
                yield f"{line.axis.name} {size}: not as the progressions have it"
    if found.meeting is None and len(found.lines) > 1:
        yield from dependences(found, rng)


def dependences(found, rng):
    """Yield sizes of all axes that are not legal exactly where each is along its own axis."""
    for _ in range(20):
        sizes = []
        for line in found.lines:
            legal = [size for size in range(1, UP_TO + 1) if line.at(size) is None]
            sizes.append(rng.choice(legal) if legal and rng.random() < 0.7 else rng.randint(1, UP_TO))
        inputs = dict(found.network.own)
        for line, size in zip(found.lines, sizes, strict=True):
            inputs = line.axis.at(inputs, size)
        expected = all(line.at(size) is None for line, size in zip(found.lines, sizes, strict=True))
        if expected != (found.network.refusal(inputs) is None):
            yield f"{sizes} must be {'legal' if expected else 'refused'}"


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_every_size_of_random_networks_is_as_a_whole_analysis_has_it(block):
    faults, sound = [], 0
    for index in range(8 * block, 8 * block + 8):
        for spec in (spec_text(random_network(index, seed=SEED)), Writer(Random(f"{SEED}/{index}")).spec()):
            try:
                read(spec)
            except CnncalcError:
                continue
            sound += 1
            faults += [f"{index}: {fault}" for fault in disagreements(spec, Random(index))]
    assert not faults, "\n".join(faults[:5])
    assert sound >= 8


def test_axes_that_meet_in_a_reshape_are_told_and_both_are_asked_together():
    found = sizes_of("{cnncalc: 1, input: 4x6x6, layers: [{reshape: 144}, {linear: 3}]}")
    assert found.meeting == "reshape1"
    assert [text(line.legal) for line in (*found.lines, found.joint)] == ["6", "6", "6"]
    assert found.network.refusal({"input": (4, 4, 9)}) is None  # which neither axis alone could tell


def test_axes_do_not_meet_in_a_linear_layer():
    found = sizes_of("{cnncalc: 1, input: 4x6x6, layers: [flatten, relu, {linear: 3}]}")
    assert found.meeting is None
    assert found.resized == ("linear1",)


def test_axes_meet_in_a_linear_layer_that_shares_its_tensors():
    found = sizes_of("{cnncalc: 1, input: 4x6x6, layers: [{linear: 144, name: a}, {linear: 144, name: b, weights: a}]}")
    assert found.meeting == "a"
    assert [text(line.legal) for line in found.lines] == ["6", "6"]
    assert "shared weights must have one shape" in found.lines[0].refusal(7).fact


def test_inputs_of_one_size_grow_together_and_others_are_held():
    spec = """{cnncalc: 1, inputs: {a: 3x8x8, b: 3x8x8, low: 3x4x4}, layers: [
      {add: [a, b], name: ab}, {max_pool: 2, from: ab}, {concat: [prev, low]}]}"""
    found = sizes_of(spec)
    assert [(line.axis.name, text(line.legal)) for line in found.lines] == [
        ("height of a and b", "8"), ("width of a and b", "8"), ("height of low", "4"), ("width of low", "4"),
    ]  # fmt: skip
    assert found.meeting == "concat1"


def test_a_spec_whose_own_size_is_refused_has_its_sizes():
    found = sizes_of("{cnncalc: 1, input: 1x7x8, layers: [{conv: 4, kernel: 3, stride: 3}]}")
    assert [text(line.legal) for line in found.lines] == ["3 + 3k", "3 + 3k"]
    assert place(found.own.refusal) == "conv1"


def test_a_spec_that_has_no_graph_at_its_own_size_has_its_sizes():
    spec = """{cnncalc: 1, input: 3x4x4, blocks: {b: {layers: [{conv: 2*cin, kernel: 3}]}},
      layers: [{conv: 8, kernel: 5}, {use: b, repeat: 2}]}"""
    with pytest.raises(SpecError):
        cnncalc.loads(spec)
    assert [text(line.legal) for line in sizes_of(spec).lines] == ["all from 9 on"] * 2


def test_axes_with_strides_of_their_own_that_are_both_refused_are_found():
    spec = """{cnncalc: 1, input: 1x100x90, layers: [{conv: 4, kernel: 7, stride: [7, 5]},
      {conv: 4, kernel: 3, stride: [11, 3]}, {conv: 4, kernel: 3, stride: [2, 3]}]}"""
    assert [text(line.legal) for line in sizes_of(spec, high=1024).lines] == ["175 + 154k", "47 + 45k"]


def test_a_graph_that_changes_with_the_size_is_made_anew_for_each():
    spec = """{cnncalc: 1, input: 3x8x8, blocks: {b: {layers: [{linear: cin//24}, {linear: 2, when: cin > 100}]}},
      layers: [{max_pool: 2}, flatten, {use: b}]}"""
    line = sizes_of(spec).lines[0]
    assert line.network.rebuild
    assert line.tail is None
    for size in range(1, UP_TO + 1):
        assert accepted(spec, line.axis.at(line.held, size)) == (line.at(size) is None)


def test_a_receptive_field_beyond_64_bits_is_refused_as_the_analysis_refuses_it():
    spec = "{cnncalc: 1, input: 1x8, layers: [{conv: 1, stride: 2, rounding: floor, repeat: 70}]}"
    assert "64 bits" in analysed(cnncalc.loads(spec), {"input": (1, 8)})[1]
    assert sizes_of(spec).lines[0].legal == ()


def test_the_layer_that_refuses_a_size_is_named_with_its_numbers():
    found = legal_sizes(read(zoo("unet")), whys=[{"input": (1, 190, 190)}, {"input": (1, 188, 204)}])
    refused, legal = found.whys
    assert place(refused.refusal) == "down.1.max_pool1"
    assert "(89 - 2 + 2*0)/2 + 1 = 44.50 must be a whole number" in refused.refusal.fact
    assert legal.outputs == ((2, 4, 20),)


def test_of_two_branches_that_refuse_a_size_the_first_is_named():
    line = sizes_of(
        "{cnncalc: 1, input: 1x12, layers: [{add: [[{conv: 1, kernel: 9}], [{conv: 1, kernel: 9}]]}]}"
    ).lines[0]
    assert list(line.refused) == ["conv1"]
    line = sizes_of(
        "{cnncalc: 1, input: 1x12, layers: [{add: [[{conv: 1, kernel: 5}], [{conv: 1, kernel: 9}]]}]}"
    ).lines[0]
    assert [place(line.at(size)) for size in (4, 8, 9, 10)] == ["conv1", "conv2", None, "add1"]  # 5 and 1 add up


def test_a_vector_has_no_axis():
    assert sizes_of("{cnncalc: 1, input: 784, layers: [{linear: 10}]}").lines == ()


def expanded(said, high):
    """Return the sizes up to a bound that a text stands for, read as a person would."""
    found = set()
    for part in re.split(r", (?![^(]*\))", said):
        if match := re.fullmatch(r"\(?([^()+]+?)\)? \+ (\d+)k(?: up to (\d+))?", part):
            for first in expanded(match[1], high):
                found |= set(range(first, min(high, int(match[3] or high)) + 1, int(match[2])))
        elif match := re.fullmatch(r"all from (\d+) on", part):
            found |= set(range(int(match[1]), high + 1))
        elif match := re.fullmatch(r"(\d+)(?: to (\d+))?", part):
            found |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
        else:
            assert part == "none", part
    return found


def test_the_text_expands_to_exactly_the_set():
    rng = Random(SEED)
    for _ in range(300):
        period, high = rng.randint(1, 12), rng.randint(1, 150)
        remainders = rng.sample(range(period), rng.randint(0, period))
        members = {size for size in range(rng.randint(1, 40), high + 1) if size % period in remainders}
        members ^= {rng.randint(1, high) for _ in range(rng.randint(0, 4))}
        assert expanded(text(progressions(members)), high) == members


def test_the_text_of_a_set_without_end_expands_to_exactly_the_set():
    rng = Random(SEED)
    for _ in range(300):
        period = rng.randint(1, 16)
        cycle = Cycle(period, rng.randint(1, 60), set(rng.sample(range(period), rng.randint(1, period))))
        below = {size for size in range(1, cycle.since) if rng.random() < 0.2 or size % period in cycle.remainders}
        members = below | {size for size in range(cycle.since, 400) if size % period in cycle.remainders}
        assert expanded(text(progressions(below, cycle)), 399) == members


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (range(1, 65), "1 to 64"),
        ([], "none"),
        ([5, 9], "5, 9"),
        (range(188, 1025, 16), "188 + 16k up to 1020"),
        ([n for n in range(3, 60) if n % 7 in (1, 2, 4)], "(4, 8, 9) + 7k up to 58"),
        ([17, 20, *range(31, 90)], "17, 20, 31 to 89"),
    ],
)
def test_few_progressions_with_the_common_step_are_found(members, said):
    assert text(progressions(members)) == said
