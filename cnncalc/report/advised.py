"""The report of advice: each piece with what it saves, the lines as they will stand, and what stays the same."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from cnncalc import __version__
from cnncalc.analysis import PROFILE
from cnncalc.checks.saving import percent
from cnncalc.errors import printable
from cnncalc.report.json import field
from cnncalc.report.markdown import escaped
from cnncalc.report.units import field_part, shape

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice, Piece, Rewritten
    from cnncalc.advise.applying import Applied
    from cnncalc.advise.proposal import LeftOut
    from cnncalc.analysis import Totals

SCHEMA = 1
MEASURES = (("params", "params"), ("MACs", "macs"), ("activations", "activations"))
MOST_LINES, MOST_LEFT, MOST_CHANGES = 5, 4, 24
RULE = (
    "The order is by the larger of the shares of the network's params and of its MACs that a piece saves; one that "
    "saves less than 1% of both is not told. Each makes another function of the network: train again."
)
SIGNS = {"+": "green", "-": "red"}

Piece_ = tuple[str, str, int]
"""A paragraph: its style, its text, and how far what wraps is indented; -1 for what is never wrapped."""


def print_advised(advice: Advice, top: int, console: Console | None) -> str:
    """Print the advice on a console in its width; without one, return it as plain text in its natural width."""
    lines = []
    for style, text, indent in told(advice, top):
        if console is None:
            lines.append(text)
        elif indent < 0 or len(text) <= console.width:
            console.print(Text(text, style=style), soft_wrap=True)
        else:
            gap = " " * indent
            wrapped = textwrap.wrap(text, console.width, subsequent_indent=gap, break_on_hyphens=False)
            console.print(Text("\n".join(wrapped), style=style), soft_wrap=True)
    return "".join(f"{line}\n" for line in lines)


def told(advice: Advice, top: int) -> Iterator[Piece_]:
    """Yield the whole report in paragraphs."""
    yield "bold", head(advice), 0
    for number, piece in enumerate(advice.pieces[:top], start=1):
        yield "", "", 0
        yield "bold cyan", f"{number}. {headline(piece)}", 3
        yield from _piece(piece)
    yield "", "", 0
    if advice.pieces[top:]:
        yield "", f"and {len(advice.pieces) - top} more: --top {len(advice.pieces)} shows all", 0
    for name, why in nothing(advice):
        yield "", f"no {name}: {why}", 3
    if advice.pieces:
        yield "dim", RULE, 0


def head(advice: Advice) -> str:
    """Return what was looked at, and what it costs."""
    graph, totals = advice.network.analysis.graph, advice.network.totals
    name = printable(graph.name or graph.file)
    images = ", ".join(shape(s) if key == "input" else f"{key} {shape(s)}" for key, s in graph.inputs.items())
    numbers = ", ".join(f"{getattr(totals, key):,} {label}" for label, key in MEASURES)
    if advice.pieces:
        return f"{name}, input {images}: {numbers}"
    looked = f"{advice.looked} layer{'' if advice.looked == 1 else 's'}, convolutions and linear ones, looked at"
    return f"{name}, input {images}: nothing to advise ({looked}; {numbers})"


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


def _piece(piece: Piece) -> Iterator[Piece_]:
    rows = totals_rows(piece.before, piece.after)
    widths = [max(len(row[at]) for row in rows) for at in (1, 2, 3)]
    for label, was, would, by in rows:
        text = f"   {label:<11}  {was:>{widths[0]}} -> {would:>{widths[1]}}  {by:>{widths[2]}}"
        yield "green" if by.startswith("-") else "yellow" if by.startswith("+") else "", text, -1
    for one in piece.lines[:MOST_LINES]:
        yield "", f"   {line_text(one)}", 5
    if more := len(piece.lines) - MOST_LINES:
        yield from [("", f"   and {more} more line{'s' if more > 1 else ''}", 5)] if more > 0 else []
    for sign, number, text in piece.changes[:MOST_CHANGES]:
        yield SIGNS[sign], f"   {sign} {number:>4}  {printable(text)}", 12
    more = len(piece.changes) - MOST_CHANGES + piece.more_changes
    if more > 0:
        yield "", f"   and {more} more changed lines", 5
    for label, text in remarks(piece):
        yield "", f"   {label}: {text}", 5


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
        both = " and ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))
        yield "instead of", f"{both}, which rewrite{'s' if len(numbers) == 1 else ''} lines of it too"


def proof_text(piece: Piece) -> str:
    """Return what stays the same, with the numbers."""
    analysis, one = piece.proof.analysis, piece.lines[0]
    fields = {facts.node.path: facts.field for facts in analysis.facts}
    outputs = [f"{shape(sizes)}, field {field_text(fields.get(path, ()))}" for path, sizes in analysis.outputs.items()]
    end = f"line {one.line} ends in {shape(one.end.shape)}, field {field_text(one.end.field)}"
    return (
        f"proved on the rewritten spec: {end}; the output is {'; '.join(outputs[:3])}; "
        f"{piece.compared} tensors have kept shape and field"
    )


def field_text(axes: Any) -> str:  # noqa: ANN401 - a Field
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
    return [*texts, f"and {more} more line{'s' if more > 1 else ''}"] if more > 0 else texts


def nothing(advice: Advice) -> Iterator[tuple[str, str]]:
    """Yield the kinds that have no piece, with why."""
    for piece in advice.small:
        yield piece.kind, "would save less than 1% of the params and of the MACs"
    for name, left in advice.left:
        yield name, "; ".join(left_texts(left)) if left else "no layer that it is about"


def applied_text(done: Applied, path: str) -> str:
    """Return what was written, with the totals before and after."""
    lines = [f"{path}: written with {' and '.join(map(str, done.taken))}; loaded and analysed again:"]
    for label, was, would, by in totals_rows(done.before, done.after):
        lines.append(f"  {label} {was} -> {would}, {by}")
    lines += [f"  its expect was made true again: {printable(one)}" for one in done.claims]
    return "".join(f"{line}\n" for line in lines)


def advised_markdown(advice: Advice, top: int) -> str:
    """Return the advice as Markdown, for a pull request or a page."""
    lines = [f"**{escaped(head(advice))}**"]
    for number, piece in enumerate(advice.pieces[:top], start=1):
        lines += [
            "",
            f"### {number}. {escaped(headline(piece))}",
            "",
            "| | before | after | |",
            "|---|---:|---:|---:|",
        ]
        lines += [f"| {' | '.join(row)} |" for row in totals_rows(piece.before, piece.after)]
        lines += ["", *(f"- {escaped(line_text(one))}" for one in piece.lines[:MOST_LINES])]
        lines += ["", "```diff", *(f"{sign} {printable(text)}" for sign, _, text in piece.changes), "```", ""]
        lines += [f"- {label}: {escaped(text)}" for label, text in remarks(piece)]
    lines += ["", *(f"- no {name}: {escaped(why)}" for name, why in nothing(advice))]
    lines += ["", RULE] if advice.pieces else []
    return "\n".join(lines).rstrip("\n") + "\n"


def advised_json(advice: Advice, top: int, done: Applied | None = None, path: str = "") -> str:
    """Return the advice as JSON."""
    graph = advice.network.analysis.graph
    report = {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": graph.name,
        "profile": PROFILE,
        "totals": advice.network.totals._asdict(),
        "looked_at": advice.looked,
        "advice": [_data(number, piece) for number, piece in enumerate(advice.pieces[:top], start=1)],
        "too_small": [piece.kind for piece in advice.small],
        "left": {name: [one._asdict() for one in left] for name, left in advice.left},
    }
    if done is not None:
        report["applied"] = {
            "file": path,
            "advice": list(done.taken),
            "totals": done.after._asdict(),
            "expect": list(done.claims),
        }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def _data(number: int, piece: Piece) -> dict[str, Any]:
    outputs = piece.proof.analysis.outputs
    return {
        "number": number,
        "kind": piece.kind,
        "headline": headline(piece),
        "before": piece.before._asdict(),
        "after": piece.after._asdict(),
        "lines": [
            {
                "line": one.line,
                "layer": one.path,
                "layers": one.layers,
                "rewritten": one.rewritten,
                "before": one.before._asdict(),
                "after": one.after._asdict(),
                "output": list(one.end.shape),
                "receptive_field": field(one.end.field),
            }
            for one in piece.lines
        ],
        "changes": [{"sign": sign, "line": at, "text": text} for sign, at, text in piece.changes],
        "outputs": {path: list(sizes) for path, sizes in outputs.items()},
        "compared": piece.compared,
        "left": [one._asdict() for one in piece.left],
        "note": piece.note,
        "accuracy": piece.accuracy,
        "excludes": list(piece.excludes),
    }
