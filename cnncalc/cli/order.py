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
"""So many times smaller than every other size is clearly the number of channels."""
KINDS = {1: "a signal", 2: "an image", 3: "a volume"}
"""What an input with so many spatial axes is called."""


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

    def letters(self, rank: int, *, channels: bool = True) -> str:
        """Return what the sizes of a shape with so many spatial axes are.

        >>> Order.lecture.letters(2), Order.spec.letters(2), Order.lecture.letters(2, channels=False)
        ('W x H x D', 'C x H x W', 'W x H')
        """
        spatial = {1: "L", 2: "HW", 3: "DHW"}.get(rank, "")
        names = [*spatial] if spatial else [f"axis {axis}" for axis in range(rank)]
        last = ["D" if self is Order.lecture and rank == 2 else "C"] if channels else []
        return " x ".join([*last, *names] if self is Order.spec else [*names[::-1], *last])

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
        return [f"{name} {text}" for name, text in zip(("input ", "output"), texts, strict=False)] + [self.said]

    @property
    def said(self) -> str:
        """Which order was read, and why."""
        return f"read in the {self.order.value}'s order: {self.why}"

    @property
    def note(self) -> str:
        """The input as it was read, for below an error."""
        return f"note: input {self.text(self.shape)} ({self.order.letters(len(self.shape) - 1)}), {self.said}"

    def data(self, output: Shape | None = None) -> dict[str, Any]:
        """Return the same as plain data."""
        shapes = {"input": self.shape} | ({"output": output} if output else {})
        both = {name: {order.value: list(order.turned(one)) for order in Order} for name, one in shapes.items()}
        return {"order": self.order.value, "why": self.why, "orders": both}


def sizes_of(text: str, option: str = "") -> tuple[int, ...]:
    """Return the sizes of a shape as it is typed; raise UsageError for what is none.

    >>> sizes_of("32x32x3"), sizes_of("32,32,3")
    ((32, 32, 3), (32, 32, 3))
    """
    label = f"{option} {printable(text[:60])}".strip()
    if not re.fullmatch(r"[0-9]{1,18}((x[0-9]{1,18})*|(, ?[0-9]{1,18})*)", text):
        close = "x".join(re.findall(r"[0-9]+", text))
        hint = f"; did you mean {close}?" if re.fullmatch(r"[0-9]{1,18}([ ,;*xX\u00d7]+[0-9]{1,18})+", text) else ""
        raise UsageError(f"{label}: must be sizes such as {'16x16' if option else '32x32x3'}{hint}")
    sizes = tuple(int(part) for part in re.split("x|, ?", text))
    if 0 in sizes:
        raise UsageError(f"{label}: every size must be at least 1 (0)")
    if len(sizes) > MOST_SIZES:
        raise UsageError(f"{label}: must have at most {MOST_SIZES} sizes ({len(sizes)})")
    return sizes


def reading(text: str, order: Order | None, rank: int | None = None) -> Reading:
    """Return how an input is read: with the order and the number of spatial axes that are given, else as it is likely.

    >>> reading("320x280x3", None)
    Reading(shape=(3, 280, 320), order=<Order.lecture: 'lecture'>, why='3 at the end is the number of channels')
    >>> reading("320x280", None).shape, reading("500x2", None).shape, reading("320x280", None, rank=1).shape
    ((1, 280, 320), (2, 500), (280, 320))
    """
    sizes = sizes_of(text)
    axes = rank or likely_rank(sizes)
    if len(sizes) not in (axes, axes + 1):
        raise UsageError(f"--rank {axes}: {sizes_text(sizes)} must have {axes} or {axes + 1} sizes ({len(sizes)})")
    if len(sizes) == axes:
        return without_channels(sizes, order, rank)
    found, why = (order, "as --order says") if order else likely(sizes)
    shape = found.turned(sizes)
    if len(sizes) == 2 and rank is None:
        why += f"; {sizes_text(sizes)} is {signal_of(shape[0])}, and an image under --rank 2"
    return Reading(shape, found, why)


def likely_rank(sizes: Sequence[int]) -> int:
    """Return how many spatial axes a shape likely has; two sizes are an image unless one is clearly the channels.

    >>> likely_rank((7, 7)), likely_rank((500, 2)), likely_rank((784, 1)), likely_rank((32, 32, 3))
    (2, 1, 1, 2)
    """
    if len(sizes) == 1:
        (size,) = sizes
        raise UsageError(
            f"{size}: a convolution must have spatial axes, and this is a flat vector\n"
            f"help: {size}x{size} is an image, {size}x{size}x3 one of three colours; --rank 1 reads a signal"
        )
    least, most = min(sizes), max(sizes)
    if len(sizes) == 2 and (least == most or (least > 1 and least * CLEARLY > most)):
        return 2
    return len(sizes) - 1


def without_channels(sizes: Sequence[int], order: Order | None, rank: int | None) -> Reading:
    """Return how spatial sizes alone are read: as an input of one channel."""
    found, axes = order or Order.lecture, len(sizes)
    ways = []
    if order is None and tuple(sizes) != tuple(sizes[::-1]):
        ways.append(f"--order spec reads {Order.spec.letters(axes, channels=False)}")
    if rank is None:
        ways.append(f"--rank 1 {'' if ways else 'reads '}{signal_of(found.turned(sizes)[0])}")
    kind = f"{KINDS.get(axes, 'an input')} of one channel, {found.letters(axes, channels=False)}"
    hint = f"; {', '.join(ways)}" if ways else ""
    return Reading((1, *found.turned(sizes)), found, f"{sizes_text(sizes)} is {kind}{hint}")


def signal_of(channels: int) -> str:
    """Return a signal in words.

    >>> signal_of(1), signal_of(2)
    ('a signal of 1 channel', 'a signal of 2 channels')
    """
    return f"a signal of {channels} channel{'s' if channels > 1 else ''}"


def likely(sizes: Sequence[int]) -> tuple[Order, str]:
    """Return the order that some sizes are likely written in, and why.

    >>> likely((32, 32, 3)), likely((3, 32, 32))[1]
    ((<Order.lecture: 'lecture'>, 'two equal sizes come first'), 'two equal sizes come last')
    """
    first, last = sizes[0], sizes[-1]
    if tuple(sizes) == tuple(sizes[::-1]):
        return Order.lecture, "both orders read it alike"
    if len(sizes) > 2 and (first == sizes[1]) != (last == sizes[-2]):
        if first == sizes[1]:
            return Order.lecture, "two equal sizes come first"
        return Order.spec, "two equal sizes come last"
    if (first in COLOURS) != (last in COLOURS):
        if last in COLOURS:
            return Order.lecture, f"{last} at the end is the number of channels"
        return Order.spec, f"{first} at the start is the number of channels"
    least = min(first, last)
    if first != last and all(least * CLEARLY <= size for size in (*sizes[1:-1], max(first, last))):
        if last == least:
            return Order.lecture, f"{last} at the end is by far the smallest"
        return Order.spec, f"{first} at the start is by far the smallest"
    rank = len(sizes) - 1
    return Order.lecture, f"it could be either; --order spec reads {Order.spec.letters(rank)}"
