"""The activations, by their definitions in PyTorch; none overflows, all carry NaN."""

from collections.abc import Callable, Sequence

import numpy as np

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.execute.kernels.erf import erf
from cnncalc.layers.activation import Activation

LEAK = 0.01
BLOCK = 1 << 15
"""The elements that are taken at a time, so that the steps of a function stay in the cache."""


@kernel.register
def activation(layer: Activation, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return the function of every element; of every position for softmax."""
    source = inputs[0]
    if layer.function == "prelu":
        return prelu(source, tensors["weight"].reshape(-1, *(1,) * (source.ndim - 2)))
    if layer.function in WHOLE:
        return WHOLE[layer.function](source)
    step = STEPS[layer.function]
    output = np.empty(source.shape, source.dtype)
    values, results = source.reshape(-1), output.reshape(-1)
    with np.errstate(over="ignore"):  # exp may become infinite, which the functions know
        for start in range(0, values.size, BLOCK):
            results[start : start + BLOCK] = step(values[start : start + BLOCK])
    return output


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
    """Return 1/(1 + exp(-x)), which is 0 where the exponential is infinite.

    >>> sigmoid(np.array([0.0, 1000.0])).tolist()
    [0.5, 1.0]
    """
    output = np.negative(x)
    np.exp(output, out=output)
    output += 1
    return np.reciprocal(output, out=output)


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


WHOLE: dict[str, Callable[[Array], Array]] = {
    "relu": relu,
    "relu6": relu6,
    "leaky_relu": leaky_relu,
    "tanh": np.tanh,
    "softmax": softmax,
}
STEPS: dict[str, Callable[[Array], Array]] = {
    "elu": elu,
    "sigmoid": sigmoid,
    "silu": silu,
    "hardswish": hardswish,
    "hardsigmoid": hardsigmoid,
    "gelu": gelu,
}
"""Those of several steps, taken block by block."""
