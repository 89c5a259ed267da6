"""A convolution's line written as several: how the lines read, and the edits that put them there."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from cnncalc.checks.base import Edit, Suggestion
from cnncalc.checks.mending import setting
from cnncalc.checks.saving import Saving
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import above
from cnncalc.checks.words import axes_text, listing
from cnncalc.graph import Node
from cnncalc.layers.conv import Conv
from cnncalc.layers.fields import Padded, PerAxis

_ALONE = ("from", "when", "weights", "repeat")  # a line with one of these is not taken apart
_SHARED = ("rounding", "bias", "norm", "act")  # what all lines in place of one have of it


def suggested(saving: Saving, survey: Survey) -> Suggestion:
    """Return the lines in place of a convolution's own, with the edits where it stands alone on a line of a list."""
    node, layers = saving.one.node, saving.layers
    behind = [role for role in ("norm", "act") if f"{node.path}.{role}" in survey.facts]
    each = f", each with its {' and '.join(behind)}" if behind else ""
    lines = [f"`{line(layer, times)}`" for layer, times in runs(layers)]
    several = " and ".join(filter(None, (", ".join(lines[:-1]), lines[-1])))
    return Suggestion(f"{several} in its place{each}", _edits(node, layers, survey), saving.after.shape)


def runs(layers: Sequence[Conv]) -> list[tuple[Conv, int]]:
    """Return layers with how often each comes in a row."""
    return [(layer, len(list(group))) for layer, group in groupby(layers)]


def line(layer: Conv, times: int = 1, *, outright: bool = False, more: str = "") -> str:
    """Return a convolution as a line of a spec; ``outright`` also says what is at its default.

    >>> line(Conv(out_channels=16, kernel=3, padding=1), times=2)
    '{conv: 16, kernel: 3, padding: 1, repeat: 2}'
    """
    parts = [f"conv: {layer.out_channels}"]
    for name, value, default, text in (
        ("kernel", layer.kernel, 1, sizes_said(layer.kernel)),
        ("stride", layer.stride, 1, sizes_said(layer.stride)),
        ("padding", layer.padding, 0, padding_said(layer.padding)),
    ):
        if outright or value != default:
            parts.append(f"{name}: {text}")
    if times > 1:
        parts.append(f"repeat: {times}")
    return f"{{{', '.join(parts)}{more}}}"


def sizes_said(value: PerAxis | None) -> str:
    """Return one number, or one for each axis, as a spec has it.

    >>> sizes_said((1, 7)), sizes_said(3)
    ('1x7', '3')
    """
    return axes_text(value) if isinstance(value, tuple) else str(value)


def padding_said(value: Padded) -> str:
    """Return a padding as a spec has it.

    >>> padding_said((0, 1)), padding_said(((0, 1), (1, 1)))
    ('[0, 1]', '[[0, 1], [1, 1]]')
    """
    if isinstance(value, tuple):
        pairs = [pair for pair in value if isinstance(pair, tuple)]
        return listing(pairs) if pairs else str(list(value))
    return str(value)


@lru_cache(maxsize=1)
def numbered(text: str) -> bool:
    """Return whether a file says conv1 or the like: a line more would give the layers below it other numbers.

    >>> numbered("- {add: [prev, conv1]}"), numbered("- {add: [prev, res]}")
    (True, False)
    """
    return re.search(r"\bconv\d", text) is not None


def _edits(node: Node, layers: Sequence[Conv], survey: Survey) -> tuple[Edit, ...]:
    """Return the edits that put the first lines above the convolution's own and make that the last of them."""
    data = survey.mappings.get(node.origin.span)
    if data is None or survey.data is None or node.origin.calls or not set(data).isdisjoint(_ALONE):
        return ()
    if numbered(survey.text):
        return ()
    spans = {name: survey.stretch(data, name) for name in _SHARED if name in data}
    if any(span.line != span.end_line for span in spans.values()):
        return ()
    texts = [survey.lines[span.line - 1][span.column - 1 : span.end_column - 1] for span in spans.values()]
    more = "".join(f", {text}" for text in texts)
    *first, last = layers
    written = [line(layer, times, outright="defaults" in survey.data, more=more) for layer, times in runs(first)]
    inserted = [above(survey, node, text) for text in written]
    changes = (
        [
            setting(survey, node, name, text)
            for name, present, wanted, text in (
                ("kernel", node.layer.kernel, last.kernel, sizes_said(last.kernel)),
                ("stride", node.layer.stride, last.stride, sizes_said(last.stride)),
                ("padding", node.layer.padding, last.padding, padding_said(last.padding)),
            )
            if present != wanted
        ]
        if isinstance(node.layer, Conv)
        else [()]
    )
    if not all(inserted) or not all(changes):
        return ()
    top = Edit(inserted[0][0].span, "".join(edit.text for (edit,) in inserted))
    return (top, *(edit for each in changes for edit in each))
