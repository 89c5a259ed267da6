"""Reads the statements of worked lines, and works them out again with exact numbers."""

import re
from fractions import Fraction
from math import ceil, floor

ARITHMETIC = re.compile(r"(?:\d|floor|ceil|max|min|[ +\-*/(),])+")
VALUE = re.compile(r"-?\d[\d,]*(?:/\d+)?(?![\w(*])")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
FUNCTIONS = {"floor": floor, "ceil": ceil, "max": max, "min": min, "Fraction": Fraction}


def statements(text):
    """Yield each statement of a line: what it names, and the values of all its numeric steps."""
    for statement in text.split("; "):
        name, *steps = statement.split(" = ")
        if not steps:
            continue
        values = [value(step) for step in steps[:-1] if ARITHMETIC.fullmatch(step)]
        if last := leading(steps[-1]):
            values.append(value(last))
        found = re.search(r"[A-Z]?[\w /+.]*$", name.rpartition(": ")[2])
        yield found.group().strip() if found else name, values


def leading(text):
    """Return the arithmetic at the beginning of the last step, which a remark may follow."""
    if ARITHMETIC.fullmatch(text):
        return text
    found = VALUE.match(text)
    return found.group().rstrip(",") if found else ""


def value(text):
    """Return the exact value of an arithmetic expression."""
    return Fraction(eval(NUMBER.sub(lambda n: f"Fraction({n.group().replace(',', '')})", text), FUNCTIONS))


def lines(explanation, *titles):
    """Return the lines of an explanation, or of the sections whose titles hold one of some words."""
    return [
        line
        for section in explanation.sections
        if not titles or any(title in section.title for title in titles)
        for line in section.lines
    ]


def named(explanation, *titles):
    """Return the last value that is stated of each name."""
    return {
        name: values[-1] for line in lines(explanation, *titles) for name, values in statements(line.text) if values
    }
