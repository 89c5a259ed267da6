"""What is in folders: their entries, and what a pattern of the command line finds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import NoReturn

from cnncalc.checks.globs import alternatives, has_wildcard, part
from cnncalc.errors import UsageError, printable

SKIPPED = frozenset({"node_modules", "__pycache__"})


def refuse(path: str, error: OSError | ValueError) -> NoReturn:
    """Raise a UsageError that says why a path cannot be read."""
    if isinstance(error, FileNotFoundError):
        raise UsageError(f"{printable(path) or repr(path)}: there is no such file") from None
    raise UsageError(f"{printable(path)}: {getattr(error, 'strerror', None) or error}") from None


def is_skipped(name: str) -> bool:
    """Return whether a file or folder of this name is passed by where nobody asked for it.

    >>> is_skipped(".git"), is_skipped("node_modules"), is_skipped(".."), is_skipped("specs")
    (True, True, False, False)
    """
    return (name.startswith(".") and name not in {".", ".."}) or name in SKIPPED


def is_file(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a regular file, or a link to one; a broken link and a loop are not."""
    try:
        return entry.is_file()
    except OSError:
        return False


def entries(folder: str) -> list[os.DirEntry[str]]:
    """Return what is in a folder, empty for the working directory; nothing if it has gone while others were read."""
    try:
        with os.scandir(folder or ".") as found:
            return list(found)
    except FileNotFoundError:
        return []
    except OSError as error:
        refuse(folder or ".", error)


def expanded(pattern: str) -> list[str]:
    """Return the paths that a pattern matches, sorted: as a shell finds them, but by way of no link to a folder.

    A hidden name must be spelt out; a pattern that ends in ``**`` is the folder before it.
    """
    return sorted({path for one in alternatives(pattern) for path in _expanded(one)})


def _expanded(pattern: str) -> Iterator[str]:
    names = _names(pattern)
    todo = [("", 0)]
    seen = set(todo)
    while todo:
        folder, at = todo.pop()
        if at == len(names):
            yield folder or "."
            continue
        for step in _steps(folder, names[at], at, last=at + 1 == len(names)):
            if step not in seen:
                seen.add(step)
                todo.append(step)


def _names(pattern: str) -> list[str]:
    """Return the names of a pattern's path, with no ``**`` after another nor at the end."""
    names: list[str] = []
    for name in PurePath(pattern).parts:
        if name != "**" or names[-1:] != ["**"]:
            names.append(name)
    return names[:-1] if names[-1:] == ["**"] else names


def _steps(folder: str, name: str, at: int, *, last: bool) -> Iterator[tuple[str, int]]:
    """Yield the paths that one name of a pattern leads to, each with the index of the name that comes next."""
    if not has_wildcard(name):
        path = os.path.join(folder, name)
        if os.path.exists(path) if last else os.path.isdir(path):
            yield path, at + 1
        return
    expected = part(name)
    if expected is None:
        yield folder, at + 1
    for entry in entries(folder):
        is_folder = entry.is_dir(follow_symlinks=False)
        path = os.path.join(folder, entry.name)
        if expected is None:
            if is_folder and not is_skipped(entry.name):
                yield path, at
        elif not expected.match(entry.name) or (entry.name.startswith(".") and not name.startswith(".")):
            continue
        elif is_folder or (last and is_file(entry)):
            yield path, at + 1
