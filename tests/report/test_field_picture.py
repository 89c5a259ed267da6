"""The picture of a receptive field: an SVG that is read back, and its numbers found where they were put."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cnncalc
from cnncalc.errors import UsageError
from cnncalc.execute.view import field_view, heat, picture_uri
from cnncalc.report.field_picture import field_svg, field_text, title
from cnncalc.report.pictures.palette import LEVELS, colour, level
from cnncalc.report.pictures.svg import FIELD

SVG = "{http://www.w3.org/2000/svg}"
STACK = "{conv: 2, kernel: 3, padding: half, repeat: 3}"
KINDS = {
    "small": (STACK, "3x16x16", "conv1.2", (8, 8)),
    "corner": (STACK, "3x16x16", "conv1.2", (0, 15)),
    "larger than the image": ("{conv: 2, kernel: 9, padding: half, repeat: 3}", "3x16x16", "conv1.2", (8, 8)),
    "holes": ("{conv: 2, kernel: 3, dilation: 2, padding: half, repeat: 3}", "3x32x32", "conv1.2", (16, 16)),
    "not square": ("{conv: 2, kernel: 3x9, padding: half, repeat: 3}", "3x12x300", "conv1.2", (5, 150)),
    "one row": ("{conv: 2, kernel: 1x9, repeat: 3}", "3x1x300", "conv1.2", (0, 150)),
    "one axis": (STACK, "3x40", "conv1.2", (1,)),
    "one axis, holes": ("{conv: 2, kernel: 3, dilation: 3, padding: half, repeat: 3}", "3x400", "conv1.2", (200,)),
    "three axes": (STACK, "3x9x20x30", "conv1.2", (4, 0, 15)),
    "a far part of three axes": (STACK, "3x90x90x90", "conv1.2", (40, 40, 40)),
    "four axes": (STACK, "3x8x9x10x11", "conv1.2", (4, 4, 4, 4)),
    "one position": ("relu", "3x9x9", "relu1", (4, 4)),
    "one pixel": ("{conv: 2, kernel: 3, padding: half}", "3x1x1", "conv1", (0, 0)),
    "the whole": ("global_avg_pool, {linear: 10}", "3x30x20", "linear1", ()),
    "large": ("{conv: 2, kernel: 301}", "3x1024x1024", "conv1", (360, 360)),
    "vast": ("{conv: 2, kernel: 3}", f"3x{10**9}x{10**9}", "conv1", (10**8, 10**8)),
}


def view_of(layers, image, path, at, **asked):
    text = f"{{cnncalc: 1, name: net, input: {image}, layers: [{layers}]}}"
    return field_view(cnncalc.analyze(cnncalc.loads(text)), path, at, **asked)


def picture(kind):
    view = view_of(*KINDS[kind])
    return view, ElementTree.fromstring(field_svg(view))


def outlines(root):
    """Return the outlines of the field, the one of the key apart: x, y, width and height."""
    return [
        tuple(float(one.get(key)) for key in ("x", "y", "width", "height"))
        for group in root.findall(f"{SVG}g")
        if group.get("clip-path")
        for one in group.iter(f"{SVG}rect")
        if one.get("stroke") == FIELD
    ]


def matrices(root):
    return [
        tuple(map(float, re.findall(r"[-0-9.e]+", one.get("transform").removeprefix("matrix"))))
        for one in root.iter(f"{SVG}use")
    ]


# ---------------------------------------------------------------- it is SVG, and stands alone


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_xml_that_reads_back_and_needs_nothing_else(kind):
    view, root = picture(kind)
    text = field_svg(view)
    assert root.tag == f"{SVG}svg"
    assert not {"script", "foreignObject", "style", "a"} & {one.tag.removeprefix(SVG) for one in root.iter()}
    links = re.findall(r'(?:href="|url\()([^")]*)', text)
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= {one.get("id") for one in root.iter()}
    assert not re.search(r"\b(nan|inf)\b", text)
    assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_outside_of_the_page(kind):
    _, root = picture(kind)
    width, height = float(root.get("width")), float(root.get("height"))
    assert width == 720
    assert 200 < height < 720
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.get("y")) <= height, one.text
        assert 0 <= float(one.get("x")) <= width, one.text


@pytest.mark.parametrize("kind", KINDS)
def test_no_identifier_is_given_twice(kind):
    _, root = picture(kind)
    names = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(names) == len(set(names))


def test_a_name_cannot_break_out_of_it():
    view = view_of(*KINDS["small"])._replace(
        network='</title><script>alert("1")</script>&', layer="a\x1b[31m\x00<b>'\"\ud800", input="]]>\n"
    )
    root = ElementTree.fromstring(field_svg(view))
    assert not list(root.iter(f"{SVG}script"))
    assert "\\x1b" in root.find(f"{SVG}title").text
    assert "<b>" in root.find(f"{SVG}title").text


# ---------------------------------------------------------------- the numbers are where they are said to be


@pytest.mark.parametrize("kind", ["small", "corner", "holes", "not square", "one row", "large", "one position"])
def test_the_outline_lies_on_the_positions_of_the_field(kind):
    view, root = picture(kind)
    (top, bottom), (left, right) = view.frame
    found = list(zip(outlines(root), matrices(root), strict=True))
    assert found
    (row, _), (column, _) = view.box
    for (x, y, width, height), (across, _, _, down, dx, dy) in found:
        assert x == pytest.approx(across * (left - column) + dx, abs=0.02)
        assert y == pytest.approx(down * (top - row) + dy, abs=0.02)
        assert width == pytest.approx(across * (right + 1 - left), abs=0.02)
        assert height == pytest.approx(down * (bottom + 1 - top), abs=0.02)


@pytest.mark.parametrize("kind", ["small", "corner", "holes", "large", "not square", "the whole"])
def test_the_cells_cover_what_is_read_once(kind):
    """Each run of cells is a rectangle of positions from the box's first on; they fill the box, and do not overlap."""
    view, root = picture(kind)
    (top, bottom), (left, right) = view.box
    drawn = next(one for one in root.iter(f"{SVG}g") if one.get("id") == "heat0")
    seen = set()
    for path in drawn:
        for run in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z", path.get("d")):
            x, y, width, height, back = map(int, run)
            assert width == back
            positions = {(row, column) for row in range(y, y + height) for column in range(x, x + width)}
            assert not positions & seen
            seen |= positions
    assert seen == {(row, column) for row in range(bottom + 1 - top) for column in range(right + 1 - left)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_shares_of_the_cells_add_up_to_one(kind):
    view = view_of(*KINDS[kind])
    for one in view.heats:
        assert sum(share or 0 for row in one.shares for share in row) == pytest.approx(1, abs=1e-12)


def test_a_cell_has_the_colour_of_its_share():
    view, root = picture("small")
    drawn = next(one for one in root.iter(f"{SVG}g") if one.get("id") == "heat0")
    at = {}
    for path in drawn:
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", path.get("d")):
            at |= {(int(y), int(x) + index): path.get("fill") for index in range(int(width))}
    shares = view.heats[0].shares
    assert at[3, 3] == colour(LEVELS - 1)
    assert at[0, 0] == colour(level(shares[0][0], shares[3][3])) == colour(int(1 / 49 * LEVELS))


def test_the_counts_stand_in_the_cells_where_there_is_room():
    _, root = picture("small")
    texts = [one.text for one in root.iter(f"{SVG}text")]
    row = ["1", "3", "6", "7", "6", "3", "1"]
    assert any(texts[index : index + 7] == row for index in range(len(texts)))
    assert "49" in texts


def test_holes_are_marked_and_counted():
    view, root = picture("holes")
    assert view.holes == 13**2 - 7**2
    drawn = next(one for one in root.iter(f"{SVG}g") if one.get("id") == "heat0")
    marked = next(path for path in drawn if path.get("fill") == "url(#hole0)")
    area = sum(int(w) * int(h) for w, h in re.findall(r"h(\d+)v(\d+)", marked.get("d")))
    assert area == view.holes
    said = " ".join(one.text for one in root.iter(f"{SVG}text"))
    assert "120 of the 169 positions" in said


def test_the_title_and_the_numbers_are_said():
    view, root = picture("corner")
    assert title(view) == "net: what output (0, 15) of conv1.2 sees"
    assert field_text(view) == "field 7x7: rows -3 to 3, columns 12 to 18; of the input, 16x16"
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert title(view) in said
    assert field_text(view) in said
    assert "padding outside of the input; what is read of the input: rows 0 to 3" in " ".join(said)
    assert {"-3", "12", "18"} <= set(said)


def test_the_middle_and_its_share_are_said():
    view = view_of("{conv: 2, kernel: 7, padding: half, repeat: 4}", "3x64x64", "conv1.3", (32, 32))
    said = " ".join(one.text for one in ElementTree.fromstring(field_svg(view)).iter(f"{SVG}text"))
    size = view.middle[0][1] + 1 - view.middle[0][0]
    assert f"the field's middle {size}x{size}: {100 * view.held:.3g}% of the paths" in said
    assert view.held >= 0.95


def test_the_bars_of_one_axis_stand_on_their_positions():
    view, root = picture("one axis")
    bars = next(one for one in root.iter(f"{SVG}path") if one.get("fill") == "#225ba8")
    heights = [float(high) for high in re.findall(r"M[-0-9.]+ [0-9.]+v-([0-9.]+)", bars.get("d"))]
    shares = view.heats[0].shares[0]
    assert len(heights) == len(shares)
    assert [high / max(heights) for high in heights] == pytest.approx([one / max(shares) for one in shares], abs=1e-3)


def test_three_axes_are_three_views():
    view, root = picture("three axes")
    assert [one.axes for one in view.heats] == [(1, 2), (0, 2), (1, 0)]
    assert len(outlines(root)) == 3
    said = " ".join(one.text for one in root.iter(f"{SVG}text"))
    assert all(f"added up along the {axis}" in said for axis in ("depth", "height", "width"))


# ---------------------------------------------------------------- sizes


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_of_a_size_that_a_page_can_carry(kind):
    assert len(field_svg(view_of(*KINDS[kind]))) < 200_000


def test_positions_are_grouped_in_cells_where_there_are_many_and_it_is_said():
    view, root = picture("large")
    assert view.heats[0].cell == 3
    assert len(view.heats[0].shares) == 101
    assert "share of the paths, in a cell of 3x3" in [one.text for one in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("most", [1, 2, 3, 6, 7, 99])
def test_cells_hold_all_positions_once(most):
    analysis = cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, input: 3x16x16, layers: [{STACK}]}}"))
    from cnncalc.execute.effective import effective

    found = heat(effective(analysis, "conv1.2", (8, 8))["input"], (0, 1), most)
    assert len(found.shares) <= most
    assert sum(share for row in found.shares for share in row) == pytest.approx(1)


# ---------------------------------------------------------------- a picture as the ground


def test_a_picture_lies_under_the_field(tmp_path):
    image = pytest.importorskip("PIL.Image")
    file = tmp_path / "cat.jpg"
    image.new("RGB", (60, 40), (200, 30, 30)).save(file)
    uri = picture_uri(file, (3, 16, 16))
    read = image.open(BytesIO(b64decode(uri.removeprefix("data:image/png;base64,"))))
    assert read.size == (16, 16)
    root = ElementTree.fromstring(field_svg(view_of(*KINDS["small"]), uri))
    assert {one.get("{http://www.w3.org/1999/xlink}href") for one in root.iter(f"{SVG}image")} == {uri}


def test_a_large_picture_is_made_smaller(tmp_path):
    image = pytest.importorskip("PIL.Image")
    file = tmp_path / "grey.png"
    image.radial_gradient("L").save(file)
    uri = picture_uri(file, (1, 2048, 1024))
    assert image.open(BytesIO(b64decode(uri.split(",")[1]))).size == (512, 512)


@pytest.mark.parametrize("shape", [(2, 16, 16), (3, 16), (7,)])
def test_an_input_that_is_no_picture_is_refused(shape):
    with pytest.raises(UsageError):
        picture_uri(Path("none.png"), shape)


# ---------------------------------------------------------------- what cannot be drawn


def test_a_vector_is_refused():
    with pytest.raises(UsageError, match="a vector has no positions to draw"):
        view_of("{linear: 3}", "7", "linear1", ())


def test_an_output_that_reads_nothing_is_refused():
    with pytest.raises(UsageError, match="conv_transpose1 reads nothing of input at 1"):
        view_of("{conv_transpose: 1, kernel: 1, stride: 3}", "1x9", "conv_transpose1", (1,))
