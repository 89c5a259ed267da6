"""The fast kernels against PyTorch, in both dtypes: above all what ONNX has not, and rounding: ceil."""

import numpy as np
import pytest

from cnncalc.layers import layer_class

from .cases import SEED, Case, Settings, close

torch = pytest.importorskip("torch")
F = torch.nn.functional
pytestmark = pytest.mark.oracle

HOW_MANY = 100


def around(source, slides, value=0.0):
    """Return the input with the padding of every axis put in."""
    amounts = [amount for slide in reversed(slides) for amount in (slide.before, slide.after)]
    return F.pad(source, amounts, value=value)


def by_torch(op, case):
    layer, slides, rank = case.layer, case.layer.slides(case.shape[1:]), len(case.shape) - 1
    source = torch.from_numpy(case.source)
    weight, bias = (torch.from_numpy(case.tensors[n]) if n in case.tensors else None for n in ("weight", "bias"))
    kernel, stride = [s.kernel for s in slides], [s.stride for s in slides]
    dilation = [s.dilation for s in slides]
    call = lambda name: getattr(F, f"{name}{rank}d")  # noqa: E731
    match op:
        case "conv" | "depthwise":
            groups = layer.channels(case.shape[0])[1]
            return call("conv")(around(source, slides), weight, bias, stride, 0, dilation, groups)
        case "locally_connected":
            windows = around(source, slides)
            for axis, s in enumerate(slides, start=2):
                windows = windows.unfold(axis, s.reach, s.stride)[..., :: s.dilation]
            places, taps = "uvw"[:rank], "xyz"[:rank]
            found = torch.einsum(f"nc{places}{taps},{places}oc{taps}->no{places}", windows, weight)
            return found if bias is None else found + bias
        case "conv_transpose":
            extra = layer.output_padding
            extra = [extra] * rank if isinstance(extra, int) else list(extra)
            whole = call("conv_transpose")(source, weight, None, stride, 0, extra, layer.groups, dilation)
            cuts = [slice(s.before, size - s.after) for s, size in zip(slides, whole.shape[2:], strict=True)]
            whole = whole[:, :, *cuts]
            return whole if bias is None else whole + bias.reshape(-1, *(1,) * rank)
        case "max_pool":
            padding = [s.before for s in slides]
            return call("max_pool")(source, kernel, stride, padding, dilation, ceil_mode=layer.rounding == "ceil")
        case "avg_pool":
            padding = [s.before for s in slides]
            ceil = layer.rounding == "ceil"
            return call("avg_pool")(source, kernel, stride, padding, ceil, layer.count_include_pad)
    size = [axis.bins for axis in layer.bins(case.shape[1:])]
    return call("adaptive_avg_pool" if layer.mean else "adaptive_max_pool")(source, size)


def expressible(op, case):
    """Return whether PyTorch has this setting: its pools pad both sides alike, its convolutions round down."""
    slides = case.layer.slides(case.shape[1:])
    if op == "avg_pool" and any(s.kernel > s.size for s in slides):
        return False  # over three axes it wants the window within the input, padding or not
    if "pool" in op:
        return all(s.before == s.after and s.before <= s.kernel // 2 for s in slides)
    if op == "conv_transpose":
        return True
    return case.layer.rounding != "ceil"


@pytest.mark.parametrize(
    "op",
    [
        "conv", "depthwise", "locally_connected", "conv_transpose", "max_pool", "avg_pool",
        "adaptive_avg_pool", "adaptive_max_pool", "global_avg_pool", "global_max_pool",
    ],
)  # fmt: skip
def test_windows_agree_with_pytorch(op):
    print(f"CNNCALC_SEED={SEED}")
    settings = Settings(f"{SEED} torch {op}", most=30_000)
    done = 0
    while done < HOW_MANY:
        case = settings.case([op])
        if not expressible(op, case):
            continue
        close(case.fast(), by_torch(op, case).numpy(), case.dtype, case)
        done += 1


def weights(case):
    return (torch.from_numpy(case.tensors["weight"]), torch.from_numpy(case.tensors["bias"]))


POINTWISE = [
    ("act", {"function": "relu"}, lambda x, c: F.relu(x)),
    ("act", {"function": "relu6"}, lambda x, c: F.relu6(x)),
    ("act", {"function": "leaky_relu"}, lambda x, c: F.leaky_relu(x)),
    ("act", {"function": "prelu"}, lambda x, c: F.prelu(x, torch.from_numpy(c.tensors["weight"]))),
    ("act", {"function": "elu"}, lambda x, c: F.elu(x)),
    ("act", {"function": "sigmoid"}, lambda x, c: torch.sigmoid(x)),
    ("act", {"function": "tanh"}, lambda x, c: torch.tanh(x)),
    ("act", {"function": "silu"}, lambda x, c: F.silu(x)),
    ("act", {"function": "hardswish"}, lambda x, c: F.hardswish(x)),
    ("act", {"function": "hardsigmoid"}, lambda x, c: F.hardsigmoid(x)),
    ("act", {"function": "gelu"}, lambda x, c: F.gelu(x)),
    ("act", {"function": "softmax"}, lambda x, c: F.softmax(x, dim=1)),
    ("instance_norm", {}, lambda x, c: F.instance_norm(x, None, None, *weights(c))),
    ("group_norm", {"groups": 3}, lambda x, c: F.group_norm(x, 3, *weights(c))),
    ("layer_norm", {}, lambda x, c: F.layer_norm(x.movedim(1, -1), x.shape[1:2], *weights(c)).movedim(-1, 1)),
    ("local_response_norm", {"size": 1}, lambda x, c: F.local_response_norm(x, 1)),
    ("local_response_norm", {"size": 4}, lambda x, c: F.local_response_norm(x, 4)),
    ("local_response_norm", {"size": 5}, lambda x, c: F.local_response_norm(x, 5)),
    ("local_response_norm", {"size": 20}, lambda x, c: F.local_response_norm(x, 20)),
    ("upsample", {"factor": 3}, lambda x, c: F.interpolate(x, scale_factor=3, mode="nearest")),
    ("channel_shuffle", {"groups": 3}, lambda x, c: F.channel_shuffle(x, 3) if x.ndim > 3 else NotImplemented),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 4), (6, 3, 5, 4)])
@pytest.mark.parametrize(("op", "options", "other"), POINTWISE)
def test_layers_without_windows_agree_with_pytorch(op, options, other, shape, dtype):
    case = Case(layer_class(op)(**options), shape, 2, SEED, dtype)
    case.source *= 4
    expected = other(torch.from_numpy(case.source), case)
    if expected is NotImplemented:
        pytest.skip("PyTorch has no such layer over one axis")
    close(case.fast(), expected.numpy(), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_batch_norm_agrees_with_pytorch(dtype):
    case = Case(layer_class("batch_norm")(), (6, 5, 4), 2, SEED, dtype)
    named = {name: torch.from_numpy(value) for name, value in case.tensors.items()}
    expected = F.batch_norm(torch.from_numpy(case.source), **named)
    close(case.fast(), expected.numpy(), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "factor", "mode"),
    [
        ((3, 5), (3,), "linear"),
        ((3, 5), (4,), "linear"),
        ((3, 5, 4), (2, 3), "bilinear"),
        ((3, 1, 4), (5, 2), "bilinear"),
        ((3, 5, 4, 6), (2, 3, 1), "trilinear"),
    ],
)
def test_linear_interpolation_agrees_with_pytorch(shape, factor, mode, dtype):
    case = Case(layer_class("upsample")(factor=factor, mode="bilinear"), shape, 2, SEED, dtype)
    expected = F.interpolate(torch.from_numpy(case.source), scale_factor=factor, mode=mode, align_corners=False)
    close(case.fast(), expected.numpy(), dtype)


def test_pixel_shuffle_agrees_with_pytorch():
    case = Case(layer_class("pixel_shuffle")(factor=3), (18, 5, 4), 3, SEED, np.float64)
    close(case.fast(), F.pixel_shuffle(torch.from_numpy(case.source), 3).numpy(), np.float64)
