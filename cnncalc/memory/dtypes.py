"""How many bytes a number takes, and how sizes of memory and rates are written."""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.errors import UsageError, closest, printable

BYTES = {"fp64": 8, "fp32": 4, "tf32": 4, "fp16": 2, "bf16": 2, "fp8": 1, "int8": 1}
"""The bytes of one number, by dtype; tf32 is how some devices multiply numbers that are stored as fp32."""

INDEX = 8
"""The bytes of the index of a maximum, an int64 in PyTorch."""

_ALSO = {"float64": "fp64", "double": "fp64", "float32": "fp32", "float": "fp32", "float16": "fp16", "half": "fp16"}
_ALSO |= {"bfloat16": "bf16"}
_DECIMAL = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "p": 10**15}
_BINARY = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_LONGEST = 40


def dtype_of(name: str) -> str:
    """Return a dtype by its name, or by the one it has in PyTorch and NumPy; raise UsageError where there is none.

    >>> dtype_of("float16")
    'fp16'
    """
    word = name.strip().lower()
    word = _ALSO.get(word, word)
    if word not in BYTES:
        near = closest(word, [*BYTES, *_ALSO])
        hint = f"did you mean {near}?" if near else f"there are {', '.join(BYTES)}"
        raise UsageError(f"--dtype: there is no dtype '{printable(name[:_LONGEST])}'; {hint}")
    return word


def memory_size(text: str) -> int:
    """Return the bytes of a size as it is written; raise UsageError where it is none.

    A GiB is 2**30 bytes and a GB 10**9; a number alone is bytes.

    >>> memory_size("24GiB"), memory_size("1.5 MB"), memory_size("512")
    (25769803776, 1500000, 512)
    """
    size = _amount(text, "b", {**_DECIMAL, **_BINARY})
    if size is None or size < 1:
        raise UsageError(f"--fits must be a size such as 24GiB, 16GB or 512MiB, not {printable(text[:_LONGEST])}")
    return int(size)


def rate_of(text: str, option: str) -> Fraction:
    """Return a rate a second as it is written; raise UsageError where it is none.

    >>> rate_of("19.5T", "--rate"), rate_of("100G", "--bandwidth")
    (Fraction(19500000000000, 1), Fraction(100000000000, 1))
    """
    rate = _amount(text, "(?:flops?|ops?|b)?(?:/?s)?", _DECIMAL | (_BINARY if option == "--bandwidth" else {}))
    if not rate:
        raise UsageError(f"{option} must be a rate a second such as 10T or 100G, not {printable(text[:_LONGEST])}")
    return rate


def _amount(text: str, unit: str, scales: dict[str, int]) -> Fraction | None:
    """Return a number with a scale and a unit after it; None where it is not one."""
    found = re.fullmatch(rf"([0-9]{{1,18}}(?:\.[0-9]{{1,9}})?) ?({'|'.join(scales)})(?:{unit})?", text.strip().lower())
    return Fraction(found[1]) * scales[found[2]] if found else None
