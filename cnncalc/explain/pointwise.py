"""The line of a layer whose output is as large as its input."""

from cnncalc.analysis import Facts
from cnncalc.explain.base import Line, Rule, line
from cnncalc.layers.base import sizes_text


def unchanged(facts: Facts) -> Line:
    """Return the line that says so."""
    return line(Rule.RESIZING, f"the output has the sizes of the input, {sizes_text(facts.shape)}")
