"""CNN202: a stride beyond the reach, which steps over positions that no window reads."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from cnncalc.analysis import Facts
from cnncalc.checks.base import Finding, Rule, Severity, Suggestion
from cnncalc.checks.mending import setting
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials, above, shape_of
from cnncalc.checks.words import axes_text, input_text, window_text
from cnncalc.layers.base import axis_name, elements, sizes_text
from cnncalc.layers.pool import AvgPool
from cnncalc.layers.window import Window
from cnncalc.slide import Slide


class StrideSkipsInput(Rule):
    """The stride is larger than the window reaches, so that positions between the windows are never read."""

    code = "CNN202"
    name = "stride-skips-input"
    severity = Severity.WARNING
    why = (
        "What lies between two windows has no influence on the output, and was computed for nothing. A window of 1 "
        "with a stride, as on the shortcuts of ResNet, is meant so: that is advice, a pool in front would read all."
    )
    formula = "S > F with F = dilation*(kernel-1)+1"
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 2, stride: 3}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 2, stride: 2}\n"
    references = (
        "He et al. 2019, Bag of Tricks for Image Classification with Convolutional Neural Networks, section 4.1",
    )

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each window layer whose stride skips positions."""
        trials = Trials(survey, lambda one: not skipping(one))
        for one in survey.facts.values():
            layer = one.node.layer
            if isinstance(layer, Window) and layer.stride not in (None, 1) and (axes := skipping(one)):
                yield trials.told(one, partial(self._found, one, axes, survey, trials))

    def _found(self, one: Facts, axes: Sequence[int], survey: Survey, trials: Trials) -> Finding:
        node, spatial = one.node, one.inputs[0][1:]
        slides = node.layer.slides(spatial)
        read = {axis: slides[axis].taps(one.shape[1 + axis]) for axis in axes}
        some = [f"{read[axis]:,} of {spatial[axis]:,} along the {axis_name(axis, len(spatial))}" for axis in axes]
        seen, among = elements(tuple(read.values())), elements(tuple(spatial[axis] for axis in axes))
        whole = f" ({seen:,} of {among:,} positions)" if len(axes) == len(spatial) > 1 else ""
        subsampling = all(slide.kernel == 1 for slide in slides)
        stride = axes_text([slide.stride for slide in slides])
        place = node.place()._replace(span=survey.option(node, "stride", "kernel", node.op))
        steps = dict.fromkeys(f"the window reaches {slides[a].reach}, the next is {slides[a].stride} on" for a in axes)
        return self.finding(
            place,
            f"{window_text(node, len(spatial))} with stride {stride} skips positions of {input_text(spatial)}",
        )._replace(
            severity=Severity.ADVICE if subsampling else self.severity,
            label=", ".join(steps),
            notes=(f"the windows read {' and '.join(some)}{whole}; the rest is never read",),
            helps=tuple(_helps(one, slides, axes, survey, trials)),
        )


def skipping(one: Facts) -> list[int]:
    """Return the axes along which the stride is beyond the reach and something goes unread for it."""
    slides = one.node.layer.slides(one.inputs[0][1:])
    return [
        axis
        for axis, (slide, windows) in enumerate(zip(slides, one.shape[1:], strict=True))
        if slide.stride > slide.reach and slide.taps(windows) < slide.size
    ]


def _helps(
    one: Facts, slides: Sequence[Slide], axes: Sequence[int], survey: Survey, trials: Trials
) -> Iterator[tuple[Suggestion, ...]]:
    subsampling = all(slide.kernel == 1 for slide in slides)
    if subsampling and (found := _pooled(one, slides, survey)):
        yield (found,)
    least = [
        -(-(slide.stride - 1) // slide.dilation) + 1 if axis in axes else slide.kernel
        for axis, slide in enumerate(slides)
    ]
    more = [kernel + (axis in axes) for axis, kernel in enumerate(least)]
    larger = [found for found in (trials.tried(one, {"kernel": _one(kernels)}) for kernels in (least, more)) if found]
    kept = [found for found in larger if found.output == one.shape]
    if subsampling:  # it stands where the size is wanted, as beside the branch that it is added to
        yield from ((found,) for found in kept[:1])
        return
    yield from ((found,) for found in (kept or larger)[:1])
    reaches = [slide.reach if axis in axes else slide.stride for axis, slide in enumerate(slides)]
    if found := trials.tried(one, {"stride": _one(reaches)}):
        yield (found,)


def _one(values: Sequence[int]) -> tuple[object, str]:
    return values[0] if len(set(values)) == 1 else tuple(values), axes_text(values)


def _pooled(one: Facts, slides: Sequence[Slide], survey: Survey) -> Suggestion | None:
    """Return the suggestion of a pool in front that reads everything, if the output stays as it is."""
    stride, text = _one([slide.stride for slide in slides])
    layer = one.node.layer.model_copy(update={"stride": 1})
    for rounding in ("exact", "ceil"):
        pool = AvgPool.model_validate({"kernel": stride, "rounding": rounding})
        pooled = shape_of(pool, one.inputs)
        if pooled is not None and shape_of(layer, (pooled,)) == one.shape:
            words = f"avg_pool: {text}" + ("" if rounding == "exact" else ", rounding: ceil")
            put, set_ = above(survey, one.node, f"{{{words}}}"), setting(survey, one.node, "stride", "1")
            sizes = sizes_text(one.shape[1:])
            return Suggestion(
                f"`{words}` in front and `stride: 1` here read everything and give the same {sizes}",
                (*put, *set_) if put and set_ else (),
                one.shape,
            )
    return None
