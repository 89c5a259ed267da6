"""The solver of ``cnncalc conv``: what it finds is what trying every candidate on the layer itself finds."""

import random
from itertools import product

import pytest

from cnncalc.errors import LayerError, RankMismatch, UsageError
from cnncalc.layers.base import output_shape
from cnncalc.layers.conv import Conv
from cnncalc.solve.paddings import pairs
from cnncalc.solve.proof import solved
from cnncalc.solve.question import MOST, Axis, Setting, axes_of, bounds
from cnncalc.solve.search import answers, solve
from cnncalc.solve.why import formula, nearest, reason

EVERY = 10**7
NAMES = ("kernel", "stride", "padding", "dilation")


def fits(layer, spatial, wanted):
    try:
        shape = output_shape(layer, [(1, *spatial)])
    except LayerError:
        return False
    return wanted is None or shape[1:] == wanted


def each(value, rank):
    return (value,) * rank if isinstance(value, int) else value


def tried(given, spatial, asked, wanted, even=True):
    """Return every candidate that fits when each is built and asked, within the bounds that the tool states."""
    rank, several = len(spatial), len(asked) > 1
    padding = given.get("padding", 0)
    amount = (
        [2 * one if isinstance(one, int) else sum(one) for one in each(padding, rank)] if padding != "half" else None
    )
    free = "padding" in asked or amount is None
    longest = max(spatial) + (0 if free else max(amount))
    ranges = {name: range(1, (MOST[name] if several else longest) + 1) for name in ("kernel", "stride", "dilation")}
    values = [ranges[name] if name in asked else [None] for name in ("kernel", "stride", "dilation")]
    found = set()
    for kernel, stride, dilation in product(*values):
        if (dilation or 1) > 1 and set(each(kernel or given.get("kernel", 1), rank)) == {1}:
            continue
        kernels, strides = each(kernel or given.get("kernel", 1), rank), each(stride or given.get("stride", 1), rank)
        reaches = [
            d * (k - 1) + 1 for k, d in zip(kernels, each(dilation or given.get("dilation", 1), rank), strict=True)
        ]
        if (kernel or dilation) and any(
            reach > size + (0 if free else more)
            for reach, size, more in zip(reaches, spatial, amount or (0,) * rank, strict=True)
        ):
            continue
        cells = range(min(reaches)) if "padding" in asked else [None]
        for before, after in [(p, p) for p in cells] if even else [(a, b) for a, b in product(cells, cells) if a != b]:
            pads = given.get("padding", 0) if before is None else ((before, after),) * rank
            options = {**given, "kernel": kernels, "stride": strides, "padding": pads}
            layer = Conv(**options | ({"dilation": dilation} if dilation else {}), out_channels=1)
            rooms = [slide.size - slide.reach + slide.before + slide.after for slide in layer.slides(spatial)]
            if stride and any(stride > max(1, room) for room in rooms):
                continue
            if fits(layer, spatial, wanted):
                found.add(Setting(kernel, stride, None if before is None else (before, after), dilation))
    return found


def questions(count, seed):
    """Yield random questions: settings, input sizes, what is asked, and the wanted output or None."""
    draw = random.Random(seed)
    for _ in range(count):
        rank = draw.choice([1, 1, 2, 2, 2, 3])
        spatial = tuple(draw.randint(1, 14) for _ in range(rank))
        if draw.random() < 0.5:
            spatial = spatial[:1] * rank
        asked = tuple(name for name in NAMES if draw.random() < 0.4) or (draw.choice(NAMES),)
        if len(asked) > 2:
            asked = ("kernel", "padding")
        axis = draw.choice([1, rank])
        given = {
            "kernel": tuple(draw.randint(1, 6) for _ in range(axis)) if axis > 1 else draw.randint(1, 6),
            "stride": tuple(draw.randint(1, 4) for _ in range(axis)) if draw.random() < 0.3 else draw.randint(1, 5),
            "dilation": draw.choice([1, 1, 1, 2, 3]),
            "padding": draw.choice([0, 1, 2, "half", ((0, 1),) * rank]),
        }
        given["kernel"], given["stride"] = (
            value if isinstance(value, int) or len(value) == rank else value[0]
            for value in (given["kernel"], given["stride"])
        )
        given = {name: value for name, value in given.items() if name not in asked}
        given["rounding"] = draw.choice(["exact", "exact", "floor"])
        wanted = tuple(draw.randint(1, 8) for _ in range(rank)) if draw.random() < 0.4 else None
        yield given, spatial, asked, wanted if wanted is None or draw.random() < 0.3 else wanted[:1] * rank


@pytest.mark.parametrize("seed", range(6))
def test_what_is_found_is_what_trying_every_candidate_finds(seed):
    for given, spatial, asked, wanted in questions(40, seed):
        axes = axes_of(Conv(**given, out_channels=1), spatial, asked, wanted)
        found = answers(axes, EVERY)
        expected = tried(given, spatial, asked, wanted)
        if expected or "padding" not in asked:
            assert (set(found.first), found.number, found.symmetric) == (expected, len(expected), True), (
                given,
                spatial,
                asked,
                wanted,
            )
            continue
        uneven = tried(given, spatial, asked, wanted, even=False)
        assert (set(found.first), found.number) == (uneven, len(uneven)), (given, spatial, asked, wanted)
        assert len(found.first) == len(uneven)
        apart = [abs(one.padding[0] - one.padding[1]) for one in found.first]
        assert apart == sorted(apart)


@pytest.mark.parametrize("seed", range(4))
def test_every_answer_that_is_told_has_been_built_and_has_the_shape_that_is_told(seed):
    for given, spatial, asked, wanted in questions(20, 100 + seed):
        layer = Conv(**given, out_channels=3)
        found = solved(layer, (2, *spatial), asked, wanted)
        told = [*found.together.answers, *([found.mixed] if found.mixed else [])]
        for answer in told:
            assert output_shape(answer.layer, [(2, *spatial)]) == answer.shape
            assert wanted in (None, answer.shape[1:])
        for change in found.near:
            assert output_shape(change.answer.layer, [change.source]) == change.answer.shape


@pytest.mark.parametrize("seed", range(4))
def test_the_first_answers_are_the_first_of_all(seed):
    for given, spatial, asked, wanted in questions(25, 200 + seed):
        axes = axes_of(Conv(**given, out_channels=1), spatial, asked, wanted)
        every = answers(axes, EVERY)
        few = answers(axes, 3)
        assert few.number == every.number
        assert few.first == every.first[:3]


def test_what_keeps_the_size_comes_first():
    assert [one.padding for one in solve([Axis(32, kernel=5, padding=None)] * 2).together.first] == [
        (2, 2),
        (0, 0),
        (1, 1),
        (3, 3),
        (4, 4),
    ]


def test_a_stride_beyond_the_reach_comes_last():
    assert [one.stride for one in solve([Axis(32, kernel=2, stride=None, rounding="exact")]).together.first] == [
        1,
        2,
        3,
        5,
        6,
        10,
        15,
        30,
    ]


def test_where_no_symmetric_padding_fits_the_asymmetric_ones_do():
    found = solve([Axis(32, kernel=5, stride=2, padding=None)] * 2).together
    assert not found.symmetric
    assert found.number == 12
    assert [one.padding for one in found.first[:4]] == [(1, 2), (0, 1), (1, 0), (2, 1)]


def test_axes_that_need_different_paddings_are_solved_one_by_one():
    found = solved(Conv(out_channels=1, kernel=5, stride=2), (3, 32, 33), ["padding"])
    assert found.together.number == 0
    assert [group.symmetric for group in found.each] == [False, True]
    assert found.mixed.texts == {"padding": "1:2x2"}
    assert found.mixed.shape == (1, 16, 17)


def test_a_padding_for_each_axis_is_told_where_only_that_keeps_the_size():
    found = solved(Conv(out_channels=1, kernel=(5, 3)), (3, 280, 320), ["padding"])
    assert found.together.number == 3
    assert found.mixed.texts == {"padding": "2x1"}


def test_one_padding_that_keeps_the_size_of_all_axes_is_enough():
    found = solved(Conv(out_channels=1, kernel=3), (3, 280, 320), ["padding"])
    assert (found.each, found.mixed) == ((), None)


def test_under_floor_a_padding_is_found_for_the_stem_of_resnet():
    found = solved(Conv(out_channels=64, kernel=7, stride=2, rounding="floor"), (3, 224, 224), ["padding"], (112, 112))
    assert [one.texts["padding"] for one in found.together.answers] == ["3"]


def test_large_inputs_are_counted_exactly():
    assert solve([Axis(100_000, kernel=50_001, stride=2, padding=None)]).together.number == sum(
        pairs(total, 50_001) for total in range(1, 100_001, 2)
    )
    assert solve([Axis(100_000, kernel=3, stride=None)]).together.number == 6  # the divisors of 99,997 = 19*19*277
    assert solve([Axis(100_000, kernel=None)] * 2).together.number == 100_000


def test_a_question_with_too_many_values_is_refused():
    with pytest.raises(UsageError, match=r"kernel must have at most 1,000,000 values to be searched \(9,999,999\)"):
        solve([Axis(9_999_999, kernel=None)])


def test_the_bounds_are_those_that_are_stated():
    assert bounds([Axis(32, kernel=5, padding=None)]) == {"padding": 4}
    assert bounds([Axis(32, kernel=5, stride=None, padding=(2, 2))]) == {"stride": 31}
    assert bounds([Axis(32, kernel=None, padding=(2, 2))]) == {"kernel": 36}
    assert bounds([Axis(32, kernel=3, dilation=None)]) == {"dilation": 15}
    assert bounds([Axis(100, kernel=None, stride=None)]) == {"kernel": 32, "stride": 32}


def within(asked, found, size):
    """Return every answer within the printed ranges and limits, by trying each with plain arithmetic."""
    ranges = [range(name != "padding", found.together.bounds.get(name, -1) + 1) for name in NAMES]
    for kernel, stride, padding, dilation in product(*(each if each else [None] for each in ranges)):
        d, s = dilation or 1, stride or 1
        reach = d * (kernel - 1) + 1
        room = size - reach + 2 * (padding or 0)
        if padding is not None and padding >= reach:  # "below F"
            continue
        said = {
            f"F = dilation*(kernel - 1) + 1 at most the input ({size})": reach <= size,
            "S at most W - F + 2P, or 1": s <= max(room, 1),
            "dilation 1 for kernel 1": kernel > 1 or d == 1,
        }
        assert set(found.together.limits) <= set(said)
        if all(said[limit] for limit in found.together.limits) and room >= 0 and room % s == 0:
            yield room // s + 1


@pytest.mark.parametrize("wanted", [None, 1, 4, 7, 16])
@pytest.mark.parametrize(
    "asked",
    [["kernel"], ["kernel", "dilation"], ["kernel", "padding"], ["kernel", "stride"], ["kernel", "stride", "dilation"],
     ["kernel", "padding", "dilation"], ["kernel", "stride", "padding"], list(NAMES)],
    ids=",".join,
)  # fmt: skip
def test_every_setting_within_the_stated_bounds_is_counted(asked, wanted):
    found = solved(Conv(out_channels=1), (1, 16, 16), asked, wanted and (wanted, wanted), 10**6)
    if not found.together.symmetric:
        pytest.skip("only asymmetric padding fits")
    outputs = [output for output in within(asked, found, 16) if wanted in (None, output)]
    assert found.together.number == len(outputs) == len(found.together.answers)


def test_what_is_not_stated_as_a_limit_would_be_more_answers():
    found = solved(Conv(out_channels=1), (3, 32, 32), list(NAMES), (16, 16))
    without = found._replace(together=found.together._replace(limits=()))
    counts = [sum(output == 16 for output in within(NAMES, one, 32)) for one in (found, without)]
    assert (found.together.number, *counts) == (93, 93, 188)


def test_asymmetric_answers_are_listed_up_to_all_of_them():
    found = solve([Axis(32, kernel=5, stride=2, padding=None)] * 2, 12).together
    assert [one.padding for one in found.first[8:]] == [(0, 3), (3, 0), (1, 4), (4, 1)]
    assert [one.padding for one in solve([Axis(32, 5, 2, None)], 3).together.first] == [(1, 2), (0, 1), (1, 0)]


def test_rounding_down_is_not_offered_where_the_same_padding_fits_exactly():
    axis = Axis(32, kernel=4, padding=None, output=32)
    assert answers([axis], 1).first[0].padding == (1, 2)
    assert [one for one in nearest([axis]) if one.changed == "rounding"] == []


def test_a_setting_of_another_rank_is_refused():
    with pytest.raises(RankMismatch, match="kernel must have a number for each spatial axis"):
        axes_of(Conv(out_channels=1, kernel=(3, 3)), (32,), ["padding"])


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        (Axis(32, 5, 2, None), "32 - 5 + 2P = 27 + 2P is odd whatever P is, and S = 2 is even"),
        (Axis(8, 1, 3, None), "F = 1 leaves P = 0, and 8 - 1 = 7 is no multiple of S = 3"),
        (Axis(9, 2, 5, None, output=None), "no P from 0 to 1 makes 9 - 2 + 2P = 7 + 2P a multiple of S = 5"),
        (Axis(32, 5, 2, None, output=16), "2P = (16 - 1)*2 - 32 + 5 = 3 is odd"),
        (Axis(32, 5, 1, None, output=64), "2P = (64 - 1)*1 - 32 + 5 = 36 must be at most 2*(F - 1) = 8"),
        (Axis(32, 5, 1, None, output=9), "2P = (9 - 1)*1 - 32 + 5 = -19 is below 0: without padding the output is 28"),
        (Axis(32, 5, None, output=16), "S = 27/(16 - 1) = 9/5 must be a whole number"),
        (Axis(3, 5, None), "F = 5 must not exceed the padded input, 3"),
        (Axis(32, None, 2, output=99), "no kernel from 1 to 32 makes (32 - F + 2*0)/2 + 1 = 99"),
    ],
)
def test_the_reason_has_the_numbers(axis, said):
    assert reason(axis) == said


def test_the_formula_has_letters_for_what_is_asked():
    assert formula(Axis(32, None, 2, (0, 1))) == "(W - F + P1 + P2)/S + 1 = (32 - F + 0 + 1)/2 + 1"
    assert formula(Axis(32, None, None, "half")) == "(W - F + padding half)/S + 1 = (32 - F + padding half)/S + 1"


def test_the_nearest_questions_have_answers():
    near = list(nearest([Axis(32, kernel=5, stride=None, output=16)] * 2))
    assert [(one.changed, one.axes[0].size, one.axes[0].output) for one in near] == [
        ("output", 32, 10),
        ("output", 32, 28),
        ("size", 20, 16),
        ("size", 35, 16),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_no_question_that_has_an_answer_is_nearer(seed):
    for options, spatial, asked, wanted in questions(25, 300 + seed):
        for axis in set(axes_of(Conv(**options, out_channels=1), spatial, asked, wanted)):
            if answers([axis], 1).number:
                continue
            found = {
                (one.changed, getattr(one.axes[0], one.changed)) for one in nearest([axis]) if one.changed != "rounding"
            }
            for name, value in (("output", axis.output), ("size", axis.size)):
                if value is None:
                    continue
                fits = [n for n in range(1, 80) if answers([axis._replace(**{name: n})], 1).number]
                below, above = [n for n in fits if n < value], [n for n in fits if n > value]
                expected = {(name, n) for n in (*below[-1:], *above[:1])}
                assert {one for one in found if one[0] == name} == expected, axis
