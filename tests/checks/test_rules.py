"""Every rule has its words, an example that fires it and a rewrite that does not, and a page that is fresh."""

import json
import re
from pathlib import Path

import pytest

from cnncalc.checks import RULES, rule
from cnncalc.checks.base import Severity
from cnncalc.checks.baseline import read_baseline
from cnncalc.checks.engine import check_survey, check_text
from cnncalc.checks.settings import Settings
from cnncalc.checks.survey import survey
from cnncalc.report.rules import index_markdown, rule_markdown

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "rules"
CATALOGUE = {
    "CNN001": "yaml-syntax error", "CNN002": "yaml-unsafe error", "CNN003": "duplicate-key error",
    "CNN004": "ambiguous-scalar error", "CNN005": "invalid-field error", "CNN006": "bad-expression error",
    "CNN007": "unknown-name error", "CNN008": "recursive-block error", "CNN009": "unused-ignore warning",
    "CNN101": "does-not-fit error", "CNN102": "window-exceeds-input error", "CNN103": "pool-padding-too-large error",
    "CNN104": "groups-do-not-divide error", "CNN105": "add-shape-mismatch error",
    "CNN106": "concat-shape-mismatch error", "CNN107": "rank-mismatch error", "CNN108": "bad-output-padding error",
    "CNN109": "shape-mismatch error", "CNN110": "too-large error",
    "CNN201": "floor-drops-input warning", "CNN202": "stride-skips-input warning",
    "CNN203": "even-kernel-same warning", "CNN204": "bias-before-norm warning", "CNN205": "unused-layer warning",
    "CNN206": "linear-concentration warning", "CNN207": "padding-dominates warning",
    "CNN208": "deconv-checkerboard warning", "CNN209": "misaligned-join warning", "CNN210": "gridding warning",
    "CNN211": "unproductive-layer warning", "CNN301": "factor-large-kernel advice", "CNN302": "add-bottleneck advice",
    "CNN303": "factor-1xn-nx1 advice", "CNN401": "expect-mismatch error", "CNN402": "budget-exceeded error",
    "CNN403": "grown-since-baseline error",
}  # fmt: skip


def found(code, text):
    """Return the findings in a rule's example, against the baseline that its first comment states."""
    one = survey(text.encode(), "net.yaml")
    if match := re.match(r"# in the baseline: params ([\d,]+), macs ([\d,]+), activations ([\d,]+)\n", text):
        counts = (int(part.replace(",", "")) for part in match.groups())
        one.baseline = dict(zip(("params", "macs", "activations"), counts, strict=True))
    return check_survey(one, Settings())


def test_the_rules_are_those_of_the_catalogue():
    assert {code: f"{rule(code).name} {rule(code).severity.value}" for code in RULES} == CATALOGUE
    assert all(rule(code).code == code and rule(code).name == RULES[code] for code in RULES)


@pytest.mark.parametrize("code", RULES)
def test_the_example_fires_the_rule(code):
    findings = found(code, rule(code).example)
    assert code in {finding.code for finding in findings}
    assert {finding.code for finding in findings if finding.severity is Severity.ERROR} <= {code}


@pytest.mark.parametrize("code", RULES)
def test_the_rewrite_fires_nothing(code):
    assert [(finding.code, finding.message) for finding in found(code, rule(code).instead)] == []


@pytest.mark.parametrize("code", RULES)
def test_a_rule_has_its_words(code):
    one = rule(code)
    assert one.why.endswith(".")
    assert one.example != one.instead
    assert (type(one).__doc__ or "").strip().endswith(".")
    assert all(re.search(r"\b(19|20)\d\d\b", reference) for reference in one.references)


@pytest.mark.parametrize("code", RULES)
def test_the_page_of_a_rule_is_fresh(code):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page == rule_markdown(code), "run `cnncalc rule --write docs/rules`"


def test_the_index_is_fresh_and_there_are_no_other_pages():
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index_markdown()
    assert sorted(path.name for path in PAGES.iterdir()) == sorted(["README.md", *(f"{code}.md" for code in RULES)])


def test_findings_are_in_the_order_of_the_file():
    text = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, strides: 2}\n- {conv: 8, filters: 2}\n- {cnv: 8}\n"
    assert [one.place.span.line for one in check_text(text.encode(), "f")] == [4, 5, 6]


def test_after_a_layer_that_does_not_fit_nothing_downstream_is_told():
    text = (
        "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"
        "- {conv: 8, kernel: 9}\n- {max_pool: 2, stride: 2}\nexpect: {params: 1}\n"
    )
    assert [one.code for one in check_text(text.encode(), "f")] == ["CNN101"]


def test_two_layers_that_do_not_fit_apart_are_both_told():
    text = (
        "cnncalc: 1\ninput: 1x7x7\nlayers:\n- concat:\n"
        "  - [{conv: 8, kernel: 3, stride: 3}]\n  - [{conv: 8, kernel: 2, stride: 2}]\n"
    )
    assert [(one.code, one.place.span.line) for one in check_text(text.encode(), "f")] == [("CNN101", 5), ("CNN101", 6)]


def test_a_line_of_a_block_is_told_once_with_the_way_there():
    text = (
        "cnncalc: 1\ninputs: {a: 1x7x7, b: 1x7x7}\nblocks:\n  block:\n    layers:\n"
        "    - {conv: 8, kernel: 3, stride: 3}\nlayers:\n- {use: block, from: a}\n- {use: block, from: b}\n"
        "outputs: [block1, block2]\n"
    )
    (one,) = check_text(text.encode(), "f")
    assert (one.code, one.more, [call.line for call in one.calls]) == ("CNN101", 1, [8])


def test_a_baseline_that_is_written_is_read(tmp_path):
    path = tmp_path / "sizes.json"
    path.write_text(json.dumps({"cnncalc-baseline": 1, "specs": {"a.yaml": {"params": 3}}}))
    assert read_baseline(path) == {"a.yaml": {"params": 3}}
