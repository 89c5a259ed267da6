"""Where a report goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from cnncalc.errors import UsageError, printable


def send(text: str, path: Path | None) -> None:
    """Print a text, or write it to a file in one step; raise UsageError where the file cannot be written."""
    if path is None:
        sys.stdout.write(text)
    else:
        store(text, path)


def store(content: str | bytes, path: Path) -> None:
    """Write a file in one step; raise UsageError where that cannot be."""
    try:
        replace_file(path, content)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise UsageError(f"{printable(str(path))}: {getattr(error, 'strerror', None) or error}") from None


def same_file(one: Path | str, two: Path | str) -> bool:
    """Return whether two paths lead to one file, through links too."""
    return os.path.realpath(one) == os.path.realpath(two)


def replace_file(path: Path, content: str | bytes) -> None:
    """Put a text, or bytes, in place of a file, or make it; whatever happens, the old file or the new one is whole."""
    content = content.encode("utf-8") if isinstance(content, str) else content
    path = path.resolve()
    if path.exists() and not path.is_file():  # a device or a pipe has nothing to replace
        path.write_bytes(content)
        return
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
