"""A large filter as a stack of 3x3: each two more positions an axis are one layer."""

from cnncalc.advise.base import Kind, Row, channels_between, convolution, kernel
from cnncalc.advise.line import Network
from cnncalc.analysis import Facts
from cnncalc.checks.factor_large_kernel import stack
from cnncalc.checks.words import counted
from cnncalc.layers.base import sizes_text


class Stack(Kind):
    """Stacks of 3x3 in place of large filters."""

    name = "stack"
    block = "stack"
    accuracy = (
        "Simonyan and Zisserman 2015 (section 4.1): a net whose pairs of 3x3 had been replaced by one 5x5 each had a "
        "top-1 error 7% higher than with the pairs"
    )

    def row(self, one: Facts, network: Network) -> Row | None:
        """Return the stack: the stride on its last layer and the padding spread over all keep field and shape."""
        sizes = kernel(one)
        if len(sizes) < 2 or len(set(sizes)) > 1 or sizes[0] < 5 or sizes[0] % 2 == 0:
            return None
        layer = convolution(one)
        pads = [(slide.before, slide.after) for slide in layer.slides(one.inputs[0][1:])]
        row = stack(layer, pads, sizes[0] // 2, channels_between(one, network))
        if row is None or not isinstance(layer.padding, str):
            return row
        return tuple(each.model_copy(update={"padding": layer.padding}) for each in row)

    def words(self, row: Row, one: Facts) -> str:
        """Return how many 3x3."""
        return counted(len(row), sizes_text([3] * len(kernel(one)))).removesuffix("s")

    def headline(self, count: int, sizes: str) -> str:
        """Return the advice in words."""
        three = "x".join("3" * (sizes.split(maxsplit=1)[0].count("x") + 1)) if "x" in sizes else "3x3"
        return f"stacks of {three} in place of {counted(count, 'convolution')} of {sizes}"
