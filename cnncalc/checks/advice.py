"""What CNN301 to CNN303 share: they tell what other layers in place of a convolution save in this network."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from cnncalc.analysis import Facts, total
from cnncalc.checks.base import Finding, Rule, Severity
from cnncalc.checks.rewriting import suggested
from cnncalc.checks.saving import Saving, bill, candidates, followers, percent
from cnncalc.checks.survey import Survey
from cnncalc.checks.words import axes_text
from cnncalc.errors import LayerError, Span
from cnncalc.layers.base import Layer, sizes_text
from cnncalc.layers.conv import Conv


class Advice(Rule):
    """A rule that says how a convolution could be written with fewer parameters and MACs, computed for this network."""

    severity = Severity.ADVICE
    whole = True
    threshold = Fraction(1, 10)
    options = (
        "The threshold is the least saving, of the layer's params and of its MACs; besides, the layers of the line "
        "together must save 1/100 of the network's params or of its MACs. Never told of the layer that reads the "
        "input, nor where the channels between would be fewer than a quarter of those before or after."
    )

    def rewritten(self, one: Facts) -> tuple[Conv, ...] | None:
        """Return the layers that could take the place of one, None where the rule does not concern it."""
        raise NotImplementedError

    def names(self, layers: Sequence[Conv], rank: int) -> str:
        """Return what those layers are called, such as "two 3x3 filters"."""
        raise NotImplementedError

    def concerned(self, survey: Survey) -> Iterator[Facts]:
        """Yield the convolutions that the rule looks at."""
        return candidates(survey)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:
        """Yield a finding for each layer of the lines that are worth it."""
        least = Fraction(1, 10) if threshold is None else threshold
        network = total(survey.facts.values())
        known: dict[tuple[object, ...], Saving | None] = {}
        lines: dict[Span, list[Saving]] = defaultdict(list)
        for one in self.concerned(survey):
            behind = followers(survey, one)
            key = id(one.node.layer), one.inputs, *map(id, behind)
            if key not in known:
                known[key] = self._saving(one, behind, least)
            found = known[key]
            if found is not None:
                lines[one.node.origin.span].append(found._replace(one=one))
        for savings in lines.values():
            params, macs = sum(one.params for one in savings), sum(one.macs for one in savings)
            if 100 * params >= network.params or 100 * macs >= network.macs:
                together = f"the {len(savings)} layers of this line save" if len(savings) > 1 else "that is"
                share = f"{percent(params, network.params)} of the network's params and "
                yield from self._told(savings, f"{together} {share}{percent(macs, network.macs)} of its MACs", survey)

    def _saving(self, one: Facts, behind: Sequence[Layer], least: Fraction) -> Saving | None:
        layers = self.rewritten(one)
        if layers is None:
            return None
        layer = one.node.layer
        assert isinstance(layer, Conv)
        try:
            before, after = bill([layer], one.inputs[0], behind), bill(layers, one.inputs[0], behind)
        except LayerError:
            return None
        found = Saving(one, layers, before, after)
        same = (before.shape, before.field) == (after.shape, after.field)
        worth = found.params >= least * before.params and found.macs >= least * before.macs
        return found if same and worth else None

    def _told(self, savings: Sequence[Saving], together: str, survey: Survey) -> Iterator[Finding]:
        told: dict[tuple[object, ...], Finding] = {}
        for saving in savings:
            node = saving.one.node
            key = id(saving.before), node.origin.calls
            if key not in told:
                told[key] = self._finding(saving, together, survey)
            yield told[key]._replace(place=told[key].place._replace(path=node.path))

    def _finding(self, saving: Saving, together: str, survey: Survey) -> Finding:
        one, before, after = saving.one, saving.before, saving.after
        node, rank = one.node, len(one.shape) - 1
        place = node.place()._replace(span=survey.option(node, "kernel", node.op))
        layer = node.layer
        assert isinstance(layer, Conv)
        slides = layer.slides(one.inputs[0][1:])
        filter_ = sizes_text([slide.kernel for slide in slides])
        channels = f"{one.inputs[0][0]} to {one.shape[0]} channels"
        fewer = (
            f"{percent(saving.params, before.params)} fewer params and {percent(saving.macs, before.macs)} fewer MACs"
        )
        return self.finding(
            place,
            f"{self.names(saving.layers, rank)} see as much as one {filter_} from {channels}, with {fewer}",
        )._replace(
            label=f"{before.params:,} params, {before.macs:,} MACs",
            notes=(
                changed("params", before.params, after.params),
                changed("MACs", before.macs, after.macs),
                changed("activations", before.activations, after.activations),
                f"both see {sizes_text([slide.reach for slide in slides])} positions at steps of "
                f"{axes_text([slide.stride for slide in slides])} and give {sizes_text(before.shape)}",
                together,
            ),
            helps=((suggested(saving, survey),),),
            calls=node.origin.calls,
        )


def changed(name: str, before: int, after: int) -> str:
    """Return what a number was, is, and by how much it changed.

    >>> changed("params", 12800, 6912)
    'params: 12,800 now, 6,912 then (-46%)'
    """
    share = percent(after - before, before)
    return f"{name}: {before:,} now, {after:,} then ({'' if share.startswith('-') else '+'}{share})"
