"""Edits of a text, put in all at once, and where each place of the new text was in the old one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Patch(NamedTuple):
    """A stretch of a text and what is put in its place.

    ``line`` is the line of a list that it is about, by where that begins; the places in ``standing``, counted in the
    new text, are lines of a block that stand for the line which uses it.
    """

    start: int
    end: int
    text: str
    line: int = -1
    standing: frozenset[int] = frozenset()


class Home(NamedTuple):
    """What a place of the new text was: the line in the old text that it is about, and whether it stands for it."""

    line: int
    kept: bool
    through: bool = False
    """Whether that is to be asked of the line that uses the block which it stands in."""


class Patched:
    """A text after patches that do not overlap."""

    def __init__(self, text: str, patches: Sequence[Patch]) -> None:
        self.patches = sorted(patches, key=lambda patch: (patch.start, patch.end))
        pieces, at, self.begins, size = [], 0, [], 0
        for patch in self.patches:
            if patch.start < at:
                raise ValueError("patches must not overlap")
            pieces += [text[at : patch.start], patch.text]
            self.begins.append(size + patch.start - at)
            size += patch.start - at + len(patch.text)
            at = patch.end
        self.text = "".join([*pieces, text[at:]])

    def home(self, place: int) -> Home:
        """Return what a place of the new text was.

        >>> new = Patched("a, b", [Patch(3, 3, "x, ", line=3)])
        >>> new.text, new.home(0), new.home(3), new.home(6)
        ('a, x, b', Home(line=0, kept=True, through=False), Home(line=3, kept=False, through=False), \
Home(line=3, kept=True, through=False))
        """
        index = bisect_right(self.begins, place) - 1
        if index < 0:
            return Home(place, kept=True)
        patch, inside = self.patches[index], place - self.begins[index]
        if inside >= len(patch.text):
            return Home(patch.end + inside - len(patch.text), kept=True)
        if patch.line < 0:
            return Home(-1, inside in patch.standing, through=True)
        if inside == 0 and patch.end > patch.start:
            return Home(patch.start, kept=True)
        return Home(patch.line, kept=False)
