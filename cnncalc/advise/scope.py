"""The words that new lines have for what a line of the file says: its own text, or the arguments of a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.advise.line import Line, Network
from cnncalc.advise.source import flowed
from cnncalc.layers.conv import Conv

OPTIONS = ("kernel", "stride", "padding", "dilation", "groups", "multiplier", "bias", "flip", "rounding")
QUOTES = "\"'"


class Unsayable(Exception):
    """What keeps new layers from being written on a line of the file."""


class Scope(NamedTuple):
    """The words that the new lines have for what a line says: its own text, or the arguments of a block of theirs."""

    out: str
    source: str
    """The channels that enter the line; "" where there is no word for them."""
    args: tuple[tuple[str, str], ...] = ()
    """For a block, the options that are its arguments, and what each use gives for them."""

    def text(self, network: Network, line: Line, name: str) -> str:
        """Return an option of the line as the new lines say it."""
        if any(name == arg for arg, _ in self.args):
            return name
        return flowed(network.source.raw(line.item.data, name))


def outside(network: Network, line: Line) -> Scope:
    """Return the words where the new lines stand in place of the old one."""
    return Scope(flowed(network.source.raw(line.item.data, "conv")), _before(network, line))


def inside(network: Network, line: Line) -> Scope:
    """Return the words in a block of the new lines, where ``cin`` is what enters them; names become arguments."""
    data, source = line.item.data, network.source
    args = []
    for option in ("conv", *OPTIONS):
        if option in data and _names(source.raw(data, option)) - {"x"}:
            args.append(("c" if option == "conv" else option, flowed(source.raw(data, option))))
    literal = flowed(source.raw(data, "conv"))
    return Scope("c" if args and args[0][0] == "c" else literal, "cin", tuple(args))


def _names(raw: str) -> set[str]:
    """Return the names in a value that is an expression; none in a word of the language."""
    words = {"valid", "half", "same", "same_lower", "full", "causal", "true", "false", "exact", "floor", "ceil", "none"}
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"(?<=[0-9])x(?=[0-9])", " ", raw))) - words


def _before(network: Network, line: Line) -> str:
    """Return the text of the channels that enter a line: the argument of the conv that all uses of it read."""
    found = set()
    for one in line.uses:
        path = one.node.inputs[0]
        while path in network.facts and not isinstance(network.facts[path].node.layer, Conv):
            before = network.facts[path]
            if len(before.node.inputs) > 1 or before.shape[0] != before.inputs[0][0]:
                return ""
            path = before.node.inputs[0]
        above = network.facts.get(path)
        if above is None or above.node.origin.calls != one.node.origin.calls:
            return ""
        found.add(network.source.at(above.node.origin.span))
    item = network.source.items.get(found.pop()) if len(found) == 1 else None
    if item is None or item.args != line.item.args or not {"repeat", "when"}.isdisjoint(item.data):
        return ""
    return flowed(network.source.raw(item.data, "conv")) if "conv" in item.data else ""


def channels(scope: Scope, line: Line, wanted: Sequence[int]) -> str:
    """Return a text for so many channels at each use."""
    outs, sources = [one.shape[0] for one in line.uses], [one.inputs[0][0] for one in line.uses]
    wanted = list(wanted)
    if wanted == outs:
        return scope.out
    if not scope.out.isdecimal() and wanted == [out // 2 for out in outs]:
        return flowed(f"{_atom(scope.out)}//2")
    if scope.source and not scope.source.isdecimal() and wanted == sources:
        return scope.source
    if len(set(wanted)) == 1:
        return str(wanted[0])
    if scope.source and wanted == [min(pair) for pair in zip(outs, sources, strict=True)]:
        return f'"min({scope.source.strip(QUOTES)}, {scope.out.strip(QUOTES)})"'
    raise Unsayable("the channels between have no one expression for all uses")


def _atom(text: str) -> str:
    """Return an expression that can be divided.

    >>> _atom("c"), _atom("4*c"), _atom('"max(c, 8)"')
    ('c', '(4*c)', '(max(c, 8))')
    """
    bare = text.strip(QUOTES)
    return bare if re.fullmatch(r"\w+", bare) else f"({bare})"
