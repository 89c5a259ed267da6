"""The lines of linear, which flattens by itself."""

from collections.abc import Iterator

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, channels_letter, line, product, worked
from cnncalc.explain.conv import bias_additions
from cnncalc.explain.lines import filters, macs, operations, sizes
from cnncalc.layers.base import elements
from cnncalc.layers.linear import Linear


@sizes.register
def _(layer: Linear, facts: Facts) -> Iterator[Line]:
    source = facts.inputs[0]
    if len(source) > 1:
        remark = ": the input is flattened"
        yield worked(Rule.REARRANGING, "in_features", product(source), elements(source), remark=remark)
    yield worked(Rule.SIZES, f"{channels_letter(0)}2", "out_features", facts.shape[0])


@filters.register
def _(layer: Linear, facts: Facts) -> Iterator[Line]:
    inputs = elements(facts.inputs[0])
    yield line(Rule.PARAMETERS, f"weights an output = in_features = {inputs:,}")
    if layer.bias:
        yield worked(Rule.PARAMETERS, "with its bias", f"{inputs:,} + 1", inputs + 1)


@macs.register
def _(layer: Linear, facts: Facts) -> Iterator[Line]:
    inputs, outputs = elements(facts.inputs[0]), layer.out_features
    yield worked(Rule.MACS, "MACs", "in_features*out_features", f"{inputs:,}*{outputs:,}", inputs * outputs)


@operations.register
def _(layer: Linear, facts: Facts) -> Iterator[Line]:
    if layer.bias:
        yield bias_additions(facts)
