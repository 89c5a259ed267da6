"""The naive kernels: plain loops over every output, written from the definition; importing this fills their table."""

from cnncalc.execute.naive import adaptive, conv, conv_transpose, linear, pool

__all__ = ["adaptive", "conv", "conv_transpose", "linear", "pool"]
