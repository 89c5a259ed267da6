"""CNN207: windows that read more padding than input."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from cnncalc.analysis import Facts
from cnncalc.checks.base import Finding, Rule, Severity, Suggestion
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials
from cnncalc.checks.words import axes_text, counted, input_text, percent, window_text
from cnncalc.layers.base import axis_name, elements
from cnncalc.layers.window import Window
from cnncalc.slide import Slide


class PaddingDominates(Rule):
    """More than half of the taps of a window layer read padding instead of input."""

    code = "CNN207"
    name = "padding-dominates"
    severity = Severity.WARNING
    why = (
        "The image has become smaller than the window. The outer weights multiply zeros at most positions: they cost "
        "parameters and MACs, and learn little or nothing."
    )
    formula = "taps on padding / (kernel elements * output positions) > 1/2"
    example = "cnncalc: 1\ninput: 8x2x2\nlayers:\n- {conv: 8, kernel: 3, padding: 1}\n"
    instead = "cnncalc: 1\ninput: 8x2x2\nlayers:\n- {conv: 8, kernel: 2}\n"
    options = "The threshold is the share of the taps that may read padding."
    references = ("Alsallakh et al. 2021, Mind the Pad: CNNs Can Develop Blind Spots",)
    threshold = Fraction(1, 2)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:
        """Yield a finding for each window layer of which more taps than that read padding."""
        limit = self.threshold if threshold is None else threshold
        trials = Trials(survey, lambda one: not dominated(one, limit))
        for one in survey.facts.values():
            layer = one.node.layer
            padded = isinstance(layer, Window) and (layer.padding != 0 or layer.rounding == "ceil")
            if padded and dominated(one, limit):
                yield trials.told(one, partial(self._found, one, survey, trials))

    def _found(self, one: Facts, survey: Survey, trials: Trials) -> Finding:
        node, spatial = one.node, one.inputs[0][1:]
        slides = node.layer.slides(spatial)
        padding, taps = on_padding(one)
        place = node.place()._replace(span=survey.option(node, "padding", "kernel", node.op))
        alike = len({(slide, windows) for slide, windows in zip(slides, one.shape[1:], strict=True)}) == 1
        return self.finding(
            place,
            f"{percent(padding, taps)} of the taps of {_article(window_text(node, len(spatial)))} on "
            f"{input_text(spatial)} read padding",
        )._replace(
            label=f"pads {axes_text([slide.size for slide in slides])} "
            f"to {axes_text([slide.before + slide.size + slide.after for slide in slides])}",
            others=(trials.came_from(one),),
            notes=(
                *(
                    ("" if alike else f"{axis_name(axis, len(slides))}: ") + _counts(slide, one.shape[1 + axis], alike)
                    for axis, slide in enumerate(slides[:1] if alike else slides)
                ),
                f"{taps - padding:,} of {taps:,} taps read the input, {padding:,} read padding",
            ),
            helps=tuple(_helps(one, slides, trials)),
        )


def on_padding(one: Facts) -> tuple[int, int]:
    """Return how many taps of a window layer, over one channel, read padding, and how many there are."""
    layer = one.node.layer
    assert isinstance(layer, Window)
    slides = layer.slides(one.inputs[0][1:])
    taps = elements(tuple(slide.kernel * windows for slide, windows in zip(slides, one.shape[1:], strict=True)))
    return taps - layer.taps(one.inputs[0], one.shape), taps


def dominated(one: Facts, limit: Fraction) -> bool:
    """Return whether a larger share of the taps than ``limit`` reads padding."""
    padding, taps = on_padding(one)
    return padding > limit * taps


def _article(thing: str) -> str:
    return f"an {thing}" if thing.startswith(("8", "11x", "18x", "11 ", "18 ", "a")) else f"a {thing}"


def _counts(slide: Slide, windows: int, alike: bool) -> str:
    each = " along each axis" if alike else ""
    read, taps = slide.taps(windows), slide.kernel * windows
    return f"{counted(windows, 'window')} of {counted(slide.kernel, 'tap')}{each}: {read:,} of {taps:,} on the input"


def _helps(one: Facts, slides: Sequence[Slide], trials: Trials) -> Iterator[tuple[Suggestion, ...]]:
    """Yield no padding at all, and a kernel no smaller than need be that keeps the output as it is."""
    if found := trials.tried(one, {"padding": (0, "0")}):
        yield (found,)
    best = None
    low, high = 1, max(map(_spare, slides))
    while low <= high:
        less = (low + high) // 2
        found = _tried(one, [_smaller(slide, less) for slide in slides], trials)
        if found and found.output == one.shape:
            best, high = found, less - 1
        else:
            low = less + 1
    if best:
        yield (best,)


def _tried(one: Facts, smaller: Sequence[Slide], trials: Trials) -> Suggestion | None:
    """Return the suggestion of a kernel and, unless a word works it out, the padding that goes with it."""
    options: dict[str, tuple[object, str]] = {"kernel": _one([slide.kernel for slide in smaller])}
    layer = one.node.layer
    if isinstance(layer, Window) and not isinstance(layer.padding, str):
        if any(slide.before != slide.after for slide in smaller):
            return None
        options["padding"] = _one([slide.before for slide in smaller])
    return trials.tried(one, options)


def _one(values: Sequence[int]) -> tuple[object, str]:
    return values[0] if len(set(values)) == 1 else tuple(values), axes_text(values)


def _spare(slide: Slide) -> int:
    """Return how many taps on each side a window can lose, the padding along with them."""
    return min((slide.kernel - 1) // 2, slide.before // slide.dilation, slide.after // slide.dilation)


def _smaller(slide: Slide, less: int) -> Slide:
    """Return a window with so many taps less on each side, and the padding that keeps it centred where it was.

    >>> _smaller(Slide(1, kernel=3, before=1, after=1), 1)
    Slide(size=1, kernel=1, stride=1, before=0, after=0, dilation=1, rounding='exact')
    """
    less = min(less, _spare(slide))
    cut = less * slide.dilation
    return slide._replace(kernel=slide.kernel - 2 * less, before=slide.before - cut, after=slide.after - cut)
