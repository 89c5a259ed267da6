"""A line of a spec as the use of a block of new layers, in which the uses that are left stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.advise.line import Line, Network
from cnncalc.advise.patch import Patch
from cnncalc.advise.saying import said
from cnncalc.advise.scope import Scope, Unsayable, inside
from cnncalc.advise.source import flowed
from cnncalc.advise.writing import Body, Rewrite, line_of, new_name, one_line
from cnncalc.layers.base import Layer
from cnncalc.spec.values import COMMON

Row = Sequence[Layer]


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
        used["name"] = new_name(network, line, "")
    used |= {option: flowed(one_line(network, item, option)) for option in COMMON if option in data}
    if not item.listed and not item.braced and item.dash < 0:
        raise Unsayable("it is not written in braces, nor behind its dash")
    patch = Patch(item.start, item.end, line_of(used, item, network.source.newline), item.start)
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
            one_line(network, line.item, name)
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
