"""The laws of ReceptiveField: a monoid under ``then``, a semilattice under ``union``, and the two together."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.field import IDENTITY, Extent, ReceptiveField, everywhere, then, union
from cnncalc.layers.conv_transpose import reads
from cnncalc.layers.resize import between_two
from cnncalc.slide import Slide

LAWS = settings(derandomize=True, max_examples=600, deadline=None, report_multiple_bugs=False)

small = st.integers(1, 5)
windows = st.builds(ReceptiveField, small, small, st.integers(-6, 6))
larger = st.builds(lambda factor: ReceptiveField(1, Fraction(1, factor) if factor > 1 else 1), small)
linear = st.sampled_from([between_two(factor) for factor in (1, 2, 4, 6)])
transposed = st.builds(
    lambda stride, times, before: reads(Slide(99, stride * times, stride, before)),
    small, st.integers(1, 3), st.integers(0, 4),
)  # fmt: skip
steps = st.one_of(windows, windows, larger, linear, transposed)


def followed(one, *later):
    """Return the field of several layers one after the other, an Extent where it becomes one."""
    for step in later:
        one = one.then(step)
    return one


fields = st.lists(steps, min_size=1, max_size=4).map(lambda some: followed(IDENTITY, *some))
known = fields.filter(lambda field: isinstance(field, ReceptiveField))


def moved(field, growth, shift):
    """Return a field of the same jump, so that the two have a union."""
    return ReceptiveField(field.size + growth, field.jump, field.start + shift)


pairs = st.builds(lambda a, growth, shift: (a, moved(a, growth, shift)), known, st.integers(0, 4), st.integers(-4, 4))
step_pairs = st.builds(
    lambda a, growth, shift: (a, moved(a, growth, shift)), steps, st.integers(0, 4), st.integers(-4, 4)
)
answers = st.one_of(fields, fields, st.sampled_from(list(Extent)))


def both_known(*some):
    assume(all(isinstance(one, ReceptiveField) for one in some))


@given(steps)
@LAWS
def test_identity_changes_nothing_on_either_side(field):
    assert IDENTITY.then(field) == field
    assert field.then(IDENTITY) == field


@given(steps, steps, steps)
@LAWS
def test_then_is_associative_wherever_both_sides_are_known(a, b, c):
    inner = b.then(c)
    both_known(inner)
    left, right = followed(a, b, c), a.then(inner)
    both_known(left, right)
    assert left == right


@given(windows, windows, windows)
@LAWS
def test_convolutions_are_known_and_associative_always(a, b, c):
    assert followed(a, b, c) == a.then(b.then(c))
    assert isinstance(followed(a, b, c), ReceptiveField)


@given(pairs, steps)
@LAWS
def test_union_distributes_over_what_follows(pair, later):
    a, b = pair
    left, right = a.union(b).then(later), a.then(later).union(b.then(later))
    both_known(left, right)
    assert left == right


@given(known, step_pairs)
@LAWS
def test_union_distributes_over_what_came_before(before, pair):
    a, b = pair
    joined = a.union(b)
    both_known(joined)
    left, right = before.then(joined), before.then(a).union(before.then(b))
    both_known(left, right)
    assert left == right


@given(answers, answers)
@LAWS
def test_union_is_commutative(a, b):
    assert a.union(b) == b.union(a)


@given(answers, answers, answers)
@LAWS
def test_union_is_associative(a, b, c):
    assert a.union(b).union(c) == a.union(b.union(c))


@given(answers)
@LAWS
def test_union_is_idempotent(a):
    assert a.union(a) == a


@given(known, steps, st.integers(-20, 20))
@LAWS
def test_then_reads_what_the_positions_between_read(a, b, o):
    """Whatever ``then`` answers holds position by position: the union of a's reads over what b reads."""
    both = a.then(b)
    both_known(both)
    first = floor(b.start + o * b.jump)
    starts = [floor(a.start + i * a.jump) for i in range(first, first + b.size)]
    assert floor(both.start + o * both.jump) == min(starts)
    assert both.size == max(starts) + a.size - min(starts)


@given(pairs, st.integers(-20, 20))
@LAWS
def test_union_reads_what_either_reads(pair, o):
    a, b = pair
    both = a.union(b)
    both_known(both)
    firsts = [floor(one.start + o * one.jump) for one in (a, b)]
    assert floor(both.start + o * both.jump) == min(firsts)
    assert both.size == max(first + one.size for first, one in zip(firsts, (a, b), strict=True)) - min(firsts)


@given(known)
@LAWS
def test_a_known_field_has_whole_numbers_where_they_are_whole(a):
    assert type(a.size) is int
    assert a.size >= 1
    assert all(type(one) is int or one.denominator > 1 for one in (a.jump, a.start))


@pytest.mark.parametrize("extent", Extent)
def test_a_window_of_an_extent_is_that_extent(extent):
    assert extent.then(ReceptiveField(3, 2, -1)) is extent
    assert then((extent, IDENTITY), [IDENTITY, None]) == (extent, Extent.UNKNOWN)


@pytest.mark.parametrize("extent", Extent)
def test_whole_takes_in_every_other_answer(extent):
    assert Extent.WHOLE.union(extent) is Extent.WHOLE
    assert union([everywhere((IDENTITY, IDENTITY), extent), (Extent.WHOLE, Extent.WHOLE)]) == (Extent.WHOLE,) * 2


def test_fields_over_unequal_numbers_of_axes_are_unknown_and_a_vector_adds_nothing():
    assert union([(IDENTITY,), (IDENTITY, IDENTITY)]) == (Extent.UNKNOWN, Extent.UNKNOWN)
    assert union([(), (IDENTITY, IDENTITY), ()]) == (IDENTITY, IDENTITY)


def test_a_field_and_an_unknown_are_unknown_together():
    assert ReceptiveField(3, 1, -1).union(Extent.UNKNOWN) is Extent.UNKNOWN
    assert ReceptiveField(3, 1, -1).union(Extent.FLAT) is Extent.UNKNOWN


@pytest.mark.parametrize("law", [test_then_is_associative_wherever_both_sides_are_known,
                                 test_then_reads_what_the_positions_between_read])  # fmt: skip
def test_the_laws_notice_a_then_that_forgets_the_floor(law, monkeypatch):
    def forgetful(a, b):
        return ReceptiveField(a.size + floor(a.jump * (b.size - 1)), a.jump * b.jump, a.start + a.jump * b.start)

    monkeypatch.setattr(ReceptiveField, "then", forgetful)
    with pytest.raises(AssertionError):
        law()
