"""Edits of a layer's own line: another value for an option, or an option added, in braces or on lines of its own."""

import re
from collections.abc import Sequence

from cnncalc.checks.base import Edit
from cnncalc.checks.survey import Survey
from cnncalc.errors import Span
from cnncalc.graph import Node
from cnncalc.spec.source import Mapping


def setting(survey: Survey, node: Node, option: str, value: str) -> tuple[Edit, ...]:
    """Return the edits that give a layer's option a value; none where the line is not to be found, or serves several.

    A line in a block or with a repeat is several layers: what helps one may break another.
    """
    data = survey.mappings.get(node.origin.span)
    if data is None or node.origin.calls or "repeat" in data:
        return ()
    if option in data:
        return (Edit(survey.stretch(data, option), f"{option}: {value}"),)
    return (adding(survey, data, f"{option}: {value}"),)


def adding(survey: Survey, data: Mapping, text: str) -> Edit:
    """Return the edit that adds an option to a layer, after the last one that stands there."""
    last = max((survey.stretch(data, name) for name in data), key=lambda span: span[2:])
    at = Span(last.end_line, last.end_column, last.end_line, last.end_column)
    if survey.lines[data.span.line - 1][data.span.column - 1 : data.span.column] == "{":
        return Edit(at, f", {text}")
    first = min((survey.stretch(data, name) for name in data), key=lambda span: span[:2])
    end = len(survey.lines[first.line - 1]) + 1
    if first.end_line == first.line:  # below the first option, at the end of its line, comment included
        indent = " " * (first.column - 1)
        return Edit(Span(first.line, end, first.line, end), f"\n{indent}{text}")
    end = len(survey.lines[last.end_line - 1]) + 1
    return Edit(Span(last.end_line, end, last.end_line, end), f"\n{' ' * (first.column - 1)}{text}")


def resized(survey: Survey, node: Node, sizes: Sequence[int]) -> tuple[Edit, ...]:
    """Return the edits that give the network's input these spatial sizes, if it is what the layer reads."""
    data, graph = survey.data, survey.graph
    if data is None or graph is None or node.inputs[0] not in graph.inputs or data.get("input") is None:
        return ()
    shape = "x".join(map(str, (graph.inputs[node.inputs[0]][0], *sizes)))
    return (Edit(survey.stretch(data, "input"), f"input: {shape}"),)


def applied(text: str, edits: Sequence[Edit]) -> str:
    r"""Return a text after edits that do not overlap; places count lines and columns from 1.

    >>> applied("a: 1\nb: 2\n", [Edit(Span(2, 4, 2, 5), "30")])
    'a: 1\nb: 30\n'
    """
    starts = [0, *(found.end() for found in re.finditer("\r\n|\r|\n", text))]
    for edit in sorted(set(edits), key=lambda edit: edit.span[:2], reverse=True):
        start, end = (
            starts[edit.span.line - 1] + edit.span.column - 1,
            starts[edit.span.end_line - 1] + edit.span.end_column - 1,
        )
        text = text[:start] + edit.text + text[end:]
    return text
