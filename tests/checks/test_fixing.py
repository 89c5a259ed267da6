"""Fixes are made at the marks: what is not mended stays as it was, to the byte."""

import pytest

from cnncalc.checks.base import Edit, Finding, Fix, Severity
from cnncalc.checks.fixing import compatible, mended
from cnncalc.checks.settings import Settings
from cnncalc.errors import Place, Span

SPEC = """\
# a comment: stays
cnncalc:   1
input: 3x010x1:30   # and so does this
layers:
- {conv: 8,   kernel: 03, stride: on}
"""


def after(text, **options):
    return mended(text.encode(), "net.yaml", Settings(), **options).after


def test_ambiguous_scalars_are_written_so_that_both_versions_of_yaml_read_them_alike():
    text = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 010,   kernel: 03}  # ten, three\n"
    assert after(text) == "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 10,   kernel: 3}  # ten, three\n"


def test_a_bias_before_a_norm_is_taken_away():
    text = "cnncalc: 1\ninput: 3x8x8\nlayers:\n- {conv: 8, bias: true, norm: batch_norm}   # c\n"
    assert after(text) == text.replace("bias: true", "bias: false")


def test_padding_is_added_only_where_unsafe_fixes_are_asked_for():
    text = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"
    assert after(text) == text
    assert after(text, unsafe=True) == text.replace("stride: 3}", "stride: 3, padding: 1}")


def test_a_padding_goes_below_the_op_where_options_have_lines_of_their_own():
    text = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- conv: 8   # eight\n  kernel: 3\n  stride: 3\n- relu\n"
    assert after(text, unsafe=True) == text.replace("# eight\n", "# eight\n  padding: 1\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_ends_of_lines_stay(end):
    text = f"cnncalc: 1{end or chr(10)}input: 3x8x8{end or chr(10)}layers: [{{conv: 010}}]{end}"
    assert after(text) == text.replace("010", "10")


def test_what_is_not_a_spec_at_all_stays():
    for content in (b"", b"\xff\xfe", b"[", b"a: b: c", b"\t- x"):
        found = mended(content, "f", Settings(), unsafe=True)
        assert found.after == found.before
        assert found.fixed == ()


def test_a_second_run_has_nothing_to_do():
    once = after(SPEC, unsafe=True)
    assert after(once, unsafe=True) == once


def test_the_diff_is_one_that_patch_understands():
    found = mended(b"cnncalc: 1\ninput: 3x8x8\nlayers: [{conv: 010}]", "net.yaml", Settings())
    assert found.diff("net.yaml") == (
        "--- a/net.yaml\n+++ b/net.yaml\n@@ -1,3 +1,3 @@\n cnncalc: 1\n input: 3x8x8\n"
        "-layers: [{conv: 010}]\n\\ No newline at end of file\n+layers: [{conv: 10}]\n\\ No newline at end of file\n"
    )


def test_of_two_fixes_that_overlap_the_first_is_made():
    def finding(start, end):
        edit = Edit(Span(1, start, 1, end), "x")
        return Finding("CNN004", "", Severity.ERROR, Place("f", edit.span), "m", fix=Fix("t", (edit,)))

    first, second, third = finding(1, 5), finding(4, 6), finding(6, 7)
    assert compatible([first, second, third]) == [first, third]
    assert compatible([finding(3, 3), finding(3, 3)]) == [finding(3, 3)]
