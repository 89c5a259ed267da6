"""The SARIF report, held against the schema of SARIF and against its text."""

import json
import os
from functools import cache
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest
from hypothesis import given

from cnncalc.errors import UsageError
from cnncalc.report.findings.sarif import sarif_text
from tests.report.samples import ADVICE, ERROR, FEW, FULL, HOSTILE, WARNING, at, lines, many

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0.schema.json"


@cache
def validator():
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run(findings, files=(), lines=lines, **options):
    document = json.loads(sarif_text(findings, files, lines, **options))
    validator().validate(document)
    return document["runs"][0]


def marks(findings, lines=lines):
    return [result["partialFingerprints"]["cnncalc/v1"] for result in run(findings, lines=lines)["results"]]


def test_a_report_with_everything_is_valid():
    assert len(run([FULL, WARNING, ADVICE], ["specs/net.yaml", "b.yaml"])["results"]) == 3


def test_an_empty_report_is_valid():
    assert run([], [])["results"] == []


def test_the_schema_would_refuse_a_wrong_report():
    document = json.loads(sarif_text([FULL], [], lines))
    document["runs"][0]["results"][0]["level"] = "advice"
    assert not validator().is_valid(document)


def test_columns_count_characters():
    assert run([])["columnKind"] == "unicodeCodePoints"


def test_severities_are_levels():
    assert [one["level"] for one in run([ERROR, WARNING, ADVICE])["results"]] == ["error", "warning", "note"]


def test_the_rules_are_those_that_were_found_each_with_its_words():
    (told,) = run([ERROR, WARNING])["tool"]["driver"]["rules"]
    assert told["id"] == "CNN101"
    assert told["name"] == "does-not-fit"
    assert told["defaultConfiguration"] == {"level": "error"}
    assert "not a whole number" in told["shortDescription"]["text"]
    assert "stride: 3, padding: 1}" in told["help"]["text"]
    assert "```yaml" in told["help"]["markdown"]


def test_a_result_points_at_its_rule_and_its_file():
    found = run([ERROR], ["a.yaml", "specs/net.yaml"])
    result = found["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "CNN101"
    assert place["artifactLocation"] == {"uri": "specs/net.yaml", "uriBaseId": "%SRCROOT%", "index": 1}
    assert found["artifacts"][1]["location"]["uri"] == "specs/net.yaml"
    assert place["region"] == {"startLine": 4, "startColumn": 23, "endLine": 4, "endColumn": 32}


def test_the_files_without_findings_are_artifacts_too():
    assert [one["location"]["uri"] for one in run([], ["a.yaml", "b.yaml"])["artifacts"]] == ["a.yaml", "b.yaml"]


def test_a_file_that_goes_by_two_paths_is_one_artifact():
    found = run([at(ERROR, "./b.yaml")], ["a.yaml", "b.yaml"])
    assert len(found["artifacts"]) == 2
    assert found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["index"] == 1


def test_a_label_that_is_there_twice_is_related_once():
    (other,) = FULL.others
    assert len(run([FULL._replace(others=(other, other))])["results"][0]["relatedLocations"]) == 2


def test_a_fix_without_edits_is_left_out():
    assert "fixes" not in run([FULL._replace(fix=FULL.fix._replace(edits=()))])["results"][0]


def test_labels_elsewhere_and_uses_are_related_locations():
    related = run([FULL])["results"][0]["relatedLocations"]
    assert [one["message"]["text"] for one in related] == ["the 7x7 input", "used here"]
    assert [one["physicalLocation"]["region"]["startLine"] for one in related] == [2, 9]


def test_a_fix_has_its_replacements():
    (fix,) = run([FULL])["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    assert fix["properties"] == {"safe": False}
    assert change["artifactLocation"]["uri"] == "specs/net.yaml"
    assert replacement["insertedContent"] == {"text": ", padding: 1\n"}
    assert replacement["deletedRegion"]["startColumn"] == replacement["deletedRegion"]["endColumn"] == 32


def test_paths_are_from_the_root():
    folder = Path("specs").absolute()
    for found in (run([ERROR], root=folder), run([at(ERROR, str(folder / "net.yaml"))], root=folder)):
        assert found["artifacts"][0]["location"] == {"uri": "net.yaml", "uriBaseId": "%SRCROOT%"}


def test_a_path_outside_of_the_root_is_a_whole_uri():
    (artifact,) = run([], ["../a b.yaml"])["artifacts"]
    assert artifact["location"]["uri"].startswith("file:///")
    assert artifact["location"]["uri"].endswith("a%20b.yaml")
    assert "uriBaseId" not in artifact["location"]


@pytest.mark.parametrize("name", ["a b#c?.yaml", "100%25.yaml", "a:b.yaml", "ü.yaml", os.fsdecode(b"\xff.yaml")])
def test_a_uri_is_the_path_byte_by_byte(name):
    uri = run([], [name])["artifacts"][0]["location"]["uri"]
    assert unquote_to_bytes(uri) == os.fsencode(name)
    assert urlsplit(uri).path == uri


def test_nothing_in_a_message_is_a_placeholder_or_a_link():
    message = ERROR._replace(message="{0} [here](1) {conv: 8}")
    assert run([message])["results"][0]["message"]["text"] == "{{0}} [here] (1) {conv: 8}"


def test_a_fingerprint_stays_when_the_line_moves_or_is_indented():
    moved = marks([at(ERROR, line=9)], lambda file: [*[""] * 8, "\t- {conv: 8, kernel: 3, stride: 3}"])
    assert moved == marks([ERROR])


@pytest.mark.parametrize("other", [at(ERROR, path="conv2"), at(ERROR, line=2)])
def test_a_fingerprint_is_anothers_for_another_layer_or_another_line(other):
    assert marks([other]) != marks([ERROR])


def test_findings_that_agree_in_all_are_numbered_in_their_file():
    one, two, elsewhere = marks([ERROR, ERROR, at(ERROR, "z.yaml")])
    assert one.removesuffix(":1") == two.removesuffix(":2")
    assert elsewhere == one


def test_a_file_that_cannot_be_read_any_more_has_empty_lines():
    def gone(file):
        raise UsageError("gone")

    assert marks([ERROR], gone) == marks([ERROR], lambda file: [])


def test_the_lines_of_a_file_are_asked_for_once():
    asked = []
    marks([ERROR, WARNING, at(ERROR, "z.yaml")], lambda file: asked.append(file) or [])
    assert asked == ["specs/net.yaml", "z.yaml"]


@FEW
@given(many)
def test_any_text_is_valid(found):
    told = run(found, HOSTILE)
    assert len(told["results"]) == len(found)
    for result, finding in zip(told["results"], found, strict=True):
        text = result["message"]["text"]
        assert all(line.isprintable() for line in text.split("\n"))
        assert "](" not in text
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert told["artifacts"][place["index"]]["location"]["uri"] == place["uri"]
        assert place["uri"] == run([], [finding.place.file])["artifacts"][0]["location"]["uri"]


@FEW
@given(many)
def test_the_text_is_ascii_and_uris_are_uris(found):
    text = sarif_text(found, HOSTILE, lines)
    assert text.isascii()
    for artifact in json.loads(text)["runs"][0]["artifacts"]:
        uri = artifact["location"]["uri"]
        assert uri.isprintable()
        assert urlsplit(uri).scheme in ("", "file")
        assert not urlsplit(uri).netloc
