"""What could be rewritten in a spec, kind by kind, each proved, with what it saves; the largest saving first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.advise import KINDS, kind
from cnncalc.advise.amounts import some
from cnncalc.advise.base import Kind
from cnncalc.advise.line import Network
from cnncalc.advise.proof import Proof, Reload, Unproved, changed_lines, proved
from cnncalc.advise.proposal import LeftOut, Proposal, proposals
from cnncalc.advise.writing import Rewrite
from cnncalc.analysis import Facts, Totals

WORTH = 100
"""A piece of advice saves at least one in so many of the network's params or of its MACs."""
TRIES = 64
"""How often a spec is rewritten and analysed in search of the lines of one kind that can be."""


class Rewritten(NamedTuple):
    """One line of a piece of advice: where it stands, how many of its layers are rewritten, what all cost and would."""

    line: int
    path: str
    layers: int
    rewritten: int
    before: Totals
    after: Totals
    end: Facts
    """The last of the layers it made, whose output and receptive field stay."""


class Piece(NamedTuple):
    """One piece of advice; ``excludes`` are the numbers of those that rewrite one of its lines too."""

    kind: str
    headline: str
    note: str
    accuracy: str
    before: Totals
    after: Totals
    lines: tuple[Rewritten, ...]
    changes: tuple[tuple[str, int, str], ...]
    more_changes: int
    left: tuple[LeftOut, ...]
    compared: int
    proof: Proof
    rewrites: tuple[Rewrite, ...]
    excludes: tuple[int, ...] = ()

    @property
    def gain(self) -> Fraction:
        """The larger of the shares of the network's params and of its MACs that it saves."""
        pairs = [(getattr(self.before, name), getattr(self.after, name)) for name in ("params", "macs")]
        return max(Fraction(before - after, max(1, before)) for before, after in pairs)


class Advice(NamedTuple):
    """All that there is to say of a spec: the pieces in order, those too small to tell, and what was left alone."""

    network: Network
    pieces: tuple[Piece, ...]
    small: tuple[Piece, ...]
    left: tuple[tuple[str, tuple[LeftOut, ...]], ...]
    """For each kind without a piece, why."""
    convolutions: int
    linear: int
    """How many layers were looked at, of each of the two."""


MOST_CHANGES = 400


def advise(network: Network, reload: Reload, only: Iterable[str] = ()) -> Advice:
    """Return the advice on a spec, of some kinds or of all, the largest saving first.

    The saving of a piece is the larger of its share of the network's params and of its MACs.
    """
    wanted = [name for name in KINDS if name in set(only)] or [*KINDS]
    pieces, left = [], []
    for name in wanted:
        found, reasons = _piece(kind(name), network, reload)
        if found is not None:
            pieces.append(found)
        else:
            left.append((name, tuple(reasons)))
    pieces.sort(key=lambda one: -one.gain)
    large = [one for one in pieces if WORTH * one.gain >= 1]
    places = [{line.line for line in one.lines} for one in large]
    for at, one in enumerate(large):
        others = [other + 1 for other, there in enumerate(places) if other != at and places[at] & there]
        large[at] = one._replace(excludes=tuple(others))
    small = tuple(one for one in pieces if WORTH * one.gain < 1)
    looked = Counter(one.node.op for line in network.lines for one in line.uses)
    return Advice(network, tuple(large), small, tuple(left), looked["conv"], looked["linear"])


def _piece(chosen: Kind, network: Network, reload: Reload) -> tuple[Piece | None, Sequence[LeftOut]]:
    found, left = proposals(chosen, network)
    search = _Search(network, reload)
    kept, proof = search.best(found)
    left = [*left, *search.left]
    if proof is None:
        return None, left
    lines = tuple(_rewritten(one, proof) for one in kept)
    before, after = network.totals, proof.analysis.totals
    every = [one for proposal in kept for one in proposal.uses]
    changes, more = changed_lines(network.source.text, proof.text, MOST_CHANGES)
    piece = Piece(
        chosen.name,
        chosen.headline(every),
        "; ".join(filter(None, (chosen.note(every), _bare(chosen, network, every)))),
        chosen.accuracy,
        before,
        after,
        tuple(sorted(lines, key=lambda one: (one.after.params - one.before.params, one.after.macs - one.before.macs))),
        tuple(changes),
        more,
        tuple(left),
        proof.compared,
        proof,
        tuple(one.rewrite for one in kept),
    )
    return piece, left


def _bare(chosen: Kind, network: Network, uses: Sequence[Facts]) -> str:
    """Return how many convolutions have no activation on their line that the new layers could have between them."""
    if chosen.op != "conv" or network.default("conv", "act") not in (None, "none"):
        return ""
    bare = sum(f"{one.node.path}.act" not in network.facts for one in uses)
    which = some(bare, len(uses), "has", "have")
    return f"{which} no act on the line, so there is none between the new layers: put one there" if bare else ""


def _rewritten(one: Proposal, proof: Proof) -> Rewritten:
    before, after = proof.lines[one.line.item.start]
    first, end = one.uses[0].node.path, proof.ends[one.line.item.start][-1]
    return Rewritten(one.line.item.line, first, len(one.line.uses), len(one.uses), before, after, end)


class _Search:
    """The largest set of proposals that are proved together, and why the others are not."""

    def __init__(self, network: Network, reload: Reload) -> None:
        self.network, self.reload = network, reload
        self.tries = TRIES
        self.left: list[LeftOut] = []

    def best(self, found: Sequence[Proposal]) -> tuple[Sequence[Proposal], Proof | None]:
        """Return the proposals that hold together and save, each line by itself, with their proof."""
        if not found:
            return (), None
        self.tries -= 1
        if self.tries < 0:
            self.left += [one.left("it was not looked into: too many lines cannot be rewritten") for one in found]
            return (), None
        try:
            proof = proved(self.network, [one.rewrite for one in found], self.reload)
        except Unproved as error:
            if len(found) == 1:
                self.left.append(found[0].left(str(error)))
                return (), None
            half = len(found) // 2
            parts = [self.best(found[:half])[0], self.best(found[half:])[0]]
            if not all(parts):
                return self.best(parts[0] or parts[1])
            together = [*parts[0], *parts[1]]
            return self.best(together) if len(together) < len(found) else self._alternatives(parts)
        saving = [one for one in found if _saves(*proof.lines[one.line.item.start])]
        if len(saving) == len(found):
            return found, proof
        self.left += [one.left("it would cost more as a whole") for one in found if one not in saving]
        return self.best(saving)

    def _alternatives(self, parts: Sequence[Sequence[Proposal]]) -> tuple[Sequence[Proposal], Proof | None]:
        self.left += [one.left("it does not go together with the lines above it") for one in parts[1]]
        return self.best(parts[0])


def _saves(before: Totals, after: Totals) -> bool:
    fewer = after.params < before.params or after.macs < before.macs
    return fewer and after.params <= before.params and after.macs <= before.macs
