"""Arrays in files: .npy, .npz and .safetensors, read without pickle, and refused if they are not finite numbers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from cnncalc.errors import UsageError, printable
from cnncalc.execute.dispatch import Array

MAX_BYTES = 2**33
"""What one file's arrays may take in memory: 8 GiB."""
KINDS = "fiub"


def read_array(path: Path) -> Array:
    """Return the one array of a .npy file; raise UsageError for anything else."""
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)  # its header alone is read
        if not isinstance(mapped, np.ndarray):
            mapped.close()
            raise ValueError("must hold one array: a .npy file")
        if mapped.nbytes > MAX_BYTES:
            raise ValueError(f"must take at most {MAX_BYTES:,} bytes ({mapped.nbytes:,})")
        return _plain(path, "", np.array(mapped))
    except (OSError, ValueError, EOFError, TypeError, SyntaxError, MemoryError, OverflowError) as error:
        raise UsageError(f"{printable(str(path))}: {_reason(error)}") from None


def read_arrays(path: Path) -> dict[str, Array]:
    """Return the arrays of a .npz or .safetensors file by name; raise UsageError for anything else."""
    if path.suffix == ".safetensors":
        return _safetensors(path)
    if path.suffix != ".npz":
        raise UsageError(f"{printable(str(path))}: tensors must be in a .npz or a .safetensors file")
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
        if total > MAX_BYTES:
            raise UsageError(f"{printable(str(path))}: must hold at most {MAX_BYTES:,} bytes ({total:,})")
        with np.load(path, allow_pickle=False) as archive:
            return {name: _plain(path, name, archive[name]) for name in archive.files}
    except (OSError, ValueError, EOFError, KeyError, TypeError, SyntaxError, MemoryError, OverflowError) as error:
        raise UsageError(f"{printable(str(path))}: {_reason(error)}") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise UsageError(f"{printable(str(path))}: is not a sound .npz file") from None


def array_bytes(array: Array) -> bytes:
    """Return an array as a .npy file holds it."""
    import io

    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


def _safetensors(path: Path) -> dict[str, Array]:
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file
    except ImportError:
        raise UsageError(
            f"{printable(str(path))}: reading it needs `pip install 'cnncalc[weights]'`; .npz needs nothing"
        ) from None
    try:
        found = load_file(path)
    except (OSError, ValueError, TypeError, KeyError, SafetensorError) as error:
        raise UsageError(f"{printable(str(path))}: {printable(str(error))[:200]}") from None
    return {name: _plain(path, name, array) for name, array in found.items()}


def _plain(path: Path, name: str, array: Array) -> Array:
    """Return an array of finite numbers as floating point; raise UsageError for any other."""
    label = f"{printable(str(path))}: {printable(name[:200])}{' ' if name else 'the array '}"
    if array.dtype.kind not in KINDS:
        raise UsageError(f"{label}must be of numbers, not {array.dtype}")
    found = array if array.dtype in (np.float32, np.float64) else array.astype(np.float32)
    if not np.isfinite(found).all():
        count = int(found.size - np.isfinite(found).sum())
        raise UsageError(f"{label}must be finite ({count:,} of {found.size:,} numbers are not)")
    return found


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    if any(word in text for word in ("pickle", "Object arrays", "Python objects")):
        return "must hold plain arrays: nothing is loaded by pickle"
    return printable(text)[:200] or "cannot be read"
