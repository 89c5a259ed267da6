"""What a rewritten spec must keep, worked out from the two networks alone: nothing of how it was rewritten is used."""

from math import prod

import cnncalc
from cnncalc.analysis import image_field


def kept(before, after, *, pooled=False):
    """Assert that the outputs are the same and that every layer stands in both networks, in order, unchanged."""
    assert list(before.outputs.values()) == list(after.outputs.values())
    assert fields_of_outputs(before) == fields_of_outputs(after)
    assert image_field(before) == image_field(after)
    vectors = {"flatten", "dropout", "identity"} if pooled else set()
    old = [(one.node.op, one.shape, one.field) for one in before.facts if one.node.op not in vectors]
    new = iter([(one.node.op, one.shape, one.field) for one in after.facts])
    for one in old:
        assert one in new, f"{one} is not there any more, or not in its order"


def fields_of_outputs(analysis):
    known = {one.node.path: one.field for one in analysis.facts}
    return [known.get(path) for path in analysis.graph.outputs]


def counted(analysis):
    """Return params and MACs from the shapes of the tensors alone, written out for the ops of these specs."""
    params = macs = 0
    owners = set()
    for one in analysis.facts:
        if one.node.weights not in owners:
            owners.add(one.node.weights)
            params += sum(prod(shape) for shape in one.parameters.values())
        if one.node.op in ("conv", "depthwise", "linear"):
            macs += prod(one.parameters["weight"]) * (prod(one.shape[1:]) if one.node.op != "linear" else 1)
        elif one.node.op == "conv_transpose":
            macs += prod(one.parameters["weight"]) * prod(one.inputs[0][1:])
        else:  # an op that these specs do not have
            macs += one.macs
    return params, macs


def promised(piece, analysis):
    """Assert that a piece of advice has told the truth about the network it gives, and that nothing costs more."""
    totals = analysis.totals
    assert (piece.after.params, piece.after.macs, piece.after.activations) == (
        totals.params,
        totals.macs,
        totals.activations,
    )
    assert counted(analysis) == (totals.params, totals.macs)
    assert totals.params <= piece.before.params
    assert totals.macs <= piece.before.macs
    assert (totals.params, totals.macs) != (piece.before.params, piece.before.macs)
    for name in ("params", "macs", "activations"):
        saved = sum(getattr(one.before, name) - getattr(one.after, name) for one in piece.lines)
        assert saved == getattr(piece.before, name) - getattr(piece.after, name)
    for one in piece.lines:
        assert one.after.params <= one.before.params
        assert one.after.macs <= one.before.macs


def read_again(text):
    return cnncalc.analyze(cnncalc.loads(text, file="again.yaml"))
