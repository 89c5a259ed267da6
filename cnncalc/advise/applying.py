"""Pieces of advice put into a spec: which go together, the text with all of them, and its claims made true again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.advise.advice import Advice, Piece
from cnncalc.advise.line import Network
from cnncalc.advise.proof import Reload, Unproved, proved
from cnncalc.advise.source import Source
from cnncalc.analysis import Analysis, Totals
from cnncalc.checks.base import Edit
from cnncalc.checks.mending import applied
from cnncalc.checks.survey import Survey
from cnncalc.claims import of_network
from cnncalc.errors import UsageError
from cnncalc.spec.source import Mapping, read


class Applied(NamedTuple):
    """A rewritten spec: the numbers of the pieces in it, its totals before and after, and the claims that changed."""

    text: str
    taken: tuple[int, ...]
    before: Totals
    after: Totals
    claims: tuple[str, ...]


def chosen(advice: Advice, take: str) -> tuple[int, ...]:
    """Return the numbers of the pieces that ``take`` names: ``all`` is each that excludes none before it.

    Raises UsageError for a number that there is not, or two that rewrite one line.
    """
    if take == "all":
        found: list[int] = []
        for number, piece in enumerate(advice.pieces, start=1):
            if not set(found) & set(piece.excludes):
                found.append(number)
        return tuple(found)
    numbers = []
    for word in take.split(","):
        if not (word.strip().isascii() and word.strip().isdecimal() and 1 <= int(word[:9]) <= len(advice.pieces)):
            there = f"1 to {len(advice.pieces)}" if len(advice.pieces) > 1 else "1"
            raise UsageError(f"--take must name pieces of the advice, {there}, with commas, or all")
        numbers.append(int(word))
    for number in numbers:
        if both := set(numbers) & set(advice.pieces[number - 1].excludes):
            raise UsageError(f"--take: {number} and {min(both)} rewrite one line; take one of them")
    return tuple(sorted(set(numbers)))


def rewritten(advice: Advice, numbers: Sequence[int], reload: Reload, plain: tuple[Network, Reload] | None) -> Applied:
    """Return the spec with some pieces of advice in it, proved as a whole.

    ``plain`` is the network of the file without arguments from outside, and what reads a text so: it must stay too.
    Raises UsageError where the pieces do not go together.
    """
    pieces: list[Piece] = [advice.pieces[number - 1] for number in numbers]
    rewrites = [rewrite for piece in pieces for rewrite in piece.rewrites]
    try:
        proof = proved(advice.network, rewrites, reload)
        network, after, again = advice.network, proof.analysis, reload
        if plain is not None:
            network, again = plain
            after = proved(network, rewrites, again).analysis
            _no_dearer(network.totals, after.totals)
    except Unproved as error:
        where = "" if plain is None else ", with and without --set and --input"
        raise UsageError(f"the advice does not go together{where}: {error}") from None
    text, claims = _true_again(proof.text, network.analysis, after)
    if text != proof.text:
        again(text)
    return Applied(text, tuple(numbers), advice.network.totals, proof.analysis.totals, claims)


def _no_dearer(before: Totals, after: Totals) -> None:
    for name in ("params", "macs"):
        was, would = getattr(before, name), getattr(after, name)
        if would > was:
            raise Unproved(f"as the file is written its {name} would grow from {was:,} to {would:,}")


def _true_again(text: str, before: Analysis, after: Analysis) -> tuple[str, tuple[str, ...]]:
    """Return the text with the params and MACs that it expects of itself as they are now, and what was changed."""
    old = {one.name for one in of_network(before)}
    broken = [one for one in of_network(after) if one.name in ("params", "macs") and one.name not in old]
    if not broken:
        return text, ()
    found = Survey(after.graph.file, text)
    found.data = read(text.encode("utf-8", "surrogatepass"), after.graph.file)
    source, expect = Source(found), found.data["expect"]
    assert isinstance(expect, Mapping)
    edits, told = [], []
    for one in broken:
        number = getattr(after.totals, one.name)
        edits.append(Edit(found.stretch(expect, one.name), f"{one.name}: {number}"))
        told.append(f"{one.name}: {source.raw(expect, one.name)} -> {number}")
    return applied(text, edits), tuple(told)
