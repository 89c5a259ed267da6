"""Why a layer leaves the receptive field without a size along an axis: all of it is read, or no form is exact."""

from functools import singledispatch
from typing import NamedTuple

from cnncalc.analysis import Facts
from cnncalc.explain.base import positions_name
from cnncalc.explain.recurrence import said, unclosed
from cnncalc.field import AxisField, Extent, Field, ReceptiveField
from cnncalc.layers.adaptive import Binned
from cnncalc.layers.base import Layer, Shape, sizes_text
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.linear import Linear
from cnncalc.layers.merge import Merge
from cnncalc.layers.norm import InstanceNorm
from cnncalc.layers.reorder import Flatten, Reshape
from cnncalc.layers.resize import Upsample


class Sources(NamedTuple):
    """The fields of a node's inputs, and the images that they are measured in."""

    fields: tuple[Field, ...]
    images: tuple[Shape, ...]


@singledispatch
def why(layer: Layer, facts: Facts, sources: Sources, axis: int) -> str:
    """Return why the field along one axis of the image is no size, a jump and a start after this layer."""
    steps, before = layer.steps(facts.inputs[0]), sources.fields[0][axis]
    if len(steps) == len(sources.fields[0]) and isinstance(before, ReceptiveField):
        return step_lost(layer, facts, steps[axis], before, axis)
    return "each output reads the whole vector"


def step_lost(layer: Layer, facts: Facts, step: ReceptiveField | None, before: ReceptiveField, axis: int) -> str:
    """Return why a step along an axis has no closed form, or has none after the field before it."""
    if step is not None:
        return unclosed(before, step)
    if isinstance(layer, ConvTranspose):
        slide = layer.slides(facts.inputs[0][1:])[axis]
        if slide.dilation > 1:
            return f"stride {slide.stride} with dilation {slide.dilation}: its outputs read different inputs in turn"
        return (
            f"stride {slide.stride} does not divide kernel {slide.kernel}: outputs read more and fewer inputs in turn"
        )
    if isinstance(layer, Upsample):
        factor = facts.shape[1 + axis] // facts.inputs[0][1 + axis]
        return f"bilinear by {factor}, which is odd: some outputs read one position, the others two"
    return "its outputs read windows of different lengths"


@why.register
def _(layer: Binned, facts: Facts, sources: Sources, axis: int) -> str:
    bins = layer.bins(facts.inputs[0][1:])
    if all(own.bins == 1 for own in bins) or (axis < len(bins) and bins[axis].bins == 1):
        return "one window reads the whole axis"
    step = bins[axis].field if len(bins) == len(sources.fields[0]) else None
    if step is not None and isinstance(before := sources.fields[0][axis], ReceptiveField):
        return unclosed(before, step)
    return f"{bins[axis].bins} windows do not divide {bins[axis].size} {positions_name(axis, len(bins))} evenly"


@why.register
def _(layer: Linear, facts: Facts, sources: Sources, axis: int) -> str:
    return "every output reads every element of its input"


@why.register
def _(layer: InstanceNorm, facts: Facts, sources: Sources, axis: int) -> str:
    return "each output is normalised by the mean and variance over all positions"


@why.register
def _(layer: Flatten, facts: Facts, sources: Sources, axis: int) -> str:
    return "the positions are flattened into one vector, which together sees all of the axis"


@why.register
def _(layer: Reshape, facts: Facts, sources: Sources, axis: int) -> str:
    if len(facts.shape) == 1:
        return "the positions are flattened into one vector, which together sees all of the axis"
    return f"{sizes_text(facts.inputs[0])} becomes {sizes_text(facts.shape)}: its axes are not the image's"


@why.register
def _(layer: Merge, facts: Facts, sources: Sources, axis: int) -> str:
    images = list(dict.fromkeys(image for image in sources.images if image))
    if len(images) > 1:
        return f"its operands come from images of different sizes, {' and '.join(map(sizes_text, images[:4]))}"
    if len({len(field) for field in sources.fields if field}) > 1:
        return "its operands have different axes"
    along = [field[axis] for field in sources.fields if field]
    if any(part is Extent.WHOLE for part in along):
        return "an operand sees the whole axis"
    for path, shape, part in zip(
        facts.node.inputs, facts.inputs, (f[axis] if f else None for f in sources.fields), strict=True
    ):
        if len(shape) > 1 + axis and shape[1 + axis] == 1 < facts.shape[1 + axis] and isinstance(part, ReceptiveField):
            return f"the one position of {path} stands for all"
    return disagreement(along)


def disagreement(along: list[AxisField]) -> str:
    """Return how the fields of operands differ."""
    known = [part for part in along if isinstance(part, ReceptiveField)]
    jumps = list(dict.fromkeys(part.jump for part in known))
    if len(jumps) > 1:
        return f"its operands' jumps differ ({' and '.join(map(str, jumps[:4]))}): they drift apart"
    if len(known) < len(along):
        return f"an operand's field is {'whole' if Extent.FLAT in along else 'unknown'}"
    return f"its operands' starts lie between pixels ({' and '.join(said(part) for part in known[:2])})"
