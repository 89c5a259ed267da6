"""The report of a verification: each node with a tick for what was measured as predicted, or with both numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc import __version__
from cnncalc.errors import printable
from cnncalc.report.units import binary, shape

if TYPE_CHECKING:
    from cnncalc.execute.verify import Verified

SCHEMA = 1
TICK, CROSS, NONE, BOUND = "✓", "✗", "·", "≤"
TITLES = {"shape": "output", "params": "params", "macs": "MACs", "memory": "memory", "field": "field"}


def print_verified(name: str, nodes: Sequence[Verified], kinds: Sequence[str], console: Console) -> None:
    """Print the table, what differs beneath it, and the verdict."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("layer", style="cyan", overflow="fold")
    for kind in kinds:
        table.add_column(TITLES[kind], justify="left" if kind == "shape" else "right", no_wrap=True)
    for one in nodes:
        table.add_row(Text(printable(one.facts.node.path)), *[_cell(one, kind) for kind in kinds])
    console.print(table)
    for one in nodes:
        for each in one.differences:
            line = f"{one.facts.node.path}: {TITLES[each.kind]}: predicted {each.predicted}, measured {each.measured}"
            console.print(Text(printable(line), style="red"), soft_wrap=True)
    if any(one.is_bound for one in nodes):
        console.print(Text(f"{BOUND} the field is a bound there: what is read must lie within it"))
    if "memory" in kinds:
        console.print(Text(peak_text(nodes)))
    console.print(Text(verdict(name, nodes, kinds), style="red" if any(one.differences for one in nodes) else "green"))


def peak_text(nodes: Sequence[Verified]) -> str:
    """Return the most memory that the tensors took, predicted and measured, in bytes of single precision."""
    predicted = max(nodes, key=lambda one: one.live)
    measured = max(nodes, key=lambda one: one.measured.live)
    said, seen = (printable(one.facts.node.path) for one in (predicted, measured))
    sizes = f"predicted {binary(4 * predicted.live)} at {said}, measured {binary(4 * measured.measured.live)} at {seen}"
    return f"peak memory of the tensors: {sizes}"


def verdict(name: str, nodes: Sequence[Verified], kinds: Sequence[str]) -> str:
    """Return the outcome in one line."""
    differing = sum(bool(one.differences) for one in nodes)
    looked = f", {sum(one.positions for one in nodes):,} positions" if "field" in kinds else ""
    what = ", ".join(TITLES[kind] for kind in kinds)
    if differing:
        return f"{name}: {differing} of {len(nodes)} nodes differ ({what}{looked})"
    return f"{name}: all of {len(nodes)} nodes measured as predicted ({what}{looked})"


def _cell(one: Verified, kind: str) -> Text:
    if kind == "field" and not one.positions:
        return Text(NONE, style="dim")
    mark = CROSS if any(each.kind == kind for each in one.differences) else TICK
    return Text(f"{_value(one, kind)} {mark}".strip(), style="red" if mark == CROSS else "")


def _value(one: Verified, kind: str) -> str:
    if kind == "shape":
        return shape(one.measured.shape)
    if kind == "field":
        return f"{BOUND} {one.positions}" if one.is_bound else f"{one.positions}"
    number = {"params": one.measured.params, "macs": one.measured.macs, "memory": one.measured.live}[kind]
    return f"{number:,}" if number else ""


def verified_json(name: str, nodes: Sequence[Verified], kinds: Sequence[str]) -> str:
    """Return the verification as JSON: what was measured of each node, and what differs."""
    report = {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "name": name,
        "kinds": list(kinds),
        "layers": [
            {
                "name": one.facts.node.path,
                "output": list(one.measured.shape),
                "params": one.measured.params,
                "macs": one.measured.macs,
                "live_elements": one.measured.live,
                "positions": one.positions,
                "field_is_bound": one.is_bound,
                "differences": [each._asdict() for each in one.differences],
            }
            for one in nodes
        ],
        "verified": not any(one.differences for one in nodes),
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"
