"""New layers in place of a line of a spec, or in front of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.advise.line import Line, Network
from cnncalc.advise.meaning import literal, meaning
from cnncalc.advise.patch import Patch
from cnncalc.advise.saying import said
from cnncalc.advise.scope import OPTIONS, Scope, Unsayable, outside
from cnncalc.advise.source import Item, flowed
from cnncalc.advise.writing import Rewrite, line_of, new_name, one_line, separator
from cnncalc.layers.base import Layer, output_shape
from cnncalc.spec.line import OPS

Row = Sequence[Layer]


def in_place(network: Network, line: Line, rows: Sequence[Row]) -> Rewrite:
    """Return the new layers in place of a line, all uses of it alike; raise Unsayable where they cannot be written."""
    item, data, source = line.item, line.item.data, network.source
    if "repeat" in data:
        raise Unsayable("it has a repeat")
    scope, last = outside(network, line), len(rows[0]) - 1
    new = [said(network, line, scope, at, rows) for at in range(last)]
    shared = {"when": flowed(one_line(network, item, "when"))} if "when" in data else {}
    for number, options in enumerate(new, start=1):
        options.update(shared)
        if network.numbered:
            options["name"] = new_name(network, line, f"_{number}")
    if "from" in data:
        new[0]["from"] = one_line(network, item, "from")
    changes = _changes(network, line, scope, rows, last)
    texts = [line_of(options, item, source.newline) for options in new]
    patch = Patch(item.start, item.start, "".join(text + separator(network, item) for text in texts), item.start)
    return Rewrite((patch, *_edited(network, item, changes)))


def in_front(network: Network, line: Line, item: Item, word: str) -> tuple[Patch, ...]:
    """Return the patches that put a layer that is a word in front of a line: it reads what that did."""
    options = {name: flowed(one_line(network, item, name)) for name in ("from", "when") if name in item.data}
    if network.numbered:
        options["name"] = new_name(network, line, "_pooled")
    text = f"{{{', '.join([word, *(f'{name}: {value}' for name, value in options.items())])}}}" if options else word
    changes = {"from": ("", "prev")} if "from" in item.data else {}
    patch = Patch(item.start, item.start, text + separator(network, item), line.item.start)
    return patch, *_edited(network, item, changes)


def _changes(network: Network, line: Line, scope: Scope, rows: Sequence[Row], last: int) -> dict[str, tuple[str, str]]:
    """Return what the last layer has other than the line: the option's text, "" to leave it out, and in full."""
    options = said(network, line, scope, last, rows, kept=True)
    shape = line.uses[0].inputs[0]
    for layer in rows[0][:last]:
        shape = output_shape(layer, (shape,))
    found = {}
    for name in OPTIONS:
        if name == "multiplier":
            continue
        old = flowed(network.source.raw(line.item.data, name)) if name in line.item.data else ""
        new = options.get(name, "")
        if new != old:
            layer = rows[0][last]
            found[name] = new, new or literal(name, meaning(layer, name, getattr(layer, name), shape))
    if "from" in line.item.data:
        found["from"] = "", "prev"
    return found


def _edited(network: Network, item: Item, changes: dict[str, tuple[str, str]]) -> list[Patch]:
    """Return the patches that change, leave out or add options of a line."""
    source, data, names = network.source, item.data, list(item.data)
    found, added = [], []
    op = next((at for at, name in enumerate(names) if name in OPS), 0)
    for name, (text, full) in changes.items():
        if name not in data:
            added.append(f"{name}: {text}")
            continue
        start, end = source.stretch(data, name)
        at = names.index(name)
        if not text and at > op:
            before = source.stretch(data, names[at - 1])[1]
            rest = re.match(r"[ \t]*(\r\n|\r|\n|$)", source.text[end:])
            if re.fullmatch(r"\s*,\s*" if item.braced else r"\s*", source.text[before:start]) and (item.braced or rest):
                found.append(Patch(before, end, "", item.start))
                continue
        found.append(Patch(start, end, f"{name}: {text or full}", item.start))
    if added:
        end = (
            max(source.stretch(data, name)[1] for name in names) if item.braced else source.stretch(data, names[op])[1]
        )
        rest = re.match(r"[^\r\n]*", source.text[end:])
        at = end if item.braced or rest is None else end + rest.end()
        between = ", " if item.braced else f"{source.newline}{' ' * item.column}"
        found.append(Patch(at, at, "".join(between + text for text in added), item.start))
    return found
