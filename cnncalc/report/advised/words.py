"""What advice is told in: its head, its pieces line by line, and what was left and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.advise import kind
from cnncalc.advise.amounts import joined
from cnncalc.checks.saving import percent
from cnncalc.checks.words import counted
from cnncalc.errors import printable
from cnncalc.field import Field
from cnncalc.report.units import field_part, shape

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice, Piece, Rewritten
    from cnncalc.advise.applying import Applied
    from cnncalc.advise.proposal import LeftOut
    from cnncalc.analysis import Totals

MEASURES = (("params", "params"), ("MACs", "macs"), ("activations", "activations"))
MOST_LEFT = 4
RULE = (
    "The order is by the larger of the shares of the network's params and of its MACs that a piece saves; one that "
    "saves less than 1% of both is not told. Each makes another function of the network: train again."
)


def head(advice: Advice) -> str:
    """Return what was looked at, and what it costs."""
    graph, totals = advice.network.analysis.graph, advice.network.totals
    name = printable(graph.name or graph.file)
    images = ", ".join(shape(s) if key == "input" else f"{key} {shape(s)}" for key, s in graph.inputs.items())
    numbers = ", ".join(f"{getattr(totals, key):,} {label}" for label, key in MEASURES)
    if advice.pieces:
        return f"{name}, input {images}: {numbers}"
    both = f"{counted(advice.convolutions, 'convolution')} and {counted(advice.linear, 'linear layer')}"
    return f"{name}, input {images}: nothing to advise (looked at {both}; {numbers})"


def headline(piece: Piece) -> str:
    """Return a piece in one line; of pooling with the linear layer's own numbers."""
    if piece.kind != "pooling":
        return printable(piece.headline)
    before, after = (sum(getattr(one, when).params for one in piece.lines) for when in ("before", "after"))
    share = percent(before - after, piece.before.params)
    which = "that layer" if len(piece.lines) == 1 else "these layers"
    return printable(f"{piece.headline}: {before:,} -> {after:,} params of {which}, {share} of the network's")


def change(before: int, after: int) -> str:
    """Return by how much a number changes.

    >>> change(200, 150), change(200, 300), change(7, 7)
    ('-25%', '+50%', 'the same')
    """
    if before == after:
        return "the same"
    share = percent(after - before, before)
    return share if share.startswith("-") else f"+{share}"


def totals_rows(before: Totals, after: Totals) -> list[tuple[str, str, str, str]]:
    """Return params, MACs and activations before and after, with the change."""
    pairs = [(label, getattr(before, key), getattr(after, key)) for label, key in MEASURES]
    return [(label, f"{was:,}", f"{would:,}", change(was, would)) for label, was, would in pairs]


def line_text(one: Rewritten) -> str:
    """Return a rewritten line with its own saving."""
    which = printable(one.path)
    if one.layers > 1:
        which += f" and {one.rewritten - 1} more" if one.rewritten > 1 else ""
        one_of = ", one" if one.rewritten == 1 else ""
        which += f"{one_of} of its {one.layers} layers" if one.rewritten < one.layers else ""
    parts = [
        f"{getattr(one.before, key):,} -> {getattr(one.after, key):,} {label} "
        f"({change(getattr(one.before, key), getattr(one.after, key))})"
        for label, key in MEASURES[:2]
    ]
    return f"line {one.line}, {which}: {', '.join(parts)}"


def remarks(piece: Piece) -> Iterator[tuple[str, str]]:
    """Yield what there is to say beneath the numbers, each with its label."""
    yield "the same", proof_text(piece)
    if piece.note:
        yield "note", piece.note
    for text in left_texts(piece.left):
        yield "left", text
    yield "accuracy", piece.accuracy
    if piece.excludes:
        numbers = [str(number) for number in piece.excludes]
        yield "instead of", f"{joined(numbers)}, which rewrite{'s' if len(numbers) == 1 else ''} lines of it too"


def proof_text(piece: Piece) -> str:
    """Return what stays the same, with the numbers."""
    analysis, one = piece.proof.analysis, piece.lines[0]
    fields = {facts.node.path: facts.field for facts in analysis.facts}
    outputs = [f"{shape(sizes)}, field {field_text(fields.get(path, ()))}" for path, sizes in analysis.outputs.items()]
    end = f"line {one.line} ends in {shape(one.end.shape)}, field {field_text(one.end.field)}"
    return (
        f"proved on the rewritten spec: {end}; the output is {'; '.join(outputs[:3])}; "
        f"{counted(piece.compared, 'tensor')} {'has' if piece.compared == 1 else 'have'} kept shape and field"
    )


def field_text(axes: Field | None) -> str:
    """Return a receptive field in a few words."""
    if not axes:
        return "none"
    size = field_part(axes, "size")
    jump = field_part(axes, "jump")
    return f"{size} at steps of {jump}" if jump.replace("x", "") else size.split("x")[0]


def left_texts(left: Sequence[LeftOut]) -> list[str]:
    """Return what is left and why, the first few; how many more."""
    texts = []
    for one in left[:MOST_LEFT]:
        which = printable(one.path) + (f" and {one.layers - 1} more" if one.layers > 1 else "")
        texts.append(f"line {one.line}, {which}: {printable(one.why)}")
    more = len(left) - MOST_LEFT
    return [*texts, f"and {more} more"] if more > 0 else texts


def nothing(advice: Advice) -> Iterator[tuple[str, str]]:
    """Yield the kinds that have no piece, with why."""
    for piece in advice.small:
        yield piece.kind, "would save less than 1% of the params and of the MACs"
    for name, left in advice.left:
        yield name, "; ".join(left_texts(left)) if left else f"no {kind(name).about}"


def applied_lines(done: Applied, path: str) -> list[str]:
    """Return what was written, and beneath it the totals before and after and what its expect says now."""
    return [
        f"{path}: written with {joined([str(number) for number in done.taken])}; loaded and analysed again:",
        *(f"{label} {was} -> {would}, {by}" for label, was, would, by in totals_rows(done.before, done.after)),
        *(f"its expect was made true again: {printable(one)}" for one in done.claims),
    ]
