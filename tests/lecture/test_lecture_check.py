"""L8: a 3x3 filter with stride 3 does not fit 7x7 pixels, and each thing that the message offers makes it fit."""

import pytest

import cnncalc
from cnncalc.checks.engine import check_text
from cnncalc.checks.mending import applied
from cnncalc.report.findings.full import full_text

SEVEN = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"
MESSAGE = """\
error[CNN101]: 3x3 filter with stride 3 does not fit a 7x7 input
 --> net.cnn.yaml:4:24
  |
2 | input: 1x7x7
  |        ----- the 7x7 input
4 | - {conv: 8, kernel: 3, stride: 3}
  |                        ^^^^^^^^^ 4 steps do not divide by 3
  |
  = note: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33, not a whole number
  = note: two windows cover rows and columns 1 to 6; the last row and column are never read (13 of 49 positions, 27%)
  = help: `padding: 1` gives 3x3
  = help: `stride: 2` gives 3x3, `stride: 1` gives 5x5
  = help: a 6x6 input gives 2x2, a 9x9 input 3x3
  = help: `rounding: floor` accepts the loss and gives 2x2, as PyTorch does

checked 1 file: 1 error
"""
FITS = [(3, 3), (3, 3), (5, 5), (2, 2), (3, 3), (2, 2)]


def test_L8_is_told_in_the_words_of_the_model():
    findings = check_text(SEVEN.encode(), "net.cnn.yaml")
    assert full_text(findings, ["net.cnn.yaml"], lambda _: SEVEN.splitlines()) == MESSAGE


@pytest.mark.parametrize("index", range(len(FITS)))
def test_L8_each_suggestion_makes_the_file_pass(index):
    (finding,) = check_text(SEVEN.encode(), "f")
    every = [suggestion for line in finding.helps for suggestion in line]
    assert len(every) == len(FITS)
    text = applied(SEVEN, every[index].edits)
    assert [one.code for one in check_text(text.encode(), "f") if one.code < "CNN2"] == []
    (output,) = cnncalc.analyze(cnncalc.loads(text)).outputs.values()
    assert output == every[index].output == (8, *FITS[index])
