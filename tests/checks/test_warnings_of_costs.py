"""The warnings about what is paid for nothing: CNN204, CNN205 and CNN206."""

import random
from fractions import Fraction

import numpy as np
import pytest

import cnncalc
from cnncalc.checks import rule
from cnncalc.checks.engine import once
from cnncalc.checks.mending import applied
from cnncalc.checks.survey import survey
from cnncalc.checks.unused_layer import unused

COSTS = ("CNN204", "CNN205", "CNN206")
HEAD = "cnncalc: 1\ninput: {}\nlayers:\n"


def read(text):
    return survey(text.encode(), "net.yaml")


def findings(code, text, threshold=None):
    return [*rule(code).findings(read(text), threshold if threshold is not None else rule(code).threshold)]


def net(shape, *layers):
    return HEAD.format(shape) + "".join(f"- {layer}\n" for layer in layers)


def codes(text):
    return [finding.code for code in COSTS for finding in findings(code, text)]


def params(text):
    return cnncalc.analyze(cnncalc.loads(text)).totals.params


@pytest.mark.parametrize("code", COSTS)
def test_the_example_fires_the_rule_alone_and_the_rewrite_none(code):
    assert codes(rule(code).example) == [code]
    assert codes(rule(code).instead) == []


# ---- CNN204


def normalised(x, axes, scale, shift):
    """Return x less its mean over some axes, over its deviation, scaled and shifted for each channel."""
    mean, deviation = x.mean(axes, keepdims=True), x.std(axes, keepdims=True)
    return scale * (x - mean) / (deviation + 1e-5) + shift


def grouped(x, groups, scale, shift):
    n, c, h, w = x.shape
    parts = normalised(x.reshape(n, groups, c // groups, h, w), (2, 3, 4), 1, 0)
    return scale * parts.reshape(x.shape) + shift


X = np.random.default_rng(1).normal(size=(4, 6, 5, 7))
BIAS, SCALE, SHIFT = np.random.default_rng(2).normal(size=(3, 1, 6, 1, 1))


@pytest.mark.parametrize("axes", [(0, 2, 3), (2, 3)], ids=["batch_norm", "instance_norm"])
def test_a_bias_before_a_norm_of_each_channel_changes_nothing(axes):
    assert np.allclose(normalised(X + BIAS, axes, SCALE, SHIFT), normalised(X, axes, SCALE, SHIFT), atol=1e-12)


def test_a_bias_before_batch_norm_changes_nothing_at_inference_either():
    def inferred(x, training):
        mean, deviation = training.mean((0, 2, 3), keepdims=True), training.std((0, 2, 3), keepdims=True)
        return SCALE * (x - mean) / deviation + SHIFT

    image = np.random.default_rng(3).normal(size=(1, 6, 5, 7))
    assert np.allclose(inferred(image + BIAS, X + BIAS), inferred(image, X), atol=1e-12)


def test_a_bias_before_layer_norm_or_group_norm_changes_the_output():
    assert not np.allclose(normalised(X + BIAS, (1,), SCALE, SHIFT), normalised(X, (1,), SCALE, SHIFT), atol=0.01)
    assert not np.allclose(grouped(X + BIAS, 3, SCALE, SHIFT), grouped(X, 3, SCALE, SHIFT), atol=0.01)


def test_a_bias_before_group_norm_with_a_group_for_each_channel_changes_nothing():
    assert np.allclose(grouped(X + BIAS, 6, SCALE, SHIFT), grouped(X, 6, SCALE, SHIFT), atol=1e-12)


NORMS = [
    ("batch_norm", True), ("instance_norm", True), ("layer_norm", False), ("{group_norm: 3}", False),
    ("{group_norm: 6}", True), ("{local_response_norm: 5}", False), ("relu", False), ("identity", False),
]  # fmt: skip


@pytest.mark.parametrize(("norm", "fires"), NORMS)
@pytest.mark.parametrize("shape", ["4x9", "4x9x9", "4x9x9x9"])
def test_the_bias_by_default_is_idle_before_a_norm_of_each_channel_only(shape, norm, fires):
    assert codes(net(shape, "{conv: 6, kernel: 3}", norm)) == ["CNN204"] * fires


@pytest.mark.parametrize("layer", ["conv: 6", "depthwise: 3", "conv_transpose: 6", "linear: 6"])
def test_every_layer_with_a_bias_is_looked_at(layer):
    assert codes(net("4x9x9", f"{{{layer}}}", "batch_norm")) == ["CNN204"]
    assert codes(net("4x9x9", f"{{{layer}, bias: false}}", "batch_norm")) == []


def test_a_bias_that_differs_over_the_positions_is_not_taken_away():
    bias = np.random.default_rng(4).normal(size=(1, 6, 5, 7))
    assert not np.allclose(normalised(X + bias, (2, 3), SCALE, SHIFT), normalised(X, (2, 3), SCALE, SHIFT), atol=0.01)
    for norm in ("batch_norm", "instance_norm"):
        assert codes(net("4x9x9", "{locally_connected: 6, kernel: 3}", norm)) == []


def test_a_norm_on_the_line_itself_drops_the_bias_unless_it_is_asked_for():
    assert codes(net("4x9x9", "{conv: 6, norm: batch_norm}")) == []
    assert codes(net("4x9x9", "{conv: 6, norm: batch_norm, bias: true}")) == ["CNN204"]


def test_a_bias_that_something_else_reads_too_is_needed():
    assert codes(net("4x9x9", "{conv: 6, name: a}", "batch_norm", "{add: [a, prev]}")) == []


def test_a_bias_that_is_an_output_too_is_needed():
    assert codes(net("4x9x9", "{conv: 6, name: a}", "batch_norm") + "outputs: [a, prev]\n") == []


def test_the_wasted_parameters_are_those_that_the_fix_saves():
    for text in (
        net("4x9x9", "{conv: 6, kernel: 3}", "batch_norm"),
        net("4x9", "{conv: 2000, bias: true, norm: instance_norm}"),
        HEAD.format("4x9x9") + "- conv: 6\n  kernel: 3\n- batch_norm\n",
    ):
        (found,) = findings("CNN204", text)
        after = applied(text, found.fix.edits)
        wasted = params(text) - params(after)
        assert f"{wasted:,}" in found.message.replace("six", "6")
        assert findings("CNN204", after) == []
        assert found.fix.safe
        assert found.helps[0][0].edits == found.fix.edits
        assert read(after).facts[found.place.path].shape == found.helps[0][0].output


BLOCK = (
    "cnncalc: 1\ninput: 4x9x9\nblocks:\n  unit:\n    args: {{last: 0}}\n    layers:\n"
    "    - {{conv: 6, kernel: 3, padding: 1}}\n    - {}\nlayers:\n- {{use: unit}}\n- {{use: unit, with: {{last: 1}}}}\n"
)


def test_a_line_of_a_block_is_mended_where_every_instance_has_the_norm():
    text = BLOCK.format("batch_norm")
    (found,) = once(findings("CNN204", text))
    assert (found.more, [call.line for call in found.calls]) == (1, [10])
    assert found.notes[-1] == "two layers of this line have 12 such parameters"
    after = applied(text, found.fix.edits)
    assert params(text) - params(after) == 12
    assert codes(after) == []


def test_a_line_of_a_block_is_not_mended_where_one_instance_lacks_the_norm():
    (found,) = findings("CNN204", BLOCK.format("{batch_norm, when: last == 0}"))
    assert found.place.path == "unit1.conv1"
    assert found.fix is None


def test_a_line_of_a_block_is_not_mended_where_one_instance_has_a_norm_that_keeps_the_bias():
    (found,) = findings("CNN204", BLOCK.format("{group_norm: 6 - 3*last}"))
    assert (found.place.path, found.fix) == ("unit1.conv1", None)


def test_a_norm_that_other_arguments_would_take_away_makes_no_fix():
    text = "cnncalc: 1\ninput: 4x9x9\nargs: {norm: 1}\nlayers:\n- {conv: 6}\n- {batch_norm, when: norm == 1}\n"
    (found,) = findings("CNN204", text)
    assert found.fix is None


def test_a_fix_that_makes_the_files_own_claim_wrong_is_unsafe():
    text = net("4x9x9", "{conv: 6}", "batch_norm") + "expect: {params: 42}\n"
    (found,) = findings("CNN204", text)
    assert not found.fix.safe


def test_a_repeat_is_one_line_with_several_biases():
    (found,) = once(findings("CNN204", net("6x9x9", "{conv: 6, bias: true, norm: batch_norm, repeat: 3}")))
    assert found.more == 2
    assert found.notes[-1] == "three layers of this line have 18 such parameters"


def test_a_shared_bias_is_needed_if_one_use_of_it_is():
    shared = ("{conv: 4, name: a}", "batch_norm", "{conv: 4, weights: a}")
    assert codes(net("4x9x9", *shared)) == []
    (found,) = findings("CNN204", net("4x9x9", *shared, "batch_norm"))
    assert (found.place.path, found.fix) == ("a", None)


# ---- CNN205


def test_a_layer_that_is_read_or_is_an_output_is_used():
    text = net("3x8x8", "{conv: 8, name: a}", "{conv: 8, from: in, name: b}")
    assert codes(text) == ["CNN205"]
    assert codes(text + "outputs: [a, b]\n") == []
    assert codes(text + "outputs: [a]\n") == ["CNN205"]
    assert codes(net("3x8x8", "{conv: 8, name: a}", "{conv: 8, from: in}", "{add: [a, prev]}")) == []


def test_a_chain_is_told_once_with_its_totals():
    text = net("3x8x8", "{conv: 8, act: relu}", "{conv: 4}", "batch_norm", "{conv: 2, from: in}")
    (found,) = findings("CNN205", text)
    assert found.message.startswith("a chain of four layers, conv1 to batch_norm1, never reaches an output: 76 param")
    assert (found.place.path, found.others[0].span.line) == ("batch_norm1", 4)


def test_what_a_chain_costs_is_what_the_network_saves_without_it():
    text = net("3x8x8", "{conv: 8, act: relu}", "{conv: 4, kernel: 3}", "{conv: 2, from: in}")
    (found,) = findings("CNN205", text)
    (taken,) = found.helps[1]
    before, after = (cnncalc.analyze(cnncalc.loads(one)).totals for one in (text, applied(text, taken.edits)))
    assert codes(applied(text, taken.edits)) == []
    less = before.params - after.params, before.macs - after.macs
    assert f"{less[0]:,} parameters and {less[1]:,} MACs for nothing" in found.message


def test_a_branch_that_only_leads_to_an_unused_join_is_part_of_its_chain():
    text = net("3x8x8", "{add: [[{conv: 3}], [{conv: 3}]], name: j}", "{conv: 2, from: in}")
    (found,) = findings("CNN205", text)
    assert found.place.path == "j"
    assert "a chain of three layers" in found.message
    assert len(found.helps) == 1


def test_tensors_that_a_used_layer_shares_are_not_paid_for_nothing():
    text = net("3x8x8", "{conv: 3, name: a}", "{conv: 3, weights: a, from: in}")
    (found,) = findings("CNN205", text)
    assert "no parameters and 576 MACs" in found.message
    assert len(found.helps) == 1


def test_the_unread_end_of_the_last_block_is_found_among_its_instances():
    text = (
        "cnncalc: 1\ninput: 8x16\nblocks:\n  unit:\n    layers:\n    - {conv: 4, name: skip}\n"
        "    - {conv: 8, from: in}\nlayers:\n- {use: unit, repeat: 3, name: unit}\n- {add: unit.*.skip}\n"
    )
    (found,) = findings("CNN205", text)
    assert (found.place.path, found.place.span.line, found.calls[0].line) == ("unit.2.conv1", 7, 9)


def test_unused_layers_are_those_that_no_path_leads_from_to_an_output():
    fired = 0
    for seed in range(300):
        rng = random.Random(seed)
        sources = [
            rng.sample(["in", *(f"n{i}" for i in range(at))], k=min(at + 1, rng.randint(1, 2))) for at in range(8)
        ]
        layers = [f"{{add: [{', '.join(names)}], name: n{at}}}" for at, names in enumerate(sources)]
        outputs = {f"n{rng.randrange(8)}" for _ in range(2)}
        text = net("2x4x4", *layers) + f"outputs: [{', '.join(sorted(outputs))}]\n"

        def leads(name, sources=sources, outputs=outputs):
            return name in outputs or any(leads(f"n{at}") for at, names in enumerate(sources) if name in names)

        dead = {f"n{at}" for at in range(8) if not leads(f"n{at}")}
        ends = {name for name in dead if not any(name in names for names in sources)}
        found = findings("CNN205", text)
        fired += bool(found)
        assert {one.place.path for one in found} == ends
        chains = unused(read(text).graph)
        assert chains.keys() == ends
        assert sorted(node.path for chain in chains.values() for node in chain) == sorted(dead)
    assert fired > 100


# ---- CNN206

MAP = ("{conv: 16, kernel: 3, padding: 1}", "{linear: 10}")


def test_a_linear_layer_on_a_map_holds_more_than_half():
    (found,) = findings("CNN206", net("3x8x8", *MAP))
    assert found.message == "one linear layer on a 16x8x8 map holds 10,250 of 10,698 parameters, 96%"
    assert found.notes == ("16*8*8*10 + 10 = 10,250 parameters",)


@pytest.mark.parametrize("between", [(), ("flatten",), ("flatten", "dropout", "relu")])
def test_the_pool_in_front_costs_what_is_said(between):
    text = net("3x8x8", MAP[0], *between, MAP[1])
    (found,) = findings("CNN206", text)
    ((suggestion,),) = found.helps
    after = applied(text, suggestion.edits)
    assert f"{params(after):,} in all" in suggestion.text
    assert codes(after) == []
    assert read(after).facts["linear1"].shape == suggestion.output


def test_exactly_half_is_not_more_than_half():
    even = net("2x2x2", "{conv: 8, bias: false}", "{conv: 2, bias: false}", "{linear: 4, bias: false}")  # 16 + 16, 32
    assert params(even) == 64
    assert codes(even) == []
    assert codes(even.replace("linear: 4", "linear: 5")) == ["CNN206"]
    assert len(findings("CNN206", even, Fraction(49, 100))) == 1


@pytest.mark.parametrize(
    "layers",
    [
        ("{linear: 100}", "{linear: 10}"),
        ("flatten", "{linear: 100}"),
        ("{conv: 4}", "global_avg_pool", "{linear: 100}"),
    ],
)
def test_where_there_is_no_map_to_pool_nothing_is_said(layers):
    assert codes(net("3x8x8", *layers)) == []


@pytest.mark.parametrize("shape", ["3x8", "3x8x8", "3x4x4x4"])
def test_a_map_may_have_any_axes(shape):
    assert codes(net(shape, "{conv: 4, kernel: 1}", "{linear: 50}")) == ["CNN206"]


def test_totals_that_are_not_known_are_not_compared():
    assert codes(net("3x8x8", *MAP, "{conv: 3}")) == []


def test_two_heads_on_one_flattened_map_are_not_edited():
    text = net("3x8x8", MAP[0], "{flatten, name: f}", "{linear: 10}", "{linear: 2, from: f, name: b}")
    (found,) = findings("CNN206", text + "outputs: [linear1, b]\n")
    assert found.helps[0][0].edits == ()


def test_a_network_without_parameters_is_quiet():
    assert codes(net("3x8x8", "relu")) == []


def test_a_broken_file_and_an_empty_one_are_quiet():
    assert codes("") == codes("{") == codes(net("3x8x8", "{conv: 0}")) == []
