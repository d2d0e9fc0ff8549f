"""The six intraclass correlations, checked against the printed table and against R."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.agreement import compare_ratings
from caregiving.agreement.icc import icc, mean_squares

JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def by_form(ratings) -> dict:
    return {one.form: one for one in icc(ratings)}


def test_t5_shrout_and_fleiss_1979():
    found, ms = by_form(JUDGES), mean_squares(JUDGES)

    assert {form: round(one.value, 3) for form, one in found.items()} == {
        "ICC(1,1)": 0.166, "ICC(2,1)": 0.290, "ICC(3,1)": 0.715,
        "ICC(1,k)": 0.443, "ICC(2,k)": 0.620, "ICC(3,k)": 0.909,
    }  # fmt: skip
    assert (round(found["ICC(1,1)"].f, 3), round(found["ICC(3,1)"].f, 3)) == (1.795, 11.027)
    assert (round(found["ICC(2,1)"].low, 3), round(found["ICC(2,1)"].high, 3)) == (0.019, 0.761)
    assert [round(x, 4) for x in (ms.targets, ms.raters, ms.error, ms.within)] == [
        11.2417,
        32.4861,
        1.0194,
        6.2639,
    ]


def agrees(ratings, printed: dict) -> None:
    for form, one in by_form(ratings).items():
        theirs = printed[f"ICC{form[4]}{'k' if 'k' in form else ''}"]
        assert [one.value, one.low, one.high, one.f, one.df1, one.df2] == pytest.approx(
            [theirs[key] for key in ("ICC", "lower", "upper", "F", "df1", "df2")], rel=1e-8
        )
        assert one.p == pytest.approx(theirs["p"], rel=1e-6)


def test_all_figures_are_those_that_r_prints(fixtures: Path):
    printed = json.loads((fixtures / "expected_values.json").read_text())["reliability"]

    agrees(JUDGES, printed["shrout_fleiss_1979"]["ICC"])


@pytest.mark.parametrize("count", ["twelve_pca", "twelve_sc_pca_only", "twelve_cl_pca_only"])
def test_two_coders_of_125_pairs_as_r_has_them(fixtures: Path, count: str):
    printed = json.loads((fixtures / "expected_values.json").read_text())["reliability"]["scc"][count]
    coders = pd.read_csv(fixtures / "reliability" / "scc_two_coder_counts.csv")[[f"{count}_1", f"{count}_2"]]

    agrees(coders, printed["ICC"])


def test_fewer_than_ten_targets_are_too_few_to_show_and_fewer_than_twenty_to_export():
    def pairs(n: int):
        return by_form([[i, i + 0.1] for i in range(n)])["ICC(2,1)"]

    assert pairs(9).gate == "not enough data: needs 1 more targets rated by everybody (9 of 10)"
    assert [pairs(n).standing for n in (9, 10, 20)] == ["too little", "show", "export"]


def test_a_target_that_one_rater_left_out_is_left_out():
    assert icc([*JUDGES, [5, np.nan, 5, 5]])[1].value == icc(JUDGES)[1].value


@pytest.mark.parametrize("ratings", [[[3, 3], [3, 3]], [[1, 2]], [[1], [2]], np.empty((0, 2))])
def test_without_spread_targets_or_raters_there_is_nothing_to_say(ratings):
    found = icc(ratings)

    assert len(found) == 6
    assert all(np.isnan(one.value) and one.gate for one in found)


def test_ratings_come_as_rows_and_a_second_rating_of_the_same_target_is_refused():
    rows = pd.DataFrame(
        [(t, r, x) for t, row in enumerate(JUDGES) for r, x in enumerate(row)],
        columns=["target", "rater", "score"],
    )
    found = compare_ratings(rows.sample(frac=1, random_state=1))

    assert [round(one["value"], 3) for one in found["icc"]][:3] == [0.166, 0.290, 0.715]
    with pytest.raises(ValueError, match="target 0, rater 0: found a second rating"):
        compare_ratings(pd.concat([rows, rows.head(1)]))


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=4, max_size=12),
    st.floats(0.1, 9),
    st.integers(-5, 5),
)
@settings(max_examples=60)
def test_another_scale_changes_nothing_and_shifted_raters_leave_consistency_alone(ratings, scale, shift):
    x = np.array(ratings, float)
    for one, other in zip(icc(x), icc(x * scale + shift), strict=True):
        assert one.value == pytest.approx(other.value, nan_ok=True, abs=1e-6)
    for one, other in zip(icc(x), icc(x + np.array([0, shift, 2 * shift])), strict=True):
        if "(3" in one.form and not np.isnan(one.value):
            assert one.value == pytest.approx(other.value, nan_ok=True, abs=1e-6)


def test_targets_that_all_look_alike_leave_consistency_undefined():
    found = by_form([[0, 0, 3]] * 12)

    assert np.isnan(found["ICC(3,1)"].value)
    assert found["ICC(3,1)"].gate == "not enough data: the targets do not differ at all"
    assert found["ICC(2,1)"].value == 0


def test_where_the_formula_of_a_mean_rating_leaves_its_range_it_is_withheld():
    found = by_form([[10, 3], [3, 9], [6, 8], [4, 10]])  # it would be 6.77

    assert np.isnan(found["ICC(2,k)"].value)
    assert found["ICC(2,k)"].gate
    assert found["ICC(2,1)"].value < 0
