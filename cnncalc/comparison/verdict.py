"""The verdict in words: true of the numbers, and said of all sizes only where the formulas show it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from cnncalc.comparison.sides import Comparison, Side
from cnncalc.errors import LayerError
from cnncalc.field import Extent, Field, ReceptiveField
from cnncalc.layers.base import sizes_text
from cnncalc.wording import number_word

_SIMPLE = 1_000


def verdicts(comparison: Comparison) -> list[str]:
    """Return a sentence or two for each side after the first, which it is measured against."""
    first, *others = comparison.sides
    return [verdict(first, other, comparison) for other in others]


def verdict(first: Side, other: Side, comparison: Comparison) -> str:
    """Return what is to be said of one side against the first."""
    weights = "weights" if not (comparison.setting.bias or first.is_spec or other.is_spec) else "params"
    one, two = first.numbers, other.numbers
    costs = [(weights, two.params, one.params), ("MACs", two.macs, one.macs)]
    dearer = all(part >= whole for _, part, whole in costs) and any(part > whole for _, part, whole in costs)
    smaller = 0 < other.largest_kernel < first.largest_kernel
    parts = [
        *(["dearer, although its filters are smaller"] if dearer and smaller else []),
        _costs(costs, first, other, comparison),
        _field(first, other),
        *_output(first, other),
    ]
    kept = f"{changed(two.activations, one.activations, 'activations')} to keep for training"
    more = other.non_linearities - first.non_linearities
    rest = f"{kept}, {_non_linearities(more)}" if more else kept
    where = _everywhere(first, other, comparison)
    words = other.words if other.is_spec else other.words[:1].upper() + other.words[1:]
    return f"{words} against {first.words}: {', '.join(parts)}; {rest}{where}"


def changed(part: int, whole: int, things: str) -> str:
    """Return a number of things against another.

    >>> changed(27, 49, "weights"), changed(3, 1, "activations"), changed(8, 8, "MACs"), changed(27, 25, "MACs")
    ('45% fewer weights', '3 times the activations', 'as many MACs', '8% more MACs')
    """
    if part == whole:
        return f"as many {things}"
    if not whole:
        return f"{part:,} {things} against none"
    ratio = Fraction(part, whole)
    if ratio == 2:
        return f"twice the {things}"
    if ratio > 2:
        return f"{decimal_text(ratio)} times the {things}"
    share = abs(1 - ratio) * 100
    percent = f"{round(share)}%" if share >= 1 and round(share) < 100 else f"{float(share):.2g}%"
    if ratio < Fraction(1, 100):
        return f"1/{round(1 / ratio):,} of the {things}" if part else f"no {things}"
    return f"{percent} {'fewer' if ratio < 1 else 'more'} {things}"


def ratio(part: Any, whole: Any) -> Fraction | None:  # noqa: ANN401 - numbers or formulas
    """Return a quotient that is one number, whatever the symbols are; else None."""
    if not whole:
        return None
    try:
        quotient = part * Fraction(1, whole) if isinstance(whole, int) else part / whole
    except LayerError:
        return None
    return Fraction(quotient) if isinstance(quotient, int | Fraction) else None


def ratio_text(value: Fraction) -> str:
    """Return a ratio as a fraction where it is a simple one, with its decimal.

    >>> ratio_text(Fraction(27, 49)), ratio_text(Fraction(3)), ratio_text(Fraction(21797672, 11689512))
    ('27/49 = 0.551', '3', '1.865')
    """
    if value.denominator == 1:
        return f"{value.numerator:,}"
    simple = value.denominator <= _SIMPLE and value.numerator <= _SIMPLE
    return f"{value} = {decimal_text(value)}" if simple else decimal_text(value)


def decimal_text(value: Fraction) -> str:
    """Return a ratio in decimals: four digits, or three below 1.

    >>> decimal_text(Fraction(1, 3)), decimal_text(Fraction(30000001, 3))
    ('0.333', '10,000,000')
    """
    if value >= 1000:
        return f"{round(value):,}"
    return f"{float(value):.4g}" if value >= 1 else f"{float(value):.3g}"


def _costs(costs: list[tuple[str, int, int]], first: Side, other: Side, comparison: Comparison) -> str:
    said = [changed(part, whole, things) for things, part, whole in costs]
    between = " but " if len({part > whole for _, part, whole in costs if part != whole}) > 1 else " and "
    if first.formulas and other.formulas and not comparison.misfits:
        ratios = [ratio(other.formulas.params, first.formulas.params), ratio(other.formulas.macs, first.formulas.macs)]
        if ratios[0] is not None and ratios[0] == ratios[1] and ratios[0].denominator > 1:
            return f"{between.join(said)} ({ratios[0]} of them)"
    return between.join(said)


def _field(first: Side, other: Side) -> str:
    one, two = field_text(first.field), field_text(other.field)
    if one == two and first.field != other.field:  # as wide, at other steps
        one, two = (f"{text} at steps of {steps_text(side.field)}" for text, side in ((one, first), (two, other)))
    return f"the same field of {one}" if first.field == other.field else f"a field of {two} against {one}"


def field_text(field: Field) -> str:
    """Return the size of a receptive field along each axis, with the jump where it is not 1.

    >>> field_text((ReceptiveField(7), ReceptiveField(7)))
    '7x7'
    """
    if not field or all(axis is Extent.WHOLE for axis in field):
        return "the whole image"
    sizes = [axis.size if isinstance(axis, ReceptiveField) else axis.value for axis in field]
    return sizes_text(sizes)


def steps_text(field: Field) -> str:
    """Return by how much a receptive field moves along each axis from one output to the next.

    >>> steps_text((ReceptiveField(3, 2), ReceptiveField(3, 1)))
    '2x1'
    """
    steps = [axis.jump if isinstance(axis, ReceptiveField) else axis.value for axis in field]
    return str(steps[0]) if len(set(steps)) == 1 else sizes_text(steps)


def _output(first: Side, other: Side) -> list[str]:
    one, two = first.numbers.output, other.numbers.output
    return [] if one == two else [f"an output of {sizes_text(two)} against {sizes_text(one)}"]


def _non_linearities(more: int) -> str:
    return f"{number_word(abs(more))} {'more' if more > 0 else 'fewer'} non-linearit{'y' if abs(more) == 1 else 'ies'}"


def _everywhere(first: Side, other: Side, comparison: Comparison) -> str:
    """Return for which sizes what was said of weights and MACs holds: the signs of the differences of the formulas."""
    if not first.formulas or not other.formulas:
        return ""
    from cnncalc.symbolic.sign import assuming

    here = f"at {', '.join(f'{name} = {value}' for name, value in comparison.values.items())}"
    if comparison.misfits:
        return f" ({here}: {' and '.join(comparison.misfits)})"
    pairs = [(other.formulas.params, first.formulas.params), (other.formulas.macs, first.formulas.macs)]
    numbers = [(other.numbers.params, first.numbers.params), (other.numbers.macs, first.numbers.macs)]
    if all(ratio(a, b) is not None for a, b in pairs):
        return f" (at every {_listed(comparison.setting.symbols)})"
    try:
        with assuming() as least:
            signs = [_sign(a, b) for a, b in pairs]
    except LayerError:
        return f" ({here}; elsewhere it depends on the sizes)"
    if signs != [_sign(a, b) for a, b in numbers]:
        return f" ({here}; for large sizes it is not so)"
    bounds = [f"{name} >= {value}" for name, value in least.items() if value > 1]
    which = " and ".join(bounds) or f"every {_listed(comparison.setting.symbols)}"
    return f" ({here}; {_direction(signs)} for {which})"


def _direction(signs: list[int]) -> str:
    if min(signs) == max(signs):
        return {-1: "fewer of both", 0: "as many", 1: "more of both"}[signs[0]]
    words = {-1: "fewer", 0: "as many", 1: "more"}
    return f"{words[signs[0]]} and {words[signs[1]]}"


def _sign(part: Any, whole: Any) -> int:  # noqa: ANN401 - numbers or formulas
    return int(part > whole) - int(part < whole)


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
