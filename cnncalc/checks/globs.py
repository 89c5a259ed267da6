"""Glob patterns over paths: ``*`` within a name, ``**`` over folders, ``[abc]``, ``?`` and ``{a,b}``."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache

MAX_PATTERN = 1000
MAX_ALTERNATIVES = 100
_CHOICE = r"\{([^{}]*,[^{}]*)\}"

Part = re.Pattern[str] | None
"""One name of a path; None for any number of folders."""


def wrong(pattern: str) -> str:
    """Return what a pattern must be and is not, or nothing.

    >>> wrong("specs/**"), wrong("!specs")
    ('', "must not begin with '!': a pattern cannot take back what another matches")
    """
    if not pattern.replace("\\", "/").strip("/."):
        return "must be a pattern such as specs/broken or *.draft.yaml"
    if pattern.startswith("!"):
        return "must not begin with '!': a pattern cannot take back what another matches"
    if len(pattern) > MAX_PATTERN:
        return f"must be at most {MAX_PATTERN} characters ({len(pattern)})"
    if "\0" in pattern:
        return "must not hold a null character"
    return "" if alternatives(pattern) else f"must stand for at most {MAX_ALTERNATIVES} patterns without braces"


def alternatives(pattern: str) -> list[str]:
    """Return the patterns without braces that one with braces stands for; none if they are too many.

    >>> alternatives("net.{yaml,yml}")
    ['net.yaml', 'net.yml']
    """
    found = [pattern]
    while 0 < len(found) <= MAX_ALTERNATIVES and (choice := re.search(_CHOICE, found[0])):
        before, after = found[0][: choice.start()], found[0][choice.end() :]
        found = [*found[1:], *(f"{before}{word}{after}" for word in choice[1].split(","))]
    return list(dict.fromkeys(found)) if len(found) <= MAX_ALTERNATIVES else []


def has_wildcard(text: str) -> bool:
    """Return whether a text is more than a plain path."""
    return re.search(rf"[*?\[]|{_CHOICE}", text) is not None


@lru_cache(maxsize=4096)
def part(name: str) -> Part:
    """Return what matches one name of a pattern's path."""
    return None if name == "**" else re.compile(translate(name))


@lru_cache(maxsize=64)
def _parts(patterns: tuple[str, ...]) -> list[tuple[bool, list[Part]]]:
    """Return the parts of each pattern, and whether it may begin at the root of the file system."""
    found: list[tuple[bool, list[Part]]] = []
    for pattern in (one for several in patterns for one in alternatives(several)):
        names = [name for name in pattern.split("/") if name not in {"", "."}]
        anywhere = "/" not in pattern.rstrip("/")
        if names:
            parts = [part(name) for name in names]
            found.append((pattern.startswith("/"), [None, *parts] if anywhere else parts))
    return found


def within(file: str, folder: str) -> str:
    """Return a path as it is seen from a folder, with slashes; the working directory is the empty folder.

    >>> within("specs/./net.yaml", "specs"), within("net.yaml", "specs")
    ('net.yaml', '../net.yaml')
    """
    if not folder and not os.path.isabs(file):
        return os.path.normpath(file).replace(os.sep, "/")
    found = _relative(os.path.abspath(file), os.path.abspath(folder))
    if found.startswith("../"):  # perhaps one of the two is written by way of a symbolic link
        above, name = os.path.split(os.path.abspath(file))
        real = _relative(os.path.join(os.path.realpath(above), name), os.path.realpath(folder))
        found = found if real.startswith("../") else real
    return found


def _relative(file: str, folder: str) -> str:
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return file.replace(os.sep, "/")


def matches(patterns: Sequence[str], path: str, folder: str = "", *, above: bool = False) -> bool:
    """Return whether a path, as it is seen from ``folder``, matches a pattern; with ``above``, or a folder above it.

    A pattern without a slash is about a name anywhere; one with a slash begins at the folder, or, if it begins with
    one, at the folder or at the root of the file system.

    >>> matches(["*.yaml"], "a/b.yaml"), matches(["a/*"], "x/a/b"), matches(["a"], "x/a/b", above=True)
    (True, False, True)
    """
    if not patterns:
        return False
    names = path.split("/")
    root: list[str] = []
    for rooted, parts in _parts(tuple(patterns)):
        if _matches(parts, names, above):
            return True
        if rooted:
            root = root or os.path.normpath(os.path.join(os.path.abspath(folder), path)).split(os.sep)[1:]
            if _matches(parts, root, above):
                return True
    return False


def _matches(parts: Sequence[Part], names: Sequence[str], above: bool) -> bool:
    ends = range(1, len(names) + 1) if above else (len(names),)
    return any(_whole(parts, names[:end]) for end in ends)


def _whole(parts: Sequence[Part], names: Sequence[str]) -> bool:
    """Return whether the parts match all names; the last ``**`` alone is tried again, so no pattern is slow."""
    at = name = begun = 0
    again: int | None = None
    while name < len(names):
        expected = parts[at] if at < len(parts) else None
        if at < len(parts) and expected is None:
            again, begun, at = at, name, at + 1
        elif expected is not None and expected.match(names[name]):
            at, name = at + 1, name + 1
        elif again is not None:
            begun += 1
            at, name = again + 1, begun
        else:
            return False
    return all(expected is None for expected in parts[at:])
