"""CNN302: a convolution between many channels that a bottleneck could take the place of."""

from collections.abc import Iterator, Sequence

from cnncalc.analysis import Facts
from cnncalc.checks.advice import Advice
from cnncalc.checks.saving import candidates, padding
from cnncalc.checks.survey import Survey
from cnncalc.layers.base import sizes_text
from cnncalc.layers.conv import Conv
from cnncalc.layers.merge import Merge

_LARGE = 64  # below this, half the channels are too few to be worth two layers more


class AddBottleneck(Advice):
    """A 3x3 or larger convolution from C channels to C costs more than 1x1 to C/2, 3x3, and 1x1 back to C would."""

    code = "CNN302"
    name = "add-bottleneck"
    why = (
        "A 1x1 that halves the channels makes the 3x3 after it four times cheaper, and a 1x1 brings the channels back: "
        "13/4 C^2 weights in place of 9 C^2. A convolution that stands between such 1x1 already is left alone."
    )
    formula = "C*C/2 + k*k*(C/2)*(C/2) + C/2*C against k*k*C*C"
    options = f"{Advice.options} C must be even and at least {_LARGE}."
    example = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 64, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 64, kernel: 3, padding: 1, act: relu}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 64, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 32, act: relu}\n- {conv: 32, kernel: 3, padding: 1, act: relu}\n- {conv: 64, act: relu}\n"
    )
    references = ("He et al. 2016, Deep Residual Learning for Image Recognition, section 4.1",)

    def concerned(self, survey: Survey) -> Iterator[Facts]:
        """Yield the convolutions that do not stand in a bottleneck already."""
        wide, widened = widths(survey), before_expansion(survey)
        for one in candidates(survey):
            if wide[one.node.inputs[0]] <= one.shape[0] and one.node.path not in widened:
                yield one

    def rewritten(self, one: Facts) -> tuple[Conv, ...] | None:
        """Return the three layers, the second with the kernel, the stride and the padding."""
        layer, channels = one.node.layer, one.shape[0]
        assert isinstance(layer, Conv)
        slides = layer.slides(one.inputs[0][1:])
        if one.inputs[0][0] != channels or channels % 2 or channels < _LARGE or min(s.kernel for s in slides) < 3:
            return None
        pads = padding([(slide.before, slide.after) for slide in slides])
        pointwise = layer.model_copy(update={"kernel": 1, "stride": 1, "padding": 0})
        return (
            pointwise.model_copy(update={"out_channels": channels // 2}),
            layer.model_copy(update={"out_channels": channels // 2, "padding": pads}),
            pointwise,
        )

    def names(self, layers: Sequence[Conv], rank: int) -> str:
        """Return the three sizes and the channels between."""
        kernel = layers[1].kernel if isinstance(layers[1].kernel, tuple) else (layers[1].kernel,) * rank
        ones = sizes_text([1] * rank)
        return f"{ones}, {sizes_text(kernel)} and {ones} filters with {layers[1].out_channels} channels between"


def widths(survey: Survey) -> dict[str, int]:
    """Return, for the nodes that stand behind a reducing 1x1 convolution, how many channels it reduced; 0 for others.

    What is behind ends at a join, and where the channels are as many again.
    """
    found = dict.fromkeys(survey.graph.inputs if survey.graph is not None else (), 0)
    for path, one in survey.facts.items():
        width = 0 if isinstance(one.node.layer, Merge) else found[one.node.inputs[0]]
        if pointwise(one) and one.shape[0] < one.inputs[0][0]:
            width = max(width, one.inputs[0][0])
        found[path] = width if one.shape[0] < width else 0
    return found


def before_expansion(survey: Survey) -> set[str]:
    """Return the nodes whose output a 1x1 convolution brings to more channels, a norm or act between at most."""
    found: set[str] = set()
    for path, one in [*survey.facts.items()][::-1]:
        through = path in found and not one.macs and not isinstance(one.node.layer, Merge)
        if through or (pointwise(one) and one.shape[0] > one.inputs[0][0]):
            found.update(one.node.inputs)
    return found


def pointwise(one: Facts) -> bool:
    """Return whether a node is a 1x1 convolution."""
    layer = one.node.layer
    return isinstance(layer, Conv) and (layer.kernel == 1 or layer.kernel == (1,) * (len(one.shape) - 1))
