"""What a layer is set to, in one form for each meaning: a kernel of 3 is 3x3, ``half`` is its padding in numbers."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.layers.base import Layer, Shape

_PER_AXIS = frozenset({"kernel", "stride", "dilation", "factor", "size", "output_padding"})
_BY_SIZE = ("same", "same_lower")


class Setting(NamedTuple):
    """An option that differs, with its values as they are written; a pool's stride is its kernel unless given."""

    name: str
    before: object
    after: object


def canonical(layer: Layer, spatial: Shape) -> tuple[tuple[str, object], ...]:
    """Return the options of a layer so that two that do the same are equal; without the rounding.

    Rounding is a rule for sizes that do not divide: where it matters the output's shape says so.

    >>> from cnncalc.layers.conv import Conv
    >>> canonical(Conv(out_channels=8, kernel=3, padding="half"), (9, 9)) == canonical(
    ...     Conv(out_channels=8, kernel=(3, 3), padding=((1, 1), (1, 1))), (28, 28)
    ... )
    True
    """
    return tuple((name, _plain(layer, name, spatial)) for name in type(layer).model_fields if name != "rounding")


def written(layer: Layer, name: str) -> object:
    """Return an option as it is written; the stride of a pool that gives none is its kernel.

    >>> from cnncalc.layers.pool import MaxPool
    >>> written(MaxPool(kernel=2), "stride")
    2
    """
    value = getattr(layer, name)
    return getattr(layer, "kernel", None) if name == "stride" and value is None else value


def changed(before: Layer, after: Layer, spatial: tuple[Shape, Shape]) -> tuple[Setting, ...]:
    """Return the options in which two layers of one class differ, the rounding apart.

    >>> from cnncalc.layers.conv import Conv
    >>> one, two = Conv(out_channels=8, kernel=7, padding="half"), Conv(out_channels=8, kernel=3, padding="half")
    >>> changed(one, two, ((9, 9), (9, 9)))
    (Setting(name='kernel', before=7, after=3),)
    """
    return tuple(
        Setting(name, written(before, name), written(after, name))
        for (name, one), (_, two) in zip(canonical(before, spatial[0]), canonical(after, spatial[1]), strict=True)
        if one != two and written(before, name) != written(after, name)
    )


def _plain(layer: Layer, name: str, spatial: Shape) -> object:
    value = written(layer, name)
    if name in _PER_AXIS and isinstance(value, tuple):
        return value[0] if len(set(value)) == 1 else value
    if name == "padding":
        return _pads(layer, value, spatial)
    return value


def _pads(layer: Layer, value: object, spatial: Shape) -> object:
    """Return a padding as one number, one pair, or a pair an axis; a word stays where it depends on the image."""
    if isinstance(value, str):
        slides = layer.slides(spatial)
        if value in _BY_SIZE and any(slide.stride != 1 for slide in slides):
            return value
        pairs = [(slide.before, slide.after) for slide in slides]
    elif isinstance(value, tuple):
        pairs = [one if isinstance(one, tuple) else (one, one) for one in value]
    else:
        return value
    if len(set(pairs)) > 1:
        return tuple(pairs)
    before, after = pairs[0]
    return before if before == after else pairs[0]
