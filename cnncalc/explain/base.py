"""What an explanation is: sections of worked lines, each with the rule of docs/counting.md that it follows."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from fractions import Fraction
from string import ascii_lowercase
from typing import NamedTuple

from cnncalc.errors import printable
from cnncalc.layers.base import Shape, axis_name

PAGE = "docs/counting.md"
_MANY = ascii_lowercase
"""What tells the axes apart where there are more than three."""


class Rule(Enum):
    """A rule of docs/counting.md; its value is the heading's anchor.

    >>> str(Rule.SIZES)
    'docs/counting.md#sizes'
    """

    SIZES = "sizes"
    PADDING_WORDS = "padding-words"
    ROUNDING = "rounding"
    TRANSPOSED = "transposed"
    RESIZING = "resizing"
    REARRANGING = "rearranging"
    JOINS = "joins"
    PARAMETERS = "parameters"
    MACS = "macs"
    OPERATIONS = "operations"
    ACTIVATIONS = "activations"
    READS = "reads"
    FIELD = "field"
    WHOLE = "whole"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return f"{PAGE}#{self.value}"


COUNTS = {Rule.PARAMETERS, Rule.MACS, Rule.OPERATIONS, Rule.ACTIVATIONS}
"""The rules whose numbers are counts, written with commas; sizes and positions are as in a spec."""


class Line(NamedTuple):
    """One worked line and its rule; statements ``name = formula = numbers = value`` stand apart by a semicolon."""

    text: str
    rule: Rule


class Section(NamedTuple):
    """Some lines under a title."""

    title: str
    lines: tuple[Line, ...]


class Explanation(NamedTuple):
    """A layer worked out in lines: what it takes and gives, the sections, and the nodes made of the same line.

    ``at`` is the output position whose reads are shown, one index an axis; empty for a vector.
    """

    path: str
    op: str
    settings: str
    inputs: tuple[tuple[str, Shape], ...]
    shape: Shape
    at: tuple[int, ...]
    sections: tuple[Section, ...]
    followers: tuple[str, ...] = ()


def line(rule: Rule, text: str) -> Line:
    """Return a line of words, its control characters escaped."""
    return Line(printable(text), rule)


def worked(rule: Rule, *steps: object, remark: str = "") -> Line:
    """Return a line of equal steps, from the name to the value; a step that repeats the one before is left out.

    >>> worked(Rule.SIZES, "D2", "K", 1000).text, worked(Rule.PARAMETERS, "params", "2*500", 1000).text
    ('D2 = K = 1000', 'params = 2*500 = 1,000')
    """
    if rule in COUNTS:
        steps = tuple([f"{step:,}" if isinstance(step, int) else step for step in steps])
    return line(rule, equal(*steps) + remark)


def equal(*steps: object) -> str:
    """Return equal steps as one statement.

    >>> equal("first", "2*3 - 1", 5), equal("params", 10, 10)
    ('first = 2*3 - 1 = 5', 'params = 10')
    """
    texts = [str(step) for step in steps]
    return " = ".join([text for at, text in enumerate(texts) if not at or text != texts[at - 1]])


def product(sizes: Iterable[int]) -> str:
    """Return a product to be worked out.

    >>> product((10, 3, 5, 5)), product(())
    ('10*3*5*5', '1')
    """
    return "*".join(map(str, sizes)) or "1"


def signed(number: int | Fraction) -> str:
    """Return a number as it stands behind a sign of a formula.

    >>> signed(3), signed(-3), signed(Fraction(1, 2))
    ('3', '(-3)', '(1/2)')
    """
    return f"({number})" if number < 0 or number.denominator != 1 else str(number)


def letter(axis: int, rank: int) -> str:
    """Return what a formula calls the size along an axis: L of a signal, H and W of an image, D, H and W in 3-D.

    >>> letter(1, 2), letter(0, 3), letter(0, 4)
    ('W', 'D', 'Wa')
    """
    letters = {1: "L", 2: "HW", 3: "DHW"}.get(rank)
    return letters[axis] if letters else f"W{_MANY[axis]}"


def channels_letter(rank: int) -> str:
    """Return what a formula calls the number of channels: D of an image and a vector, as in the lecture, else C.

    The D of a volume is its depth, an axis.

    >>> channels_letter(2), channels_letter(3)
    ('D', 'C')
    """
    return "D" if rank in {0, 2} else "C"


def kept_channels(rule: Rule, shape: Shape) -> Line:
    """Return the line of as many channels as there were.

    >>> kept_channels(Rule.SIZES, (64, 7, 7)).text
    'D2 = D1 = 64'
    """
    name = channels_letter(len(shape) - 1)
    return worked(rule, f"{name}2", f"{name}1", shape[0])


def index(axis: int, rank: int) -> str:
    """Return what a formula calls a position along an axis.

    >>> index(0, 2), index(1, 2)
    ('i', 'j')
    """
    return {1: "i", 2: "ij", 3: "dij"}[rank][axis] if rank in {1, 2, 3} else f"i{_MANY[axis]}"


def positions_name(axis: int, rank: int) -> str:
    """Return what the positions along an axis are called.

    >>> positions_name(0, 2), positions_name(0, 1)
    ('rows', 'positions')
    """
    names = {1: ("positions",), 2: ("rows", "columns"), 3: ("depths", "rows", "columns")}.get(rank)
    return names[axis] if names else f"axis-{axis} positions"


def some(positions: range | Sequence[int], axis: int, rank: int) -> str:
    """Return which positions along an axis, in words.

    >>> some(range(2, 5), 0, 2), some(range(4, 5), 1, 2), some(range(0, 9, 4), 0, 1)
    ('rows 2 to 4', 'column 4', 'positions 0, 4, 8')
    """
    name = positions_name(axis, rank)
    if not positions:
        return f"no {name}"
    first, last = positions[0], positions[-1]
    if first == last:
        return f"{name.replace('positions', 'position').removesuffix('s')} {first}"
    if isinstance(positions, range) and positions.step == 1:
        return f"{name} {first} to {last}"
    if len(positions) <= 4:
        return f"{name} {', '.join(map(str, positions))}"
    return f"{name} {positions[0]}, {positions[1]}, ... {last}"


def alike(rank: int, lines: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Yield the lines of each axis, once where all axes have the same, else with the axis before each."""
    if len({tuple(axis) for axis in lines}) == 1:
        yield from lines[0]
        return
    for axis, own in enumerate(lines):
        for one in own:
            yield one._replace(text=f"{axis_name(axis, rank)}: {one.text}")
