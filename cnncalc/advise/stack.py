"""A large filter as a stack of 3x3: each two more positions an axis are one layer."""

from collections import Counter
from collections.abc import Sequence

from cnncalc.advise.amounts import joined
from cnncalc.advise.base import Kind, Left, Row, channels_between, convolution, convolutions, filters, kernel, size
from cnncalc.advise.line import Network
from cnncalc.analysis import Facts
from cnncalc.checks.factor_large_kernel import stack
from cnncalc.layers.base import expand
from cnncalc.layers.conv import Conv
from cnncalc.wording import number_word


class Stack(Kind):
    """Stacks of 3x3 in place of large filters."""

    name = "stack"
    block = "stack"
    about = "convolution larger than 3x3"
    accuracy = (
        "Simonyan and Zisserman 2015 (section 4.1): a net whose pairs of 3x3 had been replaced by one 5x5 each had a "
        "top-1 error 7% higher than with the pairs"
    )

    def row(self, one: Facts, network: Network) -> Row | None:
        """Return the stack: the stride on its last layer and the padding spread over all keep field and shape."""
        sizes = kernel(one)
        if max(sizes) <= 3:
            return None
        layer = convolution(one)
        if even := [str(each) for each in sizes if each % 2 == 0]:
            raise Left(f"{joined(list(dict.fromkeys(even)))} positions an axis are no stack of 3: the number is even")
        pads = [(slide.before, slide.after) for slide in layer.slides(one.inputs[0][1:])]
        row = stack(layer, pads, channels_between(one, network))
        if row is None:
            raise Left(f"it would become {max(sizes) // 2:,} layers, which are too many")
        if not isinstance(layer.padding, str):
            return row
        return tuple(each.model_copy(update={"padding": layer.padding}) for each in row)

    def words(self, row: Row, one: Facts) -> str:
        """Return how many of which size."""
        rank = len(kernel(one))
        sizes = [expand(layer.kernel, rank, "kernel") for layer in row if isinstance(layer, Conv)]
        of = "of " if rank == 1 else ""
        return joined([f"{number_word(count)} {of}{size(each)}" for each, count in Counter(sizes).items()])

    def headline(self, uses: Sequence[Facts]) -> str:
        """Return the advice in words."""
        three = filters([tuple(min(3, each) for each in kernel(one)) for one in uses])
        return f"stacks of {three} in place of {convolutions(uses)}"
