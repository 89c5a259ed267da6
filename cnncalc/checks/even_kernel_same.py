"""CNN203: an even kernel under a padding that is meant to keep the size, which no padding can centre."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from cnncalc.analysis import Facts
from cnncalc.checks.base import Finding, Rule, Severity, Suggestion
from cnncalc.checks.fit import same
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials
from cnncalc.checks.words import axes_text, listing, window_text
from cnncalc.layers.base import axis_name
from cnncalc.layers.window import Window
from cnncalc.slide import Slide

_SIDES = {"same": "end", "same_lower": "start"}


class EvenKernelSame(Rule):
    """A window that reaches over an even number of positions has `same`, `same_lower` or `half` padding."""

    code = "CNN203"
    name = "even-kernel-same"
    severity = Severity.WARNING
    why = (
        "An even window has no middle: `same` must put one cell of padding more on one side, which moves the map by "
        "half a pixel, and frameworks differ in the side (TensorFlow and ONNX SAME_UPPER the end, ONNX SAME_LOWER the "
        "start); `half` pads both sides alike and makes the output one larger. Stacked layers add their shifts up."
    )
    formula = "F = dilation*(kernel-1)+1 even: F - 1 is odd and has no half"
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 4, padding: same}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3, padding: same}\n"
    references = ("Wu et al. 2019, Convolution with even-sized kernels and symmetric padding",)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each window layer that such a padding cannot centre."""
        trials = Trials(survey, lambda one: not off_centre(one))
        for one in survey.facts.values():
            if axes := off_centre(one):
                yield trials.told(one, partial(self._found, one, word(one), axes, survey, trials))

    def _found(self, one: Facts, said: str, axes: Sequence[int], survey: Survey, trials: Trials) -> Finding:
        node, spatial = one.node, one.inputs[0][1:]
        slides = node.layer.slides(spatial)
        larger = [axis for axis in axes if one.shape[1 + axis] > -(-slides[axis].size // slides[axis].stride)]
        does = "makes the output one larger" if larger else "moves the map by half a pixel"
        place = node.place()._replace(span=survey.option(node, "padding", "kernel", node.op))
        alike = len(axes) == len(slides) and len(set(slides)) == 1
        return self.finding(place, f"{window_text(node, len(spatial))} under `padding: {said}` {does}")._replace(
            label=f"reaches over {axes_text([slides[axis].reach for axis in axes])} positions, which have no middle",
            notes=tuple(
                ("" if alike else f"{axis_name(axis, len(slides))}: ") + _shift(said, slides[axis], one.shape[1 + axis])
                for axis in (axes[:1] if alike else axes)
            ),
            helps=tuple(_helps(one, slides, axes, trials)),
        )


def word(one: Facts) -> str:
    """Return the word of a window layer's padding, "" where it is in numbers."""
    layer = one.node.layer
    return layer.padding if isinstance(layer, Window) and isinstance(layer.padding, str) else ""


def off_centre(one: Facts) -> list[int]:
    """Return the axes with an even reach that a padding word pads unevenly, or by one cell too many."""
    said = word(one)
    if said != "half" and said not in _SIDES:
        return []
    slides = enumerate(one.node.layer.slides(one.inputs[0][1:]))
    return [axis for axis, s in slides if s.reach % 2 == 0 and (said == "half" or s.before != s.after)]


def _shift(said: str, slide: Slide, windows: int) -> str:
    """Return where the padding goes, and where that puts the first output.

    >>> _shift("same", Slide(8, kernel=4, before=1, after=2), 8)
    '1 before and 2 after, the odd cell at the end: output 0 is centred on position 0.5'
    >>> _shift("half", Slide(8, kernel=4, before=2, after=2), 9)
    '2 before and 2 after: 9 outputs, and 8 with an odd kernel; output 0 is centred on position -0.5'
    """
    centre = f"output 0 is centred on position {float(Fraction(slide.reach - 1, 2) - slide.before):g}"
    cells = f"{slide.before} before and {slide.after} after"
    if said in _SIDES:
        return f"{cells}, the odd cell at the {_SIDES[said]}: {centre}"
    usual = -(-slide.size // slide.stride)
    if windows == usual:
        return f"{cells}: {centre}, and with an odd kernel on 0"
    return f"{cells}: {windows} outputs, and {usual} with an odd kernel; {centre}"


def _helps(
    one: Facts, slides: Sequence[Slide], axes: Sequence[int], trials: Trials
) -> Iterator[tuple[Suggestion, ...]]:
    odd = []
    for step in (-1, 1):
        kernels = [slide.kernel + step * (axis in axes) for axis, slide in enumerate(slides)]
        if min(kernels[axis] for axis in axes) > 1:
            value = kernels[0] if len(set(kernels)) == 1 else tuple(kernels)
            odd.append(trials.tried(one, {"kernel": (value, axes_text(kernels))}))
    if found := tuple(filter(None, odd)):
        yield found
    half = word(one) == "half"
    pairs = [same(slide) if half and axis in axes else (slide.before, slide.after) for axis, slide in enumerate(slides)]
    if outright := trials.tried(one, {"padding": (tuple(pairs), listing(pairs))}):
        odd_cell = f", and says outright that the odd cell is at the {_SIDES.get(word(one), 'end')}"
        uneven = any(before != after for before, after in pairs)
        yield (outright._replace(text=f"{outright.text}{odd_cell if uneven else ''}"),)
