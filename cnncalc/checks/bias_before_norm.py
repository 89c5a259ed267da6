"""CNN204: a bias that the normalisation right after it takes away again."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Facts
from cnncalc.checks.base import Edit, Finding, Fix, Label, Rule, Severity, Suggestion
from cnncalc.checks.mending import adding
from cnncalc.checks.survey import Survey
from cnncalc.checks.words import counted
from cnncalc.errors import Span
from cnncalc.graph import Graph, Node
from cnncalc.layers.base import elements
from cnncalc.layers.conv import LocallyConnected
from cnncalc.layers.norm import BatchNorm, GroupNorm, InstanceNorm


class BiasBeforeNorm(Rule):
    """A layer has a bias although all that reads it is a norm that subtracts the mean of each channel."""

    code = "CNN204"
    name = "bias-before-norm"
    severity = Severity.WARNING
    why = (
        "batch_norm and instance_norm subtract from each channel its own mean, of which a bias is a part, and have a "
        "shift of their own: the bias does nothing. group_norm and layer_norm subtract one mean from several channels, "
        "where biases that differ stay visible: those are left alone, but for a group_norm of one channel a group. So "
        "are the biases of locally_connected, which differ over the positions of one channel."
    )
    formula = "(x + b) - mean(x + b) = x - mean(x)"
    example = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 8, kernel: 3, bias: true, norm: batch_norm}\n"
    instead = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 8, kernel: 3, bias: false, norm: batch_norm}\n"
    references = (
        "Ioffe and Szegedy 2015, Batch Normalization, section 3.2",
        "Ulyanov, Vedaldi and Lempitsky 2016, Instance Normalization: The Missing Ingredient for Fast Stylization",
        "Wu and He 2018, Group Normalization, section 3.1",
    )

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each layer whose bias does nothing."""
        if survey.graph is None:
            return
        biases = Biases.of(survey.graph, survey)
        lines: dict[Span, list[Facts]] = defaultdict(list)
        for path in biases.idle:
            one = survey.facts.get(path)
            if one is not None and one.params and one.node.weights not in biases.needed:
                lines[one.node.origin.span].append(one)
        for found in lines.values():
            yield self._found(found[0], found, biases, survey)._replace(more=len(found) - 1)

    def _found(self, one: Facts, line: list[Facts], biases: "Biases", survey: Survey) -> Finding:
        node, norm = one.node, biases.idle[one.node.path]
        wasted = wasted_by(one)
        place = node.place()._replace(span=survey.option(node, "bias", node.op))
        fix = _fix(node, norm, biases, survey)
        notes = [
            f"a bias moves a channel's mean as much as its values: the {norm.op} takes both away, and has a shift "
            f"of its own"
        ]
        if len(line) > 1:
            every = sum(map(wasted_by, line))
            notes.append(f"{counted(len(line), 'layer')} of this line have {counted(every, 'such parameter')}")
        saves = Suggestion(
            f"`bias: false` saves {counted(wasted, 'parameter')} and leaves the output as it is",
            fix.edits if fix else (),
            one.shape,
        )
        return self.finding(
            place, f"the bias before {norm.op} does nothing: {counted(wasted, 'parameter')} wasted"
        )._replace(
            label="this bias"
            if "bias" in survey.mappings.get(node.origin.span, ())
            else "has a bias unless told not to",
            others=(Label(norm.origin.span, "subtracts the mean of each channel"),),
            notes=tuple(notes),
            helps=((saves,),),
            fix=fix,
            calls=node.origin.calls,
        )


class Biases(NamedTuple):
    """Which biases are idle, and the norm after each; whose tensors and which lines have a bias that is needed."""

    idle: dict[str, Node]
    needed: set[str]
    lines: set[Span]
    spans: dict[str, set[Span]]
    """The lines that use the tensors of each owner."""

    @classmethod
    def of(cls, graph: Graph, survey: Survey) -> "Biases":
        """Return the biases of a graph, each of which is idle or needed."""
        readers = Counter(path for node in graph.nodes for path in node.inputs)
        readers.update(graph.outputs)
        norms = {node.inputs[0]: node for node in graph.nodes if removes_bias(node, survey)}
        found = cls({}, set(), set(), defaultdict(set))
        for node in graph.nodes:
            if not getattr(node.layer, "bias", False):
                continue
            found.spans[node.weights].add(node.origin.span)
            a_channel = not isinstance(node.layer, LocallyConnected)  # or the biases of a channel differ, and stay
            if a_channel and readers[node.path] == 1 and node.path in norms:
                found.idle[node.path] = norms[node.path]
            else:
                found.needed.add(node.weights)
                found.lines.add(node.origin.span)
        return found


def removes_bias(node: Node, survey: Survey) -> bool:
    """Return whether a node subtracts from each channel a mean that is that channel's own."""
    if isinstance(node.layer, GroupNorm):
        one = survey.facts.get(node.path)
        return one is not None and node.layer.groups == one.shape[0]
    return isinstance(node.layer, BatchNorm | InstanceNorm)


def wasted_by(one: Facts) -> int:
    """Return the parameters of a layer's bias."""
    return elements(one.parameters["bias"])


def _fix(node: Node, norm: Node, biases: Biases, survey: Survey) -> Fix | None:
    """Return the fix of the line, unless another layer needs its bias or the norm may be absent for other arguments."""
    span = node.origin.span
    data = survey.mappings.get(span)
    if data is None or span in biases.lines or biases.spans[node.weights] != {span}:
        return None
    own = {span, *node.origin.calls}
    for at in (norm.origin.span, *norm.origin.calls):
        if at not in own and not survey.mappings.get(at, {}).keys().isdisjoint({"when", "repeat"}):
            return None
    text = "bias: false"
    edit = Edit(survey.stretch(data, "bias"), text) if "bias" in data else adding(survey, data, text)
    states = survey.graph is not None and "params" in survey.graph.expect  # the file's own claim would be wrong
    return Fix(f"set `{text}`", (edit,), safe=not states)
