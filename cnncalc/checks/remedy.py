"""A refused layer tried with another option: what it gives then, and the edits that do it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cnncalc.checks.base import Edit, Suggestion
from cnncalc.checks.mending import setting
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.checks.words import axes_text, listing
from cnncalc.errors import LayerError
from cnncalc.graph import Node
from cnncalc.layers.base import output_shape, sizes_text
from cnncalc.slide import Slide

MOST = 1_000
"""How many values of one option are tried."""


def tried(
    refusal: Refusal, survey: Survey, option: str, value: object, text: str, *, spatial: bool = True
) -> Suggestion | None:
    """Return the suggestion of another value, which ``text`` is as the file has it; None where it is refused too."""
    node = refusal.node
    assert node is not None
    survey.tries -= 1
    try:
        shape = output_shape(node.layer.model_copy(update={option: value}), refusal.inputs)
    except LayerError:
        return None
    key = node.op if option == node.layer.argument else option
    gives = sizes_text(shape[1:] if spatial and len(shape) > 1 else shape)
    return Suggestion(f"`{key}: {text}` gives {gives}", edited(survey, node, key, text), shape)


def edited(survey: Survey, node: Node, key: str, text: str) -> tuple[Edit, ...]:
    """Return the edits of an option; none where the layer is not written out in its own line, as a default norm."""
    data = survey.mappings.get(node.origin.span)
    return setting(survey, node, key, text) if data is not None and node.op in data else ()


def lines(*found: Suggestion | Iterable[Suggestion | None] | None) -> Iterator[tuple[Suggestion, ...]]:
    """Yield the lines of a finding's help, without what came to nothing: at most five of them."""
    every = [(one,) if one is None or isinstance(one, Suggestion) else tuple(one) for one in found]
    told = [tuple(one for one in line if one is not None) for line in every]
    yield from [line for line in told if line][:5]


def axes(values: Sequence[int]) -> tuple[int | tuple[int, ...], str]:
    """Return one number for each axis as an option takes it, and as a file has it.

    >>> axes([3, 3]), axes([1, 7])
    ((3, '3'), ((1, 7), '1x7'))
    """
    return (values[0] if len(set(values)) == 1 else tuple(values)), axes_text(values)


def pairs(values: Sequence[tuple[int, int]]) -> tuple[object, str]:
    """Return a padding as an option takes it, and as a file has it.

    >>> pairs([(1, 1), (1, 1)]), pairs([(0, 1), (1, 1)])
    ((1, '1'), (((0, 1), (1, 1)), '[[0, 1], [1, 1]]'))
    """
    if all(before == after for before, after in values):
        return axes([before for before, _ in values])
    return tuple(values), listing(values)


def padded(slide: Slide, most: int) -> tuple[int, int] | None:
    """Return the smallest padding, up to ``most`` a side, under which a window fits; symmetric if possible.

    >>> padded(Slide(size=3, kernel=5), 4), padded(Slide(size=3, kernel=4, stride=2), 3)
    ((1, 1), (0, 1))
    """
    least = max(0, -(-(slide.reach - slide.size) // 2))
    amounts = range(least, min(most, least + MOST) + 1)
    whole = slide.rounding != "exact"
    for both in amounts:
        if whole or (slide.size - slide.reach + 2 * both) % slide.stride == 0:
            return both, both
    for after in amounts:
        room = slide.size - slide.reach + 2 * after - 1
        if after and room >= 0 and room % slide.stride == 0:
            return after - 1, after
    return None
