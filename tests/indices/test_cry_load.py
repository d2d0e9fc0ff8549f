"""Minutes of crying and fussing in fully logged days, and the age that goes with them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.indices import Estimate
from caregiving.indices.cry_load import age_band, age_weeks, cry_load
from caregiving.instruments import Instrument, load
from tests.timelines import story

HOME = load("home_moments")
DAY = 86_400


def shown(text: str, instrument: Instrument = HOME) -> Estimate:
    events, windows = story(text, instrument)
    return cry_load(events, windows, instrument)[0]


def test_three_full_days_with_crying_on_one_of_them():
    found = shown(f"100s cry, 1300s settled, {3 * DAY}s end")

    minutes = np.array([20, 0, 0])
    assert (found.value, found.n, found.gate) == (minutes.mean(), 3, None)
    assert found.low == 0
    assert found.high == pytest.approx(minutes.mean() + 4.302653 * minutes.std(ddof=1) / np.sqrt(3))


def test_a_partial_day_does_not_count():
    found = shown(f"100s cry, 1300s settled, {3 * DAY - 3600}s end")

    assert (found.n, found.gate) == (2, "needs 1 more day logged in full (2 of 3)")


def test_an_hour_with_the_tap_board_is_no_day():
    found = shown("10s cry, 70s settled, 3600s end")

    assert (found.n, np.isnan(found.value)) == (0, True)


def test_crying_and_fussing_at_once_counts_once():
    assert shown(f"0-600s cry, 300-900s fuss, {DAY}s end").value == 900 / 60


def test_taps_in_one_bout_run_on_until_settled():
    assert shown(f"0s cry, 50s fuss, 100s cry, 400s settled, {DAY}s end").value == pytest.approx(400 / 60)


def test_an_answer_between_two_taps_does_not_stop_the_crying():
    assert shown(f"0s cry, 20s pick_up, 50s cry, 110s settled, {DAY}s end").value == pytest.approx(110 / 60)


def test_a_day_with_a_cry_whose_end_nobody_logged_is_left_out():
    found = shown(
        f"0-600s cry, {DAY + 10}s cry, {2 * DAY + 10}s cry, {2 * DAY + 70}s settled, {3 * DAY}s end"
    )

    assert (found.value, found.n) == ((10 + 1) / 2, 2)
    assert "1 left out, since the end of a cry was not logged" in str(found.gate)


def test_crying_over_midnight_is_shared_between_the_days():
    found = shown(f"{DAY - 600}-{DAY + 300}s cry, {3 * DAY}s end")

    assert found.value == pytest.approx((10 + 5 + 0) / 3)


def test_windows_that_touch_make_one_day_and_a_gap_breaks_it():
    touching = shown(f"0s start, 40000s end, 40000s start, {DAY}s end")
    broken = shown(f"0s start, 40000s end, 40100s start, {DAY}s end")

    assert (touching.n, broken.n) == (1, 0)


def test_time_that_could_not_be_observed_breaks_a_day():
    assert shown(f"40000-40100s out_of_view, {DAY}s end", load("free_play")).n == 0


def dated(*halves: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"session": name, "start_s": 0.0, "end_s": DAY / 2, "mode": "live", "started_at": at, "day": at[:10]}
        for name, at in halves
    )


def test_two_sessions_of_one_day_join_by_their_instants_also_when_the_clock_changes():
    windows = dated(("a", "2026-10-25T00:00:00+02:00"), ("b", "2026-10-25T11:00:00+01:00"))
    events = pd.DataFrame({"session": ["b"], "code": "cry", "onset_s": [60.0], "offset_s": [180.0]})

    found = cry_load(events, windows, HOME)[0]

    assert (found.n, found.value) == (1, 120 / 60)


def test_two_undated_sessions_are_never_joined():
    windows = dated(("a", "x"), ("b", "x")).drop(columns=["started_at", "day"])

    assert cry_load(story("0s cry")[0], windows, HOME)[0].n == 0


def test_taps_that_nobody_declared_a_window_for_make_no_day():
    events, windows = story(f"0-600s cry, {DAY}s end")

    assert cry_load(events, windows.assign(mode="opportunistic"), HOME)[0].n == 0


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.lists(st.tuples(st.integers(0, DAY - 1), st.integers(1, 7200)), max_size=12))
def test_the_load_is_the_length_of_the_union_and_never_more_than_a_day(cries: list[tuple[int, int]]):
    events = pd.DataFrame(
        {
            "session": "s",
            "code": "cry",
            "onset_s": [float(at) for at, _ in cries],
            "offset_s": [float(at + s) for at, s in cries],
        }
    )
    windows = pd.DataFrame({"session": ["s"], "start_s": [0.0], "end_s": [float(DAY)]})

    cried = np.zeros(DAY, dtype=bool)
    for at, seconds in cries:
        cried[at : at + seconds] = True
    assert cry_load(events, windows, HOME)[0].value == pytest.approx(cried.sum() / 60)


def test_nothing_watched_is_nothing_known():
    found = shown("0s start, 0s end")

    assert (found.n, np.isnan(found.value), found.gate) == (
        0,
        True,
        "needs 3 more days logged in full (0 of 3)",
    )


def test_age_is_corrected_for_birth_before_the_due_date_only():
    assert age_weeks(date(2026, 1, 1), None, date(2026, 3, 26)) == 12
    assert age_weeks(date(2026, 1, 1), date(2026, 1, 29), date(2026, 3, 26)) == 12 - 4
    assert age_weeks(date(2026, 1, 8), date(2026, 1, 1), date(2026, 3, 26)) == 11


def test_an_age_without_a_sourced_figure_says_so():
    assert "117 to 133" in age_band(6.9)
    assert "68 minutes" in age_band(12)
    assert all("No sourced figure" in age_band(weeks) for weeks in (0.5, 7, 8, 9.9, 13, 40))
