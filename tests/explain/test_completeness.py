"""Every layer is explained by lines of its own, and every rule that a line names is a heading of docs/counting.md."""

import inspect
import re
from pathlib import Path

import pytest

import cnncalc.explain  # noqa: F401 - registers the lines
from cnncalc.explain.base import PAGE, Rule
from cnncalc.explain.lines import filters, macs, operations, reading, sizes
from cnncalc.layers import LAYERS, layer_class
from cnncalc.layers.base import Layer

ROOT = Path(__file__).parents[2]
NEEDED = {
    "sizes": (sizes, lambda kind: True),
    "filters": (filters, lambda kind: "kernel" in kind.model_fields and kind.parameters is not Layer.parameters),
    "macs": (macs, lambda kind: kind.macs is not Layer.macs),
    "operations": (operations, lambda kind: kind.operations is not Layer.operations),
    "reading": (reading, lambda kind: kind.slides is not Layer.slides or hasattr(kind, "bins")),
}


def missing(kind, name):
    lines, needs = NEEDED[name]
    return needs(kind) and lines.dispatch(kind) is lines.dispatch(object)


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_has_lines(op, name):
    kind = layer_class(op)
    file = Path(inspect.getfile(kind)).name
    assert not missing(kind, name), f"register {name} of {op} in cnncalc/explain/{file}"


def test_a_layer_without_lines_is_named():
    class Novel(Layer):
        """A layer that nobody explains."""

        def macs(self, inputs, output):
            return 1

    assert missing(Novel, "sizes")
    assert missing(Novel, "macs")
    assert not missing(Novel, "operations")


def anchors():
    headings = re.findall(r"^#+ (.+)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_a_heading_of_the_page(rule):
    assert anchors().count(rule.value) == 1


def test_every_rule_is_followed_by_some_line():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "cnncalc" / "explain").glob("*.py"))
    assert [rule.name for rule in Rule if f"Rule.{rule.name}" not in sources] == []
