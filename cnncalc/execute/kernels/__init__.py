"""The fast kernels, one file for each file of layers/; importing this package fills the table of dispatch."""

from cnncalc.execute.kernels import (
    activation,
    adaptive,
    conv,
    conv_transpose,
    linear,
    merge,
    norm,
    pool,
    reorder,
    resize,
)

__all__ = [
    "activation",
    "adaptive",
    "conv",
    "conv_transpose",
    "linear",
    "merge",
    "norm",
    "pool",
    "reorder",
    "resize",
]
