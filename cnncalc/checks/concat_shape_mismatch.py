"""CNN106: operands of concat whose spatial sizes do not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cnncalc.checks.add_shape_mismatch import MOST_ODD, differences
from cnncalc.checks.base import Finding, Refused, Suggestion
from cnncalc.checks.joining import added, operands, padded
from cnncalc.checks.remedy import axes, lines, tried
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import ShapeMismatch
from cnncalc.layers.base import elements
from cnncalc.layers.reorder import Flatten
from cnncalc.layers.resize import Upsample


class ConcatShapeMismatch(Refused):
    """The operands of a concat do not have one spatial size."""

    code = "CNN106"
    name = "concat-shape-mismatch"
    refuses = ShapeMismatch
    why = "Channels are laid one behind the other: each position of the one must have its position in the other."
    formula = "the spatial sizes must be equal; the channels are added up"
    example = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- concat:\n  - [{conv: 8}]\n  - [{conv: 16, kernel: 3}]\n"
    instead = (
        "cnncalc: 1\ninput: 3x8x8\nlayers:\n- concat:\n  - [{conv: 8}]\n  - [{conv: 16, kernel: 3, padding: half}]\n"
    )
    options = (
        "`align: crop` cuts the larger operands about their centres; "
        "`align: stretch` repeats those of size 1, such as the output of a global pool."
    )
    references = (
        "Szegedy et al. 2015, Going Deeper with Convolutions",
        "Ronneberger, Fischer and Brox 2015, U-Net: Convolutional Networks for Biomedical Image Segmentation",
    )

    def concerns(self, refusal: Refusal) -> bool:
        """Return whether the error is of a concat."""
        return super().concerns(refusal) and refusal.error.place.op == "concat"

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with every operand, and the padding of the odd one that would make it agree."""
        node = refusal.node
        if node is None:
            return super().told(refusal, survey)
        place = refusal.error.place._replace(span=survey.option(node, node.op))
        found = self.finding(
            place, refusal.error.fact.replace("the operands", f"the operands of {node.path}", 1)
        )._replace(label=f"{len(refusal.inputs)} operands", others=operands(refusal, survey))
        if len({len(shape) for shape in refusal.inputs}) > 1:
            return found._replace(helps=tuple(lines(_flattened(refusal, survey))))
        stretch, crop = (tried(refusal, survey, "align", one, one, spatial=False) for one in ("stretch", "crop"))
        return found._replace(
            notes=tuple(differences(refusal.inputs, stretched=False)),
            helps=tuple(lines(*_resized(refusal, survey), stretch, crop)),
        )


def _flattened(refusal: Refusal, survey: Survey) -> Suggestion | None:
    """Return the suggestion to make vectors of the images, where they are joined with a vector."""
    images = [index for index, shape in enumerate(refusal.inputs) if len(shape) > 1]
    if not 0 < len(images) <= MOST_ODD or len(images) == len(refusal.inputs):
        return None
    return added(refusal, survey, {index: ("flatten", Flatten()) for index in images})


def _resized(refusal: Refusal, survey: Survey) -> Iterator[Suggestion | None]:
    """Yield the paddings and the factors that give the odd operands the size that most have, or the largest."""
    sizes = [shape[1:] for shape in refusal.inputs]
    wanted, _ = max(Counter(sizes).items(), key=lambda item: (item[1], elements(item[0])))
    odd = [index for index, one in enumerate(sizes) if one != wanted]
    if len(odd) > MOST_ODD:
        return
    if all(2 * size > want for index in odd for want, size in zip(wanted, sizes[index], strict=True)):
        yield padded(refusal, survey, odd, wanted)  # half the size and less is a stride, not an odd edge
    if all(want % size == 0 for index in odd for want, size in zip(wanted, sizes[index], strict=True)):
        factors = {
            index: axes([want // size for want, size in zip(wanted, sizes[index], strict=True)]) for index in odd
        }
        yield added(
            refusal,
            survey,
            {at: (f"upsample: {text}", Upsample(factor=value)) for at, (value, text) in factors.items()},
        )
