"""The dense layer: one matrix product for all samples."""

from collections.abc import Sequence

from cnncalc.execute.dispatch import Array, Meter, Tensors, kernel
from cnncalc.layers.linear import Linear


@kernel.register
def linear(layer: Linear, inputs: Sequence[Array], tensors: Tensors, meter: Meter) -> Array:
    """Return every output of every sample, (samples, out_features), with its bias."""
    rows = inputs[0].reshape(len(inputs[0]), -1)
    output = meter.matmul(rows, tensors["weight"].T)
    if "bias" in tensors:
        output += tensors["bias"]
    return output
