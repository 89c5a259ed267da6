"""The activations, by their definitions in PyTorch; none overflows, all carry NaN."""

from collections.abc import Callable, Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.execute.kernels.erf import erf
from cnncalc.layers.activation import Activation

LEAK = 0.01


@kernel.register
def activation(layer: Activation, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the function of every element; of every position for softmax."""
    source = inputs[0]
    if layer.function == "prelu":
        return prelu(source, tensors["weight"].reshape(-1, *(1,) * (source.ndim - 2)))
    return FUNCTIONS[layer.function](source)


def relu(x: Array) -> Array:
    """Return max(x, 0)."""
    output: Array = np.maximum(x, 0)
    return output


def relu6(x: Array) -> Array:
    """Return min(max(x, 0), 6)."""
    output: Array = np.maximum(x, 0)
    np.minimum(output, 6, out=output)
    return output


def leaky_relu(x: Array) -> Array:
    """Return x, or a hundredth of it where it is negative."""
    output = x * LEAK
    np.maximum(x, output, out=output)
    return output


def prelu(x: Array, slope: Array) -> Array:
    """Return x, or the slope times x where it is negative; the slope may be of any sign and size."""
    output = np.minimum(x, 0)
    output *= slope
    output += np.maximum(x, 0)
    return output


def elu(x: Array) -> Array:
    """Return x, or exp(x) - 1 where it is negative."""
    output = np.expm1(np.minimum(x, 0))
    output += np.maximum(x, 0)
    return output


def sigmoid(x: Array) -> Array:
    """Return 1/(1 + exp(-x)), by exp(-|x|), which cannot overflow.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    small = np.abs(x)
    np.negative(small, out=small)
    np.exp(small, out=small)
    output = np.where(x < 0, small, x.dtype.type(1))
    small += 1
    output /= small
    return output


def silu(x: Array) -> Array:
    """Return x * sigmoid(x)."""
    output = sigmoid(x)
    output *= x
    return output


def hardsigmoid(x: Array) -> Array:
    """Return min(max(x + 3, 0), 6) / 6."""
    output = x + 3
    np.maximum(output, 0, out=output)
    np.minimum(output, 6, out=output)
    output /= 6
    return output


def hardswish(x: Array) -> Array:
    """Return x * hardsigmoid(x)."""
    output = hardsigmoid(x)
    output *= x
    return output


def gelu(x: Array) -> Array:
    """Return x times the share of the normal distribution below x, x/2 * (1 + erf(x/sqrt(2)))."""
    output = erf(x * 0.5**0.5)
    output += 1
    output *= x
    output *= 0.5
    return output


def softmax(x: Array) -> Array:
    """Return exp(x) by its sum over the channels, with the largest taken off first so that it cannot overflow."""
    output: Array = x - x.max(axis=1, keepdims=True)
    np.exp(output, out=output)
    output /= output.sum(axis=1, keepdims=True)
    return output


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "relu": relu,
    "relu6": relu6,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "silu": silu,
    "hardswish": hardswish,
    "hardsigmoid": hardsigmoid,
    "gelu": gelu,
    "softmax": softmax,
}
