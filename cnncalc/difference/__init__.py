"""What two networks have in common and what not, layer by layer: the difference that a reviewer wants to see."""

from __future__ import annotations

from cnncalc.analysis import Analysis
from cnncalc.difference.alignment import Alignment
from cnncalc.difference.entry import MEASURES as MEASURES
from cnncalc.difference.entry import Difference as Difference
from cnncalc.difference.entry import Entry as Entry
from cnncalc.difference.entry import Fate as Fate
from cnncalc.difference.entry import Input as Input
from cnncalc.difference.naming import Renaming as Renaming
from cnncalc.difference.settings import Setting as Setting
from cnncalc.difference.side import Numbers, Side
from cnncalc.difference.telling import Telling
from cnncalc.pause import collector_paused


def difference(before: Analysis, after: Analysis) -> Difference:
    """Return what became of every layer.

    Layers are the same by what they do and where they stand in the graph, whatever their names; where several could be,
    the one that kept its path is. Layers of different ops are never one layer, but under one path, or as the norm or
    the act of one line, the one is replaced by the other. The operands of add and multiply have no order.

    >>> import cnncalc
    >>> head = "{cnncalc: 1, input: 3x8x8, layers: "
    >>> ones, twos = "[{conv: 4}, {linear: 10}]}", "[{conv: 4, name: stem}, relu, {linear: 10}]}"
    >>> two = [cnncalc.analyze(cnncalc.loads(head + layers)) for layers in (ones, twos)]
    >>> [(entry.path, entry.fate.value) for entry in difference(*two).entries]
    [('stem', 'renamed'), ('relu1', 'added'), ('linear1', 'same')]
    """
    with collector_paused():
        numbers = Numbers()
        one, two = Side(before, numbers), Side(after, numbers)
        backward = is_after(before, after)
        alignment = Alignment(two, one) if backward else Alignment(one, two)
        alignment.align()
        there, back = alignment.there, alignment.back
        telling = Telling(one, two, back, there) if backward else Telling(one, two, there, back)
        return Difference(before, after, telling.entries(), telling.inputs(), telling.outputs_changed)


def is_after(one: Analysis, two: Analysis) -> bool:
    """Return whether a network stands after another in an order of all networks.

    They are aligned in this order, so that forward and backward the same layers are pairs.
    """
    if len(one.facts) != len(two.facts):
        return len(one.facts) > len(two.facts)
    known: dict[int, str] = {}
    for facts in zip(one.facts, two.facts, strict=True):
        nodes = [each.node for each in facts]
        for node in nodes:
            if id(node.layer) not in known:  # a layer that recurs is one object
                known[id(node.layer)] = repr(node.layer)
        left, right = ((node.path, node.op, node.inputs, known[id(node.layer)]) for node in nodes)
        if left != right:
            return left > right
    return False
