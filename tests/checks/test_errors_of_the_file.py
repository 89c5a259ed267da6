"""What is said of a file that cannot be read, or whose words are not known: one finding for one cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.checks import RULES, rule
from cnncalc.checks.base import Finding
from cnncalc.checks.mending import applied
from cnncalc.checks.survey import survey
from tests.fuzz import bombs

HEAD = "cnncalc: 1\ninput: 3x32x32\nlayers:\n"
ERRORS = [code for code in RULES if code[3] in "01" and code != "CNN009"]
BROKEN = sorted((Path(__file__).parents[2] / "specs" / "broken").glob("*.yaml"))


def findings(content: bytes | str) -> list[Finding]:
    content = content.encode() if isinstance(content, str) else content
    found = survey(content, "net.yaml")
    return [finding for code in ERRORS for finding in rule(code).findings(found, rule(code).threshold)]


def only(*layers: str, head: str = HEAD) -> Finding:
    (found,) = findings(head + "".join(f"- {layer}\n" for layer in layers))
    return found


def first_help(finding: Finding) -> str:
    return finding.helps[0][0].text


def mended(text: str, edits) -> str:
    """Return a text after edits, and see that the file is then in order."""
    after = applied(text, edits)
    assert findings(after) == []
    return after


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"cnncalc: 1\ninput: 3x8x8\nname: R\xe9seau\nlayers: [relu]\n", "CNN001"),
        (b"", "CNN001"),
        (b"# nothing\n", "CNN001"),
        (b"- relu\n", "CNN001"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers:\n\t- relu\n", "CNN001"),
        (b"cnncalc: 1\r\ninput: 3x8x8\r\nlayers:\r\n\t- relu\r\n", "CNN001"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\n---\ncnncalc: 1\n", "CNN001"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: &all [relu]\n", "CNN002"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: [*all]\n", "CNN002"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: [!!python/name:os.system relu]\n", "CNN002"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: [{<<: {conv: 8}}]\n", "CNN002"),
        (b"cnncalc: 1\r\ninput: 3x8x8\r\ninput: 3x8x8\r\nlayers: [relu]\r\n", "CNN003"),
        (b"\xef\xbb\xbfcnncalc: 1\ninput: 3x8x8\nlayers: [{conv: 010}]\n", "CNN004"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: {relu}\n", "CNN005"),
        (b"cnncalc: 1\ninput: 3x8x8\nlayers: [{conv: 1/0}]\n", "CNN006"),
        (b"cnncalc: 1\ninput: [3, h, h]\nlayers: [relu]\n", "CNN007"),
        (b"cnncalc: 1\ninput: 3x8x8\nblocks: {a: {layers: [{use: a}]}}\nlayers: [{use: a}]\n", "CNN008"),
    ],
)
def test_one_cause_is_one_finding(content, code):
    assert [finding.code for finding in findings(content)] == [code]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("brackets", "CNN002"),
        ("braces", "CNN002"),
        ("two mebibytes", "CNN002"),
        ("too many values", "CNN002"),
        ("duplicate keys", "CNN003"),
        ("options nobody knows", "CNN005"),
        ("towers of powers", "CNN006"),
        ("a long expression", "CNN006"),
        ("a billion layers", "CNN002"),
        ("ten to the 120 layers", "CNN002"),
        ("wildcards in the outputs", "CNN002"),
    ],
)
def test_a_bomb_is_one_finding(name, code):
    assert [finding.code for finding in findings(bombs.REFUSED[name])] == [code]


def test_a_size_beyond_all_measure_is_one_finding():
    assert [finding.code for finding in findings(bombs.OF_LAYERS["strides upon strides"])] == ["CNN110"]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_broken_spec_has_a_finding_of_an_error(path):
    assert findings(path.read_bytes())


def test_a_sound_spec_has_none():
    assert findings(HEAD + "- {conv: 8, kernel: 3}\n") == []


def test_a_key_given_twice_shows_both_places():
    found = only("{conv: 8, kernel: 3, padding: 1, kernel: 5}")
    (first,) = found.others
    assert (first.span.line, first.span.column, found.place.span.column) == (4, 13, 36)


def test_a_block_given_twice_shows_both_lines():
    (found,) = findings(
        "cnncalc: 1\ninput: 3x8x8\nblocks:\n  a: {layers: [relu]}\n  a: {layers: [relu]}\nlayers: [relu]\n"
    )
    assert (found.others[0].span.line, found.place.span.line) == (4, 5)


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("{conv: 010}", "{conv: 10}"),
        ("{conv: 0x10}", "{conv: 16}"),
        ("{conv: 1_0}", "{conv: 10}"),
        ("{conv: 8, bias: off}", "{conv: 8, bias: false}"),
        ("{conv: 8, when: On}", "{conv: 8, when: true}"),
        ("{conv: 8, name: y}", '{conv: 8, name: "y"}'),
    ],
)
def test_an_ambiguous_word_has_a_safe_fix_where_one_reading_is_left(line, fixed):
    found = only(line)
    assert found.code == "CNN004"
    assert found.fix is not None
    assert found.fix.safe
    assert mended(f"{HEAD}- {line}\n", found.fix.edits) == f"{HEAD}- {fixed}\n"


@pytest.mark.parametrize("line", ["{conv: .nan}", "{conv: 8, kernel: 1:30}", "{use: on}", "{conv: 2015-12-10}"])
def test_an_ambiguous_word_has_no_fix_where_no_reading_is_certain(line):
    found = only(line)
    assert (found.code, found.fix) == ("CNN004", None)
    assert "write" in first_help(found)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{conv: 8, kernel_size: 3}", "kernel"),
        ("{conv: 8, kernel: 2, strides: 2}", "stride"),
        ("{conv: 8, kernel: 3, pad: 1}", "padding"),
        ("{conv: 8, dilation_rate: 2}", "dilation"),
        ("{conv: 8, activation: relu}", "act"),
        ("{conv: 8, kernal: 3}", "kernel"),
        ("{max_pool: 2, strides: 2}", "stride"),
        ("{Conv2d: 8, kernel: 3}", "conv"),
        ("rellu", "relu"),
        ("{conv: 8, act: rleu}", "relu"),
    ],
)
def test_a_word_of_another_framework_gets_the_word_here_and_the_edit_that_writes_it(line, word):
    found = only(line)
    assert (found.code, first_help(found)) == ("CNN005", f"did you mean {word}?")
    after = mended(f"{HEAD}- {line}\n", found.helps[0][0].edits)
    assert after != f"{HEAD}- {line}\n"
    assert word in after


@pytest.mark.parametrize(
    ("line", "argument"), [("{conv: 8, filters: 16}", "out_channels"), ("{max_pool: 2, kernel_size: 2}", "kernel")]
)
def test_a_word_for_the_value_of_the_op_itself_is_told_as_such(line, argument):
    found = only(line)
    assert found.code == "CNN005"
    assert first_help(found).startswith(f"{argument} is the value of")
    assert found.helps[0][0].edits == ()


def test_all_lines_that_are_wrong_are_told():
    assert [found.place.span.line for found in findings(HEAD + "- {conv: 8, strides: 2}\n- {cnv: 8}\n")] == [4, 5]


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("{conv: 8, kernel: (3, 5)}", "{conv: 8, kernel: [3, 5]}"),
        ("{conv: 8, kernel: 3, padding: SAME}", "{conv: 8, kernel: 3, padding: same}"),
        ("{conv: 8, kernel:3}", "{conv: 8, kernel: 3}"),
        ("{conv: max(cin, 8)}", '{conv: "max(cin, 8)"}'),
    ],
)
def test_a_value_that_is_written_otherwise_here_comes_with_the_edit(line, fixed):
    assert mended(f"{HEAD}- {line}\n", only(line).helps[0][0].edits) == f"{HEAD}- {fixed}\n"


def test_an_unknown_layer_comes_with_the_edit_that_names_the_nearest():
    lines = "- {conv: 3, name: stem}\n- relu\n- {add: [stme, prev]}\n"
    (found,) = findings(HEAD + lines)
    assert found.code == "CNN007"
    assert mended(HEAD + lines, found.helps[0][0].edits) == HEAD + lines.replace("stme", "stem")


def test_a_name_that_is_given_further_down_is_shown_there():
    found = only("{add: [late, prev]}", "{conv: 3, name: late}")
    assert (found.code, first_help(found)) == ("CNN007", "line 5 gives it, below")
    assert [label.span.line for label in found.others] == [5]


def test_a_recursive_block_shows_the_chain_and_where_it_begins():
    (found,) = findings(
        "cnncalc: 1\ninput: 3x8x8\nblocks:\n  a: {layers: [{use: b}]}\n  b: {layers: [{use: a}]}\nlayers:\n- {use: a}\n"
    )
    assert "a -> b -> a" in found.message
    assert (found.place.span.line, [label.span.line for label in found.others]) == (5, [4])
