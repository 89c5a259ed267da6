"""What is compared: each side analysed with numbers and, if it is a stack in shorthand, with symbols as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.analysis import Analysis, analyze, image_field
from cnncalc.comparison.shorthand import CHANNELS, Stage, meant, stages
from cnncalc.comparison.stack import graph, multiples
from cnncalc.comparison.words import words
from cnncalc.errors import DoesNotCompute, UsageError, printable
from cnncalc.field import Field
from cnncalc.layers.base import Shape

AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""The symbols of the sizes, by the number of axes."""
SIZES = {1: (1000,), 2: (56, 56), 3: (16, 56, 56)}

SPEC_SUFFIXES = (".yaml", ".yml")


class Measures(NamedTuple):
    """What a side costs and gives: numbers, or formulas in their place."""

    params: Any
    macs: Any
    activations: Any
    """The output elements of the layers with MACs: what training keeps for the way back."""
    output: tuple[Any, ...]
    counted: Any = None
    """What another tool counts, if one is asked for."""


class Side(NamedTuple):
    """One side of a comparison: as it was typed, in words, and what it costs, gives and sees."""

    label: str
    words: str
    analysis: Analysis
    numbers: Measures
    formulas: Measures | None
    field: Field
    non_linearities: int
    """For a stack, one after each layer; for a spec, its activations."""
    largest_kernel: int
    is_spec: bool = False


class Setting(NamedTuple):
    """What stacks are compared on; ``sizes`` are the spatial ones."""

    channels: int
    sizes: Shape
    bias: bool = False
    padding: str = "same"

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of the channels and the sizes in the formulas."""
        return CHANNELS, *AXES[len(self.sizes)]


class Comparison(NamedTuple):
    """Sides beside each other: the first is what the others are measured against."""

    sides: Sequence[Side]
    setting: Setting
    least: Mapping[str, int]
    """The values of the symbols from which on the formulas hold."""
    multiples: Mapping[str, int]
    """What the symbols must be multiples of."""
    profile: str = ""
    """The profile of the tool that counts, if one is asked for."""

    @property
    def has_stacks(self) -> bool:
        """Whether a side is a stack in shorthand."""
        return any(not side.is_spec for side in self.sides)

    @property
    def has_specs(self) -> bool:
        """Whether a side is a spec."""
        return any(side.is_spec for side in self.sides)

    @property
    def values(self) -> dict[str, int]:
        """The values of the symbols in the numbers."""
        return dict(zip(self.setting.symbols, (self.setting.channels, *self.setting.sizes), strict=True))

    @property
    def misfits(self) -> list[str]:
        """Why the formulas are not what the numbers are: sizes that are no multiples, or below where they hold."""
        found = [
            f"{name} = {value} is no multiple of {self.multiples[name]}"
            for name, value in self.values.items()
            if value % self.multiples.get(name, 1)
        ]
        return found + [
            f"{name} = {value} is below {self.least[name]}"
            for name, value in self.values.items()
            if value < self.least.get(name, 1)
        ]


def is_spec(text: str) -> bool:
    """Return whether a side is a spec: a file's name, or one of the zoo; anything else is a shorthand.

    >>> is_spec("zoo:vgg16"), is_spec("net.yaml"), is_spec("net.yaml?width=2"), is_spec("3x3x3")
    (True, True, True, False)
    """
    name = text.partition("?")[0]
    return text.startswith(("zoo:", "/", "./", "../")) or text == "-" or name.endswith(SPEC_SUFFIXES)


def compared(
    texts: Sequence[str],
    setting: Setting,
    analysed: Callable[[str], Analysis],
    count: Callable[[Analysis], int] | None = None,
    profile: str = "",
) -> Comparison:
    """Return the comparison of shorthands and specs; ``analysed`` loads and analyses a spec.

    ``count`` is what another tool counts, by the profile of that name.

    Raises UsageError for a shorthand that cannot be read or does not fit, and whatever ``analysed`` raises.
    """
    rank = len(setting.sizes)
    read = {text: _read(text, rank) for text in texts if not is_spec(text)}
    by = multiples([*read.values()])
    units = dict(zip(setting.symbols, (by[0], *(by[1] for _ in setting.sizes)), strict=True))
    target = _target(texts, read, setting)
    sides = []
    least: dict[str, int] = {}
    for text in texts:
        if text in read:
            sides.append(_stack(text, read[text], setting, target, units, least, count))
        else:
            sides.append(_spec(text, analysed(text), count))
    return Comparison(sides, setting, least, {name: unit for name, unit in units.items() if unit > 1}, profile)


def _read(text: str, rank: int) -> list[Stage]:
    """Return the stages of a shorthand; one that is none, but a name of the zoo or of a file, is told how to say so."""
    try:
        return stages(text, rank)
    except UsageError as error:
        from pathlib import Path

        from cnncalc.zoo import names

        if text in names():
            raise UsageError(f"{printable(text)} is no shorthand; did you mean zoo:{printable(text)}?") from None
        if Path(text).is_file():
            raise UsageError(f"{printable(text)}: a spec's name must end in {' or '.join(SPEC_SUFFIXES)}") from None
        guess = meant(text, rank)
        raise UsageError(f"{error}\nhelp: did you mean {guess}?" if guess else str(error)) from None


def _target(texts: Sequence[str], read: Mapping[str, list[Stage]], setting: Setting) -> Callable[[Shape], Shape | None]:
    """Return the function that gives, for an input, the output of the first stack that is not a lone dense layer."""
    first = next((text for text in texts if text in read and [s.kind for s in read[text]] != ["dense"]), None)

    def target(source: Shape) -> Shape | None:
        if first is None:
            return None
        network = graph(first, read[first], source, padding=setting.padding, bias=setting.bias, target=None)
        return analyze(network).facts[-1].shape

    return target


def _stack(
    text: str,
    read: Sequence[Stage],
    setting: Setting,
    target: Callable[[Shape], Shape | None],
    units: Mapping[str, int],
    least: dict[str, int],
    count: Callable[[Analysis], int] | None = None,
) -> Side:
    def analysed(source: Shape) -> Analysis:
        options: dict[str, Any] = {"padding": setting.padding, "bias": setting.bias, "target": target(source)}
        return analyze(graph(text, read, source, **options))

    from cnncalc.symbolic.polynomial import symbol
    from cnncalc.symbolic.sign import assuming

    try:
        numbers = analysed((setting.channels, *setting.sizes))
        with assuming() as found:
            formulas = measures(analysed(tuple(unit * symbol(name) for name, unit in units.items())), count)
    except DoesNotCompute as error:
        raise UsageError(f"{printable(text)}: {error.fact}") from None
    for name, value in found.items():
        least[name] = max(least.get(name, 1), value * units[name])
    scale = {name: symbol(name) * Fraction(1, unit) for name, unit in units.items() if unit > 1}
    layers = [one for one in numbers.facts if one.macs]
    return Side(
        text,
        words(read),
        numbers,
        measures(numbers, count),
        Measures(*(_scaled(value, scale) for value in formulas)),
        numbers.facts[-1].field,
        len(layers),
        max((kernel for stage in read for kernel in stage.kernel), default=0),
    )


def measures(analysis: Analysis, count: Callable[[Analysis], int] | None = None) -> Measures:
    """Return the totals of an analysis and the shape of its first output, and what another tool counts."""
    totals = analysis.totals
    output = next(iter(analysis.outputs.values()), ())
    return Measures(totals.params, totals.macs, totals.activations, output, count(analysis) if count else None)


def _scaled(value: Any, scale: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a number or a formula, or a shape of them
    if isinstance(value, tuple):
        return tuple(_scaled(part, scale) for part in value)
    return value if isinstance(value, int | None) or not scale else value.evaluate(scale)


def _spec(text: str, analysis: Analysis, count: Callable[[Analysis], int] | None = None) -> Side:
    from cnncalc.layers.activation import Activation

    activations = [one for one in analysis.facts if isinstance(one.node.layer, Activation)]
    label = printable(text)
    return Side(
        label,
        label,
        analysis,
        measures(analysis, count),
        None,
        image_field(analysis),
        len(activations),
        0,
        is_spec=True,
    )
