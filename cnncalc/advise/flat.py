"""A spec with other arguments than its file, or that extends another, as one text: what advice is on, and written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Analysis, analyze
from cnncalc.checks.base import Edit
from cnncalc.checks.mending import adding, applied
from cnncalc.checks.survey import Survey
from cnncalc.errors import UsageError, printable
from cnncalc.layers.base import sizes_text
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.extends import Followed, names_of
from cnncalc.spec.load import loads
from cnncalc.spec.source import Mapping


class Flat(NamedTuple):
    """The text of a spec with its arguments in it, its file, and what still comes from outside."""

    content: bytes
    file: str
    args: dict[str, Number]
    input: str | None


def flat(content: bytes, file: str, base: Followed, args: dict[str, Number], input: str | None) -> Flat:
    """Return the layers of a spec in one text, with arguments, input and claims of the files that led there.

    ``args`` and ``input`` are those from outside; the input stays there, and so do symbols that the text's input has
    and numbers that YAML cannot say.

    Raises SpecError where the spec is wrong, UsageError where its arguments cannot be written in the file.
    """
    written = base.data.get("args")
    inside = [name for name in base.args if isinstance(written, Mapping) and name in written]
    values = {name: text for name in inside if (text := number(base.args[name]))}
    outside = None if base.written else base.input
    rest = {name: value for name, value in base.args.items() if name not in values}
    if base.written:
        rest = {name: value for name, value in rest.items() if name in names_of(base.data)}
    if not base.heads and not values:
        return Flat(base.content, base.file, rest, outside)
    whole = analyze(loads(content, file=file, args=args, input=input))
    found = Survey(base.file, base.content.decode("utf-8-sig"))
    found.data = base.data
    edits = [Edit(found.stretch(written, name), f"{name}: {text}") for name, text in values.items()] if written else []
    for key, text in heading(base, whole):
        edits.append(
            Edit(found.stretch(base.data, key), f"{key}: {text}")
            if key in base.data
            else adding(found, base.data, f"{key}: {text}")
        )
    new = applied(found.text, edits).encode("utf-8", "surrogatepass")
    again = analyze(loads(new, file=base.file, args=rest, input=outside))
    if (again.totals, again.graph.inputs) != (whole.totals, whole.graph.inputs):
        raise UsageError(f"{printable(file)}: its arguments cannot be written in the file of its layers")
    return Flat(new, base.file, rest, outside)


def heading(base: Followed, whole: Analysis) -> Iterator[tuple[str, str]]:
    """Yield what a network states of itself at the top of its file, as YAML, where that is not what the file has."""
    graph, totals = whole.graph, whole.totals
    if base.heads:
        yield "name", json.dumps(graph.name, ensure_ascii=False)
        source = next((head.spec.source for head in base.heads if head.spec.source), None)
        if source:
            yield "source", json.dumps(source, ensure_ascii=False)
    if base.written:
        yield "input", sizes_text(graph.inputs["input"])
    said = {*(base.data.get("expect") or ()), *graph.expect} & {"params", "macs"}
    if "expect" in base.data or graph.expect:
        claims = {name: graph.expect[name].value if name in graph.expect else getattr(totals, name) for name in said}
        yield "expect", mapping(claims)
    if any(head.spec.budget for head in base.heads):
        yield "budget", mapping({name: claim.value for name, claim in graph.budget.items()})


def mapping(numbers: dict[str, object]) -> str:
    """Return numbers by name as YAML.

    >>> mapping({"params": 3, "macs": 4})
    '{macs: 4, params: 3}'
    """
    return f"{{{', '.join(f'{name}: {value}' for name, value in sorted(numbers.items()))}}}"


def number(value: Number) -> str:
    """Return an argument as YAML has it, nothing for what it cannot say.

    >>> number(True), number(Fraction(3, 4)), number(Fraction(1, 3))
    ('true', '0.75', '')
    """
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(float(value))
    return text if "e" not in text and Fraction(text) == value else ""
