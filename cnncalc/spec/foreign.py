"""The words of other frameworks, by the word here."""

from __future__ import annotations

_HERE = {
    "kernel": "kernel_size kernel_shape ksize filter_size pool_size window",
    "stride": "strides subsample",
    "padding": "pad pads paddings auto_pad",
    "dilation": "dilation_rate dilations atrous rate",
    "groups": "group num_groups",
    "bias": "use_bias",
    "act": "activation",
    "norm": "normalization",
    "rounding": "round_mode",
    "multiplier": "depth_multiplier",
    "out_channels": "channels filters out num_output",
    "out_features": "units",
    "from": "inputs input bottom",
    "name": "id",
    "input": "input_shape input_size in_shape image image_size",
    "inputs": "input_shapes",
    "when": "if",
    "repeat": "count",
    "conv": "conv1d conv2d conv3d convolution",
    "conv_transpose": "deconv conv2d_transpose convtranspose",
    "linear": "dense fc fully_connected gemm",
    "max_pool": "maxpool max_pool2d",
    "avg_pool": "avgpool average_pool avg_pool2d",
    "global_avg_pool": "gap",
    "batch_norm": "batchnorm bn batch_normalization",
    "layer_norm": "layernorm",
    "group_norm": "groupnorm",
    "instance_norm": "instancenorm",
    "local_response_norm": "lrn",
    "silu": "swish",
    "hardswish": "hard_swish",
    "hardsigmoid": "hard_sigmoid",
    "leaky_relu": "leakyrelu",
    "concat": "cat concatenate",
    "add": "sum",
    "multiply": "mul",
    "depthwise": "depthwise_conv dwconv",
    "locally_connected": "locallyconnected1d locallyconnected2d local local_conv unshared_conv",
    "upsample": "interpolate resize",
    "reshape": "view",
    "pixel_shuffle": "depth_to_space",
    "pad": "zero_pad",
    "use": "block module",
}

ABSENT = {
    word: reason
    for reason, words in {
        "the channels come from the layer above": "in_channels in_features input_channels num_features c_in",
        "padding is zeros": "padding_mode",
        "rounding: ceil is what ceil_mode: true is elsewhere": "ceil_mode",
        "the channels come first, the batch is not written": "data_format channels_last batch batch_size",
        "weights are not part of a spec": "kernel_initializer bias_initializer weight pretrained",
    }.items()
    for word in words.split()
}
"""The words that nothing here stands for, with the reason."""

FOREIGN = {theirs: ours for ours, words in _HERE.items() for theirs in words.split()}
