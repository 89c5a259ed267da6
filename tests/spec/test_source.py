"""Reading YAML: events to data with their places, and what is refused on the way."""

from __future__ import annotations

import pytest
import yaml

from cnncalc.errors import Span, SpecError, YamlUnsafe
from cnncalc.spec import source
from cnncalc.spec.source import Mapping, find, read, search

PARSERS = [parser for parser in (getattr(yaml, "CLoader", None), yaml.Loader) if parser]


@pytest.fixture(params=PARSERS, ids=lambda parser: str(parser.__name__), autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_Parser", request.param)


def said(content: bytes | str) -> str:
    with pytest.raises(SpecError) as caught:
        read(content.encode() if isinstance(content, str) else content, "f")
    error = caught.value
    text = f"{type(error).__name__} {error.place.span.line}:{error.place.span.column} {error.fact}"
    return f"{text} | {error.help}" if error.help else text


def test_a_mapping_knows_where_its_keys_and_values_are() -> None:
    data = read(b"input: 1x8\nlayers: [relu]\n", "f")
    assert data.keys_at["layers"] == Span(2, 1, 2, 7)
    assert data.values_at["input"] == Span(1, 8, 1, 11)
    assert data.values_at["layers"] == Span(2, 9, 2, 15)


def test_a_list_knows_where_its_items_are() -> None:
    assert read(b"a:\n- x\n- {b: z}\n", "f")["a"].items_at == [Span(2, 3, 2, 4), Span(3, 3, 3, 9)]


def test_the_place_of_a_quoted_text_is_inside_its_quotes() -> None:
    assert read(b'a: "b c"\n', "f").values_at["a"] == Span(1, 5, 1, 8)


def test_columns_count_characters_not_bytes() -> None:
    assert read("ä: {ö: 1}".encode(), "f")["ä"].keys_at["ö"] == Span(1, 5, 1, 6)


def test_a_value_that_is_not_there_is_at_its_key() -> None:
    assert read(b"a: {relu: , b: 1}\n", "f")["a"].values_at["relu"] == Span(1, 5, 1, 9)


def test_a_byte_order_mark_does_not_count() -> None:
    assert read(b"\xef\xbb\xbfa: 1", "f").keys_at == {"a": Span(1, 1, 1, 2)}


def test_a_quoted_number_is_text() -> None:
    assert read(b"a: '3'\nb: \"true\"\nc: 3\n", "f") == {"a": "3", "b": "true", "c": 3}


def test_text_over_several_lines_is_one_text() -> None:
    assert read(b"a: >-\n  x\n  y\nb: |\n  x\n  y\n", "f") == {"a": "x y", "b": "x\ny\n"}


def test_the_longest_beginning_of_a_path_is_found() -> None:
    data = read(b"a: [1, {b: 2}]", "f")
    assert find(data, ("a", 1, "b"), Span(9, 9, 9, 9)) == data["a"][1].values_at["b"]
    assert find(data, ("a", 1, "c", 0), Span(9, 9, 9, 9)) == data["a"].items_at[1]
    assert find(data, ("z",), Span(9, 9, 9, 9)) == Span(9, 9, 9, 9)


def test_a_text_is_found_inside_the_value_at_a_path_and_nowhere_else() -> None:
    data = read(b"{name: c, kernel: [3, [c, 1]], conv: c}", "f")
    assert search(data, ("kernel",), "c") == data["kernel"][1].items_at[0]
    assert search(data, ("name",), "c") is None
    assert search(Mapping(Span(1, 1, 1, 1)), ("a", "b"), "c") is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "YamlSyntax 1:1 a spec must not be empty"),
        ("# nothing\n", "YamlSyntax 1:1 a spec must not be empty"),
        ("---\n", "YamlSyntax 1:1 a spec must not be empty"),
        ("null", "YamlSyntax 1:1 a spec must not be empty"),
        ("relu", "YamlSyntax 1:1 a spec must be a mapping that starts with cnncalc: 1"),
        ("- a", "YamlSyntax 1:1 a spec must be a mapping that starts with cnncalc: 1"),
        (b"a: 1\nb: \xe9", "YamlSyntax 2:4 a spec must be UTF-8 (byte 0xe9)"),
        (b"a: 1\rb: \xe9", "YamlSyntax 2:4 a spec must be UTF-8 (byte 0xe9)"),
        ("ä: \x01", "YamlSyntax 1:4 a spec must not hold the character U+0001"),
        ("a: 1\r\nb: \x00", "YamlSyntax 2:4 a spec must not hold the character U+0000"),
        ("a: 1\u2028b: 1", "YamlSyntax 1:5 a spec must not hold the character U+2028"),
        ("a: 1\x85b: 1", "YamlSyntax 1:5 a spec must not hold the character U+0085"),
        ("a: \ufeffb", "YamlSyntax 1:4 a spec must not hold the character U+FEFF"),
        ("a: 1\n---\nb: 1", "YamlSyntax 2:1 a file must hold one spec, not several documents"),
        ("a: 1\n...\nb: 1", "YamlSyntax 3:1 a spec must be YAML: a file must end after its one spec"),
        ("\ta: 1", "YamlSyntax 1:1 a spec must be YAML: a line must be indented with spaces, not tabs"),
        ("a:\n\t- b", "YamlSyntax 2:1 a spec must be YAML: a line must be indented with spaces, not tabs"),
        ("a: @b", "YamlSyntax 1:4 a spec must be YAML: a value must not start with @ | put it in quotes"),
        ("a: [1, 2", "YamlSyntax 1:4 a spec must be YAML: the [ that stands here must be closed"),
        ("a: {b: 1\n\n", "YamlSyntax 1:4 a spec must be YAML: the { that stands here must be closed"),
        ("a: 'b\n", "YamlSyntax 1:4 a spec must be YAML: the ' that stands here must be closed"),
        ("a: [b}", "YamlSyntax 1:6 a spec must be YAML: a list must go on with a comma or end with ]"),
        ("{b: 1]", "YamlSyntax 1:6 a spec must be YAML: a mapping in braces must go on with a comma or end with }"),
        (
            "a: b: c",
            "YamlSyntax 1:5 a spec must be YAML: a colon must not stand here | put a value that holds a colon and a "
            "space in quotes; keys of one mapping must begin in one column",
        ),
        ("{[a]: b}", "YamlSyntax 1:2 a key must be a word, not a list or a mapping"),
        ("? {a: b}\n: c", "YamlSyntax 1:3 a key must be a word, not a list or a mapping"),
        ("{kernel:3}", "YamlSyntax 1:2 'kernel:3' must have a space after the colon | kernel: 3"),
        ("a: &b c", "YamlUnsafe 1:4 anchors are not part of the language | "
         "say the part once under blocks, and use it where it is needed"),
        ("a: *b", "YamlUnsafe 1:4 aliases are not part of the language | "
         "say the part once under blocks, and use it where it is needed"),
        ("a: !!int 3", "YamlUnsafe 1:4 tags are not part of the language | write the value alone"),
        ("a: ! 3", "YamlUnsafe 1:4 tags are not part of the language | write the value alone"),
        ("a: !!python/object/apply:os.system [x]",
         "YamlUnsafe 1:4 tags are not part of the language | write the value alone"),
        ("%TAG ! tag:a,2000:\n---\na: 1", "YamlUnsafe 1:1 YAML directives are not part of the language"),
        ("{<<: {a: 1}}", "YamlUnsafe 1:2 merge keys are not part of the language | "
         "defaults hold the options that layers share"),
        ("a: 1\nb: 2\na: 3", "DuplicateKey 3:1 the key 'a' must be given once (lines 1 and 3)"),
        ("{a: 1, 'a': 2}", "DuplicateKey 1:9 the key 'a' must be given once (twice in line 1)"),
        ("a: 99999999999999999999", "YamlUnsafe 1:4 a number must fit in 64 bits (99999999999999999999)"),
        ("on: 1", "AmbiguousScalar 1:1 'on' is true in YAML 1.1 and text in YAML 1.2: write true, "
         'or "on" for the text'),
    ],
)  # fmt: skip
def test_it_is_refused_in_these_words(content: str | bytes, expected: str) -> None:
    assert said(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{conv: max(c, 8)}", 'put it in quotes: "max(c, 8)"'),
        ("{conv: min(max(c, 8), 4), kernel: 3}", 'put it in quotes: "min(max(c, 8), 4)"'),
        ("[[max(c, 8), 3]]", 'put it in quotes: "max(c, 8)"'),
    ],
)
def test_a_comma_in_braces_is_told_with_the_whole_call_in_quotes(content: str, expected: str) -> None:
    assert said(f"a: {content}").endswith(
        f"is cut at a comma: an expression with a comma inside braces must be quoted | {expected}"
    )


def test_a_comma_outside_of_braces_or_in_quotes_is_no_trap() -> None:
    assert read(b"a: max(c, 8)\nb: {c: 'max(c, 8)', d: (1)}", "f") == {
        "a": "max(c, 8)",
        "b": {"c": "max(c, 8)", "d": "(1)"},
    }


def test_a_parenthesis_left_open_is_not_taken_for_a_cut_at_a_comma() -> None:
    assert read(b"{when: (a}", "f") == {"when": "(a"}


@pytest.mark.parametrize("escape", ['"\\ud800"', '"\\U00110000"'])
def test_an_escape_that_is_no_character_is_refused(escape: str) -> None:
    assert said(f"a: {escape}").startswith("YamlSyntax 1:")


def test_depth_is_limited() -> None:
    assert read(("a: " + "[" * 39 + "]" * 39).encode(), "f")
    assert said("a: " + "[" * 40 + "]" * 40) == "YamlUnsafe 1:43 a spec must be nested at most 40 deep"


def test_the_number_of_values_is_limited() -> None:
    with pytest.raises(YamlUnsafe, match="a spec must have at most 100000 values"):
        read(b"a: [" + b"1," * 100_000 + b"]", "f")


def test_the_size_is_limited() -> None:
    assert read(b"a: 1 #" + b"x" * (2**20 - 6), "f") == {"a": 1}
    assert said(b"a: 1 #" + b"x" * (2**20 - 5)) == "YamlUnsafe 1:1 a spec must be at most 1048576 bytes (1048577)"
