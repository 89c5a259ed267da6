"""The columns that a report of shapes can have: each a title, and what it shows of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis import Analysis, Facts, Totals
from cnncalc.errors import UsageError, closest, printable
from cnncalc.folding import Group
from cnncalc.report.units import binary, count, exact, field_part, ratio, shape, share, short

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.profiles import Counted

Cell = str | int


class Column(NamedTuple):
    """One column: ``value`` is exact, for CSV; ``text`` is for people; ``brief`` is what a narrow table shows."""

    title: str
    value: Callable[[Group, Totals], Cell]
    text: Callable[[Group, Totals], str]
    total: Callable[[Totals], str] | None = None
    brief: Callable[[Group, Totals], str] | None = None
    brief_total: Callable[[Totals], str] | None = None
    is_number: bool = False


def _word(title: str, value: Callable[[Group], str], brief: Callable[[Group], str] | None = None) -> Column:
    return Column(
        title,
        lambda group, _: value(group),
        lambda group, _: printable(value(group)),
        brief=(lambda group, _: printable(brief(group))) if brief else None,
    )


def _sum(title: str, name: str) -> Column:
    return Column(
        title,
        lambda group, _: exact(getattr(group.totals, name)),
        lambda group, _: count(getattr(group.totals, name)),
        lambda totals: f"{getattr(totals, name):,}",
        lambda group, _: short(getattr(group.totals, name)),
        lambda totals: short(getattr(totals, name)) or "0",
        is_number=True,
    )


def _share(title: str, name: str) -> Column:
    def text(group: Group, totals: Totals) -> str:
        return share(getattr(group.totals, name), getattr(totals, name))

    return Column(title, text, text, is_number=True)


def _field(title: str, part: str) -> Column:
    def text(group: Group, _: Totals) -> str:
        return field_part(group.last.field, part) if group.last.field else ""

    return Column(title, text, text, is_number=True)


def _op(group: Group) -> str:
    if len(group.facts) > 1:
        return f"{len(group.facts)} layers"
    return group.last.node.op


def _settings(group: Group) -> str:
    if len(group.facts) > 1:
        return _op(group)
    node = group.last.node
    settings = node.layer.settings(len(group.last.inputs[0]) - 1)
    shared = f"weights of {node.weights}" if node.weights != node.path and group.last.parameters else ""
    return " ".join(part for part in (node.op, "" if settings == node.op else settings, shared) if part)


def _on_input(group: Group) -> int:
    return sum(one.macs_on_input for one in group.facts)


def _names(facts: Facts) -> str:
    return " ".join(facts.node.inputs)


def _bytes(title: str, size: Callable[[Group], int], total: Callable[[Totals], str] | None = None) -> Column:
    def text(group: Group, _: Totals) -> str:
        found = size(group)
        return binary(found) if found else ""

    return Column(title, lambda group, _: size(group), text, total, is_number=True)


def _weights(totals: Totals) -> int:
    from cnncalc.memory.columns import weight_bytes

    return weight_bytes(totals)


def _output(group: Group) -> int:
    from cnncalc.memory.columns import output_bytes

    return output_bytes(group.last)


def _traffic(group: Group) -> int:
    from cnncalc.memory.columns import traffic_bytes

    return traffic_bytes(group)


def _intensity(group: Group) -> Fraction | None:
    from cnncalc.memory.columns import intensity

    return intensity(group)


def _decimal(number: Fraction | None) -> str:
    return "" if number is None else str(float(number))


COLUMNS = {
    "layer": _word("layer", lambda group: group.path),
    "op": _word("op", _settings, brief=_op),
    "inputs": _word("inputs", lambda group: _names(group.facts[0])),
    "input": _word("input", lambda group: " ".join(shape(one) for one in group.facts[0].inputs)),
    "output": _word("output", lambda group: shape(group.last.shape)),
    "params": _sum("params", "params"),
    "params_share": _share("params %", "params"),
    "buffers": _sum("buffers", "buffers"),
    "macs": _sum("MACs", "macs"),
    "macs_share": _share("MACs %", "macs"),
    "macs_on_input": Column(
        "MACs on input",
        lambda group, _: exact(_on_input(group)),
        lambda group, _: count(_on_input(group)),
        is_number=True,
    ),
    "flops": _sum("FLOPs", "flops"),
    "flops_share": _share("FLOPs %", "flops"),
    "activations": _sum("activations", "activations"),
    "field": _field("field", "size"),
    "jump": _field("jump", "jump"),
    "start": _field("start", "start"),
    "bytes": _bytes("bytes", lambda group: _weights(group.totals), lambda totals: binary(_weights(totals))),
    "output_bytes": _bytes("output bytes", _output),
    "live": _bytes("live", lambda group: group.live),
    "traffic": _bytes("traffic", _traffic),
    "intensity": Column(
        "intensity",
        lambda group, _: _decimal(_intensity(group)),
        lambda group, _: ratio(_intensity(group)),
        is_number=True,
    ),
}
MEMORY = ("bytes", "output_bytes", "live", "traffic", "intensity")
"""The columns of memory, in fp32; they need numbers for sizes."""
DEFAULT = ("layer", "op", "output", "params", "macs", "field", "jump", "start")
PROFILE = "profile"
"""The column of what another tool counts, which there is only with a profile."""


def columns(counted: Counted | None = None) -> Mapping[str, Column]:
    """Return the columns by name; with a profile, that of what its tool counts for each row, too."""
    if counted is None:
        return COLUMNS
    by_path, whole = counted.amounts, counted.total

    def amount(group: Group) -> int:
        return sum(by_path[one.node.path] for one in group.facts)

    column = Column(
        counted.profile.name,
        lambda group, _: exact(amount(group)),
        lambda group, _: count(amount(group)),
        lambda _: f"{whole:,}",
        lambda group, _: short(amount(group)),
        lambda _: short(whole) or "0",
        is_number=True,
    )
    return {**COLUMNS, PROFILE: column}


def chosen(text: str | None, *, with_profile: bool = False) -> list[str]:
    """Return the names of the columns that ``--columns`` asks for; a leading + adds to the usual ones.

    >>> chosen("+params_share")[-1], chosen("layer,params")
    ('params_share', ['layer', 'params'])
    >>> chosen(None, with_profile=True)[4:6]
    ['macs', 'profile']
    """
    usual, known = list(DEFAULT), list(COLUMNS)
    if with_profile:
        usual.insert(usual.index("macs") + 1, PROFILE)
        known.append(PROFILE)
    if text is None:
        return usual
    adds = text.startswith("+")
    names = [name.strip().lstrip("+") for name in text.split(",")]
    for name in names:
        if name == PROFILE and not with_profile:
            raise UsageError("--columns: the column 'profile' needs --profile NAME; `cnncalc profiles` lists them")
        if name not in known:
            near = closest(name, known)
            hint = f"; did you mean {near}?" if near else f"; there are {', '.join(known)}"
            raise UsageError(f"--columns: there is no column '{printable(name[:40])}'{hint}")
    return list(dict.fromkeys([*(usual if adds else ()), *names]))


def cells(
    analysis: Analysis, groups: Sequence[Group], names: Sequence[str], counted: Counted | None = None
) -> list[list[Cell]]:
    """Return the exact values, row by row."""
    known, totals = columns(counted), analysis.totals
    return [[known[name].value(group, totals) for name in names] for group in groups]
