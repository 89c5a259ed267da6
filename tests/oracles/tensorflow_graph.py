"""A graph as TensorFlow's operators, channels last, and what TensorFlow's profiler counts of them."""

import os
from math import prod

from cnncalc.layers.base import expand

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow

tf = tensorflow.compat.v1
nn = tensorflow.nn

ACTIVATIONS = {
    "relu": nn.relu, "relu6": nn.relu6, "leaky_relu": nn.leaky_relu, "elu": nn.elu, "sigmoid": nn.sigmoid,
    "tanh": nn.tanh, "softmax": nn.softmax, "silu": nn.silu, "gelu": nn.gelu,
    "hardsigmoid": lambda x: nn.relu6(x + 3.0) * (1 / 6),  # both as keras.applications writes them
    "hardswish": lambda x: x * (nn.relu6(x + 3.0) * (1 / 6)),
}  # fmt: skip
KEPT = ("dropout", "identity")


def float_operations(analysis):
    """Return the total of the profiler's float_operation() for the network of an analysis; weights are placeholders."""
    with tf.Graph().as_default() as graph:
        values = {name: tf.placeholder(tf.float32, shape=last(shape)) for name, shape in analysis.graph.inputs.items()}
        for one in analysis.facts:
            values[one.node.path] = written(one, [values[path] for path in one.node.inputs])
            found = tuple(values[one.node.path].shape[1:])
            assert found == last(one.shape)[1:], (one.node.path, found, one.shape)
        options = tf.profiler.ProfileOptionBuilder(tf.profiler.ProfileOptionBuilder.float_operation())
        return tf.profiler.profile(graph, options=options.with_empty_output().build()).total_float_ops


def last(shape):
    """Return a shape with its channels last, and a batch of one."""
    return (1, *shape[1:], shape[0])


def weights(*shape):
    return tf.placeholder(tf.float32, shape=shape)


def biased(one, y):
    return nn.bias_add(y, weights(one.shape[0])) if "bias" in one.parameters else y


def written(one, values):
    op, layer, x = one.node.op, one.node.layer, values[0]
    if op in ("conv", "depthwise"):
        return convolution(one, x)
    if op == "conv_transpose":
        return transposed(one, x)
    if op == "linear":
        flat = tf.reshape(x, (1, prod(one.inputs[0])))
        return biased(one, tf.matmul(flat, weights(prod(one.inputs[0]), layer.out_features)))
    if op in ("max_pool", "avg_pool"):
        return pooled(one, x)
    if op in ("global_avg_pool", "global_max_pool"):
        reduce = tf.reduce_mean if op == "global_avg_pool" else tf.reduce_max
        return reduce(x, axis=range(1, len(one.inputs[0])), keepdims=True)
    if op == "batch_norm":
        return normalised(one, x)
    if op == "local_response_norm":
        return nn.local_response_normalization(x, depth_radius=layer.size // 2)
    if op == "scale":
        return x * weights(one.shape[0])
    if op in ACTIVATIONS:
        return ACTIVATIONS[op](x)
    if op in ("add", "multiply"):
        for other in values[1:]:
            x = x + other if op == "add" else x * other
        return x
    return x if op in KEPT else moved(one, values)


def moved(one, values):
    op, layer, x = one.node.op, one.node.layer, values[0]
    if op == "concat":
        sizes = [slice(a, a + w) for (a, _), w in zip(layer.margins(one.inputs)[0], one.shape[1:], strict=True)]
        del sizes
        cut = [cropped(v, pairs) for v, pairs in zip(values, layer.margins(one.inputs), strict=True)]
        return tf.concat(cut, axis=-1)
    if op == "slice":
        return x[..., slice(*layer.channels)]
    if op == "pad":
        return padded(x, layer.sides(one.inputs[0][1:]))
    if op == "crop":
        return cropped(x, layer.sides(one.inputs[0][1:]))
    if op == "upsample" and len(one.shape) == 3:
        resize = tf.image.resize_bilinear if layer.mode == "bilinear" else tf.image.resize_nearest_neighbor
        return resize(x, one.shape[1:], half_pixel_centers=True)
    if op == "pixel_shuffle" and len(set(expand(layer.factor, len(one.shape) - 1, "factor"))) == 1:
        return tf.nn.depth_to_space(x, expand(layer.factor, 2, "factor")[0])
    if op in ("flatten", "reshape", "channel_shuffle"):
        return tf.reshape(x, last(one.shape))
    raise NotImplementedError(f"{op} is not written in TensorFlow here")


def padded(x, pairs, value=0.0):
    return x if not any(map(any, pairs)) else tf.pad(x, [(0, 0), *pairs, (0, 0)], constant_values=value)


def cropped(x, pairs):
    return x[(slice(None), *(slice(a, x.shape[1 + axis] - b) for axis, (a, b) in enumerate(pairs)))]


def ends(one):
    """Return the padding along each axis that gives as many windows as there are, if what is over goes unread."""
    slides = one.node.layer.slides(one.inputs[0][1:])
    pairs = []
    for s, windows in zip(slides, one.shape[1:], strict=True):
        pairs.append((s.before, max(s.after, (windows - 1) * s.stride + s.reach - s.size - s.before)))
    return slides, pairs


def convolution(one, x):
    slides, pairs = ends(one)
    stride, dilation = [s.stride for s in slides], [s.dilation for s in slides]
    x, kernel = padded(x, pairs), [s.kernel for s in slides]
    out, group = one.parameters["weight"][:2]
    if one.node.op == "depthwise":
        assert len(kernel) == 2
        filters = weights(*kernel, x.shape[-1], out // x.shape[-1])
        return biased(one, nn.depthwise_conv2d(x, filters, (1, *stride, 1), "VALID", dilations=dilation))
    convolve = {1: nn.conv1d, 2: nn.conv2d, 3: nn.conv3d}[len(kernel)]
    options = {"dilations": (1, *dilation, 1)} if len(kernel) > 1 else {"dilations": dilation[0]}
    strides = (1, *stride, 1) if len(kernel) > 1 else stride[0]
    return biased(one, convolve(x, weights(*kernel, group, out), strides, "VALID", **options))


def transposed(one, x):
    layer, rank = one.node.layer, len(one.shape) - 1
    kernel, stride = expand(layer.kernel, rank, "kernel"), expand(layer.stride, rank, "stride")
    slides = layer.slides(one.inputs[0][1:])
    pairs = [(0, 0), *((s.before, s.after) for s in slides), (0, 0)]
    assert rank == 2
    assert layer.groups == 1
    y = nn.conv2d_transpose(x, weights(*kernel, one.shape[0], x.shape[-1]), last(one.shape), (1, *stride, 1), pairs)
    return biased(one, y)


def pooled(one, x):
    slides, pairs = ends(one)
    is_max = one.node.op == "max_pool"
    x = padded(x, pairs, float("-inf") if is_max else 0.0)
    pools = {1: (nn.max_pool1d, nn.avg_pool1d), 2: (nn.max_pool2d, nn.avg_pool2d), 3: (nn.max_pool3d, nn.avg_pool3d)}
    pool = pools[len(slides)][0 if is_max else 1]
    return pool(x, [s.kernel for s in slides], [s.stride for s in slides], "VALID")


def normalised(one, x):
    channels, shape = one.shape[0], x.shape
    flat = tf.reshape(x, (1, 1, prod(one.shape[1:]), channels)) if len(one.shape) != 3 else x
    y, _, _ = tf.nn.fused_batch_norm(
        flat, weights(channels), weights(channels), weights(channels), weights(channels), is_training=False
    )
    return tf.reshape(y, shape)
