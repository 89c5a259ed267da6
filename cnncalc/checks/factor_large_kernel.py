"""CNN301: a large square kernel that a stack of 3x3 could take the place of."""

from collections.abc import Sequence

from cnncalc.analysis import Facts
from cnncalc.checks.advice import Advice
from cnncalc.checks.saving import between, padding
from cnncalc.checks.words import counted
from cnncalc.layers.base import sizes_text
from cnncalc.layers.conv import Conv


class FactorLargeKernel(Advice):
    """A 5x5 or larger convolution costs more than a stack of 3x3 with the same receptive field would."""

    code = "CNN301"
    name = "factor-large-kernel"
    why = (
        "Two 3x3 see 5x5 and three see 7x7, with fewer weights and a nonlinearity after each. What it saves depends on "
        "the channels between: here they are the fewer of those before and after. A deeper stack keeps more "
        "activations."
    )
    formula = "k*k*in*out against 9*in*mid + 9*mid*mid + ... + 9*mid*out over (k - 1)/2 layers, mid = min(in, out)"
    example = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 16, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 32, kernel: 5, padding: 2, act: relu}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 16, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 16, kernel: 3, padding: 1, act: relu}\n- {conv: 32, kernel: 3, padding: 1, act: relu}\n"
    )
    references = (
        "Simonyan and Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image Recognition, section 2.3",
        "Szegedy et al. 2016, Rethinking the Inception Architecture for Computer Vision, section 3.1",
    )

    def rewritten(self, one: Facts) -> tuple[Conv, ...] | None:
        """Return the stack: the stride on its last layer and the padding spread over all keep field and shape.

        Along one axis three taps for each two more are never fewer: there is nothing to advise.
        """
        layer = one.node.layer
        assert isinstance(layer, Conv)
        slides, mid = layer.slides(one.inputs[0][1:]), between(one)
        size = slides[0].kernel
        if len(slides) < 2 or {slide.kernel for slide in slides} != {size} or size < 5 or size % 2 == 0 or not mid:
            return None
        return stack(layer, [(slide.before, slide.after) for slide in slides], size // 2, mid)

    def names(self, layers: Sequence[Conv], rank: int) -> str:
        """Return how many of which size."""
        return counted(len(layers), f"{sizes_text([3] * rank)} filter")


def stack(layer: Conv, pairs: Sequence[tuple[int, int]], count: int, mid: int) -> tuple[Conv, ...] | None:
    """Return so many layers with a kernel of 3 that together pad and step as one does; None if they are too many.

    >>> [one.padding for one in stack(Conv(out_channels=8, kernel=7), [(3, 3), (4, 4)], count=3, mid=8)]
    [(1, 2), 1, 1]
    """
    if count > 64:
        return None
    layers = []
    for at in range(count):
        share = [
            (before // count + (at < before % count), after // count + (at < after % count)) for before, after in pairs
        ]
        last = at == count - 1
        options = {"kernel": 3, "padding": padding(share), "out_channels": layer.out_channels if last else mid}
        layers.append(layer.model_copy(update=options | ({} if last else {"stride": 1})))
    return tuple(layers)
