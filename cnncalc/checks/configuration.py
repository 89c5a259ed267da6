"""The configuration: ``[tool.cnncalc]`` of a pyproject.toml, or a cnncalc.toml, with the command line laid over it."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from cnncalc.checks.keys import KEYS
from cnncalc.checks.settings import Settings, codes
from cnncalc.checks.values import Written, key_text, near, number, refuse, shown
from cnncalc.errors import printable
from cnncalc.spec.files import read_bounded

PYPROJECT = "pyproject.toml"
OWN = "cnncalc.toml"
TABLE = "tool.cnncalc"
GROWTH = "grown-since-baseline"
MAX_BYTES = 2**18
MAX_DOTS = 1000
"""In one line: the time tomllib takes for a key is the square of its parts."""


def configuration(start: Path, *, config: Path | None, isolated: bool) -> Settings:
    """Return the settings of ``config``, or of the nearest configuration from the folder ``start`` upwards.

    A pyproject.toml counts if it has the table ``[tool.cnncalc]``; only if none has, a cnncalc.toml does. One file is
    read, and none with ``isolated``.

    Raises UsageError for a file that cannot be read, and for whatever is wrong in it.
    """
    if isolated:
        if config is not None:
            refuse("--isolated", " reads no configuration: --config must not stand beside it")
        return Settings()
    if config is not None:
        found = _table(config, str(config))
        if found is None:
            refuse(str(config), f": there is no table [{TABLE}]")
        return _settings(*found, str(config), config.parent)
    folder = Path(os.path.abspath(start))
    for name in (PYPROJECT, OWN):
        for above in (folder, *folder.parents):
            path = above / name
            if os.path.isfile(path):
                shown_as = os.path.relpath(path) if above == folder else str(path)
                if (found := _table(path, shown_as)) is not None:
                    return _settings(*found, shown_as, above)
    return Settings()


def _table(path: Path, file: str) -> tuple[dict[str, Any], str] | None:
    """Return the keys of a file and the name of their table, empty for the top of it; None where there are none.

    A pyproject.toml that does not name this package is not parsed: what is wrong in it is not this package's to tell.
    """
    content = read_bounded(str(path), MAX_BYTES + 1, file)
    if len(content) > MAX_BYTES:
        refuse(file, f": a configuration must be at most {MAX_BYTES} bytes")
    if path.name == PYPROJECT and b"cnncalc" not in content:
        return None
    if any(line.count(b".") > MAX_DOTS for line in content.splitlines()):
        refuse(file, f": a configuration must have at most {MAX_DOTS} dots in a line")
    data = _parsed(content, file)
    tool = data.get("tool")
    if isinstance(tool, dict) and "cnncalc" in tool:
        if not isinstance(tool["cnncalc"], dict):
            refuse(file, f": {TABLE} must be a table, not {shown(tool['cnncalc'])}", f"[{TABLE}]")
        return tool["cnncalc"], TABLE
    return None if path.name == PYPROJECT else (data, "")


def _parsed(content: bytes, file: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Written)
    except UnicodeDecodeError as error:
        refuse(file, f": a configuration must be UTF-8 (byte 0x{content[error.start]:02x})")
    except RecursionError:
        refuse(file, ": a configuration must be nested less deep")
    except ValueError as error:  # TOMLDecodeError is one, and so is Python's for an integer of 5,000 digits
        fact = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "a number is too long"
        at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", fact)
        where = f"{file}:{at[1]}:{at[2]}" if at and at[1] else file
        fact = fact[: at.start()] if at and at[1] else fact
        refuse(where, f": a configuration must be TOML: {printable(fact[:1].lower() + fact[1:])}")


def _settings(keys: dict[str, Any], name: str, file: str, folder: Path) -> Settings:
    values: dict[str, Any] = {}
    for key, value in keys.items():
        where = f"{file}: {name}{'.' if name else ''}{key_text(key)}"
        if key not in KEYS:
            refuse(where, " is not a key of the configuration", near(key, KEYS) or f"the keys are {', '.join(KEYS)}")
        values[key.replace("-", "_")] = KEYS[key](value, where)
    return Settings(**values, folder=os.path.abspath(folder))


def with_options(
    settings: Settings,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    severity: Sequence[str] = (),
    fail_on: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    growth: str | None = None,
) -> Settings:
    """Return the settings with the command line laid over them; where they meet the command line wins.

    ``select`` replaces, and takes back an ``ignore`` of the same rules; ``ignore``, ``include`` and ``exclude`` add;
    each of ``severity`` is ``rule=level``; ``growth`` is how many percent a network may grow since its baseline.

    Raises UsageError for what names no rule, level or pattern.

    >>> settings = with_options(Settings(ignore=("CNN201", "CNN3")), select=["CNN201"], severity=["gridding=error"])
    >>> settings.select, settings.ignore, settings.severity
    (('CNN201',), ('CNN3',), {'CNN210': <Severity.ERROR: 'error'>})
    """
    values: dict[str, Any] = {}
    added: Sequence[str] = _read("ignore", ignore)
    ignored = settings.ignore
    if select:
        values["select"] = _read("select", select)
        again = [codes(selector) for selector in values["select"]]
        ignored = tuple(selector for selector in ignored if codes(selector) not in again)
    else:  # whole codes, so that a closer select of the configuration does not win
        added = [code for selector in added for code in codes(selector)]
    values["ignore"] = (*ignored, *(selector for selector in added if selector not in ignored))
    values["severity"] = {**settings.severity, **_read("severity", _pairs(severity))}
    if fail_on is not None:
        values["fail_on"] = _read("fail-on", fail_on)
    for key, given in (("include", include), ("exclude", exclude)):
        here = tuple(_from_here(pattern, settings.folder) for pattern in _read(key, given))
        values[key] = (*getattr(settings, key), *here)
    if growth is not None:
        values["thresholds"] = {**settings.thresholds, GROWTH: _percent(growth)}
    return replace(settings, **values)


def _read(key: str, value: object) -> Any:  # noqa: ANN401 - what the key's reader returns
    """Return the value of an option as the key of its name has it."""
    return KEYS[key](list(value) if isinstance(value, tuple) else value, f"--{key}")


def _pairs(severity: Sequence[str]) -> dict[str, str]:
    found = {}
    for word in severity:
        name, equals, value = word.partition("=")
        if not equals:
            refuse("--severity", f" must be a rule and a level such as gridding=error, not {shown(word)}")
        found[name.strip()] = value.strip()
    return found


def _percent(text: str) -> Fraction:
    if (read := number(Written(text.strip().removesuffix("%")))) is None or read < 0:
        refuse("--max-growth", f" must be a percentage such as 5 or 2.5, not {shown(text)}")
    return read / 100


def _from_here(pattern: str, folder: str) -> str:
    """Return a pattern of the command line, which is seen from the working directory, as one seen from ``folder``."""
    if "/" not in pattern.rstrip("/") or pattern.startswith("/") or not folder or folder == os.getcwd():
        return pattern
    return f"{glob.escape(os.getcwd())}/{pattern}"
