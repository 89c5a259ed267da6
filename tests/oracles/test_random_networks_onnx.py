"""Random networks against ONNX shape inference: every shape, parameter and multiply-add, and every refusal.

Each layer becomes ONNX nodes whose shapes are inferred in strict mode; its parameters are the initializers.
"""

from math import prod

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from .agreement import BROKEN, Refused, compare_all, evaluated
from .networks import SEED
from .sizes import misfit_rank, padding_of, reaches, rounding_of, starts

BATCH = 2
NETWORKS = 2000
PARTS = 10
OPSETS = [helper.make_opsetid("", 22)]  # the first whose pools drop a window that starts in the right padding

ACTIVATIONS = {
    "relu": ["Relu"], "relu6": ["Clip"], "leaky_relu": ["LeakyRelu"], "elu": ["Elu"], "sigmoid": ["Sigmoid"],
    "tanh": ["Tanh"], "hardswish": ["HardSwish"], "hardsigmoid": ["HardSigmoid"], "gelu": ["Gelu"],
    "softmax": ["Softmax"], "dropout": ["Identity"], "identity": ["Identity"],
}  # fmt: skip


class Value:
    """A tensor of the model: its name and the shape that was inferred for it."""

    def __init__(self, name, shape):
        self.name, self.shape = name, shape


class Model:
    """An ONNX model that grows; the shape of each new node is inferred on its own, and of all of them at the end."""

    def __init__(self, shape):
        self.nodes, self.initializers, self.values = [], [], {}
        self.input = self.value("input", shape)

    def value(self, name, shape):
        self.values[name] = Value(name, shape)
        return self.values[name]

    def constant(self, numbers, kind=np.int64):
        name = f"constant{len(self.nodes)}"
        self.nodes.append(
            helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array(numbers, dtype=kind)))
        )
        return self.nodes[-1]

    def weight(self, *shape):
        name = f"weight{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.zeros(shape, np.float32), name))
        return self.initializers[-1]

    def add(self, op, *operands, **attributes):
        """Append a node and return its output, with the shape that ONNX infers for it."""
        output = f"value{len(self.nodes)}"
        names = [
            one if isinstance(one, str) else one.output[0] if hasattr(one, "output") else one.name for one in operands
        ]
        node = helper.make_node(op, names, [output], **attributes)
        alone = [one for one in operands if hasattr(one, "output")]
        weights = [one for one in operands if isinstance(one, onnx.TensorProto)]
        values = [one for one in operands if isinstance(one, Value)]
        self.nodes.append(node)
        return self.value(output, inferred([*alone, node], values, weights)[output])

    def check(self):
        """Infer the whole model at once; every value must have the shape it had alone."""
        shapes = inferred(self.nodes, [self.input], self.initializers)
        for name, value in self.values.items():
            assert shapes.get(name, value.shape) == value.shape


def inferred(nodes, values, weights):
    inputs = [
        helper.make_tensor_value_info(v.name, TensorProto.FLOAT, v.shape) for v in {v.name: v for v in values}.values()
    ]
    last = helper.make_empty_tensor_value_info(nodes[-1].output[0]) if nodes else inputs[0]
    graph = helper.make_graph(nodes, "g", inputs, [last], initializer=weights)
    model = helper.make_model(graph, opset_imports=OPSETS)
    try:
        model = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except onnx.shape_inference.InferenceError as error:
        raise Refused(str(error)) from error
    found = {}
    for info in [*model.graph.value_info, *model.graph.output]:
        assert info.type.tensor_type.HasField("shape"), f"ONNX infers no shape for {info.name}"
        dims = info.type.tensor_type.shape.dim
        found[info.name] = tuple(dim.dim_value for dim in dims)
        assert all(dim.HasField("dim_value") for dim in dims), f"ONNX infers no size for {info.name}"
    return found


def needs_axes(layer, x):
    rank = len(x.shape) - 2
    if rank == 0 or misfit_rank(layer, rank):
        raise Refused(f"{layer['op']} has another number of axes than the input ({rank})")
    return rank


def window(layer, x, network):
    """Return the attributes of a sliding window, for which ONNX works out the words ``same`` itself."""
    spatial = x.shape[2:]
    attributes = {"kernel_shape": layer["kernel"], "strides": layer["stride"], "dilations": layer["dilation"]}
    if str(layer["padding"]).startswith("same"):
        return attributes | {"auto_pad": "SAME_UPPER" if layer["padding"] == "same" else "SAME_LOWER"}
    pairs, rounding = padding_of(layer, spatial), rounding_of(layer, network)
    for w, reach, s, (a, b) in zip(spatial, reaches(layer), layer["stride"], pairs, strict=True):
        room = w - reach + a + b
        if rounding == "exact" and room % s:
            raise Refused("exact rounding leaves a remainder")
        if room <= (-s if rounding == "ceil" else -1):  # the C++ division of a negative number is not a floor
            raise Refused("the window exceeds the padded input")
    return attributes | {"pads": [a for a, _ in pairs] + [b for _, b in pairs]}


def divides(groups, *channels):
    if any(c % groups for c in channels):
        raise Refused(f"groups ({groups}) must divide {channels}")


def convolution(model, layer, x, network):
    rank, channels = needs_axes(layer, x), x.shape[1]
    attributes = window(layer, x, network)
    if rounding_of(layer, network) == "ceil":  # not ONNX's: a padding layer first, for as many windows as a pool has
        pairs = padding_of(layer, x.shape[2:])
        axes = zip(x.shape[2:], reaches(layer), layer["stride"], pairs, strict=True)
        ends = [(len(starts(w, f, s, a, b, "ceil")) - 1) * s + f - w - a for w, f, s, (a, b) in axes]
        x = model.add("Pad", x, model.constant([0, 0, *(a for a, _ in pairs), 0, 0, *ends]))
        attributes["pads"] = [0] * 2 * rank
    if layer["op"] == "locally_connected":
        return unshared(model, layer, x, attributes)
    groups = channels if layer["op"] == "depthwise" else layer["groups"]
    out = channels * layer["multiplier"] if layer["op"] == "depthwise" else layer["out"]
    weights = [model.weight(out, channels // groups, *layer["kernel"])]
    y = model.add("Conv", x, *weights, *([model.weight(out)] if layer["bias"] else []), group=groups, **attributes)
    divides(groups, channels, out)
    return y, prod(weights[0].dims) * prod(y.shape[2:])


def unshared(model, layer, x, attributes):
    """Each tap by a convolution that only moves it, times a weight of its own at each position, added up."""
    taps = x.shape[1] * prod(layer["kernel"])
    moves = np.eye(taps).reshape(taps, x.shape[1], *layer["kernel"])
    moved_ = model.add("Conv", x, model.constant(moves, np.float32), **attributes)
    y = model.add("Reshape", moved_, model.constant([BATCH, 1, taps, *moved_.shape[2:]]))
    weight = model.weight(layer["out"], taps, *moved_.shape[2:])
    y = model.add("ReduceSum", model.add("Mul", y, weight), model.constant([2]), keepdims=0)
    if layer["bias"]:
        y = model.add("Add", y, model.weight(*y.shape[1:]))
    return y, prod(weight.dims)


def transposed(model, layer, x):
    rank, channels = needs_axes(layer, x), x.shape[1]
    attributes = {"kernel_shape": layer["kernel"], "strides": layer["stride"], "dilations": layer["dilation"]}
    attributes |= {"group": layer["groups"], "output_padding": layer["output_padding"]}
    if str(layer["padding"]).startswith("same"):
        attributes["auto_pad"] = "SAME_UPPER" if layer["padding"] == "same" else "SAME_LOWER"
        if any(reach < s for reach, s in zip(reaches(layer), layer["stride"], strict=True)):
            raise Refused("same needs a kernel at least as long as the stride")
    else:
        pairs = padding_of(layer, x.shape[2:])
        attributes["pads"] = [a for a, _ in pairs] + [b for _, b in pairs]
    if any(more >= max(layer["stride"][i], layer["dilation"][i]) for i, more in enumerate(layer["output_padding"])):
        raise Refused("output_padding must be less than the stride or the dilation")
    weight = model.weight(channels, layer["out"] // layer["groups"], *layer["kernel"])
    y = model.add("ConvTranspose", x, weight, *([model.weight(layer["out"])] if layer["bias"] else []), **attributes)
    if min(y.shape[2:]) > 0:
        divides(layer["groups"], channels, layer["out"])
    assert len(y.shape) == rank + 2
    return y, prod(weight.dims) * prod(x.shape[2:])


def pooled(model, layer, x, network):
    needs_axes(layer, x)
    pairs = padding_of(layer, x.shape[2:])
    if any(max(pair) > reach // 2 for pair, reach in zip(pairs, reaches(layer), strict=True)):
        raise Refused("padding beyond half the window")
    attributes = window(layer, x, network) | {"ceil_mode": int(rounding_of(layer, network) == "ceil")}
    if layer["op"] == "avg_pool":
        return model.add("AveragePool", x, count_include_pad=int(layer["count_include_pad"]), **attributes)
    return model.add("MaxPool", x, **attributes)


def binned(model, layer, x):
    """An adaptive pool whose bins divide the size is an ordinary one; ONNX has no other."""
    needs_axes(layer, x)
    kernel = [w // bins for w, bins in zip(x.shape[2:], layer["size"], strict=True)]
    assert all(k * bins == w for k, bins, w in zip(kernel, layer["size"], x.shape[2:], strict=True))
    op = "MaxPool" if layer["op"] == "adaptive_max_pool" else "AveragePool"
    return model.add(op, x, kernel_shape=kernel, strides=kernel)


def normalised(model, layer, x):
    op, channels = layer["op"], x.shape[1]
    if op == "batch_norm":
        return model.add("BatchNormalization", x, *(model.weight(channels) for _ in range(4)))
    if op == "layer_norm":
        order = [0, *range(2, len(x.shape)), 1]
        y = model.add("Transpose", x, perm=order)
        y = model.add("LayerNormalization", y, model.weight(channels), model.weight(channels), axis=-1)
        return model.add("Transpose", y, perm=[order.index(axis) for axis in range(len(order))])
    if op == "local_response_norm":
        return model.add("LRN", x, size=layer["size"])
    if op == "instance_norm":
        return model.add("InstanceNormalization", x, model.weight(channels), model.weight(channels))
    divides(layer["groups"], channels)
    ones = [model.constant([1] * layer["groups"], np.float32) for _ in range(2)]
    y = model.add("Reshape", x, model.constant([BATCH, layer["groups"], -1]))
    y = model.add("Reshape", model.add("InstanceNormalization", y, *ones), model.constant([BATCH, *x.shape[1:]]))
    return model.add("Add", model.add("Mul", y, each(model, x)), each(model, x))


def each(model, x):
    """Return a new weight of one number a channel."""
    return model.weight(x.shape[1], *[1] * (len(x.shape) - 2))


def resized(model, layer, x):
    op, rank = layer["op"], needs_axes(layer, x)
    if op == "upsample":
        mode = "linear" if layer["mode"] == "bilinear" else "nearest"
        return model.add("Resize", x, "", model.constant([1, 1, *layer["factor"]], np.float32), mode=mode)
    if op == "pixel_shuffle":
        factor, block = layer["factor"], prod(layer["factor"])
        divides(block, x.shape[1])
        if rank == 2 and len(set(factor)) == 1:
            return model.add("DepthToSpace", x, blocksize=factor[0], mode="CRD")
        y = model.add("Reshape", x, model.constant([BATCH, -1, *factor, *x.shape[2:]]))
        y = model.add("Transpose", y, perm=[0, 1, *(axis for i in range(rank) for axis in (2 + rank + i, 2 + i))])
        sizes = [w * f for w, f in zip(x.shape[2:], factor, strict=True)]
        return model.add("Reshape", y, model.constant([BATCH, -1, *sizes]))
    befores, afters = zip(*layer["padding"], strict=True)
    if op == "pad":
        return model.add("Pad", x, model.constant([0, 0, *befores, 0, 0, *afters]))
    ends = [w - b for w, b in zip(x.shape[2:], afters, strict=True)]
    if any(a >= end for a, end in zip(befores, ends, strict=True)):  # a negative end counts from the end again
        raise Refused("crop leaves nothing")
    axes = model.constant(range(2, rank + 2))
    starts_, ends_ = model.constant(befores), model.constant(ends)
    return model.add("Slice", x, starts_, ends_, axes)


def moved(model, layer, x):
    op = layer["op"]
    if op == "silu":
        return model.add("Mul", x, model.add("Sigmoid", x))
    if op == "prelu":
        return model.add("PRelu", x, each(model, x))
    if op == "scale":
        return model.add("Mul", x, each(model, x))
    if op == "flatten":
        return model.add("Flatten", x, axis=1)
    if op == "reshape":
        y = model.add("Reshape", x, model.constant([BATCH, *layer["shape"][:-1], -1]))  # ONNX works the last size out
        if y.shape != (BATCH, *layer["shape"]):
            raise Refused(f"{layer['shape']} has not as many elements as {x.shape[1:]}")
        return y
    if op == "slice":
        if not layer["start"] < layer["stop"] <= x.shape[1]:  # ONNX clamps
            raise Refused("there are no such channels")
        bounds = [model.constant([layer[name]]) for name in ("start", "stop")]
        return model.add("Slice", x, *bounds, model.constant([1]))
    if op == "channel_shuffle":
        divides(layer["groups"], x.shape[1])
        y = model.add("Reshape", x, model.constant([BATCH, layer["groups"], -1, *x.shape[2:]]))
        y = model.add("Transpose", y, perm=[0, 2, 1, *range(3, len(y.shape))])
        return model.add("Reshape", y, model.constant([BATCH, -1, *x.shape[2:]]))
    return model.add(*ACTIVATIONS[op], x)


def computed(model, layer, x, network):
    """Return the layer's output, and its MACs."""
    op = layer["op"]
    if op in ("conv", "depthwise", "locally_connected"):
        return convolution(model, layer, x, network)
    if op == "conv_transpose":
        return transposed(model, layer, x)
    if op == "linear":
        y = model.add("Flatten", x, axis=1)
        weight = model.weight(layer["out"], y.shape[1])
        y = model.add("Gemm", y, weight, *([model.weight(layer["out"])] if layer["bias"] else []), transB=1)
        return y, prod(weight.dims)
    if op in ("max_pool", "avg_pool"):
        return pooled(model, layer, x, network), 0
    if op.startswith("adaptive"):
        return binned(model, layer, x), 0
    if op.startswith("global"):
        needs_axes(layer, x)
        return model.add("GlobalMaxPool" if op == "global_max_pool" else "GlobalAveragePool", x), 0
    if op.endswith("norm"):
        return normalised(model, layer, x), 0
    if op in ("upsample", "pixel_shuffle", "pad", "crop"):
        return resized(model, layer, x), 0
    return moved(model, layer, x), 0


def joined(model, layer, values):
    if len({len(x.shape) for x in values}) > 1:
        raise Refused("operands with unequal numbers of axes")
    if layer["align"] == "crop":
        values = [cut(model, x, values) for x in values]
    if layer["align"] == "stretch":
        sizes = [max(sizes) for sizes in zip(*(v.shape[2:] for v in values), strict=True)]
        values = [model.add("Expand", x, model.constant([1, 1, *sizes])) for x in values]
        if any(v.shape[2:] != (*sizes,) for v in values):
            raise Refused("operands that do not stretch to one size")
    if layer["op"] == "concat":
        return model.add("Concat", *values, axis=1)
    total = values[0]
    for x in values[1:]:
        total = model.add("Add" if layer["op"] == "add" else "Mul", total, x)
    return total


def cut(model, x, values):
    smallest = [min(sizes) for sizes in zip(*(v.shape[2:] for v in values), strict=True)]
    if not smallest:
        return x
    first = [(w - s) // 2 for w, s in zip(x.shape[2:], smallest, strict=True)]
    last = [a + s for a, s in zip(first, smallest, strict=True)]
    return model.add("Slice", x, model.constant(first), model.constant(last), model.constant(range(2, len(x.shape))))


def second_opinion(network):
    """Return ONNX's nodes, or why there are none."""
    model = Model((BATCH, *network["input"]))

    def step(op, compute):
        before = len(model.initializers)
        y, macs = compute()
        sizes = [prod(weight.dims) for weight in model.initializers[before:]]
        learned = 2 if op == "batch_norm" else len(sizes)  # scale and B; the running statistics come after
        return y, sum(sizes[:learned]), sum(sizes[learned:]), macs

    nodes = evaluated(
        network,
        lambda layer, x: step(layer["op"], lambda: computed(model, layer, x, network)),
        lambda layer, values: step(layer["op"], lambda: (joined(model, layer, values), 0)),
        model.input,
        shape_of=lambda y: tuple(y.shape[1:]),
    )
    if not isinstance(nodes, Refused):
        model.check()
    return nodes


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_random_networks_agree_with_onnx_shape_inference(part):
    print(f"CNNCALC_SEED={SEED}")
    found = compare_all(range(part, NETWORKS, PARTS), second_opinion, divisible=True)
    assert 0.6 < found[type(None)] * PARTS / NETWORKS < 0.95, found


@pytest.mark.parametrize("rule", BROKEN)
def test_onnx_notices_a_broken_rule(rule, monkeypatch):
    monkeypatch.setattr(*BROKEN[rule]())
    with pytest.raises(AssertionError, match="CNNCALC_SEED"):
        compare_all(range(NETWORKS), second_opinion, divisible=True)
