"""Krippendorff's alpha on its own example and on another project's copy of it."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.agreement.alpha import LEVELS, alpha

UNITS = ["11-1", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "-555", "--11", "--3-"]
CODERS = np.array([[np.nan if mark == "-" else float(mark) for mark in unit] for unit in UNITS]).T


@pytest.mark.parametrize(
    ("level", "value"), [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491), ("ratio", 0.7974)]
)
def test_t6_krippendorffs_four_coders(level, value: float):
    found = alpha(CODERS, level)

    assert round(found.value, 4) == value
    assert found.low < value < found.high
    assert (found.n_units, found.n_pairable, found.gate) == (11, 40, None)


def test_the_levels_are_those_that_r_prints(fixtures: Path):
    printed = json.loads((fixtures / "expected_values.json").read_text())["reliability"][
        "krippendorff_canonical"
    ]
    coders = pd.read_csv(fixtures / "reliability" / "krippendorff_canonical.csv", index_col=0)

    for level in LEVELS:
        assert alpha(coders, level, draws=0).value == pytest.approx(printed[level], rel=1e-9)


def test_segments_of_another_project_give_the_value_its_own_tests_ask_for(fixtures: Path):
    segments = pd.read_csv(fixtures / "reliability" / "childproject_alpha.csv")
    coders = segments.pivot(index="set", columns="segment_onset", values="speaker_type")

    assert alpha(coders, draws=0).value == pytest.approx(0.743421052631579)


def test_two_coders_of_125_pairs_as_r_has_them(fixtures: Path):
    printed = json.loads((fixtures / "expected_values.json").read_text())["reliability"]["scc"]["twelve_pca"]
    coders = pd.read_csv(fixtures / "reliability" / "scc_two_coder_counts.csv")[
        ["twelve_pca_1", "twelve_pca_2"]
    ]

    assert alpha(coders.T, "interval", draws=0).value == pytest.approx(printed["kripp_interval"], rel=1e-9)


def test_a_rating_that_stands_alone_changes_nothing():
    assert alpha(CODERS, "ordinal", draws=0).value == alpha(CODERS[:, :-1], "ordinal", draws=0).value


def test_the_same_seed_gives_the_same_limits():
    assert alpha(CODERS, seed=3) == alpha(CODERS, seed=3)


@pytest.mark.parametrize(
    "ratings", [np.empty((0, 0)), [[1, 2, np.nan]], [[3, 3], [3, 3]], [[np.nan, 1], [2, np.nan]]]
)
def test_without_pairs_or_without_difference_there_is_nothing_to_say(ratings):
    found = alpha(ratings)

    assert np.isnan(found.value)
    assert found.gate


def test_fewer_than_ten_units_are_too_few():
    assert alpha([[1, 2], [1, 2]]).gate == "not enough data: needs 8 more units rated twice (2 of 10)"


ratings = st.lists(st.lists(st.integers(1, 4), min_size=2, max_size=2), min_size=2, max_size=15)


@given(ratings)
def test_nominal_alpha_is_agreement_against_chance_drawn_from_all_ratings(pairs):
    x = np.array(pairs, float)
    values, counts = np.unique(x, return_counts=True)
    n = counts.sum()
    chance = 1 - (counts * (counts - 1)).sum() / (n * (n - 1))
    apart = (x[:, 0] != x[:, 1]).mean()

    expected = 1 - apart / chance if len(values) > 1 else np.nan
    assert alpha(x.T, draws=0).value == pytest.approx(expected, nan_ok=True)


@given(ratings, st.permutations(range(2)))
def test_the_order_of_coders_and_units_changes_nothing(pairs, order):
    x = np.array(pairs, float).T
    for level in LEVELS:
        found = alpha(x, level, draws=0).value
        assert alpha(x[list(order)][:, ::-1], level, draws=0).value == pytest.approx(found, nan_ok=True)
