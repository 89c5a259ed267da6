"""CNN211: convolutions whose input already sees the whole image, on every path that leads to it."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Facts, total
from cnncalc.checks.base import Finding, Rule, Severity, Suggestion
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials
from cnncalc.checks.words import counted, input_text, window_text
from cnncalc.field import Extent, ReceptiveField
from cnncalc.layers.base import Shape, sizes_text
from cnncalc.layers.conv import Convolution
from cnncalc.layers.merge import Merge

Steps = Sequence[ReceptiveField | None]
Least = tuple[int, int] | Extent
"""The smallest size of a field over all paths, and its jump; WHOLE after a global pool, UNKNOWN after other things."""


class Seen(NamedTuple):
    """The image that is seen and, along each of its axes, how much of it at least."""

    image: Shape
    axes: tuple[Least, ...]

    @property
    def everything(self) -> bool:
        """Whether the least field is as long as the image along every axis, and longer than one pixel along some."""
        sizes = [axis[0] for axis in self.axes if isinstance(axis, tuple)]
        if len(sizes) < len(self.axes):
            return False
        return max(sizes, default=1) > 1 and all(s >= w for s, w in zip(sizes, self.image, strict=True))


class UnproductiveLayer(Rule):
    """A convolution reads an input that already sees the whole image: its kernel adds nothing to the view."""

    code = "CNN211"
    whole = True
    name = "unproductive-layer"
    severity = Severity.WARNING
    why = (
        "Once the receptive field is as large as the image, a larger kernel than 1x1 brings no new context together. "
        "Richter et al. find that such layers do not improve the prediction, and predict them from the smallest field "
        "over all paths, since a shortcut past a layer keeps a smaller one alive."
    )
    formula = "unproductive: kernel > 1 and min over paths of the input's receptive field >= image, along every axis"
    example = (
        "cnncalc: 1\ninput: 3x10x10\nlayers:\n- {conv: 8, kernel: 3, padding: 1, repeat: 5}\n"
        "- {conv: 16, kernel: 3, padding: 1}\n"
    )
    instead = "cnncalc: 1\ninput: 3x10x10\nlayers:\n- {conv: 8, kernel: 3, padding: 1, repeat: 5}\n- {conv: 16}\n"
    options = "The threshold is the share of the network's params or MACs above which such layers are told, 1/100."
    references = (
        "Richter, Schöning, Wiedenroth and Krumnack 2021, Should You Go Deeper? Optimizing Convolutional Neural "
        "Network Architectures without Training by Receptive Field Analysis",
        "Richter, Byttner, Krumnack, Wiedenroth, Schallner and Shenk 2021, (Input) Size Matters for CNN Classifiers",
    )
    threshold = Fraction(1, 100)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:
        """Yield one finding for the network, at the first such convolution."""
        seen = least_fields(survey)
        found = [one for one in survey.facts.values() if _widens(one) and seen[one.node.inputs[0]].everything]
        theirs, ours = total(survey.facts.values()), total(found)
        least = Fraction(1, 100) if threshold is None else threshold
        if ours.params > least * theirs.params or ours.macs > least * theirs.macs:
            yield self._found(found, [seen[one.node.inputs[0]] for one in found], survey)

    def _found(self, found: Sequence[Facts], seen: Sequence[Seen], survey: Survey) -> Finding:
        node, image = found[0].node, seen[0].image
        sizes = [axis[0] for axis in seen[0].axes if isinstance(axis, tuple)]
        theirs, ours = total(survey.facts.values()), total(found)
        several = (
            f"{counted(len(found), 'such convolution')}, this the first, have"
            if len(found) > 1
            else "it is the only such convolution and has"
        )
        wider = [
            max(axis[0] for other in seen if other.image == image and isinstance(axis := other.axes[at], tuple)) + 1
            for at in range(len(image))
        ]
        place = node.place()._replace(span=survey.option(node, "kernel", node.op))
        return self.finding(
            place,
            f"the input of a {window_text(node, len(image))} already sees {sizes_text(sizes)} pixels of "
            f"{input_text(image)}",
        )._replace(
            label="adds nothing of the image to the view",
            notes=(
                f"{several} {ours.params:,} params ({percent(ours.params, theirs.params)}) and {ours.macs:,} MACs "
                f"({percent(ours.macs, theirs.macs)} of the network's)",
                "the field is that of the shortest path, around the middle of the image; nearer the edges it reaches "
                "less far on one side",
            ),
            helps=tuple(_helps(found, wider, survey)),
            calls=node.origin.calls,
        )


def _helps(found: Sequence[Facts], wider: Sequence[int], survey: Survey) -> Iterator[tuple[Suggestion, ...]]:
    one = found[0]
    them, each = ("them", "any of them") if len(found) > 1 else ("it", "it")
    trials = Trials(survey, lambda tried: tried.shape == one.shape)
    pointwise = trials.tried(one, {"kernel": (1, "1"), "padding": (0, "0")}) if len(found) == 1 else None
    if pointwise is not None:
        yield (pointwise._replace(text=f"{pointwise.text} as before, or leave it out"),)
    else:
        yield (Suggestion(f"leave {them} out, or make {them} 1x1"),)
    yield (Suggestion(f"{input_text(wider)}, or a larger one, is more than {each} sees before its kernel"),)


def percent(part: int, whole: int) -> str:
    """Return a share.

    >>> percent(1, 3), percent(1, 3000), percent(0, 0)
    ('33%', 'under 1%', '0%')
    """
    share = Fraction(100 * part, max(1, whole))
    return "under 1%" if 0 < share < 1 else f"{round(share)}%"


def _widens(one: Facts) -> bool:
    layer = one.node.layer
    return isinstance(layer, Convolution) and layer.kernel not in (1, (1,) * (len(one.shape) - 1))


def least_fields(survey: Survey) -> dict[str, Seen]:
    """Return what each input and node sees at least, over all paths from the image to it."""
    found: dict[str, Seen] = {}
    if survey.graph is not None:
        found |= {path: Seen(shape[1:], ((1, 1),) * (len(shape) - 1)) for path, shape in survey.graph.inputs.items()}
    steps: dict[tuple[int, Shape], Steps] = {}  # a layer that recurs is one object, and so are its steps
    for path, one in survey.facts.items():
        layer, key = one.node.layer, (id(one.node.layer), one.inputs[0])
        came = [found[source] for source in one.node.inputs]
        if key not in steps:
            steps[key] = layer.steps(one.inputs[0])
        joins = isinstance(layer, Merge)
        found[path] = _joined(came) if joins else Seen(came[0].image, _after(one, came[0], steps[key]))
    return found


def _after(one: Facts, source: Seen, steps: Steps) -> tuple[Least, ...]:
    if steps and len(steps) == len(source.axes):
        return tuple(_grown(axis, step) for axis, step in zip(source.axes, steps, strict=True))
    if not steps and len(one.shape) > 1 and one.shape[1:] == one.inputs[0][1:]:
        return source.axes
    if len(one.field) != len(source.axes):
        return (Extent.UNKNOWN,) * len(source.axes)
    return tuple(Extent.WHOLE if axis is Extent.WHOLE else Extent.UNKNOWN for axis in one.field)


def _grown(axis: Least, step: ReceptiveField | None) -> Least:
    """Return the least field after a window; a larger map than the one before is a decoder's, which is unknown."""
    if isinstance(axis, Extent):
        return axis
    if step is None or not isinstance(step.jump, int):
        return Extent.UNKNOWN
    size, jump = axis
    return size + jump * (step.size - 1), jump * step.jump


def _joined(came: Sequence[Seen]) -> Seen:
    """Return the least of what the operands see; one that sees the whole is a gate, and adds no path."""
    images = {seen.image for seen in came if seen.image}
    image = images.pop() if len(images) == 1 else ()
    if not image:
        return Seen((), ())
    axes = zip(*(seen.axes for seen in came if seen.image), strict=True)
    return Seen(image, tuple(_least(along) for along in axes))


def _least(along: Sequence[Least]) -> Least:
    known = {axis for axis in along if isinstance(axis, tuple)}
    if Extent.UNKNOWN in along or len({jump for _, jump in known}) > 1:
        return Extent.UNKNOWN
    return min(known, default=Extent.WHOLE)
