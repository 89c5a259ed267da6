"""The random networks themselves: they hold what the oracles are there to test."""

from collections import Counter

import pytest

from cnncalc.errors import LayerError, TooLarge, Undecidable

from .agreement import opinion
from .networks import every_layer, random_network
from .sizes import OPS
from .spec_text import text

NETWORKS = 2000


@pytest.fixture(scope="module")
def networks():
    return [random_network(index) for index in range(NETWORKS)]


@pytest.fixture(scope="module")
def layers(networks):
    return [layer for network in networks for layer in every_layer(network["layers"])]


def test_a_network_depends_on_its_seed_and_number_alone():
    assert random_network(7, seed=5) == random_network(7, seed=5)
    assert text(random_network(7, seed=5)) == text(random_network(7, seed=5))
    assert random_network(7, seed=5) != random_network(7, seed=6)


def test_the_sizes_of_every_input_differ(networks):
    assert all(len(set(network["input"])) == len(network["input"]) for network in networks)


def test_all_ranks_and_roundings_come_often(networks):
    for name in ("rank", "rounding"):
        found = Counter(network[name] for network in networks)
        assert len(found) == 3
        assert min(found.values()) > 200


def test_every_op_comes_at_least_fifty_times(layers):
    found = Counter(layer["op"] for layer in layers)
    assert set(found) == set(OPS)
    assert min(found.values()) >= 50, found


@pytest.mark.parametrize("op", ["conv", "depthwise", "locally_connected", "conv_transpose", "max_pool", "avg_pool"])
def test_windows_come_with_every_option(layers, op):
    found = [layer for layer in layers if layer["op"] == op]
    pairs = [layer["padding"] for layer in found if not isinstance(layer["padding"], str)]
    wanted = {
        "non-square kernel": any(len(set(layer["kernel"])) > 1 for layer in found),
        "stride beyond the kernel": any(layer["stride"] > layer["kernel"] for layer in found),
        "uneven stride": any(len(set(layer["stride"])) > 1 for layer in found),
        "asymmetric padding": any(a != b for padding in pairs for a, b in padding),
        "padding that differs by axis": any(len(set(padding)) > 1 for padding in pairs),
        "every padding word": {layer["padding"] for layer in found if isinstance(layer["padding"], str)}
        >= {"valid", "half", "same", "same_lower"} | (set() if op.endswith("pool") else {"full"}),
        "dilation": op == "avg_pool" or any(len(set(layer["dilation"])) > 1 for layer in found),
        "groups": not op.startswith("conv") or any(1 < layer["groups"] < 6 for layer in found),
        "output_padding": op != "conv_transpose" or any(sum(layer["output_padding"]) for layer in found),
        "multiplier": op != "depthwise" or any(layer["multiplier"] > 1 for layer in found),
        "every rounding": op == "conv_transpose"
        or {layer.get("rounding") for layer in found} == {None, "exact", "floor", "ceil"},
    }
    assert all(wanted.values()), wanted


@pytest.mark.slow
def test_networks_that_do_not_fit_do_so_for_every_reason(networks):
    found = Counter()
    for network in networks:
        ours = opinion(network)
        found[type(ours[0]) if isinstance(ours, tuple) else None] += 1
    never = {TooLarge, Undecidable}  # no random network is that large, or has a symbol
    assert set(found) == {None, *LayerError.__subclasses__()} - never
    assert min(found.values()) >= 15, found
