"""An NxN filter as 1xN and then Nx1: one filter an axis."""

from collections.abc import Sequence

from cnncalc.advise.amounts import joined, some
from cnncalc.advise.base import Kind, Row, channels_between, convolution, convolutions
from cnncalc.advise.line import Network
from cnncalc.analysis import Facts
from cnncalc.checks.rewriting import sizes_said
from cnncalc.checks.saving import padding, short
from cnncalc.layers.conv import Conv

GRID = range(12, 21)


class Factor(Kind):
    """1xN and Nx1 in place of NxN."""

    name = "factor"
    block = "factored"
    about = "convolution over several axes"
    accuracy = (
        "Szegedy et al. 2016 (section 3.2): it does not work well on early layers, and gives very good results on "
        "grids of 12 to 20 positions"
    )

    def row(self, one: Facts, network: Network) -> Row | None:
        """Return a layer for each axis, the last axis first, each with the stride and the padding of its own."""
        slides = one.node.layer.slides(one.inputs[0][1:])
        axes = [axis for axis, slide in enumerate(slides) if slide.kernel > 1][::-1]
        if len(axes) < 2:
            return None
        layer, mid, row = convolution(one), channels_between(one, network), []
        for axis in axes:
            here = [at == axis for at in range(len(slides))]
            pads = [(s.before, s.after) if own else (0, 0) for s, own in zip(slides, here, strict=True)]
            last = axis == axes[-1]
            steps = [s.stride if own or (last and s.kernel == 1) else 1 for s, own in zip(slides, here, strict=True)]
            options: dict[str, object] = {
                "kernel": tuple(s.kernel if own else 1 for s, own in zip(slides, here, strict=True)),
                "stride": short(steps),
                "padding": layer.padding if isinstance(layer.padding, str) else padding(pads),
                "out_channels": layer.out_channels if last else mid,
            }
            row.append(layer.model_copy(update=options))
        return tuple(row)

    def words(self, row: Row, one: Facts) -> str:
        """Return the sizes."""
        kernels = [layer.kernel for layer in row if isinstance(layer, Conv)]
        return joined([sizes_said(each) for each in kernels])

    def headline(self, uses: Sequence[Facts]) -> str:
        """Return the advice in words."""
        return f"one filter an axis, 1xN and Nx1, in place of {convolutions(uses)}"

    def note(self, uses: Sequence[Facts]) -> str:
        """Return how many of the layers stand on a grid on which it is known to work."""
        there = sum(all(size in GRID for size in one.shape[1:]) for one in uses)
        alone = len(uses) == 1 and not there
        does = "it does not stand" if alone else some(there, len(uses), "stands", "stand")
        return f"{does} on a grid of {GRID.start} to {GRID.stop - 1} positions"
