"""docs/zoo.md is what the zoo is, and no number in it differs from a published one without a reason."""

import cnncalc
from cnncalc.zoo import names
from tests.golden.zoo_page import EXPLAINED, PAGE, differences, page, published


def test_the_page_is_fresh():
    """``python -m tests.golden.zoo_page`` writes it; a difference without a reason stops that."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_published_network_is_in_the_zoo():
    assert set(published()) <= set(names())


def test_every_reason_is_for_a_difference_that_is_there():
    for name, what in EXPLAINED:
        assert what in differences(name, cnncalc.analyze(cnncalc.load(f"zoo:{name}")), published()[name])
