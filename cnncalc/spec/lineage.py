"""The files that are read for a spec: its own, and those that it extends, however wrong they are."""

from __future__ import annotations

from pathlib import Path

from cnncalc.errors import CnncalcError
from cnncalc.spec.extends import MAX_FILES
from cnncalc.spec.files import ZOO, asked_of, beside, content_of, path_of
from cnncalc.spec.source import read


def files_of(name: str) -> list[Path]:
    """Return the files that are read for a spec, none for standard input; raise UsageError for what the zoo has not.

    >>> [path.name for path in files_of("zoo:resnet101")], files_of("-")
    (['resnet101.yaml', 'resnet50.yaml'], [])
    """
    path, file = path_of(name), name
    found: list[Path] = []
    while path is not None and path not in found and len(found) <= MAX_FILES:
        found.append(path)
        try:
            content = content_of(asked_of(file)[0], pipes=False)
            extends = read(content, file).get("extends") if b"extends" in content else None
            following = beside(file, extends) if isinstance(extends, str) and not extends.startswith(ZOO) else extends
            if not isinstance(following, str):
                break
            file, path = following, path_of(following)
        except CnncalcError:
            break
    return found
