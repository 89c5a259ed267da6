"""Layers that pick channels after a concat of branches: the pull-back is what NaN finds, or says that it is a bound."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.channels import bounded
from cnncalc.execute.tensors import initial
from cnncalc.execute.verify import verify
from cnncalc.pullback import PullBack

from .test_pull_back_nan import faults

BRANCHES = "{concat: [[{conv: 4, kernel: 3, padding: 1}], [{conv: 4, kernel: 7, padding: 3}]], name: both}"


def after_branches(*layers):
    return cnncalc.analyze(
        cnncalc.loads(f"{{cnncalc: 1, input: 2x12, rounding: floor, layers: [{', '.join([BRANCHES, *layers])}]}}")
    )


PICKED = {
    "the first operand": (["{slice: [0, 4]}"], 3),
    "the second operand": (["{slice: [4, 8]}"], 7),
    "some of both": (["{slice: [3, 5]}"], 7),
    "a slice of a slice": (["{slice: [1, 8]}", "{slice: [0, 3]}"], 3),
    "through pools, norms and activations": (
        ["{max_pool: 3, stride: 1, padding: 1}", "instance_norm", "relu", "{slice: [0, 4]}"],
        18,
    ),
    "through a depthwise convolution": (["{depthwise: 3, padding: 1, multiplier: 2}", "{slice: [0, 8]}"], 5),
    "through the groups of a convolution": (["{conv: 6, kernel: 3, padding: 1, groups: 2}", "{slice: [0, 3]}"], 5),
    "through the groups of a transposed one": (["{conv_transpose: 4, kernel: 1, groups: 2}", "{slice: [2, 4]}"], 7),
    "shuffled": (["{channel_shuffle: 2}", "{slice: [0, 2]}"], 7),
    "shuffled and picked out": (["{channel_shuffle: 2}", "{slice: [0, 1]}"], 3),
    "added": (["{add: [both, both]}", "{slice: [0, 4]}"], 3),
    "through a convolution of all": (["{conv: 4, kernel: 1}", "{slice: [0, 4]}"], 7),
}


@pytest.mark.parametrize("layers", [layers for layers, _ in PICKED.values()], ids=PICKED)
def test_picked_channels_read_what_nan_finds(layers):
    analysis = after_branches(*layers)
    assert bounded(analysis.facts) == set()
    assert [fault for _, fault in faults(analysis) if fault] == []


@pytest.mark.parametrize(("layers", "size"), [one for one in PICKED.values() if "instance_norm" not in one[0]])
def test_picked_channels_have_the_size_of_their_own_branch(layers, size):
    analysis = after_branches(*layers)
    first, last = PullBack(analysis, analysis.facts[-1].node.path, 0, endless=True).intervals()[5]
    assert last - first + 1 == size


BOUNDS = {
    "positions from channels": ["{pixel_shuffle: 2}"],
    "neighbouring channels": ["{local_response_norm: 3}", "{slice: [0, 2]}"],
    "elements of a vector": ["flatten", "{slice: [0, 20]}"],
}


@pytest.mark.parametrize("layers", BOUNDS.values(), ids=BOUNDS)
def test_what_is_more_than_is_read_is_called_a_bound(layers):
    analysis = after_branches(*layers)
    assert analysis.facts[-1].node.path in bounded(analysis.facts)


@pytest.mark.parametrize("layers", [*(layers for layers, _ in PICKED.values()), *BOUNDS.values()])
def test_they_are_verified_without_a_false_cross(layers):
    analysis = after_branches(*layers)
    nodes = verify(analysis, initial(analysis, 3))
    assert [one.facts.node.path for one in nodes if one.differences] == []
    assert {one.facts.node.path for one in nodes if one.is_bound} == bounded(analysis.facts)


def test_a_bound_that_is_too_small_is_a_cross(monkeypatch):
    monkeypatch.setattr("cnncalc.execute.verify.bounded", lambda facts: {one.node.path for one in facts})
    monkeypatch.setattr("cnncalc.channels._read", lambda one, operand, channels: frozenset())
    analysis = after_branches("{pixel_shuffle: 2}")
    assert [one for one in verify(analysis, initial(analysis, 3)) if one.differences]


def test_pixels_shuffled_from_channels_that_read_alike_are_exact():
    text = "{cnncalc: 1, input: 1x9, layers: [{conv: 4, kernel: 3, padding: 1}, {pixel_shuffle: 2}]}"
    assert bounded(cnncalc.analyze(cnncalc.loads(text)).facts) == set()
