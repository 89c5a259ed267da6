"""The rewritten spec loaded, analysed and set beside the old one: what must be the same, and what each line saves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.advise.blocks import composed
from cnncalc.advise.line import Network
from cnncalc.advise.patch import Home, Patched
from cnncalc.advise.writing import Rewrite
from cnncalc.analysis import Analysis, Facts, Totals, total
from cnncalc.claims import exceeded, field_text, of_layers
from cnncalc.errors import Span, SpecError
from cnncalc.field import Field
from cnncalc.layers.base import sizes_text

Reload = Callable[[str], Analysis]
"""Loads and analyses a text as the file was; raises SpecError."""


class Proof(NamedTuple):
    """A rewritten text that was proved: its analysis, what each line cost and costs, and how much was compared."""

    text: str
    analysis: Analysis
    lines: Mapping[int, tuple[Totals, Totals]]
    compared: int
    """How many tensors stand in both networks, with the same shape and receptive field in each."""
    ends: Mapping[int, tuple[Facts, ...]]
    """The tensors at the end of each line."""


class Unproved(Exception):
    """What is not the same after a rewrite."""


def proved(network: Network, rewrites: Sequence[Rewrite], reload: Reload) -> Proof:
    """Return the proof that rewrites keep every tensor that stays, its receptive field and the outputs.

    Raises Unproved with what differs.
    """
    passed = {place for one in rewrites for place in one.passed}
    try:
        patched = composed(network, rewrites)
        after = reload(patched.text)
    except SpecError as error:
        raise Unproved(f"{error.place.path}: {error.fact}" if error.place.path else error.fact) from None
    except ValueError as error:  # of patches that overlap
        raise Unproved(str(error)) from None
    old, old_costs = _lines(network.analysis, lambda span: Home(network.source.at(span), kept=True))
    new, new_costs = _lines(after, _homes(patched))
    if {key: len(nodes) for key, nodes in old.items()} != {key: len(nodes) for key, nodes in new.items()}:
        raise Unproved("other layers would come of the file")
    compared = 0
    for key, nodes in old.items():
        if key[0] in passed:
            continue
        for one, two in zip(nodes, new[key], strict=True):
            if one.shape != two.shape:
                was, is_ = sizes_text(one.shape), sizes_text(two.shape)
                raise Unproved(f"{one.node.path} would be {is_}, not {was}")
            if one.field != two.field:
                was, is_ = field_text(one.field), field_text(two.field)
                raise Unproved(f"{one.node.path} would have another receptive field ({is_}, not {was})")
            compared += 1
    _same_ends(network.analysis, after)
    costs = {
        line: (total(old_costs.get(line, ())), total(new_costs.get(line, ()))) for line in {*old_costs, *new_costs}
    }
    ends = {line: tuple(new[line, ""]) for line, role in new if role == ""}
    return Proof(patched.text, after, costs, compared, ends)


def _same_ends(before: Analysis, after: Analysis) -> None:
    """Raise Unproved unless the outputs are the same and no claim of a line, and no budget, is broken that was kept."""
    old, new = (_outputs(one) for one in (before, after))
    if old != new:
        raise Unproved("the outputs would not be the same")
    if len([*of_layers(after)]) > len([*of_layers(before)]):
        raise Unproved("a line would not have the output that it expects")
    known = {one.name for one in exceeded(before)}
    for one in exceeded(after):
        if one.name not in known:
            raise Unproved(f"its {one.name} would be {one.found}, over the budget of {one.stated}")


def _outputs(analysis: Analysis) -> list[tuple[tuple[int, ...], Field | None]]:
    fields = {one.node.path: one.field for one in analysis.facts}
    return [(shape, fields.get(path)) for path, shape in analysis.outputs.items()]


Where = Callable[[Span], Home]
Nodes = dict[tuple[int, str], list[Facts]]


def _lines(analysis: Analysis, home: Where) -> tuple[Nodes, dict[int, list[Facts]]]:
    """Return the nodes by the line they stand for and their role on it, and all nodes by the line they are due to."""
    paths: dict[str, Facts] = {}
    ends: Nodes = defaultdict(list)
    every: dict[int, list[Facts]] = defaultdict(list)
    for one in analysis.facts:
        path, _, role = one.node.path.rpartition(".")
        owner = paths.get(path) if role in ("norm", "act") else None
        paths[one.node.path] = one
        at = (owner or one).node.origin
        found = home(at.span)
        if found.through:
            found = Home(home(at.calls[-1]).line, found.kept)
        every[found.line].append(one)
        if found.kept:
            ends[found.line, role if owner else ""].append(one)
    return ends, every


def _homes(patched: Patched) -> Where:
    starts = [0, *(found.end() for found in re.finditer("\r\n|\r|\n", patched.text))]
    known: dict[Span, Home] = {}

    def home(span: Span) -> Home:
        if span not in known:
            known[span] = patched.home(starts[min(span.line, len(starts)) - 1] + span.column - 1)
        return known[span]

    return home


def changed_lines(old: str, new: str, most: int) -> tuple[list[tuple[str, int, str]], int]:
    r"""Return the lines that go (-) and come (+), each with its number in its text, at most so many, and the rest.

    >>> changed_lines("a\nb\nc", "a\nx\nc", 5)
    ([('-', 2, 'b'), ('+', 2, 'x')], 0)
    """
    from difflib import SequenceMatcher

    before, after = old.splitlines(), new.splitlines()
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            found += [("-", number + 1, before[number]) for number in range(a, b)]
            found += [("+", number + 1, after[number]) for number in range(c, d)]
    return found[:most], max(0, len(found) - most)
