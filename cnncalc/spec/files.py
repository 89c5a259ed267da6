"""Where specs are: files, the zoo, standard input; and a name with arguments, ``zoo:resnet50?n3=23``."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path, PurePath

from cnncalc.errors import UsageError, printable
from cnncalc.spec.source import MAX_BYTES
from cnncalc.zoo import SUFFIX, names, zoo_path

ZOO = "zoo:"
STDIN = "-"
STDIN_NAME = "<stdin>"


def content_of(name: str, *, pipes: bool = True) -> bytes:
    """Return the bytes of a spec file, of ``zoo:name`` or of standard input (``-``): one more than the limit at most.

    A name with arguments, ``zoo:resnet50?n3=23,width=128``, is a file that extends the one before the ``?``. Without
    ``pipes`` nothing but a regular file is opened, for a pipe may never end.

    Raises UsageError for what cannot be read.

    >>> content_of("zoo:resnet50?n3=23,width=128")
    b'{cnncalc: 1, extends: "zoo:resnet50", args: {"n3": "23", "width": "128"}}'
    """
    if name == STDIN:
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    base, asked = asked_of(name)
    if asked:
        if base.startswith(ZOO):
            zoo_path(base.removeprefix(ZOO))
        else:
            base = PurePath(base).name
        return f"{{cnncalc: 1, extends: {json.dumps(base)}, args: {json.dumps(assigned(name, asked))}}}".encode()
    path = zoo_path(name.removeprefix(ZOO)) if name.startswith(ZOO) else name
    return read_bounded(str(path), MAX_BYTES + 1, name, pipes=pipes)


def asked_of(name: str) -> tuple[str, str]:
    """Return the spec that a name is of, and the arguments behind its ``?``.

    >>> asked_of("zoo:vgg16?n1=1,n2=1"), asked_of("net.yaml")
    (('zoo:vgg16', 'n1=1,n2=1'), ('net.yaml', ''))
    """
    base, _, asked = name.rpartition("?")
    if not base or (not name.startswith(ZOO) and (os.path.lexists(name) or not os.path.isfile(base))):
        return name, ""
    return base, asked


def assigned(name: str, asked: str) -> dict[str, str]:
    """Return the arguments behind a name's ``?``, by name; ``,`` and ``&`` part them, but not in brackets.

    >>> assigned("zoo:vgg16?n1=1,n2=1", "n1=1,n2=1")
    {'n1': '1', 'n2': '1'}
    """
    found: dict[str, str] = {}
    for pair in _parts(asked):
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not key or not equals or not value:
            raise UsageError(f"{printable(name[:80])}: must be NAME=VALUE after ?, not {printable(pair[:60])!r}")
        if key in found:
            raise UsageError(f"{printable(name[:80])}: {printable(key[:60])} must be given once")
        found[key] = value
    return found


def _parts(asked: str) -> list[str]:
    """Return what ``,`` and ``&`` part outside of brackets.

    >>> _parts("n1=max(1,2)&n2=3,n3=4")
    ['n1=max(1,2)', 'n2=3', 'n3=4']
    """
    found, depth = [""], 0
    for character in asked:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character in ",&" and depth <= 0:
            found.append("")
        else:
            found[-1] += character
    return found


def path_of(name: str) -> Path | None:
    """Return the file of a spec, of the zoo as well; None for standard input.

    >>> path_of("zoo:resnet50?n3=23").name, path_of("-")
    ('resnet50.yaml', None)
    """
    base, _ = asked_of(name)
    if base == STDIN:
        return None
    return zoo_path(base.removeprefix(ZOO)) if base.startswith(ZOO) else Path(base)


def folder_of(file: str) -> str | None:
    """Return what stands before the names of the files beside a spec; None for one that is no file.

    >>> folder_of("zoo:resnet101"), folder_of("specs/net.yaml"), folder_of("net.yaml"), folder_of("<stdin>")
    ('zoo:', 'specs/', '', None)
    """
    if file.startswith(ZOO):
        return ZOO
    if file == STDIN or (file.startswith("<") and file.endswith(">")):
        return None
    file, _ = asked_of(file)  # a / behind the ? divides
    return file[: len(file) - len(PurePath(file).name)]


def beside(file: str, name: str) -> str | None:
    """Return the file of that name beside a spec, or None where the spec is no file.

    >>> beside("zoo:resnet101", "resnet50.yaml"), beside("nets/a.yaml", "b.yaml")
    ('zoo:resnet50', 'nets/b.yaml')
    """
    folder = folder_of(file)
    return None if folder is None else folder + (name.removesuffix(SUFFIX) if folder == ZOO else name)


def read_bounded(path: str, most: int, shown_as: str, *, pipes: bool = False) -> bytes:
    """Return at most ``most`` bytes of a file; without ``pipes`` nothing but a regular one is opened."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode) and not (pipes and stat.S_ISFIFO(mode)):  # a shell's <(...) is a pipe with a name
            raise UsageError(f"{printable(shown_as)}: is not a file")
        with open(path, "rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        known = f"; did you mean {ZOO}{shown_as.lower()}?" if shown_as.lower() in names() else ""
        raise UsageError(f"{printable(shown_as) or repr(shown_as)}: there is no such file{known}") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{printable(shown_as)}: {getattr(error, 'strerror', None) or error}") from None
