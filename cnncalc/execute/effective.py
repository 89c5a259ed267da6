"""The effective receptive field: by how many paths one output position reads each position of the image.

All weights are one and all channels alike, so a path is a way through positions alone: one step a layer, from an output
position to one that it reads. The counts are the gradient of such a network, the convolution of its kernels' supports
(Luo, Li, Urtasun and Zemel 2016, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnncalc.analysis import Analysis, Facts
from cnncalc.channels import Part, readings
from cnncalc.errors import UsageError, printable
from cnncalc.execute.paths import Paths, path_at, together
from cnncalc.layers.base import sizes_text
from cnncalc.slide import Span, within

MAX_POSITIONS = 2**22
"""How many positions of one tensor may be counted at a time; each takes some 50 bytes."""


def effective(analysis: Analysis, path: str, at: Sequence[int]) -> Mapping[str, Paths]:
    """Return the paths from one output position of a node to each input of the graph that it reads, exactly.

    What one step of a path may be, and so what is counted:

    - a window (conv, pools): to each tap on the input, of an average and a maximum alike. A path that steps on padding
      ends there and is not counted. A transposed convolution: to each input whose kernel covers the position.
    - add, multiply, concat: to each operand, so that their counts are added up, twice for one that is given twice; of
      an operand that is cut or stretched, to the position that is read. Of a slice, to the operands it lies in.
    - adaptive and global pools: to each position of the window. Norms over positions (instance, group): to each
      position, by one path, for its part in the mean.
    - linear: to each position. A vector is one position, so from vector to vector there is one path; a flatten reads
      all of its input, and so does a reshape that moves elements from axis to axis.
    - upsample: to the one position of nearest; to the one or two of bilinear along each axis, alike.
    - all others: to the same position.

    Raises UsageError for a path that no node has, a position that the node has not, sizes that are symbols, and more
    than 2**22 positions of one tensor.

    >>> import cnncalc
    >>> text = "{cnncalc: 1, input: 1x9, layers: [{conv: 1, kernel: 3, repeat: 3}]}"
    >>> effective(cnncalc.analyze(cnncalc.loads(text)), "conv1.2", at=(1,))["input"].counts
    array([1, 3, 6, 7, 6, 3, 1], dtype=object)
    """
    if symbols := analysis.graph.least:
        raise UsageError(f"sizes must be numbers to count paths (symbols: {printable(', '.join(symbols))})")
    shape = next((one.shape for one in analysis.facts if one.node.path == path), None)
    if shape is None:
        raise UsageError(f"there is no layer {printable(path[:80])}")
    if len(at) != len(shape) - 1 or not all(0 <= one < size for one, size in zip(at, shape[1:], strict=True)):
        where = ", ".join(map(str, at))
        raise UsageError(f"the position must lie in the output of {printable(path)} ({where} in {sizes_text(shape)})")
    waiting = {Part(path): path_at(at)}
    for one in reversed(readings(analysis.facts, [path])):
        if (paths := waiting.pop(one.part, None)) is None:
            continue
        for operand, source in one.operands:
            if (found := step(one.facts, operand, paths)) is not None:
                waiting[source] = together(waiting[source], found) if source in waiting else found
    return {name: waiting[Part(name)] for name in analysis.graph.inputs if Part(name) in waiting}


def step(one: Facts, operand: int, paths: Paths) -> Paths | None:
    """Return the paths to the positions of an operand of a node, from those to its output; None where there are none.

    What an output reads is a range along each axis, so one axis after the other is enough.
    """
    source, output = one.inputs[operand], one.shape
    start, counts = list(paths.start), paths.counts
    told_apart = len(source) == len(output)
    if not told_apart:
        start, counts = [0] * (len(source) - 1), np.full((1,) * (len(source) - 1), paths.total, dtype=object)
    for axis, size in enumerate(source[1:]):
        span = one.node.layer.span(one.inputs, output, operand, axis) if told_apart else None
        if span is None:
            counts, span, start[axis] = np.asarray(counts.sum(axis=axis, keepdims=True)), Span(taps=size), 0
        rows = range(start[axis], start[axis] + counts.shape[axis])
        onto = _under(span, rows, size)
        if not onto:
            return None
        positions = counts.size // counts.shape[axis] * len(onto)
        if positions > MAX_POSITIONS:
            raise UsageError(f"paths can be counted to {MAX_POSITIONS:,} positions of a tensor at most ({positions:,})")
        start[axis], counts = onto[0], _spread(counts, axis, span, rows, onto)
    return Paths(tuple(start), counts) if counts.any() else None


def _under(span: Callable[[int], range], rows: range, size: int) -> range:
    """Return the stretch of an axis of that size over which some positions stand."""
    spans = [span(rows[0]), span(rows[-1])] if isinstance(span, Span) else [one for one in map(span, rows) if one]
    first, last = min([one[0] for one in spans], default=0), max([one[-1] for one in spans], default=-1)
    return range(max(0, first), min(size, last + 1))


def _spread(counts: NDArray[Any], axis: int, span: Callable[[int], range], rows: range, onto: range) -> NDArray[Any]:
    """Return what the positions ``onto`` along an axis get: all that stands in a row goes to each that it reads."""
    along = np.moveaxis(counts, axis, 0)
    found = np.full((len(onto), *along.shape[1:]), 0, dtype=object)
    if isinstance(span, Span) and span.taps < len(rows):  # a loop over the fewer of the two
        for first in span(rows[0]):
            skipped = max(0, -(-(onto[0] - first) // span.stride))
            kept = along[skipped : max(0, -(-(onto[-1] + 1 - first) // span.stride))]
            begin = first + skipped * span.stride - onto[0]
            found[begin : begin + len(kept) * span.stride : span.stride] += kept
    else:
        for values, row in zip(along, map(span, rows), strict=True):
            read = within(row, onto[-1] + 1)
            if read:
                found[read[0] - onto[0] : read[-1] - onto[0] + 1 : read.step] += values
    return np.moveaxis(found, 0, axis)
