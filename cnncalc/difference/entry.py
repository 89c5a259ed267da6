"""What became of each layer between two networks, and of their inputs and outputs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.difference.naming import Renaming
from cnncalc.difference.settings import Setting
from cnncalc.layers.base import Shape

MEASURES = ("inputs", "shape", "params", "buffers", "macs", "flops", "activations", "field")
"""What is compared of a layer that both networks have."""


class Fate(Enum):
    """What became of a layer; of several, the first that holds."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    """Another op stands under the same path, or as the norm or act of the same line."""
    CHANGED = "changed"
    """Other options, other tensors read, or the tensors of another layer shared."""
    AFFECTED = "affected"
    """Unchanged itself: another shape, cost or receptive field because of what is above."""
    RENAMED = "renamed"
    SAME = "same"


class Entry(NamedTuple):
    """One layer, as it was and as it is; None on the side that does not have it.

    ``effects`` are the MEASURES that differ, ``rewired`` says that it reads other tensors than before.
    """

    before: Facts | None
    after: Facts | None
    fate: Fate
    settings: tuple[Setting, ...] = ()
    rewired: bool = False
    effects: tuple[str, ...] = ()
    renaming: Renaming = Renaming.NONE

    @property
    def path(self) -> str:
        """The path in the network after, or before if it is gone."""
        facts = self.after or self.before
        assert facts is not None
        return facts.node.path

    def delta(self, measure: str) -> int:
        """Return by how much params, buffers, macs, flops or activations grew."""
        after = getattr(self.after, measure) if self.after else 0
        before = getattr(self.before, measure) if self.before else 0
        grown: int = after - before
        return grown


class Input(NamedTuple):
    """An input of the networks, by name and shape; None on the side that does not have it."""

    before: tuple[str, Shape] | None
    after: tuple[str, Shape] | None


class Difference(NamedTuple):
    """Two networks, and every layer of both exactly once: in the order after, what is removed where it was."""

    before: Analysis
    after: Analysis
    entries: Sequence[Entry]
    inputs: Sequence[Input]
    outputs_changed: bool

    def of(self, *fates: Fate) -> list[Entry]:
        """Return the entries of some fates."""
        return [entry for entry in self.entries if entry.fate in fates]

    @property
    def is_same(self) -> bool:
        """Whether the networks are the same but for the names of layers."""
        return (
            not self.outputs_changed
            and all(one.before and one.after and one.before[1] == one.after[1] for one in self.inputs)
            and all(entry.fate in (Fate.SAME, Fate.RENAMED) for entry in self.entries)
        )

    def delta(self, measure: str) -> int:
        """Return by how much a total grew: params, buffers, macs, flops or activations; the sum over the entries."""
        grown: int = getattr(self.after.totals, measure) - getattr(self.before.totals, measure)
        return grown
