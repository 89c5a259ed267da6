"""The line by line JSON report: the objects of the whole one."""

import json

from hypothesis import given

from cnncalc.report.findings.json import json_text
from cnncalc.report.findings.jsonl import jsonl_text
from tests.report.samples import ANY, lines, many


def test_nothing_found_is_nothing_said():
    assert jsonl_text([], ["net.yaml"], lines) == ""


@ANY
@given(many)
def test_each_line_is_a_finding_of_the_whole_report(found):
    text = jsonl_text(found, [], lines)
    assert text.isascii()
    assert [json.loads(line) for line in text.splitlines()] == json.loads(json_text(found, [], lines))["findings"]
