"""The one list of layers: each op of the language, the file it lives in, and its class.

A family is imported when a spec first uses it, which keeps the start-up short.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from cnncalc.layers.base import Layer

LAYERS = {
    "conv": "conv:Conv",
    "depthwise": "conv:Depthwise",
    "locally_connected": "conv:LocallyConnected",
    "conv_transpose": "conv_transpose:ConvTranspose",
    "linear": "linear:Linear",
    "max_pool": "pool:MaxPool",
    "avg_pool": "pool:AvgPool",
    "adaptive_avg_pool": "adaptive:AdaptiveAvgPool",
    "adaptive_max_pool": "adaptive:AdaptiveMaxPool",
    "global_avg_pool": "adaptive:GlobalAvgPool",
    "global_max_pool": "adaptive:GlobalMaxPool",
    "batch_norm": "norm:BatchNorm",
    "layer_norm": "norm:LayerNorm",
    "instance_norm": "norm:InstanceNorm",
    "group_norm": "norm:GroupNorm",
    "local_response_norm": "norm:LocalResponseNorm",
    "scale": "norm:Scale",
    "act": "activation:Activation",
    "upsample": "resize:Upsample",
    "pad": "resize:Pad",
    "crop": "resize:Crop",
    "pixel_shuffle": "resize:PixelShuffle",
    "channel_shuffle": "reorder:ChannelShuffle",
    "slice": "reorder:Slice",
    "reshape": "reorder:Reshape",
    "flatten": "reorder:Flatten",
    "dropout": "reorder:Dropout",
    "identity": "reorder:Identity",
    "add": "merge:Add",
    "multiply": "merge:Multiply",
    "concat": "merge:Concat",
}

ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "prelu", "elu", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid", "gelu",
    "softmax",
)  # fmt: skip
"""The words that are short for an ``act`` of that name."""

NORMS = ("batch_norm", "layer_norm", "instance_norm", "group_norm", "local_response_norm")
"""The layers that the option ``norm`` may name."""


@cache
def layer_class(op: str) -> type[Layer]:
    """Return the class of an op of the language.

    >>> layer_class("conv").argument
    'out_channels'
    """
    module, name = LAYERS[op].split(":")
    return cast("type[Layer]", getattr(import_module(f"cnncalc.layers.{module}"), name))
