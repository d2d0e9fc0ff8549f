"""The last week beside the two before: few comparisons, chosen beforehand, judged strictly."""

from datetime import date, timedelta

import pandas as pd
import pytest

from caregiving.frames import EVENTS, WINDOWS, conform, empty
from caregiving.instruments import load
from caregiving.report import Report
from caregiving.trends.changes import highlighted, newest_change
from sample_data.make import STEADY
from tests.indices.small_log import episodes
from tests.trends.invented import LAST, family

TODAY = date(2026, 3, 31)


def logged(waits: dict[int, list[float]], cue_class: str = "distress") -> Report:
    """A report with one cue answered after each wait (s), by how many days ago it was."""
    rows, windows = [], []
    for ago, seconds in sorted(waits.items(), reverse=True):
        day = (TODAY - timedelta(days=ago)).isoformat()
        windows.append((f"s{ago}", 0.0, 3600.0, day))
        rows += [
            {"session": f"s{ago}", "day": day, "cue_class": cue_class, "cue_code": "cry", "followed_s": wait}
            for wait in seconds
        ]
    seen = pd.DataFrame(windows, columns=["session", "start_s", "end_s", "day"])
    return Report(load("home_moments"), empty(EVENTS), conform(seen, WINDOWS), episodes(rows), ())


def of(changes, cue_class: str = "distress"):
    return next(one for one in changes if one.cue_class == cue_class)


FAR_BACK = {40: [15.0], 39: [15.0]}  # so that the first two days lie before all that is compared


def test_the_difference_is_the_mean_of_the_week_less_that_of_the_two_weeks_before():
    report = logged(
        FAR_BACK | {ago: [30.0, 50.0, 40.0] for ago in range(7)} | {ago: [10.0, 20.0] for ago in range(7, 21)}
    )

    change = of(newest_change(report, str(TODAY)))

    assert (change.now_s, change.before_s) == (
        pytest.approx((30 + 50 + 40) / 3),
        pytest.approx((10 + 20) / 2),
    )
    assert change.difference_s == pytest.approx(40 - 15)
    assert (change.n_now, change.n_before, change.days_now, change.days_before) == (7 * 3, 14 * 2, 7, 14)
    assert highlighted(newest_change(report, str(TODAY))) == change


def test_the_same_waits_in_all_three_weeks_are_no_change():
    report = logged(FAR_BACK | {ago: [10.0, 20.0, 30.0] for ago in range(21)})

    changes = newest_change(report, str(TODAY))

    assert of(changes).difference_s == 0
    assert highlighted(changes) is None


def test_the_first_two_days_of_logging_are_left_out_of_the_weeks_before_and_named():
    report = logged(
        {ago: [10.0, 10.0, 10.0] for ago in range(19)} | {20: [170.0] * 9, 19: [170.0] * 9},
    )

    change = of(newest_change(report, str(TODAY)))

    assert change.before_s == pytest.approx(10)
    assert change.left_out == ("2026-03-11", "2026-03-12")
    assert "2026-03-11 and 2026-03-12 left out" in change.method


def test_a_report_of_only_the_last_weeks_is_told_which_days_were_the_first():
    report = logged({ago: [10.0, 10.0, 10.0] for ago in range(21)})

    change = of(newest_change(report, str(TODAY), first_days=["2025-01-01", "2025-01-02"]))

    assert (change.left_out, change.days_before) == ((), 14)


def test_too_few_cues_are_told_as_what_is_lacking_and_no_figure_slips_out():
    report = logged(FAR_BACK | {0: [10.0] * 19, 8: [20.0] * 40})

    change = of(newest_change(report, str(TODAY)))

    assert change.gate == "needs 1 more cue in each group (19 of 20) and 2 more days in each group (1 of 3)"
    assert all(
        value != value
        for value in (change.now_s, change.before_s, change.difference_s, change.low, change.p_adjusted)
    )


def test_a_day_outside_the_three_weeks_counts_for_neither_side():
    report = logged(FAR_BACK | {ago: [10.0] * 3 for ago in range(21)} | {21: [170.0] * 50, -1: [170.0] * 50})

    change = of(newest_change(report, str(TODAY)))

    assert (change.now_s, change.before_s) == (pytest.approx(10), pytest.approx(10))


def test_p_values_are_adjusted_for_the_comparisons_that_were_made():
    report = logged(
        FAR_BACK | {ago: [40.0] * 3 for ago in range(7)} | {ago: [10.0] * 3 for ago in range(7, 21)}
    )
    social = report.episodes.assign(cue_class=pd.Categorical(["social"] * len(report.episodes)))
    both = pd.concat([report.episodes.astype({"cue_class": "str"}), social.astype({"cue_class": "str"})])
    two = Report(report.instrument, report.events, report.windows, both.reset_index(drop=True), ())

    alone, beside = (of(newest_change(one, str(TODAY))).p_adjusted for one in (report, two))

    assert alone < 0.05
    assert beside == pytest.approx(2 * alone)


def test_a_difference_whose_limits_hold_zero_is_not_pointed_out_though_its_p_is_small():
    report = logged(
        FAR_BACK | {ago: [40.0] * 3 for ago in range(7)} | {ago: [10.0] * 3 for ago in range(7, 21)}
    )
    one = of(newest_change(report, str(TODAY)))
    unsure = type(one)(**{**one.__dict__, "low": -1.0})

    assert highlighted([one]) == one
    assert highlighted([unsure]) is None


@pytest.mark.slow
def test_among_families_in_which_nothing_changed_few_have_a_change_pointed_out(measured):
    families = [family(STEADY, 23, seed) for seed in range(60)]

    alarms = sum(highlighted(newest_change(one, str(LAST))) is not None for one in families)

    measured(f"unchanged families with a change pointed out: {alarms} of {len(families)} (bar 5 in 100)")
    assert alarms <= 8  # 1 in 20 would give 3; more than 8 of 60 has a chance below 1 in 100
