"""What a rule says of itself, as ``cnncalc rule`` prints it and as it stands in docs/rules."""

from __future__ import annotations

import inspect
from pathlib import Path

from cnncalc.checks import RULES, rule
from cnncalc.report.destination import replace_file

INDEX = "README.md"


def rule_markdown(code: str) -> str:
    """Return the page of a rule.

    >>> rule_markdown("CNN101").splitlines()[0]
    '# CNN101 does-not-fit'
    """
    one = rule(code)
    sections = [
        f"# {code} {one.name}",
        f"Severity: {one.severity.value}.",
        f"## What it does\n{what(code)}",
        f"## Why\n{one.why}",
        f"## Formula\n`{one.formula}`" if one.formula else "",
        f"## Example\n```yaml\n{one.example.rstrip()}\n```",
        f"## Use instead\n```yaml\n{one.instead.rstrip()}\n```",
        f"## Options\n{options(code)}" if options(code) else "",
        "## References\n" + "\n".join(f"- {reference}" for reference in one.references) if one.references else "",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def what(code: str) -> str:
    """Return what a rule does, in one line."""
    return inspect.cleandoc(rule(code).__doc__ or "").replace("\n", " ")


def options(code: str) -> str:
    """Return what can be set about a rule."""
    one = rule(code)
    threshold = f"`thresholds.{one.name}` is {float(one.threshold):g}." if one.threshold is not None else ""
    return " ".join(part for part in (one.options, threshold) if part)


def index_markdown() -> str:
    """Return the table of all rules."""
    rows = [
        f"| [{code}]({code}.md) | {name} | {rule(code).severity.value} | {what(code)} |" for code, name in RULES.items()
    ]
    head = [
        "# The rules of `cnncalc check`",
        "",
        "Written by `cnncalc rule --write docs/rules` from the rules themselves; `cnncalc rule CODE` prints one.",
        "",
        "| code | name | severity | what it does |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def write_rules(folder: Path) -> None:
    """Write the page of each rule and the index into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / INDEX, index_markdown())
    for code in RULES:
        replace_file(folder / f"{code}.md", rule_markdown(code))
