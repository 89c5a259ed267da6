"""Scopes: how lines that have no name get one, what a line sees, and what a reference stands for where it stands."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from cnncalc.errors import InvalidField, Place, Span, UnknownName
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.line import Line
from cnncalc.spec.refusal import several, suggestion
from cnncalc.spec.source import twice

Value = TypeVar("Value")


def name_lines(lines: list[Line], inputs: Collection[str] = ()) -> dict[str, Line]:
    """Give every line of one scope, branches included, a name; return the lines by name.

    A layer without a name is its op and a number, conv1; a block used once is the block's name, and with a number where
    it is used several times. A name given in the file is never taken, nor one of the ``inputs`` of the scope.
    """
    scope = list(_scope(lines))
    named: dict[str, Line] = {}
    for line in scope:
        if not line.common.name:
            continue
        if line.common.name in inputs:
            raise InvalidField(
                line.place._replace(span=line.data.values_at["name"]),
                f"the name '{line.common.name}' must be given once (it is that of an input)",
            )
        if first := named.get(line.common.name):
            raise InvalidField(
                line.place._replace(span=line.data.values_at["name"]),
                f"the name '{line.common.name}' must be given once ({twice(first.place.span, line.place.span)})",
            )
        named[line.common.name] = line
    bases = [line.block or line.op for line in scope if not line.common.name]
    several = {base for base, times in Counter(bases).items() if times > 1}
    numbers: Counter[str] = Counter()
    for line in scope:
        if line.common.name:
            line.name = line.common.name
            continue
        base = line.block or line.op
        line.name = base if line.block and base not in several else ""
        while not line.name or line.name in named or line.name in inputs:
            numbers[base] += 1
            line.name = f"{base}{numbers[base]}"
        named[line.name] = line
    return named


def _scope(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines whose names are visible side by side: those of a repeated line's branches are not."""
    for line in lines:
        if line.common.repeat is None:
            for operand in line.operands:
                if not isinstance(operand, str):
                    yield from _scope(operand)
        yield line


class Name(NamedTuple):
    """What a name stands for: the tensor at its end, and the names inside it.

    ``kind`` is its op, or the block it uses, and ``owner`` the path of the layer whose tensors it uses; an input has
    neither.
    """

    value: str | None
    path: str
    kind: str = ""
    owner: str = ""
    inside: Mapping[str, Name] = MappingProxyType({})


class Environment(dict[str, Number]):
    """The values of the names in one scope; ``cin``, the channels that enter it, is worked out when asked for."""

    def __init__(self, values: Mapping[str, Number], channels: Callable[[], int]) -> None:
        super().__init__(values)
        self.channels = channels

    def __missing__(self, name: str) -> Number:
        if name != "cin":
            raise KeyError(name)
        return self.channels()


class Scope(NamedTuple):
    """One list of layers being expanded: where it is, and what its lines see.

    ``calls`` are the places of the uses that led here and ``active`` their blocks; ``shared`` is the path that this
    scope's layers begin with, and the one that the layers whose tensors they use begin with.
    """

    path: str
    names: MutableMapping[str, Name]
    environment: Environment
    entry: str | None
    later: MutableMapping[str, Line]
    calls: tuple[Span, ...] = ()
    active: tuple[str, ...] = ()
    shared: tuple[str, str] | None = None


def owner(path: str, shared: tuple[str, str] | None) -> str:
    """Return the path of the layer whose tensors the one at ``path`` uses."""
    return shared[1] + path.removeprefix(shared[0]) if shared else path


def maps(names: MutableMapping[str, Value]) -> list[MutableMapping[str, Value]]:
    """Return the names of a scope and of those around it, the innermost first."""
    return list(names.maps) if isinstance(names, ChainMap) else [names]


def resolve(reference: str, names: Mapping[str, Name], place: Place, later: Mapping[str, Line]) -> list[Name]:
    """Return what a reference stands for: one name, or one for each match of its ``*``.

    Raises UnknownName with the nearest name, or the line below that gives it.
    """
    first, *rest = reference.split(".")
    if first in ("prev", "in"):
        what = f"'{reference}': there are no names in {first}" if rest else f"a layer must be named here, not '{first}'"
        raise UnknownName(place, what, help="give that layer a name")
    if first not in names:
        raise UnknownName(place, f"'{first}' must be given above this line", help=_hint(first, names, place, later))
    found = [names[first]]
    for step in rest:
        if step == "*":
            found = [inner for name in found for key, inner in name.inside.items() if key.isdigit()]
            continue
        missing = next((name for name in found if step not in name.inside), None)
        if missing is not None:
            has = several(missing.inside, "no names in it")
            raise UnknownName(
                place,
                f"'{reference}': there must be '{step}' in {missing.path} (it has {has})",
                help=suggestion(step, missing.inside),
            )
        found = [name.inside[step] for name in found]
    if not found:
        help = "* stands for each time of a layer that has repeat or rows"
        raise UnknownName(place, f"'{reference}' must match at least one layer", help=help)
    return found


def _hint(name: str, names: Mapping[str, Name], place: Place, later: Mapping[str, Line]) -> str:
    if name in later:
        at = later[name].place.span
        if at > place.span:
            return f"line {at.line} gives it, below"
        if (at.end_line, at.end_column) < place.span[:2]:
            return f"line {at.line} gives it, but that layer is left out, or in a branch that is repeated"
    return suggestion(name, ["prev", "in", *names])
