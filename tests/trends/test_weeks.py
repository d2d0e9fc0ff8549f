"""One figure week by week: each week is the real index on that week alone."""

import inspect
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from caregiving.indices import Material, UnknownIndex, all_indices
from caregiving.trends.weeks import ONLY_WAITS, UnknownMeasure, by_week
from sample_data.make import STEADY
from tests.trends.invented import LAST, family, told


def only(report, first, last):
    """What an index reads of the days from first to last."""
    inside = {(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}
    windows = report.windows[report.windows["day"].isin(inside)]
    return Material(
        report.instrument,
        report.events[report.events["session"].isin(windows["session"])],
        windows,
        report.episodes[report.episodes["day"].isin(inside)],
    )


ONLY_WAITS_READ = [
    name
    for name, which in all_indices().items()
    if set(inspect.signature(which.function).parameters) <= ONLY_WAITS
]


@pytest.mark.parametrize("name", [*ONLY_WAITS_READ, "comfort", "cry_load"])
def test_a_week_is_what_the_index_says_of_those_seven_days(name):
    report = family(STEADY, 14)
    alone = all_indices()[name].estimates(only(report, LAST - timedelta(days=6), LAST))
    asked = [one for one in alone if one.cue_class != "all"][:8]

    weeks = [by_week(report, name, one.measure, one.cue_class, str(LAST), 1)[0].estimate for one in asked]

    assert len(asked) > 0
    assert [repr(one) for one in weeks] == [repr(one) for one in asked]


def test_weeks_follow_each_other_and_end_on_the_day_that_is_asked_for():
    weeks = by_week(family(STEADY, 28), "responsiveness", "within_180s", "distress", "2026-09-30", 3)

    assert [(week.first_day, week.last_day) for week in weeks] == [
        ("2026-09-10", "2026-09-16"),
        ("2026-09-17", "2026-09-23"),
        ("2026-09-24", "2026-09-30"),
    ]


def test_watched_time_of_all_weeks_adds_up_to_that_of_the_report():
    report = family(STEADY, 28)

    weeks = by_week(report, "responsiveness", "within_180s", "distress", str(LAST), 4)

    assert sum(week.watched_s for week in weeks) == pytest.approx(report.exposure_s)


def test_a_week_in_which_nobody_watched_is_withheld_and_not_zero():
    weeks = by_week(family(STEADY, 7), "responsiveness", "within_180s", "distress", str(LAST), 2)

    assert (weeks[0].watched_s, weeks[0].estimate.n) == (0.0, 0)
    assert weeks[0].estimate.gate == "needs 20 more cues (0 of 20) and 3 more days (0 of 3)"
    assert weeks[0].estimate.value != weeks[0].estimate.value


def test_a_night_sitting_belongs_to_the_week_of_the_evening_before():
    report = told(("2026-09-28T02:00:00+02:00", "0s start, 10s cry, 600s end"))

    before, after = by_week(report, "responsiveness", "within_180s", "distress", "2026-10-04", 2)

    assert (before.last_day, before.watched_s, after.watched_s) == ("2026-09-27", 600.0, 0.0)


def test_an_index_or_a_figure_that_does_not_exist_is_named_together_with_those_that_do():
    report = family(STEADY, 7)

    with pytest.raises(UnknownIndex, match="responsiveness"):
        by_week(report, "haste", "rmst", "distress", str(LAST))
    with pytest.raises(UnknownMeasure, match=r'no "mean" of "distress"; it has: .*rmst of distress'):
        by_week(report, "latency", "mean", "distress", str(LAST))


@pytest.mark.slow
def test_a_year_of_weeks_is_quick(measured):
    busy = replace(STEADY, windows_a_day=4, window_min=(30, 50))
    report = family(busy, 365)
    for name, measure in (("responsiveness", "within_180s"), ("latency", "rmst")):
        begun = time.process_time()
        weeks = by_week(report, name, measure, "distress", str(LAST), 52)
        took = time.process_time() - begun

        assert all(week.estimate.gate is None for week in weeks)
        measured(
            f"52 weeks of {name} from {len(report.events)} events: {took * 1000:.0f} ms of work (bar 300)"
        )
