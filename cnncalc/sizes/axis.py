"""Axis: what is made longer and shorter, an axis of one input or of several that have one size along it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.layers.base import Shape, axis_name
from cnncalc.sizes.sweep import Inputs


class Axis(NamedTuple):
    """Axes of inputs that have one size, and what they are called together."""

    name: str
    own: int
    """The spec's own size."""
    spots: tuple[tuple[str, int], ...]
    """Each input by name, and which of its spatial axes."""

    def at(self, inputs: Inputs, size: int) -> dict[str, Shape]:
        """Return inputs with this axis at a size.

        >>> Axis("width", 224, (("input", 1),)).at({"input": (3, 224, 224)}, 63)
        {'input': (3, 224, 63)}
        """
        found = dict(inputs)
        for name, index in self.spots:
            shape = list(found[name])
            shape[1 + index] = size
            found[name] = tuple(shape)
        return found

    def of(self, inputs: Inputs) -> int:
        """Return the size of this axis in some inputs."""
        name, index = self.spots[0]
        return inputs[name][1 + index]

    def others(self, inputs: Inputs) -> list[tuple[str, int]]:
        """Return the axes that stay, by name with their size; of several inputs, with the input's name."""
        return [
            (label(axis_name(index, len(shape) - 1), name, inputs), size)
            for name, shape in inputs.items()
            for index, size in enumerate(shape[1:])
            if (name, index) not in self.spots
        ]


def axes_of(inputs: Inputs) -> list[Axis]:
    """Return the axes of a network's inputs; inputs with one size along an axis vary along it together.

    >>> [(axis.name, axis.own) for axis in axes_of({"input": (3, 240, 320)})]
    [('height', 240), ('width', 320)]
    >>> [axis.name for axis in axes_of({"left": (3, 64), "right": (3, 64), "low": (3, 32)})]
    ['length of left and right', 'length of low']
    """
    groups: dict[tuple[int, int, int], list[str]] = {}
    for name, shape in inputs.items():
        for index, size in enumerate(shape[1:]):
            groups.setdefault((len(shape) - 1, index, size), []).append(name)
    return [
        Axis(label(axis_name(index, rank), " and ".join(names), inputs), size, tuple((name, index) for name in names))
        for (rank, index, size), names in groups.items()
    ]


def together(axes: list[Axis]) -> Axis:
    """Return several axes as one, which have one size then."""
    return Axis(" and ".join(axis.name for axis in axes), axes[0].own, tuple(s for axis in axes for s in axis.spots))


def label(axis: str, names: str, inputs: Mapping[str, Shape]) -> str:
    """Return what an axis is called: with its input where there are several."""
    return axis if len(inputs) == 1 else f"{axis} of {names}"
