"""Layers that join several tensors: add, multiply, concat."""

from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import WithJsonSchema

from cnncalc.errors import ShapeMismatch
from cnncalc.field import Extent, Field, ReceptiveField, then, union
from cnncalc.layers.base import Layer, Shape, elements, sizes_text
from cnncalc.layers.fields import Pair, word
from cnncalc.slide import Span

Align = Literal["exact", "crop", "stretch"]
ALIGNS = ("exact", "crop")
CONCAT_ALIGNS = (*ALIGNS, "stretch")


class Merge(Layer):
    """What the joins share: operands, and ``align: crop``, which cuts the larger ones about their centres."""

    joins: ClassVar[bool] = True
    followers: ClassVar[tuple[str, ...]] = ("act",)

    align: Annotated[Align, word(*ALIGNS), WithJsonSchema({"enum": list(ALIGNS)})] = "exact"

    def margins(self, inputs: Sequence[Shape]) -> list[list[Pair]]:
        """Return what is cut off before and after along each spatial axis, for each operand.

        >>> Concat(align="crop").margins([(64, 64, 64), (64, 56, 56)])
        [[(4, 4), (4, 4)], [(0, 0), (0, 0)]]
        """
        if len({len(shape) for shape in inputs}) > 1:
            raise ShapeMismatch(f"the operands must have equally many axes ({listed(inputs)})")
        if self.align != "crop":
            return [[(0, 0)] * (len(shape) - 1) for shape in inputs]
        smallest = [min(sizes) for sizes in zip(*(shape[1:] for shape in inputs), strict=True)]
        return [
            [((w - s) // 2, w - s - (w - s) // 2) for w, s in zip(shape[1:], smallest, strict=True)] for shape in inputs
        ]

    def aligned(self, inputs: Sequence[Shape]) -> list[Shape]:
        """Return the shapes of the operands after the cut."""
        return [
            (shape[0], *(w - before - after for w, (before, after) in zip(shape[1:], margins, strict=True)))
            for shape, margins in zip(inputs, self.margins(inputs), strict=True)
        ]

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> Callable[[int], range]:
        """Return the same position, moved by what is cut off; of an operand stretched from size 1, its only one."""
        before, size = self.margins(inputs)[operand][axis][0], inputs[operand][1 + axis]
        if size == 1 < output[1 + axis]:
            return lambda _: range(1)
        return Span(before)

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the union of the operands' fields, each moved by what is cut off before it.

        An operand stretched from size 1 is read at every position, which has no closed form.
        """
        output = self.output_shape(inputs)
        fields = [stretched(*operand, output) for operand in zip(inputs, fields, strict=True)]
        cuts = [[ReceptiveField(1, 1, before) for before, _ in axes] for axes in self.margins(inputs)]
        return union(then(field, cut) for field, cut in zip(fields, cuts, strict=True))


class Elementwise(Merge):
    """What add and multiply share: one shape, in which a size of 1 stands for any, as in NumPy."""

    overwrites: ClassVar[bool] = True

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the common shape."""
        shapes = self.aligned(inputs)
        common = stretched_to(shapes)
        if common is None:
            raise ShapeMismatch(f"the operands must have one shape ({listed(inputs)})", help=self.remedy(shapes))
        return common

    def remedy(self, shapes: Sequence[Shape]) -> str:
        """Return what would give operands of these shapes one shape."""
        if len({shape[1:] for shape in shapes}) > 1:
            return "the strides and the padding of the branches must agree" + (
                ", or align: crop cuts the larger ones" if self.align == "exact" and len(shapes[0]) > 1 else ""
            )
        return f"a 1x1 convolution on the way of the other: {{conv: {shapes[0][0]}}}"

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return one operation an element for each operand after the first."""
        return (len(inputs) - 1) * elements(output)


class Add(Elementwise):
    """The sum of the operands.

    >>> Add().output_shape([(256, 56, 56), (256, 56, 56)])
    (256, 56, 56)
    """


class Multiply(Elementwise):
    """The product of the operands, element by element; a gate of size 1 along an axis applies to all of it.

    >>> Multiply().output_shape([(96, 14, 14), (96, 1, 1)])
    (96, 14, 14)
    """


class Concat(Merge):
    """The channels of the operands one after the other.

    >>> Concat().output_shape([(64, 28, 28), (128, 28, 28)])
    (192, 28, 28)

    ``align: stretch`` repeats an operand along the axes on which it has size 1.

    >>> Concat(align="stretch").output_shape([(256, 65, 65), (256, 1, 1)])
    (512, 65, 65)
    """

    align: Annotated[Align, word(*CONCAT_ALIGNS), WithJsonSchema({"enum": list(CONCAT_ALIGNS)})] = "exact"

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the channels added up; the spatial sizes must agree."""
        shapes = self.aligned(inputs)
        sizes = [shape[1:] for shape in shapes]
        same = sizes[0] if len(set(sizes)) == 1 else None
        common = stretched_to(sizes) if self.align == "stretch" else same
        if common is None:
            raise ShapeMismatch(
                f"the operands must have one spatial size ({listed(inputs)})",
                help="padding in the odd branch, or align: crop" if self.align == "exact" else "",
            )
        return sum(shape[0] for shape in shapes), *common


def stretched_to(sizes: Sequence[Shape]) -> Shape | None:
    """Return the sizes that several have in common where a size of 1 stands for any; None if there are none.

    >>> stretched_to([(96, 14, 14), (96, 1, 1)]), stretched_to([(96, 14), (96, 7)])
    ((96, 14, 14), None)
    """
    axes = [set(axis) - {1} or {1} for axis in zip(*sizes, strict=True)]
    return None if any(len(axis) > 1 for axis in axes) else tuple(axis.pop() for axis in axes)


def stretched(shape: Shape, field: Field, output: Shape) -> Field:
    """Return the field of an operand along the axes on which its one position serves them all: UNKNOWN unless whole."""
    if len(field) != len(shape) - 1:
        return field
    return tuple(
        Extent.UNKNOWN if isinstance(axis, ReceptiveField) and size == 1 and wide > 1 else axis
        for axis, size, wide in zip(field, shape[1:], output[1:], strict=True)
    )


def listed(shapes: Sequence[Shape]) -> str:
    """Return the operands' shapes for a message, cut short where there are many.

    >>> listed([(64, 28, 28), (128, 27, 27)])
    '64x28x28 and 128x27x27'
    """
    texts = [sizes_text(shape) for shape in shapes[:6]] + (["..."] if len(shapes) > 6 else [])
    return " and ".join(texts)
