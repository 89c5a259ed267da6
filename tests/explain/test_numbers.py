"""Every worked line is true, and its numbers are the analysis's: of the zoo, and of random networks with every op."""

import os
from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis import Facts
from cnncalc.errors import SpecError
from cnncalc.explain import explained
from cnncalc.explain.base import Rule, channels_letter, letter, worked
from cnncalc.field import ReceptiveField
from cnncalc.layers import LAYERS
from cnncalc.layers.base import elements, sizes_text
from tests.explain.arithmetic import lines, named, statements
from tests.oracles.networks import random_network
from tests.oracles.spec_text import text
from tests.zoo import BODIES

NETWORKS = int(os.environ.get("CNNCALC_NETWORKS", "200"))
MOST = 40
"""How many nodes of a spec in the zoo are explained, spread over it."""


def random_analyses():
    for index in range(NETWORKS):
        try:
            yield cnncalc.analyze(cnncalc.loads(text(random_network(index))))
        except SpecError:
            continue


def zoo(name):
    analysis = cnncalc.analyze(cnncalc.load(f"zoo:{name}"))
    return [(one, explained(analysis, one.node.path)) for one in analysis.facts[:: len(analysis.facts) // MOST + 1]]


@pytest.fixture(scope="module")
def random():
    found = [
        (one, explained(analysis, one.node.path, corner(number, one.shape)))
        for number, analysis in enumerate(random_analyses())
        for one in analysis.facts
    ]
    assert len(found) > NETWORKS
    return found


def corner(number, shape):
    """Return the middle, the first or the last position in turn."""
    return (None, (0,) * (len(shape) - 1), tuple(size - 1 for size in shape[1:]))[number % 3 if len(shape) > 1 else 0]


def untrue(explanation):
    return [line.text for line in lines(explanation) for _, values in statements(line.text) if len(set(values)) > 1]


def stated_shape(explanation, facts):
    """Return the output's shape as the lines of its sizes have it."""
    values, rank = named(explanation, "size"), len(facts.shape) - 1
    stated = [values.get(f"{channels_letter(rank)}2"), *(values.get(f"{letter(axis, rank)}2") for axis in range(rank))]
    whole = [line.text for line in lines(explanation, "size")]
    said = any(sizes_text(facts.shape) in text or text.endswith(sizes_text(facts.shape[1:])) for text in whole)
    return tuple(size if stated is None and said else stated for size, stated in zip(facts.shape, stated, strict=True))


def wrong(explanation, facts: Facts):
    """Return the costs that the lines state otherwise than the analysis."""
    values = named(explanation, "parameters", "MACs")
    layer = facts.node.layer
    wanted = {
        "params": facts.params,
        "buffers": facts.buffers,
        "MACs": facts.macs,
        "FLOPs": facts.flops,
        "activations": facts.activations,
    }
    found = {name: (values.get(name, 0), number) for name, number in wanted.items() if values.get(name, 0) != number}
    if "of these not on padding" in values and values["of these not on padding"] != facts.macs_on_input:
        found["on input"] = values["of these not on padding"], facts.macs_on_input
    for name, shape in {**facts.parameters, **layer.buffers(facts.inputs)}.items():
        if values[name] != elements(shape):
            found[name] = values[name], elements(shape)
    return found


def stated_field(explanation, facts):
    """Return the receptive field as the last line that names the node has it, if it is one for all axes."""
    last = lines(explanation, "field")[-1].text
    return last.partition(": ")[2].partition(", since")[0]


def said(axis):
    return f"size {axis.size}, jump {axis.jump}, start {axis.start}"


@pytest.mark.parametrize("name", BODIES)
def test_every_statement_about_the_zoo_is_true(name):
    for facts, explanation in zoo(name):
        assert untrue(explanation) == []
        assert wrong(explanation, facts) == {}
        assert stated_shape(explanation, facts) == facts.shape


def test_every_statement_about_random_networks_is_true(random):
    assert [line for _, explanation in random for line in untrue(explanation)] == []


def test_the_sizes_of_random_networks_are_the_analysis_s(random):
    for facts, explanation in random:
        assert stated_shape(explanation, facts) == facts.shape, (facts, lines(explanation, "size"))


def test_the_costs_of_random_networks_are_the_analysis_s(random):
    for facts, explanation in random:
        assert wrong(explanation, facts) == {}, facts


def test_the_fields_of_random_networks_are_the_analysis_s(random):
    compared = 0
    for facts, explanation in random:
        if isinstance(facts.field[0], ReceptiveField) and len(set(facts.field)) == 1:
            assert stated_field(explanation, facts) == said(facts.field[0])
            compared += 1
    assert compared > 100


def test_the_random_networks_have_every_op(random):
    ops = {facts.node.layer.__class__.__name__ for facts, _ in random}
    from cnncalc.layers import layer_class

    assert {layer_class(op).__name__ for op in LAYERS} <= ops


def test_a_batch_multiplies_macs_and_flops():
    analysis = cnncalc.analyze(cnncalc.load("zoo:lenet5"), batch=8)
    values = named(explained(analysis, "conv1"), "MACs")
    assert values["MACs"] == analysis.facts[0].macs
    assert values["FLOPs"] == analysis.facts[0].flops


def test_shared_tensors_are_counted_where_they_were_first():
    spec = "{cnncalc: 1, input: 4x9, layers: [{conv: 4, name: a}, {conv: 4, weights: a, name: b}]}"
    analysis = cnncalc.analyze(cnncalc.loads(spec))
    texts = [line.text for line in lines(explained(analysis, "b"), "parameters")]
    assert "the tensors are those of a, counted once: here params = 0" in texts


def test_a_wrong_product_would_be_seen():
    assert list(statements(worked(Rule.MACS, "MACs", "2*3", 7).text)) == [("MACs", [Fraction(6), Fraction(7)])]
