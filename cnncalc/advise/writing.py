"""What is done to the text of a spec for one line, and how a new line of it is written."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.advise.line import Line, Network
from cnncalc.advise.patch import Patch
from cnncalc.advise.scope import Unsayable
from cnncalc.advise.source import Item


class Body(NamedTuple):
    """A block of new layers: what it is called, its arguments, and its lines with whether each stands for the use."""

    name: str
    args: tuple[str, ...]
    lines: tuple[tuple[str, bool], ...]


class Rewrite(NamedTuple):
    """What is done to the text for one line of the file.

    ``passed`` are the lines, by where they begin, whose tensors are other ones then: what only passes a vector on.
    """

    patches: tuple[Patch, ...]
    body: Body | None = None
    passed: frozenset[int] = frozenset()


def separator(network: Network, item: Item) -> str:
    """Return what stands between a line and the next one in its list."""
    if item.listed and item.braced:
        return ", "
    if item.listed or item.dash < 0:
        raise Unsayable("it is not written in braces, nor behind its dash")
    return f"{network.source.newline}{' ' * item.dash}-{' ' * (item.column - item.dash - 1)}"


def new_name(network: Network, line: Line, suffix: str) -> str:
    """Return a name that no line has yet, after what the line is called."""
    parts = line.uses[0].node.path.split(".")
    base = parts[-2] if "repeat" in line.item.data and len(parts) > 1 else parts[-1]
    name = f"{base}{suffix}"
    while name in network.names:
        name += "_"
    return name


def one_line(network: Network, item: Item, option: str) -> str:
    """Return an option of a line as it is written; raise Unsayable where it stands on several lines."""
    raw = network.source.raw(item.data, option)
    if "\n" in raw or "\r" in raw:
        raise Unsayable(f"its {option} stands on several lines")
    return raw


def line_of(options: dict[str, str], item: Item, newline: str) -> str:
    """Return a line of these options, in braces where the old one is."""
    parts = [f"{name}: {text}" for name, text in options.items()]
    if item.braced:
        return f"{{{', '.join(parts)}}}"
    return f"{newline}{' ' * item.column}".join(parts)
