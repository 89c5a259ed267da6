"""How a shape on the command line is read: in the lecture's order, W x H x D, or in a spec's, C x H x W."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from cnncalc.errors import UsageError, printable
from cnncalc.layers.base import Shape, sizes_text

MOST_SIZES = 8
COLOURS = (1, 3)
"""How many channels a picture has."""
CLEARLY = 4
"""So many times smaller than every other size is clearly the depth."""


class Order(StrEnum):
    """The order of the sizes of a shape; one is the other turned round."""

    lecture = "lecture"
    spec = "spec"

    def turned(self, sizes: Sequence[int]) -> Shape:
        """Return sizes of this order in a spec's, or sizes of a spec in this one.

        >>> Order.lecture.turned((320, 280, 3))
        (3, 280, 320)
        """
        return tuple(sizes) if self is Order.spec else tuple(sizes[::-1])

    def letters(self, rank: int, *, depth: bool = True) -> str:
        """Return what the sizes of a shape with so many spatial axes are.

        >>> Order.lecture.letters(2), Order.spec.letters(2), Order.lecture.letters(2, depth=False)
        ('W x H x D', 'C x H x W', 'W x H')
        """
        spatial = {1: "L", 2: "HW", 3: "DHW"}.get(rank, "")
        names = [*spatial] if spatial else [f"axis {axis}" for axis in range(rank)]
        channels = ["D" if self is Order.lecture and rank == 2 else "C"] if depth else []
        return " x ".join([*channels, *names] if self is Order.spec else [*names[::-1], *channels])

    @property
    def other(self) -> Order:
        """The other of the two."""
        return Order.spec if self is Order.lecture else Order.lecture


class Reading(NamedTuple):
    """A shape in a spec's order, the order that it was written in, and why that was taken."""

    shape: Shape
    order: Order
    why: str

    def text(self, shape: Sequence[int], order: Order | None = None) -> str:
        """Return a shape of a spec as it is written in an order, this one's own by default."""
        return sizes_text((order or self.order).turned(shape))

    def lines(self, output: Shape | None = None) -> list[str]:
        """Return the input, and the output if there is one, in both orders, and which one was read."""
        rank, ways = len(self.shape) - 1, (self.order, self.order.other)
        texts = [" is ".join(f"{self.text(one, way)} ({way.letters(rank)})" for way in ways)
                 for one in (self.shape, output) if one]  # fmt: skip
        read = f"read in the {self.order.value}'s order: {self.why}"
        return [f"{name} {text}" for name, text in zip(("input ", "output"), texts, strict=False)] + [read]

    def data(self, output: Shape | None = None) -> dict[str, Any]:
        """Return the same as plain data."""
        shapes = {"input": self.shape} | ({"output": output} if output else {})
        both = {name: {order.value: list(order.turned(one)) for order in Order} for name, one in shapes.items()}
        return {"order": self.order.value, "why": self.why, "orders": both}


def sizes_of(text: str, option: str = "") -> tuple[int, ...]:
    """Return the sizes of a shape as it is typed; raise UsageError for what is none.

    >>> sizes_of("32x32x3")
    (32, 32, 3)
    """
    label = f"{option} {printable(text[:60])}".strip()
    if not re.fullmatch(r"[0-9]{1,18}(x[0-9]{1,18})*", text):
        close = "x".join(re.findall(r"[0-9]+", text))
        hint = f"; did you mean {close}?" if re.fullmatch(r"[0-9]{1,18}([ ,;*xX\u00d7]+[0-9]{1,18})+", text) else ""
        raise UsageError(f"{label}: must be sizes such as {'16x16' if option else '32x32x3'}{hint}")
    sizes = tuple(int(part) for part in text.split("x"))
    if 0 in sizes:
        raise UsageError(f"{label}: every size must be at least 1 (0)")
    if len(sizes) > MOST_SIZES:
        raise UsageError(f"{label}: must have at most {MOST_SIZES} sizes ({len(sizes)})")
    return sizes


def reading(text: str, order: Order | None) -> Reading:
    """Return how an input is read: in the order that is given, else in the one that its sizes speak for.

    >>> reading("320x280x3", None)
    Reading(shape=(3, 280, 320), order=<Order.lecture: 'lecture'>, why='3 at the end is the depth')
    """
    sizes = sizes_of(text)
    if len(sizes) == 1:
        (size,) = sizes
        raise UsageError(
            f"{size}: a convolution must have spatial axes, and this is a flat vector\n"
            f"help: {size}x1 is a signal of length {size}, {size}x{size}x3 an image of three colours"
        )
    found, why = (order, "as --order says") if order else likely(sizes)
    return Reading(found.turned(sizes), found, why)


def likely(sizes: Sequence[int]) -> tuple[Order, str]:
    """Return the order that some sizes are likely written in, and why.

    >>> likely((32, 32, 3)), likely((3, 32, 32))[1]
    ((<Order.lecture: 'lecture'>, 'two equal sizes come first'), 'two equal sizes come last')
    """
    first, last = sizes[0], sizes[-1]
    if tuple(sizes) == tuple(sizes[::-1]):
        return Order.lecture, f"both orders read it alike{alike(sizes)}"
    if len(sizes) > 2 and (first == sizes[1]) != (last == sizes[-2]):
        if first == sizes[1]:
            return Order.lecture, "two equal sizes come first"
        return Order.spec, "two equal sizes come last"
    if (first in COLOURS) != (last in COLOURS):
        if last in COLOURS:
            return Order.lecture, f"{last} at the end is the depth"
        return Order.spec, f"{first} at the start is the depth"
    least = min(first, last)
    if first != last and all(least * CLEARLY <= size for size in (*sizes[1:-1], max(first, last))):
        if last == least:
            return Order.lecture, f"{last} at the end is by far the smallest"
        return Order.spec, f"{first} at the start is by far the smallest"
    rank = len(sizes) - 1
    return Order.lecture, f"it could be either; --order spec reads {Order.spec.letters(rank)}"


def alike(sizes: Sequence[int]) -> str:
    """Return the hint for two equal sizes, which are a signal here and may be meant as an image."""
    return f"; an image of one channel is {sizes_text(sizes)}x1" if len(sizes) == 2 else ""
