"""From a log of instants to seconds of watched time, also on nights when the clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from caregiving.frames import EVENT_LOG, WINDOW_LOG, conform, empty
from caregiving.instruments import load
from caregiving.report import build_report
from caregiving.sessions import lay_out

HOME = load("home_moments")
NOON = 1_790_000_000_000


def window(start_s: float, end_s: float | None, name: str = "w1", **changes: object) -> dict[str, object]:
    row = {
        "id": name,
        "child": "juno",
        "mode": "live",
        "context": None,
        "instrument": "home_moments.v1",
        "started_ms": NOON + round(start_s * 1000),
        "ended_ms": None if end_s is None else NOON + round(end_s * 1000),
        "attestation": None if end_s is None else "all",
        "zone": "Europe/Berlin",
        "utc_offset_min": 120,
        "author": "ada",
    }
    return row | changes


def tap(at_s: float, code: str, until_s: float | None = None, **changes: object) -> dict[str, object]:
    row = {name: None for name in EVENT_LOG} | {
        "id": f"{code}-{at_s}",
        "child": "juno",
        "window": "w1",
        "instrument": "home_moments.v1",
        "actor": HOME.behaviour(code).who,
        "code": code,
        "onset_ms": NOON + round(at_s * 1000),
        "offset_ms": None if until_s is None else NOON + round(until_s * 1000),
        "utc_offset_min": 120,
        "zone": "Europe/Berlin",
        "time_quality": "tapped",
        "author": "ada",
        "in_conflict": False,
        "seq": 1,
    }
    return row | changes


def laid(events: list[dict[str, object]], windows: list[dict[str, object]], now_s: float = 10_000):
    log = conform(pd.DataFrame(events, columns=list(EVENT_LOG)), EVENT_LOG) if events else empty(EVENT_LOG)
    watched = (
        conform(pd.DataFrame(windows, columns=list(WINDOW_LOG)), WINDOW_LOG) if windows else empty(WINDOW_LOG)
    )
    return lay_out(log, watched, now_ms=NOON + round(now_s * 1000), longest_wait_s=180)


def test_taps_become_seconds_from_the_start_of_their_window():
    sessions = laid([tap(30, "cry"), tap(52.25, "pick_up")], [window(0, 600)])

    assert sessions.events["onset_s"].tolist() == [30.0, 52.25]
    assert sessions.windows[["start_s", "end_s"]].to_numpy().tolist() == [[0.0, 600.0]]


def test_windows_of_two_parents_that_overlap_are_one_session_and_answer_each_other():
    windows = [window(0, 300, "w1"), window(200, 600, "w2", author="ravi")]
    sessions = laid([tap(250, "cry", window="w1"), tap(310, "pick_up", window="w2")], windows)

    assert sessions.windows["end_s"].tolist() == [600.0]
    assert sessions.events["session"].nunique() == 1


def test_a_tap_outside_watched_time_is_set_aside_and_counted():
    sessions = laid([tap(30, "cry"), tap(700, "cry", window=None)], [window(0, 600)])

    assert (len(sessions.events), sessions.aside.outside) == (1, 1)


def test_remembered_imported_and_conflicting_moments_are_set_aside_each_with_its_count():
    events = [
        tap(30, "cry", time_quality="recalled"),
        tap(40, "cry", time_quality="imported_minute"),
        tap(50, "cry", in_conflict=True),
    ]
    aside = laid(events, [window(0, 600)]).aside

    assert (aside.remembered, aside.by_the_minute, aside.in_conflict, aside.outside) == (1, 1, 1, 0)


def test_a_window_of_which_only_some_cues_were_logged_feeds_no_figure():
    sessions = laid([tap(30, "cry")], [window(0, 600, attestation="some")])

    assert (len(sessions.windows), sessions.aside.partly_logged_windows) == (0, 1)


def test_an_open_window_is_watched_until_its_last_tap_and_one_response_window_more():
    sessions = laid([tap(30, "cry"), tap(400, "smile")], [window(0, None)], now_s=9_000)

    assert sessions.windows["end_s"].tolist() == [400 + 180]


def test_an_open_window_does_not_reach_beyond_now():
    assert laid([tap(30, "cry")], [window(0, None)], now_s=50).windows["end_s"].tolist() == [50.0]


def test_a_tap_of_a_tablet_whose_clock_runs_ahead_is_still_watched():
    sessions = laid([tap(30, "cry"), tap(60, "pick_up")], [window(0, None)], now_s=50)

    assert (len(sessions.events), sessions.windows["end_s"].tolist()) == (2, [60.0])


def test_opportunistic_taps_feed_no_figure():
    assert len(laid([tap(30, "cry")], [window(0, 600, mode="opportunistic")]).windows) == 0


def test_a_baby_already_in_arms_when_the_watching_began_is_in_arms_from_its_start():
    sessions = laid([tap(-300, "in_arms", until_s=90, window=None), tap(30, "cry")], [window(0, 600)])
    rows = sessions.events.set_index("code")

    assert (rows.loc["in_arms", "onset_s"], rows.loc["in_arms", "offset_s"]) == (0.0, 90.0)


def test_two_children_never_share_a_session():
    windows = [window(0, 600, "w1"), window(100, 400, "w2", child="ines")]
    sessions = laid([tap(150, "cry", child="ines"), tap(160, "pick_up")], windows)

    assert len(sessions.windows) == 2
    assert sessions.events["session"].nunique() == 2


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 9, 26, 13, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 9, 26, 20, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_across_a_change_of_the_clocks_took_as_long_as_it_took(zone, night):
    start = int(night.timestamp() * 1000)
    before = int(night.astimezone(ZoneInfo(zone)).utcoffset().total_seconds() // 60)
    later = datetime.fromtimestamp(night.timestamp() + 3600, ZoneInfo(zone))
    after = int(later.utcoffset().total_seconds() // 60)
    cue = tap(0, "cry", zone=zone, utc_offset_min=before, onset_ms=start + 29 * 60_000 + 50_000)
    answer = tap(1, "pick_up", zone=zone, utc_offset_min=after, onset_ms=start + 30 * 60_000 + 10_000)
    log = conform(pd.DataFrame([cue, answer], columns=list(EVENT_LOG)), EVENT_LOG)
    one = window(0, 0, started_ms=start, ended_ms=start + 3_600_000, zone=zone, utc_offset_min=before)
    windows = conform(pd.DataFrame([one], columns=list(WINDOW_LOG)), WINDOW_LOG)
    report = build_report(log, windows, HOME, now_ms=start + 7_200_000, names=["latency"])

    assert report.episodes["latency_s"].tolist() == [20.0]
    assert report.exposure_s == 3600.0
    assert len(report.days) == 1


def test_a_log_without_anything_gives_a_report_without_anything():
    report = build_report(
        empty(EVENT_LOG), empty(WINDOW_LOG), HOME, now_ms=NOON, names=["latency", "responsiveness"]
    )

    assert (report.exposure_s, len(report.episodes), report.days) == (0.0, 0, [])
    assert all(one.n == 0 and one.value != one.value and one.gate for _, one in report.results)
