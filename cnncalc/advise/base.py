"""What a kind of advice is: which layers it puts in place of one, and what it says of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from cnncalc.advise.amounts import joined
from cnncalc.advise.line import Line, Network
from cnncalc.advise.writing import Rewrite
from cnncalc.analysis import Facts
from cnncalc.checks.saving import between
from cnncalc.checks.words import counted
from cnncalc.layers.base import Layer, sizes_text
from cnncalc.layers.conv import Conv
from cnncalc.wording import number_word

Row = tuple[Layer, ...]


class Left(Exception):
    """Why a layer is left as it is."""


class Kind:
    """One kind of advice, one file. The class docstring is what it does, in one line."""

    name: ClassVar[str]
    op: ClassVar[str] = "conv"
    """The op of the lines that it looks at."""
    block: ClassVar[str] = ""
    """What a block of the new layers is called."""
    about: ClassVar[str]
    """The layers that it looks for, as they are called where there are none."""
    accuracy: ClassVar[str]
    """What is published on how the rewrite does; figures with their source."""

    def row(self, one: Facts, network: Network) -> Row | None:
        """Return the layers that could take the place of one; None where the kind does not concern it.

        Raises Left with the reason where it does and is left all the same.
        """
        raise NotImplementedError

    def words(self, row: Row, one: Facts) -> str:
        """Return what the layers in place of one are called, such as "two 3x3"."""
        raise NotImplementedError

    def headline(self, uses: Sequence[Facts]) -> str:
        """Return the advice in words, for the layers that it rewrites."""
        raise NotImplementedError

    def note(self, uses: Sequence[Facts]) -> str:  # noqa: ARG002 - a kind may look there
        """Return what else there is to say about the layers that it rewrites; mostly nothing."""
        return ""

    def rewrite(self, network: Network, line: Line) -> tuple[Rewrite, tuple[Facts, ...]] | None:
        """Return the rewrite of a line that is no convolution, and the layers it concerns; None where there is none.

        Raises Left, or Unsayable, with the reason.
        """
        raise NotImplementedError


def convolution(one: Facts) -> Conv:
    """Return a convolution of one group that is larger than one position; raise Left for one of several groups."""
    layer = one.node.layer
    assert isinstance(layer, Conv)
    if layer.groups > 1:
        raise Left(f"it has {layer.groups} groups")
    return layer


def kernel(one: Facts) -> tuple[int, ...]:
    """Return a layer's kernel, one number an axis."""
    return tuple(slide.kernel for slide in one.node.layer.slides(one.inputs[0][1:]))


def size(numbers: Sequence[int]) -> str:
    """Return how a filter of these sizes reads.

    >>> size((3, 3)), size((2,))
    ('3x3', 'length 2')
    """
    return sizes_text(numbers) if len(numbers) > 1 else f"length {numbers[0]}"


def filters(kernels: Sequence[Sequence[int]]) -> str:
    """Return the sizes of some filters, once each; the most frequent where they are many.

    >>> filters([(5, 5), (3, 3), (3, 3)]), filters([(n,) for n in (3, 5, 7, 9, 11)])
    ('3x3 and 5x5', 'length 3, length 5, length 7 and two other sizes')
    """
    found = [each for each, _ in Counter(map(size, kernels)).most_common()]
    return joined(found if len(found) < 5 else [*found[:3], f"{number_word(len(found) - 3)} other sizes"])


def convolutions(uses: Sequence[Facts]) -> str:
    """Return so many convolutions, with the sizes of their filters."""
    return f"{counted(len(uses), 'convolution')} of {filters([kernel(one) for one in uses])}"


def channels_between(one: Facts, network: Network) -> int:
    """Return the channels between new layers; where an image is read, those that come out."""
    if network.image(one):
        return one.shape[0]
    found = between(one)
    if not found:
        fewer, more = sorted((one.inputs[0][0], one.shape[0]))
        raise Left(f"{fewer} channels between would be fewer than a quarter of {more}")
    return found


def reads_image(one: Facts) -> str:
    """Return that a layer reads an image, as the reason why it is left."""
    count = one.inputs[0][0]
    return f"it reads the image's {count} channel{'s' if count > 1 else ''}"
