"""CNN206: one linear layer on a map that holds most of the network's parameters."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from cnncalc.analysis import Facts
from cnncalc.checks.base import Edit, Finding, Label, Rule, Severity, Suggestion
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import above
from cnncalc.checks.words import percent
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Layer, Shape, elements, sizes_text
from cnncalc.layers.linear import Linear
from cnncalc.layers.reorder import Dropout, Flatten, Identity


class LinearConcentration(Rule):
    """One linear layer, which has a weight for each position of a map, holds over half of all parameters."""

    code = "CNN206"
    whole = True
    name = "linear-concentration"
    severity = Severity.WARNING
    why = (
        "A linear layer on a map learns a weight for every channel at every position: it ties the network to one image "
        "size and is the first to overfit. A linear layer on a vector, and one on the network's own input, are left "
        "alone: there is no map to pool."
    )
    formula = "channels * positions * out + out > 1/2 of the network's parameters"
    example = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 16, kernel: 3, padding: 1, act: relu}\n- {max_pool: 2}\n"
        "- {linear: 10}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- {conv: 16, kernel: 3, padding: 1, act: relu}\n- {max_pool: 2}\n"
        "- global_avg_pool\n- {linear: 10}\n"
    )
    options = "The threshold is the share of the parameters that one linear layer may hold."
    references = ("Lin, Chen and Yan 2014, Network In Network, section 3.2",)
    threshold = Fraction(1, 2)

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:
        """Yield a finding for each linear layer on a map that holds more than that share of all parameters."""
        if survey.analysis is None or not survey.whole:
            return
        limit = self.threshold if threshold is None else threshold
        total = survey.analysis.totals.params
        for one in survey.facts.values():
            if isinstance(one.node.layer, Linear) and one.params > limit * total:
                passed = way(one, survey)
                if elements(passed[-1].inputs[0][1:]) > 1 and passed[-1].node.inputs[0] in survey.facts:
                    yield self._found(one, passed, total, survey)

    def _found(self, one: Facts, passed: Sequence[Facts], total: int, survey: Survey) -> Finding:
        node, shape = one.node, passed[-1].inputs[0]
        place = node.place()._replace(span=survey.option(node, node.op))
        pooled = (shape[0], *(1 for _ in shape[1:]))
        left = params(node.layer, pooled)
        rest = total - one.params + left
        help = (
            f"`global_avg_pool` in front leaves {_arithmetic(one, pooled)} here, {rest:,} in all: "
            f"{percent(total - rest, total)} less"
        )
        came_from = passed[-1].node.inputs[0]
        return self.finding(
            place,
            f"one linear layer on a {sizes_text(shape)} map holds {one.params:,} of {total:,} parameters, "
            f"{percent(one.params, total)}",
        )._replace(
            label=f"a weight for each of {elements(shape):,} inputs and {one.shape[0]:,} outputs",
            others=(Label(survey.where(came_from), f"the {sizes_text(shape)} map"),),
            notes=(f"{_arithmetic(one, shape)} parameters",),
            helps=((Suggestion(help, _edits(passed, survey), one.shape),),),
            calls=node.origin.calls,
        )


def params(layer: Layer, shape: Shape) -> int:
    """Return the parameters of a layer on an input of a shape.

    >>> params(Linear(out_features=4096), (512, 7, 7))
    102764544
    """
    return sum(map(elements, layer.parameters([shape]).values()))


def way(one: Facts, survey: Survey) -> list[Facts]:
    """Return the linear layer and the layers before it that only pass a vector on, back to what flattened a map."""
    passed = [one]
    while len(passed[-1].inputs[0]) == 1 and (before := survey.facts.get(passed[-1].node.inputs[0])) is not None:
        if not isinstance(before.node.layer, Flatten | Dropout | Identity | Activation) or before.parameters:
            break
        passed.append(before)
    return passed


def _edits(passed: Sequence[Facts], survey: Survey) -> tuple[Edit, ...]:
    """Return the edit that puts the pool in; none where other layers would be changed by it too."""
    assert survey.graph is not None
    readers = Counter(path for node in survey.graph.nodes for path in node.inputs)
    users = Counter(node.weights for node in survey.graph.nodes)
    if users[passed[0].node.weights] > 1 or any(readers[one.node.path] > 1 for one in passed[1:]):
        return ()
    return above(survey, passed[-1].node, "global_avg_pool")


def _arithmetic(one: Facts, shape: Shape) -> str:
    """Return the parameters of a linear layer as a product, such as 512*7*7*4096 + 4096 = 102,764,544."""
    factors = [size for size in (*shape, *one.shape) if size > 1] or [1]
    bias = f" + {one.shape[0]}" if "bias" in one.parameters else ""
    return f"{'*'.join(map(str, factors))}{bias} = {params(one.node.layer, shape):,}"
