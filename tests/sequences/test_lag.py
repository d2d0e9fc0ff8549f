"""Lag-sequential analysis, checked against a published string and against printed output of R."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from caregiving.sequences import show
from caregiving.sequences.lag import adjusted_residuals, fitted, lag_table
from tests.sequences.strings import letters

BAKEMAN_QUERA = "214334342144541345322141252123314414133315211314123345523352544231552213333"


def test_t10_bakeman_and_quera_page_159():
    found = show("lag", letters(BAKEMAN_QUERA))
    z = np.array(found["residuals"])

    assert found["counts"] == [
        [1, 3, 4, 6, 2],
        [6, 2, 4, 0, 2],
        [4, 1, 9, 4, 1],
        [5, 2, 2, 3, 3],
        [0, 5, 1, 2, 2],
    ]
    assert found["n"] == 74
    assert z[1].round(2).tolist() == [2.14, -0.36, 0.14, -2.10, 0.09]
    assert round(z[2, 2], 2) == 2.32
    assert (round(z[4, 1], 2), round(found["yule_q"][4][1], 2)) == (2.90, 0.75)
    assert (round(found["chi2"], 3), found["df"], round(found["chi2_p"], 4)) == (30.955, 16, 0.0136)


@pytest.fixture
def printed(fixtures: Path) -> dict:
    return json.loads((fixtures / "expected_values.json").read_text())["lag_sequential"]


@pytest.mark.parametrize("name", ["lag1_adjacent_TRUE", "lag2_adjacent_TRUE", "data_Wampold_1984"])
def test_the_table_is_the_one_that_r_prints(printed: dict, name: str):
    expected = printed.get(name) or printed["data_sequential"][name]
    found = lag_table(expected["freqs"])

    for ours, theirs in [("expected", "expfreqs"), ("residuals", "adjres"), ("p", "p"), ("yule_q", "YulesQ")]:
        np.testing.assert_allclose(getattr(found, ours), expected[theirs], atol=1e-9)
    assert [found.chi2, found.df, found.chi2_p] == pytest.approx(expected["chi"][0], rel=1e-4)


@pytest.mark.parametrize("name", ["lag1_adjacent_FALSE", "lag2_adjacent_FALSE"])
def test_structural_zeros_are_fitted_and_their_residuals_are_those_that_r_prints(printed: dict, name: str):
    expected = printed["data_sequential"][name]
    counts, allowed = np.array(expected["freqs"], float), ~np.eye(6, dtype=bool)
    theirs = np.array(expected["expfreqs"])

    ours = fitted(counts.sum(axis=1), counts.sum(axis=0), allowed)
    np.testing.assert_allclose(ours, theirs, atol=5e-5)  # theirs stops at rows that fit to 1e-4
    residuals = adjusted_residuals(counts, theirs, allowed)
    np.testing.assert_allclose(residuals[allowed], np.array(expected["adjres"])[allowed], atol=1e-9)


def test_codes_that_cannot_repeat_leave_the_diagonal_out_of_the_chi_square():
    found = show("lag", letters("ABCACBACBABCBAC" * 3), repeats=False)

    assert [row[place] for place, row in enumerate(found["expected"])] == [0, 0, 0]
    assert [row[place] for place, row in enumerate(found["residuals"])] == [None] * 3
    assert found["df"] == (3 - 1) ** 2 - 3
    np.testing.assert_allclose(np.sum(found["expected"], axis=0), np.sum(found["counts"], axis=0), atol=1e-6)


def test_cells_that_expect_few_counts_are_marked():
    assert lag_table([[8, 2], [2, 8]]).thin.any() == np.False_
    assert lag_table([[8, 1], [1, 8]]).thin.all() == np.True_


def test_an_empty_row_has_no_residual_and_an_empty_table_no_chi_square():
    found = lag_table([[3, 4, 0], [5, 2, 0], [0, 0, 0]])
    assert np.isnan(found.residuals[2]).all()
    assert found.df == 1
    assert np.isnan(lag_table(np.zeros((2, 2))).chi2)
    assert show("lag", letters(""))["gate"] == "not enough data: no transition was seen"


@given(st.lists(st.lists(st.integers(1, 40), min_size=3, max_size=3), min_size=3, max_size=3))
def test_a_full_table_has_scipys_likelihood_ratio_and_expected_counts(counts):
    found = lag_table(counts)
    theirs = chi2_contingency(counts, correction=False, lambda_="log-likelihood")

    assert found.chi2 == pytest.approx(theirs.statistic, abs=1e-9)
    assert found.chi2_p == pytest.approx(theirs.pvalue, abs=1e-12)
    np.testing.assert_allclose(found.expected, theirs.expected_freq)


@given(st.lists(st.integers(0, 30), min_size=12, max_size=12))
def test_fitted_counts_keep_the_margins_and_the_zeros(cells):
    allowed = ~np.eye(4, dtype=bool)
    counts = np.zeros((4, 4))
    counts[allowed] = np.array(cells) + 1
    found = fitted(counts.sum(axis=1), counts.sum(axis=0), allowed)

    np.testing.assert_allclose(found.sum(axis=1), counts.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(found.sum(axis=0), counts.sum(axis=0), rtol=1e-6)
    assert (np.diag(found) == 0).all()
