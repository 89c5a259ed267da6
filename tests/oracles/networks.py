"""Random networks in a neutral description: a tree of dicts that is rendered as a spec, as PyTorch and as ONNX.

A network is {rank, input, rounding, layers}; a layer is {op, ...options}, every window written out an axis.
"""

import os
from math import prod
from random import Random

from .sizes import JOINS, OPS, PADDING_WORDS, POINTWISE, WINDOWS, WORDS, after, joined, reaches, rounding_of

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))
LARGEST = 9000


class Chooser:
    """Chooses layers for one network; a careful choice fits the shape at hand, a careless one need not."""

    def __init__(self, rng, network, *, divisible):
        self.rng, self.network, self.divisible = rng, network, divisible

    def divisor(self, *numbers):
        return self.rng.choice([d for d in range(1, min(numbers) + 1) if all(n % d == 0 for n in numbers)])

    def axes(self, rank, low, high):
        if self.rng.random() < 0.3:
            return (self.rng.randint(low, high),) * rank
        return tuple(self.rng.randint(low, high) for _ in range(rank))

    def pairs(self, rank, high):
        if self.rng.random() < 0.5:
            return tuple((p, p) for p in self.axes(rank, 0, high))
        return tuple((self.rng.randint(0, high), self.rng.randint(0, high)) for _ in range(rank))

    def padding(self, rank, *, careful, pool=False):
        if self.rng.random() < 0.45:
            words = [word for word in PADDING_WORDS if not careful or word != "causal" or rank == 1]
            return self.rng.choice([word for word in words if word != "full"] if pool and careful else words)
        return self.pairs(rank, 1 if pool and careful else 3)

    def layer(self, shape, *, careful):
        """Return a layer for a tensor of this shape and the shape after it, None if that cannot be."""
        for _ in range(60):
            layer = self.any_layer(shape, careful=careful)
            result = self.result(layer, shape)
            if not careful or (result is not None and prod(result) <= LARGEST):
                return layer, result
        return {"op": "identity"}, shape

    def result(self, layer, shape):
        found = after(layer, shape, self.network)
        if found is None or not layer.get("norm"):
            return found
        return after(layer["norm"], found, self.network)

    def any_layer(self, shape, *, careful):
        rng, (channels, *spatial) = self.rng, shape
        rank = len(spatial)
        if careful and not rank:
            op = rng.choice(["linear", "linear", "reshape", "batch_norm", "layer_norm", "group_norm", "scale", "slice",
                             "channel_shuffle", "flatten", "dropout", *POINTWISE])  # fmt: skip
        elif careful:
            common = ["conv"] * 10 + ["depthwise", "locally_connected", "max_pool", "avg_pool"] * 4
            common += ["conv_transpose"] * 6
            rare = [op for op in OPS if op not in (*JOINS, "linear", "flatten", "reshape")]
            op = rng.choice(rare if rng.random() < 0.45 else common)
            if rng.random() < 0.04:
                op = rng.choice(["linear", "flatten", "reshape"])
        else:
            op = rng.choice([*WINDOWS, "conv_transpose"] * 3 + [op for op in OPS if op not in (*WORDS, *JOINS)])
        axes = rank or 2
        if not careful and rng.random() < 0.05:
            axes = axes % 3 + 1
        layer = self.options(op, channels, spatial, axes, careful=careful)
        return layer | {"literal": True} if rank and axes != rank else layer  # [3] is not 3 where the axes are two

    def options(self, op, channels, spatial, rank, *, careful):
        rng = self.rng
        if op in ("conv", "depthwise", "locally_connected", "conv_transpose"):
            return self.convolution(op, channels, rank, careful=careful)
        if op in ("max_pool", "avg_pool"):
            layer = {"op": op, "kernel": self.axes(rank, 1, 4), "dilation": (1,) * rank}
            layer["stride"] = layer["kernel"] if rng.random() < 0.3 else self.axes(rank, 1, 4)
            if op == "max_pool":
                layer["dilation"] = self.axes(rank, 1, 3)
            else:
                layer["count_include_pad"] = rng.random() < 0.5
            return layer | {"padding": self.padding(rank, careful=careful, pool=True), "rounding": self.rounding()}
        if op == "linear":
            return {"op": op, "out": rng.randint(1, 40), "bias": rng.random() < 0.6, "act": self.act()}
        if op.startswith("adaptive"):
            size = self.axes(rank, 1, 9)
            if self.divisible and len(spatial) == rank:
                size = tuple(self.divisor(w) for w in spatial)
            return {"op": op, "size": size}
        if op == "upsample":
            return {"op": op, "factor": self.axes(rank, 1, 3), "mode": rng.choice(["nearest", "bilinear"])}
        if op in ("pad", "crop"):
            return {"op": op, "padding": self.pairs(rank, 3 if careful else 6)}
        if op == "pixel_shuffle":
            return {"op": op, "factor": self.axes(rank, 1, 3)}
        if op in ("channel_shuffle", "group_norm"):
            return {"op": op, "groups": self.divisor(channels) if careful else rng.randint(1, 5)}
        if op == "slice":
            start = rng.randint(0, channels - 1)
            stop = rng.randint(start + 1, channels) if careful else rng.randint(1, channels + 2)
            return {"op": op, "start": start, "stop": stop}
        if op == "reshape":
            return {"op": op, "shape": self.reshaped(channels, spatial, careful=careful)}
        if op == "local_response_norm":
            return {"op": op, "size": rng.randint(1, 5)}
        return {"op": op, "initial": "0.1"} if op == "scale" else {"op": op}

    def convolution(self, op, channels, rank, *, careful):
        rng = self.rng
        layer = {"op": op, "kernel": self.axes(rank, 1, 4), "stride": self.axes(rank, 1, 3)}
        layer |= {"dilation": self.axes(rank, 1, 3), "padding": self.padding(rank, careful=careful)}
        layer |= {"bias": rng.random() < 0.6, "act": self.act()}
        if op == "depthwise":
            layer |= {"multiplier": rng.randint(1, 3), "rounding": self.rounding()}
            out = channels * layer["multiplier"]
        elif op == "locally_connected":
            out = rng.randint(1, 6)
            layer |= {"out": out, "rounding": self.rounding()}
        else:
            groups = self.divisor(channels) if careful else rng.randint(1, 4)
            out = groups * rng.randint(1, max(1, 12 // groups)) if careful else rng.randint(1, 9)
            layer |= {"groups": groups, "out": out}
        if op == "conv":
            layer |= {"rounding": self.rounding()}
        if op == "conv_transpose":
            most = [max(s, d) - 1 if careful else 3 for s, d in zip(layer["stride"], layer["dilation"], strict=True)]
            layer["output_padding"] = tuple(rng.randint(0, m) for m in most)
        elif self.ceil_beyond(layer):
            layer["rounding"] = "floor"
        layer["norm"] = None
        if rng.random() < 0.3:
            norm = rng.choice(["batch_norm", "layer_norm", "instance_norm", "group_norm"])
            layer["norm"] = self.options(norm, out, (1,) * rank, rank, careful=careful)
        return layer

    def ceil_beyond(self, layer):
        """Say whether a convolution is padded by more than its reach under ceil, which no framework defines."""
        if isinstance(layer["padding"], str) or rounding_of(layer, self.network) != "ceil":
            return False
        return any(b >= reach for (_, b), reach in zip(layer["padding"], reaches(layer), strict=True))

    def rounding(self):
        return self.rng.choice([None, None, "exact", "floor", "ceil"])

    def act(self):
        return self.rng.choice([None, None, *POINTWISE])

    def reshaped(self, channels, spatial, *, careful):
        total = prod((channels, *spatial))
        if not careful and self.rng.random() < 0.7:
            total += 1
        axes = []
        for _ in range(self.rng.randint(0, 3)):
            axes.append(self.divisor(total))
            total //= axes[-1]
        axes.append(total)
        self.rng.shuffle(axes)
        return tuple(axes)

    def join(self, shape, earlier, *, careful):
        """Return a join of branches from the current tensor and of ``earlier`` tensors by name, and its shape."""
        op = self.rng.choice(JOINS)
        for _ in range(40 if careful else 1):
            align = "crop" if self.rng.random() < 0.25 else "exact"
            if op == "concat" and align == "exact" and self.rng.random() < 0.3:
                align = "stretch"
            made = [self.operand(shape, earlier, careful=careful) for _ in range(self.rng.randint(1, 3))]
            made.append(([], shape) if self.rng.random() < 0.5 else self.operand(shape, earlier, careful=careful))
            if careful and self.rng.random() < 0.7:
                made = self.matched(op, made, shape, align)
            if not all(result for _, result in made):
                if careful:
                    continue
                return {"op": op, "align": align, "operands": [operand for operand, _ in made], "act": None}, None
            result = joined(op, [result for _, result in made], align)
            layer = {"op": op, "align": align, "operands": [operand for operand, _ in made], "act": self.act()}
            if not careful or (result is not None and prod(result) <= LARGEST):
                return layer, result
        return {"op": op, "align": "exact", "operands": [[], []], "act": None}, joined(op, [shape, shape], "exact")

    def matched(self, op, made, shape, align):
        """Return operands that agree: those that do with the first one, each after a 1x1 projection or a gate."""
        target = made[0][1]
        if target is None or len(target) != len(shape) or len(shape) == 1:
            return made
        rank, found = len(shape) - 1, []
        for operand, result in made:
            if not isinstance(operand, list) or result is None or len(result) != len(target):
                continue
            if result[1:] != target[1:] and align != "crop":
                if op == "concat" and align == "exact":
                    continue
                operand, result = [*operand, {"op": "global_avg_pool"}], (result[0], *[1] * rank)  # noqa: PLW2901
            if op != "concat" and result[0] != target[0]:
                one = {"op": "conv", "out": target[0], "groups": 1, "kernel": (1,) * rank, "stride": (1,) * rank,
                       "dilation": (1,) * rank, "padding": "valid", "bias": True}  # fmt: skip
                operand, result = [*operand, one], (target[0], *result[1:])  # noqa: PLW2901
            found.append((operand, result))
        return found or made

    def operand(self, shape, earlier, *, careful):
        if earlier and self.rng.random() < 0.2:
            index = self.rng.choice(sorted(earlier))
            return index, earlier[index]
        branch = []
        for _ in range(self.rng.randint(0, 2)):
            layer, shape = self.layer(shape, careful=careful)
            branch.append(layer)
            if shape is None:
                break
        return branch, shape


def random_network(index, *, divisible=False, seed=SEED):
    """Return network number ``index`` of a seed; a third of them hold a careless layer, which may not fit."""
    rng = Random(f"{seed}/{index}/{divisible}")
    rank = rng.choice([1, 1, 2, 2, 2, 3])
    spatial = rng.sample(range(5, 11) if rank == 3 else range(7, 24), rank)
    channels = rng.choice([c for c in (3, 4, 6, 8, 9, 12) if c not in spatial])
    network = {"rank": rank, "input": (channels, *spatial), "layers": []}
    network["rounding"] = rng.choice(["exact", "floor", "floor", "ceil"])
    chooser = Chooser(rng, network, divisible=divisible)
    depth = rng.randint(2, 7)
    careless = rng.randrange(depth) if rng.random() < 0.35 else -1
    shape, earlier = network["input"], {}
    for step in range(depth):
        make = chooser.join if rng.random() < 0.2 else chooser.layer
        if make == chooser.join:
            layer, result = chooser.join(shape, earlier, careful=step != careless)
        else:
            layer, result = chooser.layer(shape, careful=step != careless)
        network["layers"].append(layer)
        if result is None or prod(result) > 4 * LARGEST:
            break
        shape = result
        earlier[step] = shape
    return network


def every_layer(layers):
    """Yield all layers of a list, those of branches and the norms included."""
    for layer in layers:
        for operand in layer.get("operands", ()):
            if isinstance(operand, list):
                yield from every_layer(operand)
        yield layer
        if layer.get("norm"):
            yield layer["norm"]
