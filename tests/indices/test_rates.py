"""Rates in watched time with exact limits, and Holm's adjustment for several comparisons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.multitest import multipletests

from caregiving.indices._holm import holm
from caregiving.indices._rates import poisson_limits, rate


@pytest.mark.parametrize(
    ("events", "hours", "low", "high"),
    [(20, 1, 12.217, 30.888), (12, 1, 6.201, 20.962), (15, 2.5, 3.358, 9.896)],
)
def test_t16_exact_poisson_limits(events: int, hours: float, low: float, high: float):
    assert poisson_limits(events, hours) == pytest.approx((low, high), abs=5e-4)


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.integers(0, 500), st.floats(0.1, 1000))
def test_the_limits_are_the_chi_square_quantiles(events: int, exposure: float):
    low = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = chi2.ppf(0.975, 2 * events + 2) / 2

    assert poisson_limits(events, exposure) == pytest.approx((low / exposure, high / exposure), rel=1e-9)


def test_no_event_in_ten_minutes_is_a_rate_of_zero_with_an_upper_limit():
    value, low, high = rate(0, 600)

    assert (value, low) == (0, 0)
    assert high == pytest.approx(-np.log(0.025))


def test_nothing_watched_is_no_rate():
    assert all(np.isnan(figure) for figure in rate(0, 0.0))


def test_three_events_in_half_an_hour_are_one_in_ten_minutes():
    assert rate(3, 1800)[0] == 3 / 1800 * 600


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_agrees_with_statsmodels(p_values: list[float]):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_a_comparison_that_could_not_be_made_makes_the_others_no_stricter():
    assert holm([0.01, np.nan, 0.04])[[0, 2]].tolist() == [2 * 0.01, 0.04]
