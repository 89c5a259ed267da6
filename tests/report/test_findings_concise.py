"""The concise report: one finding a line, and nothing else."""

from hypothesis import given

from cnncalc.report.findings.concise import concise_text
from tests.report.samples import ADVICE, ANY, ERROR, FULL, at, lines, many


def test_a_finding_is_path_line_column_severity_code_and_message():
    expected = "specs/net.yaml:4:23: error[CNN101] 3x3 filter with stride 3 does not fit a 7x7 input\n"
    assert concise_text([FULL], ["specs/net.yaml"], lines) == expected


def test_nothing_found_is_nothing_said():
    assert concise_text([], ["net.yaml"], lines) == ""


def test_findings_stand_in_the_order_they_come_in():
    text = concise_text([at(ERROR, line=9), at(ADVICE, line=2)], [], lines)
    assert [line.split()[1] for line in text.splitlines()] == ["error[CNN101]", "advice[CNN101]"]


def test_a_path_with_a_line_end_cannot_forge_a_line():
    text = concise_text([at(ERROR, "a\n::error::x\x1b[31m")], [], lines)
    assert text.startswith(r"a\n::error::x\x1b[31m:4:23: error[CNN101] ")
    assert text.count("\n") == 1


def test_a_path_that_looks_like_a_workflow_command_is_written_as_the_same_path_that_does_not():
    assert concise_text([at(ERROR, "::error::x")], [], lines).startswith("./::error::x:4:23: error")


@ANY
@given(many)
def test_any_text_is_one_printable_line_a_finding_and_no_workflow_command(found):
    told = concise_text(found, [], lines)
    assert told.count("\n") == len(found)
    assert all(line.isprintable() and not line.lstrip().startswith("::") for line in told.split("\n"))
