"""The JUnit report, read back as XML."""

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given

from cnncalc.checks.base import Severity
from cnncalc.errors import printable
from cnncalc.report.findings.junit import junit_text
from tests.report.samples import ADVICE, ANY, ERROR, FULL, HOSTILE, WARNING, at, lines, many


def suite(findings, files=(), **options):
    root = ElementTree.fromstring(junit_text(findings, files, lines, **options).encode())
    assert root.tag == "testsuites"
    (one,) = root
    assert {key: root.get(key) for key in ("tests", "failures")} == {key: one.get(key) for key in ("tests", "failures")}
    return one


def counts(one):
    return {key: int(one.get(key)) for key in ("tests", "failures", "errors", "skipped")}


def test_every_file_is_a_test_case_those_without_findings_too():
    one = suite([ERROR], ["a.yaml", "specs/net.yaml"])
    assert [(case.get("name"), len(case)) for case in one] == [("a.yaml", 0), ("specs/net.yaml", 1)]
    assert counts(one) == {"tests": 2, "failures": 1, "errors": 0, "skipped": 0}


def test_a_failure_has_its_type_its_message_and_its_text():
    (failure,) = suite([FULL])[0]
    assert failure.tag == "failure"
    assert failure.get("type") == "CNN101"
    assert failure.get("message") == "3x3 filter with stride 3 does not fit a 7x7 input"
    told = failure.text.split("\n")
    assert told[0].startswith("specs/net.yaml:4:23: error[CNN101] ")
    assert "help: `padding: 1` gives 3x3" in told


def test_several_findings_of_a_file_are_one_failure():
    (failure,) = suite([ERROR, at(ERROR, line=9)])[0]
    assert failure.get("message").endswith("input, and 1 more")
    assert "specs/net.yaml:9:3: " in failure.text


def test_what_does_not_fail_the_run_is_output():
    case = suite([ERROR, WARNING, ADVICE])[0]
    assert [one.tag for one in case] == ["failure", "system-out"]
    assert [line.split()[1] for line in case[1].text.split("\n")] == ["warning[CNN101]", "advice[CNN101]"]


@pytest.mark.parametrize(("fail_on", "failures"), [(Severity.ADVICE, 2), (Severity.WARNING, 1), (None, 0)])
def test_what_fails_is_what_fails_the_run(fail_on, failures):
    assert counts(suite([WARNING, at(ADVICE, "b.yaml")], fail_on=fail_on))["failures"] == failures


def test_no_file_is_an_empty_suite():
    assert counts(suite([])) == {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_xml(text):
    (failure,) = suite([at(ERROR, text)._replace(message=text)], [text])[0]
    assert failure.get("message") == printable(text)


@ANY
@given(many)
def test_any_text_is_read_back(found):
    one = suite(found, [finding.place.file for finding in found])
    assert counts(one)["tests"] == len({finding.place.file for finding in found})
    assert counts(one)["failures"] == len(one.findall("testcase/failure"))
    assert {case.get("name") for case in one} == {printable(finding.place.file) for finding in found}
