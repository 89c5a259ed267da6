"""A graph as a PyTorch module: one module of torch.nn a layer, joins as tensor operators."""

from math import prod

import torch
from torch import nn
from torch.nn import functional

from cnncalc.layers.base import expand
from cnncalc.layers.conv_transpose import cropped

ACTIVATIONS = {
    "relu": nn.ReLU, "relu6": nn.ReLU6, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh, "silu": nn.SiLU, "hardswish": nn.Hardswish, "hardsigmoid": nn.Hardsigmoid, "gelu": nn.GELU,
}  # fmt: skip


class Scale(nn.Module):
    """One learned factor a channel, for which torch.nn has nothing."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return x * self.weight.view(-1, *[1] * (x.dim() - 2))


class LocallyConnected(nn.Module):
    """A convolution whose kernels are not shared, for which torch.nn has nothing: one matrix product a position."""

    def __init__(self, shapes, slides):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shapes["weight"]))
        self.bias = nn.Parameter(torch.zeros(shapes["bias"])) if "bias" in shapes else None
        self.slides = slides

    def forward(self, x):
        rank, windows = x.dim() - 2, x
        for axis, one in enumerate(self.slides, start=2):
            windows = windows.unfold(axis, one.reach, one.stride)[..., :: one.dilation]
        sizes = windows.shape[2 : 2 + rank]
        windows = windows.movedim((0, 1), (rank, rank + 1)).flatten(rank + 1).flatten(0, rank - 1)
        weight = self.weight.flatten(0, rank - 1).flatten(2).transpose(1, 2)
        y = torch.bmm(windows, weight).permute(1, 2, 0).unflatten(2, sizes)
        return y if self.bias is None else y + self.bias


class Network(nn.Module):
    """The modules of a graph, and the walk over them; ``forward`` takes the inputs in the graph's order, or by name."""

    def __init__(self, analysis):
        super().__init__()
        self.graph, self.steps = analysis.graph, []
        for one in analysis.facts:
            module, step = written(one)
            if module is not None:
                name = "at_" + one.node.weights.replace(".", "_")
                if not hasattr(self, name):
                    self.add_module(name, module)
                module = getattr(self, name)
            self.steps.append((one.node, module, step))

    def forward(self, *inputs, **by_name):
        values = dict(zip(self.graph.inputs, inputs, strict=False)) | by_name
        for node, module, step in self.steps:
            values[node.path] = step(module, *(values[path] for path in node.inputs))
        found = [values[path] for path in self.graph.outputs]
        return found[0] if len(found) == 1 else tuple(found)


def network(analysis):
    """Return the module of an analysis and tensors to give it, both without values that matter."""
    return Network(analysis).eval(), [torch.zeros(1, *shape) for shape in analysis.graph.inputs.values()]


def kind(name, rank):
    return getattr(nn, f"{name}{rank}d")


def fitted(x, pairs, value=0.0):
    """Return a tensor with padding around it, less than none where a pair says so."""
    x = functional.pad(x, [amount for a, b in reversed(pairs) for amount in (a, max(0, b))], value=value)
    for axis, (_, b) in enumerate(pairs):
        x = x.narrow(2 + axis, 0, x.shape[2 + axis] + min(0, b))
    return x


def called(module, x):
    return module(x)


def written(one):
    """Return the module of a node, None where a tensor operator does it, and what is done with it and the inputs."""
    op, layer, inputs, shape = one.node.op, one.node.layer, one.inputs, one.shape
    rank = len(inputs[0]) - 1
    if op in ("conv", "depthwise", "locally_connected"):
        return windowed(one, rank)
    if op == "conv_transpose":
        return transposed(layer, inputs[0], rank)
    if op in ("max_pool", "avg_pool"):
        return pooled(op, layer, inputs[0], rank)
    if op == "linear":
        module = nn.Linear(prod(inputs[0]), layer.out_features, layer.bias)
        return module, lambda module, x: module(x.flatten(1))
    if op.startswith(("adaptive", "global")):
        name = "AdaptiveMaxPool" if op.endswith("max_pool") else "AdaptiveAvgPool"
        return kind(name, rank)(shape[1:]), called
    if op.endswith("norm"):
        return normalised(op, layer, inputs[0], rank)
    if op in ACTIVATIONS:
        return ACTIVATIONS[op](), called
    simple = {
        "prelu": lambda: nn.PReLU(inputs[0][0]), "softmax": lambda: nn.Softmax(dim=1), "scale": lambda: Scale(shape[0]),
        "flatten": nn.Flatten, "dropout": nn.Dropout, "identity": nn.Identity,
    }  # fmt: skip
    if op in simple:
        return simple[op](), called
    return resized(one, rank) or (None, moved(one, rank))


def resized(one, rank):
    op, layer = one.node.op, one.node.layer
    if op == "upsample":
        factors = expand(layer.factor, rank, "factor")
        mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[rank] if layer.mode == "bilinear" else "nearest"
        scale = float(factors[0]) if len(set(factors)) == 1 else tuple(map(float, factors))
        return nn.Upsample(scale_factor=scale, mode=mode), called
    if op == "pixel_shuffle" and rank == 2 and len(set(expand(layer.factor, rank, "factor"))) == 1:
        return nn.PixelShuffle(expand(layer.factor, rank, "factor")[0]), called
    if op == "channel_shuffle" and rank:
        return nn.ChannelShuffle(layer.groups), called
    return None


def windowed(one, rank):
    layer, shapes, source = one.node.layer, one.parameters, one.inputs[0]
    slides = layer.slides(source[1:])
    # a convolution floors: under ceil as many windows as there must be, on just enough padding
    ends = [(n - 1) * s.stride + s.reach - s.size - s.before for s, n in zip(slides, one.shape[1:], strict=True)]
    is_plain = layer.rounding != "ceil" and all(s.before == s.after for s in slides)
    pairs = [(s.before, s.after if is_plain else end) for s, end in zip(slides, ends, strict=True)]
    if one.node.op == "locally_connected":
        return LocallyConnected(shapes, slides), lambda module, x: module(fitted(x, pairs))
    out, group = shapes["weight"][:2]
    module = kind("Conv", rank)(
        source[0], out, tuple(s.kernel for s in slides), tuple(s.stride for s in slides),
        tuple(s.before for s in slides) if is_plain else 0, tuple(s.dilation for s in slides), source[0] // group,
        layer.bias,
    )  # fmt: skip
    return module, called if is_plain else lambda module, x: module(fitted(x, pairs))


def transposed(layer, source, rank):
    kernel, stride = expand(layer.kernel, rank, "kernel"), expand(layer.stride, rank, "stride")
    dilation = expand(layer.dilation, rank, "dilation")
    reaches = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    pairs = cropped(layer.padding, source[1:], reaches, stride)
    is_plain = all(a == b for a, b in pairs)
    module = kind("ConvTranspose", rank)(
        source[0], layer.out_channels, kernel, stride, tuple(a for a, _ in pairs) if is_plain else 0,
        expand(layer.output_padding, rank, "output_padding"), layer.groups, layer.bias, dilation,
    )  # fmt: skip

    def cut(module, x):
        y = module(x)
        for axis, (a, b) in enumerate(pairs):
            y = y.narrow(2 + axis, a, y.shape[2 + axis] - a - b)
        return y

    return module, called if is_plain else cut


def pooled(op, layer, source, rank):
    slides = layer.slides(source[1:])
    kernel, stride = tuple(s.kernel for s in slides), tuple(s.stride for s in slides)
    is_plain = all(s.before == s.after <= s.kernel // 2 for s in slides)
    options = {"padding": tuple(s.before for s in slides) if is_plain else 0, "ceil_mode": layer.rounding == "ceil"}
    if op == "max_pool":
        module = kind("MaxPool", rank)(kernel, stride, dilation=tuple(s.dilation for s in slides), **options)
    else:
        windows = (kernel[0], stride[0]) if rank == 1 else (kernel, stride)  # as a pool of signals has them
        module = kind("AvgPool", rank)(*windows, count_include_pad=layer.count_include_pad, **options)
    value = float("-inf") if op == "max_pool" else 0.0
    pairs = [(s.before, s.after) for s in slides]
    return module, called if is_plain else lambda module, x: module(fitted(x, pairs, value))


def normalised(op, layer, source, rank):
    channels = source[0]
    if op == "layer_norm":
        return nn.LayerNorm(channels), lambda module, x: module(x.movedim(1, -1)).movedim(-1, 1)
    if op == "group_norm":
        return nn.GroupNorm(layer.groups, channels), called
    if op == "local_response_norm":
        return nn.LocalResponseNorm(layer.size), called
    name = "BatchNorm" if op == "batch_norm" else "InstanceNorm"
    return kind(name, max(1, rank))(channels, affine=True), called


def moved(one, rank):
    """Return the tensor operators of a layer that is no module."""
    op, layer, inputs, shape = one.node.op, one.node.layer, one.inputs, one.shape
    if op in ("add", "multiply", "concat"):
        return lambda _, *xs: joined(op, layer, inputs, xs)
    if op == "slice":
        return lambda _, x: x[:, slice(*layer.channels)]
    if op == "reshape":
        return lambda _, x: x.reshape(len(x), *shape)
    if op == "channel_shuffle":
        return lambda _, x: x.unflatten(1, (layer.groups, -1)).transpose(1, 2).flatten(1)
    if op == "pad":
        return lambda _, x: fitted(x, layer.sides(inputs[0][1:]))
    if op == "crop":
        return lambda _, x: cut_about(x, layer.sides(inputs[0][1:]))
    if op == "pixel_shuffle":
        factors = expand(layer.factor, rank, "factor")
        order = [0, 1, *(axis for i in range(rank) for axis in (2 + rank + i, 2 + i))]
        return lambda _, x: x.unflatten(1, (-1, *factors)).permute(order).reshape(len(x), *shape)
    raise AssertionError(op)


def cut_about(x, pairs):
    for axis, (a, b) in enumerate(pairs):
        x = x.narrow(2 + axis, a, x.shape[2 + axis] - a - b)
    return x


def joined(op, layer, inputs, values):
    if layer.align == "crop":
        values = [cut_about(x, pairs) for x, pairs in zip(values, layer.margins(inputs), strict=True)]
    if layer.align == "stretch":
        sizes = torch.broadcast_shapes(*(x.shape[2:] for x in values))
        values = [x.expand(*x.shape[:2], *sizes) for x in values]
    if op == "concat":
        return torch.cat(values, 1)
    total = values[0]
    for x in values[1:]:
        total = total + x if op == "add" else total * x
    return total
