"""CNN201: rounding down that leaves real positions unread."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from cnncalc.analysis import Facts
from cnncalc.checks.base import Finding, Rule, Severity, Suggestion
from cnncalc.checks.does_not_fit import lost
from cnncalc.checks.fit import leftover, strides
from cnncalc.checks.mending import resized
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials, shape_of
from cnncalc.checks.words import axes_text, counted, input_text, window_text
from cnncalc.layers.base import axis_name, elements, sizes_text
from cnncalc.layers.pool import Pool
from cnncalc.layers.window import Window
from cnncalc.slide import Slide

_MOST_TRIES = 64


class FloorDropsInput(Rule):
    """Rounding down leaves real rows or columns unread at the end; padding that is left over does not count."""

    code = "CNN201"
    name = "floor-drops-input"
    severity = Severity.WARNING
    why = (
        "What no window reads, the network never sees, always at the same edge: it is blind there, and the maps are no "
        "longer centred on the image."
    )
    formula = "(W - F + P1 + P2) mod S > P2 with F = dilation*(kernel-1)+1, before padding P1 and after padding P2"
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3, stride: 2, rounding: floor}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3, stride: 2, padding: 1, rounding: floor}\n"
    references = (
        "Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, section 2.4",
        "Alsallakh et al. 2021, Mind the Pad: CNNs Can Develop Blind Spots",
    )

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each window layer that leaves real positions unread."""
        trials = Trials(survey, lambda one: not any(one.dropped))
        for one in survey.facts.values():
            layer = one.node.layer
            if isinstance(layer, Window) and layer.rounding != "exact" and unread(one):
                yield trials.told(one, partial(self._found, one, survey, trials))

    def _found(self, one: Facts, survey: Survey, trials: Trials) -> Finding:
        node, spatial = one.node, one.inputs[0][1:]
        slides = node.layer.slides(spatial)
        stride = axes_text([slide.stride for slide in slides])
        place = node.place()._replace(span=survey.option(node, "stride", "kernel", node.op))
        left = dict.fromkeys(
            f"after {counted(windows, 'window')} {_leftover(slide)} left over"
            for slide, windows, drop in zip(slides, one.shape[1:], one.dropped, strict=True)
            if drop
        )
        return self.finding(
            place,
            f"{window_text(node, len(spatial))} with stride {stride} leaves {one.unread:,} of "
            f"{elements(spatial):,} positions of {input_text(spatial)} unread",
        )._replace(
            label=", ".join(left),
            others=(trials.came_from(one),),
            notes=(*_formulas(one, slides), lost(slides)),
            helps=tuple(_helps(one, slides, survey, trials)),
        )


def unread(one: Facts) -> bool:
    """Return whether rounding leaves real positions unread; where a stride beyond the reach does, that is CNN202's."""
    dropped = one.dropped
    if not any(dropped):
        return False
    slides = one.node.layer.slides(one.inputs[0][1:])
    return not any(drop and slide.stride > slide.reach for drop, slide in zip(dropped, slides, strict=True))


def _leftover(slide: Slide) -> str:
    count = leftover(slide)
    padding = f", {slide.after} of them padding," if slide.after else ""
    return f"{count} position{'' if count == 1 else 's'}{padding} {'is' if count == 1 else 'are'}"


def _formulas(one: Facts, slides: Sequence[Slide]) -> Iterator[str]:
    alike = all(one.dropped) and len(set(slides)) == 1
    for axis, slide in enumerate(slides[:1] if alike else slides):
        if one.dropped[axis]:
            name = "" if alike else f"{axis_name(axis, len(slides))}: "
            yield f"{name}{slide.formula()}, rounded down to {slide.windows()}"


def _helps(one: Facts, slides: Sequence[Slide], survey: Survey, trials: Trials) -> Iterator[tuple[Suggestion, ...]]:
    if (padding := _padding(slides, pool=isinstance(one.node.layer, Pool))) is not None:
        value = padding[0] if len(set(padding)) == 1 else padding
        if found := trials.tried(one, {"padding": (value, axes_text(padding))}):
            yield (found,)
    if len({slide.stride for slide in slides}) == 1:
        for stride in strides(slides)[:1]:
            if found := trials.tried(one, {"stride": (stride, str(stride))}):
                yield (found,)
    yield from filter(None, [_sizes(one, slides, survey)])
    if found := trials.tried(one, {"rounding": ("ceil", "ceil")}):
        text = found.text.replace(" gives ", " adds a window that hangs over the edge and gives ")
        yield (found._replace(text=text),)


def _padding(slides: Sequence[Slide], *, pool: bool) -> tuple[int, ...] | None:
    """Return the symmetric padding nearest to the present one, a little more of it first, that leaves nothing out."""
    amounts = []
    for slide in slides:
        if not slide.dropped():
            if slide.before != slide.after:
                return None
            amounts.append(slide.before)
            continue
        most = slide.reach // 2 if pool else slide.reach - 1
        tries = (q for step in range(_MOST_TRIES) for q in (slide.before + step, slide.before - step))
        fitting = (
            q for q in tries
            if 0 <= q <= most and slide.size + 2 * q >= slide.reach and not slide._replace(before=q, after=q).dropped()
        )  # fmt: skip
        if (amount := next(fitting, None)) is None:
            return None
        amounts.append(amount)
    return tuple(amounts)


def _sizes(one: Facts, slides: Sequence[Slide], survey: Survey) -> tuple[Suggestion, ...]:
    """Return the input sizes nearest below and above of which all is read."""
    spatial, dropped = one.inputs[0][1:], one.dropped
    below = tuple(size - drop for size, drop in zip(spatial, dropped, strict=True))
    above = tuple(
        slide.size + (slide.stride - leftover(slide) if drop else 0)
        for slide, drop in zip(slides, dropped, strict=True)
    )
    found: list[Suggestion] = []
    for sizes in (below, above):
        inputs = ((one.inputs[0][0], *sizes),)
        if (shape := shape_of(one.node.layer, inputs)) is not None:
            gives = "" if found else "gives "
            text = f"{input_text(sizes)} {gives}{sizes_text(shape[1:])}"
            found.append(Suggestion(text, resized(survey, one.node, sizes), shape))
    return tuple(found)
