"""What ``cnncalc conv`` writes: how its input was read, then the layer explained, or what fits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.cli.options import Format
from cnncalc.cli.order import Reading
from cnncalc.layers.base import Shape, sizes_text

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.solve.proof import Solved


class Wanted(NamedTuple):
    """What must come out: the spatial sizes in a spec's order, and the number of channels if that is said too."""

    sizes: Shape
    channels: int | None = None

    def of(self, shape: Shape) -> Shape:
        """Return what of an output shape is compared."""
        return shape[1:] if self.channels is None else shape

    @property
    def shape(self) -> Shape:
        """What must come out as one shape."""
        return self.sizes if self.channels is None else (self.channels, *self.sizes)

    def verdict(self, shape: Shape, read: Reading) -> str:
        """Return whether an output shape is the wanted one, in words."""
        found, wanted = (read.text(one) for one in (self.of(shape), self.shape))
        return f"yes: {found} comes out" if found == wanted else f"no: {found} comes out, and --output is {wanted}"


def explain(analysis: Analysis, read: Reading, wanted: Wanted | None, format: Format, path: Path | None) -> bool:
    """Write what comes out of a layer, and how; return whether it is what must come out."""
    from cnncalc.explain import explained
    from cnncalc.report.destination import send
    from cnncalc.report.explained import explained_json, explained_markdown, explained_text, print_explained
    from cnncalc.report.table import terminal

    (facts,) = analysis.facts
    found = explained(analysis, facts.node.path)
    fits = wanted is None or wanted.of(facts.shape) == wanted.shape
    lines = [*read.lines(facts.shape), *([wanted.verdict(facts.shape, read)] if wanted else [])]
    if format is Format.json:
        said = {"wanted": list(wanted.shape), "as_wanted": fits} if wanted else {}
        send(json_text(read.data(facts.shape) | said | json.loads(explained_json(found))), path)
    elif format is Format.markdown:
        send(listed(lines) + "\n" + explained_markdown(found), path)
    elif (console := terminal()) and path is None:
        for line in lines:
            console.print(line, style=("green" if fits else "red") if wanted and line is lines[-1] else "")
        console.print()
        print_explained(found, console)
    else:
        send("\n".join([*lines, ""]) + "\n" + explained_text(found), path)
    return fits


def show(found: Solved, read: Reading, has_channels: bool, format: Format, path: Path | None) -> None:
    """Write what fits; shapes with their channels where the filters were given."""
    from cnncalc.report.destination import send
    from cnncalc.report.solved import print_solved, solved_data, solved_markdown, solved_text
    from cnncalc.report.table import terminal

    rank = len(read.shape) - 1

    def shown(shape: Shape) -> str:
        return read.text(shape) if has_channels else sizes_text(read.order.turned(shape[1:]))

    header = f"output ({read.order.letters(rank, channels=has_channels)})"
    if format is Format.json:
        send(json_text(read.data() | solved_data(found)), path)
    elif format is Format.markdown:
        send(listed(read.lines()) + solved_markdown(found, shown, header), path)
    elif (console := terminal()) and path is None:
        console.print("\n".join(read.lines()))
        print_solved(found, shown, header, console)
    else:
        send("\n".join(read.lines()) + "\n" + solved_text(found, shown, header), path)


def listed(lines: Iterable[str]) -> str:
    r"""Return lines as a list in Markdown.

    >>> listed(["a", "b"])
    '- a\n- b\n'
    """
    return "".join(f"- {line}\n" for line in lines)


def json_text(report: dict[str, Any]) -> str:
    """Return a report as JSON."""
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"
