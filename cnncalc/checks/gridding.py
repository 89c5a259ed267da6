"""CNN210: a stack of dilated convolutions whose taps leave holes between them."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd

from cnncalc.analysis import Facts
from cnncalc.checks.base import Edit, Finding, Rule, Severity, Suggestion
from cnncalc.checks.mending import setting
from cnncalc.checks.survey import Survey
from cnncalc.checks.taps import Stack, Taps, stacks
from cnncalc.checks.trial import shape_of
from cnncalc.checks.words import counted, listing
from cnncalc.layers.base import Layer, axis_name
from cnncalc.slide import Slide

_TOLD = 12  # layers of a stack that a finding names


class Gridding(Rule):
    """A stack of dilated convolutions at stride 1 reads a grid: none of its taps meets what lies between."""

    code = "CNN210"
    name = "gridding"
    severity = Severity.WARNING
    why = (
        "Dilations with a common divisor keep to a grid: however many layers there are, an output never reads what "
        "lies between the grid's points, and neighbouring outputs read different pixels, so local detail is lost."
    )
    formula = "reads the sums of one tap dilation*t of each layer, over a span of 1 + sum of dilation*(kernel-1)"
    example = (
        "cnncalc: 1\ninput: 8x64x64\nlayers:\n- {conv: 8, kernel: 3, dilation: 2, padding: 2}\n"
        "- {conv: 8, kernel: 3, dilation: 2, padding: 2}\n- {conv: 8, kernel: 3, dilation: 2, padding: 2}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 8x64x64\nlayers:\n- {conv: 8, kernel: 3, dilation: 1, padding: 1}\n"
        "- {conv: 8, kernel: 3, dilation: 2, padding: 2}\n- {conv: 8, kernel: 3, dilation: 3, padding: 3}\n"
    )
    references = ("Wang et al. 2018, Understanding Convolution for Semantic Segmentation, section 3.2",)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding at the last convolution of each stack that leaves holes."""
        for stack in stacks(survey):
            if stack.holes and stack.last is not None:
                yield self._found(stack, stack.last, survey)

    def _found(self, stack: Stack, one: Facts, survey: Survey) -> Finding:
        node, axes, layers = one.node, stack.holes, members(stack)
        taps = stack.taps[axes[0]]
        rank = len(stack.taps)
        alike = len(axes) == rank and len({(found.width, found.marks) for found in stack.taps}) == 1
        where = "each axis" if alike and rank > 1 else axis_name(axes[0], rank)
        rates = [layer.node.layer.slides(layer.inputs[0][1:])[axes[0]].dilation for layer in layers]
        common = gcd(*rates) if len(layers) == stack.depth else 1
        source = f"the output of {stack.start}" if stack.start in survey.facts else "the input"
        notes = [
            f"along {where} an output reads {taps.read:,} of the {taps.width:,} positions that it spans in {source}"
        ]
        if taps.width <= 33:
            notes.append(f"position by position, # is read: {_drawn(taps)}")
        if common > 1:
            notes.append(f"all dilations are multiples of {common}: positions {common} apart mix only with each other")
        place = node.place()._replace(span=survey.option(node, "dilation", "kernel", node.op))
        dilations = ", ".join(map(str, rates)) if len(layers) == stack.depth else f"..., {', '.join(map(str, rates))}"
        return self.finding(
            place,
            f"{counted(stack.depth, 'convolution')} with dilations {dilations} span {taps.width:,} positions and read "
            f"{taps.read:,} of them",
        )._replace(
            label="the stack ends here",
            notes=tuple(notes),
            helps=tuple(_helps(stack, layers, survey)),
            calls=node.origin.calls,
        )


def members(stack: Stack) -> list[Facts]:
    """Return the last convolutions of a stack, so many as a finding names, in their order."""
    found: list[Facts] = []
    at: Stack | None = stack
    while at is not None and at.last is not None and len(found) < _TOLD:
        found.append(at.last)
        at = at.before
    return found[::-1]


def _slides(layer: Facts) -> list[Slide]:
    return layer.node.layer.slides(layer.inputs[0][1:])


def _drawn(taps: Taps) -> str:
    """Return a picture of the positions, the first one leftmost.

    >>> _drawn(Taps(0, 5, 0b10101))
    '#.#.#'
    """
    return "".join("#" if taps.marks is None or taps.marks >> at & 1 else "." for at in range(taps.width))


def rates(kernel: int, total: int, layers: int) -> list[int]:
    """Return rising dilations whose sum is ``total``, or as near below as can be, under which no position is left out.

    A layer may go as far apart as the span before it is long.

    >>> rates(3, total=6, layers=3), rates(3, total=12, layers=3), rates(3, total=30, layers=3)
    ([1, 2, 3], [1, 3, 8], [1, 3, 9])
    """
    found: list[int] = []
    span = 1
    for left in range(layers, 0, -1):
        found.append(max(1, min(span, (total - sum(found)) // left)))
        span += found[-1] * (kernel - 1)
    return found


def _helps(stack: Stack, layers: Sequence[Facts], survey: Survey) -> Iterator[tuple[Suggestion, ...]]:
    """Yield dilations that read the whole span, if all layers have one kernel and one dilation for all axes."""
    slides = [_slides(layer) for layer in layers]
    kernels = {slide.kernel for each in slides for slide in each}
    present = [{slide.dilation for slide in each} for each in slides]
    if len(layers) < stack.depth or len(kernels) > 1 or any(len(each) > 1 for each in present):
        return
    kernel = kernels.pop()
    wanted = rates(kernel, sum(each[0].dilation for each in slides), len(layers))
    taps: Taps | None = Taps()
    for rate in wanted:
        taps = taps and taps.then(kernel, rate, 0)
    if taps is None or taps.marks is not None:
        return
    edits: list[tuple[Edit, ...]] = []
    kept = True
    for layer, each, rate in zip(layers, slides, wanted, strict=True):
        changed, edit = _dilated(layer, each, rate, survey)
        edits.append(edit)
        kept = kept and shape_of(changed, layer.inputs) == layer.shape
    several = f"{', '.join(map(str, wanted[:-1]))} and {wanted[-1]}"
    yield (
        Suggestion(
            f"dilations {several} in their place span {taps.width:,} positions and read all of them",
            tuple(one for edit in edits for one in edit) if kept and all(edits) else (),
            layers[-1].shape if kept else None,
        ),
    )


def _dilated(one: Facts, slides: Sequence[Slide], rate: int, survey: Survey) -> tuple[Layer, tuple[Edit, ...]]:
    """Return a layer with another dilation and the padding that goes with it, and the edits that make it so."""
    options: dict[str, object] = {"dilation": rate}
    edits = setting(survey, one.node, "dilation", str(rate))
    if not isinstance(one.node.layer.model_dump().get("padding"), str):
        pairs = tuple((s.before * rate // s.dilation, s.after * rate // s.dilation) for s in slides)
        if pairs != tuple((slide.before, slide.after) for slide in slides):
            one_amount = {amount for pair in pairs for amount in pair}
            options["padding"] = pairs
            text = str(one_amount.pop()) if len(one_amount) == 1 else listing(pairs)
            edits += setting(survey, one.node, "padding", text)
    return one.node.layer.model_copy(update=options), edits
