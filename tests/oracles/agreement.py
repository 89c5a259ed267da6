"""What both oracles share: a node's second opinion, the refusal, and the comparison with cnncalc."""

from math import prod
from typing import NamedTuple

import cnncalc
from cnncalc.errors import DoesNotCompute

from .networks import SEED, text


class Node(NamedTuple):
    """What an oracle says of one node; ``macs`` is None where it does not count them."""

    op: str
    shape: tuple[int, ...]
    params: int
    buffers: int = 0
    macs: int | None = None


class Refused(Exception):
    """A layer has no output: the reason, and once it is known the number of nodes before it."""

    at = -1


def opinion(network):
    """Return what cnncalc says: its nodes, or the LayerError that it refuses with and the number of nodes before."""
    graph = cnncalc.loads(text(network))
    try:
        facts = cnncalc.analyze(graph).facts
    except DoesNotCompute as error:
        return error.__cause__, [node.path for node in graph.nodes].index(error.place.path)
    return [Node(one.node.op, one.shape, one.params, one.buffers, one.macs) for one in facts]


def compare(index, network, oracle):
    """Compare cnncalc with an oracle's nodes, or its Refused; return the error that both refuse with, or None."""
    ours = opinion(network)
    told = f"CNNCALC_SEED={SEED}, network {index}:\n{text(network)}"
    if isinstance(oracle, Refused):
        assert isinstance(ours, tuple), f"cnncalc accepts what the oracle refuses ({oracle})\n{told}"
        error, at = ours
        assert at == oracle.at, f"cnncalc refuses node {at} ({error}), the oracle node {oracle.at} ({oracle})\n{told}"
        return error
    assert not isinstance(ours, tuple), f"cnncalc refuses ({ours}) what the oracle computes\n{told}"
    assert len(ours) == len(oracle), f"{len(ours)} nodes, the oracle has {len(oracle)}\n{told}"
    for mine, theirs in zip(ours, oracle, strict=True):
        where = f"at {theirs.op}\n{told}"
        assert mine.shape == theirs.shape, f"shape {mine.shape}, the oracle has {theirs.shape} {where}"
        assert mine.params == theirs.params, f"{mine.params} params, the oracle has {theirs.params} {where}"
        assert mine.buffers == theirs.buffers, f"{mine.buffers} buffers, the oracle has {theirs.buffers} {where}"
        if theirs.macs is not None:
            assert mine.macs == theirs.macs, f"{mine.macs} MACs, the oracle has {theirs.macs} {where}"
    return None


def evaluated(network, apply, join, source, *, shape_of):
    """Run the layers of a network in order through an oracle; return its nodes, or its Refused.

    ``apply(layer, value)`` and ``join(layer, values)`` return a value, params, buffers and MACs.
    """
    nodes, named = [], {}

    def record(layer, made):
        value, params, buffers, macs = made
        shape = shape_of(value)
        if not shape or prod(shape) < 1 or min(shape) < 1:
            raise Refused(f"{layer['op']} leaves nothing: {shape}")
        nodes.append(Node(layer["op"], shape, params, buffers, macs))
        return value

    def chain(layers, value, *, top=False):
        for index, layer in enumerate(layers):
            if "operands" in layer:
                operands = [named[one] if isinstance(one, int) else chain(one, value) for one in layer["operands"]]
                value = record(layer, join(layer, operands))  # noqa: PLW2901
            else:
                value = record(layer, apply(layer, value))  # noqa: PLW2901
            for follower in (layer.get("norm"), layer.get("act") and {"op": layer["act"]}):
                if follower:
                    value = record(follower, apply(follower, value))  # noqa: PLW2901
            if top:
                named[index] = value
        return value

    try:
        chain(network["layers"], source, top=True)
    except Refused as refusal:
        refusal.at = len(nodes)
        return refusal
    return nodes
