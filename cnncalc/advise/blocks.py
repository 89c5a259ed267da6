"""New blocks put into a spec: below ``blocks:``, which is made where the file has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.advise.line import Network
from cnncalc.advise.patch import Patch, Patched
from cnncalc.advise.writing import Body, Rewrite
from cnncalc.spec.source import Mapping


def composed(network: Network, rewrites: Sequence[Rewrite]) -> Patched:
    """Return the file's text with some lines rewritten; lines that use the same block share it."""
    bodies = list(dict.fromkeys(one.body for one in rewrites if one.body))
    patches = [patch for one in rewrites for patch in one.patches]
    return Patched(network.source.text, [*patches, *([_inserted(network, bodies)] if bodies else [])])


def free_name(network: Network, base: str, taken: Sequence[str] = ()) -> str:
    """Return a name for a block that the file does not have: the base, or with a number."""
    blocks = network.source.data.get("blocks")
    known = {*(blocks if isinstance(blocks, dict) else ()), *taken}
    name, number = base, 1
    while name in known:
        number += 1
        name = f"{base}_{number}"
    return name


def _inserted(network: Network, bodies: Sequence[Body]) -> Patch:
    data, source = network.source.data, network.source
    blocks = data.get("blocks")
    if isinstance(blocks, Mapping):
        start = source.at(blocks.span)
        if source.text[start : start + 1] == "{":
            return _joined(start + 1, "", [_flow(body) for body in bodies], ", " if blocks else "")
        start = source.stretch(blocks, next(iter(blocks)))[0]
        line = source.text.rfind("\n", 0, start) + 1
        indent = start - line
        return _joined(line, "", [_lines(body, indent, source.newline) for body in bodies])
    start = source.stretch(data, "layers")[0]
    line = source.text.rfind("\n", 0, start) + 1
    if start > line:
        return _joined(start, "blocks: {", [_flow(body) for body in bodies], "}, ")
    while above := re.search(r"(^|\n)[ \t]*#[^\n]*\n$", source.text[:line]):
        line = above.start() + len(above[1])
    return _joined(line, f"blocks:{source.newline}", [_lines(body, 2, source.newline) for body in bodies])


def _joined(at: int, head: str, parts: Sequence[tuple[str, list[int]]], tail: str = "") -> Patch:
    between = ", " if tail or head.endswith("{") or not parts[0][0].endswith("\n") else ""
    text, standing = head, set()
    for index, (part, places) in enumerate(parts):
        text += between if index else ""
        standing |= {len(text) + place for place in places}
        text += part
    return Patch(at, at, text + tail, standing=frozenset(standing))


def _flow(body: Body) -> tuple[str, list[int]]:
    text = f"{body.name}: {{" + (f"args: {{{', '.join(body.args)}}}, " if body.args else "") + "layers: ["
    places = []
    for index, (line, ends) in enumerate(body.lines):
        text += ", " if index else ""
        places += [len(text)] if ends else []
        text += line
    return f"{text}]}}", places


def _lines(body: Body, indent: int, newline: str) -> tuple[str, list[int]]:
    outer, inner = " " * indent, " " * (indent + 2)
    text = f"{outer}{body.name}:{newline}"
    text += f"{inner}args: {{{', '.join(body.args)}}}{newline}" if body.args else ""
    text += f"{inner}layers:{newline}"
    places = []
    for line, ends in body.lines:
        text += f"{inner}- "
        places += [len(text)] if ends else []
        text += f"{line}{newline}"
    return text, places
