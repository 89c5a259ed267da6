"""The tensors of a network by path: drawn from a seed, or read from a file and held against what the network needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike

from cnncalc.analysis import Analysis
from cnncalc.errors import UsageError, closest, printable
from cnncalc.execute.arrays import read_arrays
from cnncalc.execute.dispatch import Array
from cnncalc.layers.base import Shape, sizes_text

MOST_TOLD = 20


def needed(analysis: Analysis) -> dict[str, Shape]:
    """Return the shapes of all tensors of a network, buffers among them, by path; shared ones once.

    >>> import cnncalc
    >>> list(needed(cnncalc.analyze(cnncalc.load("zoo:lenet5"))).items())[:2]
    [('conv1.weight', (6, 1, 5, 5)), ('conv1.bias', (6,))]
    """
    found: dict[str, Shape] = {}
    for one in analysis.facts:
        for name, shape in {**one.parameters, **one.node.layer.buffers(one.inputs)}.items():
            found.setdefault(f"{one.node.weights}.{name}", shape)
    return found


def initial(analysis: Analysis, seed: int = 0, dtype: DTypeLike = np.float32) -> dict[str, Array]:
    """Return a value for every tensor: each drawn from the seed and its own path, so that no other layer changes it.

    Weights as He et al. 2015 (normal, variance 2/fan-in, the MACs of one output), biases and the statistics of a norm a
    little off their usual start, so that none of them goes unnoticed.
    """
    fans = {one.node.weights: max(1, one.macs // one.activations) for one in analysis.facts if one.macs}
    return {path: _drawn(path, shape, fans, seed).astype(dtype) for path, shape in needed(analysis).items()}


def _drawn(path: str, shape: Shape, fans: Mapping[str, int], seed: int) -> Array:
    random = np.random.default_rng([seed, crc32(path.encode())])
    layer, _, name = path.rpartition(".")
    if name == "running_var" or (name == "weight" and len(shape) == 1):
        return random.uniform(0.75, 1.25, shape)
    if len(shape) == 1 or name == "bias":
        return random.normal(0, 0.1, shape)
    return random.normal(0, sqrt(2 / fans[layer]), shape)


def loaded(path: Path, analysis: Analysis, dtype: DTypeLike = np.float32) -> dict[str, Array]:
    """Return the tensors of a file, .npz or .safetensors, which must be those of the network.

    Raises UsageError that names every tensor that is missing, left over or of another shape, with both shapes.
    """
    given, wanted = read_arrays(path), needed(analysis)
    told = [*_missing(given, wanted), *_misshapen(given, wanted), *_left_over(given, wanted)]
    if told:
        more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
        raise UsageError("\n".join(f"{printable(str(path))}: {line}" for line in [*told[:MOST_TOLD], *more]))
    return {name: given[name].astype(dtype, copy=False) for name in wanted}


def _missing(given: Mapping[str, Array], wanted: Mapping[str, Shape]) -> Iterable[str]:
    for name, shape in wanted.items():
        if name not in given:
            near = closest(name, set(given) - set(wanted))
            yield f"{name} is missing ({sizes_text(shape)})" + (f"; did you mean {printable(near)}?" if near else "")


def _misshapen(given: Mapping[str, Array], wanted: Mapping[str, Shape]) -> Iterable[str]:
    for name, shape in wanted.items():
        if name in given and given[name].shape != shape:
            own = sizes_text(given[name].shape) or "a single number"
            yield f"{name} must be {sizes_text(shape)}, it is {own}"


def _left_over(given: Mapping[str, Array], wanted: Mapping[str, Shape]) -> Iterable[str]:
    for name in sorted(set(given) - set(wanted)):
        yield f"{printable(name[:200])} is no tensor of this network ({sizes_text(given[name].shape)})"
