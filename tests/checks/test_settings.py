import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.checks import RULES
from cnncalc.checks.globs import MAX_ALTERNATIVES, alternatives, matches, within, wrong
from cnncalc.checks.settings import Settings, codes, is_fixed

ANY = settings(derandomize=True, max_examples=300, deadline=None)
SELECTORS = st.sampled_from(
    ["CNN", *RULES, *RULES.values(), *sorted({code[:length] for code in RULES for length in (4, 5)})]
)


def run(checked: Settings, file: str = "net.yaml") -> list[str]:
    return [code for code in RULES if checked.selects(code, file)]


def test_all_rules_are_run_where_nothing_is_selected():
    assert run(Settings()) == list(RULES)


@pytest.mark.parametrize("selector", ["CNN210", "gridding"])
def test_a_code_and_a_name_select_one_rule(selector):
    assert run(Settings(select=(selector,))) == ["CNN210"]


def test_the_beginning_of_a_code_selects_its_rules():
    assert run(Settings(select=("CNN3",))) == ["CNN301", "CNN302", "CNN303"]


@pytest.mark.parametrize("word", ["", "C", "cnn2", "CNN9", "CNN2011", "grid", "Gridding"])
def test_a_word_that_names_no_rule_selects_none(word):
    assert codes(word) == []
    assert run(Settings(select=(word,))) == []


def test_the_more_specific_of_select_and_ignore_wins():
    assert run(Settings(select=("CNN3", "CNN201"), ignore=("CNN2", "CNN302"))) == ["CNN201", "CNN301", "CNN303"]


def test_a_name_is_as_specific_as_its_code():
    assert run(Settings(select=("gridding",), ignore=("CNN210",))) == []
    assert run(Settings(select=("gridding",), ignore=("CNN21",))) == ["CNN210"]


@given(st.lists(SELECTORS, max_size=4), st.lists(SELECTORS, max_size=4))
@ANY
def test_selection_is_the_closest_selectors_and_a_tie_is_ignored(select, ignore):
    checked = Settings(select=tuple(select), ignore=tuple(ignore))
    for code in RULES:

        def closest(selectors, code=code):
            return max(
                (6 if word == RULES[code] else len(word) for word in selectors if code in codes(word)), default=0
            )

        assert checked.selects(code, "net.yaml") == (
            (closest(select) > closest(ignore)) if select else not closest(ignore)
        )


def test_what_is_ignored_in_some_files_is_run_in_the_others():
    checked = Settings(select=("CNN201",), per_file_ignores={"old/**": ("CNN2",), "*.draft.yaml": ("CNN201",)})
    files = ["old/a/net.yaml", "net.yaml", "a/b.draft.yaml", "a/old/net.yaml"]
    assert [checked.selects("CNN201", file) for file in files] == [False, True, False, True]


def test_a_pattern_for_a_folder_is_about_the_files_below():
    checked = Settings(per_file_ignores={"specs/broken/": ("CNN2",)})
    assert not checked.selects("CNN201", "./specs/broken/deep/net.yaml")
    assert checked.selects("CNN201", "specs/brokenly/net.yaml")


def test_patterns_are_seen_from_the_folder_of_the_configuration(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    checked = Settings(per_file_ignores={"sub/*.yaml": ("CNN2",)}, folder=str(tmp_path))
    files = ["net.yaml", "../net.yaml", str(tmp_path / "sub" / "net.yaml"), "<stdin>"]
    assert [checked.selects("CNN201", file) for file in files] == [False, True, False, True]


def test_a_folder_by_way_of_a_link_is_the_same_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert within(str(tmp_path / "link" / "net.yaml"), str(tmp_path / "real")) == "net.yaml"


def test_settings_travel_to_another_process():
    checked = Settings(select=("CNN2",), per_file_ignores={"a": ("CNN201",)})
    assert pickle.loads(pickle.dumps(checked)) == checked


def test_errors_of_the_file_and_of_shapes_are_fixed_and_no_others():
    assert [code for code in RULES if is_fixed(code)] == [c for c in RULES if c[3] in "01" and c != "CNN009"]


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.yaml", "a/b/net.yaml", True),
        ("*.yaml", "net.yml", False),
        ("a/*.yaml", "a/b/net.yaml", False),
        ("./a/*.yaml", "a/net.yaml", True),
        ("a/**/net.yaml", "a/net.yaml", True),
        ("a/**/net.yaml", "a/b/c/net.yaml", True),
        ("**/b/**", "a/b/c", True),
        ("**", "a/b/c", True),
        ("a/b", "x/a/b", False),
        ("/a/b", "a/b", True),
        ("net.{yaml,yml}", "net.yml", True),
        ("{a,b/{c,d}}/x", "b/d/x", True),
        ("net[0-9].yaml", "net7.yaml", True),
        ("net[!0-9].yaml", "net7.yaml", False),
        ("net[.yaml", "net[.yaml", True),
        ("[z-a]", "b", False),
        ("a?c", "a/c", False),
        ("**.yaml", "a/net.yaml", True),
        ("../x/*", "../x/net.yaml", True),
        ("NET.yaml", "net.yaml", False),
        ("a\\b", "a\\b", True),
        ("\udcff*", "\udcffnet", True),
    ],
)
def test_patterns_match_as_in_an_ignore_file(pattern, path, expected):
    assert wrong(pattern) == ""
    assert matches([pattern], path) is expected


def test_a_pattern_from_the_root_matches_from_the_root(tmp_path):
    assert matches([f"{tmp_path}/a/*"], "a/net.yaml", str(tmp_path))
    assert not matches([f"{tmp_path}/b/*"], "a/net.yaml", str(tmp_path))


@pytest.mark.parametrize(
    "pattern", ["", ".", "./", "/", "..", "!a", "a\0b", "x" * 1001, "{a,b}" * 7, "{" + "a," * 200 + "}"]
)
def test_a_pattern_that_cannot_be_meant_is_wrong(pattern):
    assert wrong(pattern)


@pytest.mark.parametrize("pattern", ["**/*a" * 60 + "/b", "*a" * 400 + "b", "**/" * 300 + "b"])
def test_no_pattern_is_slow(pattern):
    assert not matches([pattern], "/".join(["a" * 50] * 80), above=True)


@given(st.text("ab*?[]!{},/.", max_size=30), st.text("ab/.", max_size=20))
@ANY
def test_any_pattern_is_wrong_or_matches_something_or_nothing(pattern, path):
    assert wrong(pattern) or isinstance(matches([pattern], path, above=True), bool)
    assert len(alternatives(pattern)) <= MAX_ALTERNATIVES


@given(
    st.lists(st.sampled_from(["a", "b", "*", "**"]), min_size=2, max_size=6),
    st.lists(st.sampled_from("ab"), min_size=1, max_size=7),
)
@ANY
def test_folders_match_as_a_plain_recursion_says(pattern, path):
    def holds(parts, names):
        if not parts:
            return not names
        if parts[0] == "**":
            return any(holds(parts[1:], names[start:]) for start in range(len(names) + 1))
        return bool(names) and parts[0] in ("*", names[0]) and holds(parts[1:], names[1:])

    assert matches(["/".join(pattern)], "/".join(path)) == holds(pattern, path)
