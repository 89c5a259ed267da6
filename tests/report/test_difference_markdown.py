"""The difference as a comment of a pull request."""

import re

import cnncalc
from cnncalc.difference import difference
from cnncalc.report.difference.markdown import difference_markdown

LABELS = ("old.yaml", "new.yaml")


def markdown(before, after, labels=LABELS):
    texts = [f"cnncalc: 1\ninput: 3x16x16\nlayers: [{layers}]\n" for layers in (before, after)]
    return difference_markdown(difference(*(cnncalc.analyze(cnncalc.loads(text)) for text in texts)), labels)


def test_the_first_line_says_what_became_of_the_layers():
    text = markdown("{conv: 4}, {linear: 10}", "{conv: 4}, relu, {linear: 11}")
    assert text.startswith("**`old.yaml` → `new.yaml`**: 1 layer added, 1 changed\n")


def test_the_totals_stand_before_and_after_and_in_per_cent():
    assert "| params | 76,900 | 115,350 | +38,450 | +50.0% |" in markdown("{linear: 100}", "{linear: 150}")


def test_every_row_of_a_table_has_the_columns_of_its_header():
    text = markdown("{conv: 4, act: relu}, {linear: 10}", "{conv: 5, kernel: 3, act: relu}, {linear: 10}")
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_a_long_table_is_folded():
    before, after = (", ".join(f"{{conv: {n + more}, name: d{n}}}" for n in range(25)) for more in (4, 40))
    text = markdown(before, after)
    assert "<summary>" in text
    assert text.index("<details>") < text.index("| `d0` |") < text.index("</details>")


def test_a_short_table_is_not_folded():
    assert "<details>" not in markdown("{conv: 4}", "{conv: 5}")


def test_the_deltas_sum_up_in_the_last_row():
    assert "|  | **total** |  | **+4 (+25.0%)** | **+768 (+25.0%)** |" in markdown("{conv: 4}", "{conv: 5}")


def test_stars_and_underscores_are_no_emphasis_and_the_legend_is_no_list():
    text = markdown("{max_pool: 2}", "{avg_pool: 2}")
    assert "avg\\_pool 2x2" in text
    assert "\n\\+ added" in text


def test_equal_networks_have_no_rows():
    text = markdown("{conv: 4}", "{conv: 4, name: a}")
    assert "the networks are the same but for names" in text
    assert "| layer |" not in text
    assert "- renamed: conv1 → a" in text


def test_labels_cannot_break_out():
    text = markdown("relu", "relu", labels=("a`|<b>\n", "b"))
    assert text.splitlines()[0] == "**`a'|<b>\\n` → `b`**: the networks are the same"
