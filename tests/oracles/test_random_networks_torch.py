"""Random networks against PyTorch: every shape, parameter, buffer and multiply-add, and every refusal."""

from math import prod

import pytest

from .agreement import BROKEN, Refused, compare_all, evaluated
from .networks import SEED
from .sizes import misfit_rank, padding_of, reaches, rounding_of, starts

torch = pytest.importorskip("torch", reason="the PyTorch oracle needs torch: pip install '.[oracle]'")
nn, functional = torch.nn, torch.nn.functional

pytestmark = pytest.mark.oracle

BATCH = 2
NETWORKS = 2000
PARTS = 10

ACTIVATIONS = {
    "relu": nn.ReLU, "relu6": nn.ReLU6, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh, "silu": nn.SiLU, "hardswish": nn.Hardswish, "hardsigmoid": nn.Hardsigmoid, "gelu": nn.GELU,
    "softmax": lambda: nn.Softmax(dim=1), "dropout": nn.Dropout, "identity": nn.Identity,
}  # fmt: skip


def kind(name, rank):
    return getattr(nn, f"{name}{rank}d")


def pads(pairs):
    """Return pairs of padding as functional.pad wants them: the last axis first."""
    return [amount for pair in reversed(pairs) for amount in pair]


def needs_axes(layer, x):
    rank = x.dim() - 2
    if rank == 0 or misfit_rank(layer, rank):
        raise Refused(f"{layer['op']} has another number of axes than the input ({rank})")
    return rank


def must_be_whole(layer, spatial, pairs):
    for w, reach, s, (a, b) in zip(spatial, reaches(layer), layer["stride"], pairs, strict=True):
        if (w - reach + a + b) % s:
            raise Refused("exact rounding leaves a remainder")


def fixed(layer, x, network):
    """Return how many axes and channels there are, and the padding with which a convolution that floors is this one."""
    rank, channels, spatial = needs_axes(layer, x), x.shape[1], x.shape[2:]
    pairs, rounding = padding_of(layer, spatial), rounding_of(layer, network)
    if rounding == "exact":
        must_be_whole(layer, spatial, pairs)
    if rounding == "ceil":  # not PyTorch's: as many windows as its pools have, on just enough padding
        axes = zip(spatial, reaches(layer), layer["stride"], pairs, strict=True)
        pairs = [(a, (len(starts(w, f, s, a, b, "ceil")) - 1) * s + f - w - a) for w, f, s, (a, b) in axes]
    return rank, channels, pairs


def convolution(layer, x, network):
    rank, channels, pairs = fixed(layer, x, network)
    groups = channels if layer["op"] == "depthwise" else layer["groups"]
    out = channels * layer["multiplier"] if layer["op"] == "depthwise" else layer["out"]
    symmetric = all(a == b for a, b in pairs)
    module = kind("Conv", rank)(
        channels, out, layer["kernel"], layer["stride"], tuple(a for a, _ in pairs) if symmetric else 0,
        layer["dilation"], groups, layer["bias"],
    )  # fmt: skip
    return module, x if symmetric else fitted(x, pairs)


def unshared(layer, x, network):
    """Return the tensors and the output of a convolution whose kernels and biases are those of a position."""
    rank, _, pairs = fixed(layer, x, network)
    if any(w + a + b < reach for w, reach, (a, b) in zip(x.shape[2:], reaches(layer), pairs, strict=True)):
        raise Refused("the window exceeds the padded input")
    windows = fitted(x, pairs)
    for axis, reach in enumerate(reaches(layer), start=2):
        windows = windows.unfold(axis, reach, layer["stride"][axis - 2])[..., :: layer["dilation"][axis - 2]]
    sizes = windows.shape[2 : 2 + rank]
    windows = windows.movedim((0, 1), (rank, rank + 1)).flatten(rank + 1).flatten(0, rank - 1)
    weight = torch.zeros(len(windows), windows.shape[2], layer["out"])  # (positions, in * taps, out)
    y = torch.bmm(windows, weight).permute(1, 2, 0).unflatten(2, sizes)
    bias = [torch.zeros(y.shape[1:])] if layer["bias"] else []
    return nn.ParameterList([weight, *bias]), sum(bias, start=y)


def fitted(x, pairs):
    """Return a tensor with padding around it, less than none where a pair says so."""
    x = functional.pad(x, pads([(a, max(0, b)) for a, b in pairs]))
    for axis, (_, b) in enumerate(pairs):
        x = x.narrow(2 + axis, 0, x.shape[2 + axis] + min(0, b))
    return x


def transposed(layer, x):
    rank, channels, spatial = needs_axes(layer, x), x.shape[1], x.shape[2:]
    pairs = padding_of(layer, spatial)
    if min(a for pair in pairs for a in pair) < 0:
        raise Refused("same needs a kernel at least as long as the stride")
    symmetric = all(a == b for a, b in pairs)
    module = kind("ConvTranspose", rank)(
        channels, layer["out"], layer["kernel"], layer["stride"], tuple(a for a, _ in pairs) if symmetric else 0,
        layer["output_padding"], layer["groups"], layer["bias"], layer["dilation"],
    )  # fmt: skip
    y = module(x)
    for axis, (a, b) in enumerate([] if symmetric else pairs):
        y = y.narrow(2 + axis, a, y.shape[2 + axis] - a - b)
    return module, y


def pooled(layer, x, network):
    rank, spatial = needs_axes(layer, x), x.shape[2:]
    pairs, rounding = padding_of(layer, spatial), rounding_of(layer, network)
    if rounding == "exact":
        must_be_whole(layer, spatial, pairs)
    if any(max(pair) > reach // 2 for pair, reach in zip(pairs, reaches(layer), strict=True)):
        raise Refused("padding beyond half the window")
    # PyTorch's own limit is half the kernel, dilation or not; between the two it is given the padding as a layer
    symmetric = all(a == b <= k // 2 for (a, b), k in zip(pairs, layer["kernel"], strict=True))
    options = {"padding": tuple(a for a, _ in pairs) if symmetric else 0, "ceil_mode": rounding == "ceil"}
    tiny = rank == 3 and any(w < k for w, k in zip(spatial, layer["kernel"], strict=True))  # AvgPool3d alone refuses
    if layer["op"] == "max_pool" or tiny:
        module = kind("MaxPool", rank)(layer["kernel"], layer["stride"], dilation=layer["dilation"], **options)
    else:
        module = kind("AvgPool", rank)(
            layer["kernel"], layer["stride"], count_include_pad=layer["count_include_pad"], **options
        )
    y = module(x if symmetric else functional.pad(x, pads(pairs)))
    if not symmetric and rounding == "ceil":  # PyTorch saw one large input: a window in its right padding goes
        for axis, (a, _) in enumerate(pairs):
            n, s = y.shape[2 + axis], layer["stride"][axis]
            y = y.narrow(2 + axis, 0, n - 1 if (n - 1) * s >= spatial[axis] + a else n)
    return module, y


def upsampled(layer, x):
    rank = needs_axes(layer, x)
    mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[rank] if layer["mode"] == "bilinear" else "nearest"
    return nn.Identity(), functional.interpolate(x, scale_factor=tuple(map(float, layer["factor"])), mode=mode)


def pixels_shuffled(layer, x):
    rank, factor = needs_axes(layer, x), layer["factor"]
    if rank == 2 and len(set(factor)) == 1:
        return nn.Identity(), nn.PixelShuffle(factor[0])(x)
    y = x.unflatten(1, (-1, *factor))
    order = [0, 1, *(axis for i in range(rank) for axis in (2 + rank + i, 2 + i))]
    sizes = [w * f for w, f in zip(x.shape[2:], factor, strict=True)]
    return nn.Identity(), y.permute(order).reshape(BATCH, -1, *sizes)


def normalised(layer, x):
    op, channels, rank = layer["op"], x.shape[1], x.dim() - 2
    if op == "batch_norm":
        module = kind("BatchNorm", max(1, rank))(channels).eval()
        return module, module(x)
    if op == "layer_norm":
        module = nn.LayerNorm(channels)
        return module, module(x.movedim(1, -1)).movedim(-1, 1)
    if op == "group_norm":
        module = nn.GroupNorm(layer["groups"], channels)
        return module, module(x)
    if op == "local_response_norm":
        return nn.Identity(), nn.LocalResponseNorm(layer["size"])(x) if rank else x
    module = kind("InstanceNorm", max(1, rank))(channels, affine=True)
    return module, module(x) if prod(x.shape[2:]) > 1 else x  # one position has no variance, says PyTorch in training


def computed(layer, x, network):
    """Return a module with the layer's tensors, and the layer's output."""
    op = layer["op"]
    if op in ("conv", "depthwise"):
        module, padded = convolution(layer, x, network)
        return module, module(padded)
    if op == "locally_connected":
        return unshared(layer, x, network)
    if op == "conv_transpose":
        return transposed(layer, x)
    if op in ("max_pool", "avg_pool"):
        return pooled(layer, x, network)
    if op == "linear":
        module = nn.Linear(x[0].numel(), layer["out"], layer["bias"])
        return module, module(x.flatten(1))
    if op.startswith(("adaptive", "global")):
        rank = needs_axes(layer, x)
        name = "AdaptiveMaxPool" if op.endswith("max_pool") else "AdaptiveAvgPool"
        return nn.Identity(), kind(name, rank)(layer.get("size", (1,) * rank))(x)
    if op.endswith("norm"):
        return normalised(layer, x)
    if op == "prelu":
        module = nn.PReLU(x.shape[1])
        return module, module(x)
    if op == "scale":
        module = nn.ParameterList([torch.full((x.shape[1],), 0.1)])
        return module, (x.movedim(1, -1) * module[0]).movedim(-1, 1)
    if op == "upsample":
        return upsampled(layer, x)
    if op == "pixel_shuffle":
        return pixels_shuffled(layer, x)
    return nn.Identity(), moved(layer, x)


def moved(layer, x):
    op = layer["op"]
    if op in ACTIVATIONS:
        return ACTIVATIONS[op]().eval()(x)
    if op == "pad":
        needs_axes(layer, x)
        return functional.pad(x, pads(layer["padding"]))
    if op == "crop":
        needs_axes(layer, x)
        for axis, (a, b) in enumerate(layer["padding"]):
            x = x.narrow(2 + axis, a, x.shape[2 + axis] - a - b)
        return x
    if op == "channel_shuffle":
        return functional.channel_shuffle(x, layer["groups"]) if x.dim() > 2 else shuffled_vector(layer, x)
    if op == "slice":
        return x.narrow(1, layer["start"], layer["stop"] - layer["start"])
    if op == "reshape":
        return x.reshape(BATCH, *layer["shape"])
    return {"flatten": lambda: x.flatten(1)}[op]()


def shuffled_vector(layer, x):
    return x.unflatten(1, (layer["groups"], -1)).transpose(1, 2).flatten(1)


def joined(layer, values):
    if len({x.dim() for x in values}) > 1:
        raise Refused("operands with unequal numbers of axes")
    if layer["align"] == "crop":
        for axis in range(2, values[0].dim()):
            size = min(x.shape[axis] for x in values)
            values = [x.narrow(axis, (x.shape[axis] - size) // 2, size) for x in values]
    if layer["align"] == "stretch":
        sizes = torch.broadcast_shapes(*(x.shape[2:] for x in values))
        values = [x.expand(*x.shape[:2], *sizes) for x in values]
    if layer["op"] == "concat":
        return torch.cat(values, 1)
    total = values[0]
    for x in values[1:]:
        total = total + x if layer["op"] == "add" else total * x
    return total


def second_opinion(network):
    """Return PyTorch's nodes, or why there are none."""
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)

    def step(compute):
        before = counter.get_total_flops()
        try:
            module, y = compute()
        except (RuntimeError, ValueError) as error:
            raise Refused(str(error)) from error
        params = sum(p.numel() for p in module.parameters())
        buffers = sum(b.numel() for b in module.buffers() if b.dim())  # num_batches_tracked is a counter
        flops = counter.get_total_flops() - before
        return y, params, buffers, flops // (2 * BATCH)

    with torch.no_grad(), counter:
        return evaluated(
            network,
            lambda layer, x: step(lambda: computed(layer, x, network)),
            lambda layer, values: step(lambda: (nn.Identity(), joined(layer, values))),
            torch.zeros(BATCH, *network["input"]),
            shape_of=lambda y: tuple(y.shape[1:]),
        )


@pytest.fixture(scope="module", autouse=True)
def _plain_kernels():
    """One thread, and PyTorch's own kernels: oneDNN's depthwise convolution crashes on paddings beyond the kernel."""
    threads, onednn = torch.get_num_threads(), torch.backends.mkldnn.enabled
    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False
    yield
    torch.set_num_threads(threads)
    torch.backends.mkldnn.enabled = onednn


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_random_networks_agree_with_pytorch(part):
    print(f"CNNCALC_SEED={SEED}")
    found = compare_all(range(part, NETWORKS, PARTS), second_opinion)
    assert 0.6 < found[type(None)] * PARTS / NETWORKS < 0.95, found


@pytest.mark.parametrize("rule", BROKEN)
def test_pytorch_notices_a_broken_rule(rule, monkeypatch):
    monkeypatch.setattr(*BROKEN[rule]())
    with pytest.raises(AssertionError, match="CNNCALC_SEED"):
        compare_all(range(NETWORKS), second_opinion)


def test_convtranspose2d_3_1_2_stride_2_on_2x2_is_48_macs_in_pytorch_too():
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        nn.ConvTranspose2d(3, 1, 2, stride=2)(torch.zeros(1, 3, 2, 2))
    assert counter.get_total_flops() == 2 * 48
