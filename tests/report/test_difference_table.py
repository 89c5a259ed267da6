"""The difference in a terminal and in a pipe: it fits, it adds up, and its colours mean something."""

import io
import re

import pytest
from rich.console import Console

import cnncalc
from cnncalc.difference import difference
from cnncalc.report.difference.table import difference_text, print_difference

LABELS = ("old.yaml", "new.yaml")
DEEPER = {"n1": "3", "n2": "4", "n3": "6", "n4": "3"}
PAIRS = [("resnet18", "resnet18", DEEPER), ("mobilenet_v1", "mobilenet_v2", {}), ("vgg16", "vgg16", {"n3": "4"}),
         ("mobilenet_v2", "mobilenet_v2", {"width": "0.5"}), ("googlenet", "densenet121", {})]  # fmt: skip


def zoo(before, after, args):
    return difference(
        cnncalc.analyze(cnncalc.load(f"zoo:{before}")), cnncalc.analyze(cnncalc.load(f"zoo:{after}", args=args))
    )


def specs(before, after, head="input: 3x16x16"):
    texts = [f"cnncalc: 1\nrounding: floor\n{head}\nlayers: [{layers}]\n" for layers in (before, after)]
    return difference(*(cnncalc.analyze(cnncalc.loads(text)) for text in texts))


def printed(found, width, *, color=None):
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=color, force_terminal=bool(color), highlight=False)
    print_difference(found, LABELS, console)
    return stream.getvalue()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(pair[:2]))
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(pair, width):
    assert max(map(len, printed(zoo(*pair), width).splitlines())) <= width


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(pair[:2]))
def test_the_printed_deltas_add_up_to_the_printed_total(pair):
    found = zoo(*pair)
    text = difference_text(found, LABELS)
    rows = [line for line in text.split(LEGEND_START)[0].splitlines() if re.match(r"[-+~·] ", line)]
    totals = next(line for line in text.splitlines() if line.split()[:1] == ["total"])
    for name, column in (("params", -2), ("macs", -1)):
        deltas = [ends(line, text)[column] for line in rows]
        assert sum(deltas) == found.delta(name) == ends(totals, text)[column]


LEGEND_START = "\n+ added"


def ends(line, text):
    """Return the params and the MACs at the ends of their columns, which the header's words have too."""
    header = next(one for one in text.splitlines() if one.split() == ["layer", "params", "MACs"])
    cut = header.index("params") + len("params")
    return [number(line[:cut]), number(line[cut:])]


def number(text):
    found = re.search(r"(?:^|\s)([-+][\d,]+)(?: \([-+][\d.e-]+%\))?$", text.rstrip())
    return int(found.group(1).replace(",", "")) if found else 0


def test_equal_networks_are_said_to_be_the_same():
    text = difference_text(specs("{conv: 4}", "{conv: 4}"), LABELS)
    assert "the networks are the same\n" in text
    assert "renamed" not in text


def test_networks_that_differ_in_names_are_the_same_and_the_names_are_listed():
    text = difference_text(specs("{conv: 4}", "{conv: 4, name: stem}"), LABELS)
    assert "the networks are the same but for names" in text
    assert "renamed: conv1 → stem" in text


def test_renames_by_number_are_one_line():
    text = difference_text(
        specs("{conv: 4}, {conv: 5}, {conv: 6}", "{conv: 3}, {conv: 4}, {conv: 5}, {conv: 6}"), LABELS
    )
    assert "renumbered: 3 layers, conv1 is now conv2, ..." in text


def test_a_change_is_told_with_both_values():
    text = difference_text(specs("{conv: 4, kernel: 7, bias: false}", "{conv: 4, kernel: 3x1}"), LABELS)
    assert "kernel 7x7 → 3x1, bias false → true" in text


def test_an_addition_is_told_with_its_settings_and_followers():
    text = difference_text(specs("tanh", "tanh, {conv: 4, kernel: 3, norm: batch_norm, act: relu}"), LABELS)
    assert "conv 4, 3x3 + batch_norm + relu" in text


def test_deltas_are_signed_and_in_per_cent():
    text = difference_text(specs("{linear: 100}", "{linear: 150}"), LABELS)
    assert "+38,450 (+50.0%)" in text


def test_another_input_and_output_are_told():
    texts = [f"cnncalc: 1\ninput: 3x{size}x{size}\nlayers: [{{conv: 4}}]" for size in (8, 9)]
    text = difference_text(difference(*(cnncalc.analyze(cnncalc.loads(one)) for one in texts)), LABELS)
    assert "input 3x8x8 → 3x9x9" in text
    assert "4x8x8  4x9x9" in text


def test_less_is_green_and_more_is_red():
    lines = printed(specs("{conv: 4, name: a}, {linear: 9}", "{conv: 5, name: a}, {linear: 3}"), 120, color="standard")
    assert re.search(r"\x1b\[31m *\+4 \(\+25.0%\)", lines)
    assert re.search(r"\x1b\[32m *-[\d,]+ \(-", lines)


def test_a_pipe_has_no_colours_and_no_spaces_at_the_ends():
    text = difference_text(zoo(*PAIRS[0]), LABELS)
    assert "\x1b" not in text
    assert not re.search(r" $", text, flags=re.MULTILINE)


def test_control_characters_of_labels_are_escaped():
    text = difference_text(specs("relu", "tanh"), ("a\x1b[31m", "b\n"))
    assert text.startswith("a\\x1b[31m → b\\n\n")


def test_brackets_in_a_label_are_no_markup():
    assert difference_text(specs("relu", "tanh"), ("[red]a", "b")).startswith("[red]a → b\n")
