"""Global average pooling in front of a linear layer that has a weight for every position of a map."""

from collections.abc import Sequence

from cnncalc.advise.amounts import joined
from cnncalc.advise.base import Kind, Left, reads_image
from cnncalc.advise.in_place import in_front
from cnncalc.advise.line import Line, Network
from cnncalc.advise.scope import Unsayable
from cnncalc.advise.writing import Rewrite
from cnncalc.analysis import Facts
from cnncalc.checks.linear_concentration import way
from cnncalc.checks.words import percent
from cnncalc.layers.base import elements

HUGE = 10  # a layer is huge that holds one in so many of the network's parameters


class Pooling(Kind):
    """Global average pooling in front of a huge linear layer."""

    name = "pooling"
    op = "linear"
    about = "linear layer on a map of several positions"
    accuracy = (
        "Szegedy et al. 2015 (section 5) found about 0.6% better top-1 accuracy with average pooling than with linear "
        "layers on the map; dropout remained essential"
    )

    def rewrite(self, network: Network, line: Line) -> tuple[Rewrite, tuple[Facts, ...]] | None:
        """Return the pool in front of the linear layer, or in front of what flattens the map for it."""
        passed = [way(one, network.survey) for one in line.uses]
        maps = [one for one in passed if elements(one[-1].inputs[0][1:]) > 1]
        if not maps:
            return None
        total = network.totals.params
        for one in maps:
            if network.image(one[-1]):
                raise Left(reads_image(one[-1]))
            if HUGE * one[0].params < total:
                share = percent(one[0].params, max(1, total))
                raise Left(f"it holds {share} of the network's params, less than one in {HUGE}")
            if any(network.readers[each.node.path] > 1 for each in one[1:]):
                raise Left("another layer reads the vector that the map becomes")
        first = {network.source.at(one[-1].node.origin.span) for one in maps}
        item = network.source.items.get(first.pop()) if len(first) == 1 else None
        if item is None:
            raise Unsayable("its uses read maps that several lines make vectors of")
        between = {network.source.at(each.node.origin.span) for one in maps for each in one[1:]}
        patches = in_front(network, line, item, "global_avg_pool")
        return Rewrite(patches, passed=frozenset(between)), tuple(one[0] for one in maps)

    def headline(self, uses: Sequence[Facts]) -> str:
        """Return the advice in words, with the names of the linear layers."""
        names = [one.node.path for one in uses]
        shown = joined(names if len(names) < 5 else [*names[:3], f"{len(names) - 3} more"])
        return f"global average pooling in front of {shown}"
