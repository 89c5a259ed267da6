"""Random layers and tensors: every axis of its own size, so that none can stand for another."""

import os
from math import prod
from random import Random

import numpy as np

import cnncalc.execute.kernels
import cnncalc.execute.naive
from cnncalc.errors import LayerError
from cnncalc.execute.dispatch import Meter, kernel, naive
from cnncalc.layers import layer_class
from cnncalc.layers.base import elements

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))
TABLES = cnncalc.execute.kernels, cnncalc.execute.naive
LOOPED = (
    "conv", "depthwise", "locally_connected", "conv_transpose", "max_pool", "avg_pool",
    "adaptive_avg_pool", "adaptive_max_pool", "global_avg_pool", "global_max_pool", "linear",
)  # fmt: skip
WORDS = ("valid", "half", "same", "same_lower", "full", "causal")


class Case:
    """A layer, a batch for it and its tensors."""

    def __init__(self, layer, shape, samples, seed, dtype):
        self.layer, self.shape, self.samples, self.dtype = layer, tuple(shape), samples, dtype
        random = np.random.default_rng(seed)
        draw = lambda sizes: random.standard_normal(sizes).astype(dtype)  # noqa: E731
        self.source = draw((samples, *shape))
        named = layer.parameters([self.shape]) | layer.buffers([self.shape])
        self.tensors = {name: draw(sizes) for name, sizes in named.items()}
        if "running_var" in self.tensors:
            self.tensors["running_var"] = np.abs(self.tensors["running_var"]) + dtype(0.1)

    def __repr__(self):
        return f"{self.layer!r} of {self.samples}x{self.shape} in {np.dtype(self.dtype)}"

    @property
    def output_shape(self):
        return self.layer.output_shape([self.shape])

    @property
    def macs(self):
        return self.layer.macs([self.shape], self.output_shape) * self.samples

    def fast(self, source=None):
        return self._run(kernel, source)

    def slow(self, source=None):
        return self._run(naive, source)

    def _run(self, table, source):
        meter = Meter()
        output = table(self.layer, [self.source if source is None else source], self.tensors, meter)
        self.counted = meter.macs
        return output


def run(layer, source, **tensors):
    """Return the output of a fast kernel for one batch."""
    return kernel(layer, [source], tensors, Meter())


def close(found, expected, dtype, said=""):
    """Assert that two arrays agree up to the rounding of a dtype, NaN and infinities in the same places."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, said
    loose = 3e-5 if np.dtype(dtype) == np.float32 else 1e-11
    np.testing.assert_allclose(found, expected, rtol=loose, atol=loose, err_msg=str(said))


class Settings:
    """Draws layers with windows, or pools, and shapes that they fit."""

    def __init__(self, seed, *, words=WORDS, most=3000, dtypes=(np.float32, np.float64)):
        self.rng, self.words, self.most, self.dtypes = Random(seed), words, most, dtypes

    def case(self, ops=LOOPED, rank=None):
        """Return a case of one of the ops, small enough for loops."""
        while True:
            op = self.rng.choice(ops)
            try:
                layer, shape = self.layer(op, rank or self.rng.choice([1, 2, 2, 3]))
                output = layer.output_shape([shape])
            except LayerError:
                continue
            samples = self.rng.choice([n for n in range(1, 9) if n not in shape])
            work = samples * max(elements(shape), elements(output), layer.macs([shape], output))
            if work <= self.most:
                return Case(layer, shape, samples, self.rng.getrandbits(32), self.rng.choice(self.dtypes))

    def layer(self, op, rank):
        rng = self.rng
        groups = rng.choice([1, 1, 2, 3])
        channels = groups * rng.randint(1, 3)
        sizes = tuple(rng.sample([n for n in range(1, 10) if n != channels], rank))
        kind, shape = layer_class(op), (channels, *sizes)
        if op == "linear":
            return kind(out_features=rng.randint(1, 6), bias=rng.random() < 0.5), shape
        if op.startswith("global"):
            return kind(), shape
        if op.startswith("adaptive"):
            return kind(size=self.axes(rank, 1, 7)), shape
        options = {"kernel": self.axes(rank, 1, 4), "stride": self.axes(rank, 1, 4), "padding": self.padding(rank)}
        if op != "conv_transpose":
            options["rounding"] = rng.choice(["floor", "floor", "ceil", "exact"])
        if op != "avg_pool":
            options["dilation"] = self.axes(rank, 1, 3)
        if "pool" not in op:
            options["bias"] = rng.random() < 0.5
        if op in ("conv", "conv_transpose"):
            options |= {"groups": groups, "out_channels": groups * rng.randint(1, 3)}
        if op == "locally_connected":
            options["out_channels"] = rng.randint(1, 4)
        if op == "conv_transpose":
            options["output_padding"] = self.axes(rank, 0, 2)
        if op == "depthwise":
            options["multiplier"] = rng.randint(1, 3)
        if op == "avg_pool":
            options["count_include_pad"] = rng.random() < 0.5
        return kind(**options), shape

    def axes(self, rank, low, high):
        if self.rng.random() < 0.3:
            return self.rng.randint(low, high)
        return tuple(self.rng.randint(low, high) for _ in range(rank))

    def padding(self, rank):
        chance = self.rng.random()
        if self.words and chance < 0.25:
            return self.rng.choice(self.words)
        if chance < 0.5:
            return self.axes(rank, 0, 2)
        return tuple((self.rng.randint(0, 3), self.rng.randint(0, 3)) for _ in range(rank))


def distinct(*sizes):
    """Return whether all sizes differ, as those of a good test do."""
    return len(set(sizes)) == len(sizes)


def counting(*sizes, dtype=np.float64):
    """Return 1, 2, 3, ... in an array of these sizes."""
    return np.arange(1, prod(sizes) + 1, dtype=dtype).reshape(sizes)
