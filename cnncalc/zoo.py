"""The specs that come with the package."""

from __future__ import annotations

from pathlib import Path

from cnncalc.errors import UsageError, closest, printable

SUFFIX = ".yaml"


def zoo_folder() -> Path:
    """Return the folder of the specs: inside an installed package, beside it in a checkout."""
    installed = Path(__file__).parent / "specs"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "specs"


def names() -> list[str]:
    """Return the names of the specs, in order.

    >>> "lenet5" in names()
    True
    """
    return sorted(path.name.removesuffix(SUFFIX) for path in zoo_folder().glob(f"*{SUFFIX}"))


def zoo_path(name: str) -> Path:
    """Return the file of a spec; raise UsageError for a name that the zoo does not have.

    What stands behind a ``?`` are arguments, and none of the name.
    """
    known = names()
    name = name.partition("?")[0]
    if name not in known:
        near = closest(name.lower(), known)
        raise UsageError(
            f"zoo:{printable(name[:80])}: there is no such spec"
            + (f"; did you mean zoo:{near}?" if near else "; `cnncalc zoo` lists them")
        )
    return zoo_folder() / f"{name}{SUFFIX}"


def describe(name: str) -> tuple[str, str]:
    """Return the name and the source that a spec of the zoo states of itself.

    >>> describe("lenet5")[0]
    'LeNet-5'
    """
    from cnncalc.spec.source import read

    path = zoo_path(name)
    data = read(path.read_bytes(), str(path))
    return str(data.get("name", name)), str(data.get("source", ""))
