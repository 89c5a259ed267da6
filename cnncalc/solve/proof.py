"""The answers proved: for each the layer is built and asked for its output shape, and what is special of it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.layers.base import Shape, axis_name, output_shape, setting_text
from cnncalc.layers.conv import Conv
from cnncalc.layers.fields import PADDING_WORDS, Pair
from cnncalc.layers.window import sides
from cnncalc.slide import Slide
from cnncalc.solve.question import Axis, axes_of, bounds, layer_of, limits
from cnncalc.solve.search import Answers, solve
from cnncalc.solve.why import formula, nearest, reason

USUAL = {(1, 1, (0, 0)), (3, 1, (1, 1)), (5, 1, (2, 2))}
"""Kernel, stride and padding that are common, and keep the size."""


class Answer(NamedTuple):
    """One answer: the values of what was asked for, along each axis and as text, the layer with them, its output."""

    values: Mapping[str, tuple[int | Pair, ...]]
    texts: Mapping[str, str]
    layer: Conv
    shape: Shape
    notes: tuple[str, ...]


class Group(NamedTuple):
    """The answers for some axes at once: how many there are, the first of them, and why there is none if so.

    ``reason`` is also why no symmetric padding fits where only others do.
    """

    names: tuple[str, ...]
    number: int
    symmetric: bool
    answers: tuple[Answer, ...]
    bounds: Mapping[str, int]
    """Up to which value each setting has been searched."""
    limits: tuple[str, ...]
    """What else bounds the search, where one setting's range depends on another's."""
    reason: str = ""


class Change(NamedTuple):
    """A question near to one without an answer: what is changed, the input that it is about, and an answer to it."""

    changed: str
    source: Shape
    answer: Answer


class Solved(NamedTuple):
    """A question with its answers: for all axes at once, and, where there are none and axes differ, for each."""

    asked: tuple[str, ...]
    formulas: tuple[tuple[str, str], ...]
    """The output size along each axis, by the axis's name; one, without a name, where all are alike."""
    together: Group
    each: tuple[Group, ...]
    mixed: Answer | None
    """The first answer of each axis, put together."""
    near: tuple[Change, ...]

    @property
    def has_answer(self) -> bool:
        """Whether anything fits."""
        return bool(self.together.number) or self.mixed is not None


def solved(layer: Conv, source: Shape, asked: Sequence[str], output: Shape | None = None, most: int = 12) -> Solved:
    """Return what fits a layer over an input, the settings in ``asked`` left open; ``output`` are the wanted sizes.

    Raises RankMismatch for a setting with another number of axes, UsageError for too many values to try.

    >>> found = solved(Conv(out_channels=10, kernel=5), (3, 32, 32), ["padding"])
    >>> [(one.texts["padding"], one.shape, one.notes) for one in found.together.answers[:2]]
    [('2', (10, 32, 32), ('keeps the size', 'common', 'half', 'same')), ('0', (10, 28, 28), ('valid',))]
    """
    axes = axes_of(layer, source[1:], asked, output)
    found = solve(axes, most)
    names = tuple(axis_name(axis, len(axes)) for axis in range(len(axes)))
    each = tuple(
        _group(layer, (source[0], axis.size), (name,), own, asked, _reason(own))
        for name, axis, own in zip(names, axes, found.each, strict=False)
    )
    why = "; ".join(f"{own.names[0]}: {own.reason}" for own in each if own.reason) if each else _reason(found.together)
    together = _group(layer, source, names, found.together, asked, why)
    mixed = None
    if each and all(group.number for group in each):
        mixed = _proved(layer, source, [own.slides(own.first[0])[0] for own in found.each], asked)
    if together.number and mixed and not ("keeps the size" in mixed.notes and "keeps the size" not in _best(together)):
        each, mixed = (), None
    near = tuple(_changes(layer, source, axes, asked)) if not found.solved or _uneven(together, each) else ()
    return Solved(tuple(asked), _formulas(axes, names), together, each, mixed, near)


def notes(slides: Sequence[Slide], asked: Sequence[str]) -> tuple[str, ...]:
    """Return what is special of an answer: keeps the size, is common, skips positions, the padding words that say it.

    >>> notes([Slide(32, kernel=5, stride=2, before=1, after=2)], asked=["padding"])
    ('same',)
    """
    found = ["keeps the size"] * all(slide.windows() == slide.size for slide in slides)
    settings = {(slide.kernel, slide.stride, (slide.before, slide.after)) for slide in slides}
    if len(settings) == 1 and settings <= USUAL and all(slide.dilation == 1 for slide in slides):
        found.append("common")
    if any(slide.stride > slide.reach for slide in slides):
        found.append("skips positions")
    return (*found, *(words(slides) if "padding" in asked else ()))


def words(slides: Sequence[Slide]) -> list[str]:
    """Return the padding words that stand for the padding of some slides.

    >>> words([Slide(32, kernel=5, before=2, after=2)])
    ['half', 'same']
    """
    spatial, reaches, strides = zip(*((slide.size, slide.reach, slide.stride) for slide in slides), strict=True)
    pads = [(slide.before, slide.after) for slide in slides]
    known = [word for word in PADDING_WORDS if word != "causal" or len(slides) == 1]
    found = [word for word in known if sides(word, spatial, reaches, strides) == pads]
    return [word for word in found if not (word == "same_lower" and "same" in found)]


def _group(layer: Conv, source: Shape, names: tuple[str, ...], found: Answers, asked: Sequence[str], why: str) -> Group:
    proved = tuple(_proved(layer, source, found.slides(setting), asked) for setting in found.first)
    return Group(
        names,
        found.number,
        found.symmetric,
        proved,
        bounds(found.axes),
        limits(found.axes),
        "" if found.number and found.symmetric else why,
    )


def _reason(found: Answers) -> str:
    return "" if found.number and found.symmetric else reason(found.axes[0])


def _proved(layer: Conv, source: Shape, slides: Sequence[Slide], asked: Sequence[str]) -> Answer:
    built = layer_of(layer, slides)
    values: dict[str, tuple[int | Pair, ...]] = {
        name: tuple((slide.before, slide.after) if name == "padding" else getattr(slide, name) for slide in slides)
        for name in asked
    }
    texts = {name: _text(name, value) for name, value in values.items()}
    return Answer(values, texts, built, output_shape(built, [source]), notes(slides, asked))


def _text(name: str, values: Sequence[int | Pair]) -> str:
    """Return the values along all axes as the command line takes them, one where they agree.

    >>> _text("padding", [(0, 1), (2, 2)]), _text("kernel", [3, 3])
    ('0:1x2', '3x3')
    """
    plain = [one[0] if isinstance(one, tuple) and one[0] == one[1] else one for one in values]
    if name != "kernel" and len(set(plain)) == 1:
        plain = plain[:1]
    return setting_text(name, tuple(plain), len(values))


def _formulas(axes: Sequence[Axis], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    if len(set(axes)) == 1:
        return (("", formula(axes[0])),)
    return tuple((name, formula(axis)) for name, axis in zip(names, axes, strict=True))


def _best(group: Group) -> tuple[str, ...]:
    return group.answers[0].notes


def _uneven(together: Group, each: Sequence[Group]) -> bool:
    """Return whether only asymmetric padding fits, along some axis."""
    return not all(group.symmetric for group in (each if each and not together.number else [together]))


def _changes(layer: Conv, source: Shape, axes: Sequence[Axis], asked: Sequence[str]) -> list[Change]:
    found = []
    for near in nearest(axes):
        settings = [own.first[0] for own in near.answers] * (len(axes) // len(near.answers))
        slides = [Answers((axis,), 1, ()).slides(setting)[0] for axis, setting in zip(near.axes, settings, strict=True)]
        changed = (source[0], *(axis.size for axis in near.axes))
        found.append(Change(near.changed, changed, _proved(layer, changed, slides, asked)))
    return found
