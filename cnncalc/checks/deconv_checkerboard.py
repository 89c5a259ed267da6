"""CNN208: a transposed convolution whose outputs read more and fewer inputs in turn."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import gcd, prod

from cnncalc.analysis import Facts
from cnncalc.checks.base import Finding, Rule, Severity, Suggestion
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials, shape_of
from cnncalc.checks.words import axes_text, counted, listing
from cnncalc.layers.base import axis_name, sizes_text
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.resize import Upsample
from cnncalc.slide import Slide

_MOST_HELPED = 1_000  # layers; beyond this they come from lines that have been told with their help
_SHOWN = 4  # strides up to this have each output's share told


class DeconvCheckerboard(Rule):
    """A transposed convolution has outputs that read unequally many inputs: its stride does not divide its kernel."""

    code = "CNN208"
    name = "deconv-checkerboard"
    severity = Severity.WARNING
    why = (
        "Where the kernel's copies overlap unevenly, some outputs are sums of more products than their neighbours. The "
        "weights can learn to even this out but seldom do: the output shows a checkerboard, in two axes the stronger, "
        "as the shares multiply."
    )
    formula = (
        "output o reads the taps t with dilation*t = o + P1 (mod S): equally many for all o if S divides the kernel"
    )
    example = "cnncalc: 1\ninput: 8x8x8\nlayers:\n- {conv_transpose: 4, kernel: 3, stride: 2}\n"
    instead = "cnncalc: 1\ninput: 8x8x8\nlayers:\n- {conv_transpose: 4, kernel: 4, stride: 2}\n"
    references = ("Odena, Dumoulin and Olah 2016, Deconvolution and Checkerboard Artifacts, Distill",)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each transposed convolution with an uneven overlap."""
        trials = Trials(survey, lambda one: not uneven(one))
        known: dict[tuple[object, ...], Finding] = {}
        for one in survey.facts.values():
            if axes := uneven(one):
                origin = one.node.origin
                key = id(one.node.layer), one.inputs, origin.span, origin.calls  # a layer that recurs is told once
                if key not in known:
                    helps = _helps(one, axes, trials) if len(known) < _MOST_HELPED else ()
                    known[key] = self._found(one, axes, survey)._replace(helps=tuple(helps))
                yield known[key]._replace(place=known[key].place._replace(path=one.node.path))

    def _found(self, one: Facts, axes: Sequence[int], survey: Survey) -> Finding:
        node, slides = one.node, one.node.layer.slides(one.inputs[0][1:])
        kernel, strides = [slide.kernel for slide in slides], [slide.stride for slide in slides]
        together = sorted({prod(taps) for taps in product(*map(_shares, slides))}, reverse=True)
        turns = " or ".join(filter(None, (", ".join(map(str, together[:-1])), str(together[-1]))))
        ways = dict.fromkeys(_reason(slides[axis]) for axis in axes)
        place = node.place()._replace(span=survey.option(node, "kernel", "stride", node.op))
        alike = len(axes) == len(slides) and len(set(slides)) == 1
        return self.finding(
            place,
            f"the outputs of a {sizes_text(kernel)} transposed filter with stride {axes_text(strides)} read {turns} "
            "positions each",
        )._replace(
            label=", ".join(ways),
            notes=tuple(
                f"along {'each axis' if alike and len(slides) > 1 else axis_name(axis, len(slides))} and away from the "
                f"edges, {_told(slides[axis])}"
                for axis in (axes[:1] if alike else axes)
            ),
            calls=node.origin.calls,
        )


def uneven(one: Facts) -> list[int]:
    """Return the axes along which a transposed convolution's outputs read unequally many inputs.

    An input of size 1 has nothing that could overlap.
    """
    if not isinstance(one.node.layer, ConvTranspose):
        return []
    sizes = one.inputs[0][1:]
    slides = enumerate(one.node.layer.slides(sizes))
    return [axis for axis, slide in slides if sizes[axis] > 1 and slide.stride > 1 and len(_shares(slide)) > 1]


def shares(kernel: int, stride: int, dilation: int = 1) -> dict[int, int]:
    """Return how many of ``stride`` neighbouring outputs read how many inputs: {inputs: outputs}, the most first.

    >>> shares(kernel=3, stride=2), shares(kernel=4, stride=2), shares(kernel=2, stride=2, dilation=2)
    ({2: 1, 1: 1}, {2: 2}, {2: 1, 0: 1})
    """
    period = stride // gcd(stride, dilation)
    each, more = divmod(kernel, period)
    found: dict[int, int] = {}
    for taps, outputs in ((each + 1, more), (each, period - more), (0, stride - period)):
        if outputs:
            found[taps] = found.get(taps, 0) + outputs
    return found


def _shares(slide: Slide) -> Mapping[int, int]:
    return shares(slide.kernel, slide.stride, slide.dilation)


def _reason(slide: Slide) -> str:
    if slide.kernel % slide.stride:
        return f"{slide.kernel} does not divide by {slide.stride}"
    common = gcd(slide.dilation, slide.stride)
    return f"dilation {slide.dilation} and stride {slide.stride} have the common divisor {common}"


def _told(slide: Slide) -> str:
    """Return which outputs read how many inputs.

    >>> _told(Slide(17, kernel=3, stride=2))
    'outputs 0, 2, 4, ... read two inputs, outputs 1, 3, 5, ... one'
    >>> _told(Slide(100, kernel=9, stride=6))
    'of every six outputs three read two inputs, three one'
    """
    parts: list[str] = []
    for taps, outputs in _shares(slide).items():
        if slide.stride > _SHOWN:
            parts.append((f"of every {_number(slide.stride)} outputs " if not parts else "") + _number(outputs))
            continue
        firsts = [o for o in range(slide.stride) if _taps(slide, o) == taps]
        several = [f"{o}, {o + slide.stride}, {o + 2 * slide.stride}, ..." for o in firsts]
        parts.append(f"outputs {' and '.join(several)}")
    counts = list(_shares(slide))
    verb = "reads" if slide.stride > _SHOWN and _shares(slide)[counts[0]] == 1 else "read"
    first = f"{parts[0]} {verb} {counted(counts[0], 'input')}"
    return ", ".join([first, *(f"{part} {_number(taps)}" for part, taps in zip(parts[1:], counts[1:], strict=True))])


def _taps(slide: Slide, output: int) -> int:
    """Return how many taps an output away from the edges reads; the taps that meet it recur after a period."""
    period = slide.stride // gcd(slide.stride, slide.dilation)
    want = (output + slide.before) % slide.stride
    meets = [t for t in range(min(period, slide.kernel)) if t * slide.dilation % slide.stride == want]
    return (slide.kernel - 1 - meets[0]) // period + 1 if meets else 0


def _number(count: int) -> str:
    return counted(count, "input").split()[0] if count else "none"


def _helps(one: Facts, axes: Sequence[int], trials: Trials) -> Iterator[tuple[Suggestion, ...]]:
    """Yield the kernels nearest above and below that the stride divides, and upsampling before a convolution."""
    layer = one.node.layer
    assert isinstance(layer, ConvTranspose)
    slides = layer.slides(one.inputs[0][1:])
    found: list[Suggestion | None] = []
    for more in (1, 0):
        kernels = [
            (slide.kernel // slide.stride + more) * slide.stride if axis in axes else slide.kernel
            for axis, slide in enumerate(slides)
        ]
        if min(kernels) and (options := _resized(one, slides, kernels)):
            found.append(trials.tried(one, options))
    if line := tuple(filter(None, found)):
        yield line
    strides = [slide.stride for slide in slides]
    odd = [slide.kernel + 1 - slide.kernel % 2 for slide in slides]
    larger = shape_of(Upsample(factor=_value(strides)), one.inputs)
    conv = Conv(out_channels=layer.out_channels, kernel=_value(odd), padding="half", groups=layer.groups)
    if larger and (shape := shape_of(conv, (larger,))):
        grouped = f", groups: {layer.groups}" if layer.groups > 1 else ""
        words = f"{{conv: {layer.out_channels}, kernel: {axes_text(odd)}, padding: half{grouped}}}"
        text = f"`{{upsample: {axes_text(strides)}}}` and `{words}` in its place give {sizes_text(shape[1:])}"
        yield (Suggestion(text, output=shape),)


def _resized(one: Facts, slides: Sequence[Slide], kernels: Sequence[int]) -> dict[str, tuple[object, str]]:
    """Return the options under which other kernels give the same output, or a smaller one where nothing is cropped."""
    layer = one.node.layer
    assert isinstance(layer, ConvTranspose)
    options: dict[str, tuple[object, str]] = {"kernel": (_value(kernels), axes_text(kernels))}
    if layer.padding not in ("same", "same_lower"):
        crops = []
        for slide, kernel, size, output in zip(slides, kernels, one.inputs[0][1:], one.shape[1:], strict=True):
            cut = max(0, (size - 1) * slide.stride + slide._replace(kernel=kernel).reach - output)
            crops.append((cut // 2, cut - cut // 2))
        if crops != [(slide.before, slide.after) for slide in slides]:
            amounts = [before for before, _ in crops]
            odd = any(before != after for before, after in crops)
            text = listing(crops) if odd else str(amounts if len(set(amounts)) > 1 else amounts[0])
            options["padding"] = (tuple(crops) if odd else _value(amounts), text)
    if layer.output_padding not in (0, (0,) * len(slides)):
        options["output_padding"] = (0, "0")
    return options


def _value(numbers: Sequence[int]) -> int | tuple[int, ...]:
    return numbers[0] if len(set(numbers)) == 1 else tuple(numbers)
