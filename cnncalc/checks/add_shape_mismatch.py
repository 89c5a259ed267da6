"""CNN105: operands of add or multiply whose shapes do not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cnncalc.checks.base import Finding, Refused, Suggestion
from cnncalc.checks.joining import added, aside, defaults_matter, operands, padded
from cnncalc.checks.remedy import lines, tried
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import ShapeMismatch
from cnncalc.layers.base import Layer, Shape, axis_name, sizes_text
from cnncalc.layers.conv import Conv
from cnncalc.layers.linear import Linear

OPS = ("add", "multiply")
MOST_ODD = 4
"""For how many operands a layer more is suggested."""


class AddShapeMismatch(Refused):
    """The operands of an add or a multiply do not have one shape."""

    code = "CNN105"
    name = "add-shape-mismatch"
    refuses = ShapeMismatch
    why = "Elements are joined one by one: what is added to what must be as large, or of size 1 and stretched."
    formula = "the sizes along each axis, apart from 1, must be one number"
    example = "cnncalc: 1\ninput: 8x8x8\nlayers:\n- add:\n  - [{conv: 16, kernel: 3, padding: half}]\n  - []\n"
    instead = (
        "cnncalc: 1\ninput: 8x8x8\nlayers:\n- add:\n  - [{conv: 16, kernel: 3, padding: half}]\n  - [{conv: 16}]\n"
    )
    options = "`align: crop` cuts the larger operands about their centres."
    references = ("He, Zhang, Ren and Sun 2016, Deep Residual Learning for Image Recognition, section 3.2, equation 2",)

    def concerns(self, refusal: Refusal) -> bool:
        """Return whether the error is of an add or a multiply."""
        return super().concerns(refusal) and refusal.error.place.op in OPS

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with every operand, and the projection that would make them agree."""
        node = refusal.node
        if node is None:
            return super().told(refusal, survey)
        place = refusal.error.place._replace(span=survey.option(node, node.op))
        found = self.finding(
            place, refusal.error.fact.replace("the operands", f"the operands of {node.path}", 1)
        )._replace(label=f"{len(refusal.inputs)} operands", others=operands(refusal, survey))
        if len({len(shape) for shape in refusal.inputs}) > 1:
            return found
        return found._replace(
            notes=tuple(differences(refusal.inputs)),
            helps=tuple(
                lines(
                    _projection(refusal, survey),
                    _padding(refusal, survey),
                    tried(refusal, survey, "align", "crop", "crop", spatial=False),
                )
            ),
        )


def differences(shapes: Sequence[Shape], *, stretched: bool = True) -> Iterator[str]:
    """Yield the axes along which shapes do not agree, with their sizes.

    ``stretched`` is whether a size of 1 stands for any, as it does for add; otherwise the channels may differ.

    >>> list(differences([(64, 28, 28), (64, 27, 28)]))
    ['height: 28 and 27']
    """
    rank = len(shapes[0]) - 1
    for axis, sizes in enumerate(zip(*shapes, strict=True)):
        distinct = list(dict.fromkeys(sizes))
        if len(set(distinct) - {1}) > 1 if stretched else axis and len(distinct) > 1:
            name = axis_name(axis - 1, rank) if axis else "channels" if rank else "size"
            more = " and more" if len(distinct) > 6 else ""
            yield f"{name}: {' and '.join(map(str, distinct[:6]))}{more}"


def _projection(refusal: Refusal, survey: Survey) -> Suggestion | None:
    """Return the 1x1 convolutions, or the linear layers, that give all operands the shape of one of them.

    Shortcuts are projected rather than what was computed beside them.
    """
    node, shapes = refusal.node, refusal.inputs
    assert node is not None
    counts = Counter(shapes)
    ways = []
    for shape in list(counts)[:MOST_ODD]:
        odd = [index for index, other in enumerate(shapes) if not _agrees(other, shape)]
        layers = {index: made for index in odd[:MOST_ODD] if (made := _layer(shapes[index], shape, survey))}
        if odd and len(layers) == len(odd):
            straight = sum(not aside(survey, node, index) for index in odd)
            ways.append((straight, len(odd), layers))
    for *_, layers in sorted(ways, key=lambda way: way[:2]):
        if found := added(refusal, survey, layers, whole=not defaults_matter(survey)):
            return found
    return None


def _agrees(shape: Shape, wanted: Shape) -> bool:
    return all(size in (1, want) for size, want in zip(shape, wanted, strict=True))


def _layer(shape: Shape, wanted: Shape, survey: Survey) -> tuple[str, Layer] | None:
    """Return the layer that makes one shape of another, as its line has it; None if a 1x1 convolution cannot."""
    if len(shape) == 1:
        return f"linear: {wanted[0]}", Linear(out_features=wanted[0])
    if any(size != 1 and size % want for size, want in zip(shape[1:], wanted[1:], strict=True)):
        return None
    strides = tuple(max(1, size // want) for size, want in zip(shape[1:], wanted[1:], strict=True))
    general = survey.document.spec.rounding if survey.document else "exact"
    text, rounding = f"conv: {wanted[0]}", general
    if set(strides) != {1}:
        text += f", stride: {strides[0] if len(set(strides)) == 1 else sizes_text(strides)}"
        if general != "floor" and any((size - 1) % step for size, step in zip(shape[1:], strides, strict=True)):
            text, rounding = f"{text}, rounding: floor", "floor"
    return text, Conv(out_channels=wanted[0], stride=strides, rounding=rounding)


def _padding(refusal: Refusal, survey: Survey) -> Suggestion | None:
    """Return the paddings that give all operands the sizes of the largest, if only their sizes differ."""
    sizes = [shape[1:] for shape in refusal.inputs]
    largest = tuple(map(max, zip(*sizes, strict=True)))
    odd = [index for index, one in enumerate(sizes) if not _agrees(one, largest)]
    return padded(refusal, survey, odd, largest) if 0 < len(odd) <= MOST_ODD else None
