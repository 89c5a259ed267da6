"""What both oracles share: a node's second opinion, the refusal, and the comparison with cnncalc."""

from collections import Counter
from math import prod
from typing import NamedTuple

import cnncalc
from cnncalc.errors import DoesNotCompute
from cnncalc.layers import layer_class
from cnncalc.slide import Slide

from .networks import SEED, random_network
from .spec_text import text


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


def compare_all(numbers, second_opinion, *, divisible=False):
    """Compare many random networks; return how many both compute (None) and refuse, by the error."""
    found = Counter()
    for index in numbers:
        network = random_network(index, divisible=divisible)
        found[type(compare(index, network, second_opinion(network)))] += 1
    return found


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
                value = record(layer, join(layer, operands))
            else:
                value = record(layer, apply(layer, value))
            for follower in (layer.get("norm"), layer.get("act") and {"op": layer["act"]}):
                if follower:
                    value = record(follower, apply(follower, value))
            if top:
                named[index] = value
        return value

    try:
        chain(network["layers"], source, top=True)
    except Refused as refusal:
        refusal.at = len(nodes)
        return refusal
    return nodes


def _broken(op, method, change):
    """Return the arguments of a monkeypatch that changes what a method of a layer returns."""
    kind = layer_class(op)
    original = getattr(kind, method)
    return kind, method, lambda self, *given: change(self, original(self, *given), *given)


WINDOWS = Slide.windows


def _floored(slide):
    return WINDOWS(slide._replace(rounding="floor"))


BROKEN = {
    "dilation is forgotten": lambda: (Slide, "reach", property(lambda self: self.kernel)),
    "ceil is taken for floor": lambda: (
        Slide, "windows", lambda self: _floored(self) if self.rounding == "ceil" else WINDOWS(self),
    ),
    "exact is taken for floor": lambda: (
        Slide, "windows", lambda self: _floored(self) if self.rounding == "exact" else WINDOWS(self),
    ),
    "ceil keeps a window in the right padding": lambda: (
        Slide, "windows", lambda self: WINDOWS(self) if self.rounding != "ceil" else
        1 - (self.reach - self.size - self.before - self.after) // self.stride,
    ),
    "the weight of a convolution ignores groups": lambda: _broken(
        "conv", "parameters", lambda self, found, inputs: found | {"weight": (self.out_channels, *inputs[0])},
    ),
    "a transposed convolution has the MACs of its output": lambda: _broken(
        "conv_transpose", "macs", lambda self, found, inputs, output: found // prod(inputs[0][1:]) * prod(output[1:]),
    ),
    "output_padding may be anything": lambda: (
        layer_class("conv_transpose"), "output_shape",
        lambda self, inputs: (self.out_channels, *(slide.size for slide in self.slides(inputs[0][1:]))),
    ),
    "batch_norm has no buffers": lambda: _broken("batch_norm", "buffers", lambda self, found, inputs: {}),
    "padding beyond half a window is allowed": lambda: (
        layer_class("max_pool"), "output_shape", lambda self, inputs: (inputs[0][0], *self.output_spatial(inputs[0])),
    ),
    "concat has the channels of its first operand": lambda: _broken(
        "concat", "output_shape", lambda self, found, inputs: (inputs[0][0], *found[1:]),
    ),
    "linear does not flatten": lambda: _broken(
        "linear", "parameters", lambda self, found, inputs: found | {"weight": (self.out_features, inputs[0][0])},
    ),
}  # fmt: skip
"""Rules broken one at a time, as the arguments of a monkeypatch: an oracle that does not notice is no oracle."""
