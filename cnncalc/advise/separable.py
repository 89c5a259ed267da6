"""A depthwise separable convolution: a filter for each channel, and then a 1x1 that mixes them."""

from collections.abc import Sequence
from math import prod

from cnncalc.advise.base import Kind, Row, convolution, convolutions, kernel, size
from cnncalc.advise.line import Network
from cnncalc.analysis import Facts
from cnncalc.layers.conv import Depthwise


class Separable(Kind):
    """Depthwise separable convolutions in place of full ones."""

    name = "separable"
    block = "separable"
    about = "convolution larger than 1x1"
    accuracy = (
        "Howard et al. 2017 (table 4): MobileNet on ImageNet 70.6% with 569 million multiply-adds and 4.2 million "
        "params, the same of full convolutions 71.7% with 4866 and 29.3"
    )

    def row(self, one: Facts, network: Network) -> Row | None:
        """Return the depthwise layer with the kernel, the stride and the padding, and the 1x1 (Sifre 2014)."""
        if prod(kernel(one)) == 1:
            return None
        layer = convolution(one)
        same = ("kernel", "stride", "padding", "dilation", "bias", "flip", "rounding")
        options = {name: getattr(layer, name) for name in same}
        return (
            Depthwise.model_construct(**options, multiplier=1),
            layer.model_copy(update={"kernel": 1, "stride": 1, "padding": 0, "dilation": 1}),
        )

    def words(self, row: Row, one: Facts) -> str:
        """Return the two sizes."""
        return f"depthwise {size(kernel(one))} and {size([1] * len(kernel(one)))}"

    def headline(self, uses: Sequence[Facts]) -> str:
        """Return the advice in words."""
        return f"depthwise separable convolutions in place of {convolutions(uses)}"
