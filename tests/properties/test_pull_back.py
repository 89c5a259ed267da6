"""The pull-back against brute force and against the closed form: endless and with edges, its sets and its padding."""

from __future__ import annotations

from math import floor

import pytest

import cnncalc
from cnncalc.field import ReceptiveField
from cnncalc.pullback import PullBack
from cnncalc.reach import reaches
from tests.zoo import BODIES, ONCE

from .dependence import ORIGIN, SEED, projected, random_networks, spec

NETWORKS = {1: 800, 2: 80}


def positions(bits, sizes, axis):
    return {place for place in range(sizes[axis]) if projected(bits, sizes, axis) >> place & 1}


def faults(sizes, layers, nodes):
    """Yield where the pull-back of a node is not what the traces of single positions have."""
    analysis = cnncalc.analyze(cnncalc.loads(spec(sizes, layers)))
    for _, facts, trace in nodes:
        for axis in range(len(sizes)):
            path = facts.node.path
            asked = PullBack(analysis, path, axis)
            for o, (ours, padded) in enumerate(zip(asked.sets(), asked.padded(), strict=True)):
                bits, touched = 0, []
                for place, read in trace.real.items():
                    if place[axis] == o:
                        bits |= read
                        touched.append(trace.touched[place])
                if (theirs := positions(bits, sizes, axis)) != ours:
                    yield f"{path} axis {axis} output {o}: {sorted(ours)}, not {sorted(theirs)}"
                if len(sizes) == 1 and padded != any(touched):
                    yield f"{path} output {o}: padded {padded}, not {any(touched)}"


@pytest.mark.parametrize("rank", NETWORKS)
def test_with_edges_it_is_what_is_read(rank):
    told = []
    for number, sizes, layers, nodes in random_networks(NETWORKS[rank], rank):
        nothing = any(not bits for _, _, trace in nodes for bits in trace.real.values())
        if rank > 1 and nothing:  # what reads nothing along one axis reads nothing at all: two axes are no longer apart
            continue
        told += [f"CNNCALC_SEED={SEED} network {number}: {fault}" for fault in faults(sizes, layers, nodes)]
    assert told == []


def test_endless_it_is_the_endless_trace():
    told = []
    for number, sizes, layers, nodes in random_networks(NETWORKS[1], 1):
        analysis = cnncalc.analyze(cnncalc.loads(spec(sizes, layers)))
        for _, facts, trace in nodes:
            if trace.core[0] is not None:  # behind a layer that reads everything
                continue
            asked = PullBack(analysis, facts.node.path, 0, endless=True)
            for o, ours in enumerate(asked.sets()):
                read, origin = trace.endless[0](o), ORIGIN.bit_length() - 1
                if ours != {place - origin for place, bit in enumerate(f"{read:b}"[::-1]) if bit == "1"}:
                    told.append(f"CNNCALC_SEED={SEED} network {number} {facts.node.path} output {o}")
    assert told == []


def agreements(analysis):
    """Return how many axes agree with the closed form; fail where one does not."""
    found = 0
    shapes = [shape for one in analysis.facts for shape in (*one.inputs, one.shape)]
    alike = all(len({*shape[1:]}) <= 1 for shape in shapes) and all(len({*one.field}) <= 1 for one in analysis.facts)
    for one in analysis.facts:
        for axis, field in enumerate(one.field):
            if axis and alike:
                continue  # a square network is alike along its axes
            if isinstance(field, ReceptiveField) and len(one.shape) - 1 == len(one.field):
                got = PullBack(analysis, one.node.path, axis, endless=True).intervals()
                starts = [floor(field.start + o * field.jump) for o in range(len(got))]
                assert got == [(s, s + field.size - 1) for s in starts], (one.node.path, axis, field)
                found += 1
    return found


@pytest.mark.parametrize("name", BODIES)
def test_it_is_the_closed_form_wherever_that_is_known(name):
    size = {
        "wavenet": "256x900",
        "deepface": "3x152x152",
        "unet": "1x188x204",
        "m5": "1x3200",
        "darknet53": "3x64x64",
        "yolov3": "3x64x64",
        "fcn_resnet50": "3x64x64",
        "fpn_resnet50": "3x64x64",
        "inception_v4": "3x75x75",
        "inception_resnet_v2": "3x75x75",
    }.get(name)
    agreements(cnncalc.analyze(cnncalc.load(f"zoo:{name}", input=size, args=ONCE.get(name))))


def test_it_is_the_closed_form_of_random_networks():
    agreed = sum(
        agreements(cnncalc.analyze(cnncalc.loads(spec(sizes, layers))))
        for rank, count in ((1, 1500), (2, 500))
        for _, sizes, layers, _ in random_networks(count, rank)
    )
    assert agreed > 5000


def test_with_edges_its_ends_are_the_reach():
    for name in ("lenet5", "googlenet", "mobilenet_v2", "densenet121", "unet"):
        analysis = cnncalc.analyze(cnncalc.load(f"zoo:{name}", input="1x188x204" if name == "unet" else None))
        found = reaches(analysis.graph, analysis.facts)
        for one in analysis.facts[::7]:
            for axis in range(len(one.shape) - 1):
                assert PullBack(analysis, one.node.path, axis).intervals() == list(found[one.node.path][axis])


# ---- published


def test_the_original_unets_outputs_see_204_rows_288_times_and_188_rows_100_times():
    """After the paper's figure 1: 572 in, 388 out; the counts are worked out by brute force elsewhere too."""
    asked = PullBack(cnncalc.analyze(cnncalc.load("zoo:unet")), "conv1", 0, endless=True)
    sizes = [last - first + 1 for first, last in asked.intervals()]
    assert (sizes.count(204), sizes.count(188), len(sizes)) == (288, 100, 388)


@pytest.mark.parametrize(("dilations", "span", "read"), [((2, 2, 2), 13, 7), ((1, 2, 5), 17, 17)])
def test_dilations_leave_holes(dilations, span, read):
    layers = ", ".join(f"{{conv: 1, kernel: 3, dilation: {d}, padding: {d}}}" for d in dilations)
    analysis = cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, input: 1x64x64, layers: [{layers}]}}"))
    (found,) = PullBack(analysis, "conv3", 0, positions=range(32, 33)).sets()
    assert (max(found) - min(found) + 1, len(found)) == (span, read)


# ---- what is asked


JOINED = "{cnncalc: 1, inputs: {a: 1x9, b: 1x9}, layers: [{conv: 1, kernel: 3, from: a, padding: 1}, {add: [prev, b]}]}"


def test_each_input_is_asked_about_by_itself():
    analysis = cnncalc.analyze(cnncalc.loads(JOINED))
    assert PullBack(analysis, "add1", 0, of="a").intervals()[4] == (3, 5)
    assert PullBack(analysis, "add1", 0, of="b").intervals()[4] == (4, 4)


def test_each_operand_can_be_followed_by_itself():
    analysis = cnncalc.analyze(cnncalc.loads(JOINED))
    assert PullBack(analysis, "add1", 0, of="a", through=[0]).intervals()[4] == (3, 5)
    assert PullBack(analysis, "add1", 0, of="a", through=[1]).intervals()[4] is None


def test_a_position_that_reads_only_padding_reads_nothing():
    analysis = cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 1x4, layers: [{pad: [[2, 0]]}, {conv: 1}]}"))
    asked = PullBack(analysis, "conv1", 0)
    assert asked.intervals()[:3] == [None, None, (0, 0)]
    assert asked.padded()[:3] == [True, True, False]


def test_a_node_without_positions_reads_everything():
    analysis = cnncalc.analyze(cnncalc.load("zoo:lenet5"))
    assert PullBack(analysis, "linear2", 0).intervals() == [(0, 31)]
