"""What a file states of its own network is held against the network."""

import pytest

import cnncalc
from cnncalc.claims import exceeded, field_text, unmet
from cnncalc.field import Extent, ReceptiveField

TWO_AXES = "{{cnncalc: 1, input: 1x9x9, layers: [{{conv: 2, kernel: 3x5}}], {claims}}}"


def told(claims, *, of=unmet, batch=1):
    analysis = cnncalc.analyze(cnncalc.loads(TWO_AXES.format(claims=claims)), batch=batch)
    return [(one.name, one.stated, one.found) for one in of(analysis)]


def test_what_is_true_is_not_told():
    true = "{params: 32, macs: 1050, output: 2x7x5, receptive_field: {size: [3, 5], jump: 1, start: 0}}"
    assert told(f"expect: {true}") == []
    assert told(f"expect: {true}", batch=3) == []  # a claim is of one sample


@pytest.mark.parametrize(
    ("claim", "stated", "found"),
    [
        ("params: 31", "31", "32"),
        ("macs: 2k", "2,000", "1,050"),
        ("output: 2x5x7", "2x5x7", "2x7x5"),
        ("receptive_field: 3", "3", "size 3, jump 1, start 0 and size 5, jump 1, start 0"),
        ("receptive_field: whole", "whole", "size 3, jump 1, start 0 and size 5, jump 1, start 0"),
        ("receptive_field: {size: [3]}", "size 3", "size 3, jump 1, start 0 and size 5, jump 1, start 0"),
    ],
)
def test_what_is_not_true_is_told_with_both_values(claim, stated, found):
    assert told(f"expect: {{{claim}}}") == [(claim.partition(":")[0], stated, found)]


def test_a_field_that_is_unknown_is_not_a_size():
    text = "{cnncalc: 1, input: 1x9x9, layers: [{max_pool: 3}, {upsample: 3}, {conv: 1}], expect: {receptive_field: 3}}"
    assert [one.found for one in unmet(cnncalc.analyze(cnncalc.loads(text)))] == ["unknown"]


def test_a_network_that_sees_the_whole_at_once_has_no_size():
    text = "{cnncalc: 1, input: 1x9x9, layers: [{linear: 1}], expect: {receptive_field: 9}}"
    assert [one.found for one in unmet(cnncalc.analyze(cnncalc.loads(text)))] == ["whole"]
    assert unmet(cnncalc.analyze(cnncalc.loads(text.replace("receptive_field: 9", "receptive_field: whole")))) == []


def test_the_expectation_of_one_layer_is_told_at_its_place():
    text = "cnncalc: 1\ninput: 1x9x9\nlayers:\n- {conv: 2, norm: batch_norm, expect: 2x8x9}\n"
    (one,) = unmet(cnncalc.analyze(cnncalc.loads(text, file="net.yaml")))
    assert (str(one.place), one.stated, one.found) == ("net.yaml:4:39: conv1.norm: expect", "2x8x9", "2x9x9")


def test_a_budget_is_an_upper_bound():
    assert told("budget: {params: 32, macs: 1050, activations: 70}", of=exceeded) == []
    assert told("budget: {params: 31, macs: 1k, activations: 69}", of=exceeded) == [
        ("params", "31", "32"),
        ("macs", "1,000", "1,050"),
        ("activations", "69", "70"),
    ]


def test_a_field_reads_once_where_the_axes_agree():
    assert field_text((Extent.UNKNOWN, Extent.UNKNOWN)) == "unknown"
    assert field_text((ReceptiveField(3), Extent.WHOLE)) == "size 3, jump 1, start 0 and whole"


def test_what_is_expected_of_the_file_as_written_is_not_of_one_changed_from_outside():
    head = "cnncalc: 1, input: 1x9x9, args: {c: 2}"
    text = f"{{{head}, layers: [{{conv: c}}], expect: {{params: 4, macs: 81*c}}, budget: {{params: 4}}}}"
    assert unmet(cnncalc.analyze(cnncalc.loads(text))) == []
    for changed in ({"args": {"c": 3}}, {"input": "1x8x8"}):
        assert unmet(cnncalc.analyze(cnncalc.loads(text, **changed))) == []
    wider = cnncalc.analyze(cnncalc.loads(text.replace("81*c", "81*c + 1"), args={"c": 3}))
    assert [(one.name, one.stated) for one in unmet(wider)] == [("macs", "244")]
    assert [one.name for one in exceeded(wider)] == ["params"]
