"""The layers that differ in as few rows as say it: a line, a block that came or went whole, a run that is affected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cnncalc.difference.entry import Entry, Fate
from cnncalc.difference.naming import line_of

FEWEST = 3
"""How many rows that say one thing become one."""


class Row(NamedTuple):
    """Layers of one fate that a report shows as one row: a line or a block at ``path``, or those up to ``last``.

    A line that has changed has its norm and act with it where they are affected.
    """

    fate: Fate
    path: str
    entries: tuple[Entry, ...]
    last: str = ""

    @property
    def is_line(self) -> bool:
        """Whether the layers are all on one line."""
        return not self.last and line_of(self.entries[-1].path) == line_of(self.path)

    def delta(self, measure: str) -> int:
        """Return by how much a measure grew over all of the layers."""
        return sum([entry.delta(measure) for entry in self.entries])


def rows(entries: Sequence[Entry]) -> list[Row]:
    """Return the rows of the layers that differ by more than their names and receptive fields, in order.

    No layer of another cost is left out: the rows' deltas add up to the difference of the totals.

    >>> import cnncalc
    >>> from cnncalc.difference import difference
    >>> deeper = dict(n1="3", n2="4", n3="6", n4="3")
    >>> two = [cnncalc.analyze(cnncalc.load("zoo:resnet18", args=args)) for args in ({}, deeper)]
    >>> [(row.path, row.last) for row in rows(difference(*two).entries) if row.fate is Fate.ADDED][:2]
    [('stage.0.basic.2', ''), ('stage.1.basic.2', 'stage.1.basic.3')]
    """
    place = {id(entry): index for index, entry in enumerate(entries)}
    found = [*whole(entries, Fate.ADDED), *whole(entries, Fate.REMOVED), *lines(entries)]
    found.sort(key=lambda row: place[id(row.entries[0])])
    return list(runs(numbered(alike(found))))


def is_told(entry: Entry) -> bool:
    """Return whether a layer differs by more than its name and its receptive field."""
    return entry.fate not in (Fate.SAME, Fate.RENAMED) and (
        entry.fate is not Fate.AFFECTED or entry.effects != ("field",)
    )


def whole(entries: Sequence[Entry], fate: Fate) -> list[Row]:
    """Return what came or went, by the outermost blocks that did so whole."""
    every: Counter[str] = Counter()
    own: Counter[str] = Counter()
    gone = []
    for entry in entries:
        facts = entry.after if fate is Fate.ADDED else entry.before
        if facts is not None:
            around = prefixes(facts.node.path)
            every.update(around)
            if entry.fate is fate:
                own.update(around)
                gone.append((entry, around))
    found: dict[str, list[Entry]] = {}
    for entry, around in gone:
        found.setdefault(next((path for path in around if own[path] == every[path]), around[-1]), []).append(entry)
    return [Row(fate, path, tuple(some)) for path, some in found.items()]


def prefixes(path: str) -> list[str]:
    """Return the blocks that a path leads through, the outermost first, and itself.

    >>> prefixes("stage.0.conv1")
    ['stage', 'stage.0', 'stage.0.conv1']
    """
    return [path[:end] for end in (*(at for at, letter in enumerate(path) if letter == "."), len(path))]


def lines(entries: Sequence[Entry]) -> Iterator[Row]:
    """Yield the layers that both networks have and that differ, line by line."""
    told = [entry for entry in entries if entry.before and entry.after and is_told(entry)]
    for _, line in groupby(told, key=lambda entry: line_of(entry.path)):
        first, *rest = line
        some = [first]
        for entry in rest:
            if entry.fate is Fate.AFFECTED:
                some.append(entry)
            else:
                yield Row(some[0].fate, some[0].path, tuple(some))
                some = [entry]
        yield Row(some[0].fate, some[0].path, tuple(some))


def alike(found: list[Row]) -> list[Row]:
    """Return the rows with those that say the same as one: changes wherever they are, what is affected by blocks."""
    groups: dict[Hashable, list[Row]] = {}
    for row in found:
        groups.setdefault(word(row), []).append(row)
    folded: dict[int, Row] = {}
    gone = set()
    for some in groups.values():
        is_affected = some[0].fate is Fate.AFFECTED
        if len(some) >= (2 if is_affected else FEWEST):
            entries = tuple([entry for row in some for entry in row.entries])
            path = shared(some) if is_affected else pattern([row.path for row in some])
            if path == "*":
                continue
            folded[id(some[0])] = Row(some[0].fate, path, entries)
            gone |= {id(row) for row in some[1:]}
    return [folded.get(id(row), row) for row in found if id(row) not in gone]


def word(row: Row) -> Hashable:
    """Return what a row says, equal for rows that say the same; what must stand alone is equal to no other."""
    first = row.entries[0]
    block, _, inside = line_of(row.path).partition(".")
    if row.fate is Fate.AFFECTED and inside:
        return row.fate, block
    if row.fate is Fate.CHANGED and not first.rewired:
        return row.fate, block if inside else "", first.settings
    if len(row.entries) > 1 or row.fate in (Fate.CHANGED, Fate.AFFECTED) or first.delta("macs"):
        return row.fate, row.path
    return row.fate, block if inside else "", *(one and one.node.layer for one in (first.before, first.after))


def shared(some: Sequence[Row]) -> str:
    """Return the innermost block that all rows are in."""
    blocks = [set(prefixes(path)) for row in some for path in (row.path, row.last or row.path)]
    return max(set.intersection(*blocks), key=len, default="")


def pattern(paths: Sequence[str]) -> str:
    """Return paths as one, with a star where they differ.

    >>> pattern(["stage.0.conv1.act", "stage.1.conv2.act"]), pattern(["stage.0.conv1.act", "conv1.act"])
    ('stage.*.conv*.act', '*.conv1.act')
    """
    parts = [path.split(".") for path in paths]
    fewest = min(map(len, parts))
    same = [base(each) for each in zip(*(one[-fewest:] for one in parts), strict=True)]
    if len({len(one) for one in parts}) > 1:
        same = ["*", *same]
    return ".".join(part for at, part in enumerate(same) if part != "*" or same[at - 1 : at] != ["*"])


def base(parts: Sequence[str]) -> str:
    """Return parts of paths as one: itself, the name that they have with other numbers, or any.

    >>> base(["conv1", "conv1"]), base(["conv1", "conv2"]), base(["conv1", "stem"])
    ('conv1', 'conv*', '*')
    """
    if len(set(parts)) == 1:
        return parts[0]
    names = {part.rstrip("0123456789") for part in parts}
    return f"{names.pop()}*" if len(names) == 1 else "*"


def numbered(found: list[Row]) -> list[Row]:
    """Return the rows with neighbours that came or went and count on, stage.1 and stage.2, as one."""
    merged: list[Row] = []
    for row in found:
        above = merged[-1] if merged else None
        if (
            above
            and above.fate is row.fate in (Fate.ADDED, Fate.REMOVED)
            and counts_on(above.last or above.path, row.path)
        ):
            merged[-1] = Row(row.fate, above.path, above.entries + row.entries, row.last or row.path)
        else:
            merged.append(row)
    return merged


def counts_on(one: str, two: str) -> bool:
    """Return whether a path is another's next number.

    >>> counts_on("stage.1", "stage.2"), counts_on("stage.1", "stage.3")
    (True, False)
    """
    (parent, _, number), (other, _, following) = one.rpartition("."), two.rpartition(".")
    return parent == other and number.isdigit() and following.isdigit() and int(following) == int(number) + 1


def runs(found: list[Row]) -> Iterator[Row]:
    """Yield the rows, a long run of affected ones as one."""
    for fate, group in groupby(found, key=lambda row: row.fate):
        some = list(group)
        if fate is Fate.AFFECTED and len(some) > FEWEST:
            entries = tuple([entry for row in some for entry in row.entries])
            block = shared(some)
            yield Row(fate, block or some[0].path, entries, "" if block else some[-1].last or some[-1].path)
        else:
            yield from some
