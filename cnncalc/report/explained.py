"""The report of an explanation: its sections of worked lines, each line with its rule beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from cnncalc import __version__
from cnncalc.errors import printable
from cnncalc.report.units import shape

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.explain import Explanation, Rule

SCHEMA = 1
INDENT, HANGING, GAP = "  ", "      ", "  "
STILL = "\u00a0"
"""A space at which no line is folded."""
REMARK = re.compile(r"(.*?)((?:: |, | \((?=[a-z])).*)?$")
"""The last step of a statement, and what is remarked after it."""


def explained_text(explanation: Explanation, width: int | None = None) -> str:
    """Return an explanation as plain text: each line, then its rule; folded to a width if there is one.

    >>> import cnncalc
    >>> from cnncalc.explain import explained
    >>> text = explained_text(explained(cnncalc.analyze(cnncalc.load("zoo:lecture_ten_filters")), "conv1"))
    >>> text.splitlines()[5]
    '  W2 = (W1 - F + 2P)/S + 1 = (32 - 5 + 2*2)/1 + 1 = 32  #sizes'
    """
    return "".join(f"{text}{GAP if rule else ''}{rule}\n" for text, rule, _ in rows(explanation, width))


def print_explained(explanation: Explanation, console: Console) -> None:
    """Print an explanation on a console, in its width."""
    from rich.text import Text

    for text, rule, style in rows(explanation, console.width):
        console.print(Text(text, style=style).append(f"{GAP}{rule}" if rule else "", style="dim"), soft_wrap=True)


def rows(explanation: Explanation, width: int | None) -> Iterator[tuple[str, str, str]]:
    """Yield each line of the report: its text, its rule if it has one, and its style in a terminal."""
    yield from unruled(heading(explanation), width, "bold")
    yield from unruled(flow(explanation), width, "")
    room = None if width is None else text_width(explanation, width)
    for section in explanation.sections:
        yield "", "", ""
        yield section.title, "", "bold cyan"
        for line in section.lines:
            yield from folded(line.text, line.rule, room)
    yield "", "", ""
    if explanation.followers:
        yield from unruled(following(explanation), width, "")
    yield from unruled("# is a heading of docs/counting.md", width, "dim")


def text_width(explanation: Explanation, width: int) -> int:
    """Return how wide the lines can be with their rules beside them, and need be."""
    lines = [line for section in explanation.sections for line in section.lines]
    rules = max(len(line.rule.value) for line in lines) + len(f"{GAP}#")
    return max(20, min(max(len(line.text) for line in lines) + len(INDENT), width - rules))


def unruled(text: str, width: int | None, style: str) -> Iterator[tuple[str, str, str]]:
    """Yield a line that follows no rule."""
    for part in [text] if width is None else wrap(text, width, subsequent_indent=INDENT):
        yield part, "", style


def folded(text: str, rule: Rule, room: int | None) -> Iterator[tuple[str, str, str]]:
    """Yield a line with its rule at the right, in as many lines as the room needs; steps stay together."""
    anchor, style = f"#{rule.value}", "yellow" if rule.name == "UNKNOWN" else ""
    if room is None:
        yield f"{INDENT}{text}", anchor, style
        return
    glued = steps_together(text, room - len(HANGING))
    first, *rest = wrap(glued, room, initial_indent=INDENT, subsequent_indent=HANGING, break_on_hyphens=False)
    yield f"{first.replace(STILL, ' '):{room}}", anchor, style
    for part in rest:
        yield part.replace(STILL, " "), "", style


def steps_together(text: str, room: int) -> str:
    """Return a line that folds after a semicolon; where a statement is longer than the room, before an equals sign.

    >>> steps_together("W2 = 5 + 1 = 6; D2 = 10", 16).replace(STILL, "_")
    'W2_=_5_+_1_=_6; D2_=_10'
    >>> steps_together("W2 = 5 + 1 = 6: as it was before", 12).replace(STILL, "_")
    'W2 =_5_+_1 =_6: as it was before'
    """
    parts = []
    for statement in text.split("; "):
        before, colon, rest = statement.partition(": ") if len(statement) >= room else ("", "", statement)
        if colon and " = " not in before and " = " in rest:
            parts.append(f"{before}: {steps_of(rest, room)}")
        else:
            parts.append(steps_of(statement, room))
    return "; ".join(parts)


def steps_of(statement: str, room: int) -> str:
    """Return one statement that folds before an equals sign, and in its remark, if it is longer than the room."""
    if len(statement) < room:
        return still(statement)
    *steps, last = statement.replace(" = ", "\n= ").split("\n")
    if not steps:
        return statement
    worked, remark = REMARK.match(last).groups("")  # type: ignore[union-attr] # it matches any text
    return " ".join(map(still, [*steps, worked])) + remark


def still(text: str) -> str:
    """Return a text at whose spaces no line is folded."""
    return text.replace(" ", STILL)


def explained_markdown(explanation: Explanation) -> str:
    """Return an explanation as Markdown: a list for each section, with a link to the rule after each line."""
    lines = [f"## {heading(explanation)}", "", flow(explanation)]
    for section in explanation.sections:
        lines += ["", f"### {section.title}", ""]
        lines += [f"- `{line.text}` ([{line.rule.value}]({line.rule}))" for line in section.lines]
    if explanation.followers:
        lines += ["", following(explanation)]
    return "\n".join(lines).replace("<", "&lt;") + "\n"


def explained_json(explanation: Explanation) -> str:
    """Return an explanation as JSON."""
    report = {
        "cnncalc": __version__,
        "schema": SCHEMA,
        "layer": explanation.path,
        "op": explanation.op,
        "settings": explanation.settings,
        "inputs": [{"name": name, "shape": list(sizes)} for name, sizes in explanation.inputs],
        "output": list(explanation.shape),
        "at": list(explanation.at),
        "sections": [
            {
                "title": section.title,
                "lines": [{"text": line.text, "rule": str(line.rule)} for line in section.lines],
            }
            for section in explanation.sections
        ],
        "same_line": list(explanation.followers),
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


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
    return printable(
        f"on the same line of the file, with explanations of their own: {', '.join(explanation.followers)}"
    )
