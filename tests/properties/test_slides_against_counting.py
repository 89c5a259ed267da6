"""Slide, AdaptiveSlide and floor_sum against windows placed one after the other."""

from itertools import product
from math import ceil, floor

import pytest

from cnncalc.errors import DoesNotFit, WindowExceedsInput
from cnncalc.slide import AdaptiveSlide, Slide, floor_sum

CASES = [
    Slide(*case)
    for case in product(
        range(1, 10), range(1, 5), range(1, 5), range(3), range(3), range(1, 4), ("floor", "ceil", "exact")
    )
    if case[4] < case[5] * (case[1] - 1) + 1 or case[6] != "ceil"  # padding beyond a whole window under ceil: undefined
]


def starts(slide):
    """Return where each window starts; nothing where they do not fit."""
    found, at = [], -slide.before
    while True:
        overhang = at + slide.reach - (slide.size + slide.after)
        if slide.rounding == "ceil":
            if overhang >= slide.stride or at >= slide.size:
                return found
        elif overhang > 0:
            fits = slide.rounding != "exact" or not found or found[-1] + slide.reach == slide.size + slide.after
            return found if fits else []
        found.append(at)
        at += slide.stride


def windows(slide):
    try:
        return slide.windows()
    except (DoesNotFit, WindowExceedsInput):
        return 0


FITTING = [slide for slide in CASES if starts(slide)]


def wrong_windows():
    return [slide for slide in CASES if windows(slide) != len(starts(slide))]


def test_there_are_as_many_windows_as_can_be_placed():
    assert len(CASES) > 10_000
    assert wrong_windows() == []


def test_a_window_larger_than_its_padded_input_and_one_that_does_not_fit_are_told_apart():
    for slide in set(CASES) - set(FITTING):
        fits_one = slide.reach <= slide.size + slide.before + slide.after
        with pytest.raises(DoesNotFit if fits_one else WindowExceedsInput):
            slide.windows()


def test_taps_are_the_real_positions_that_all_windows_read():
    for slide in FITTING:
        for n in (1, windows(slide), windows(slide) + 2):
            read = [o * slide.stride - slide.before + t * slide.dilation for o in range(n) for t in range(slide.kernel)]
            assert slide.taps(n) == sum(0 <= position < slide.size for position in read), slide


def test_dropped_are_the_positions_that_one_more_window_would_have_spanned():
    for slide in FITTING:
        placed = starts(slide)
        more = [placed[-1] + (1 + i) * slide.stride for i in range(slide.size)]
        spanned = {position for at in placed for position in range(at, at + slide.reach)}
        missed = {position for at in more for position in range(at, at + slide.reach)} - spanned
        assert slide.dropped() == len(missed & set(range(slide.size))), slide


def test_the_field_of_a_slide_spans_what_each_window_reads():
    for slide in FITTING:
        for o, at in enumerate(starts(slide)):
            field = slide.field
            assert (floor(field.start + o * field.jump), field.size) == (at, slide.reach)


def test_exact_is_floor_where_nothing_is_left_over_and_ceil_is_at_most_one_more():
    for slide in FITTING:
        if slide.rounding == "exact":
            assert windows(slide._replace(rounding="floor")) == windows(slide)
        if slide.rounding == "ceil":
            assert windows(slide) - windows(slide._replace(rounding="floor")) in (0, 1)


def test_counting_notices_a_ceil_that_keeps_a_window_in_the_right_padding(monkeypatch):
    original = Slide.windows

    def keeps(self):
        if self.rounding != "ceil":
            return original(self)
        return ceil((self.size + self.before + self.after - self.reach) / self.stride) + 1

    monkeypatch.setattr(Slide, "windows", keeps)
    assert wrong_windows() != []


def test_floor_sum_is_the_sum():
    for terms, divisor, slope, intercept in product(range(12), range(1, 8), range(10), range(0, 21, 3)):
        expected = sum((slope * i + intercept) // divisor for i in range(terms))
        assert floor_sum(terms, divisor, slope, intercept) == expected


def test_floor_sum_is_quick_where_a_sum_would_never_end():
    n = 10**15
    assert floor_sum(n, 1, 1, 0) == n * (n - 1) // 2
    assert floor_sum(n, 2, 1, 0) == (n // 2) * (n // 2 - 1)


def test_adaptive_windows_are_the_bins_of_their_definition():
    for size, bins in product(range(1, 20), range(1, 20)):
        slide = AdaptiveSlide(size, bins)
        windows = [slide.window(i) for i in range(bins)]
        wanted = [range(floor(i * size / bins + 1e-9), ceil((i + 1) * size / bins - 1e-9)) for i in range(bins)]
        assert windows == wanted
        assert slide.taps() == sum(map(len, wanted))
        assert {position for window in wanted for position in window} == set(range(size))


def test_an_adaptive_field_is_given_only_where_it_is_every_window():
    for size, bins in product(range(1, 20), range(1, 20)):
        slide = AdaptiveSlide(size, bins)
        for i in range(bins if slide.field else 0):
            first = floor(slide.field.start + i * slide.field.jump)
            assert slide.window(i) == range(first, first + slide.field.size)
