"""The files that are checked: what the command line names, and what is found in folders."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from cnncalc.checks.folders import entries, expanded, is_file, is_skipped, refuse
from cnncalc.checks.globs import has_wildcard, matches, within
from cnncalc.checks.settings import Settings
from cnncalc.errors import UsageError, printable
from cnncalc.spec.files import STDIN, ZOO, asked_of, content_of, read_bounded
from cnncalc.zoo import zoo_path

HEAD = 4096
SPEC_SUFFIXES = (".cnn.yaml", ".cnn.yml")
YAML_SUFFIXES = (".yaml", ".yml")
_FIRST_KEY = rb"""(?mx)
    (?: \s | \#[^\r\n]* | ^%[^\r\n]* | ^---(?=\s) )*+
    (?: \{ (?: \s | \#[^\r\n]* )*+ )?
    (["']?) cnncalc \1 [ \t]* :
"""


def discover(paths: Sequence[str], settings: Settings, *, force_exclude: bool) -> list[str]:
    """Return the specs that paths, folders and patterns lead to, sorted, each file once, as the paths were written.

    A file that is named is taken, whatever it is called, unless ``force_exclude`` has it left out as in a folder. In a
    folder, and in those below it, the specs are ``*.cnn.yaml``, any YAML whose first key is ``cnncalc``, and what
    ``include`` matches; what ``exclude`` matches, hidden names, node_modules and __pycache__ are passed by, and no
    link to a folder is followed. ``-``, ``zoo:name`` and ``net.yaml?arg=value`` stand for themselves.

    Raises UsageError for a path that does not exist or cannot be read.
    """
    found: dict[str, str] = {}
    real: dict[str, str] = {}
    for path in paths:
        if path == STDIN or path.startswith(ZOO):
            if path != STDIN:
                zoo_path(asked_of(path)[0].removeprefix(ZOO))
            found.setdefault(path, path)
            continue
        if "=" in asked_of(path)[1]:
            if not (force_exclude and is_excluded(asked_of(path)[0], settings)):
                found.setdefault(path, path)
            continue
        for named, is_pattern in _named(path):
            if (force_exclude and is_excluded(named, settings)) or (is_pattern and _matches_exclude(named, settings)):
                continue
            for file in _below(named, settings):
                found.setdefault(_real(file, real), file)
    return sorted(found.values())


def read_spec(path: str) -> bytes:
    """Return the bytes of a spec, of ``zoo:name`` or of standard input (``-``), and of nothing that may never end.

    Raises UsageError for what cannot be read.

    >>> read_spec("zoo:lenet5").decode().splitlines()[1]
    'cnncalc: 1'
    """
    return content_of(path, pipes=False)


def is_excluded(path: str, settings: Settings) -> bool:
    """Return whether a file or a folder would be passed by in a folder: it or one above it is excluded."""
    seen = within(path, settings.folder)
    outside = os.path.isabs(seen) or seen.startswith("..")
    if not outside and any(map(is_skipped, seen.split("/"))):
        return True
    return matches(settings.exclude, seen, settings.folder, above=True)


def _matches_exclude(path: str, settings: Settings) -> bool:
    return matches(settings.exclude, within(path, settings.folder), settings.folder, above=True)


def _real(file: str, folders: dict[str, str]) -> str:
    """Return a file's path without links; ``folders`` remembers those of folders, which are asked for most."""
    if os.path.islink(file):
        return os.path.realpath(file)
    folder, name = os.path.split(file)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return os.path.join(folders[folder], name)


def is_spec(head: bytes) -> bool:
    r"""Return whether the beginning of a YAML file has ``cnncalc`` for its first key.

    >>> is_spec(b"# LeNet-5\n---\ncnncalc: 1\n"), is_spec(b"{cnncalc: 1, input: 1x8x8}"), is_spec(b"name: cnncalc\n")
    (True, True, False)
    """
    return re.match(_FIRST_KEY, head.removeprefix(b"\xef\xbb\xbf")) is not None


def _named(path: str) -> Iterator[tuple[str, bool]]:
    """Yield a path in its shortest form, or what it finds if it is a pattern and no path; and whether it is one."""
    try:
        kind = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        if not path or not has_wildcard(path) or "\0" in path:
            refuse(path, error)
        found = expanded(path)
        if not found:
            raise UsageError(f"{printable(path)}: no file matches the pattern") from None
        yield from ((one, True) for one in found)
        return
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise UsageError(f"{printable(path)}: is neither a file nor a folder\nhelp: - reads standard input")
    short = str(PurePath(path))
    yield (short if short != STDIN else os.path.join(".", STDIN)), False


def _below(path: str, settings: Settings) -> Iterator[str]:
    """Yield a file, or the specs in a folder and below; links after the files, so that a file keeps its own name."""
    if not os.path.isdir(path):
        yield path
        return
    links = []
    todo = [(path if path != "." else "", within(path, settings.folder))]
    while todo:
        folder, seen = todo.pop()
        for entry in entries(folder):
            name = entry.name
            if is_skipped(name):
                continue
            as_seen = name if seen == "." else f"{seen}/{name}"
            inner = os.path.join(folder, name)
            if entry.is_dir(follow_symlinks=False):
                if not matches(settings.exclude, as_seen, settings.folder):
                    todo.append((inner, as_seen))
            elif _is_wanted(entry, inner, as_seen, settings):
                if entry.is_symlink():
                    links.append(inner)
                else:
                    yield inner
    yield from sorted(links)


def _is_wanted(entry: os.DirEntry[str], path: str, seen: str, settings: Settings) -> bool:
    included = matches(settings.include, seen, settings.folder)
    name = entry.name.lower()
    if not included and not name.endswith(YAML_SUFFIXES):
        return False
    if matches(settings.exclude, seen, settings.folder) or not is_file(entry):
        return False
    if included or name.endswith(SPEC_SUFFIXES):
        return True
    return is_spec(read_bounded(path, HEAD, path))
