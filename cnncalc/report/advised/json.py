"""The advice for programs: schema 1, described in docs/advise.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cnncalc import __version__
from cnncalc.analysis import PROFILE
from cnncalc.report.advised.words import headline
from cnncalc.report.json import field

if TYPE_CHECKING:
    from cnncalc.advise.advice import Advice, Piece
    from cnncalc.advise.applying import Applied

SCHEMA = 1


def advised_json(advice: Advice, top: int, done: Applied | None = None, path: str = "") -> str:
    """Return the advice as JSON."""
    graph = advice.network.analysis.graph
    report = {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": graph.name,
        "profile": PROFILE,
        "totals": advice.network.totals._asdict(),
        "looked_at": advice.convolutions + advice.linear,
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
