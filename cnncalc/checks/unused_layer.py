"""CNN205: layers whose output never reaches an output of the network."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis import Facts, total
from cnncalc.checks.base import Edit, Finding, Label, Rule, Severity, Suggestion
from cnncalc.checks.mending import setting
from cnncalc.checks.survey import Survey
from cnncalc.checks.words import counted, percent
from cnncalc.errors import Span
from cnncalc.graph import Graph, Node


class UnusedLayer(Rule):
    """A layer, or the last of a chain of layers, that nothing reads and that is no output."""

    code = "CNN205"
    name = "unused-layer"
    severity = Severity.WARNING
    why = (
        "It costs parameters and MACs and changes nothing. Often a `from` reads past it, or a head of the network is "
        "missing from `outputs`."
    )
    example = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 8, name: a}\n- {conv: 8, from: in}\n"
    instead = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 8, name: a}\n- {conv: 8, from: a}\n"

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for the last layer of each chain that leads nowhere."""
        graph = survey.graph
        if graph is None or not (chains := unused(graph)):
            return
        within = {path for chain in chains.values() for path in (node.path for node in chain)}
        needed = {node.weights for node in graph.nodes if node.path not in within}
        whole = survey.analysis.totals if survey.analysis and survey.whole else None
        lines = Counter(node.origin.span for node in graph.nodes)
        users = Counter(node.weights for node in graph.nodes)
        for path, chain in chains.items():
            if path in survey.facts:
                facts = [survey.facts[node.path] for node in chain]
                edits = _edits(chain, lines, users, survey)
                yield self._found(facts, needed, edits, whole.params if whole else 0)

    def _found(self, chain: list[Facts], needed: set[str], edits: tuple[Edit, ...], whole: int) -> Finding:
        last, first = chain[-1].node, chain[0].node
        params = sum(one.params for one in chain if one.node.weights not in needed)
        costs = f"{counted(params, 'parameter')} and {counted(total(chain).macs, 'MAC')}"
        several = len(chain) > 1
        share = f" ({percent(params, whole)} of the network's parameters)" if whole and params else ""
        starts = several and first.origin.span != last.origin.span
        lengths = f"a chain of {counted(len(chain), 'layer')}, {first.path} to {last.path}," if several else last.path
        help = Suggestion("read it with `from`, or name it in `outputs`; or take it out")
        absent = (Suggestion(f"`when: false` takes it out: {costs} less", edits),) if edits else ()
        return self.finding(last.place(), f"{lengths} never reaches an output: {costs} for nothing{share}")._replace(
            label="nothing reads this",
            others=(Label(first.origin.span, "the chain starts here"),) if starts else (),
            helps=((help,), absent) if absent else ((help,),),
            calls=last.origin.calls,
        )


def unused(graph: Graph) -> dict[str, list[Node]]:
    """Return the chains that reach no output, by the path of their last node, each in order.

    A node that leads to several such ends counts at the last of them.
    """
    reaches = set(graph.outputs)
    ends: dict[str, str] = {}
    chains: dict[str, list[Node]] = {}
    for node in reversed(graph.nodes):
        if node.path in reaches:
            reaches.update(node.inputs)
            continue
        end = ends.setdefault(node.path, node.path)
        chains.setdefault(end, []).append(node)
        for path in node.inputs:
            ends.setdefault(path, end)
    return {end: chain[::-1] for end, chain in reversed(chains.items())}


def _edits(chain: list[Node], lines: Counter[Span], users: Counter[str], survey: Survey) -> tuple[Edit, ...]:
    """Return the edits that make the chain's lines nothing; none where a line is more than the chain, or is shared."""
    own_lines = Counter(node.origin.span for node in chain)
    own_users = Counter(node.weights for node in chain)
    if any(lines[span] > count for span, count in own_lines.items()):
        return ()
    if any(users[owner] > count for owner, count in own_users.items()):
        return ()
    heads = {
        node.origin.span: node
        for node in chain
        if node.path.rpartition(".")[0] not in node.inputs  # not the norm or activation of the line before it
    }
    data = [survey.mappings.get(span, {}).values() for span in heads]
    if any(isinstance(part, list) for values in data for value in values if isinstance(value, list) for part in value):
        return ()  # the lines of a join's branches stand inside its own
    edits = [setting(survey, node, "when", "false") for node in heads.values()]
    return tuple(edit for found in edits for edit in found) if all(edits) else ()
