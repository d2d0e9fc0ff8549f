"""Days drawn anew, all at once, are the days drawn anew one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from caregiving.indices._days import day_weights, forget_draws
from caregiving.indices._drawn import drawn
from caregiving.indices._survival import curve

DAYS = 4
CUE = st.tuples(st.sampled_from([1.0, 2.5, 4.0, 7.0, 9.0]), st.booleans(), st.integers(0, DAYS - 1))


@given(cues=st.lists(CUE, min_size=1, max_size=30), seed=st.integers(0, 5))
def test_each_draw_is_the_curve_of_its_days_with_every_day_as_often_as_it_was_drawn(cues, seed):
    wait, answered, day = (np.array(part) for part in zip(*cues, strict=True))
    weights = day_weights(DAYS, 40, seed)  # more draws than go through at once

    found = drawn(wait, answered, day, weights, 8.0)

    for times, median, mean in zip(weights.astype(int), found.median, found.mean, strict=True):
        one = curve(np.repeat(wait, times[day]), np.repeat(answered, times[day]))
        assert np.isinf(median) if np.isnan(one.median()) else median == one.median()
        known, _ = one.restricted_mean(8.0)
        assert np.isnan(known) or abs(mean - known) < 1e-12


def test_without_a_horizon_there_is_no_restricted_mean():
    found = drawn(np.array([3.0]), np.array([True]), np.array([0]), np.ones((2, 1)))

    assert found.median.tolist() == [3.0, 3.0] and np.isnan(found.mean).all()


def test_nobody_answered_so_no_draw_reaches_its_median_and_all_wait_to_the_horizon():
    found = drawn(np.array([9.0, 9.0]), np.zeros(2, dtype=bool), np.array([0, 1]), day_weights(2, 5, 0), 8.0)

    assert np.isinf(found.median).all() and found.mean.tolist() == [8.0] * 5


def test_draws_that_were_kept_are_those_that_were_drawn_and_nobody_can_change_them():
    forget_draws()
    fresh = day_weights(30, 99, 3)
    fresh += 1

    assert (day_weights(30, 99, 3) == fresh - 1).all()
    assert (day_weights(30, 99, 3).sum(axis=1) == 30).all()
    assert not (day_weights(30, 99, 4) == fresh - 1).all()
