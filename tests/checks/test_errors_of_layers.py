"""What is said of a layer that cannot be: where, with which numbers, and what would do, tried on the file itself."""

from __future__ import annotations

import time

import pytest

from cnncalc.checks import rule
from cnncalc.checks.base import Finding
from cnncalc.checks.mending import applied
from cnncalc.checks.survey import Survey, survey

from .mistakes import Mistake

HEAD = "cnncalc: 1\ninput: 3x32x32\n"
SPECS = 150
CODES = ("CNN101", "CNN102", "CNN103", "CNN104", "CNN105", "CNN106", "CNN107", "CNN108")


def surveyed(text: str) -> Survey:
    return survey(text.encode(), "net.yaml")


def findings(code: str, text: str) -> list[Finding]:
    return [*rule(code).findings(surveyed(text), rule(code).threshold)]


def one(code: str, *layers: str, head: str = HEAD) -> Finding:
    text = head + "layers:\n" + "".join(f"- {layer}\n" for layer in layers)
    (found,) = findings(code, text)
    return found


def helps(finding: Finding) -> list[str]:
    return [suggestion.text for line in finding.helps for suggestion in line]


def under(finding: Finding, text: str) -> str:
    """Return the text that the caret stands under."""
    span = finding.place.span
    return text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]


def wrong(code: str, text: str, check=None) -> list[str]:
    """Return what is wrong with the suggestions of one spec: a finding that stays, or a shape that is another."""
    before = surveyed(text)
    problems = []
    for found in rule(code).findings(before, rule(code).threshold):
        for suggestion in (suggestion for line in found.helps for suggestion in line if suggestion.edits):
            if check is not None:
                check(suggestion)
            after = surveyed(applied(before.text, suggestion.edits))
            path = found.place.path
            if [r.error for r in after.refusals if r.error.place.path == path] or after.graph is None:
                problems.append(f"{suggestion.text}: {[str(refusal.error) for refusal in after.refusals]}")
            elif after.described[path].shape != suggestion.output:
                problems.append(f"{suggestion.text}: {after.described[path].shape}, not {suggestion.output}")
    return problems


@pytest.mark.parametrize("code", CODES)
def test_every_suggestion_mends_the_layer_and_gives_the_shape_that_it_says(code):
    seed = mended = 0
    while mended < SPECS:
        edits = []
        text = Mistake(code, seed).text()
        problems = wrong(code, text, edits.append)
        assert problems == [], f"seed {seed} of {code}\n{text}"
        mended += bool(edits)
        seed += 1
        assert seed < 20 * SPECS, f"{mended} of {seed} specs of {code} have suggestions"


def test_a_suggestion_that_does_not_mend_is_seen(monkeypatch):
    monkeypatch.setattr("cnncalc.checks.remedy.axes", lambda values: (values[0], "9"))
    monkeypatch.setattr("cnncalc.checks.pool_padding_too_large.axes", lambda values: (values[0], "9"))
    assert wrong("CNN103", HEAD + "layers:\n- {max_pool: 2, padding: 2}\n")


def test_the_layer_that_shrank_the_input_is_named():
    found = one("CNN102", "{conv: 8, kernel: 3}", "{max_pool: 10}", "relu", "{conv: 8, kernel: 5}")
    assert found.message == "5x5 filter exceeds a 3x3 input"
    assert [(label.span.line, label.text) for label in found.others] == [(5, "max_pool1 makes it 3x3 from 30x30")]
    assert "height: (W - F + 2P)/S + 1 = (3 - 5 + 2*0)/1 + 1 = -1, less than 1" in found.notes


def test_the_smallest_network_input_that_works_is_the_smallest():
    layers = ("{conv: 8, kernel: 3}", "{max_pool: 2}", "{conv: 8, kernel: 17}")
    found = one("CNN102", *layers)
    assert helps(found)[0] == "a 36x36 input of the network is the smallest that works: it gives 1x1 here"
    for size, sound in ((34, False), (35, False), (36, True)):
        text = f"cnncalc: 1\ninput: 3x{size}x{size}\nlayers:\n" + "".join(f"- {layer}\n" for layer in layers)
        assert (not surveyed(text).refusals) is sound


def test_an_axis_that_is_long_enough_stays_as_it_is():
    found = one("CNN102", "{conv: 8, kernel: 41x3}")
    assert helps(found)[0].startswith("a 41x32 input of the network is the smallest that works without cutting it")


def test_no_network_input_is_named_where_none_would_do():
    found = one("CNN102", "global_avg_pool", "{conv: 8, kernel: 3}")
    assert helps(found) == ["`padding: 1` gives 1x1", "`kernel: 1` gives 1x1"]


def test_the_search_for_an_input_is_short_on_a_long_network():
    head = "cnncalc: 1\ninput: 1x64x64\n"
    text = head + "layers: [{conv: 1, kernel: 3, padding: half, repeat: 99000}, {max_pool: 64}, {conv: 1, kernel: 5}]"
    found = surveyed(text)
    started = time.process_time()
    assert len([*rule("CNN102").findings(found, None)]) == 1
    assert time.process_time() - started < 10


def test_the_common_divisors_nearest_to_the_groups_are_told():
    found = one("CNN104", "{conv: 24, groups: 5}", head="cnncalc: 1\ninput: 12x8x8\n")
    assert helps(found) == ["`groups: 4` gives 24x8x8", "`groups: 6` gives 24x8x8"]


def test_the_largest_padding_of_a_pool_is_told():
    assert helps(one("CNN103", "{max_pool: 2, padding: 2}")) == ["`padding: 1` gives 17x17"]


def test_every_operand_is_shown_at_its_line_and_the_projection_with_its_stride():
    found = one("CNN105", "{conv: 8, name: a}", "{conv: 16, kernel: 2, stride: 2}", "{add: [a, prev]}")
    assert [(label.span.line, label.text) for label in found.others] == [(4, "a: 8x32x32"), (5, "conv1: 16x16x16")]
    assert helps(found)[0] == "`{conv: 16, stride: 2, rounding: floor}` after a gives 16x16x16"
    assert found.notes == ("channels: 8 and 16", "height: 32 and 16", "width: 32 and 16")


def test_the_odd_branch_of_a_concat_gets_its_padding_or_all_are_cropped():
    found = one("CNN106", "{concat: [[{conv: 8}], [{conv: 8, kernel: 3x5}, relu]]}")
    assert helps(found) == ["`padding: 1x2` on conv2 (line 4) gives 16x32x32", "`align: crop` gives 16x30x28"]


def test_the_layer_that_made_the_vector_is_named():
    found = one("CNN107", "flatten", "relu", "{conv: 8, kernel: 3}")
    assert [(label.span.line, label.text) for label in found.others] == [
        (4, "flatten1 makes a vector of 3072 of 3x32x32")
    ]


def test_the_largest_output_padding_is_told():
    found = one("CNN108", "{conv_transpose: 8, kernel: 3, stride: 2, output_padding: 2}")
    assert (found.label, helps(found)[0]) == ("at most 1", "`output_padding: 1` gives 66x66")


@pytest.mark.parametrize(
    ("code", "line", "option"),
    [
        ("CNN102", "{conv: 8, stride: 1, kernel: 40}", "kernel: 40"),
        ("CNN102", "{max_pool: 40, stride: 1}", "max_pool: 40"),
        ("CNN102", "{conv_transpose: 8, padding: 40}", "padding: 40"),
        ("CNN103", "{max_pool: 2, padding: 2}", "padding: 2"),
        ("CNN104", "{conv: 8, groups: 5}", "groups: 5"),
        ("CNN104", "{group_norm: 5}", "group_norm: 5"),
        ("CNN105", "{add: [[{conv: 8}], []], act: relu}", "add: [[{conv: 8}], []]"),
        ("CNN107", "{conv: 8, kernel: 3x3x3}", "kernel: 3x3x3"),
        ("CNN107", "{adaptive_avg_pool: 3x3x3}", "adaptive_avg_pool: 3x3x3"),
        ("CNN107", "{conv: 8, padding: causal, kernel: 3}", "padding: causal"),
        ("CNN108", "{conv_transpose: 8, output_padding: 3}", "output_padding: 3"),
        ("CNN109", "{reshape: 3x3}", "reshape: 3x3"),
        ("CNN109", "{slice: [0, 9]}", "slice: [0, 9]"),
        ("CNN110", "{upsample: 9000000000000000000}", "upsample: 9000000000000000000"),
    ],
)
def test_the_caret_stands_under_the_option_to_change(code, line, option):
    text = f"{HEAD}layers:\n- {line}\n"
    assert under(one(code, line), text) == option


def test_an_error_met_while_the_blocks_are_written_out_is_told_all_the_same():
    text = f"{HEAD}blocks: {{b: {{layers: [{{conv: cin}}]}}}}\nlayers:\n- {{conv: 8, kernel: 99}}\n- {{use: b}}\n"
    assert [found.message for found in findings("CNN102", text)]


def test_a_line_that_fails_alike_many_times_is_told_for_each_layer():
    found = findings("CNN102", f"{HEAD}layers: [{{conv: 8, kernel: 99, from: in, repeat: 3}}]\n")
    assert [one.place.path for one in found] == ["conv1.0", "conv1.1", "conv1.2"]
