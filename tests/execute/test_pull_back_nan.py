"""The pull-back against the network itself: NaN goes into one pixel after the other, and what it reaches has read it.

Every position of small random networks with every kind of layer, borders included.
"""

from __future__ import annotations

import os
from random import Random

import numpy as np
import pytest

import cnncalc
from cnncalc.channels import bounded
from cnncalc.errors import SpecError
from cnncalc.execute.run import execute
from cnncalc.execute.tensors import initial
from cnncalc.layers.base import elements
from cnncalc.pullback import PullBack
from cnncalc.slide import Span
from tests.fuzz.grammar import Writer
from tests.properties.dependence import random_networks, spec

SEED = int(os.environ.get("CNNCALC_SEED", "1959"))


def readers(analysis, axis):
    """Return, for each node and each of its positions along an axis, which positions of the image reach it."""
    graph, tensors = analysis.graph, initial(analysis, SEED)
    image = next(iter(graph.inputs.values()))
    size = image[1 + axis]
    poisoned = {}
    for name, shape in graph.inputs.items():
        array = np.full((size, *shape), 0.5, np.float32)
        for pixel in range(size):
            np.moveaxis(array, 2 + axis, 1)[pixel, pixel] = np.nan
        poisoned[name] = array
    found = {}

    def note(node, output):
        if output.ndim == 1 + len(image):
            rest = tuple(a for a in range(1, output.ndim) if a != 2 + axis)
            reached = np.isnan(output).any(axis=rest)
            found[node.path] = [set(np.flatnonzero(column)) for column in reached.T]

    with np.errstate(all="ignore"):
        execute(graph, poisoned, tensors, seen=note)
    return found


def faults(analysis):
    """Yield where the pull-back and NaN differ, and the ops that were compared."""
    bounds = bounded(analysis.facts)
    rank = len(next(iter(analysis.graph.inputs.values()))) - 1
    for axis in range(rank):
        measured = readers(analysis, axis)
        for one in analysis.facts:
            path = one.node.path
            if path not in measured or path in bounds:
                continue
            several = [PullBack(analysis, path, axis, of=name).sets() for name in analysis.graph.inputs]
            ours = [set().union(*at) for at in zip(*several, strict=True)]
            yield one.node.op, (path, axis, ours, measured[path]) if ours != measured[path] else None


@pytest.mark.parametrize(("rank", "count"), [(1, 160), (2, 40)])
def test_every_position_of_random_networks_of_windows(rank, count):
    for number, sizes, layers, nodes in random_networks(count, rank, seed=SEED):
        if rank > 1 and any(not bits for _, _, trace in nodes for bits in trace.real.values()):
            continue  # what reads nothing along one axis reads nothing at all
        told = [fault for _, fault in faults(cnncalc.analyze(cnncalc.loads(spec(sizes, layers)))) if fault]
        assert told == [], f"CNNCALC_SEED={SEED} network {number}"


def test_every_position_of_random_specs_of_the_whole_language():
    random, done, ops = Random(SEED), 0, set()
    while done < 150:
        text = Writer(random).spec()
        try:
            analysis = cnncalc.analyze(cnncalc.loads(text))
        except SpecError:
            continue
        images = set(analysis.graph.inputs.values())
        sizes = [elements(one.shape) for one in analysis.facts]
        image = next(iter(images))
        small = max(sizes, default=0) < 1e5 and analysis.totals.macs < 3e6 and len(sizes) < 60
        if len(images) != 1 or len(image) < 2 or max(image[1:]) > 40 or not small:
            continue
        done += 1
        for op, fault in faults(analysis):
            ops.add(op)
            assert fault is None, f"CNNCALC_SEED={SEED}:\n{text}"
    missing = {"conv", "max_pool", "avg_pool", "concat", "add", "upsample", "conv_transpose", "adaptive_avg_pool"} - ops
    assert not missing, missing


def test_a_wrong_span_is_seen(monkeypatch):
    analysis = cnncalc.analyze(cnncalc.loads("{cnncalc: 1, input: 1x9, layers: [{conv: 1, kernel: 3, padding: 1}]}"))
    assert [fault for _, fault in faults(analysis) if fault] == []
    monkeypatch.setattr("cnncalc.slide.Slide.span", property(lambda self: Span(0, self.stride, self.kernel)))
    assert [fault for _, fault in faults(analysis) if fault]
