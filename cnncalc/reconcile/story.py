"""How a number that is quoted may have come about: which network, counted how, in which unit, and how rounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.reconcile.countings import Counting, countings
from cnncalc.reconcile.held import held
from cnncalc.reconcile.quote import Quote
from cnncalc.reconcile.terms import sums
from cnncalc.reconcile.variants import Variant

MOST = 4
"""How far-fetched a story may be."""
NEAR = 2
"""How far-fetched one may be that does not even give the number."""
UNSAID = 2
"""How far-fetched it is that a number counts bytes without saying so."""
SUMMED = 4
"""Of how many networks sums are sought where no counting gives the number."""
BATCHES = (4, 8, 16, 32, 64, 128, 256)


class Unit(NamedTuple):
    """What a total was multiplied by before it was quoted.

    ``step`` is that as it is written, ``why`` what it is for. ``power`` is that of 2 where a total is quoted in units
    of it, as if M were 2^20: 0 for none.
    """

    factor: Fraction
    says: str
    cost: int
    step: str = ""
    why: str = ""
    power: int = 0


PLAIN = Unit(Fraction(1), "", 0)
TWICE = Unit(Fraction(2), "times 2", 1, "* 2", "a multiply and an add")
HALF = Unit(Fraction(1, 2), "halved", 2, "/ 2")


class Story(NamedTuple):
    """One way in which a quoted number may have come about.

    ``names`` are the countings that give this value, each with what was done to it. ``fit`` is "" where it is not the
    number that is quoted.
    """

    variant: Variant
    counting: Counting
    names: tuple[str, ...]
    unit: Unit
    value: Fraction
    fit: str
    cost: int
    gap: Fraction
    """What the quoted number is more than this one, in parts of it."""

    @property
    def times(self) -> int:
        """How often the counting has each MAC: twice where it counts a multiply and an add."""
        base = macs(self.variant)
        return 2 if base and all(self.counting.parts.get(op, 0) >= 2 * base[op] for op in base) else 1

    @property
    def bridge(self) -> Mapping[str, int]:
        """What each op adds to the MACs, or to twice the MACs, of the same network on the way to this count."""
        base, times = macs(self.variant), self.times
        ops = dict.fromkeys([*base, *self.counting.parts])
        changed = {op: self.counting.parts.get(op, 0) - times * base.get(op, 0) for op in ops}
        return {op: amount for op, amount in changed.items() if amount}


class Reconciled(NamedTuple):
    """What a quoted number may be: the stories that give it, the plainest first, and the nearest that do not."""

    quote: Quote
    own: Variant
    exact: Sequence[Story]
    nearest: Sequence[Story]


def reconcile(quoted: Quote, networks: Iterable[Variant]) -> Reconciled:
    """Return how a quoted number may have come about; the first network is the one that it is said of."""
    every = list(networks)
    told = [story for variant in every for story in stories(quoted, variant)]
    if not any(one.fit for one in told):
        told += [story for variant in every[:SUMMED] for story in summed(quoted, variant)]
    exact = merged(sorted((one for one in told if one.fit), key=_order))
    others = merged(sorted((one for one in told if not one.fit and one.cost <= NEAR), key=lambda one: abs(one.gap)))
    return Reconciled(quoted, every[0], exact, others[:MOST])


def stories(quoted: Quote, variant: Variant) -> Iterator[Story]:
    """Yield what a number may be if it is of this network."""
    for counting in (*countings(variant.analysis), *held(variant.analysis)):
        if not counting.total or (quoted.counts and counting.counts != quoted.counts) or _unasked(quoted, counting):
            continue
        for unit in units(quoted, counting):
            cost = variant.cost + counting.cost + unit.cost
            if counting.counts == "bytes" and not quoted.counts:
                cost += UNSAID
            value = counting.total * unit.factor
            fit, more = fits(quoted, value)
            if cost + more <= MOST:
                gap = (quoted.value - value) / value
                yield Story(variant, counting, (named(counting, unit),), unit, value, fit, cost + more, gap)


def _unasked(quoted: Quote, counting: Counting) -> bool:
    """Return whether a counting is one of bytes that are as many as the params, where no bytes are quoted."""
    return not quoted.counts and counting.counts == "bytes" and counting.name.endswith("int8")


def summed(quoted: Quote, variant: Variant) -> Iterator[Story]:
    """Yield the sums of MACs and other operations of this network that give a number which no tool prints."""
    if quoted.counts in ("", "operations"):
        for counting in sums(quoted, variant.analysis):
            value = Fraction(counting.total)
            fit, _ = fits(quoted, value)
            gap = (quoted.value - value) / value
            yield Story(variant, counting, (counting.name,), PLAIN, value, fit, variant.cost + counting.cost, gap)


def named(counting: Counting, unit: Unit) -> str:
    """Return what a counting is called, with what was done to it."""
    return f"{counting.name}, {unit.says}" if unit.says else counting.name


def units(quoted: Quote, counting: Counting) -> Iterator[Unit]:
    """Yield what a total may have been multiplied by: operations are doubled, halved, summed over a batch."""
    yield PLAIN
    if counting.counts == "operations":
        yield TWICE
        yield HALF
        for batch in BATCHES if quoted.digits > 3 else ():
            yield Unit(Fraction(batch), f"of a batch of {batch}", 3, f"* {batch}", "the images of a batch")
    if not quoted.is_binary and counting.counts in ("operations", "params", "bytes"):
        power = 3 if quoted.value >= 10**9 else 2
        prefix = {2: "M", 3: "G"}[power]
        factor = Fraction(1000, 1024) ** power
        yield Unit(factor, f"in {prefix} of 2^{10 * power}", 1 if counting.counts == "bytes" else 3, power=10 * power)


def fits(quoted: Quote, value: Fraction) -> tuple[str, int]:
    """Return how a value becomes the quoted number, and how far-fetched that is; "" where it does not."""
    if value == quoted.value:
        return "exactly", 0
    if quoted.rounds(value):
        return "rounded", 0
    if quoted.cuts(value):
        return "its further digits cut off", 1
    if digits := quoted.loosely(value):
        return f"rounded to {digits} digit{'s' if digits > 1 else ''}", 2
    return "", 0


def merged(found: Iterable[Story]) -> list[Story]:
    """Return stories with those of one value told as one: the first of them, which names the others.

    Of another network one counting is named. What is further fetched by more than one is left out.
    """
    kept: dict[Fraction, Story] = {}
    told: set[tuple[Fraction, str]] = set()
    for one in found:
        first = kept.setdefault(one.value, one)
        change = one.variant.change
        again = change != first.variant.change and (one.value, change) in told
        told.add((one.value, change))
        if first is one or again or one.cost > first.cost + 1 or _given(first, one):
            continue
        names = (
            one.names if change == first.variant.change else (f"{one.names[0]} with {change or 'the file as it is'}",)
        )
        kept[one.value] = first._replace(names=(*first.names, *names))
    return list(kept.values())


def _given(first: Story, one: Story) -> bool:
    """Return whether another network only has what the file's own has as well: its params at another input size."""
    return bool(one.variant.change) and not first.variant.change and one.names[0] in first.names


def _order(one: Story) -> tuple[object, ...]:
    digits = 0 if one.fit == "exactly" else 2 if one.fit.startswith("rounded to") else 1
    return one.cost, digits, bool(one.variant.change), len(one.bridge), bool(one.unit.says), abs(one.gap)


def macs(variant: Variant) -> Mapping[str, int]:
    """Return the MACs of a network by op."""
    found: dict[str, int] = {}
    for one in variant.analysis.facts:
        if one.macs:
            found[one.node.op] = found.get(one.node.op, 0) + one.macs
    return found
