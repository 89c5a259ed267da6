"""What every layer is: options with their kinds, and integer rules for shape, parameters, MACs and receptive field."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, prod
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict

from cnncalc.errors import GroupsDoNotDivide, RankMismatch, TooLarge
from cnncalc.field import Extent, Field, then, union
from cnncalc.slide import Span, within

if TYPE_CHECKING:
    from cnncalc.field import ReceptiveField
    from cnncalc.slide import Slide

Shape = tuple[int, ...]
"""Channels first, then the spatial sizes; a flat vector has one size. Per sample: there is no batch axis."""

LARGEST = 2**63 - 1

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


class Layer(BaseModel):
    """One layer: its options are the fields, its rules the methods; all of them take the shapes of its inputs.

    A new layer sets ``argument`` and overrides what differs; most override ``output_shape`` and little else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    argument: ClassVar[str] = ""
    """The field that the op's own value fills: ``{conv: 64}`` is out_channels; "" where the op is a word."""
    followers: ClassVar[tuple[str, ...]] = ()
    """Which of norm and act may follow on the same line."""
    joins: ClassVar[bool] = False
    """Whether the op's value is a list of operands."""

    is_view: ClassVar[bool] = False
    """Whether the output is the first input's memory, looked at in another way."""
    overwrites: ClassVar[bool] = False
    """Whether the output can be written over an operand of its shape, where nothing else reads that one."""

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the output shape; raise a LayerError with the bare fact where there is none."""
        return inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return the shapes of the learned tensors by name."""
        return {}

    def buffers(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Return the shapes of the stored tensors that are not learned."""
        return {}

    def macs(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the multiply-accumulates of a weight into an output, taps on padding included."""
        return 0

    def macs_on_input(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the MACs without those on padding."""
        return self.macs(inputs, output)

    def operations(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the operations that are not MACs; FLOPs = 2*MACs + these."""
        return 0

    def slides(self, spatial: Shape) -> "list[Slide]":
        """Return the kernel's slide along each axis; empty for a layer without windows."""
        return []

    def receptive_field(self, inputs: Sequence[Shape], fields: Sequence[Field]) -> Field:
        """Return the receptive field in the image, from the shapes of the inputs and their fields."""
        steps = self.steps(inputs[0])
        return then(fields[0], steps) if steps else union(fields)

    def steps(self, source: Shape) -> "Sequence[ReceptiveField | None]":
        """Return this layer's own field along each axis, None where it has no closed form; empty for pointwise."""
        slides = self.slides(source[1:])
        if len(slides) == 2 and slides[0] == slides[1]:  # a square, as most are
            return [slides[0].field] * 2
        return [slide.field for slide in slides]

    def span(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> "Callable[[int], range] | None":
        """Return which positions of an operand an output position stands over along a spatial axis; None for all.

        They go on beyond the operand's ends, as if it had none: there they are padding.
        """
        slides = self.slides(inputs[0][1:])
        if slides:
            return slides[axis].span
        return Span()

    def reads(self, inputs: Sequence[Shape], output: Shape, operand: int, axis: int) -> "Callable[[int], range] | None":
        """Return which positions an output position reads: of those it stands over, the ones that there are."""
        span, size = self.span(inputs, output, operand, axis), inputs[operand][1 + axis]
        return None if span is None else lambda position: within(span(position), size)

    def settings(self, rank: int) -> str:
        """Return the kernel and the options that are not at their defaults as one line, the argument first.

        ``rank`` is the number of spatial axes: a kernel of 3 reads 3x3 in two of them. The bias and the rounding
        are left out: they show in the parameters and in the output shape.
        """
        options = type(self).model_fields
        argument = getattr(self, self.argument, None)
        shown = [] if argument is None else [setting_text(self.argument, argument, rank)]
        for name, field in options.items():
            value = getattr(self, name)
            if name in (self.argument, "bias", "rounding") or (value == field.default and name != "kernel"):
                continue
            said = setting_text(name, value, rank)
            shown.append(said if name == "kernel" and rank > 1 else f"{name} {said}")
        return ", ".join(shown)


def output_shape(layer: Layer, inputs: Sequence[Shape]) -> Shape:
    """Return a layer's output shape, its sizes within 64 bits.

    Raises the LayerError of the layer, or TooLarge.
    """
    shape = layer.output_shape(inputs)
    largest = max([size if isinstance(size, int) else largest_number(size) for size in shape])
    if largest > LARGEST:
        raise TooLarge(
            f"the output's sizes must fit in 64 bits ({sizes_text(shape) if largest < LARGEST**2 else 'far more'})"
        )
    return shape


def largest_number(formula: Any) -> int:  # noqa: ANN401 - a Polynomial, which stands for an int
    """Return the largest number in the coefficients of a formula."""
    return cast("int", formula.largest)


def setting_text(name: str, value: object, rank: int) -> str:
    """Return an option's value as it reads in a table.

    >>> setting_text("kernel", 3, rank=2), setting_text("padding", ((0, 1), (2, 3)), rank=2)
    ('3x3', '0:1x2:3')
    """
    if name in {"kernel", "factor", "size"} and isinstance(value, int) and rank:
        value = (value,) * rank
    if isinstance(value, tuple):
        return "x".join(f"{v[0]}:{v[1]}" if isinstance(v, tuple) else str(v) for v in value)
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def sizes_text(sizes: Sequence[object]) -> str:
    """Return sizes as they are written in a spec; where one is a formula, with room between them.

    >>> sizes_text((3, 224, 224))
    '3x224x224'
    >>> from cnncalc.symbolic.polynomial import symbol
    >>> sizes_text((3, 2 * symbol("h") + 1, 28))
    '3 x (2h + 1) x 28'
    """
    texts = [str(size) for size in sizes]
    if not any(hasattr(size, "is_whole") for size in sizes):
        return "x".join(texts)
    return " x ".join(f"({text})" if " " in text and len(texts) > 1 else text for text in texts)


def expand(value: int | tuple[int, ...], rank: int, name: str) -> tuple[int, ...]:
    """Return one number for each axis from an option that may give one for all.

    >>> expand(3, 2, "kernel"), expand((7, 1), 2, "kernel")
    ((3, 3), (7, 1))
    """
    if isinstance(value, int):
        return (value,) * rank
    if len(value) != rank:
        raise RankMismatch(
            f"{name} must have a number for each spatial axis of the input "
            f"({sizes_text(value)} has {len(value)}, the input has {rank})",
            option=name,
        )
    return value


def need_spatial(shape: Shape) -> Shape:
    """Return the spatial sizes of a shape; raise RankMismatch for a flat vector."""
    if len(shape) == 1:
        raise RankMismatch(f"the input must have spatial axes (it is a flat vector of {shape[0]})")
    return shape[1:]


def axis_name(axis: int, rank: int) -> str:
    """Return what an axis is called.

    >>> axis_name(1, 2)
    'width'
    """
    return AXES[rank][axis] if rank in AXES else f"axis {axis}"


def elements(shape: Shape) -> int:
    """Return the number of elements of a tensor.

    >>> elements((64, 7, 7))
    3136
    """
    return prod(shape)


def groups_must_divide(groups: int, **channels: int) -> None:
    """Raise GroupsDoNotDivide, naming the common divisors nearest to the groups, unless they divide the channels.

    >>> groups_must_divide(2, in_channels=4, out_channels=6)
    """
    for name, count in channels.items():
        if count % groups:
            if not all(isinstance(number, int) for number in (groups, *channels.values())):
                raise GroupsDoNotDivide(f"groups ({groups}) must divide {name} ({count})", option="groups")
            common = gcd(*channels.values())
            nearby = range(max(1, groups - 1000), groups + 1000)
            divisors = sorted((d for d in nearby if common % d == 0), key=lambda d: abs(d - groups))[:2] or [1]
            raise GroupsDoNotDivide(
                f"groups ({groups}) must divide {name} ({count})",
                option="groups",
                help=f"{' and '.join(map(str, sorted(divisors)))} would",
            )


def mixed(shape: Shape, field: Field) -> Field:
    """Return the field after a layer that mixes channels: on a flattened vector, every unit sees everything."""
    if len(shape) > 1:
        return field
    return tuple(Extent.WHOLE if axis is Extent.FLAT else axis for axis in field)
