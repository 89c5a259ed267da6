"""Receptive fields against brute force: wherever a size, a jump and a start are given, every output reads just that."""

from collections import Counter
from math import floor
from random import Random

import pytest

import cnncalc
from cnncalc.field import IDENTITY, Extent, ReceptiveField, union
from cnncalc.layers import layer_class

from .dependence import ALL, ORIGIN, SEED, any_layers, image, projected, random_networks, spec, traced

NETWORKS = {1: 2000, 2: 300}


def interval(bits):
    """Return the first and last position of a set."""
    assert bits > 0
    zero = ORIGIN.bit_length() - 1
    return (bits & -bits).bit_length() - 1 - zero, bits.bit_length() - 1 - zero


def claimed(field, o):
    first = floor(field.start + o * field.jump)
    return first, first + field.size - 1


def faults(whole, layer, facts, trace):
    """Yield what is wrong with the receptive field of one node."""
    assert len(facts.field) == len(whole)
    for axis, field in enumerate(facts.field):
        if isinstance(field, ReceptiveField):
            yield from wrong_interval(whole, trace, axis, field)
        elif field is Extent.WHOLE:
            yield from not_whole(whole, trace, axis)
        elif field is Extent.FLAT:
            yield f"axis {axis} is flat though nothing was flattened"
        elif trace.chained:
            yield f"axis {axis} is unknown after convolutions and pools alone"


def wrong_interval(whole, trace, axis, field):
    for o in range(trace.sizes[axis]):
        bits = trace.endless[axis](o)
        if bits in (0, ALL) or interval(bits) != claimed(field, o):
            reads = {0: "nothing", ALL: "everything"}.get(bits) or interval(bits)
            yield f"axis {axis}: output {o} is said to read {claimed(field, o)} ({field}) but reads {reads}"
            return
    for place, bits in trace.real.items():
        first, last = claimed(field, place[axis])
        read = projected(bits, whole, axis)
        if read >> max(0, last + 1) or read & ((1 << max(0, first)) - 1):
            yield f"axis {axis}: output {place} reads beyond {first} to {last}"
        if trace.touched[place] or trace.holed:  # a hole along one axis keeps what the other would have read
            continue
        if not read or ((read & -read).bit_length() - 1, read.bit_length() - 1) != (first, last):
            yield f"axis {axis}: output {place}, no padding near, does not read all of {first} to {last}"


def not_whole(whole, trace, axis):
    for o in range(trace.sizes[axis]):
        if trace.endless[axis](o) != ALL and not trace.holed:
            yield f"axis {axis}: output {o} is said to read the whole axis and does not"
            return
    if trace.core[axis] is None:
        yield f"axis {axis}: said to be whole, but no layer reads everything"
        return
    for place, bits in trace.real.items():
        if trace.touched[place] or trace.holed:
            continue
        if projected(bits, whole, axis) & trace.core[axis] != trace.core[axis]:
            yield f"axis {axis}: output {place} does not read everything that reached the layer"


def all_faults(networks):
    for number, sizes, layers, nodes in networks:
        for layer, facts, trace in nodes:
            for fault in faults(sizes, layer, facts, trace):
                yield f"CNNCALC_SEED={SEED}, network {number}, {facts.node.path}: {fault}\n{spec(sizes, layers)}"


@pytest.mark.slow
@pytest.mark.parametrize("rank", NETWORKS)
def test_every_output_reads_the_interval_that_its_field_says(rank):
    print(f"CNNCALC_SEED={SEED}")
    assert next(all_faults(random_networks(NETWORKS[rank], rank)), None) is None


def test_the_networks_hold_every_layer_and_answer():
    ops, answers = Counter(), Counter()
    for _, _, _, nodes in random_networks(600, 1):
        for layer, facts, trace in nodes:
            ops[layer["op"]] += 1
            answers["chain" if trace.chained else "graph"] += 1
            answers[facts.field[0] if isinstance(facts.field[0], Extent) else "closed form"] += 1
            if isinstance(facts.field[0], ReceptiveField) and facts.field[0].jump < 1:
                answers["larger than the image"] += 1
    assert min(ops.values()) >= 10, ops
    assert set(ops) == {"conv", "depthwise", "locally_connected", "max_pool", "avg_pool", "conv_transpose", "nearest",
                        "bilinear", "pad", "crop", "pixel_shuffle", "adaptive", "global", "instance_norm", "relu",
                        "batch_norm", "concat", "add", "multiply"} - {"batch_norm"}  # fmt: skip
    assert min(answers.values()) >= 50, answers


BROKEN = {
    "the start is not scaled by the jump": lambda: (
        ReceptiveField, "then",
        lambda a, b: ReceptiveField(a.size + floor(a.jump * (b.size - 1)), a.jump * b.jump, a.start + b.start),
    ),
    "a union of unequal jumps keeps the first": lambda: (
        ReceptiveField, "union",
        lambda a, b: b.union(a) if isinstance(b, Extent)
        else ReceptiveField(max(a.size, b.size), a.jump, min(a.start, b.start)),
    ),
    "a stride of 2 is taken for one of 1 in a transposed convolution": lambda: (
        layer_class("conv_transpose"), "steps",
        lambda self, source: [ReceptiveField(s.reach, 1, s.before - s.reach + 1) for s in self.slides(source[1:])],
    ),
    "linear interpolation reads one position": lambda: (
        layer_class("upsample"), "steps", lambda self, source: [IDENTITY for _ in source[1:]],
    ),
    "a global pool reads one position": lambda: (
        layer_class("global_avg_pool"), "receptive_field", lambda self, inputs, fields: fields[0],
    ),
    "everything is unknown": lambda: (
        layer_class("conv"), "receptive_field", lambda self, inputs, fields: (Extent.UNKNOWN,) * len(fields[0]),
    ),
    "everything is whole": lambda: (
        layer_class("conv"), "receptive_field", lambda self, inputs, fields: (Extent.WHOLE,) * len(fields[0]),
    ),
    "a crop before the join is forgotten": lambda: (
        layer_class("concat"), "receptive_field", lambda self, inputs, fields: union(fields),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_the_trace_notices_a_broken_rule(rule, monkeypatch):
    monkeypatch.setattr(*BROKEN[rule]())
    assert next(all_faults(random_networks(400, 1)), None) is not None


# ---------------------------------------------------------------- unknown only where there is no closed form


def closed_form(reads, span=range(-30, 60)):
    """Return the one size, jump and start that describe a set of reads at all outputs, or None."""
    intervals = [interval(reads(o)) if reads(o) else None for o in span]
    if None in intervals or len({last - first for first, last in intervals}) > 1:
        return None
    firsts = [first for first, _ in intervals]
    period = next(q for q in range(1, 30) if all(b - a == firsts[q] - firsts[0]
                  for a, b in zip(firsts, firsts[q:], strict=False)))  # fmt: skip
    jump = (firsts[period] - firsts[0]) / period
    starts = [first - o * jump for o, first in zip(span, firsts, strict=True)]
    return intervals[0] if max(starts) < min(starts) + 1 - 1e-9 else None


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_a_transposed_convolution_has_a_closed_form_exactly_where_there_is_one(stride):
    for kernel in range(1, 7):
        for dilation in range(1, 5):
            for before in range(4):
                layer = {"op": "conv_transpose", "kernel": (kernel,), "stride": (stride,), "dilation": (dilation,),
                         "padding": ((before, 0),), "output_padding": (0,)}  # fmt: skip
                found = traced((40,), [layer])
                if found is None:
                    continue
                [(_, facts, trace)] = found
                known = isinstance(facts.field[0], ReceptiveField)
                assert known == (closed_form(trace.endless[0]) is not None), layer


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_an_upsampling_has_a_closed_form_exactly_where_there_is_one(mode):
    for factor in range(1, 9):
        [(_, facts, trace)] = traced((11,), [{"op": mode, "factor": (factor,)}])
        assert isinstance(facts.field[0], ReceptiveField) == (closed_form(trace.endless[0]) is not None), factor


def test_any_chain_of_convolutions_and_pools_has_a_closed_form():
    rng, known = Random(SEED), 0
    while known < 300:
        found = traced((90,), [one for _ in range(4) for one in any_layers(rng, 1, depth=1, chain=True)])
        for _, facts, trace in found or []:
            assert trace.chained
            assert isinstance(facts.field[0], ReceptiveField)
            known += 1


# ---------------------------------------------------------------- cases by hand


@pytest.mark.parametrize("before", range(9))
def test_one_position_that_is_added_to_all_has_no_closed_form(before):
    alone = {"op": "crop", "padding": ((before, 8 - before), (0, 0))}
    nodes = traced((9, 4), [{"op": "add", "crop": False, "operands": [[], [alone]]}])
    assert [fault for node in nodes for fault in faults((9, 4), *node)] == []
    assert nodes[-1][1].field == (Extent.UNKNOWN, IDENTITY)


def fields(text):
    return [one.field for one in cnncalc.analyze(cnncalc.loads(text)).facts]


def test_three_3x3_see_3_then_5_then_7():
    found = fields("{cnncalc: 1, input: 1x32x40, layers: [{conv: 4, kernel: 3, padding: half, repeat: 3}]}")
    assert [(axis.size, axis.start) for field in found for axis in field] == [
        (3, -1), (3, -1), (5, -2), (5, -2), (7, -3), (7, -3),
    ]  # fmt: skip


def test_a_gate_makes_the_product_whole():
    found = fields("{cnncalc: 1, input: 4x9x7, layers: [{multiply: [[relu], [global_avg_pool, {conv: 4}]]}]}")
    assert found[-1] == (Extent.WHOLE, Extent.WHOLE)


def test_branches_of_unequal_strides_are_unknown_and_never_a_number():
    found = fields(
        "{cnncalc: 1, input: 4x9, rounding: floor, layers: [{concat: [[{conv: 2, stride: 2}], [{crop: 2}]]}]}"
    )
    assert found[-1] == (Extent.UNKNOWN,)


def test_images_of_unequal_sizes_have_no_field_together_and_equal_ones_do():
    text = "{{cnncalc: 1, inputs: {{a: 4x9, b: 4x{}}}, layers: [{{concat: [a, b], align: crop, from: a}}]}}"
    assert fields(text.format(9))[-1] == (IDENTITY,)
    assert fields(text.format(11))[-1] == (Extent.UNKNOWN,)


def test_the_image_of_a_trace_reads_itself():
    one = image((3, 4))
    assert projected(one.real[2, 3], (3, 4), 0) == 1 << 2
    assert projected(one.real[2, 3], (3, 4), 1) == 1 << 3
    assert [interval(one.endless[0](o)) for o in (-2, 5)] == [(-2, -2), (5, 5)]
