"""Random networks in a neutral description: a tree of dicts that is rendered as a spec, as PyTorch and as ONNX.

A network is {rank, input, rounding, layers}; a layer is {op, ...options}, every window written out an axis. Nothing
here comes from cnncalc: the sizes that guide the choice are counted by placing windows one after the other.
"""

import os
from math import ceil, prod
from random import Random

SEED = int(os.environ.get("CNNCALC_SEED", "1998"))
BATCH = 2
LARGEST = 9000

POINTWISE = ("relu", "relu6", "leaky_relu", "prelu", "elu", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid",
             "gelu", "softmax")  # fmt: skip
WORDS = (*POINTWISE, "batch_norm", "layer_norm", "instance_norm", "global_avg_pool", "global_max_pool", "flatten",
         "dropout", "identity")  # fmt: skip
JOINS = ("add", "multiply", "concat")
WINDOWS = ("conv", "depthwise", "max_pool", "avg_pool")
PADDING_WORDS = ("valid", "half", "same", "same_lower", "full", "causal")
OPS = (*WINDOWS, "conv_transpose", "linear", "adaptive_avg_pool", "adaptive_max_pool", "upsample", "pad", "crop",
       "pixel_shuffle", "channel_shuffle", "slice", "reshape", "group_norm", "local_response_norm", "scale",
       *WORDS, *JOINS)  # fmt: skip


# ---------------------------------------------------------------- sizes, by placing windows one after the other


def reaches(layer):
    return [d * (k - 1) + 1 for k, d in zip(layer["kernel"], layer["dilation"], strict=True)]


def padding_of(layer, spatial):
    """Return (before, after) along each axis, with the words worked out from their definitions."""
    if not isinstance(layer["padding"], str):
        return list(layer["padding"])
    pairs = []
    for size, reach, stride in zip(spatial, reaches(layer), layer["stride"], strict=True):
        if layer["padding"].startswith("same"):
            if layer["op"] == "conv_transpose":
                total = reach - stride  # leaves size * stride
            else:
                total = max(0, (ceil(size / stride) - 1) * stride + reach - size)
            small, large = total // 2, total - total // 2
            pairs.append((small, large) if layer["padding"] == "same" else (large, small))
        else:
            both = {"valid": (0, 0), "half": (reach // 2, reach // 2), "full": (reach - 1, reach - 1),
                    "causal": (reach - 1, 0)}  # fmt: skip
            pairs.append(both[layer["padding"]])
    return pairs


def starts(size, reach, stride, before, after, rounding):
    """Return where each window starts, or nothing where they do not fit."""
    found, at = [], -before
    while True:
        overhang = at + reach - (size + after)
        if rounding == "ceil":
            if overhang >= stride or at >= size:  # wholly superfluous, or outside the input and its left padding
                return found
        elif overhang > 0:
            return [] if rounding == "exact" and found and found[-1] + reach != size + after else found
        found.append(at)
        at += stride


def rounding_of(layer, network):
    if str(layer["padding"]).startswith("same"):
        return "floor"  # its size is ceil(W/S) by definition
    return layer.get("rounding") or network["rounding"]


def misfit_rank(layer, rank):
    """Say whether an option has a number of axes that the input has not."""
    per_axis = ("kernel", "stride", "dilation", "output_padding", "factor", "size", "padding")
    if layer["op"] == "local_response_norm":
        return False
    if layer.get("padding") == "causal" and (rank != 1 or layer["op"] == "conv_transpose"):
        return True
    return any(len(layer[name]) != rank for name in per_axis if not isinstance(layer.get(name, ""), str))


SPATIAL = (*WINDOWS, "conv_transpose", "adaptive_avg_pool", "adaptive_max_pool", "global_avg_pool", "global_max_pool",
           "upsample", "pad", "crop", "pixel_shuffle")  # fmt: skip


def after(layer, shape, network):
    """Return the shape after a layer without operands, or None where it cannot be."""
    op, (channels, *spatial) = layer["op"], shape
    rank = len(spatial)
    if op in SPATIAL and (rank == 0 or misfit_rank(layer, rank)):
        return None
    if op in WINDOWS:
        return _after_window(layer, shape, network)
    if op == "conv_transpose":
        return _after_transpose(layer, shape)
    if op == "linear":
        return (layer["out"],)
    if op.startswith("adaptive"):
        return (channels, *layer["size"])
    if op.startswith("global"):
        return (channels, *[1] * rank)
    if op == "upsample":
        return (channels, *(w * f for w, f in zip(spatial, layer["factor"], strict=True)))
    if op in ("pad", "crop"):
        sign = 1 if op == "pad" else -1
        sizes = [w + sign * (a + b) for w, (a, b) in zip(spatial, layer["padding"], strict=True)]
        return (channels, *sizes) if min(sizes) > 0 else None
    if op == "pixel_shuffle":
        block = prod(layer["factor"])
        sizes = [w * f for w, f in zip(spatial, layer["factor"], strict=True)]
        return (channels // block, *sizes) if channels % block == 0 else None
    if op in ("channel_shuffle", "group_norm"):
        return shape if channels % layer["groups"] == 0 else None
    if op == "slice":
        return (layer["stop"] - layer["start"], *spatial) if layer["start"] < layer["stop"] <= channels else None
    if op == "reshape":
        return layer["shape"] if prod(layer["shape"]) == prod(shape) else None
    return (prod(shape),) if op == "flatten" else shape


def _after_window(layer, shape, network):
    channels, *spatial = shape
    pairs, rounding = padding_of(layer, spatial), rounding_of(layer, network)
    sizes = [len(starts(w, reach, s, a, b, rounding))
             for w, reach, s, (a, b) in zip(spatial, reaches(layer), layer["stride"], pairs, strict=True)]  # fmt: skip
    if min(sizes) == 0:
        return None
    if layer["op"].endswith("pool"):
        roomy = all(max(pair) <= reach // 2 for pair, reach in zip(pairs, reaches(layer), strict=True))
        return (channels, *sizes) if roomy else None
    if layer["op"] == "depthwise":
        return (channels * layer["multiplier"], *sizes)
    fits = channels % layer["groups"] == 0 and layer["out"] % layer["groups"] == 0
    return (layer["out"], *sizes) if fits else None


def _after_transpose(layer, shape):
    channels, *spatial = shape
    sizes = []
    options = zip(layer["stride"], layer["dilation"], layer["output_padding"], strict=True)
    for w, reach, (a, b), (s, d, more) in zip(
        spatial, reaches(layer), padding_of(layer, spatial), options, strict=True
    ):
        if more >= max(s, d) or a < 0 or b < 0:
            return None
        sizes.append((w - 1) * s + reach - a - b + more)
    fits = channels % layer["groups"] == 0 and layer["out"] % layer["groups"] == 0
    return (layer["out"], *sizes) if fits and min(sizes) > 0 else None


def joined(op, shapes, align):
    """Return the shape of a join, or None."""
    if len({len(shape) for shape in shapes}) > 1:
        return None
    if align == "crop":
        smallest = [min(sizes) for sizes in zip(*(shape[1:] for shape in shapes), strict=True)]
        shapes = [(shape[0], *smallest) for shape in shapes]
    if op == "concat":
        if len({shape[1:] for shape in shapes}) > 1:
            return None
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])
    axes = [set(sizes) - {1} for sizes in zip(*shapes, strict=True)]
    return None if any(len(axis) > 1 for axis in axes) else tuple(axis.pop() if axis else 1 for axis in axes)


# ---------------------------------------------------------------- the choice


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
            common = ["conv"] * 10 + ["depthwise"] * 4 + ["conv_transpose"] * 6 + ["max_pool", "avg_pool"] * 4
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
        if op in ("conv", "depthwise", "conv_transpose"):
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
        else:
            groups = self.divisor(channels) if careful else rng.randint(1, 4)
            out = groups * rng.randint(1, max(1, 12 // groups)) if careful else rng.randint(1, 9)
            layer |= {"groups": groups, "out": out}
        if op == "conv":
            layer |= {"rounding": self.rounding()}
            if self.ceil_beyond(layer):
                layer["rounding"] = "floor"
        if op == "conv_transpose":
            most = [max(s, d) - 1 if careful else 3 for s, d in zip(layer["stride"], layer["dilation"], strict=True)]
            layer["output_padding"] = tuple(rng.randint(0, m) for m in most)
        if op == "depthwise" and self.ceil_beyond(layer):
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
            if result[1:] != target[1:] and align == "exact":
                if op == "concat":
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


# ---------------------------------------------------------------- the spec


def text(network):
    """Return a network as the YAML text of a spec, each value in one of the ways the language has for it."""
    rng = Random(repr(network))
    names = {operand for layer in every_layer(network["layers"]) for operand in layer.get("operands", ())
             if isinstance(operand, int)}  # fmt: skip
    lines = ["cnncalc: 1", f"input: {'x'.join(map(str, network['input']))}"]
    if network["rounding"] != "exact" or rng.random() < 0.5:
        lines.append(f"rounding: {network['rounding']}")
    lines.append("layers:")
    for index, layer in enumerate(network["layers"]):
        lines.append(f"- {_flow(layer, rng, f't{index}' if index in names else None)}")
    return "\n".join(lines) + "\n"


def _flow(layer, rng, name=None):
    op = layer["op"]
    if op in WORDS:
        if name is None and rng.random() < 0.8:
            return op
        parts = [f"act: {op}" if op in POINTWISE and rng.random() < 0.5 else f"{op}:"]
        parts = parts if parts[0].startswith("act") else [f"{op}: null"]
    elif op in JOINS:
        operands = [
            f"t{operand}" if isinstance(operand, int) else _branch(operand, rng) for operand in layer["operands"]
        ]
        parts = [f"{op}: [{', '.join(operands)}]"]
        if layer["align"] == "crop" or rng.random() < 0.3:
            parts.append(f"align: {layer['align']}")
    else:
        parts = [f"{op}: {_argument(layer, rng)}", *_options(layer, rng)]
    if layer.get("act"):
        parts.append(f"act: {layer['act']}")
    if name:
        parts.append(f"name: {name}")
    first, *rest = parts
    if rng.random() < 0.3:
        rng.shuffle(rest)
    return "{" + ", ".join([first, *rest]) + "}"


def _branch(layers, rng):
    return f"[{', '.join(_flow(layer, rng) for layer in layers)}]"


def _argument(layer, rng):
    op, literal = layer["op"], layer.get("literal", False)
    if op in ("conv", "conv_transpose", "linear"):
        return layer["out"]
    if op in ("depthwise", "max_pool", "avg_pool"):
        return _window(layer["kernel"], rng, literal=literal)
    if op == "slice":
        return f"[{layer['start']}, {layer['stop']}]"
    if op == "reshape":
        sizes = "x".join(map(str, layer["shape"]))
        return sizes if rng.random() < 0.5 else f"[{', '.join(map(str, layer['shape']))}]"
    if op in ("pad", "crop"):
        return _pairs(layer["padding"], rng, literal=literal)
    for name in ("factor", "size", "groups", "initial"):
        if name in layer:
            return _window(layer[name], rng, literal=literal) if isinstance(layer[name], tuple) else layer[name]
    raise AssertionError(op)


DEFAULTS = {"kernel": 1, "stride": 1, "dilation": 1, "output_padding": 0, "groups": 1, "multiplier": 1, "bias": True,
            "mode": "nearest", "count_include_pad": True, "padding": 0}  # fmt: skip


def _options(layer, rng):
    op, literal = layer["op"], layer.get("literal", False)
    if op in ("channel_shuffle", "group_norm", "adaptive_avg_pool", "adaptive_max_pool", "pad", "crop", "reshape"):
        return
    arguments = ("kernel",) if op in ("depthwise", "max_pool", "avg_pool") else ()
    for name, usual in DEFAULTS.items():
        if name not in layer or name in arguments or (name == "dilation" and op == "avg_pool"):
            continue
        value, default = layer[name], usual
        if op.endswith("pool") and name == "stride":
            if value != layer["kernel"] or rng.random() < 0.5:
                yield f"stride: {_window(value, rng, literal=literal)}"
            continue
        if op == "conv_transpose" and name == "kernel":
            default = 2
        is_default = value in (default, (default,) * len(layer.get("kernel", ())))
        if name == "padding":
            is_default = value == "valid"
        if name == "bias" and layer.get("norm"):
            is_default = value is False  # a norm drops the bias unless it is asked for
        if is_default and rng.random() < 0.7:
            continue
        if name == "padding":
            yield f"padding: {value if isinstance(value, str) else _pairs(value, rng, literal=literal)}"
        elif isinstance(value, tuple):
            yield f"{name}: {_window(value, rng, literal=literal)}"
        else:
            yield f"{name}: {str(value).lower()}"
    if layer.get("rounding"):
        yield f"rounding: {layer['rounding']}"
    if layer.get("norm"):
        yield f"norm: {_flow(layer['norm'], rng)}"


def _window(values, rng, *, literal=False):
    if literal:
        return f"[{', '.join(map(str, values))}]"
    alike = len(set(values)) == 1
    if alike and rng.random() < 0.7:
        return str(values[0])
    if len(values) > 1 and rng.random() < 0.5:
        sizes = "x".join(map(str, values))
        return f'"{sizes}"' if values[0] == 0 else sizes  # 0x1 alone is a number in YAML 1.1
    return f"[{', '.join(map(str, values))}]"


def _pairs(pairs, rng, *, literal):
    if all(a == b for a, b in pairs) and rng.random() < 0.8:
        return _window(tuple(a for a, _ in pairs), rng, literal=literal)
    return f"[{', '.join(f'[{a}, {b}]' for a, b in pairs)}]"
