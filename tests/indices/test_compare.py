import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, logrank

from caregiving.frames import EPISODES, empty
from caregiving.indices._compare import compare, drawn_means, log_rank
from caregiving.indices._survival import curve
from tests.indices.small_log import episodes, printed_elsewhere, table, waits

AML = waits("9,13,13+,18,23,28+,31,34,45+,48,161+"), waits("5,5,8,8,12,16+,23,27,30,33,43,45")
FREIREICH = (
    waits("6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+"),
    waits("1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23"),
)


def together(first, second):
    return first[0] + second[0], first[1] + second[1], [1] * len(first[0]) + [0] * len(second[0])


def test_t3_log_rank_of_the_aml_groups():
    chi2, p = log_rank(*together(*AML))

    assert (round(chi2, 3), round(p, 4)) == (3.396, 0.0653)


def test_t4_log_rank_of_the_freireich_groups():
    chi2, _ = log_rank(*together(*FREIREICH))

    assert round(chi2, 3) == 16.793


def test_t3_t4_the_difference_of_restricted_means_is_that_of_the_printed_ones():
    for (first, second), horizon, printed in ((AML, 48, (31.84, 22.71)), (FREIREICH, 23, (17.91, 8.67))):
        groups = [
            episodes([{"followed_s": t, "answered": a} for t, a in zip(*group, strict=True)])
            for group in (first, second)
        ]
        assert compare(*groups, horizon).difference_s == pytest.approx(printed[0] - printed[1], abs=0.01)


def test_the_waltons_groups_differ_as_r_says():
    rows, printed = table("lifelines_waltons_dataset.csv"), printed_elsewhere()["survival"]["waltons"]
    chi2, p = log_rank(rows["T"], rows["E"], rows["group"] == "control")

    assert chi2 == pytest.approx(printed["logrank"]["chisq"])
    assert p < 1e-12


def test_the_lymphoma_stages_differ_as_scipy_says():
    rows = table("lifelines_lymphoma.csv")
    early = (rows["Stage_group"] == 1).to_numpy()
    wait, answered = rows["Time"].to_numpy(float), rows["Censor"].to_numpy(bool)
    sides = [CensoredData(wait[g & answered], right=wait[g & ~answered]) for g in (early, ~early)]
    chi2, p = log_rank(wait, answered, early)

    assert chi2 == pytest.approx(logrank(*sides).statistic ** 2)
    assert p == pytest.approx(logrank(*sides).pvalue)


ROWS = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=2, max_size=30)


@settings(deadline=None)
@given(ROWS)
def test_it_does_not_matter_which_group_is_called_the_first(rows):
    wait, answered, first = (np.array(column) for column in zip(*rows, strict=True))

    assert log_rank(wait, answered, first) == pytest.approx(log_rank(wait, answered, ~first), nan_ok=True)
    assert log_rank(7 * wait, answered, first) == pytest.approx(log_rank(wait, answered, first), nan_ok=True)


def test_strata_are_compared_within_and_not_across():
    """Two classes: in each both groups wait alike, but the first group has mostly the slow class."""
    wait = [1, 2, 3, 4] + [101, 102, 103, 104] * 5
    first = [0, 1, 0, 1] + [0, 1, 1, 1] * 5
    kind = ["fast"] * 4 + ["slow"] * 20
    one_class = [log_rank(w, [True] * len(w), f) for w, f in ((wait[:4], first[:4]), (wait[4:], first[4:]))]

    pooled, _ = log_rank(wait, [True] * 24, first)
    stratified, _ = log_rank(wait, [True] * 24, first, kind)
    assert stratified < sum(chi2 for chi2, _ in one_class) + 1e-9
    assert stratified != pytest.approx(pooled)


def test_one_stratum_is_no_stratum():
    wait, answered, first = together(*AML)

    assert log_rank(wait, answered, first, ["cry"] * 23) == log_rank(wait, answered, first)


def a_period(rng, mean_s: float, days: int, month: int, bouts: int = 6):
    wait = rng.exponential(mean_s, (days, bouts))
    return episodes(
        [
            {
                "day": f"2026-{month:02d}-{d + 1:02d}",
                "session": f"{month}-{d}",
                "followed_s": float(min(w, 60)),
                "answered": bool(w <= 60),
            }
            for d, day in enumerate(wait)
            for w in day
        ]
    )


def test_a_slower_and_a_quicker_period_differ_by_their_restricted_means():
    rng = np.random.default_rng(1)
    slow, quick = a_period(rng, 40, 10, month=1), a_period(rng, 10, 10, month=2)
    found = compare(slow, quick, 60, seed=1)
    means = [curve(g["followed_s"], g["answered"]).restricted_mean(60)[0] for g in (slow, quick)]

    assert found.difference_s == pytest.approx(means[0] - means[1])
    assert 0 < found.low_s < found.difference_s < found.high_s
    assert found.p_days == 1 / 1000
    assert (found.n_first, found.days_second, found.gate) == (60, 10, None)
    assert "999 draws of 10 and 10 days" in found.method


def test_swapping_the_groups_swaps_the_sign():
    rng = np.random.default_rng(2)
    one, other = a_period(rng, 20, 5, month=1), a_period(rng, 30, 5, month=2)
    there, back = compare(one, other, 60), compare(other, one, 60)

    assert there.difference_s == -back.difference_s
    assert (there.low_s, there.high_s) == (-back.high_s, -back.low_s)
    assert there.chi2 == pytest.approx(back.chi2)
    assert "treats cues as independent" in there.method


def test_when_all_the_difference_lies_between_days_relabelled_days_see_it_and_cues_alone_do_not():
    """Whole days are quick (5 s) or slow (50 s), by chance more quick ones in one period: 4 of 6 against 2 of
    6."""

    def period(month, seconds):
        return episodes(
            [
                {"day": f"2026-{month:02d}-{d + 1:02d}", "followed_s": float(s)}
                for d, s in enumerate(seconds)
                for _ in range(8)
            ]
        )

    found = compare(period(1, [5, 5, 5, 5, 50, 50]), period(2, [5, 5, 50, 50, 50, 50]), 60)

    assert found.p_cues < 0.05
    assert found.p_days > 0.2


def test_two_caregivers_of_the_same_days_are_swapped_within_their_days():
    """Every day one is 5 s quicker: of 2^10 swaps hardly any is as one-sided, however much the days
    differ."""

    def caregiver(more):
        return episodes(
            [
                {"day": f"2026-01-{d + 1:02d}", "followed_s": float(6 * d + more)}
                for d in range(10)
                for _ in range(2)
            ]
        )

    assert compare(caregiver(5), caregiver(0), 100).p_days < 0.02


def test_cues_with_the_caregiver_already_there_are_left_out_and_few_cues_are_told():
    rows = episodes([{"followed_s": 5.0}, {"followed_s": 0.0, "already_engaged": True}])
    found = compare(rows, rows, 60)

    assert (found.n_first, found.n_second) == (1, 1)
    assert found.gate == "needs 19 more cues in each group (1 of 20) and 2 more days in each group (1 of 3)"


def test_nothing_seen_has_no_difference():
    found = compare(empty(EPISODES), empty(EPISODES), 60)

    assert np.isnan([found.difference_s, found.chi2, found.p_cues, found.p_days]).all()
    assert (found.n_first, found.days_first) == (0, 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=20))
def test_drawing_every_day_once_is_the_restricted_mean_itself(rows):
    wait, answered = np.array([t for t, _ in rows], float), np.array([a for _, a in rows])
    expected, _ = curve(wait, answered).restricted_mean(8)
    if np.isnan(expected):
        return
    drawn = drawn_means(wait, answered, np.arange(len(wait)), 8.0, np.ones((1, len(wait))))

    assert drawn[0] == pytest.approx(expected)


@pytest.mark.slow
def test_relabelled_days_reject_a_true_null_in_3_to_7_of_100_periods_where_cues_alone_reject_more():
    """Two periods of ten days; the mean wait of each day is drawn anew, the same way in both periods."""
    rng, p_days, p_cues = np.random.default_rng(9), [], []
    for _ in range(200):
        halves = []
        for month in (1, 2):
            mean = 20 * rng.lognormal(0, 0.5, (10, 1))
            wait = np.minimum(rng.exponential(mean, (10, 8)), 60)
            rows = episodes([{}]).iloc[np.zeros(80, int)]
            day = np.repeat([f"2026-{month:02d}-{d + 1:02d}" for d in range(10)], 8)
            halves.append(rows.assign(day=day, followed_s=wait.ravel(), answered=wait.ravel() < 60))
        found = compare(*halves, 60, seed=1)
        p_days.append(found.p_days)
        p_cues.append(found.p_cues)

    assert 0.03 <= np.mean(np.array(p_days) <= 0.05) <= 0.07
    assert np.mean(np.array(p_cues) <= 0.05) > 0.08
