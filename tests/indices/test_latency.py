import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from caregiving.episodes import pair
from caregiving.frames import EPISODES, empty
from caregiving.indices._survival import curve, influence
from caregiving.indices.latency import latency
from caregiving.instruments import load
from tests.indices.small_log import by_measure, episodes, golden, one_class, printed_elsewhere, table, waits

MAINTAINED = waits("9,13,13+,18,23,28+,31,34,45+,48,161+")
NOT_MAINTAINED = waits("5,5,8,8,12,16+,23,27,30,33,43,45")
SIX_MP = waits("6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+")
PLACEBO = waits("1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23")


def test_t3_the_aml_curves_medians_and_restricted_means_are_those_printed_by_r():
    kept, left = curve(*MAINTAINED), curve(*NOT_MAINTAINED)

    assert kept.share.round(4).tolist() == [0.9091, 0.8182, 0.7159, 0.6136, 0.4909, 0.3682, 0.1841]
    assert (kept.median(), left.median()) == (31, 23)
    assert kept.median_limits() == (13, pytest.approx(np.nan, nan_ok=True))
    assert left.median_limits() == (5, 33)
    assert [round(x, 2) for x in kept.restricted_mean(48)] == [31.84, 4.53]
    assert [round(x, 2) for x in left.restricted_mean(48)] == [22.71, 4.18]


def test_t3_the_error_of_the_restricted_mean_is_that_of_the_estimator_not_the_spread_of_the_waits():
    _, error = curve(*MAINTAINED).restricted_mean(48)

    assert round(error**2, 2) == 20.50  # the spread of the truncated waits would be 204.08


def test_t4_the_freireich_curves_medians_and_restricted_means_are_those_printed_by_r():
    drug, placebo = curve(*SIX_MP), curve(*PLACEBO)

    assert drug.share.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert (drug.median(), placebo.median()) == (23, 8)
    assert placebo.median_limits() == (4, 11)
    assert [round(x, 2) for x in drug.restricted_mean(23)] == [17.91, 1.55]
    assert [round(x, 2) for x in placebo.restricted_mean(23)] == [8.67, 1.38]


def test_t22_rule_a_every_cue_stands_alone_and_takes_the_first_answer_in_its_window():
    events, windows = golden()
    rows = pair(events, windows, one_class(60, rule="any"))

    steps = curve(rows["followed_s"], rows["answered"])
    assert rows["followed_s"].tolist() == [6, 10, 18, 8, 15, 5, 60, 1, 2, 60, 10]
    assert [round(1 - steps.waiting(w), 4) for w in (5, 10, 15, 30)] == [
        round(k / 11, 4) for k in (3, 7, 8, 9)
    ]
    assert steps.median() == 10
    assert round(steps.restricted_mean(60)[0], 3) == 17.727  # (6+10+18+8+15+5+60+1+2+60+10) / 11


def test_t22_rule_b_cues_close_together_are_one_bout_and_every_answer_serves_once():
    events, windows = golden()
    rows = pair(events, windows, one_class(60, gap_s=15))

    steps = curve(rows["followed_s"], rows["answered"])
    assert rows["followed_s"].tolist() == [6, 10, 18, 15, 5, 60, 1, 2, 60, 10]
    assert [round(1 - steps.waiting(w), 4) for w in (5, 10, 15, 30)] == [0.30, 0.50, 0.625, 0.75]
    assert steps.median() == 10  # S(10) is one half exactly, and one half counts as reached
    assert round(steps.restricted_mean(60)[0], 3) == 21.525


def test_the_median_of_the_waltons_data_is_that_of_r():
    rows, printed = table("lifelines_waltons_dataset.csv"), printed_elsewhere()["survival"]["waltons"]
    steps = curve(rows["T"], rows["E"])
    km = printed["km"]

    assert (len(rows), int(rows["E"].sum())) == (printed["n"], printed["events"])
    assert steps.median() == km["median"]
    assert [steps.waiting(t) for t in km["times"]] == pytest.approx(km["surv"], rel=1e-10)
    errors = [steps.waiting(t) * steps.green_at(t) ** 0.5 for t in km["times"]]
    assert errors == pytest.approx(km["se"], rel=1e-10)
    for name, group in rows.groupby("group"):
        assert curve(group["T"], group["E"]).median() == printed["median_by_group"][f"group={name}"]


def test_the_aml_data_taken_together_have_the_restricted_mean_and_log_log_limits_of_r():
    printed = printed_elsewhere()["survival"]["aml"]
    steps = curve(MAINTAINED[0] + NOT_MAINTAINED[0], MAINTAINED[1] + NOT_MAINTAINED[1])
    rmst, median = printed["rmst"], printed["km_loglog_median"]

    assert steps.restricted_mean(rmst["tau"]) == (pytest.approx(rmst["value"]), pytest.approx(rmst["se"]))
    assert (steps.median(), *steps.median_limits()) == (median["quantile"], median["lower"], median["upper"])


def test_the_lymphoma_curve_is_that_of_scipy():
    rows = table("lifelines_lymphoma.csv")
    for _, group in rows.groupby("Stage_group"):
        assert_like_scipy(group["Time"].to_numpy(float), group["Censor"].to_numpy(bool))


WAITS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@given(WAITS)
def test_the_curve_is_that_of_scipy_with_ties_and_waits_of_zero(rows):
    assert_like_scipy(np.array([t for t, _ in rows], float), np.array([e for _, e in rows]))


def assert_like_scipy(wait, answered):
    if not answered.any():  # scipy draws no curve then, and everybody is still waiting
        assert curve(wait, answered).waiting(99) == 1
        return
    known = ecdf(CensoredData(wait[answered], right=wait[~answered])).sf
    steps = curve(wait, answered)
    assert [steps.waiting(t) for t in known.quantiles] == pytest.approx(known.probabilities, abs=1e-12)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=30), st.integers(0, 20))
def test_without_broken_off_waits_the_influence_is_the_residual_of_a_plain_share(wait, t):
    if max(wait) <= t:  # then nobody is still waiting and no residual is left
        return
    waits_, n = np.array(wait, float), len(wait)
    expected = ((waits_ > t) - np.mean(waits_ > t)) / n
    assert influence(waits_, np.ones(n, bool), t) == pytest.approx(expected, abs=1e-12)


@given(WAITS, st.integers(2, 9))
def test_scaling_all_times_scales_median_and_restricted_mean(rows, factor):
    wait, answered = np.array([t for t, _ in rows], float), np.array([e for _, e in rows])
    once, scaled = curve(wait, answered), curve(wait * factor, answered)

    assert scaled.median() == pytest.approx(factor * once.median(), nan_ok=True)
    assert scaled.restricted_mean(12 * factor) == pytest.approx(
        tuple(factor * x for x in once.restricted_mean(12)), nan_ok=True
    )


def test_nothing_seen_has_no_latency_but_a_sentence():
    for one in latency(empty(EPISODES), load("home_moments")):
        assert np.isnan(one.value)
        assert (one.n, one.gate is None) == (0, False)


def test_cues_for_which_the_caregiver_was_already_there_do_not_wait():
    rows = episodes([{"followed_s": 4.0}, {"followed_s": 0.0, "already_engaged": True}])

    assert by_measure(latency(rows, one_class()))["rmst"].n == 1


def test_fewer_than_half_answered_have_no_median():
    rows = episodes(
        [{"day": f"d{i % 3}", "answered": i < 10, "followed_s": 5.0 if i < 10 else 60.0} for i in range(30)]
    )
    median = by_measure(latency(rows, one_class()))["median"]

    assert np.isnan(median.value)
    assert median.gate == "fewer than half of these cues were answered within 60 s, so there is no median"


def test_from_seven_days_on_the_limits_come_from_days_drawn_anew():
    rows = episodes(
        [
            {"day": f"2026-01-0{d + 1}", "session": f"s{d}", "followed_s": float(5 + d + k)}
            for d in range(7)
            for k in range(5)
        ]
    )
    rmst = by_measure(latency(rows, one_class()))["rmst"]

    assert "999 draws of 7 days" in rmst.method
    assert rmst.low < rmst.value < rmst.high
    assert rmst.value == pytest.approx(np.mean([5 + d + k for d in range(7) for k in range(5)]))


def test_the_same_seed_gives_the_same_limits():
    rows = episodes(
        [{"day": f"2026-01-0{d + 1}", "followed_s": float(d + k)} for d in range(7) for k in range(5)]
    )

    assert pd.DataFrame(latency(rows, one_class(), seed=1)).equals(
        pd.DataFrame(latency(rows, one_class(), seed=1))
    )


def test_a_week_in_which_nobody_answered_has_no_median_and_the_whole_horizon_as_its_mean():
    rows = pd.DataFrame(
        {
            "cue_class": "distress",
            "cue_code": "cry",
            "answered": False,
            "followed_s": 180.0,
            "already_engaged": False,
            "day": [f"2026-03-{1 + n // 5:02d}" for n in range(40)],
            "session": "s",
        }
    )
    median, mean = latency(rows, load("home_moments"))[:2]

    assert np.isnan(median.value)
    assert median.gate == "fewer than half of these cues were answered within 180 s, so there is no median"
    assert (mean.value, mean.gate) == (180.0, "needs 10 more answers (0 of 10)")
