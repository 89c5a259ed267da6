"""What is saved for the backward pass is what PyTorch's autograd holds on to, byte for byte, each storage once."""

import gc

import pytest

import cnncalc
from cnncalc.layers import ACTIVATIONS
from cnncalc.liveness import last_uses
from cnncalc.memory.forward import forward
from cnncalc.memory.training import training

torch = pytest.importorskip("torch", reason="the PyTorch oracle needs torch: pip install '.[oracle]'")

from tests.oracles.modules import network  # noqa: E402 - needs torch

pytestmark = pytest.mark.oracle

BATCH = 2
LAYERS = {
    "conv": "3x7x9: [{conv: 4, kernel: 3, padding: 1}]",
    "conv of signals": "3x17: [{conv: 4, kernel: 3, padding: 1, stride: 2}]",
    "conv in 3-D": "3x5x6x7: [{conv: 4, kernel: 3, groups: 1}]",
    "depthwise": "4x7x9: [{depthwise: 3}]",
    "conv_transpose": "3x5x6: [{conv_transpose: 4, kernel: 2, stride: 2}]",
    "linear": "12: [{linear: 5}, {linear: 3}]",
    "linear that flattens": "3x4x5: [{conv: 2}, {linear: 3}]",
    "max_pool": "3x9x10: [{conv: 4}, {max_pool: 2, rounding: floor}, {conv: 2}]",
    "max_pool of signals": "3x16: [{conv: 4}, {max_pool: 2}]",
    "max_pool in 3-D": "3x4x6x8: [{conv: 4}, {max_pool: 2}]",
    "max_pool of the input": "3x8x8: [{max_pool: 2}, {conv: 4}]",
    "avg_pool": "3x8x8: [{conv: 4}, {avg_pool: 2}]",
    "avg_pool in 3-D": "3x4x6x8: [{conv: 4}, {avg_pool: 2}]",
    "adaptive_avg_pool": "3x9x8: [{conv: 4}, {adaptive_avg_pool: 3}]",
    "adaptive_max_pool": "3x9x8: [{conv: 4}, {adaptive_max_pool: 3}]",
    "global_avg_pool": "3x9x8: [{conv: 4}, global_avg_pool, {linear: 2}]",
    "global_max_pool": "3x9x8: [{conv: 4}, global_max_pool, {linear: 2}]",
    "batch_norm": "3x9x8: [{conv: 4, norm: batch_norm, act: relu}, {conv: 4}]",
    "batch_norm of a vector": "12: [{linear: 6}, batch_norm, relu]",
    "layer_norm of a vector": "12: [{linear: 6}, layer_norm]",
    "instance_norm": "3x9x8: [{conv: 4}, instance_norm]",
    "group_norm": "3x9x8: [{conv: 6}, {group_norm: 3}]",
    "local_response_norm": "3x9x8: [{conv: 6}, {local_response_norm: 5}]",
    "scale": "3x9x8: [{conv: 6}, {scale: 1}]",
    "add": "3x9x8: [{conv: 4, name: a}, {add: [[relu], [sigmoid]]}, {conv: 2}]",
    "multiply": "3x9x8: [{conv: 4, name: a}, {multiply: [[], [global_avg_pool, {conv: 4, act: sigmoid}]]}]",
    "multiply of three": "3x9x8: [{conv: 4, name: a}, {multiply: [[relu], [tanh], [sigmoid]]}]",
    "multiply with the input": "3x9x8: [{multiply: [in, [{conv: 3}]]}]",
    "concat": "3x9x8: [{concat: [[{conv: 4}], [{conv: 2}]]}, {conv: 2}]",
    "upsample": "3x4x5: [{conv: 2}, {upsample: 2}, {upsample: 2, mode: bilinear}, {conv: 2}]",
    "pad": "3x4x5: [{conv: 2}, {pad: 1}, {conv: 2}]",
    "pixel_shuffle": "3x4x5: [{conv: 8}, {pixel_shuffle: 2}, {conv: 2}]",
    "channel_shuffle": "3x4x5: [{conv: 8}, {channel_shuffle: 2}, {conv: 2}]",
    "dropout": "12: [{linear: 6}, {dropout: 0.5}, {linear: 3}]",
    "dropout of nothing": "12: [{linear: 6}, {dropout: 0}, {linear: 3}]",
    "flatten and identity": "3x4x5: [{conv: 8}, identity, flatten, {linear: 2}]",
    "nothing learned": "3x8x8: [relu, {max_pool: 2}, tanh]",
    **{act: f"3x4x5: [{{conv: 4, act: {act}}}, {{conv: 2}}]" for act in ACTIVATIONS},
}  # fmt: skip
NETWORKS = {
    "resnet18": "3x64x64", "resnet50": "3x64x64", "mobilenet_v2": "3x64x64", "squeezenet1_0": "3x65x65",
    "googlenet_torchvision": "3x64x64", "alexnet": "3x80x80", "vgg16": "3x32x32", "densenet121": "3x32x32",
    "lenet5": "1x32x32",
}  # fmt: skip


def learner(analysis, monkeypatch):
    """Return the module of an analysis, to be trained."""
    monkeypatch.setattr(  # the mask that a GPU keeps; on the CPU it has the dtype of the tensor
        torch.nn.functional,
        "dropout",
        lambda x, p, training, inplace: torch.native_dropout(x, p, train=True)[0] if p else x,
    )
    module, _ = network(analysis)
    module.train()
    for node, part, _ in module.steps:
        if isinstance(part, torch.nn.Dropout) and node.layer.rate is not None:
            part.p = float(node.layer.rate)
    return module


def held(analysis, monkeypatch):
    """Return the bytes of all storages that autograd holds after a forward pass, those of the weights apart."""
    module = learner(analysis, monkeypatch)
    weights = {one.untyped_storage().data_ptr() for one in (*module.parameters(), *module.buffers())}
    storages = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            storages[storage.data_ptr()] = storage  # held, so that no other gets its address
        return tensor

    images = [torch.randn(BATCH, *shape) for shape in analysis.graph.inputs.values()]
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        output = module(*images)
    assert output is not None
    return sum(storage.nbytes() for storage in storages.values())


def predicted(analysis):
    return training(analysis, "fp32", "sgd").saved


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_saves_what_autograd_holds(name, monkeypatch):
    shape, _, layers = LAYERS[name].partition(": ")
    graph = cnncalc.loads(f"{{cnncalc: 1, input: {shape}, layers: {layers}}}")
    analysis = cnncalc.analyze(graph, batch=BATCH)
    assert predicted(analysis) == held(analysis, monkeypatch)


def alive_at_each_layer(analysis, monkeypatch):
    """Return the bytes of all tensors that there are after each layer, those of the weights apart."""
    gc.collect()
    before = [one for one in gc.get_objects() if issubclass(type(one), torch.Tensor)]
    module = learner(analysis, monkeypatch)
    others = {one.untyped_storage().data_ptr() for one in (*before, *module.parameters(), *module.buffers())}
    values = {name: torch.randn(BATCH, *shape) for name, shape in analysis.graph.inputs.items()}
    gone, read = last_uses(analysis.graph), [path for node in analysis.graph.nodes for path in node.inputs]
    sizes = []
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: tensor, lambda tensor: tensor):
        for node, part, step in module.steps:
            values[node.path] = step(part, *(values[path] for path in node.inputs))
            read = read[len(node.inputs) :]
            there = [one.untyped_storage() for one in gc.get_objects() if issubclass(type(one), torch.Tensor)]
            own = {one.data_ptr(): one.nbytes() for one in there if one.data_ptr() not in others}
            sizes.append(sum(own.values()))
            for path in [*gone.get(node.path, ()), *(set(analysis.graph.inputs) & set(node.inputs) - set(read))]:
                del values[path]
    return sizes


MOMENTS = ("conv", "batch_norm", "max_pool", "add", "concat", "multiply of three", "dropout", "relu", "silu",
           "upsample", "flatten and identity", "instance_norm", "nothing learned", "linear that flattens")  # fmt: skip


@pytest.mark.parametrize("name", MOMENTS)
def test_at_each_layer_of_the_forward_pass_there_is_what_pytorch_has(name, monkeypatch):
    shape, _, layers = LAYERS[name].partition(": ")
    analysis = cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, input: {shape}, layers: {layers}}}"), batch=BATCH)
    told = [once + BATCH * each for once, each in (one.bytes("fp32") for one in forward(analysis).moments)]
    assert told == alive_at_each_layer(analysis, monkeypatch)


@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_0", "lenet5"])
def test_at_each_layer_of_a_network_there_is_what_pytorch_has(name, monkeypatch):
    analysis = cnncalc.analyze(cnncalc.load(f"zoo:{name}", input=NETWORKS[name]), batch=BATCH)
    told = [once + BATCH * each for once, each in (one.bytes("fp32") for one in forward(analysis).moments)]
    assert told == alive_at_each_layer(analysis, monkeypatch)
    assert training(analysis, "fp32", "sgd").peak == max(told)


SLOW = ("resnet50", "mobilenet_v2", "googlenet_torchvision", "vgg16", "densenet121")


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in NETWORKS])
def test_a_network_saves_what_autograd_holds(name, monkeypatch):
    analysis = cnncalc.analyze(cnncalc.load(f"zoo:{name}", input=NETWORKS[name]), batch=BATCH)
    assert predicted(analysis) == held(analysis, monkeypatch)


@pytest.mark.parametrize("act", ["leaky_relu", "elu"])
def test_an_activation_written_in_place_saves_its_output_alone(act):
    analysis = cnncalc.analyze(
        cnncalc.loads(f"{{cnncalc: 1, input: 3x4x5, layers: [{{conv: 4, act: {act}}}, {{conv: 2}}]}}"), batch=BATCH
    )
    function = {"leaky_relu": torch.nn.LeakyReLU(inplace=True), "elu": torch.nn.ELU(inplace=True)}[act]
    first, second = torch.nn.Conv2d(3, 4, 1), torch.nn.Conv2d(4, 2, 1)
    storages = {}

    def pack(tensor):
        storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        second(function(first(torch.randn(BATCH, 3, 4, 5))))
    for one in (*first.parameters(), *second.parameters()):
        storages.pop(one.untyped_storage().data_ptr(), None)
    in_place = training(analysis, "fp32", "sgd", in_place=True)
    assert in_place.saved == sum(storage.nbytes() for storage in storages.values()) < predicted(analysis)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "optimizer"), [("sgd", {}), ("momentum", {"momentum": 0.9}), ("adam", None)])
def test_an_optimizer_keeps_what_pytorch_s_does(name, optimizer):
    analysis = cnncalc.analyze(cnncalc.load("zoo:lenet5"))
    module, images = network(analysis)
    kind = torch.optim.Adam if optimizer is None else torch.optim.SGD
    step = kind(module.parameters(), lr=0.1, **(optimizer or {}))
    module(*images).sum().backward()
    step.step()
    state = [value for one in step.state.values() for value in one.values() if torch.is_tensor(value) and value.dim()]
    found = training(analysis, "fp32", name)
    assert found.state == sum(4 * value.numel() for value in state)
    assert found.gradients == sum(4 * one.grad.numel() for one in module.parameters())
