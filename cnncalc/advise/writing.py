"""The new layers put into a spec: in place of a line, or in a block that the line uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.advise.line import Line, Network
from cnncalc.advise.patch import Patch
from cnncalc.advise.saying import OPTIONS, Scope, Unsayable, inside, literal, meaning, outside, said
from cnncalc.advise.source import Item, flowed
from cnncalc.layers.base import Layer, output_shape
from cnncalc.spec.line import OPS
from cnncalc.spec.values import COMMON

Row = Sequence[Layer]


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


def in_place(network: Network, line: Line, rows: Sequence[Row]) -> Rewrite:
    """Return the new layers in place of a line, all uses of it alike; raise Unsayable where they cannot be written."""
    item, data, source = line.item, line.item.data, network.source
    if "repeat" in data:
        raise Unsayable("it has a repeat")
    scope, last = outside(network, line), len(rows[0]) - 1
    new = [said(network, line, scope, at, rows) for at in range(last)]
    shared = {"when": flowed(_one_line(network, item, "when"))} if "when" in data else {}
    for number, options in enumerate(new, start=1):
        options.update(shared)
        if network.numbered:
            options["name"] = _name(network, line, f"_{number}")
    if "from" in data:
        new[0]["from"] = _one_line(network, item, "from")
    changes = _changes(network, line, scope, rows, last)
    texts = [_written(options, item, source.newline) for options in new]
    patch = Patch(item.start, item.start, "".join(text + separator(network, item) for text in texts), item.start)
    return Rewrite((patch, *_edited(network, item, changes)))


def in_front(network: Network, line: Line, item: Item, word: str) -> tuple[Patch, ...]:
    """Return the patches that put a layer that is a word in front of a line: it reads what that did."""
    options = {name: flowed(_one_line(network, item, name)) for name in ("from", "when") if name in item.data}
    if network.numbered:
        options["name"] = _name(network, line, "_pooled")
    text = f"{{{', '.join([word, *(f'{name}: {value}' for name, value in options.items())])}}}" if options else word
    changes = {"from": ("", "prev")} if "from" in item.data else {}
    patch = Patch(item.start, item.start, text + separator(network, item), line.item.start)
    return patch, *_edited(network, item, changes)


def separator(network: Network, item: Item) -> str:
    """Return what stands between a line and the next one in its list."""
    if item.listed and item.braced:
        return ", "
    if item.listed or item.dash < 0:
        raise Unsayable("it is not written in braces, nor behind its dash")
    return f"{network.source.newline}{' ' * item.dash}-{' ' * (item.column - item.dash - 1)}"


def _name(network: Network, line: Line, suffix: str) -> str:
    """Return a name that no line has yet, after what the line is called."""
    parts = line.uses[0].node.path.split(".")
    base = parts[-2] if "repeat" in line.item.data and len(parts) > 1 else parts[-1]
    name = f"{base}{suffix}"
    while name in network.names:
        name += "_"
    return name


def _one_line(network: Network, item: Item, option: str) -> str:
    raw = network.source.raw(item.data, option)
    if "\n" in raw or "\r" in raw:
        raise Unsayable(f"its {option} stands on several lines")
    return raw


def _written(options: dict[str, str], item: Item, newline: str) -> str:
    """Return a line of these options, in braces where the old one is."""
    parts = [f"{name}: {text}" for name, text in options.items()]
    if item.braced:
        return f"{{{', '.join(parts)}}}"
    return f"{newline}{' ' * item.column}".join(parts)


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


def in_block(network: Network, line: Line, uses: Sequence[int], rows: Sequence[Row], name: str) -> Rewrite:
    """Return the line as the use of a block of the new layers; those not in ``uses`` stay as they are in it.

    Raises Unsayable where no condition on the channels tells the uses apart, or an option cannot be written.
    """
    item, data = line.item, line.item.data
    if re.search(r"(^|\s)#", network.source.text[item.start : item.end]):
        raise Unsayable("it would become the use of a block, and a comment stands inside it")
    scope = inside(network, line)
    chosen = line._replace(uses=tuple(line.uses[use] for use in uses))
    last = len(rows[0]) - 1
    new = [said(network, chosen, scope, at, rows) for at in range(last)]
    new.append(_last(network, chosen, scope, rows, last))
    lines = []
    rest = [one for use, one in enumerate(line.uses) if use not in set(uses)]
    if rest:
        yes, no = _condition(scope, chosen, line._replace(uses=tuple(rest)))
        lines.append((_as_it_was(network, line, scope) | {"when": no}, True))
        new = [options | {"when": yes} for options in new]
    lines += [(options, options is new[-1]) for options in new]
    texts = [(f"{{{', '.join(f'{key}: {text}' for key, text in options.items())}}}", ends) for options, ends in lines]
    used = {"use": name}
    if scope.args:
        used["with"] = f"[{', '.join(text for _, text in scope.args)}]"
    if network.numbered and "name" not in data:
        used["name"] = _name(network, line, "")
    used |= {option: flowed(_one_line(network, item, option)) for option in COMMON if option in data}
    if not item.listed and not item.braced and item.dash < 0:
        raise Unsayable("it is not written in braces, nor behind its dash")
    patch = Patch(item.start, item.end, _written(used, item, network.source.newline), item.start)
    return Rewrite((patch,), Body(name, tuple(arg for arg, _ in scope.args), tuple(texts)))


def _last(network: Network, line: Line, scope: Scope, rows: Sequence[Row], last: int) -> dict[str, str]:
    """Return the last of the new layers: with the norm and the act of the line, and none where that says so."""
    options = said(network, line, scope, last, rows)
    for role in ("norm", "act"):
        if role in line.item.data:
            options[role] = options.get(role) or network.source.raw(line.item.data, role)
    return options


def _as_it_was(network: Network, line: Line, scope: Scope) -> dict[str, str]:
    data = line.item.data
    options = {"conv": scope.out}
    for name in data:
        if name not in ("conv", *COMMON):
            _one_line(network, line.item, name)
            options[name] = scope.text(network, line, name)
    return options


def _condition(scope: Scope, chosen: Line, rest: Line) -> tuple[str, str]:
    """Return the condition on the channels that holds for some uses and not for the others, and its contrary."""
    yes, no = ([one.inputs[0][0] for one in part.uses] for part in (chosen, rest))
    if max(no) < min(yes):
        return f"cin > {max(no)}", f"cin <= {max(no)}"
    same = [[one.inputs[0][0] == one.shape[0] for one in part.uses] for part in (chosen, rest)]
    out = scope.out.strip("\"'")
    if all(same[0]) and not any(same[1]):
        return f"cin == {out}", f"cin != {out}"
    if max(yes) < min(no):
        return f"cin < {min(no)}", f"cin >= {min(no)}"
    if set(yes).isdisjoint(no) and len(set(no)) <= 3:
        several = sorted(set(no))
        return " and ".join(f"cin != {n}" for n in several), " or ".join(f"cin == {n}" for n in several)
    raise Unsayable("no condition on its channels tells the uses that would save from the others")
