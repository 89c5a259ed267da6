"""CNN101: a window whose steps do not end at the edge of its input."""

from collections.abc import Iterator, Sequence

from cnncalc.checks.base import Finding, Fix, Label, Refused, Suggestion
from cnncalc.checks.fit import asymmetric, leftover, long_enough, paddings, same, sizes, strides
from cnncalc.checks.mending import resized, setting
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.checks.words import axes_text, counted, input_text, listing, window_text
from cnncalc.errors import DoesNotFit as Unfit
from cnncalc.errors import LayerError
from cnncalc.layers.base import axis_name, elements, output_shape, sizes_text
from cnncalc.layers.pool import Pool
from cnncalc.layers.window import Window
from cnncalc.slide import Slide


class DoesNotFit(Refused):
    """The output size of a window is not a whole number under exact rounding."""

    code = "CNN101"
    name = "does-not-fit"
    refuses = Unfit
    why = (
        "The last step of the window leaves rows or columns that no window reads. Frameworks drop them in silence, and "
        "the network is not the one that was drawn."
    )
    formula = "W2 = (W1 - F + 2P)/S + 1 must be whole, with F = dilation*(kernel-1)+1"
    example = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"
    instead = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3, padding: 1}\n"
    options = "`rounding: floor`, on the layer or at the top of the file, accepts the loss."
    references = ("Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, relationship 6",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the formula, what is lost, and what fits."""
        node = refusal.node
        if node is None or not isinstance(node.layer, Window):
            return super().told(refusal, survey)
        spatial = refusal.inputs[0][1:]
        slides = node.layer.slides(spatial)
        bad = [axis for axis, slide in enumerate(slides) if leftover(slide)]
        alike = len(bad) == len(slides) and len(set(slides)) == 1
        ways = dict.fromkeys(
            f"{slide.size - slide.reach + slide.before + slide.after} steps do not divide by {slide.stride}"
            for slide in (slides[axis] for axis in bad)
        )
        came_from = survey.source(node)
        own = " ".join(filter(None, (f"with stride {axes_text([s.stride for s in slides])}", _dilated(slides))))
        place = refusal.error.place._replace(span=survey.option(node, "stride", "kernel", node.op))
        helps = tuple(_helps(refusal, survey, slides))
        padded = next((one for line in helps for one in line if "`padding" in one.text and one.edits), None)
        return Finding(
            self.code,
            self.name,
            self.severity,
            place,
            f"{window_text(node, len(spatial))} {own} does not fit {input_text(spatial)}",
            label=", ".join(ways),
            others=(Label(survey.where(came_from), f"the {sizes_text(spatial)} input"),) if came_from else (),
            notes=(*_formulas(slides, bad, alike=alike), *([lost(slides)] if all(map(long_enough, slides)) else [])),
            helps=helps,
            fix=Fix(padded.text, padded.edits, safe=False) if padded else None,
        )


def _dilated(slides: Sequence[Slide]) -> str:
    dilations = [slide.dilation for slide in slides]
    if set(dilations) == {1}:
        return ""
    return f"and dilation {axes_text(dilations)} (it reaches {axes_text([slide.reach for slide in slides])})"


def _formulas(slides: Sequence[Slide], bad: Sequence[int], *, alike: bool) -> Iterator[str]:
    for axis in bad[:1] if alike else bad:
        name = "" if alike else f"{axis_name(axis, len(slides))}: "
        yield f"{name}{slides[axis].formula()}, not a whole number"


def lost(slides: Sequence[Slide]) -> str:
    """Return what no window reads, in positions, under rounding down.

    >>> lost([Slide(7, kernel=3, stride=3)] * 2)
    'two windows cover rows and columns 1 to 6; the last row and column are never read (13 of 49 positions, 27%)'
    """
    floors = [slide._replace(rounding="floor") for slide in slides]
    dropped = [slide.dropped() for slide in floors]
    if not any(dropped):
        return "only padding is left over: no position of the input goes unread"
    names = {1: ["position"], 2: ["row", "column"], 3: ["plane", "row", "column"]}.get(
        len(slides), [axis_name(axis, len(slides)) for axis in range(len(slides))]
    )
    cover = []
    for slide, count, name in zip(floors, dropped, names, strict=True):
        if count:
            cover.append(((slide.windows(), slide.size - count, count), name))
    groups = {key: [name for other, name in cover if other == key] for key, _ in cover}
    covered = " and ".join(
        f"{counted(windows, 'window')} {'covers' if windows == 1 else 'cover'} {_plural(alike)} 1 to {end}"
        for (windows, end, _), alike in groups.items()
    )
    unread = " and the last ".join(
        f"{' and '.join(alike)}" if count == 1 else f"{count} {_plural(alike)}"
        for (_, _, count), alike in groups.items()
    )
    area = elements(tuple(slide.size for slide in slides))
    read = elements(tuple(slide.size - count for slide, count in zip(slides, dropped, strict=True)))
    several = len(cover) > 1 or max(dropped) > 1
    share = f"{area - read:,} of {area:,} positions, {100 * (area - read) / area:.0f}%"
    return f"{covered}; the last {unread} {'are' if several else 'is'} never read ({share})"


def _plural(names: Sequence[str]) -> str:
    return " and ".join(f"{name}s" for name in names)


def _helps(refusal: Refusal, survey: Survey, slides: Sequence[Slide]) -> Iterator[tuple[Suggestion, ...]]:
    """Yield at most five lines of what fits, each tried on the layer itself."""
    node = refusal.node
    assert node is not None
    assert isinstance(node.layer, Window)

    def tried(option: str, value: object, text: str) -> Suggestion | None:
        layer = node.layer.model_copy(update={option: value})
        try:
            shape = output_shape(layer, refusal.inputs)
        except LayerError:
            return None
        return Suggestion(
            f"`{option}: {text}` gives {sizes_text(shape[1:])}", setting(survey, node, option, text), shape
        )

    if padded := _padding(slides, pool=isinstance(node.layer, Pool)):
        value, text = padded
        odd = isinstance(value, tuple) and isinstance(value[0], tuple)
        named = odd and value == tuple(same(slide) for slide in slides)
        if found := tried("padding", "same" if named else value, "same" if named else text):
            why = f"no symmetric padding fits; {text} does: " if named else "no symmetric padding fits: " if odd else ""
            yield (found._replace(text=why + found.text),)
    if len({slide.stride for slide in slides}) == 1:
        fitting = [tried("stride", stride, str(stride)) for stride in strides(slides)[:2]]
    else:
        each = [next(iter(strides([slide])), slide.stride) if leftover(slide) else slide.stride for slide in slides]
        fitting = [tried("stride", tuple(each), axes_text(each))]
    if any(fitting):
        yield tuple(filter(None, fitting))
    yield from _sizes(refusal, survey, slides)
    if (found := tried("rounding", "floor", "floor")) is not None:
        text = found.text.replace(" gives ", " accepts the loss and gives ")
        yield (found._replace(text=f"{text}, as PyTorch does"),)


def _padding(slides: Sequence[Slide], *, pool: bool) -> tuple[object, str] | None:
    """Return the padding nearest to the present one under which all axes fit, and how it is written."""
    pairs: list[tuple[int, int]] = []
    for slide in slides:
        most = slide.reach // 2 if pool else None
        if not leftover(slide):
            pairs.append((slide.before, slide.after))
        elif symmetric := paddings(slide, most):
            pairs.append((symmetric[0], symmetric[0]))
        elif pair := asymmetric(slide, most):
            pairs.append(pair)
        else:
            return None
    if any(before != after for before, after in pairs):
        return tuple(pairs), listing(pairs)
    amounts = tuple(before for before, _ in pairs)
    return (amounts[0], str(amounts[0])) if len(set(amounts)) == 1 else (amounts, axes_text(amounts))


def _sizes(refusal: Refusal, survey: Survey, slides: Sequence[Slide]) -> Iterator[tuple[Suggestion, ...]]:
    """Yield the line of the input sizes nearest below and above that fit."""
    node = refusal.node
    assert node is not None
    options = [list(sizes(slide)) if leftover(slide) else [slide.size] for slide in slides]
    found = []
    for pick in (0, -1):
        if pick == 0 and any(leftover(slide) and len(fit) < 2 for slide, fit in zip(slides, options, strict=True)):
            continue
        wanted = tuple(fit[pick] for fit in options)
        try:
            shape = output_shape(node.layer, [(refusal.inputs[0][0], *wanted)])
        except LayerError:
            continue
        text = f"{input_text(wanted)} gives {sizes_text(shape[1:])}"
        found.append(Suggestion(text, resized(survey, node, wanted), shape))
    if found:
        line = [found[0], *(one._replace(text=one.text.replace(" gives", "", 1)) for one in found[1:])]
        yield tuple(line)
