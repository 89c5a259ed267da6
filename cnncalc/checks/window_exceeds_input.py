"""CNN102: a window larger than its padded input, so that nothing comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from cnncalc.checks.base import Edit, Finding, Label, Refused, Suggestion
from cnncalc.checks.remedy import MOST, axes, lines, padded, pairs, tried
from cnncalc.checks.retrace import smallest
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.checks.words import axes_text, input_text, window_text
from cnncalc.errors import WindowExceedsInput as Exceeds
from cnncalc.graph import Node
from cnncalc.layers.base import Shape, axis_name, sizes_text
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.pool import Pool
from cnncalc.layers.resize import Crop
from cnncalc.layers.window import Window
from cnncalc.slide import Slide
from cnncalc.spec.source import Mapping

COLOURS = (1, 3, 4)
"""How many channels a picture has."""


class WindowExceedsInput(Refused):
    """A window is larger than its padded input, or a crop leaves nothing: the output would be empty."""

    code = "CNN102"
    name = "window-exceeds-input"
    refuses = Exceeds
    why = (
        "Layers above have made the image smaller than the window: the network was drawn for a larger input, or one "
        "stride too many stands on the way."
    )
    formula = "W - F + 2P must be at least 0, with F = dilation*(kernel-1)+1"
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {max_pool: 2}\n- {conv: 8, kernel: 5}\n"
    instead = "cnncalc: 1\ninput: 1x10x10\nlayers:\n- {max_pool: 2}\n- {conv: 8, kernel: 5}\n"
    options = "`padding: half` keeps the size, whatever the kernel."
    references = ("Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the arithmetic, the layer that shrank the input, and what would be large enough."""
        node = refusal.node
        if node is None:
            return super().told(refusal, survey)
        spatial = refusal.inputs[0][1:]
        slides = node.layer.slides(spatial) if isinstance(node.layer, Window) else []
        bad = [axis for axis, slide in enumerate(slides) if _room(slide) < 0] or list(range(len(spatial)))
        came_from = survey.source(node, _along_axes(tuple(bad)))
        says = f"the {sizes_text(spatial)} input"
        if made := survey.described.get(came_from):
            says = f"{came_from} makes it {sizes_text(made.shape[1:])} from {sizes_text(made.inputs[0][1:])}"
        label, message = "", refusal.error.fact
        names = ["kernel", node.op]
        if slides:
            message = f"{window_text(node, len(spatial))}{_own(slides)} exceeds {input_text(spatial)}"
            label = _along(slides, bad)
        elif isinstance(node.layer, Crop):
            message = f"crop leaves nothing of {input_text(spatial)}"
        elif isinstance(node.layer, ConvTranspose):
            names.insert(0, "padding")
            message = f"padding leaves nothing of what conv_transpose makes of {input_text(spatial)}"
        return self.finding(refusal.error.place._replace(span=survey.option(node, *names)), message)._replace(
            label=label,
            others=(Label(survey.where(came_from), says),),
            notes=(
                *([] if slides else [refusal.error.fact]),
                *(f"{axis_name(axis, len(slides))}: {slides[axis].formula()}, less than 1" for axis in bad if slides),
                *([says] if made else []),
            ),
            helps=(*_channels_first(survey), *tuple(_helps(refusal, survey, node, slides)))[:5],
        )


def _channels_first(survey: Survey) -> Iterator[tuple[Suggestion, ...]]:
    """Yield the likely meaning of an input whose last size is that of colours: channels written last."""
    for name, shape in survey.graph.inputs.items() if survey.graph else ():
        if len(shape) == 3 and shape[2] in COLOURS and shape[0] not in COLOURS:
            turned = sizes_text((shape[2], shape[0], shape[1]))
            yield (Suggestion(f"the channels come first: `{name}: {turned}`, not {sizes_text(shape)}"),)


def _room(slide: Slide) -> int:
    return slide.size - slide.reach + slide.before + slide.after


@cache
def _along_axes(axes: tuple[int, ...]) -> Callable[[Shape], object]:
    """Return the function that sees of a shape its rank and its sizes along some axes: one for each choice of axes."""
    return lambda shape: (len(shape), [shape[1 + axis] for axis in axes if 1 + axis < len(shape)])


def _along(slides: Sequence[Slide], bad: Sequence[int]) -> str:
    """Return what a window reaches and what there is, along the axes that are too short."""
    padded_text = "padded " if any(slide.before or slide.after for slide in slides) else ""
    ways = dict.fromkeys((slides[at].reach, slides[at].size + slides[at].before + slides[at].after) for at in bad)
    return ", ".join(f"reaches {reach}, the {padded_text}input has {size}" for reach, size in ways)


def _own(slides: Sequence[Slide]) -> str:
    """Return what else a window has, dilation and padding."""
    said = ""
    if any(slide.dilation > 1 for slide in slides):
        reach = sizes_text([slide.reach for slide in slides])
        said += f" with dilation {axes_text([slide.dilation for slide in slides])} (it reaches {reach})"
    if any(slide.before or slide.after for slide in slides):
        said += f"{' and' if said else ' with'} padding {pairs([(s.before, s.after) for s in slides])[1]}"
    return said


def _helps(refusal: Refusal, survey: Survey, node: Node, slides: Sequence[Slide]) -> Iterator[tuple[Suggestion, ...]]:
    layer, inputs = node.layer, refusal.inputs
    if isinstance(layer, Window) and slides:
        yield from lines(_input(refusal, survey), _padding(refusal, survey, slides), _kernel(refusal, survey, slides))
    elif isinstance(layer, Crop):
        most = [(size - 1) // 2 for size in inputs[0][1:]]
        yield from lines(_input(refusal, survey), tried(refusal, survey, "padding", *axes(most)))
    elif isinstance(layer, ConvTranspose):
        if isinstance(layer.padding, str) and layer.padding.startswith("same"):
            kernel = [max(pair) for pair in zip(_each(layer.kernel, inputs), _each(layer.stride, inputs), strict=True)]
            yield from lines(tried(refusal, survey, "kernel", *axes(kernel)), tried(refusal, survey, "padding", 0, "0"))
            return
        whole = [slide.size + slide.before + slide.after for slide in layer.slides(inputs[0][1:])]
        most = [(size - 1) // 2 for size in whole]
        yield from lines(_input(refusal, survey), tried(refusal, survey, "padding", *axes(most)))


def _each(value: int | tuple[int, ...], inputs: Sequence[Shape]) -> tuple[int, ...]:
    return (value,) * (len(inputs[0]) - 1) if isinstance(value, int) else value


def _input(refusal: Refusal, survey: Survey) -> Suggestion | None:
    """Return the smallest input of the network with which the layer has an output."""
    node, data = refusal.node, survey.data
    if node is None or data is None or (found := smallest(survey, node)) is None:
        return None
    inputs, shape = found
    sizes = next(iter(inputs.values()))[1:]
    edits = []
    named = data.get("inputs")
    for name, wanted in inputs.items():
        if isinstance(named, Mapping) and isinstance(named.get(name), str):
            edits.append(Edit(named.values_at[name], sizes_text(wanted)))
        elif isinstance(data.get("input"), str):
            edits.append(Edit(survey.stretch(data, "input"), f"input: {sizes_text(wanted)}"))
    present = survey.graph.inputs if survey.graph else {}
    kept = [
        size for size, was in zip(sizes, next(iter(present[name] for name in inputs))[1:], strict=True) if size == was
    ]
    least = "the smallest that works" if not kept else "the smallest that works without cutting it elsewhere"
    text = f"{input_text(sizes)} of the network is {least}: it gives {sizes_text(shape[1:])} here"
    return Suggestion(text, tuple(edits) if len(edits) == len(inputs) else (), shape)


def _padding(refusal: Refusal, survey: Survey, slides: Sequence[Slide]) -> Suggestion | None:
    found = []
    for slide in slides:
        most = slide.reach // 2 if refusal.node and isinstance(refusal.node.layer, Pool) else slide.reach - 1
        pair = padded(slide, most) if _room(slide) < 0 else (slide.before, slide.after)
        if pair is None:
            return None
        found.append(pair)
    return tried(refusal, survey, "padding", *pairs(found))


def _kernel(refusal: Refusal, survey: Survey, slides: Sequence[Slide]) -> Suggestion | None:
    """Return the largest kernel that fits, the present one along the axes that are long enough."""
    most = [min(s.kernel, (s.size + s.before + s.after - 1) // s.dilation + 1) for s in slides]
    for less in range(min(max(most), MOST // 10)):
        kernel = [max(1, k - less) if k < s.kernel else k for k, s in zip(most, slides, strict=True)]
        if found := tried(refusal, survey, "kernel", *axes(kernel)):
            return found
    return None
