"""The picture of a receptive field in the characters of a terminal."""

import pytest

from cnncalc.report.field_plot import bars, field_plot
from cnncalc.report.pictures.palette import LEVELS, colour

from .test_field_picture import KINDS, view_of

GROWTH = [("conv1.0", 3, "3x3"), ("conv1.1", 5, "5x5"), ("pool", None, "unknown"), ("conv1.2", 7, "7x7")]


def lines_of(kind, **asked):
    return field_plot(view_of(*KINDS[kind]), GROWTH, **asked).plain.split("\n")


@pytest.mark.parametrize("coloured", [False, True])
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_into_the_width(kind, width, coloured):
    assert max(map(len, lines_of(kind, width=width, coloured=coloured))) <= width


@pytest.mark.parametrize("kind", KINDS)
def test_without_colour_it_is_plain_text(kind):
    text = field_plot(view_of(*KINDS[kind]), GROWTH)
    assert {str(span.style) for span in text.spans} <= {"bold", ""}
    assert all(line.isprintable() for line in text.plain.split("\n"))


def test_names_cannot_forge_a_line():
    view = view_of(*KINDS["small"])._replace(network="a\x1b[31m\nb", layer="c\rd")
    text = field_plot(view, [("e\n\x1b[0m", 3, "3x3")]).plain
    assert "\x1b" not in text
    assert "\r" not in text
    assert "a\\x1b[31m\\nb" in text


def test_the_shades_are_the_shares_and_each_position_has_its_place():
    found = lines_of("small")
    start = next(index for index, line in enumerate(found) if line.strip().startswith("0 ·"))
    near = [line[40:].strip() for line in found[start : start + 10]]
    assert near == [
        "4 ··················",
        "··░░░░░░░░░░░░░░··",
        "··░░░░▒▒▒▒▒▒░░░░··",
        "··░░▒▒▓▓██▓▓▒▒░░··",
        "··░░▒▒██████▒▒░░··",
        "··░░▒▒▓▓██▓▓▒▒░░··",
        "··░░░░▒▒▒▒▒▒░░░░··",
        "··░░░░░░░░░░░░░░··",
        "12 ··················",
        "4               12",
    ]


def test_padding_is_told_from_the_image():
    text = "\n".join(lines_of("corner"))
    assert "▓▓//////" in text
    assert "padding outside of the input; what is read of the input: rows 0 to 3, columns 12\n  to 15" in text


def test_holes_are_blank_and_counted():
    text = "\n".join(lines_of("holes"))
    assert "··░░  ░░  ▒▒  ▒▒  ▒▒  ░░  ░░··" in text
    assert "never read: 120 positions inside of the field (gridding)" in text


def test_in_colour_the_most_read_position_has_the_darkest_colour():
    text = field_plot(view_of(*KINDS["small"]), coloured=True)
    styles = " ".join(str(span.style) for span in text.spans)
    assert colour(LEVELS - 1) in styles
    assert colour(0) in styles


def test_one_axis_is_a_strip_and_bars():
    found = lines_of("one axis")
    strip = next(line for line in found if line.strip().startswith("█"))
    assert strip.strip() == "█" * 5 + "·" * 35
    assert any("/" in line for line in found)


def test_bars_are_as_long_as_the_field_is_large():
    found = list(bars(GROWTH, 80))
    full = found[-1].count("█")
    assert found[0].count("█") == full * 3 // 7
    assert found[2].split() == ["pool", "unknown"]


def test_of_many_layers_some_are_shown_the_first_and_the_last_among_them():
    growth = [(f"conv{index}", index, f"{index}") for index in range(1, 200)]
    found = list(bars(growth, 80))
    assert found[0].startswith("conv1 ")
    assert found[-2].startswith("conv199 ")
    assert found[-1] == f"(layers between these that are left out: {199 - (len(found) - 1)})"


def test_no_growth_is_no_bars():
    assert "conv1.0" not in field_plot(view_of(*KINDS["small"])).plain
