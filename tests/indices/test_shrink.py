"""Groups with few moments are drawn towards all of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from caregiving.indices._shrink import arcsine_stein, paule_mandel, shrunk_logs, shrunk_shares

HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
SHRUNK = [
    *(0.290, 0.286, 0.281, 0.277, 0.273, 0.273, 0.268, 0.264, 0.259, 0.259),
    *(0.254, 0.254, 0.254, 0.254, 0.254, 0.249, 0.244, 0.239),
]


def test_t17_arcsine_james_stein():
    y = np.sqrt(45) * np.arcsin(2 * np.array(HITS) / 45 - 1)

    assert np.sum((y - y.mean()) ** 2) == pytest.approx(18.96, abs=5e-3)
    assert arcsine_stein(HITS, 45).round(3).tolist() == SHRUNK


def test_t21_beta_binomial_posterior_means():
    shares = shrunk_shares([8, 3, 6, 9, 2, 7], [10, 9, 8, 12, 7, 10])

    assert shares.value.round(3).tolist() == [0.687, 0.514, 0.661, 0.674, 0.516, 0.649]
    assert np.all((shares.low < shares.value) & (shares.value < shares.high))


def test_four_groups_are_pooled():
    shares = shrunk_shares([1, 2, 3, 4], [5, 5, 5, 5])

    assert shares.value.tolist() == [10 / 20] * 4
    assert "pooled" in shares.how


def test_groups_that_differ_no_more_than_by_chance_are_pooled():
    assert shrunk_shares([5, 5, 5, 5, 5, 5], [10] * 6).value.tolist() == [0.5] * 6


def test_groups_in_which_every_cue_was_answered_are_pooled_with_an_interval():
    shares = shrunk_shares([4] * 5, [4] * 5)

    assert shares.value.tolist() == [1.0] * 5
    assert np.all((shares.low < 1) & (shares.high == 1))


def test_no_cue_in_any_group_is_no_share():
    assert np.isnan(shrunk_shares([0, 0], [0, 0]).value).all()


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 12)), min_size=5, max_size=12))
def test_a_shrunk_share_lies_between_the_raw_one_and_the_middle_of_all(groups: list[tuple[int, int]]):
    x = np.array([min(hits, cues) for hits, cues in groups])
    n = np.array([cues for _, cues in groups])

    shares = shrunk_shares(x, n)

    assert np.all((shares.value >= min(x / n) - 1e-9) & (shares.value <= max(x / n) + 1e-9))
    assert np.ptp(shares.value) <= np.ptp(x / n) + 1e-9
    assert np.all((shares.low <= shares.value + 1e-9) & (shares.value <= shares.high + 1e-9))


def test_the_variance_between_groups_agrees_with_statsmodels():
    y, s2 = np.array([1.2, 2.0, 3.1, 0.8, 2.9, 4.0]), np.array([0.2, 0.5, 0.1, 0.3, 0.4, 0.25])

    peer = combine_effects(y, s2, method_re="iterated").tau2

    assert paule_mandel(y, s2) == pytest.approx(peer, rel=1e-6)


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.05, 2)), min_size=5, max_size=12))
def test_the_variance_between_groups_solves_its_equation(groups: list[tuple[float, float]]):
    y, error = np.array(groups).T

    tau2 = paule_mandel(y, error**2)

    weight = 1 / (error**2 + tau2)
    spread = np.sum(weight * (y - np.sum(weight * y) / weight.sum()) ** 2)
    assert spread == pytest.approx(len(y) - 1, rel=1e-6) if tau2 > 0 else spread <= len(y) - 1 + 1e-9


def test_log_waits_without_spread_beyond_chance_all_become_their_mean():
    logs = shrunk_logs([1.0, 1.1, 0.9, 1.0, 1.0], [0.5] * 5)

    assert logs.value == pytest.approx([1.0] * 5)


def test_a_log_wait_moves_by_the_share_of_its_own_uncertainty():
    y, s2 = np.array([1.0, 2, 3, 1, 3]), 0.5

    logs = shrunk_logs(y, [np.sqrt(s2)] * 5)

    tau2 = (1 + 0 + 1 + 1 + 1) / 4 - s2
    assert logs.value == pytest.approx(2 + (1 - s2 / (s2 + tau2)) * (y - 2))


def test_a_group_without_a_log_wait_stays_unknown():
    logs = shrunk_logs([1.0, 2.0, np.nan, 3.0, 1.0, 2.0], [0.3] * 6)

    assert np.isnan(logs.value).tolist() == [False, False, True, False, False, False]
