"""CNN107: a tensor with too few or too many axes for the layer, or an option for another number of them."""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt, prod

from cnncalc.checks.base import Edit, Finding, Label, Refused, Suggestion
from cnncalc.checks.remedy import axes, lines, pairs, tried
from cnncalc.checks.retrace import Exhausted, Retrace
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import LayerError, Span
from cnncalc.errors import RankMismatch as Mismatch
from cnncalc.graph import Node
from cnncalc.layers.base import Shape, output_shape, sizes_text
from cnncalc.layers.conv import Conv, LocallyConnected
from cnncalc.spec.source import Mapping

_ABOVE = " -"


class RankMismatch(Refused):
    """A layer that needs spatial axes reads a vector, or an option has numbers for other axes than there are."""

    code = "CNN107"
    name = "rank-mismatch"
    refuses = Mismatch
    why = (
        "A vector has no neighbourhood to slide a window over, and a window needs one number for each axis that it "
        "slides along: the input decides how many there are."
    )
    example = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- flatten\n- {conv: 8, kernel: 3}\n"
    instead = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 8, kernel: 3}\n- flatten\n"
    options = "One number stands for all axes: `kernel: 3` is 3x3 on an image."

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the place where the vector was made, or with an option for these axes."""
        node, cause = refusal.node, refusal.cause
        if node is None or not isinstance(cause, LayerError):
            return super().told(refusal, survey)
        shape = refusal.inputs[0]
        came_from = survey.source(node, len)
        option = node.op if cause.option == node.layer.argument else cause.option
        place = refusal.error.place._replace(span=survey.option(node, *filter(None, (option, node.op))))
        rank = len(shape) - 1
        if rank:
            says = f"{rank} spatial {'axis' if rank == 1 else 'axes'}: {sizes_text(shape)}"
            helps = lines(_fewer(refusal, survey, node, cause.option, rank), _words(refusal, survey, cause.option))
            return self.finding(place, cause.fact, cause.help)._replace(
                others=(Label(survey.where(came_from), says),), helps=tuple(helps)
            )
        made = survey.described.get(came_from)
        says = f"{came_from} makes a vector of {shape[0]}"
        if made and len(made.inputs[0]) > 1:
            says += f" of {sizes_text(made.inputs[0])}"
        return self.finding(
            place, f"{node.op} needs spatial axes, and its input is a flat vector of {shape[0]}"
        )._replace(
            label="reads a vector",
            others=(Label(survey.where(came_from), says if made else f"a vector of {shape[0]}"),),
            notes=(says,) if made else (),
            helps=tuple(
                lines(
                    _reshaped(refusal, survey, node, came_from), _image(refusal, survey, node, came_from), _linear(node)
                )
            ),
        )


def _fewer(refusal: Refusal, survey: Survey, node: Node, option: str, rank: int) -> Suggestion | None:
    """Return the option with one number, or one pair, for each axis that there is."""
    value = getattr(node.layer, option, None)
    if not isinstance(value, tuple):
        return None
    kept = [*value, *[value[-1]] * rank][:rank]
    said = pairs(kept) if isinstance(value[0], tuple) else axes(kept)
    return tried(refusal, survey, option, *said)


def _words(refusal: Refusal, survey: Survey, option: str) -> Iterator[Suggestion | None]:
    """Yield the paddings that have a meaning along any number of axes, where causal has none."""
    node = refusal.node
    if node is not None and option == "padding" and getattr(node.layer, "padding", None) == "causal":
        yield from (tried(refusal, survey, "padding", word, word) for word in ("half", "same", "valid"))


def _reshaped(refusal: Refusal, survey: Survey, node: Node, came_from: str) -> Suggestion | None:
    """Return the suggestion to give a flattened image its axes back above the layer."""
    made = survey.described.get(came_from)
    if made is None or len(made.inputs[0]) == 1 or prod(made.inputs[0]) != refusal.inputs[0][0]:
        return None
    image = made.inputs[0]
    try:
        shape = output_shape(node.layer, [image])
    except LayerError:
        return None
    text = f"{{reshape: {sizes_text(image)}}}"
    return Suggestion(
        f"`{text}` above it gives the axes back, and {sizes_text(shape)} here", _above(survey, node, text), shape
    )


def _above(survey: Survey, node: Node, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts a layer on a line of its own above a node's; none where the node would not read it."""
    span = node.origin.span
    head = survey.lines[span.line - 1][: span.column - 1]
    data = survey.mappings.get(span, Mapping(span))
    alone = head.strip(_ABOVE) == "" and head.count("-") == 1
    if not alone or node.origin.calls or "repeat" in data or "from" in data:
        return ()
    return (Edit(Span(span.line, 1, span.line, 1), f"{head}{text}\n"),)


def _image(refusal: Refusal, survey: Survey, node: Node, came_from: str) -> Suggestion | None:
    """Return the suggestion of a square image with as many elements as the vector that enters the network."""
    data, length = survey.data, refusal.inputs[0][0]
    if data is None or data.get("input") is None or came_from in survey.described:
        return None
    for channels in (1, 3):
        side = isqrt(length // channels)
        if channels * side * side == length and side > 1:
            wanted: Shape = (channels, side, side)
            try:
                shape, unfit = Retrace(survey, node).shape({came_from: wanted})
            except (LayerError, Exhausted):
                return None
            edits = () if unfit else (Edit(survey.stretch(data, "input"), f"input: {sizes_text(wanted)}"),)
            text = f"`input: {sizes_text(wanted)}` is an image of as many elements"
            return None if unfit else Suggestion(f"{text}, and gives {sizes_text(shape)} here", edits, shape)
    return None


def _linear(node: Node) -> Suggestion | None:
    """Return the layer that does for a vector what a convolution does for an image."""
    if not isinstance(node.layer, Conv | LocallyConnected):
        return None
    return Suggestion(f"`{{linear: {node.layer.out_channels}}}` takes a vector")
