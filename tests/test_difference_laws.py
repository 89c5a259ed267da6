"""What holds of the difference of any two networks, and what a search through all pairings says of small ones."""

from itertools import permutations
from random import Random

import pytest

import cnncalc
from cnncalc.analysis import analyze
from cnncalc.difference import Fate, Renaming, difference
from cnncalc.difference.folding import rows
from tests.zoo import BODIES

from .edits import any_layer, chain, edited, network, renamed, shuffled

COSTS = ("params", "buffers", "macs", "flops", "activations")
SEEDS = range(150)
PAIRS = [
    ("resnet18", "resnet50"), ("mobilenet_v1", "mobilenet_v2"), ("alexnet", "vgg16"), ("googlenet", "inception_v3"),
    ("unet", "wavenet"), ("lenet5", "c3d"), ("squeezenet1_0", "densenet121"), ("googlenet", "googlenet_torchvision"),
]  # fmt: skip


def zoo(name):
    return analyze(cnncalc.load(f"zoo:{name}"))


def edited_network(seed, size=12, edits=3):
    rng = Random(seed)
    before = network(rng, size)
    after = edited(rng, before, edits)
    return analyze(before), analyze(after)


def assert_lawful(before, after):
    found = difference(before, after)
    sides = [
        [getattr(one, side).node.path for one in found.entries if getattr(one, side)] for side in ("before", "after")
    ]
    assert sorted(sides[0]) == sorted(one.node.path for one in before.facts)
    assert sides[1] == [one.node.path for one in after.facts]
    for one in found.entries:
        if one.before and one.after:
            same = type(one.before.node.layer) is type(one.after.node.layer)
            assert same is (one.fate is not Fate.REPLACED)
    for name in COSTS:
        assert sum(one.delta(name) for one in found.entries) == found.delta(name)
        assert sum(row.delta(name) for row in rows(found.entries)) == found.delta(name)
    return found


@pytest.mark.parametrize("name", BODIES)
def test_a_network_does_not_differ_from_itself(name):
    found = difference(zoo(name), zoo(name))
    assert found.is_same
    assert {one.fate for one in found.entries} == {Fate.SAME}
    assert rows(found.entries) == []


@pytest.mark.parametrize("name", BODIES)
def test_other_names_for_all_layers_are_renames_and_nothing_else(name):
    graph = cnncalc.load(f"zoo:{name}")
    found = difference(analyze(graph), analyze(renamed(graph, lambda path: f"some_{path.replace('.', '_')}_name")))
    assert found.is_same
    assert {(one.fate, one.renaming) for one in found.entries} == {(Fate.RENAMED, Renaming.NAME)}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_published_networks_are_told_lawfully_both_ways(pair):
    before, after = zoo(pair[0]), zoo(pair[1])
    there, back = assert_lawful(before, after), assert_lawful(after, before)
    for fates in ((Fate.ADDED, Fate.REMOVED), (Fate.REMOVED, Fate.ADDED)):
        assert sorted(one.path for one in there.of(fates[0])) == sorted(one.path for one in back.of(fates[1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_edits_of_any_network_are_told_lawfully(seed):
    before, after = edited_network(seed)
    assert_lawful(before, after)
    assert_lawful(after, before)


@pytest.mark.parametrize("seed", SEEDS)
def test_another_order_of_execution_and_other_names_are_no_difference(seed):
    rng = Random(seed)
    graph = network(rng, 14)
    numbers = rng.sample(range(100), 14)
    other = shuffled(rng, renamed(graph, lambda path: f"m{numbers[int(path[1:])]}"))
    assert difference(analyze(graph), analyze(other)).is_same


@pytest.mark.parametrize("seed", SEEDS)
def test_backward_the_same_layers_are_pairs(seed):
    before, after = edited_network(seed, 30, 8)
    there, back = difference(before, after).entries, difference(after, before).entries
    pairs = {(one.before and one.before.node.path, one.after and one.after.node.path) for one in there}
    assert pairs == {(one.after and one.after.node.path, one.before and one.before.node.path) for one in back}


def isomorphic(before, after):
    """Return whether some pairing of all nodes keeps ops, options, wires and outputs."""
    if len(before.facts) != len(after.facts):
        return False
    return any(
        fits(before.graph, after.graph, dict(zip((one.path for one in before.graph.nodes), order, strict=True)))
        for order in permutations([one.path for one in after.graph.nodes])
    )


def two_of(rng):
    """Return two small networks, of which the second is the first with few edits, in another order, or renamed."""
    before = network(rng, 5)
    after = shuffled(rng, edited(rng, before, rng.choice([0, 1, 1, 2])))
    return analyze(before), analyze(renamed(after, lambda path: f"x{path}" if rng.random() < 0.5 else path))


def fits(one, two, names):
    nodes, names = {node.path: node for node in two.nodes}, names | {"input": "input"}
    if tuple(names[path] for path in one.outputs) != two.outputs:
        return False
    for node in one.nodes:
        other, inputs = nodes[names[node.path]], tuple(names[path] for path in node.inputs)
        if node.op != other.op or node.layer != other.layer:
            return False
        ordered = list if node.op not in ("add", "multiply") else sorted
        if ordered(inputs) != ordered(other.inputs):
            return False
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_are_the_same_exactly_if_a_search_finds_that_they_are(seed):
    one, two = two_of(Random(seed))
    assert difference(one, two).is_same is isomorphic(one, two)


def test_the_search_finds_networks_that_are_the_same_and_others():
    found = set()
    for seed in SEEDS[:40]:
        one, two = two_of(Random(seed))
        found.add(isomorphic(one, two))
    assert found == {True, False}


def longest(one, two):
    """Return how many layers two chains have in common, in order."""
    if not one or not two:
        return 0
    skipped = max(longest(one[1:], two), longest(one, two[1:]))
    return max(skipped, 1 + longest(one[1:], two[1:])) if one[0] == two[0] else skipped


@pytest.mark.parametrize("seed", SEEDS)
def test_no_alignment_in_order_of_two_chains_says_less(seed):
    rng = Random(seed)
    convs = [one for one in (any_layer(rng) for _ in range(40)) if one[0] == "conv"]
    one = convs[: rng.randint(1, 7)]
    two = [rng.choice(convs) if rng.random() < 0.2 else each for each in one if rng.random() < 0.8]
    two.insert(rng.randint(0, len(two)), rng.choice(convs))
    found = difference(chain(one), chain(two))
    told = [each for each in found.entries if each.fate in (Fate.ADDED, Fate.REMOVED, Fate.CHANGED)]
    assert len(told) <= len(one) + len(two) - 2 * longest(one, two)
