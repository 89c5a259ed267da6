"""A comment suppresses what it names, where it stands; one that suppresses nothing is told."""

import pytest

from cnncalc.checks.engine import check_text
from cnncalc.checks.ignores import ignores, selected
from cnncalc.checks.settings import Settings
from cnncalc.checks.survey import survey

HEAD = "cnncalc: 1\ninput: 1x8x8\nrounding: floor\n"
CONV = "- {conv: 4, kernel: 3, stride: 2}"  # a row and a column are never read: CNN201


def codes(text, **settings):
    return [one.code for one in check_text(text.encode(), "f", Settings(**settings))]


def test_without_a_comment_the_finding_is_told():
    assert codes(f"{HEAD}layers:\n{CONV}\n") == ["CNN201"]


@pytest.mark.parametrize("selector", ["CNN201", "CNN2", "floor-drops-input", "CNN301,CNN201", " CNN201 "])
def test_a_comment_at_the_end_of_the_line_suppresses(selector):
    assert "CNN201" not in codes(f"{HEAD}layers:\n{CONV}  # cnncalc: ignore[{selector}] as published\n")


def test_a_comment_on_the_line_above_suppresses_across_other_comments():
    text = f"{HEAD}layers:\n# cnncalc: ignore[CNN201] as published\n# and so on\n\n{CONV}\n"
    assert codes(text) == []


def test_a_comment_above_the_first_line_of_a_layer_speaks_of_its_options():
    text = f"{HEAD}layers:\n# cnncalc: ignore[CNN201] as published\n- conv: 4\n  kernel: 3\n  stride: 2\n"
    assert codes(text) == []


def test_a_comment_speaks_of_its_own_line_only():
    text = f"{HEAD}layers:\n- relu  # cnncalc: ignore[CNN201]\n{CONV}\n"
    assert codes(text) == ["CNN009", "CNN201"]


def test_a_comment_for_the_file_may_stand_anywhere():
    assert codes(f"{HEAD}layers:\n{CONV}\n# cnncalc: ignore-file[CNN2] as published\n") == []


def test_a_finding_in_a_block_is_suppressed_in_its_body_or_where_the_block_is_used():
    body = "blocks:\n  b:\n    layers:\n    - {conv: 4, kernel: 3, stride: 2}%s\nlayers:\n- {use: b}%s\n"
    comment = "  # cnncalc: ignore[CNN201] as published"
    assert codes(HEAD + body % ("", "")) == ["CNN201"]
    assert codes(HEAD + body % (comment, "")) == []
    assert codes(HEAD + body % ("", comment)) == []


def test_a_comment_that_suppresses_nothing_is_told():
    text = f"{HEAD}layers:\n- relu  # cnncalc: ignore[CNN201]\n"
    (one,) = check_text(text.encode(), "f")
    assert (one.code, one.place.span.column, one.message) == ("CNN009", 9, "this ignore of CNN201 suppresses nothing")


def test_each_code_of_a_comment_must_suppress_something():
    text = f"{HEAD}layers:\n{CONV}  # cnncalc: ignore[CNN201, CNN202]\n"
    assert [one.message for one in check_text(text.encode(), "f")] == ["this ignore of CNN202 suppresses nothing"]


def test_an_ignore_of_a_rule_that_was_not_run_is_not_unused():
    text = f"{HEAD}layers:\n- relu  # cnncalc: ignore[CNN201]\n"
    assert codes(text, select=("CNN009", "CNN3")) == []


def test_a_bare_ignore_is_refused():
    text = f"{HEAD}layers:\n{CONV}  # cnncalc: ignore\n"
    assert codes(text) == ["CNN201", "CNN009"] or codes(text) == ["CNN009", "CNN201"]
    messages = [one.message for one in check_text(text.encode(), "f")]
    assert "an ignore must name what it ignores" in messages


def test_an_unknown_rule_is_told_with_the_one_that_is_meant():
    text = f"{HEAD}layers:\n- relu  # cnncalc: ignore[floor-drop-input]\n"
    (one,) = check_text(text.encode(), "f")
    assert (one.message, one.helps[0][0].text) == (
        "there is no rule floor-drop-input", "did you mean floor-drops-input?"
    )  # fmt: skip


@pytest.mark.parametrize("selector", ["CNN101", "CNN1", "does-not-fit", "CNN005"])
def test_an_error_of_the_network_cannot_be_ignored(selector):
    text = f"cnncalc: 1\ninput: 1x8x8\nlayers:\n{CONV}  # cnncalc: ignore[{selector}]\n"
    findings = check_text(text.encode(), "f")
    assert [one.code for one in findings] == ["CNN101", "CNN009"]
    assert "cannot be ignored" in findings[1].message


@pytest.mark.parametrize(
    "name",
    ["'# cnncalc: ignore-file[CNN201]'", '"x # cnncalc: ignore-file[CNN201]"', "'x#cnncalc: ignore-file[CNN201]'"],
)
def test_a_scalar_is_no_comment(name):
    text = f"name: {name}\n{HEAD}layers:\n{CONV}\n"
    assert list(ignores(survey(text.encode(), "f"))) == []
    assert codes(text) == ["CNN201"]


def test_lines_are_counted_alike_whatever_ends_them():
    text = f"{HEAD}layers:\n{CONV}  # cnncalc: ignore[CNN201]\n".replace("\n", "\r\n")
    assert codes(text) == []


def test_a_name_selects_one_rule_and_a_beginning_many():
    assert selected("CNN201", "CNN2")
    assert not selected("CNN201", "CNN20X")
    assert not selected("CNN201", "floor")
    assert not selected("CNN201", "")
