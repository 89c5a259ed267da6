"""The JSON report: one document with a schema number, as docs/findings.md has it."""

import json
from pathlib import Path

from hypothesis import given

from cnncalc import __version__
from cnncalc.report.findings.json import json_text, record
from tests.report.samples import ADVICE, ANY, ERROR, FULL, HOSTILE, WARNING, at, lines, many

DOCS = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")


def test_the_document_has_its_version_its_schema_and_its_counts():
    document = json.loads(json_text([ERROR, ERROR, WARNING, ADVICE], ["a.yaml", "b.yaml"], lines))
    del document["findings"]
    assert document == {
        "cnncalc": __version__,
        "schema": 1,
        "files": 2,
        "errors": 2,
        "warnings": 1,
        "advice": 1,
    }


def test_nothing_found_is_an_empty_list():
    assert json.loads(json_text([], [], lines))["findings"] == []


def test_a_finding_has_all_that_is_known_of_it():
    assert json.loads(json_text([FULL], ["specs/net.yaml"], lines))["findings"] == [
        {
            "code": "CNN101",
            "name": "does-not-fit",
            "severity": "error",
            "path": "specs/net.yaml",
            "line": 4,
            "column": 23,
            "end_line": 4,
            "end_column": 32,
            "layer": "conv1",
            "op": "conv",
            "message": "3x3 filter with stride 3 does not fit a 7x7 input",
            "label": "4 steps do not divide by 3",
            "others": [{"line": 2, "column": 8, "end_line": 2, "end_column": 13, "text": "the 7x7 input"}],
            "notes": ["(7 - 3 + 2*0)/3 + 1 = 2.33, not a whole number"],
            "help": [
                [
                    {
                        "text": "`padding: 1` gives 3x3",
                        "edits": [{"line": 4, "column": 32, "end_line": 4, "end_column": 32, "text": ", padding: 1"}],
                        "output": [8, 3, 3],
                    }
                ],
                [
                    {"text": "`stride: 2` gives 3x3", "edits": [], "output": None},
                    {"text": "`stride: 1` gives 5x5", "edits": [], "output": None},
                ],
            ],
            "more": 2,
            "calls": [{"line": 9, "column": 3, "end_line": 9, "end_column": 20}],
            "fix": {
                "text": "`padding: 1`",
                "safe": False,
                "edits": [{"line": 4, "column": 32, "end_line": 4, "end_column": 32, "text": ", padding: 1\n"}],
            },
        }
    ]


def test_a_finding_without_a_fix_says_null():
    assert record(ERROR)["fix"] is None


def test_every_key_is_described_in_the_docs():
    document = json.loads(json_text([FULL], [], lines))
    missing = [key for key in (*document, *document["findings"][0]) if f"`{key}`" not in DOCS]
    assert missing == []


def test_one_finding_stands_on_one_line():
    assert json_text([FULL, FULL], [], lines).count("\n") == 4


def test_text_from_a_file_is_written_as_everywhere():
    assert [record(at(ERROR, text))["path"] for text in HOSTILE[:4]] == [
        r"a\n::error::x",
        "::error::x",
        " ::stop-commands::x",
        r"\x1b[31mred",
    ]


@ANY
@given(many)
def test_any_text_is_read_back(found):
    text = json_text(found, [one.place.file for one in found], lines)
    document = json.loads(text)
    assert text.isascii()
    assert document["files"] == len(found)
    assert document["findings"] == [json.loads(json.dumps(record(one))) for one in found]
    assert [len(one["help"]) for one in document["findings"]] == [len(one.helps) for one in found]


@ANY
@given(many)
def test_all_text_but_that_of_edits_is_printable(found):
    def check(value):
        if isinstance(value, str):
            assert value.isprintable()
        elif isinstance(value, list):
            for one in value:
                check(one)
        elif isinstance(value, dict):
            for key, one in value.items():
                if key != "edits":
                    check(one)

    check([record(one) for one in found])
