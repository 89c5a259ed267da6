"""What would make the operands of a join agree: a layer more on one of them, or another padding on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnncalc.checks.base import Edit, Label, Suggestion
from cnncalc.checks.remedy import edited, pairs
from cnncalc.checks.retrace import Exhausted, Retrace
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import LayerError, Span
from cnncalc.graph import Node
from cnncalc.layers.base import Layer, Shape, output_shape, sizes_text
from cnncalc.layers.window import Window
from cnncalc.spec.source import Sequenced

SHOWN = 8
"""How many operands are shown at most."""
_PLAIN = ("kernel", "stride", "dilation", "groups", "rounding")


def operands(refusal: Refusal, survey: Survey) -> tuple[Label, ...]:
    """Return a label for each operand, at the line that makes it."""
    node = refusal.node
    assert node is not None
    found = dict.fromkeys(zip(node.inputs, refusal.inputs, strict=True))
    return tuple(Label(survey.where(path), f"{path}: {sizes_text(shape)}") for path, shape in [*found][:SHOWN])


def written(survey: Survey, node: Node) -> Sequenced | None:
    """Return the operands of a join as its line has them, if each is one tensor."""
    data = survey.mappings.get(node.origin.span)
    items = data.get(node.op) if data is not None else None
    if not isinstance(items, Sequenced) or len(items) != len(node.inputs):
        return None
    return None if any(isinstance(item, str) and "*" in item for item in items) else items


def aside(survey: Survey, node: Node, index: int) -> bool:
    """Return whether an operand is a shortcut: nothing, or a tensor from further up."""
    items = written(survey, node)
    return items is not None and (items[index] == [] or (isinstance(items[index], str) and items[index] != "prev"))


def extended(survey: Survey, node: Node, index: int, layer: str) -> tuple[Edit, ...]:
    """Return the edit that puts a layer at the end of an operand; none where the line does not show it."""
    data, items = survey.mappings.get(node.origin.span), written(survey, node)
    if data is None or items is None or node.origin.calls or "repeat" in data or "from" in data:
        return ()
    item, span = items[index], items.items_at[index]
    text = survey.lines[span.line - 1][span.column - 1 : span.end_column - 1] if span.line == span.end_line else ""
    if isinstance(item, str):
        whole = survey.lines[span.line - 1][span.column - 2 : span.end_column]
        if text != item or whole[0] in "'\"":
            return ()
        return (Edit(span, f"[{{{layer}}}]" if item == "prev" else f"[{{{layer}, from: {item}}}]"),)
    if item == []:
        return (Edit(span, f"[{{{layer}}}]"),) if text.startswith("[") and text.endswith("]") else ()
    end = survey.lines[span.end_line - 1][span.end_column - 2 : span.end_column - 1]
    start = survey.lines[span.line - 1][span.column - 1 : span.column]
    if (start, end) != ("[", "]"):
        return ()
    last = items[index].items_at[-1]
    rest = survey.lines[span.end_line - 1][last.end_column - 1 : span.end_column - 2]
    if last.end_line != span.end_line or "," in rest:
        return ()
    at = Span(span.end_line, span.end_column - 1, span.end_line, span.end_column - 1)
    return (Edit(at, f", {{{layer}}}"),)


def added(
    refusal: Refusal, survey: Survey, layers: Mapping[int, tuple[str, Layer]], *, whole: bool = True
) -> Suggestion | None:
    """Return the suggestion of a layer more on some of the operands, by their index; None if they then do not agree.

    Each layer is given as its line has it; ``whole`` is false where the line alone may mean another layer.
    """
    node = refusal.node
    assert node is not None
    shapes = list(refusal.inputs)
    edits: list[Edit] = []
    try:
        for index, (text, layer) in layers.items():
            shapes[index] = output_shape(layer, [shapes[index]])
            mend = extended(survey, node, index, text)
            whole = whole and bool(mend)
            edits += mend
        shape = output_shape(node.layer, shapes)
    except LayerError:
        return None
    says = " and ".join(f"`{{{text}}}` after {node.inputs[index]}" for index, (text, _) in layers.items())
    return Suggestion(f"{says} gives {sizes_text(shape)}", tuple(edits) if whole else (), shape)


def padded(refusal: Refusal, survey: Survey, odd: Sequence[int], sizes: Sequence[int]) -> Suggestion | None:
    """Return the suggestion of the paddings that give some of the operands these sizes; None where no padding does."""
    node = refusal.node
    assert node is not None
    changed: dict[str, Layer] = {}
    edits: list[Edit] = []
    says = []
    whole = True
    for index in odd:
        made = survey.facts.get(survey.source(node._replace(inputs=node.inputs[index : index + 1])))
        if made is None or not isinstance(made.node.layer, Window):
            return None
        value, text = padding(made.node.layer, made.inputs[0], sizes) or (None, "")
        if value is None:
            return None
        if made.node.path in changed:
            continue
        changed[made.node.path] = made.node.layer.model_copy(update={"padding": value})
        mend = edited(survey, made.node, "padding", text)
        edits += mend
        whole = whole and bool(mend)
        says.append(f"`padding: {text}` on {made.node.path} (line {made.node.origin.span.line})")
    try:
        shape, unfit = Retrace(survey, node).shape({}, changed)
    except (LayerError, Exhausted):
        return None
    if unfit:
        return None
    return Suggestion(f"{' and '.join(says)} gives {sizes_text(shape)}", tuple(edits) if whole else (), shape)


def padding(layer: Window, source: Shape, sizes: Sequence[int]) -> tuple[object, str] | None:
    """Return the padding with which a window makes these sizes, as even on both sides as can be; None if none does.

    >>> from cnncalc.layers.conv import Conv
    >>> padding(Conv(out_channels=8, kernel=3), (3, 32, 32), (32, 31))
    (((1, 1), (0, 1)), '[[1, 1], [0, 1]]')
    """
    slides = layer.slides(source[1:])
    if len(slides) != len(sizes):
        return None
    found = []
    for slide, size in zip(slides, sizes, strict=True):
        total = (size - 1) * slide.stride + slide.reach - slide.size
        if total < 0:
            return None
        found.append((total // 2, total - total // 2))
    return pairs(found)


def defaults_matter(survey: Survey) -> bool:
    """Return whether the file's defaults would change what ``{conv: n}`` makes."""
    defaults = survey.data.get("defaults") if survey.data else None
    options = defaults.get("conv") if isinstance(defaults, Mapping) else None
    if not isinstance(options, Mapping):
        return False
    return any(name in options for name in _PLAIN) or options.get("padding", "half") not in ("half", "same", "valid", 0)
