"""Which input positions each output reads, found by brute force: sets of positions as the bits of integers.

Two traces. The *endless* one takes every tensor as endless in both directions, so that padding reads the positions
beyond the image that it stands for: it is what size, jump and start describe, border outputs included. The *real* one
has the image alone: padding reads nothing, and an output knows whether it touched any.
"""

import json
import os
from fractions import Fraction
from functools import cache, reduce
from itertools import product
from math import ceil, floor, prod
from operator import or_
from random import Random
from typing import NamedTuple

import cnncalc
from cnncalc.errors import DoesNotCompute

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))
CHANNELS = 36
LARGEST = 400
ORIGIN = 1 << 4000  # the bit of position 0 in the endless trace
ALL = -1  # every bit: the whole axis

CHAINED = {"conv", "depthwise", "locally_connected", "max_pool", "avg_pool", "pad", "crop", "relu", "batch_norm"}
"""Layers whose fields have a closed form in any order."""


# ---------------------------------------------------------------- which positions one layer reads


def taps(layer, axis, size, out):
    """Return a function from an output position to the input positions it reads; None for all of them."""
    op = layer["op"]
    if op in ("relu", "batch_norm"):
        return lambda o: [o]
    if op in ("conv", "depthwise", "locally_connected", "max_pool", "avg_pool"):
        k, s, d, before = (
            layer["kernel"][axis],
            layer["stride"][axis],
            layer["dilation"][axis],
            start(layer, axis, size),
        )
        return lambda o: [o * s - before + t * d for t in range(k)]
    if op == "conv_transpose":
        k, s, d, before = (
            layer["kernel"][axis],
            layer["stride"][axis],
            layer["dilation"][axis],
            start(layer, axis, size),
        )
        return lambda o: [(o + before - t * d) // s for t in range(k) if (o + before - t * d) % s == 0]
    if op == "pad":
        return lambda o: [o - layer["padding"][axis][0]]
    if op == "crop":
        return lambda o: [o + layer["padding"][axis][0]]
    if op in ("nearest", "pixel_shuffle"):
        return lambda o: [o // layer["factor"][axis]]
    if op == "bilinear":
        f = layer["factor"][axis]
        return lambda o: sorted({floor(Fraction(2 * o + 1 - f, 2 * f)), ceil(Fraction(2 * o + 1 - f, 2 * f))})
    if op == "adaptive" and out > 1:
        return lambda o: range(o * size // out, ceil(Fraction((o + 1) * size, out)))
    return None  # a global pool, one adaptive bin, a normalisation over positions


def start(layer, axis, size):
    """Return the padding before an axis, the words worked out."""
    padding = layer["padding"]
    if not isinstance(padding, str):
        return padding[axis][0]
    reach, stride = layer["dilation"][axis] * (layer["kernel"][axis] - 1) + 1, layer["stride"][axis]
    if padding == "same":
        if layer["op"] == "conv_transpose":
            return (reach - stride) // 2
        return max(0, (ceil(size / stride) - 1) * stride + reach - size) // 2
    return {"half": reach // 2, "full": reach - 1, "causal": reach - 1}[padding]


# ---------------------------------------------------------------- the traces


class Trace(NamedTuple):
    """One tensor: its sizes; the endless trace by axis; and of each real position what it reads and whether it touched.

    ``core`` is by axis what a position must read if it is said to read the whole: all that the layer which first read
    everything was given, None if there is no such layer. ``holed`` says that a transposed convolution above left
    outputs that read nothing at all.
    """

    sizes: tuple
    endless: tuple
    real: dict
    touched: dict
    core: tuple
    chained: bool
    holed: bool


def image(sizes):
    """Return the trace of the input."""
    places = list(product(*map(range, sizes)))
    real = {place: 1 << index for index, place in enumerate(places)}
    endless = tuple((lambda o: ORIGIN << o if o >= 0 else ORIGIN >> -o) for _ in sizes)
    return Trace(tuple(sizes), endless, real, dict.fromkeys(places, False), (None,) * len(sizes), True, False)


def projected(bits, sizes, axis):
    """Return the positions along one axis of a set of places in the image."""
    step, found = prod(sizes[axis + 1 :]), 0
    while bits:
        low = bits & -bits
        found |= 1 << ((low.bit_length() - 1) // step % sizes[axis])
        bits ^= low
    return found


def apply(layer, source, sizes, whole):
    """Return the trace after a layer whose output has these sizes; ``whole`` are the sizes of the image."""
    rules = [taps(layer, axis, w, n) for axis, (w, n) in enumerate(zip(source.sizes, sizes, strict=True))]
    endless = tuple(_endless(rule, source.endless[axis]) for axis, rule in enumerate(rules))
    everything = reduce(or_, source.real.values())
    core = tuple(
        projected(everything, whole, axis) if rule is None else source.core[axis] for axis, rule in enumerate(rules)
    )
    real, touched = {}, {}
    # over a whole period: what is padded later stands for outputs beyond the last one
    holed = source.holed or any(rule is not None and not rule(o) for rule in rules for o in range(12))
    for place in product(*map(range, sizes)):
        reads = [range(w) if rule is None else rule(o) for rule, o, w in zip(rules, place, source.sizes, strict=True)]
        bits, touch = 0, False
        for one in product(*reads):
            if one in source.real:
                bits |= source.real[one]
                touch = touch or source.touched[one]
            else:
                touch = True
        real[place], touched[place] = bits, touch
    return Trace(tuple(sizes), endless, real, touched, core, source.chained and layer["op"] in CHAINED, holed)


def _endless(rule, before):
    if rule is None:
        return lambda o: ALL

    @cache
    def reads(o):
        bits = 0
        for position in rule(o):
            bits |= before(position)
        return bits

    return reads


def join(operands, sizes, *, crop):
    """Return the trace of an addition, product or concatenation of tensors, larger ones cut about their centres."""
    rank = len(sizes)
    cuts = [[(w - n) // 2 if crop and w > n else 0 for w, n in zip(one.sizes, sizes, strict=True)] for one in operands]
    wide = [[w == 1 < n for w, n in zip(one.sizes, sizes, strict=True)] for one in operands]

    def at(place, index):
        return tuple(0 if wide[index][axis] else o + cuts[index][axis] for axis, o in enumerate(place))

    def along(axis):
        def reads(o):
            bits = 0
            for index, one in enumerate(operands):
                bits |= one.endless[axis](0 if wide[index][axis] else o + cuts[index][axis])
            return bits

        return reads

    real, touched = {}, {}
    for place in product(*map(range, sizes)):
        real[place], touched[place] = 0, False
        for index, one in enumerate(operands):
            real[place] |= one.real[at(place, index)]
            touched[place] |= one.touched[at(place, index)]
    core = []
    for axis in range(rank):
        given = [one.core[axis] for one in operands if one.core[axis] is not None]
        core.append(reduce(or_, given) if given else None)
    endless, holed = tuple(along(axis) for axis in range(rank)), any(one.holed for one in operands)
    return Trace(tuple(sizes), endless, real, touched, tuple(core), False, holed)


# ---------------------------------------------------------------- random networks and their specs


def network(rng, rank):
    """Return a random network: the sizes of its image and its layers."""
    sizes = tuple(rng.sample(range(9, 40) if rank == 1 else range(7, 13), rank))
    chain = rng.random() < 0.4
    layers = []
    for _ in range(rng.randint(1, 5 if rank == 1 else 4)):
        layers += any_layers(rng, rank, depth=0, chain=chain)
    return sizes, layers


def any_layers(rng, rank, *, depth, chain):
    ops = ["conv"] * 5 + ["depthwise", "locally_connected", "max_pool", "max_pool", "avg_pool", "pad", "crop", "relu"]
    if not chain:
        ops += ["conv_transpose"] * 5 + ["nearest", "nearest", "bilinear", "bilinear", "pixel_shuffle", "adaptive"]
        ops += ["instance_norm"] if rng.random() < 0.4 else []
        ops += [] if depth else ["concat", "add", "gate"] * 3
    op = rng.choice(ops)
    axes = lambda low, high: tuple(rng.randint(low, high) for _ in range(rank))  # noqa: E731
    layer = {"op": op}
    if op in ("conv", "depthwise", "locally_connected", "max_pool", "avg_pool", "conv_transpose"):
        layer |= {"kernel": axes(1, 4), "stride": axes(1, 3), "dilation": axes(1, 3)}
        layer["stride"] = (1,) * rank if rng.random() < 0.3 else layer["stride"]
        layer["dilation"] = (1,) * rank if op == "avg_pool" or rng.random() < 0.4 else layer["dilation"]
        pool = op.endswith("pool")
        high = 1 if pool else 3
        layer["padding"] = tuple((rng.randint(0, high), rng.randint(0, high)) for _ in range(rank))
        if not pool and rng.random() < 0.3:
            layer["padding"] = rng.choice(["half", "same", "full", *(["causal"] if rank == 1 and op == "conv" else [])])
        if op == "conv_transpose":
            most = [max(pair) - 1 for pair in zip(layer["stride"], layer["dilation"], strict=True)]
            layer["output_padding"] = tuple(rng.randint(0, high) for high in most)
        else:
            layer["rounding"] = rng.choice(["floor", "floor", "ceil"])
    elif op in ("pad", "crop"):
        layer["padding"] = tuple((rng.randint(0, 2), rng.randint(0, 2)) for _ in range(rank))
    elif op in ("nearest", "bilinear"):
        layer["factor"] = axes(1, 4)
    elif op == "pixel_shuffle":
        layer["factor"] = axes(1, 3)
        return [layer, *([plain(rank)] if prod(layer["factor"]) > 1 else [])]
    elif op == "adaptive":
        layer["size"] = axes(1, 8)
    elif op == "gate":
        return [{"op": "multiply", "crop": False, "operands": [[], [{"op": "global"}, plain(rank)]]}]
    elif op in ("concat", "add"):
        branches = []
        for _ in range(rng.randint(2, 3)):
            branch = []
            for _ in range(rng.randint(0, 2)):
                branch += any_layers(rng, rank, depth=1, chain=chain)
            branches.append(branch)
        made = {"op": op, "crop": rng.random() < 0.7, "operands": branches}
        return [made, plain(rank)] if op == "concat" else [made]
    return [layer]


def plain(rank):
    """Return a pointwise convolution that brings the channels back to their number."""
    one = (1,) * rank
    return {"op": "conv", "kernel": one, "stride": one, "dilation": one, "padding": ((0, 0),) * rank}


def spec(sizes, layers):
    """Return the text of the spec: JSON, which is YAML."""
    return json.dumps({"cnncalc": 1, "input": [CHANNELS, *sizes], "rounding": "floor", "layers": _lines(layers)})


def _lines(layers):
    return [_line(layer) for layer in layers]


def _line(layer):
    op = layer["op"]
    options = {name: layer[name] for name in ("kernel", "stride", "dilation", "padding", "output_padding", "rounding")
               if name in layer}  # fmt: skip
    if op in ("conv", "locally_connected", "conv_transpose"):
        return {op: CHANNELS, **options}
    if op in ("depthwise", "max_pool", "avg_pool"):
        kernel = options.pop("kernel")
        if op == "avg_pool":
            del options["dilation"]
        return {op: kernel, **options}
    if op in ("pad", "crop"):
        return {op: options["padding"]}
    if op in ("nearest", "bilinear"):
        return {"upsample": layer["factor"], "mode": op}
    if "operands" in layer:
        return {op: [_lines(one) for one in layer["operands"]], "align": "crop" if layer["crop"] else "exact"}
    words = {"adaptive": {"adaptive_avg_pool": layer.get("size")}, "pixel_shuffle": {op: layer.get("factor")}}
    return words.get(op, {"global": "global_avg_pool"}.get(op, op))


def traced(sizes, layers):
    """Return (op, Facts, Trace) of every node, or None where the network does not fit or grows too large."""
    try:
        facts = cnncalc.analyze(cnncalc.loads(spec(sizes, layers))).facts
    except DoesNotCompute:
        return None
    if any(prod(one.shape[1:]) > LARGEST for one in facts):
        return None
    found = []

    def record(layer, make):
        one = facts[len(found)]
        found.append((layer, one, make(one.shape[1:])))
        return found[-1][2]

    def chain(some, current):
        for layer in some:
            if "operands" in layer:
                operands = [chain(one, current) for one in layer["operands"]]
                current = record(layer, lambda n, layer=layer, many=operands: join(many, n, crop=layer["crop"]))
            else:
                current = record(layer, lambda n, layer=layer, one=current: apply(layer, one, n, sizes))
        return current

    chain(layers, image(sizes))
    assert len(found) == len(facts)
    return found


def random_networks(count, rank, seed=SEED):
    """Yield that many random networks that fit, each with its number and its nodes."""
    rng, number = Random(f"{seed}/{rank}"), 0
    while number < count:
        sizes, layers = network(rng, rank)
        nodes = traced(sizes, layers)
        if nodes is not None:
            yield number, sizes, layers, nodes
            number += 1
