"""What a layer costs, line by line: its tensors, its MACs, its other operations, its activations."""

from collections.abc import Iterator, Mapping

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, line, product, worked
from cnncalc.explain.lines import filters, macs, operations
from cnncalc.layers.base import Shape, elements


def parameters(facts: Facts) -> Iterator[Line]:
    """Yield the lines of what is learned and what is stored."""
    node = facts.node
    yield from filters(node.layer, facts)
    if not facts.parameters:
        yield line(Rule.PARAMETERS, "nothing is learned: params = 0")
    else:
        yield from tensors(facts.parameters, "params")
        if node.weights != node.path:
            yield line(
                Rule.PARAMETERS,
                f"the tensors are those of {node.weights}, counted once: here params = {facts.params:,}",
            )
    if buffers := node.layer.buffers(facts.inputs):
        yield from tensors(buffers, "buffers")


def tensors(shapes: Mapping[str, Shape], total: str) -> Iterator[Line]:
    """Yield the elements of each tensor, and their sum."""
    for name, shape in shapes.items():
        yield worked(Rule.PARAMETERS, name, product(shape), elements(shape))
    counts = [elements(shape) for shape in shapes.values()]
    yield worked(Rule.PARAMETERS, total, " + ".join(f"{count:,}" for count in counts), sum(counts))


def costs(facts: Facts) -> Iterator[Line]:
    """Yield the lines of the MACs, the other operations, the FLOPs and the activations."""
    layer, batch = facts.node.layer, facts.batch
    each = layer.macs(facts.inputs, facts.shape)
    others = layer.operations(facts.inputs, facts.shape)
    yield from macs(layer, facts)
    if not each:
        yield line(Rule.MACS, "no weight is multiplied and accumulated: MACs = 0")
    yield from operations(layer, facts)
    if not others:
        yield line(Rule.OPERATIONS, "other operations = 0")
    yield worked(Rule.OPERATIONS, "FLOPs", "2*MACs + other operations", f"2*{each:,} + {others:,}", 2 * each + others)
    if each:
        yield worked(Rule.ACTIVATIONS, "activations", product(facts.shape), elements(facts.shape))
    if batch > 1:
        yield worked(Rule.MACS, f"for a batch of {batch}: MACs", f"{batch}*{each:,}", facts.macs)
        yield worked(Rule.OPERATIONS, f"for a batch of {batch}: FLOPs", f"{batch}*{2 * each + others:,}", facts.flops)
