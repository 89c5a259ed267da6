"""CNN301: a large square kernel that a stack of 3x3 could take the place of."""

from collections.abc import Sequence

from cnncalc.analysis import Facts
from cnncalc.checks.advice import Advice
from cnncalc.checks.saving import between, padding, short
from cnncalc.checks.words import counted
from cnncalc.layers.base import expand, sizes_text
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
        return stack(layer, [(slide.before, slide.after) for slide in slides], mid)

    def names(self, layers: Sequence[Conv], rank: int) -> str:
        """Return how many of which size."""
        return counted(len(layers), f"{sizes_text([3] * rank)} filter")


def stack(layer: Conv, pairs: Sequence[tuple[int, int]], mid: int) -> tuple[Conv, ...] | None:
    """Return layers with a kernel of 3 that together pad and step as one of an odd size does; None if too many.

    Along an axis where the one is smaller, the first of them have a kernel of 1.

    >>> [one.padding for one in stack(Conv(out_channels=8, kernel=7), [(3, 3), (4, 4)], mid=8)]
    [(1, 2), 1, 1]
    >>> [one.kernel for one in stack(Conv(out_channels=8, kernel=(5, 7)), [(0, 0), (0, 0)], mid=8)]
    [(1, 3), 3, 3]
    """
    counts = [kernel // 2 for kernel in expand(layer.kernel, len(pairs), "kernel")]
    depth = max(counts)
    if depth > 64:
        return None
    layers = []
    for at in range(depth):
        last = at == depth - 1
        axes = [
            _share(pair, at - depth + count, count) if count else (pair if last else (0, 0))
            for pair, count in zip(pairs, counts, strict=True)
        ]
        options = {
            "kernel": short([3 if at >= depth - count else 1 for count in counts]),
            "padding": padding(axes),
            "out_channels": layer.out_channels if last else mid,
        }
        layers.append(layer.model_copy(update=options | ({} if last else {"stride": 1})))
    return tuple(layers)


def _share(pair: tuple[int, int], at: int, count: int) -> tuple[int, int]:
    """Return one layer's share of a padding on both sides that so many spread over them; none in front of them."""
    if at < 0:
        return 0, 0
    before, after = pair
    return before // count + (at < before % count), after // count + (at < after % count)
