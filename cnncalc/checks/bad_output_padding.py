"""CNN108: extra rows of a transposed convolution that no input reaches."""

from __future__ import annotations

from cnncalc.checks.base import Finding, Refused
from cnncalc.checks.remedy import axes, lines, tried
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.checks.words import axes_text
from cnncalc.errors import BadOutputPadding as Extra
from cnncalc.layers.base import axis_name, expand
from cnncalc.layers.conv_transpose import ConvTranspose


class BadOutputPadding(Refused):
    """output_padding is not less than the stride or the dilation of a transposed convolution."""

    code = "CNN108"
    name = "bad-output-padding"
    refuses = Extra
    why = (
        "output_padding tells apart the input sizes that a strided convolution maps to one output size, of which "
        "there are as many as the stride; rows beyond that would have no source."
    )
    formula = "output_padding < max(stride, dilation)"
    example = "cnncalc: 1\ninput: 8x7x7\nlayers:\n- {conv_transpose: 8, kernel: 4, stride: 2, output_padding: 2}\n"
    instead = "cnncalc: 1\ninput: 8x7x7\nlayers:\n- {conv_transpose: 8, kernel: 4, stride: 2, output_padding: 0}\n"
    references = ("Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, relationship 14",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the largest output_padding that is allowed, and the stride that allows this one."""
        node = refusal.node
        if node is None or not isinstance(node.layer, ConvTranspose):
            return super().told(refusal, survey)
        rank = len(refusal.inputs[0]) - 1
        layer = node.layer
        given = expand(layer.output_padding, rank, "output_padding")
        strides = expand(layer.stride, rank, "stride")
        below = [max(pair) for pair in zip(strides, expand(layer.dilation, rank, "dilation"), strict=True)]
        bad = [axis for axis in range(rank) if given[axis] >= below[axis]]
        most = [min(value, bound - 1) for value, bound in zip(given, below, strict=True)]
        wider = [
            max(s, value + 1) if axis in bad else s for axis, (s, value) in enumerate(zip(strides, given, strict=True))
        ]
        place = refusal.error.place._replace(span=survey.option(node, "output_padding", node.op))
        notes = [
            f"{axis_name(axis, rank)}: max(stride, dilation) = {below[axis]}, output_padding = {given[axis]}"
            for axis in bad
        ]
        message = f"output_padding {axes_text(given)} must be less than stride {axes_text(strides)} or dilation"
        return self.finding(place, f"{message} {axes_text(expand(layer.dilation, rank, 'dilation'))}")._replace(
            label=f"at most {axes_text([bound - 1 for bound in below])}",
            notes=tuple(notes),
            helps=tuple(
                lines(
                    tried(refusal, survey, "output_padding", *axes(most)),
                    tried(refusal, survey, "stride", *axes(wider)),
                )
            ),
        )
