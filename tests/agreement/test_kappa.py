"""Kappa and its errors, checked against printed tables and against statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from caregiving.agreement.kappa import kappa

COHEN = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]]) * 200
FLEISS = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
SIMILAR = np.array([[1, 0, 0.4444], [0, 1, 0.6667], [0.4444, 0.6667, 1]])


def test_t7_cohen_1968():
    found = kappa(COHEN)

    assert (round(found.value, 4), round(found.se, 4)) == (0.4915, 0.0510)
    assert round(kappa(COHEN, [[0, 1, 3], [1, 0, 6], [3, 6, 0]]).value, 4) == 0.3478
    assert round(kappa(COHEN, [[0, 1, 4], [1, 0, 6], [2, 2, 0]]).value, 4) == 0.3534


def test_t7_the_error_of_weighted_kappa_is_what_resampling_gives():
    weights = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
    drawn = np.random.default_rng(7).multinomial(200, (COHEN / 200).ravel(), size=3000).reshape(-1, 3, 3)

    resampled = np.std([kappa(table, weights).value for table in drawn])
    assert kappa(COHEN, weights).se == pytest.approx(resampled, rel=0.06)


def test_t8_fleiss_cohen_everitt_1969():
    found, weighted = kappa(FLEISS), kappa(FLEISS, SIMILAR, weights_are="similarity")

    assert (round(found.value, 4), round(found.se, 4)) == (0.4286, 0.0537)
    assert round(weighted.value, 4) == 0.5071


def test_t8_the_weighted_error_is_that_of_the_formula_as_statsmodels_has_it_too():
    weighted, theirs = (
        kappa(FLEISS, SIMILAR, weights_are="similarity"),
        cohens_kappa(FLEISS, weights=1 - SIMILAR),
    )

    # R's psych prints .0524; the formula, statsmodels and 20,000 resamples (.0572) say otherwise.
    assert round(weighted.se, 4) == 0.0570
    assert (weighted.se, weighted.se0) == pytest.approx((theirs.std_kappa, theirs.std_kappa0))


def test_t9_fleiss_1981():
    found = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])

    assert (round(found.value, 4), round(found.se, 4), round(found.se0, 4)) == (0.6765, 0.0877, 0.0762)
    assert found.standing == "show"
    assert kappa([[20, 5], [10, 15]]).value == pytest.approx(0.40)


def test_the_largest_kappa_is_what_the_margins_allow():
    found = kappa([[40, 10], [0, 0]])

    assert found.value == found.largest == 0
    assert kappa([[30, 0], [0, 30]]).largest == 1


def test_fewer_than_50_tallies_or_300_seconds_are_too_little():
    assert kappa([[20, 5], [5, 15]]).gate == "not enough data: needs 5 more tallies (45 of 50)"
    assert (
        kappa(np.eye(2) * 100, watched_s=200).gate == "not enough data: needs 100 more seconds (200 of 300)"
    )
    assert kappa(np.eye(2) * 5, watched_s=300).gate is None


def test_one_and_the_same_code_only_is_no_agreement_to_speak_of():
    found = kappa([[100, 0], [0, 0]])

    assert np.isnan(found.value)
    assert "one and the same code" in found.gate
    assert found.agreed == 1
    assert found.as_json()["kappa"] is None


def test_an_empty_table_is_undefined_with_n_0():
    found = kappa(np.zeros((3, 3)))

    assert np.isnan(found.value)
    assert (found.n, found.standing) == (0, "too little")


@pytest.mark.parametrize(("right", "standing"), [(70, "below .60"), (82, "show"), (95, "export")])
def test_from_60_figures_may_be_shown_and_from_75_exported(right: int, standing: str):
    assert kappa([[right, 100 - right], [100 - right, right]]).standing == standing


tables = st.lists(st.lists(st.integers(1, 60), min_size=3, max_size=3), min_size=3, max_size=3)


@given(tables)
def test_value_errors_and_largest_are_those_of_statsmodels(table):
    found, theirs = kappa(table), cohens_kappa(table)

    assert (found.value, found.largest) == pytest.approx((theirs.kappa, theirs.kappa_max))
    assert (found.se, found.se0) == pytest.approx((theirs.std_kappa, theirs.std_kappa0), abs=1e-9)


@given(tables, st.permutations(range(3)))
def test_the_names_of_the_codes_and_who_comes_first_change_nothing(table, order):
    value = kappa(table).value

    assert kappa(np.array(table)[np.ix_(order, order)]).value == pytest.approx(value)
    assert kappa(np.array(table).T).value == pytest.approx(value)
