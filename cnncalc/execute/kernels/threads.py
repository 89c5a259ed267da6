"""Copies of large arrays in several threads: NumPy lets go of the interpreter while it copies."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import numpy as np

from cnncalc.execute.dispatch import Array

THREADS = 2
LEAST = 1 << 18
"""How many elements are worth another thread."""


@cache
def pool() -> ThreadPoolExecutor:
    """Return the threads, started when they are first needed."""
    return ThreadPoolExecutor(THREADS - 1, thread_name_prefix="cnncalc-copy")


def copy(target: Array, source: Array, axis: int = 1) -> None:
    """Copy an array into another of its shape, in parts along an axis, one of them in this thread.

    >>> import numpy as np
    >>> target = np.zeros((1, 4, 3)); copy(target, np.ones((1, 4, 3))); target.sum()
    np.float64(12.0)
    """
    size = target.shape[axis]
    if target.size < LEAST or size < THREADS:
        target[...] = source
        return
    bounds = [size * part // THREADS for part in range(THREADS + 1)]
    parts = [(slice(None),) * axis + (slice(start, stop),) for start, stop in pairwise(bounds)]
    others = [pool().submit(np.copyto, target[part], source[part]) for part in parts[1:]]
    target[parts[0]] = source[parts[0]]
    for other in others:
        other.result()
