"""What a difference is told in: what became of a row, and what stands beneath the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis import Facts
from cnncalc.difference import Difference, Entry, Fate, Renaming, Setting
from cnncalc.difference.folding import Row, is_told
from cnncalc.difference.renames import Renamed, renames
from cnncalc.errors import printable
from cnncalc.layers.base import setting_text
from cnncalc.report.difference.counts import layers
from cnncalc.report.notes import profile_legend
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from cnncalc.profiles import Counted

MARKS = {Fate.ADDED: "+", Fate.REMOVED: "-", Fate.REPLACED: "~", Fate.CHANGED: "~", Fate.AFFECTED: "·"}
LEGEND = "+ added, - removed, ~ changed, · affected by what is above"
MOST = 8
"""How many tensors that a layer reads are listed."""


def legend_of(counted: Sequence[Counted]) -> str:
    """Return what the number of another tool, as which two networks are counted, really is."""
    return profile_legend(counted[0].profile, [op for one in counted for op in one.unknown])


def path_text(row: Row) -> str:
    """Return where a row's layers are."""
    return printable(f"{row.path} to {row.last}" if row.last else row.path)


def row_text(row: Row) -> str:
    """Return what became of a row's layers."""
    first, number = row.entries[0], len(row.entries)
    alike = "" if row.is_line else f" ({layers(number)})"
    if row.fate is Fate.CHANGED:
        text = ", ".join([setting(one, first) for one in first.settings] + ([reads(first)] if first.rewired else []))
        was = first.before.node.path if first.before and row.is_line else row.path
        return f"{text}{alike}" + (f", was {printable(was)}" if was != row.path else "")
    if row.fate is Fate.REPLACED:
        assert first.before is not None
        assert first.after is not None
        return f"{layer_text(first.before)} → {layer_text(first.after)}{alike}"
    if row.fate is Fate.AFFECTED:
        return affected(first, row.entries[-1]) if row.is_line else layers(number)
    facts = [one for one in (entry.after or entry.before for entry in row.entries) if one is not None]
    if row.is_line:
        return " + ".join([layer_text(one) for one in facts])
    ops = {layer_text(one) for one in facts}
    return f"{ops.pop()}{alike}" if len(ops) == 1 else layers(number)


def layer_text(facts: Facts) -> str:
    """Return an op with its settings."""
    settings = facts.node.layer.settings(len(facts.inputs[0]) - 1)
    return facts.node.op if settings in ("", facts.node.op) else f"{facts.node.op} {settings}"


def setting(one: Setting, entry: Entry) -> str:
    """Return an option that differs, with both values."""
    assert entry.before is not None
    assert entry.after is not None
    sides = ((entry.before, one.before), (entry.after, one.after))
    texts = [setting_text(one.name, value, len(facts.inputs[0]) - 1) for facts, value in sides]
    return printable(f"{'act' if one.name == 'function' else one.name} {texts[0]} → {texts[1]}")


def reads(entry: Entry) -> str:
    """Return which tensors a layer reads, and read."""
    assert entry.before is not None
    assert entry.after is not None
    return printable(f"reads {listed(entry.after.node.inputs)}, not {listed(entry.before.node.inputs)}")


def listed(names: Sequence[str]) -> str:
    """Return names, cut short where they are many.

    >>> listed(["a", "b"]), listed([str(n) for n in range(20)])
    ('a and b', '0, 1, 2, 3, 4, 5, 6, 7 and 12 more')
    """
    more = len(names) - MOST
    shown = [*names[:MOST], f"{more} more"] if more > 0 else list(names)
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def affected(first: Entry, last: Entry) -> str:
    """Return what is above did to a line: its output's shape, or its input's."""
    assert first.before is not None
    assert first.after is not None
    assert last.before is not None
    assert last.after is not None
    if last.before.shape != last.after.shape:
        return f"output {shape(last.before.shape)} → {shape(last.after.shape)}"
    ones, twos = ([shape(sizes) for sizes in facts.inputs] for facts in (first.before, first.after))
    return f"input {listed(ones)} → {listed(twos)}" if ones != twos else ""


def notes(difference: Difference) -> Iterator[str]:
    """Yield what stands beneath the table: inputs and outputs, and the layers that no row is for."""
    yield from inputs(difference)
    if difference.outputs_changed:
        ones, twos = difference.before.graph.outputs, difference.after.graph.outputs
        yield printable(f"outputs: {listed(twos)}, not {listed(ones)}")
    numbered = [entry for entry in difference.entries if entry.renaming is Renaming.NUMBER]
    if numbered:
        first = numbered[0]
        example = f"{first.before.node.path} is now {first.path}" if first.before else ""
        yield printable(f"renumbered: {layers(len(numbered))}, {example}{', ...' if len(numbered) > 1 else ''}")
    quiet = [entry for entry in difference.entries if not is_told(entry)]
    fields = sum(entry.fate is Fate.AFFECTED for entry in quiet)
    if not difference.is_same:
        same = len(quiet) - fields
        yield f"as before: {layers(same) if same else 'no layer'}"
        if fields:
            yield f"as before but for what they see, a larger or smaller receptive field: {layers(fields)}"


def inputs(difference: Difference) -> Iterator[str]:
    """Yield what became of the networks' inputs."""
    for one in difference.inputs:
        if one.before and one.after and one.before != one.after:
            (was, wide), (name, sizes) = one.before, one.after
            renamed = f", was {was}" if was != name else ""
            resized = f" {shape(wide)} → {shape(sizes)}" if wide != sizes else ""
            yield printable(f"{'' if name == 'input' else 'input '}{name}{resized}{renamed}")
        elif one.before is None and one.after:
            yield printable(f"input {one.after[0]} {shape(one.after[1])} added")
        elif one.after is None and one.before:
            yield printable(f"input {one.before[0]} {shape(one.before[1])} removed")


def renamed(difference: Difference) -> list[str]:
    """Return the names that were given to layers, those of whole blocks as one."""
    return [rename_text(one) for one in renames(difference.entries)]


def rename_text(one: Renamed) -> str:
    """Return one renaming."""
    return printable(f"{one.before} → {one.after}" + (f" ({layers(one.layers)})" if one.layers > 1 else ""))


def verdict(difference: Difference) -> str:
    """Return the outcome in one line: that the networks are the same, or how many layers became what."""
    if difference.is_same:
        named = any(entry.fate is Fate.RENAMED for entry in difference.entries)
        return "the networks are the same" + (" but for names" if named else "")
    counts = {fate: len(difference.of(fate)) for fate in MARKS}
    told = {fate: counts[fate] for fate in (Fate.ADDED, Fate.REMOVED, Fate.REPLACED, Fate.CHANGED) if counts[fate]}
    parts = [
        f"{layers(number) if not index else number} {fate.value}" for index, (fate, number) in enumerate(told.items())
    ]
    affected_ones = sum(entry.fate is Fate.AFFECTED and is_told(entry) for entry in difference.entries)
    parts += [f"{affected_ones:,} affected" if parts else f"{layers(affected_ones)} affected"] if affected_ones else []
    return ", ".join(parts) or "other inputs or outputs"
