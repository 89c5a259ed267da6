"""A 1x1 bottleneck: half the channels under the large filter, and back."""

from collections.abc import Sequence

from cnncalc.advise.base import Kind, Left, Row, convolution, convolutions, kernel, size
from cnncalc.advise.line import Network
from cnncalc.analysis import Facts

LEAST = 64  # below this, half the channels are too few to be worth two layers more


class Bottleneck(Kind):
    """1x1 bottlenecks around filters between equal numbers of channels."""

    name = "bottleneck"
    block = "bottleneck"
    about = "convolution of 3x3 or larger from C channels to C"
    accuracy = (
        "He et al. 2016 (table 3) built ResNet-50 of bottlenecks in place of the pairs of 3x3 of ResNet-34: top-1 "
        "error 22.85% against 24.52%, at 3.8 against 3.6 billion multiply-adds, with four times the channels between "
        "the blocks; what halving them inside a given network costs is not known from that"
    )

    def row(self, one: Facts, network: Network) -> Row | None:
        """Return a 1x1 to half the channels, the filter on those, and a 1x1 back."""
        count = one.shape[0]
        if min(kernel(one)) < 3 or one.inputs[0][0] != count:
            return None
        layer = convolution(one)
        if count < LEAST or count % 2:
            raise Left(f"{count} channels are {'odd' if count % 2 else f'fewer than {LEAST}'}")
        reduced, widened = network.bottlenecks
        if reduced[one.node.inputs[0]] > count or one.node.path in widened:
            raise Left("it stands in a bottleneck already")
        pointwise = layer.model_copy(update={"kernel": 1, "stride": 1, "padding": 0, "dilation": 1})
        half = {"out_channels": count // 2}
        return pointwise.model_copy(update=half), layer.model_copy(update=half), pointwise

    def words(self, row: Row, one: Facts) -> str:
        """Return the three sizes."""
        ones = size([1] * len(kernel(one)))
        return f"{ones}, {size(kernel(one))} and {ones}"

    def headline(self, uses: Sequence[Facts]) -> str:
        """Return the advice in words."""
        return f"1x1 bottlenecks of half the channels around {convolutions(uses)}"
