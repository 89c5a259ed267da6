"""The report for GitHub Actions, read as its runner reads it."""

from pathlib import Path

import pytest
from hypothesis import given

from cnncalc.errors import Span
from cnncalc.report.findings.github import github_text
from tests.report.samples import ADVICE, ANY, ERROR, FULL, HOSTILE, WARNING, at, lines, many

NAMES = ("error", "warning", "notice")


def unescaped(text, *, of_property=False):
    marks = {"%0D": "\r", "%0A": "\n", **({"%3A": ":", "%2C": ","} if of_property else {}), "%25": "%"}
    for mark, character in marks.items():
        text = text.replace(mark, character)
    return text


def command(line):
    """Return a workflow command's name, properties and message, by the runner's rules; None for a line that is none."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, told = line[2:end].partition(" ")
    if name not in NAMES:
        return None
    pairs = [one.split("=", 1) for one in told.strip().split(",") if one]
    return name, {key: unescaped(value, of_property=True) for key, value in pairs}, unescaped(line[end + 2 :])


def commands(findings, **options):
    return [command(line) for line in github_text(findings, [], lines, **options).splitlines()]


def test_a_finding_is_one_command_with_its_place_and_its_title():
    assert github_text([ERROR], ["specs/net.yaml"], lines) == (
        "::error file=specs/net.yaml,line=4,endLine=4,col=23,endColumn=32,title=CNN101 does-not-fit"
        "::3x3 filter with stride 3 does not fit a 7x7 input\n"
    )


def test_the_message_has_the_arithmetic_and_what_fits():
    message = commands([FULL])[0][2].split("\n")
    assert message[0] == "3x3 filter with stride 3 does not fit a 7x7 input: 4 steps do not divide by 3"
    assert "note: line 2: the 7x7 input" in message
    assert "help: `stride: 2` gives 3x3, `stride: 1` gives 5x5" in message


def test_errors_come_first_and_advice_is_a_notice():
    assert [name for name, *_ in commands([ADVICE, WARNING, ERROR])] == ["error", "warning", "notice"]


def test_a_stretch_over_several_lines_has_no_columns():
    long = ERROR._replace(place=ERROR.place._replace(span=Span(4, 3, 6, 2)))
    assert set(commands([long])[0][1]) == {"file", "line", "endLine", "title"}


def test_ten_of_a_kind_are_all_shown():
    assert [name for name, *_ in commands([*[ADVICE] * 10, *[WARNING] * 10, *[ERROR] * 10])] == [
        *["error"] * 10,
        *["warning"] * 10,
        *["notice"] * 10,
    ]


def test_beyond_ten_of_a_kind_a_notice_says_how_many_more():
    told = commands([*[WARNING] * 3, *[ERROR] * 14])
    assert [name for name, *_ in told] == [*["error"] * 10, *["warning"] * 3, "notice"]
    assert told[-1][2] == "4 more findings are not shown: GitHub keeps 10 annotations of a kind in a step"


def test_one_more_is_said_as_one():
    assert commands([ERROR] * 11)[-1][2].startswith("1 more finding is not shown")


def test_the_notice_of_how_many_more_is_one_of_the_ten_notices():
    told = commands([*[ERROR] * 11, *[ADVICE] * 10])
    assert [name for name, *_ in told].count("notice") == 10
    assert told[-1][2].startswith("2 more findings")


def test_paths_are_from_the_folder_of_the_repository():
    where = Path("specs").absolute()
    assert commands([ERROR], root=where)[0][1]["file"] == "net.yaml"
    assert commands([at(ERROR, str(where / "net.yaml"))])[0][1]["file"] == "specs/net.yaml"


def test_a_path_outside_of_the_repository_stays_as_it_is():
    assert commands([at(ERROR, "/elsewhere/net.yaml")])[0][1]["file"] == "/elsewhere/net.yaml"


@pytest.mark.parametrize("text", ["100%", "%0A::error::x", "a,line=9", "C:x", "a=b", "%25", "%2C"])
def test_a_path_is_read_back_as_it_was(text):
    assert commands([at(ERROR, text)])[0][1]["file"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_file_forges_a_second_annotation(text):
    found = at(ERROR, text, path=text)._replace(message=text, label=text, notes=(text,))
    told = github_text([found], [], lines).splitlines()
    assert [command(line)[0] for line in told] == ["error"]


@ANY
@given(many)
def test_any_text_is_one_printable_command_a_finding(found):
    told = github_text(found, [], lines)
    assert told.count("\n") == len(found)
    assert all(line.isprintable() for line in told.split("\n"))
    read = [command(line) for line in told.split("\n")[:-1]]
    assert sorted(int(properties["line"]) for _, properties, _ in read) == sorted(one.place.span.line for one in found)
    assert {properties["title"] for _, properties, _ in read} <= {"CNN101 does-not-fit"}
