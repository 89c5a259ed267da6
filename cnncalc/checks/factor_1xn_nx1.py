"""CNN303: a square kernel on a grid of medium size that 1xn and nx1 could take the place of."""

from collections.abc import Sequence

from cnncalc.analysis import Facts
from cnncalc.checks.advice import Advice
from cnncalc.checks.saving import between, padding
from cnncalc.layers.base import sizes_text
from cnncalc.layers.conv import Conv

_GRID = range(12, 21)


class Factor1xnNx1(Advice):
    """An nxn convolution on a grid of 12 to 20 positions costs more than 1xn and nx1 one after the other would."""

    code = "CNN303"
    name = "factor-1xn-nx1"
    why = (
        "1xn and then nx1 see the same nxn positions with 2n weights in place of n*n. Szegedy et al. found that it "
        "does not work well on early layers, and gives very good results on grids of 12 to 20 positions."
    )
    formula = "n*in*mid + n*mid*out against n*n*in*out, mid = min(in, out)"
    example = (
        "cnncalc: 1\ninput: 3x16x16\nlayers:\n- {conv: 16, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 32, kernel: 3, padding: 1, act: relu}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 3x16x16\nlayers:\n- {conv: 16, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 16, kernel: 1x3, padding: [0, 1], act: relu}\n- {conv: 32, kernel: 3x1, padding: [1, 0], act: relu}\n"
    )
    references = ("Szegedy et al. 2016, Rethinking the Inception Architecture for Computer Vision, section 3.2",)

    def rewritten(self, one: Facts) -> tuple[Conv, ...] | None:
        """Return the two layers, each with the stride and the padding of its own axis."""
        layer, mid = one.node.layer, between(one)
        assert isinstance(layer, Conv)
        slides = layer.slides(one.inputs[0][1:])
        sizes = (*one.inputs[0][1:], *one.shape[1:])
        if len(slides) != 2 or not mid or not all(size in _GRID for size in sizes):
            return None
        high, wide = slides
        if high.kernel != wide.kernel or high.kernel < 3:
            return None
        row: dict[str, object] = {"kernel": (1, wide.kernel), "padding": padding([(0, 0), (wide.before, wide.after)])}
        column: dict[str, object] = {
            "kernel": (high.kernel, 1),
            "padding": padding([(high.before, high.after), (0, 0)]),
        }
        if (high.stride, wide.stride) != (1, 1):
            row["stride"], column["stride"] = (1, wide.stride), (high.stride, 1)
        return layer.model_copy(update={**row, "out_channels": mid}), layer.model_copy(update=column)

    def names(self, layers: Sequence[Conv], rank: int) -> str:  # noqa: ARG002 - two axes only
        """Return the two sizes."""
        return (
            " and ".join(sizes_text(layer.kernel) for layer in layers if isinstance(layer.kernel, tuple)) + " filters"
        )
