"""From a log of instants to seconds of watched time, also on nights when the clocks change."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.frames import EVENT_LOG, WINDOW_LOG, conform, empty
from caregiving.instruments import load
from caregiving.periods import EVERYTHING, Period
from caregiving.report import build_report
from caregiving.sessions import family_day, lay_out

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


@pytest.mark.parametrize(
    "second", [{"attestation": "discarded"}, {"codes_again": "w1"}], ids=["discarded", "coded a second time"]
)
def test_a_discarded_window_and_a_second_coding_are_nowhere_with_all_that_is_in_them(second):
    beside = window(0, 60, "w2") | second
    sessions = laid([tap(1, "cry"), tap(2, "cry", window="w2")], [window(0, 60), beside])

    assert sessions.events["onset_s"].tolist() == [1]
    assert sessions.windows["end_s"].sum() == 60
    assert (sessions.aside.outside, sessions.aside.partly_logged_windows) == (0, 0)


def test_a_part_of_a_visit_that_is_still_going_on_is_not_taken_for_a_half_logged_one():
    sessions = laid([tap(1, "cry")], [window(0, 60, attestation="paused")])

    assert sessions.aside.partly_logged_windows == 0


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


DAY_S = 86_400


def days_of(events: list[dict[str, object]], windows: list[dict[str, object]], period: Period):
    """Lay out with a period. The windows of these tests begin at noon, so that a day is a day later."""
    log, watched = (
        conform(pd.DataFrame(rows, columns=list(contract)), contract)
        for rows, contract in ((events, EVENT_LOG), (windows, WINDOW_LOG))
    )
    return lay_out(log, watched, now_ms=NOON + 10 * DAY_S * 1000, longest_wait_s=180, period=period)


def test_a_period_keeps_its_days_and_what_lies_in_their_sessions():
    windows = [window(n * DAY_S, n * DAY_S + 600, f"w{n}") for n in range(4)]
    taps = [tap(n * DAY_S + 30, "cry", window=f"w{n}") for n in range(4)]
    names = days_of(taps, windows, EVERYTHING).windows["day"].tolist()

    middle = days_of(taps, windows, Period(names[1], names[2]))

    assert middle.windows["day"].tolist() == names[1:3]
    assert middle.events["id"].tolist() == [taps[1]["id"], taps[2]["id"]]
    assert middle.events["session"].tolist() == ["w1", "w2"]


def test_what_is_set_aside_is_counted_for_the_days_of_the_period_only():
    windows = [window(0, 600, "w0"), window(DAY_S, DAY_S + 600, "w1", attestation="some")]
    taps = [
        tap(700, "cry", window=None),
        tap(800, "cry", time_quality="recalled"),
        tap(DAY_S + 30, "cry", window="w1"),
        tap(DAY_S + 700, "cry", time_quality="recalled"),
        tap(DAY_S + 800, "cry", in_conflict=True),
    ]
    whole = days_of(taps, windows, EVERYTHING).aside
    later = days_of(taps, windows, Period(first=date_of(DAY_S)))

    assert (whole.outside, whole.remembered, whole.in_conflict, whole.partly_logged_windows) == (2, 2, 1, 1)
    assert (later.aside.outside, later.aside.remembered, later.aside.in_conflict) == (1, 1, 1)
    assert later.aside.partly_logged_windows == 1
    assert later.recalled["id"].tolist() == [taps[3]["id"]]
    earlier = days_of(taps, windows, Period(last=date_of(0))).aside
    assert (earlier.outside, earlier.remembered, earlier.partly_logged_windows) == (1, 1, 0)


def date_of(at_s: float) -> str:
    return str(family_day(pd.Series([NOON + round(at_s * 1000)]), pd.Series([120])).iloc[0])


def test_a_session_of_two_days_belongs_to_the_day_it_began_on_in_every_period():
    """Two windows that touch are one session; asking for the second day must not cut it in two."""
    windows = [window(0, DAY_S, "w0"), window(DAY_S, DAY_S + 600, "w1")]
    taps = [tap(DAY_S + 30, "cry", window="w1")]

    first, second = (days_of(taps, windows, Period(date_of(at), date_of(at))) for at in (0, DAY_S))

    assert (len(first.windows), len(first.events)) == (1, 1)
    assert (len(second.windows), len(second.events)) == (0, 0)


def test_a_state_under_way_is_in_the_session_that_it_reached_first_in_every_period():
    windows = [window(600, 1200, "w0"), window(DAY_S, DAY_S + 600, "w1")]
    held = [tap(0, "in_arms", until_s=DAY_S + 60, window=None)]

    whole, later = (days_of(held, windows, p) for p in (EVERYTHING, Period(first=date_of(DAY_S))))

    assert whole.events["session"].tolist() == ["w0"]
    assert len(later.events) == 0 and len(later.windows) == 1


@settings(max_examples=60, deadline=None)
@given(
    windows=st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 12), st.sampled_from(["juno", "ines"])), max_size=8
    ),
    taps=st.lists(
        st.tuples(st.integers(-5, 60), st.sampled_from([None, 1, 9, 30]), st.sampled_from(["juno", "ines"])),
        max_size=12,
    ),
)
def test_every_event_is_placed_as_if_each_session_were_looked_through_by_hand(windows, taps):
    """Times in hours. In a session at its instant; or, for a state, in the next one that it reached."""
    declared = [
        window(h * 3600, (h + length) * 3600, f"w{n}", child=child)
        for n, (h, length, child) in enumerate(windows)
    ]
    logged = [
        tap(h * 3600, "in_arms", None if lasts is None else (h + lasts) * 3600, id=f"t{n}", child=child)
        for n, (h, lasts, child) in enumerate(taps)
    ]
    found = days_of(logged, declared, EVERYTHING)
    spans = {
        row.session: (row.child, _hours(row.started_at), _hours(row.started_at) + row.end_s / 3600)
        for row in found.windows.itertuples()
    }

    by_hand = {}
    for n, (h, lasts, child) in enumerate(taps):
        own = {name: span for name, span in spans.items() if span[0] == child}
        inside = [name for name, (_, start, end) in own.items() if start <= h <= end]
        ahead = sorted((start, name) for name, (_, start, _) in own.items() if start >= h)
        if inside:
            by_hand[f"t{n}"] = (inside[0], (h - own[inside[0]][1]) * 3600)
        elif ahead and lasts is not None and h + lasts > ahead[0][0]:
            by_hand[f"t{n}"] = (ahead[0][1], 0.0)

    placed = {row.id: (row.session, row.onset_s) for row in found.events.itertuples()}
    assert placed == by_hand
    for child in ("juno", "ines"):
        own = sorted(span[1:] for span in spans.values() if span[0] == child)
        assert all(end < start for (_, end), (start, _) in pairwise(own)), "sessions that touch are one"


def _hours(started_at: str) -> float:
    """Hours between noon of the first day and a session's start."""
    return (datetime.fromisoformat(started_at).timestamp() - NOON / 1000) / 3600
