"""The lines of a kernel that slides: its reach, what a padding word comes to, the size, what rounding does."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, prod

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, alike, equal, index, letter, line, positions_name, worked
from cnncalc.explain.lines import reading, remarks
from cnncalc.layers.base import axis_name
from cnncalc.layers.window import Window
from cnncalc.slide import Slide


def reaches(slides: list[Slide]) -> Iterator[Line]:
    """Yield F of a dilated kernel."""
    own = [
        [
            worked(
                Rule.SIZES,
                "F",
                "dilation*(kernel - 1) + 1",
                f"{slide.dilation}*({slide.kernel} - 1) + 1",
                slide.reach,
            )
        ]
        for slide in slides
    ]
    if any(slide.dilation > 1 for slide in slides):
        yield from alike(len(slides), own)


def window_sizes(layer: Window, facts: Facts) -> Iterator[Line]:
    """Yield the lines of the spatial sizes."""
    slides = layer.slides(facts.inputs[0][1:])
    yield from reaches(slides)
    if isinstance(layer.padding, str):
        yield from alike(len(slides), [[padding_word(layer.padding, slide)] for slide in slides])
    for axis, slide in enumerate(slides):
        yield from slide_lines(slide, axis, len(slides))


def padding_word(word: str, slide: Slide) -> Line:
    """Return what a padding word comes to.

    >>> padding_word("half", Slide(224, kernel=7, stride=2, before=3, after=3)).text
    'padding half: P = F//2 = 7//2 = 3'
    """
    before, after, reach = slide.before, slide.after, slide.reach
    if word in ("same", "same_lower"):
        size, stride = slide.size, slide.stride
        total = equal(
            "P1 + P2",
            "max((ceil(W/S) - 1)*S + F - W, 0)",
            f"max((ceil({size}/{stride}) - 1)*{stride} + {reach} - {size}, 0)",
            before + after,
        )
        said = f"{total}; P1 = {before}; P2 = {after}"
    elif word == "half":
        said = equal("P", "F//2", f"{reach}//2", before)
    elif word == "full":
        said = equal("P", "F - 1", f"{reach} - 1", before)
    elif word == "causal":
        said = f"{equal('P1', 'F - 1', f'{reach} - 1', before)}; P2 = {after}"
    else:
        said = f"P = {before}"
    return line(Rule.PADDING_WORDS, f"padding {word}: {said}")


def slide_lines(slide: Slide, axis: int, rank: int) -> Iterator[Line]:
    """Yield the size along one axis and what its rounding leaves over."""
    name = letter(axis, rank)
    new, old = f"{name}2", f"{name}1"
    even = slide.before == slide.after
    room = slide.size - slide.reach + slide.before + slide.after
    formula = f"({old} - F + {'2P' if even else 'P1 + P2'})/S"
    padding = f"2*{slide.before}" if even else f"{slide.before} + {slide.after}"
    numbers = f"({slide.size} - {slide.reach} + {padding})/{slide.stride}"
    windows, exact = slide.windows(), Fraction(room, slide.stride)
    if exact.denominator == 1:
        first = int(exact) + 1
        yield worked(Rule.SIZES, new, f"{formula} + 1", f"{numbers} + 1", first)
    else:
        way = "ceil" if slide.rounding == "ceil" else "floor"
        first = ceil(exact) + 1 if way == "ceil" else exact.__floor__() + 1
        steps = f"{way}({formula}) + 1", f"{way}({numbers}) + 1", f"{way}({exact}) + 1", first
        yield worked(Rule.ROUNDING, new, *steps)
    yield from left_over(slide, room, first, windows, axis, rank)


def left_over(slide: Slide, room: int, first: int, windows: int, axis: int, rank: int) -> Iterator[Line]:
    """Yield what rounding leaves over, or the window that ceil drops, or how far its last one hangs over."""
    name, where = letter(axis, rank), axis_name(axis, rank)
    if windows < first:
        start, stride = (first - 1) * slide.stride, slide.stride
        yield line(
            Rule.ROUNDING,
            f"{where}: the last window would start at {equal(f'({first} - 1)*{stride}', start)}, not before "
            f"{equal(f'{name}1 + P1', f'{slide.size} + {slide.before}', slide.size + slide.before)}: it is dropped; "
            f"{equal(f'{name}2', f'{first} - 1', windows)}",
        )
        return
    over = room - (windows - 1) * slide.stride
    steps = f"{slide.size + slide.before + slide.after} - ({windows} - 1)*{slide.stride} - {slide.reach}"
    if over > 0:
        remark = f" (real {positions_name(axis, rank)} lost to rounding: {slide.dropped()})"
        yield worked(Rule.ROUNDING, f"{where}: left over at the end", steps, over, remark=remark)
    elif over < 0:
        beyond = f"({windows} - 1)*{slide.stride} + {slide.reach} - {slide.size + slide.before + slide.after}"
        yield worked(Rule.ROUNDING, f"{where}: the last window hangs over by", beyond, -over)


@reading.register
def _(layer: Window, facts: Facts, operand: int, axis: int, position: int) -> str:
    rank = len(facts.shape) - 1
    slide = layer.slides(facts.inputs[0][1:])[axis]
    o, first = index(axis, rank), position * slide.stride - slide.before
    side = "P" if slide.before == slide.after else "P1"
    return (
        f"{equal('first', f'{o}*S - {side}', f'{position}*{slide.stride} - {slide.before}', first)}; "
        f"{equal('last', f'{first} + {slide.reach} - 1', first + slide.reach - 1)}"
    )


@remarks.register
def _(layer: Window, facts: Facts, at: tuple[int, ...]) -> Iterator[Line]:
    slides = layer.slides(facts.inputs[0][1:])
    taps = [slide.kernel for slide in slides]
    real = [len(slide.reads(o)) for slide, o in zip(slides, at, strict=True)]
    outside = prod(taps) - prod(real)
    numbers = f"{'*'.join(map(str, taps))} - {'*'.join(map(str, real))}"
    yield worked(Rule.READS, "taps on padding", numbers, outside, remark=f" of {prod(taps):,}")
