"""Many curves at once must say exactly what one curve at a time says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.indices import _many_curves
from caregiving.indices._many_curves import many_curves
from caregiving.indices._survival import curve

cues = st.tuples(st.integers(0, 6), st.integers(0, 12), st.booleans())


def one_by_one(group, wait, answered, groups, horizon_s):
    """Median, mean and error of each group, from the loop."""
    found = []
    for number in range(groups):
        mine = group == number
        steps = curve(wait[mine], answered[mine])
        found.append((steps.median(), *steps.restricted_mean(horizon_s)))
    return np.array(found).reshape(groups, 3).T


def equal_to_the_loop(group, wait, answered, groups, horizon_s):
    found = many_curves(group, wait, answered, groups, horizon_s)
    median, mean, error = one_by_one(group, wait, answered, groups, horizon_s)

    np.testing.assert_array_equal(found.n, np.bincount(group, minlength=groups))
    np.testing.assert_array_equal(found.answers, np.bincount(group[answered], minlength=groups))
    np.testing.assert_array_equal(found.median_s, median)
    np.testing.assert_allclose(found.mean_s, mean, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.error_s, error, rtol=1e-9, atol=1e-12)


@given(st.lists(cues, max_size=60), st.sampled_from([4.0, 12.0, 20.0]))
def test_groups_of_any_size_and_order_with_many_ties_equal_the_loop(rows, horizon_s):
    group = np.array([row[0] for row in rows], dtype=np.int64)
    wait = np.array([row[1] / 2 for row in rows], dtype=np.float64)
    answered = np.array([row[2] for row in rows], dtype=bool)

    equal_to_the_loop(group, wait, answered, 8, horizon_s)


@pytest.mark.parametrize("cells", [1, 50, 1 << 17])
def test_blocks_of_any_size_equal_the_loop(monkeypatch, cells):
    monkeypatch.setattr(_many_curves, "CELLS", cells)
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(60), rng.integers(0, 90, 60))
    wait = np.minimum(np.round(rng.lognormal(3, 1, len(group)), 6), 60)

    equal_to_the_loop(group, wait, (wait < 60) & (rng.random(len(group)) < 0.9), 60, 60.0)


def test_exactly_half_still_waiting_is_the_median_in_groups_of_every_size():
    sizes = np.arange(2, 400, 2)
    group = np.repeat(np.arange(len(sizes)), sizes)
    wait = np.concatenate([np.arange(1, size + 1) for size in sizes])

    found = many_curves(group, wait, np.ones(len(group), dtype=bool))

    np.testing.assert_array_equal(found.median_s, sizes / 2)


def test_a_group_that_ends_in_an_answer_takes_no_digits_from_the_next():
    alone = many_curves([0, 0, 0], [1, 2, 3], [True, False, True])
    after = many_curves([0, 1, 1, 1], [9, 1, 2, 3], [True, True, False, True])

    assert after.median_s[1] == alone.median_s[0] == 3


def test_nothing_at_all_gives_no_figures():
    found = many_curves([], [], [], n_groups=2, horizon_s=60)

    assert found.n.tolist() == [0, 0]
    assert np.isnan([found.median_s, found.mean_s, found.error_s]).all()
    assert len(many_curves([], [], []).n) == 0
