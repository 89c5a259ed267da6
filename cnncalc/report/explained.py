"""The report of an explanation: its sections of worked lines, each line with its rule beside it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from cnncalc.explain import Explanation

PAGE = "rules: the headings of docs/counting.md"
INDENT, HANGING, GAP = "  ", "      ", "  "


def explained_text(explanation: Explanation, width: int | None = None) -> str:
    """Return an explanation as plain text: each line, then its rule; folded to a width if there is one.

    >>> import cnncalc
    >>> from cnncalc.explain import explained
    >>> text = explained_text(explained(cnncalc.analyze(cnncalc.load("zoo:lecture_ten_filters")), "conv1"))
    >>> text.splitlines()[5]
    '  W2 = (W1 - F + 2P)/S + 1 = (32 - 5 + 2*2)/1 + 1 = 32  #sizes'
    """
    lines = [heading(explanation), *([flow(explanation)] if width is None else wrap(flow(explanation), width))]
    for section in explanation.sections:
        lines += ["", section.title]
        for line in section.lines:
            lines += folded(line.text, anchor(line.rule), width)
    if explanation.followers:
        lines += ["", following(explanation)]
    return "\n".join([*lines, "", PAGE]) + "\n"


def folded(text: str, rule: str, width: int | None) -> list[str]:
    """Return a line with its rule at the right, in as many lines as the width needs; no word is cut.

    >>> folded("D2 = K = 10", "#sizes", 30)
    ['  D2 = K = 10           #sizes']
    """
    if width is None:
        return [f"{INDENT}{text}{GAP}{rule}"]
    room = max(width - len(rule) - len(GAP), 20)
    first, *rest = wrap(
        text, room, initial_indent=INDENT, subsequent_indent=HANGING, break_long_words=False, break_on_hyphens=False
    )
    return [f"{first:{room}}{GAP}{rule}", *rest]


def anchor(rule: object) -> str:
    """Return a rule as it stands beside its line."""
    return f"#{str(rule).partition('#')[2]}"


def heading(explanation: Explanation) -> str:
    """Return the layer in one line: its path, its op and its settings."""
    said = explanation.settings
    return printable(f"{explanation.path}: {explanation.op}{f' {said}' if said and said != explanation.op else ''}")


def flow(explanation: Explanation) -> str:
    """Return what goes in and what comes out."""
    inputs = ", ".join(f"{name} {shape(sizes)}" for name, sizes in explanation.inputs)
    return printable(f"{inputs} -> {shape(explanation.shape)}")


def following(explanation: Explanation) -> str:
    """Return which nodes stand on the same line of the file, after this one."""
    names, several = " and ".join(explanation.followers), len(explanation.followers) > 1
    return printable(f"on the same line: {names}, {'layers' if several else 'a layer'} to be explained by that name")
