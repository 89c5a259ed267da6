"""The fast kernels against ONNX Runtime, one small model for each random setting."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from cnncalc.execute.dispatch import Meter, kernel
from cnncalc.layers import layer_class

from .cases import SEED, Case, Settings, close

onnxruntime = pytest.importorskip("onnxruntime")

HOW_MANY = 60
OPSETS = [helper.make_opsetid("", 22)]
SHAPES = [(6, 5), (6, 5, 4), (4, 3, 5, 6)]


def evaluated(nodes, inputs, constants):
    """Return the output ``y`` of a model with these nodes, for inputs by name."""
    initializers = [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()]
    declared = [helper.make_tensor_value_info(name, TensorProto.FLOAT, value.shape) for name, value in inputs.items()]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "one", declared, [output], initializers)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=10).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run(["y"], inputs)[0]


def single(case, op, *, tensors=(), **attributes):
    """Return the output of one ONNX node for a case; ``tensors`` are the names of those it takes, in order."""
    names = [name for name in tensors if name in case.tensors]
    node = helper.make_node(op, ["x", *names], ["y"], **attributes)
    return evaluated([node], {"x": case.source}, {name: case.tensors[name] for name in names})


def pads(slides):
    return [slide.before for slide in slides] + [slide.after for slide in slides]


def windows(slides):
    return {
        "kernel_shape": [slide.kernel for slide in slides],
        "strides": [slide.stride for slide in slides],
        "pads": pads(slides),
    }


def dilations(slides):
    return {"dilations": [slide.dilation for slide in slides]}


def by_onnx(op, case):
    layer, slides = case.layer, case.layer.slides(case.shape[1:])
    match op:
        case "conv" | "depthwise":
            _, groups = layer.channels(case.shape[0])
            shape = windows(slides) | dilations(slides)
            return single(case, "Conv", tensors=("weight", "bias"), group=groups, **shape)
        case "locally_connected":
            return unshared(case, windows(slides) | dilations(slides))
        case "conv_transpose":
            extra = layer.output_padding
            extra = [extra] * len(slides) if isinstance(extra, int) else list(extra)
            shape = windows(slides) | dilations(slides)
            return single(
                case, "ConvTranspose", tensors=("weight", "bias"), group=layer.groups, output_padding=extra, **shape
            )
        case "max_pool":
            return single(case, "MaxPool", **windows(slides), **dilations(slides))
        case "avg_pool":
            return single(case, "AveragePool", **windows(slides), count_include_pad=int(layer.count_include_pad))
    return single(case, {"global_avg_pool": "GlobalAveragePool", "global_max_pool": "GlobalMaxPool"}[op])


def unshared(case, shape):
    """Return each tap, brought to where it is read by a convolution of ones, times its own weights, added up."""
    out, channels = case.output_shape[0], case.shape[0]
    weight = case.tensors["weight"]  # (*positions, out, in, *kernel) to (out, in * kernel, *positions)
    rank = weight.ndim // 2 - 1
    weight = np.moveaxis(weight.reshape(*weight.shape[: rank + 1], -1), (rank, rank + 1), (0, 1))
    taps = weight.shape[1]
    constants = {
        "moves": np.eye(taps, dtype=np.float32).reshape(taps, channels, *shape["kernel_shape"]),
        "apart": np.array([0, 1, taps, *case.output_shape[1:]]),
        "weight": weight,
        "axis": np.array([2]),
        "bias": case.tensors.get("bias", np.zeros((out, *case.output_shape[1:]), np.float32)),
    }
    nodes = [
        helper.make_node("Conv", ["x", "moves"], ["taps"], **shape),
        helper.make_node("Reshape", ["taps", "apart"], ["each"]),
        helper.make_node("Mul", ["each", "weight"], ["products"]),
        helper.make_node("ReduceSum", ["products", "axis"], ["sums"], keepdims=0),
        helper.make_node("Add", ["sums", "bias"], ["y"]),
    ]
    return evaluated(nodes, {"x": case.source}, constants)


def expressible(op, case):
    """Return whether ONNX Runtime takes this setting; the loops and PyTorch speak for the others."""
    slides = case.layer.slides(case.shape[1:])
    if op == "conv_transpose":  # its output_padding must be less than the stride, whatever the dilation
        sizes = [(n - 1) * s.stride + s.reach - s.before - s.after for n, s in zip(case.shape[1:], slides, strict=True)]
        return all(s.size - size < s.stride for s, size in zip(slides, sizes, strict=True))
    if op == "max_pool" and any(max(s.before, s.after) >= s.kernel for s in slides):  # it forgets the dilation
        return False
    return getattr(case.layer, "rounding", "floor") != "ceil"


@pytest.mark.parametrize(
    "op",
    [
        "conv", "depthwise", "locally_connected", "conv_transpose", "max_pool", "avg_pool", "global_avg_pool",
        "global_max_pool",
    ],
)  # fmt: skip
def test_windows_agree_with_onnx_runtime(op):
    print(f"CNNCALC_SEED={SEED}")
    settings = Settings(f"{SEED} onnx {op}", most=100_000, dtypes=[np.float32])
    done = 0
    while done < HOW_MANY:
        case = settings.case([op])
        if not expressible(op, case):
            continue
        found = case.fast()
        if op == "max_pool":  # dilated windows may step over all that is real: -inf here, the lowest number there
            found = np.maximum(found, np.finfo(np.float32).min)
        close(found, by_onnx(op, case), case.dtype, case)
        done += 1


SIMPLE = [
    ("act", {"function": "relu"}, "Relu", {}, ()),
    ("act", {"function": "leaky_relu"}, "LeakyRelu", {"alpha": 0.01}, ()),
    ("act", {"function": "elu"}, "Elu", {"alpha": 1.0}, ()),
    ("act", {"function": "sigmoid"}, "Sigmoid", {}, ()),
    ("act", {"function": "tanh"}, "Tanh", {}, ()),
    ("act", {"function": "hardswish"}, "HardSwish", {}, ()),
    ("act", {"function": "hardsigmoid"}, "HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}, ()),
    ("act", {"function": "gelu"}, "Gelu", {"approximate": "none"}, ()),
    ("act", {"function": "softmax"}, "Softmax", {"axis": 1}, ()),
    ("batch_norm", {}, "BatchNormalization", {"epsilon": 1e-5}, ("weight", "bias", "running_mean", "running_var")),
    ("instance_norm", {}, "InstanceNormalization", {"epsilon": 1e-5}, ("weight", "bias")),
    ("group_norm", {"groups": 2}, "GroupNormalization", {"num_groups": 2, "epsilon": 1e-5}, ("weight", "bias")),
    ("flatten", {}, "Flatten", {"axis": 1}, ()),
    ("identity", {}, "Identity", {}, ()),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("op", "options", "name", "attributes", "tensors"), SIMPLE)
def test_layers_without_windows_agree_with_onnx_runtime(op, options, name, attributes, tensors, shape):
    case = Case(layer_class(op)(**options), shape, 2, SEED, np.float32)
    case.source *= 3
    close(case.fast(), single(case, name, tensors=tensors, **attributes), np.float32)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_local_response_norm_agrees_with_onnx_runtime(size):
    case = Case(layer_class("local_response_norm")(size=size), (7, 5, 4), 2, SEED, np.float32)
    case.source *= 100
    close(case.fast(), single(case, "LRN", size=size, alpha=1e-4, beta=0.75, bias=1.0), np.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_layer_norm_over_the_channels_agrees_with_onnx_runtime(shape):
    case = Case(layer_class("layer_norm")(), shape, 2, SEED, np.float32)
    order = [0, *range(2, len(shape) + 1), 1]
    nodes = [
        helper.make_node("Transpose", ["x"], ["last"], perm=order),
        helper.make_node("LayerNormalization", ["last", "weight", "bias"], ["normed"], axis=-1, epsilon=1e-5),
        helper.make_node("Transpose", ["normed"], ["y"], perm=np.argsort(order).tolist()),
    ]
    close(case.fast(), evaluated(nodes, {"x": case.source}, case.tensors), np.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_prelu_agrees_with_onnx_runtime(shape):
    case = Case(layer_class("act")(function="prelu"), shape, 2, SEED, np.float32)
    slopes = case.tensors["weight"].reshape(-1, *(1,) * (len(shape) - 1))
    node = helper.make_node("PRelu", ["x", "slopes"], ["y"])
    close(case.fast(), evaluated([node], {"x": case.source}, {"slopes": slopes}), np.float32)


def test_relu6_agrees_with_onnx_runtime():
    case = Case(layer_class("act")(function="relu6"), (6, 5, 4), 2, SEED, np.float32)
    case.source *= 5
    node = helper.make_node("Clip", ["x", "low", "high"], ["y"])
    bounds = {"low": np.float32(0), "high": np.float32(6)}
    close(case.fast(), evaluated([node], {"x": case.source}, bounds), np.float32)


def test_silu_agrees_with_onnx_runtime():
    case = Case(layer_class("act")(function="silu"), (6, 5, 4), 2, SEED, np.float32)
    nodes = [helper.make_node("Sigmoid", ["x"], ["gate"]), helper.make_node("Mul", ["x", "gate"], ["y"])]
    close(case.fast(), evaluated(nodes, {"x": case.source}, {}), np.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_linear_agrees_with_onnx_runtime(shape):
    case = Case(layer_class("linear")(out_features=7), shape, 2, SEED, np.float32)
    nodes = [
        helper.make_node("Flatten", ["x"], ["rows"]),
        helper.make_node("Gemm", ["rows", "weight", "bias"], ["y"], transB=1),
    ]
    close(case.fast(), evaluated(nodes, {"x": case.source}, case.tensors), np.float32)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize(("shape", "factor"), [((3, 5), (3,)), ((3, 5, 4), (2, 3)), ((3, 5, 4), (1, 4))])
def test_upsample_agrees_with_onnx_runtime(shape, factor, mode):
    case = Case(layer_class("upsample")(factor=factor, mode=mode), shape, 2, SEED, np.float32)
    settings = (
        {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        if mode == "nearest"
        else {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    )
    node = helper.make_node("Resize", ["x", "", "scales"], ["y"], **settings)
    scales = np.array([1, 1, *factor], np.float32)
    close(case.fast(), evaluated([node], {"x": case.source}, {"scales": scales}), np.float32)


def test_pad_agrees_with_onnx_runtime():
    case = Case(layer_class("pad")(padding=((1, 0), (2, 3))), (3, 5, 4), 2, SEED, np.float32)
    node = helper.make_node("Pad", ["x", "pads"], ["y"])
    amounts = np.array([0, 0, 1, 2, 0, 0, 0, 3], np.int64)
    close(case.fast(), evaluated([node], {"x": case.source}, {"pads": amounts}), np.float32)


def test_pixel_shuffle_agrees_with_onnx_runtime():
    case = Case(layer_class("pixel_shuffle")(factor=3), (18, 5, 4), 3, SEED, np.float32)
    close(case.fast(), single(case, "DepthToSpace", blocksize=3, mode="CRD"), np.float32)


def test_slice_agrees_with_onnx_runtime():
    case = Case(layer_class("slice")(channels=(1, 4)), (6, 5, 4), 2, SEED, np.float32)
    node = helper.make_node("Slice", ["x", "start", "stop", "axis"], ["y"])
    parts = {"start": np.array([1]), "stop": np.array([4]), "axis": np.array([1])}
    close(case.fast(), evaluated([node], {"x": case.source}, parts), np.float32)


@pytest.mark.parametrize(("op", "name"), [("add", "Add"), ("multiply", "Mul")])
@pytest.mark.parametrize("gate", [(6, 5, 4), (6, 1, 1), (1, 5, 4)])
def test_joins_agree_with_onnx_runtime(op, name, gate):
    left = Case(layer_class("identity")(), (6, 5, 4), 2, SEED, np.float32).source
    right = Case(layer_class("identity")(), gate, 2, SEED + 1, np.float32).source
    expected = evaluated([helper.make_node(name, ["x", "other"], ["y"])], {"x": left, "other": right}, {})
    close(kernel(layer_class(op)(), [left, right], {}, Meter()), expected, np.float32)
    close(kernel(layer_class(op)(), [right, left], {}, Meter()), expected, np.float32)


def test_concat_agrees_with_onnx_runtime():
    left = Case(layer_class("identity")(), (6, 5, 4), 2, SEED, np.float32).source
    right = Case(layer_class("identity")(), (3, 5, 4), 2, SEED + 1, np.float32).source
    expected = evaluated([helper.make_node("Concat", ["x", "other"], ["y"], axis=1)], {"x": left, "other": right}, {})
    close(kernel(layer_class("concat")(), [left, right], {}, Meter()), expected, np.float32)
