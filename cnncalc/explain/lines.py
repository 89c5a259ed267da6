"""The lines that a kind of layer has of its own; each file named as in layers/ registers what it explains."""

from collections.abc import Iterator
from functools import singledispatch

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line
from cnncalc.layers.base import Layer


@singledispatch
def sizes(layer: Layer, facts: Facts) -> Iterator[Line]:
    """Yield how the output's sizes come about; every layer of the language has such lines."""
    raise NotImplementedError(f"no lines for the sizes of {type(layer).__name__}")


@singledispatch
def filters(layer: Layer, facts: Facts) -> Iterator[Line]:
    """Yield what one filter has, before the tensors are added up; nothing for a layer without filters."""
    yield from ()


@singledispatch
def macs(layer: Layer, facts: Facts) -> Iterator[Line]:
    """Yield how the MACs of one sample come about; nothing for a layer without any."""
    yield from ()


@singledispatch
def operations(layer: Layer, facts: Facts) -> Iterator[Line]:
    """Yield how the operations that are not MACs come about, for one sample; nothing for a layer without any."""
    yield from ()


@singledispatch
def reading(layer: Layer, facts: Facts, operand: int, axis: int, position: int) -> str:
    """Return why an output position reads what it does of an operand along an axis, with the numbers."""
    return ""


@singledispatch
def remarks(layer: Layer, facts: Facts, at: tuple[int, ...]) -> Iterator[Line]:
    """Yield what else there is to say of what an output position reads."""
    yield from ()
