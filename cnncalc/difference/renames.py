"""The names that somebody gave, in as few lines as say it: a block that is renamed is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.difference.entry import Entry
from cnncalc.difference.naming import Renaming

Parts = tuple[str, ...]


class Renamed(NamedTuple):
    """What some layers were called and are: their own paths, or where several are in a block, the block's."""

    before: str
    after: str
    layers: int


def renames(entries: Sequence[Entry]) -> list[Renamed]:
    """Return what was renamed, in order; not what counts on.

    What paths have in common at their end is left out, and numbers that agree stand as a star for several.

    >>> import cnncalc
    >>> from cnncalc.difference import difference
    >>> head = "{cnncalc: 1, input: 3x8x8, blocks: {%s: {layers: [{conv: 3}, relu]}}, layers: [{use: %s, repeat: 3}]}"
    >>> two = [cnncalc.analyze(cnncalc.loads(head % (name, name))) for name in ("old", "new")]
    >>> renames(difference(*two).entries)
    [Renamed(before='old', after='new', layers=6)]
    """
    groups: dict[tuple[Parts, Parts], list[tuple[Parts, Parts]]] = {}
    for entry in entries:
        if entry.renaming is Renaming.NAME and entry.before and entry.after:
            pair = differing(entry.before.node.path, entry.after.node.path)
            groups.setdefault(starred(*pair), []).append(pair)
    found = []
    for stars, pairs in groups.items():
        before, after = pairs[0] if len(set(pairs)) == 1 else stars
        found.append(Renamed(".".join(before), ".".join(after), len(pairs)))
    return found


def differing(before: str, after: str) -> tuple[Parts, Parts]:
    """Return the parts of two paths up to the last one that differs; a star for what is left where nothing else is.

    >>> differing("conv1.norm", "stem.norm"), differing("conv1", "body.conv1")
    ((('conv1',), ('stem',)), (('*',), ('body', '*')))
    """
    ones, twos = before.split("."), after.split(".")
    while ones and twos and ones[-1] == twos[-1]:
        ones.pop()
        twos.pop()
    if not ones or not twos:
        return (*ones, "*"), (*twos, "*")
    return tuple(ones), tuple(twos)


def starred(before: Parts, after: Parts) -> tuple[Parts, Parts]:
    """Return two paths with a star for each number, where both have the same numbers.

    >>> starred(("stage", "0"), ("layer", "0")), starred(("stage", "0"), ("layer1",))
    ((('stage', '*'), ('layer', '*')), (('stage', '0'), ('layer1',)))
    """
    if [part for part in before if part.isdigit()] != [part for part in after if part.isdigit()]:
        return before, after
    ones, twos = (tuple("*" if part.isdigit() else part for part in parts) for parts in (before, after))
    return ones, twos
