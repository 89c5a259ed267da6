"""A layer explained: how its sizes, parameters, MACs, reads and receptive field come about, in worked lines."""

from collections.abc import Iterable, Sequence

import cnncalc.explain.adaptive
import cnncalc.explain.conv
import cnncalc.explain.conv_transpose
import cnncalc.explain.grouped
import cnncalc.explain.linear
import cnncalc.explain.merge
import cnncalc.explain.pointwise
import cnncalc.explain.pool
import cnncalc.explain.reorder
import cnncalc.explain.resize  # noqa: F401 - these register the lines of their layers
from cnncalc.analysis import Analysis, Facts
from cnncalc.errors import UsageError, closest, printable
from cnncalc.explain.base import Explanation, Line, Rule, Section
from cnncalc.explain.costs import costs, parameters
from cnncalc.explain.fields import growth
from cnncalc.explain.lines import sizes
from cnncalc.explain.positions import position, read

__all__ = ["Explanation", "Line", "Rule", "Section", "explained"]

MOST = 8


def explained(analysis: Analysis, path: str, at: Sequence[int] | None = None) -> Explanation:
    """Return a node of an analysed network, worked out; ``at`` is the output position whose reads are shown.

    Raises UsageError for a path that no node has, for a position outside the output, and for sizes that are symbols.

    >>> import cnncalc
    >>> found = explained(cnncalc.analyze(cnncalc.load("zoo:lenet5")), "conv1")
    >>> found.sections[0].lines[0].text
    'H2 = (H1 - F + 2P)/S + 1 = (32 - 5 + 2*0)/1 + 1 = 28'
    """
    if symbols := analysis.graph.least:
        raise UsageError(f"sizes must be numbers to be explained (symbols: {printable(', '.join(symbols))})")
    facts = facts_at(analysis, path)
    node, where = facts.node, position(facts, at)
    middle = ", the middle," if at is None else ""
    reads = f"what output ({', '.join(map(str, where))}){middle} reads" if where else "what an output reads"
    return Explanation(
        node.path,
        node.op,
        node.layer.settings(len(facts.inputs[0]) - 1),
        tuple(zip(node.inputs, facts.inputs, strict=True)),
        facts.shape,
        where,
        (
            section("output size", sizes(node.layer, facts)),
            section("parameters", parameters(facts)),
            section("MACs and other operations", costs(facts)),
            section(reads, read(analysis, facts, where)),
            section("how the receptive field grew", growth(analysis, facts)),
        ),
        followers(analysis, node.path, node.layer.followers),
    )


def section(title: str, lines: Iterable[Line]) -> Section:
    """Return lines under a title."""
    return Section(title, tuple(lines))


def followers(analysis: Analysis, path: str, roles: Sequence[str]) -> tuple[str, ...]:
    """Return the nodes that stand on the same line after one: its norm and its act."""
    paths = {one.node.path for one in analysis.facts}
    return tuple(f"{path}.{role}" for role in roles if f"{path}.{role}" in paths)


def facts_at(analysis: Analysis, path: str) -> Facts:
    """Return the facts of a node by its path; raise UsageError that says what there is for any other word."""
    facts = {one.node.path: one for one in analysis.facts}
    if path in facts:
        return facts[path]
    shown = printable(path[:80])
    if path in analysis.graph.inputs:
        raise UsageError(f"{shown} is an input, not a layer")
    if inside := [name for name in facts if name.startswith(f"{path}.")]:
        raise UsageError(f"{shown} is {len(inside)} layer{'s' if len(inside) > 1 else ''}: {listed(inside)}")
    if ending := [name for name in facts if name.endswith(f".{path}")]:
        raise UsageError(f"there is no layer {shown}; there is {listed(ending)}")
    near = closest(path, facts)
    raise UsageError(
        f"there is no layer {shown}; {f'did you mean {near}?' if near else f'there are {listed(list(facts))}'}"
    )


def listed(names: Sequence[str]) -> str:
    """Return names for a message, cut short where there are many.

    >>> listed(["a", "b"])
    'a, b'
    """
    more = f" and {len(names) - MOST} more; `cnncalc shapes` shows all" if len(names) > MOST else ""
    return printable(", ".join(names[:MOST])) + more
