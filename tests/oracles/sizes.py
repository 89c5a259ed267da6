"""The ops of a network and the sizes after each, found by placing windows one after the other; nothing from cnncalc."""

from math import ceil, prod

POINTWISE = ("relu", "relu6", "leaky_relu", "prelu", "elu", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid",
             "gelu", "softmax")  # fmt: skip
WORDS = (*POINTWISE, "batch_norm", "layer_norm", "instance_norm", "global_avg_pool", "global_max_pool", "flatten",
         "dropout", "identity")  # fmt: skip
JOINS = ("add", "multiply", "concat")
WINDOWS = ("conv", "depthwise", "locally_connected", "max_pool", "avg_pool")
PADDING_WORDS = ("valid", "half", "same", "same_lower", "full", "causal")
OPS = (*WINDOWS, "conv_transpose", "linear", "adaptive_avg_pool", "adaptive_max_pool", "upsample", "pad", "crop",
       "pixel_shuffle", "channel_shuffle", "slice", "reshape", "group_norm", "local_response_norm", "scale",
       *WORDS, *JOINS)  # fmt: skip


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
    if layer["op"] == "locally_connected":
        return (layer["out"], *sizes)
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
        if align == "stretch":
            largest = [max(sizes) for sizes in zip(*(shape[1:] for shape in shapes), strict=True)]
            if any(size not in (1, most) for shape in shapes for size, most in zip(shape[1:], largest, strict=True)):
                return None
            return (sum(shape[0] for shape in shapes), *largest)
        if len({shape[1:] for shape in shapes}) > 1:
            return None
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])
    axes = [set(sizes) - {1} for sizes in zip(*shapes, strict=True)]
    return None if any(len(axis) > 1 for axis in axes) else tuple(axis.pop() if axis else 1 for axis in axes)
