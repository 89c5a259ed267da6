"""docs/zoo.md is what the zoo is, and no number in it differs from a published one without a reason."""

import pytest

import cnncalc
from cnncalc.zoo import names
from tests.golden.zoo_page import EXPLAINED, PAGE, differences, page, published, row

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", names())
def test_the_line_of_a_network_is_fresh(name):
    """``python -m tests.golden.zoo_page`` writes it; a difference without a reason stops that."""
    line, notes = row(name)
    assert line in TEXT.splitlines()
    assert set(notes) <= set(TEXT.splitlines())


def test_the_page_has_nothing_else():
    lines = TEXT.splitlines()
    rows = {name: (next(one for one in lines if one.startswith(f"| `zoo:{name}` |")), []) for name in names()}
    written = page(rows).splitlines()
    assert [one for one in lines if one not in written] == [one for one in lines if one.startswith("- ")]
    assert [one for one in lines if not one.startswith("- ")] == written


def test_every_published_network_is_in_the_zoo():
    assert set(published()) <= set(names())


def test_every_reason_is_for_a_difference_that_is_there():
    for name, what in EXPLAINED:
        assert what in differences(name, cnncalc.analyze(cnncalc.load(f"zoo:{name}")), published()[name])
