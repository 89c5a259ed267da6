"""The exact reach against brute force: the first and last position that each output really reads, borders included."""

import pytest

import cnncalc
from cnncalc.field import ReceptiveField
from cnncalc.reach import reaches

from .dependence import SEED, image, projected, random_networks, spec, traced

NETWORKS = {1: 1500, 2: 150}


def span(bits):
    return ((bits & -bits).bit_length() - 1, bits.bit_length() - 1) if bits else None


def faults(sizes, layers, nodes):
    """Yield where the reach of a node is not what the trace of single positions has."""
    graph = cnncalc.loads(spec(sizes, layers))
    found = reaches(graph, [facts for _, facts, _ in nodes])
    for layer, facts, trace in nodes:
        for axis in range(len(sizes)):
            for o, interval in enumerate(found[facts.node.path][axis]):
                bits = 0
                for place, read in trace.real.items():
                    if place[axis] == o:
                        bits |= read
                if (read := span(projected(bits, sizes, axis))) != interval:
                    yield f"{facts.node.path} {layer}: axis {axis}, output {o}: {interval}, not {read}"


@pytest.mark.parametrize("rank", NETWORKS)
def test_the_reach_is_what_is_read_along_every_axis(rank):
    told = []
    for number, sizes, layers, nodes in random_networks(NETWORKS[rank], rank):
        nothing = any(not bits for _, _, trace in nodes for bits in trace.real.values())
        if rank > 1 and nothing:  # what reads nothing along one axis reads nothing at all: two axes are no longer apart
            continue
        told += [f"CNNCALC_SEED={SEED} network {number}: {fault}" for fault in faults(sizes, layers, nodes)]
    assert told == []


def test_a_wrong_reach_is_seen(monkeypatch):
    monkeypatch.setattr(
        "cnncalc.slide.Slide.span", lambda self, window: range(window * self.stride, window * self.stride + 1)
    )
    sizes = (9,)
    layers = [
        {"op": "conv", "kernel": (3,), "stride": (1,), "dilation": (1,), "padding": ((1, 1),), "rounding": "floor"}
    ]
    assert list(faults(sizes, layers, traced(sizes, layers)))
    assert image(sizes)


def test_inside_the_image_the_reach_is_the_closed_form():
    """Of every layer of every spec in the zoo, at the middle of each axis."""
    for name in ("lenet5", "resnet18", "googlenet", "mobilenet_v2", "wavenet", "c3d"):
        analysis = cnncalc.analyze(cnncalc.load(f"zoo:{name}", input="256x3500" if name == "wavenet" else None))
        found = reaches(analysis.graph, analysis.facts)
        whole = next(iter(analysis.graph.inputs.values()))[1:]
        for one in analysis.facts:
            for axis, field in enumerate(one.field):
                if not isinstance(field, ReceptiveField):
                    continue
                middle = one.shape[1 + axis] // 2
                first = int(field.start + middle * field.jump)
                if first >= 0 and first + field.size <= whole[axis]:
                    assert found[one.node.path][axis][middle] == (first, first + field.size - 1)
