"""The effective receptive field against paths counted one by one, and against what is known of it in closed form."""

from collections import Counter
from itertools import product
from math import sqrt
from random import Random

import numpy as np
import pytest

import cnncalc
from cnncalc.errors import UsageError
from cnncalc.execute.effective import effective
from cnncalc.execute.paths import Paths, path_at
from cnncalc.slide import Span

from ..properties.dependence import SEED, random_networks, spec, taps

NETWORKS = {1: 300, 2: 120, 3: 12}


def analysed(layers, image="1x9"):
    return cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, input: {image}, rounding: floor, layers: [{layers}]}}"))


def field(layers, at, image="1x9"):
    analysis = analysed(layers, image)
    return effective(analysis, analysis.facts[-1].node.path, at)["input"]


def counted(paths):
    """Return the counts above zero by position."""
    places = product(*(range(s, s + n) for s, n in zip(paths.start, paths.counts.shape, strict=True)))
    return {place: count for place, count in zip(places, paths.counts.flatten(), strict=True) if count}


# ---------------------------------------------------------------- paths counted one by one


def after(layer, source, before, sizes):
    """Return the paths from each place of a layer's output, from those of each place of its input."""
    rules = [taps(layer, axis, w, n) for axis, (w, n) in enumerate(zip(before, sizes, strict=True))]
    found = {}
    for place in product(*map(range, sizes)):
        reads = [range(w) if rule is None else rule(o) for rule, o, w in zip(rules, place, before, strict=True)]
        found[place] = sum((source[one] for one in product(*reads) if one in source), Counter())
    return found


def joined(operands, sizes, crop):
    """Return the paths from each place of a join, from those of its operands: places and sizes."""
    found = {place: Counter() for place in product(*map(range, sizes))}
    for source, before in operands:
        for place in found:
            one = tuple(
                0 if w == 1 else o + ((w - n) // 2 if crop else 0) for o, w, n in zip(place, before, sizes, strict=True)
            )
            found[place] += source[one]
    return found


def traces(sizes, layers, shapes):
    """Yield the paths from each place of every node, in order."""
    remaining = iter(shapes)

    def chain(some, current):
        for layer in some:
            if "operands" in layer:
                operands = []
                for branch in layer["operands"]:
                    *inner, last = [(current, None), *chain(branch, current)]
                    yield from (one for one in inner[1:] if one)
                    yield from [last] if branch else []
                    operands.append(last[0])
                n = next(remaining)
                current = joined(operands, n, layer["crop"]), n
            else:
                n = next(remaining)
                current = after(layer, *current, n), n
            yield current, layer

    places = {place: Counter({place: 1}) for place in product(*map(range, sizes))}
    yield from chain(layers, (places, sizes))


@pytest.mark.parametrize("rank", NETWORKS)
def test_it_counts_the_paths_that_there_are(rank):
    rng = Random(f"{SEED}/{rank}")
    for number, sizes, layers, nodes in random_networks(NETWORKS[rank], rank):
        analysis = cnncalc.analyze(cnncalc.loads(spec(sizes, layers)))
        found = list(traces(sizes, layers, [facts.shape[1:] for _, facts, _ in nodes]))
        assert len(found) == len(nodes)
        for one, ((places, n), _) in zip(analysis.facts, found, strict=True):
            for at in {tuple(0 for _ in n), tuple(w - 1 for w in n), tuple(rng.randrange(w) for w in n)}:
                paths = effective(analysis, one.node.path, at).get("input")
                told = counted(paths) if paths else {}
                assert told == places[at], f"CNNCALC_SEED={SEED} network {number}: {one.node.path} at {at}"


def test_a_wrong_count_is_seen(monkeypatch):
    monkeypatch.setattr("cnncalc.slide.Slide.span", property(lambda slide: Span(-slide.before, slide.stride, 1)))
    with pytest.raises(AssertionError):
        test_it_counts_the_paths_that_there_are(1)


# ---------------------------------------------------------------- known figures


def test_three_3x3_are_the_outer_product_of_1_3_6_7_6_3_1():
    row = [1, 3, 6, 7, 6, 3, 1]
    found = field("{conv: 1, kernel: 3, repeat: 3}", (1, 2), image="1x10x11")
    assert found.start == (1, 2)
    assert found.counts.tolist() == [[a * b for b in row] for a in row]
    assert found.total == 27 * 27
    assert np.allclose(found.shares, np.outer(row, row) / 27**2, rtol=1e-15)


@pytest.mark.parametrize(("layers", "kernel"), [(1, 3), (5, 3), (40, 3), (7, 5), (20, 2)])
def test_the_spread_grows_with_the_root_of_the_layers(layers, kernel):
    found = field(f"{{conv: 1, kernel: {kernel}, repeat: {layers}}}", (150,), image="1x400")
    assert found.spread[0] == pytest.approx(sqrt(layers * (kernel**2 - 1) / 12), rel=1e-12)
    assert found.total == kernel**layers


def test_many_layers_make_a_gaussian():
    found = field("{conv: 1, kernel: 3, repeat: 60}", (100,), image="1x400")
    positions = np.arange(found.start[0], found.start[0] + len(found.counts))
    bell = np.exp(-((positions - found.mean[0]) ** 2) / (2 * found.spread[0] ** 2))
    assert np.abs(found.shares - bell / bell.sum()).max() < 2e-4


def test_counts_are_exact_where_floats_end():
    found = field("{conv: 1, kernel: 3, repeat: 700}", (0,), image="1x1401")
    assert found.total == 3**700
    assert found.counts[0] == found.counts[-1] == 1
    assert found.shares.sum() == pytest.approx(1, abs=1e-12)


def test_floats_come_to_the_same_shares():
    """The same convolution in floating point, scaled at every step."""
    found = field("{conv: 1, kernel: 5, repeat: 80}", (0,), image="1x321")
    shares = np.ones(1)
    for _ in range(80):
        shares = np.convolve(shares, np.full(5, 1 / 5))
    assert np.allclose(found.shares, shares, rtol=1e-12, atol=0)


# ---------------------------------------------------------------- what a path is


def test_a_path_that_steps_on_padding_is_not_counted():
    found = field("{conv: 1, kernel: 3, padding: 1}, {conv: 1, kernel: 3, padding: 1}", (0,))
    assert counted(found) == {(0,): 2, (1,): 2, (2,): 1}


def test_a_join_adds_its_operands_up_and_one_given_twice_counts_twice():
    assert counted(field("{conv: 1, name: a}, {add: [a, a, []]}", (4,))) == {(4,): 3}
    assert counted(field("{concat: [[{conv: 1, kernel: 3, padding: 1}], []]}", (4,))) == {(3,): 1, (4,): 2, (5,): 1}


def test_a_linear_layer_reads_every_position_once_and_so_does_the_next():
    found = field("{linear: 5}, {linear: 3}, softmax", (), image="2x2x3")
    assert counted(found) == dict.fromkeys(product(range(2), range(3)), 1)


def test_a_vector_is_one_position():
    found = field("{linear: 5}", (), image="7")
    assert (found.counts.shape, found.total, found.box, found.holes) == ((), 1, (), 0)
    assert (found.share(()), found.holding(0.95), found.spread) == (1, (), ())


def test_a_reshape_that_moves_elements_reads_all_of_its_input():
    found = field("{conv: 4, kernel: 3}, {reshape: 2x14}, {conv: 1, kernel: 3}", (0,))
    assert (found.total, found.box) == (3 * 7 * 3, ((0, 8),))


def test_a_norm_over_positions_reads_each_of_them_once():
    assert counted(field("instance_norm", (2,), image="1x5")) == {(o,): 1 for o in range(5)}


def test_each_input_has_its_own_counts_and_what_is_not_read_is_left_out():
    text = """
cnncalc: 1
inputs: {left: 1x8, right: 1x8, other: 1x8, vector: 8}
layers:
- {conv: 1, kernel: 3, padding: 1, from: left, name: a}
- {conv: 1, kernel: 3, from: other, name: unread}
- {add: [a, right]}
- {linear: 8, from: vector}
outputs: [add1, unread, linear1]
"""
    analysis = cnncalc.analyze(cnncalc.loads(text))
    found = effective(analysis, "add1", (0,))
    assert {name: counted(paths) for name, paths in found.items()} == {
        "left": {(0,): 1, (1,): 1}, "right": {(0,): 1},
    }  # fmt: skip
    assert effective(analysis, "linear1", ())["vector"].total == 1


def test_an_output_under_no_kernel_has_no_paths():
    analysis = analysed("{conv_transpose: 1, kernel: 1, stride: 3}")
    assert effective(analysis, "conv_transpose1", (1,)) == {}
    assert counted(effective(analysis, "conv_transpose1", (3,))["input"]) == {(1,): 1}


# ---------------------------------------------------------------- what is told of them


def test_gridding_is_the_positions_that_no_path_reaches():
    found = field("{conv: 1, kernel: 3, dilation: 2, repeat: 3}", (10, 10), image="1x40x40")
    assert found.box == ((10, 22), (10, 22))
    assert int(found.read.sum()) == 7 * 7
    assert found.holes == 13 * 13 - 7 * 7
    assert field("{conv: 1, kernel: 3}, {conv: 1, kernel: 3, dilation: 2}, {conv: 1, kernel: 3, dilation: 5}",
                 (1,), image="1x30").holes == 0  # fmt: skip


def test_the_share_of_the_middle():
    found = field("{conv: 1, kernel: 3, repeat: 3}", (1, 2), image="1x10x11")
    assert found.share((7, 7)) == 1
    assert found.share((1, 1)) == 49 / 27**2
    assert found.share((5, 3)) == (25 * 19) / 27**2
    assert found.share((99, 99)) == 1


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.95, 1.0])
def test_the_middle_that_holds_a_share_is_the_smallest(share):
    found = field("{conv: 1, kernel: 7, repeat: 4}", (3, 3), image="1x40x40")
    box = found.holding(share)
    sizes = [last + 1 - first for first, last in box]
    assert found.within(box) == found.share(sizes) >= share
    assert found.share([size - 2 for size in sizes]) < share or sizes == [1, 1]


def test_the_middle_keeps_the_proportions_of_the_field():
    found = field("{conv: 1, kernel: 11x5, repeat: 3}", (3, 3), image="1x80x60")
    (top, bottom), (left, right) = found.holding(0.9)
    (first, last), (start, stop) = found.box
    assert (top - first, left - start) == (last - bottom, stop - right)
    assert (left - start) == (top - first) * (stop + 1 - start) // (last + 1 - first)


def test_the_middle_of_a_frame_that_goes_over_the_border():
    found = field("{conv: 1, kernel: 3, padding: 1, repeat: 4}", (0,), image="1x20")
    assert found.box == ((0, 4),)
    assert found.holding(0.5, frame=((-4, 4),)) == ((-1, 1),)
    assert found.share((3,), frame=((-4, 4),)) == found.within(((0, 1),))


def test_shares_within_no_part_of_the_field_are_nothing():
    assert path_at((3, 4)).within(((5, 9), (0, 9))) == 0
    assert path_at((3, 4)).within(((-5, -1), (0, 9))) == 0
    assert Paths((0,), np.array([1, 3], dtype=object)).mean == (0.75,)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("path", "at", "said"),
    [
        ("conv2", (0,), "there is no layer conv2"),
        ("conv1", (7,), "the position must lie in the output of conv1 (7 in 1x7)"),
        ("conv1", (-1,), "the position must lie in the output of conv1 (-1 in 1x7)"),
        ("conv1", (0, 0), "the position must lie in the output of conv1 (0, 0 in 1x7)"),
        ("\x1b[31m", (0,), "there is no layer \\x1b[31m"),
    ],
)
def test_what_is_not_there_is_refused(path, at, said):
    with pytest.raises(UsageError) as caught:
        effective(analysed("{conv: 1, kernel: 3}"), path, at)
    assert str(caught.value) == said


def test_what_does_not_fit_in_memory_is_refused():
    analysis = analysed("{conv: 1, kernel: 3, padding: 1}, global_avg_pool", image=f"1x{10**9}x{10**9}")
    assert effective(analysis, "conv1", (5, 5))["input"].total == 9
    with pytest.raises(UsageError, match="at most"):
        effective(analysis, "global_avg_pool1", (0, 0))


def test_symbols_are_refused():
    graph = cnncalc.loads("{cnncalc: 1, input: [1, 4*w], layers: [{conv: 1}]}", symbolic=True)
    with pytest.raises(UsageError, match="symbols: w"):
        effective(cnncalc.analyze(graph), "conv1", (0,))
