"""The executor against PyTorch eager, ONNX Runtime and onnx.reference: one sample of 224, float32, the same weights.

All on two threads, in turn, in one process; the outputs are compared. Also the matrix products that VGG-16 makes as a
share of what one large product reaches on this machine (pip install torch onnx onnxruntime).
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # or the threads of one library spin while another runs

import statistics
import sys
import time

import numpy as np

import cnncalc
from cnncalc.execute.run import execute
from cnncalc.execute.tensors import initial
from cnncalc.execute.verify import random_inputs

NETWORKS = ("resnet50", "vgg16", "mobilenet_v2")
ROUNDS = 7


def timed(functions, rounds=ROUNDS):
    """Return the median time of each function, in milliseconds, the functions called in turn."""
    times = {name: [] for name in functions}
    for _ in range(2):
        for function in functions.values():
            function()
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return {name: 1e3 * statistics.median(taken) for name, taken in times.items()}


def in_torch(graph, tensors, x):
    """Return a function that runs a graph in PyTorch, layer by layer, as eager code would."""
    import torch
    import torch.nn.functional as F  # noqa: N812 - its usual name

    torch.set_num_threads(2)
    held = {path: torch.from_numpy(array) for path, array in tensors.items()}
    source = torch.from_numpy(x)

    def step(node, inputs):
        layer, own = node.layer, lambda name: held.get(f"{node.weights}.{name}")
        match node.op:
            case "conv" | "depthwise":
                slide = layer.slides(tuple(inputs[0].shape[2:]))
                groups = inputs[0].shape[1] // own("weight").shape[1]
                pads = [one.before for one in slide]
                return F.conv2d(inputs[0], own("weight"), own("bias"), slide[0].stride, pads, slide[0].dilation, groups)
            case "batch_norm":
                stats = own("running_mean"), own("running_var"), own("weight"), own("bias")
                return F.batch_norm(inputs[0], *stats, False, 0.0, 1e-5)
            case "relu":
                return F.relu(inputs[0])
            case "relu6":
                return F.relu6(inputs[0])
            case "max_pool":
                slide = layer.slides(tuple(inputs[0].shape[2:]))[0]
                return F.max_pool2d(inputs[0], slide.kernel, slide.stride, slide.before)
            case "global_avg_pool":
                return F.adaptive_avg_pool2d(inputs[0], 1)
            case "adaptive_avg_pool":
                return F.adaptive_avg_pool2d(inputs[0], layer.sizes(2))
            case "linear":
                return F.linear(inputs[0].flatten(1), own("weight"), own("bias"))
            case "add":
                return inputs[0] + inputs[1]
            case "dropout" | "flatten" | "identity":
                return inputs[0] if node.op != "flatten" else inputs[0].flatten(1)
        raise NotImplementedError(node.op)

    def run():
        with torch.inference_mode():
            values = {"input": source}
            for node in graph.nodes:
                values[node.path] = step(node, [values[path] for path in node.inputs])
        return values[graph.outputs[0]].numpy()

    return run


def as_onnx(graph, analysis, tensors, x):
    """Return a graph as an ONNX model."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights = [], [numpy_helper.from_array(array, path) for path, array in tensors.items()]
    for one in analysis.facts:
        node, layer = one.node, one.node.layer
        own = lambda *names, node=node: [f"{node.weights}.{n}" for n in names if f"{node.weights}.{n}" in tensors]  # noqa: E731
        inputs, output = list(node.inputs), [node.path]
        match node.op:
            case "conv" | "depthwise":
                slides = layer.slides(one.inputs[0][1:])
                pads = [s.before for s in slides] + [s.after for s in slides]
                groups = one.inputs[0][0] // one.parameters["weight"][1]
                made = helper.make_node("Conv", inputs + own("weight", "bias"), output, strides=[s.stride for s in slides],
                                        pads=pads, dilations=[s.dilation for s in slides], group=groups)  # fmt: skip
            case "batch_norm":
                names = own("weight", "bias", "running_mean", "running_var")
                made = helper.make_node("BatchNormalization", inputs + names, output, epsilon=1e-5)
            case "relu":
                made = helper.make_node("Relu", inputs, output)
            case "relu6":
                bounds = [numpy_helper.from_array(np.float32(v), f"{node.path}.{v}") for v in (0, 6)]
                weights += bounds
                made = helper.make_node("Clip", inputs + [bound.name for bound in bounds], output)
            case "max_pool":
                slides = layer.slides(one.inputs[0][1:])
                pads = [s.before for s in slides] + [s.after for s in slides]
                made = helper.make_node("MaxPool", inputs, output, kernel_shape=[s.kernel for s in slides],
                                        strides=[s.stride for s in slides], pads=pads)  # fmt: skip
            case "global_avg_pool":
                made = helper.make_node("GlobalAveragePool", inputs, output)
            case "linear":
                nodes.append(helper.make_node("Flatten", inputs, [f"{node.path}.flat"]))
                made = helper.make_node("Gemm", [f"{node.path}.flat", *own("weight", "bias")], output, transB=1)
            case "add":
                made = helper.make_node("Add", inputs, output)
            case "dropout" | "identity" | "adaptive_avg_pool":  # of a size that is there already
                assert one.shape == one.inputs[0]
                made = helper.make_node("Identity", inputs, output)
            case "flatten":
                made = helper.make_node("Flatten", inputs, output)
            case _:
                raise NotImplementedError(node.op)
        nodes.append(made)
    ends = [helper.make_tensor_value_info("input", TensorProto.FLOAT, x.shape),
            helper.make_tensor_value_info(graph.outputs[0], TensorProto.FLOAT, [1, *analysis.facts[-1].shape])]  # fmt: skip
    made = helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def sgemm_rate():
    """Return how many multiply-accumulates a second one large product reaches."""
    a, b = (np.random.default_rng(0).random((2048, 2048), dtype=np.float32) for _ in range(2))
    taken = timed({"sgemm": lambda: a @ b})["sgemm"]
    return 2048**3 / (taken / 1e3)


def main(names):
    import onnxruntime
    from onnx.reference import ReferenceEvaluator

    rate = sgemm_rate()
    print(f"sgemm reaches {rate / 1e9:.1f} GMAC/s")
    for name in names:
        graph = cnncalc.load(f"zoo:{name}")
        analysis = cnncalc.analyze(graph)
        tensors, x = initial(analysis), random_inputs(analysis, 0)["input"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = as_onnx(graph, analysis, tensors, x)
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        ours = lambda: execute(graph, {"input": x}, tensors).outputs[graph.outputs[0]]  # noqa: B023, E731
        functions = {
            "cnncalc": ours,
            "PyTorch eager": in_torch(graph, tensors, x),
            "ONNX Runtime": lambda: session.run(None, {"input": x})[0],  # noqa: B023
        }
        wanted = functions["PyTorch eager"]()
        for other, function in functions.items():
            assert np.allclose(function(), wanted, rtol=1e-3, atol=1e-3 * np.abs(wanted).max()), other
        times = timed(functions)
        if name == "resnet50":
            reference = ReferenceEvaluator(model)
            start = time.perf_counter()
            assert np.allclose(
                reference.run(None, {"input": x})[0], wanted, rtol=1e-3, atol=1e-3 * np.abs(wanted).max()
            )
            times["onnx.reference"] = 1e3 * (time.perf_counter() - start)
        share = analysis.totals.macs / (times["cnncalc"] / 1e3) / rate
        print(f"{name}: cnncalc {times['cnncalc']:.0f} ms, {share:.0%} of the sgemm rate; "
              + ", ".join(f"{times['cnncalc'] / t:.2f} times {other} ({t:.0f} ms)" for other, t in times.items()
                          if other != "cnncalc"), flush=True)  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:] or NETWORKS)
