"""Watched minutes and cues by hour: what was not watched is not known, and no minute is lost or doubled."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.trends.day_map import day_map
from sample_data.make import STEADY
from tests.trends.invented import family, told

CHANGE_NIGHT = (
    "2026-10-25T00:30:00+02:00",
    "0s start, 18000s end",
)  # five hours, in which three o'clock is two


def cell(found, row, hour):
    """The one cell of that row and hour."""
    cells = found.cells
    return cells[(cells["row"] == row) & (cells["hour"] == hour)].iloc[0]


def test_a_sitting_across_the_full_hour_is_shared_between_both_hours():
    found = day_map(told(("2026-03-02T10:40:00+01:00", "0s start, 60s cry, 70s pick_up, 2400s end")))

    assert cell(found, "2026-03-02", 10)["watched_min"] == 60 - 40
    assert cell(found, "2026-03-02", 11)["watched_min"] == 40 - 20
    assert (cell(found, "2026-03-02", 10)["cues"], cell(found, "2026-03-02", 11)["cues"]) == (1, 0)


def test_an_hour_that_nobody_watched_has_no_counts_at_all():
    found = day_map(told(("2026-03-02T10:00:00+01:00", "0s start, 600s end")))

    assert cell(found, "2026-03-02", 10)["cues"] == 0
    assert cell(found, "2026-03-02", 12)[["cues", "distress", "waited", "answered"]].isna().all()


def test_counts_tell_crying_waiting_and_answers_apart():
    text = "0s start, 10s cry, 20s pick_up, 100-400s in_arms, 200s smile, 900s coo, 3000s end"

    one = cell(day_map(told(("2026-03-02T10:00:00+01:00", text))), "2026-03-02", 10)

    assert (one["cues"], one["distress"], one["waited"], one["answered"]) == (3, 1, 2, 1)


def test_three_in_the_morning_belongs_to_the_day_before_and_stands_at_its_end():
    found = day_map(told(("2026-03-02T03:00:00+01:00", "0s start, 600s end")))

    assert found.rows == ("2026-03-01",)
    assert (found.cells["hour"].iloc[0], found.cells["hour"].iloc[-1]) == (6, 5)
    assert cell(found, "2026-03-01", 3)["watched_min"] == 10


def test_a_sitting_across_the_start_of_the_day_is_shared_between_two_days():
    found = day_map(told(("2026-03-02T05:50:00+01:00", "0s start, 900s cry, 1200s end")))

    assert found.rows == ("2026-03-01", "2026-03-02")
    assert (cell(found, "2026-03-01", 5)["watched_min"], cell(found, "2026-03-02", 6)["watched_min"]) == (
        10,
        10,
    )
    assert cell(found, "2026-03-02", 6)["cues"] == 1


def test_in_the_night_of_the_clock_change_two_o_clock_lasts_two_hours_and_no_minute_is_lost():
    found = day_map(told(CHANGE_NIGHT), zone="Europe/Berlin")

    minutes = {hour: cell(found, "2026-10-24", hour)["watched_min"] for hour in (0, 1, 2, 3, 4, 5)}
    assert minutes == {0: 30, 1: 60, 2: 120, 3: 60, 4: 30, 5: 0}
    assert found.watched_min == 5 * 60


def test_without_a_zone_the_clock_goes_on_as_it_was_and_no_minute_is_lost():
    found = day_map(told(CHANGE_NIGHT))

    assert cell(found, "2026-10-24", 2)["watched_min"] == 60
    assert found.watched_min == 5 * 60


def test_a_cue_in_the_very_last_instant_belongs_to_the_hour_that_was_watched():
    found = day_map(told(("2026-03-02T10:00:00+01:00", "0s start, 3600s cry, 3600s end")))

    assert (cell(found, "2026-03-02", 10)["cues"], found.cells["cues"].sum()) == (1, 1)


def test_days_without_watching_stand_between_the_others_and_are_not_known():
    found = day_map(
        told(
            ("2026-03-02T10:00:00+01:00", "0s start, 600s end"),
            ("2026-03-04T10:00:00+01:00", "0s start, 600s end"),
        )
    )

    assert found.rows == ("2026-03-02", "2026-03-03", "2026-03-04")
    assert found.cells[found.cells["row"] == "2026-03-03"]["cues"].isna().all()


def test_up_to_three_weeks_are_shown_day_by_day_and_more_by_day_of_the_week():
    short, long = day_map(family(STEADY, 21)), day_map(family(STEADY, 22))

    assert (short.by, len(short.rows)) == ("day", 21)
    assert (long.by, long.rows) == ("weekday", tuple("0123456"))


def test_by_day_of_the_week_every_cue_and_minute_is_counted_once():
    report = family(STEADY, 60)

    found = day_map(report)

    assert found.watched_min == pytest.approx(report.exposure_s / 60)
    assert found.cells["cues"].sum() == len(report.episodes)
    assert found.cells["answered"].sum() == report.episodes["answered"].sum()


def test_watched_time_without_a_date_is_counted_apart():
    report = told(("2026-03-02T10:00:00+01:00", "0s start, 5s cry, 600s end"))
    undated = type(report)(
        report.instrument, report.events, report.windows.assign(started_at=None), report.episodes, ()
    )

    found = day_map(undated)

    assert (found.rows, len(found.cells), found.undated_min, found.watched_min) == ((), 0, 10, 10)


@given(
    minutes=st.integers(0, 60 * 24 * 3),
    seconds=st.integers(1, 20 * 3600),
    zone=st.sampled_from([None, "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_however_long_a_sitting_is_its_minutes_add_up(minutes, seconds, zone):
    start = datetime.fromisoformat("2026-10-23T12:00:00+02:00") + timedelta(minutes=minutes)

    found = day_map(told((start.isoformat(), f"0s start, {seconds}s end")), zone=zone)

    assert found.watched_min == pytest.approx(seconds / 60)
    assert found.cells["watched_min"].max() <= 120
