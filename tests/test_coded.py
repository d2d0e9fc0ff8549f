"""A coded session is one window of one observer: what belongs to it, where it ends, what was left out."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.coded import CodedSession, coded_sessions, frames_of, frames_together, remarks
from caregiving.coded.looks import (
    NO_STATES,
    VOICES,
    Cast,
    codes_in_order,
    look,
    pairs_in_order,
    path,
    series,
)
from caregiving.frames import EVENT_LOG, EVENTS, WINDOW_LOG, WINDOWS, conform, empty
from caregiving.instruments import load
from caregiving.sequences import VIEWS
from tests.timelines import story

START_MS = 1_772_355_600_000  # 1 March 2026, 10:00 in Berlin
ENGAGEMENT = load("engagement.v1")


def window(name: str = "w1", minutes: float | None = 10, **changes: object) -> pd.DataFrame:
    """A session of engagement on 1 March at ten, coded by Noor."""
    row = {
        "id": name,
        "child": "juno",
        "mode": "session",
        "context": "play",
        "instrument": "engagement.v1",
        "started_ms": START_MS,
        "ended_ms": None if minutes is None else START_MS + round(minutes * 60_000),
        "attestation": None if minutes is None else "all",
        "zone": "Europe/Berlin",
        "utc_offset_min": 60,
        "author": "noor",
    }
    return conform(pd.DataFrame([row | changes]), WINDOW_LOG)


def log(*rows: tuple[float, float | None, str], window: str = "w1", **changes: object) -> pd.DataFrame:
    """Events of a session: (from, to, code) in seconds from its start."""
    moments = [
        {
            "id": f"{window}-{place}",
            "child": "juno",
            "window": window,
            "instrument": "engagement.v1",
            "actor": ENGAGEMENT.behaviour(code).who,
            "code": code,
            "onset_ms": START_MS + round(begin * 1000),
            "offset_ms": None if until is None else START_MS + round(until * 1000),
            "utc_offset_min": 60,
            "zone": "Europe/Berlin",
            "time_quality": "tapped",
            "latency_low_s": math.nan,
            "latency_high_s": math.nan,
            "caregiver": None,
            "author": "noor",
            "reason": None,
            "replaces": None,
            "in_conflict": False,
            "seq": place,
        }
        | changes
        for place, (begin, until, code) in enumerate(rows)
    ]
    return conform(pd.DataFrame(moments, columns=list(EVENT_LOG)), EVENT_LOG)


def only(moments: pd.DataFrame, windows: pd.DataFrame) -> CodedSession:
    found = coded_sessions(moments, windows)
    assert len(found) == 1
    return found[0]


# --- which sessions there are -----------------------------------------------------------------------


def test_a_log_without_sessions_has_none():
    assert coded_sessions(empty(EVENT_LOG), empty(WINDOW_LOG)) == []
    assert coded_sessions(log((0, 4, "speech")), window(mode="live")) == []


def test_a_session_says_when_it_was_how_long_it_took_and_how_much_was_coded():
    session = only(log((0, 4, "speech"), (5, None, "smile")), window())

    assert (session.day, session.began, session.minutes) == ("2026-03-01", "2026-03-01T10:00", 10.0)
    assert (session.instrument, session.coder, session.context) == ("engagement.v1", "noor", "play")
    assert (session.n_events, session.n_aside, session.ended, session.usable) == (2, 0, True, True)
    assert remarks(session) == []


def test_the_newest_session_comes_first():
    day = 24 * 3_600_000
    both = pd.concat([window("old"), window("new", started_ms=START_MS + day, ended_ms=START_MS + day + 1)])

    assert [session.id for session in coded_sessions(empty(EVENT_LOG), both)] == ["new", "old"]


def test_two_observers_of_one_sitting_make_two_sessions_that_are_never_mixed():
    windows = pd.concat([window("a"), window("b", author="vera")], ignore_index=True)
    moments = pd.concat([log((0, 4, "speech"), window="a"), log((1, 5, "touch"), window="b")])
    by_noor, by_vera = coded_sessions(moments, windows)

    assert (by_noor.coder, by_vera.coder) == ("noor", "vera")
    assert frames_of(by_noor, moments, windows)[0]["code"].tolist() == ["speech"]
    assert frames_of(by_vera, moments, windows)[0]["code"].tolist() == ["touch"]


def test_a_session_that_nobody_ended_lasts_until_its_last_moment_and_says_so():
    moments = log((0, 90, "infant_playful"), (20, None, "smile"))
    session = only(moments, window(minutes=None))

    assert session.minutes == 90 / 60
    assert not session.ended and session.usable
    assert "Nobody ended this session" in remarks(session)[0]
    assert "some pictures need 3 minutes" in remarks(session)[1]
    assert frames_of(session, moments, window(minutes=None))[1]["end_s"].tolist() == [90.0]


def test_a_session_in_which_nothing_was_coded_says_so_and_feeds_no_figure():
    session = only(empty(EVENT_LOG), window())

    assert not session.usable
    assert remarks(session) == ["Nothing was coded in it."]


def test_a_session_of_which_only_some_was_logged_feeds_no_figure():
    session = only(log((0, 4, "speech")), window(attestation="some"))

    assert not session.usable
    assert "only some of it was logged" in remarks(session)[0]


def test_remembered_and_disputed_moments_are_left_out_and_counted():
    moments = pd.concat(
        [
            log((0, 4, "speech")),
            log((5, None, "smile"), time_quality="recalled"),
            log((6, None, "reach"), in_conflict=True),
        ],
        ignore_index=True,
    )
    session = only(moments, window())

    assert (session.n_events, session.n_aside) == (1, 2)
    assert remarks(session) == ["2 moments were left out: remembered, or corrected in two ways."]
    assert frames_of(session, moments, window())[0]["code"].tolist() == ["speech"]


# --- its frames -------------------------------------------------------------------------------------


def test_times_are_seconds_from_the_start_of_the_session():
    moments = log((2.5, 4, "speech"), (0.25, None, "smile"))
    events, windows = frames_of(only(moments, window()), moments, window())

    assert events[["code", "onset_s"]].astype({"code": str}).values.tolist() == [
        ["smile", 0.25],
        ["speech", 2.5],
    ]
    assert windows[["start_s", "end_s", "day"]].values.tolist() == [[0.0, 600.0, "2026-03-01"]]
    assert list(events.columns) == list(EVENTS) and list(windows.columns) == list(WINDOWS)


def test_a_state_under_way_at_the_start_begins_there_and_what_lies_outside_is_left_out():
    moments = log((-5, 4, "speech"), (-5, None, "smile"), (700, None, "reach"))
    events, _ = frames_of(only(moments, window()), moments, window())

    assert events[["code", "onset_s", "offset_s"]].astype({"code": str}).values.tolist() == [
        ["speech", 0.0, 4.0]
    ]


def test_a_state_without_an_end_lasts_until_the_next_one_that_it_excludes():
    # The child plays from 0 s, watches from 10 s and protests from 30 s on; the caregiver's state is her own.
    moments = log(
        (0, None, "infant_playful"),
        (4, None, "caregiver_playful"),
        (10, None, "infant_watching"),
        (30, None, "infant_protest"),
    )
    events, _ = frames_of(only(moments, window()), moments, window())
    ends = dict(zip(events["code"].astype(str), events["offset_s"], strict=True))

    assert (ends["infant_playful"], ends["infant_watching"]) == (10.0, 30.0)
    assert math.isnan(ends["infant_protest"]) and math.isnan(ends["caregiver_playful"])


def test_time_that_could_not_be_seen_and_was_never_ended_lasts_until_the_end():
    moments = log((0, 300, "infant_playful"), (300, None, "not_observable"))
    budget = look("time_budget", *frames_of(only(moments, window()), moments, window()), ENGAGEMENT)

    assert budget["unseen_s"] == 600 - 300


def test_sessions_together_keep_their_own_clocks():
    windows = pd.concat([window("a"), window("b", started_ms=START_MS + 3_600_000, minutes=70)])
    moments = pd.concat([log((1, 2, "speech"), window="a"), log((3601, 3604, "speech"), window="b")])
    events, watched = frames_together(coded_sessions(moments, windows), moments, windows)

    assert sorted(events["onset_s"]) == [1.0, 1.0]
    assert sorted(watched["end_s"]) == [600.0, 600.0]
    assert look("turns", events, watched, ENGAGEMENT)["observed_s"] == 2 * 600


# --- its views --------------------------------------------------------------------------------------


def test_every_view_of_the_register_that_needs_no_choice_of_codes_can_be_looked_at():
    events, windows = story("0-300s infant_playful, 0-300s caregiver_playful, 600s end", ENGAGEMENT)

    for view in set(VIEWS) - {"window_2x2"}:
        assert "gate" in look(view, events, windows, ENGAGEMENT), view


def test_the_order_is_looked_at_in_states_of_engagement_where_they_are_coded_else_in_cues_and_answers():
    assert codes_in_order(ENGAGEMENT)[:2] == ["infant_playful", "infant_watching"]
    assert {"cry", "speech"} <= set(codes_in_order(load("free_play")))
    assert not {"hold", "none", "out_of_view", "settled"} & set(codes_in_order(load("free_play")))


def test_only_one_persons_moments_follow_each_other_when_only_one_is_asked_for():
    events, windows = story(
        "0-10s infant_playful, 0-5s caregiver_playful, 5-20s caregiver_watching, 10-20s infant_watching",
        ENGAGEMENT,
    )

    assert look("transitions", events, windows, ENGAGEMENT, whose="infant")["n"] == 1
    assert look("transitions", events, windows, ENGAGEMENT, whose="caregiver")["labels"] == [
        "caregiver_playful",
        "caregiver_watching",
    ]
    assert look("transitions", events, windows, ENGAGEMENT)["n"] == 4 - 1


def test_an_instrument_without_states_of_engagement_has_no_grid():
    events, windows = story("0-5s speech, 6-8s vocalise, 600s end", "free_play")

    assert look("state_space", events, windows, load("free_play")) == {"gate": NO_STATES}


def test_what_both_can_do_and_their_voices_can_be_laid_side_by_side():
    assert list(series(ENGAGEMENT)) == ["playful", "watching", "object", VOICES]
    assert series(ENGAGEMENT)["object"] == (["infant_object"], ["caregiver_object"])
    assert series(ENGAGEMENT)[VOICES] == (["vocalise"], ["speech"])
    assert series(load("home_moments")) == {}


CODES = st.sampled_from(["infant_playful", "infant_watching", "caregiver_playful", "caregiver_watching"])


@given(
    st.lists(st.tuples(st.integers(0, 60), CODES), max_size=25),
    st.booleans(),
    st.sampled_from(["infant", "caregiver", "both"]),
)
def test_the_listed_pairs_are_just_those_that_the_transitions_count(rows, hidden, whose):
    text = ", ".join(f"{at}-{at + 1}s {code}" for at, code in rows)
    unseen = "20-30s not_observable, " if hidden else ""
    events, windows = story(f"{unseen}{text + ', ' if text else ''}0s start, 70s end", ENGAGEMENT)
    counted = look("transitions", events, windows, ENGAGEMENT, whose=whose)
    listed = pairs_in_order(events, windows, ENGAGEMENT, whose)

    assert len(listed) == counted["n"]
    for i, first in enumerate(counted["labels"]):
        for j, then in enumerate(counted["labels"]):
            n = int(((listed["given"] == first) & (listed["target"] == then)).sum())
            assert n == counted["counts"][i][j], (first, then)


def test_the_way_through_the_grid_takes_as_long_as_the_grid_says():
    events, windows = story(
        "0-10s infant_playful, 10-30s infant_watching,"
        "0-20s caregiver_playful, 20-30s caregiver_watching, 300s end",
        ENGAGEMENT,
    )
    way = path(events, windows, ENGAGEMENT)
    grid = look("state_space", events, windows, ENGAGEMENT)
    spent = (way["end_s"] - way["start_s"]).groupby([way["infant"], way["caregiver"]]).sum()

    assert spent.tolist() == [10.0, 10.0, 10.0]
    assert way["start_s"].tolist() == [0.0, 10.0, 20.0]
    for (infant, caregiver), seconds in spent.items():
        i, j = grid["row_states"].index(infant), grid["column_states"].index(caregiver)
        assert grid["durations_s"][i][j] == pytest.approx(seconds)
    assert len(way) == grid["n_visits"]


def test_the_way_stops_where_one_of_the_two_was_not_coded():
    events, windows = story(
        "0-10s infant_playful, 20-30s infant_playful, 0-30s caregiver_playful, 40s end", ENGAGEMENT
    )

    assert path(events, windows, ENGAGEMENT)[["start_s", "end_s"]].values.tolist() == [[0, 10], [20, 30]]


def test_a_way_of_nothing_is_empty():
    assert path(empty(EVENTS), empty(WINDOWS), ENGAGEMENT).empty
    assert pairs_in_order(empty(EVENTS), empty(WINDOWS), ENGAGEMENT).empty


def test_a_code_that_nobody_has_a_word_for_stands_as_it_is():
    cast = Cast({"infant": "Juno"}, {"cry": "Cry"})

    assert cast.both("infant:cry") == "Juno: Cry"
    assert cast.both("cry") == "Cry"
    assert cast.both("aunt:hum") == "aunt: hum"


# --- a sitting in several parts, and two codings of it ------------------------------------------------


def parts(*spans: tuple[float, float], said: str = "all", **changes: object) -> pd.DataFrame:
    """A visit that was watched from second to second in each span; all but the last ended in a pause."""
    rows = [
        window(
            f"part{place}",
            started_ms=START_MS + round(begin * 1000),
            ended_ms=START_MS + round(end * 1000),
            attestation=said,
            sitting="visit",
            **changes,
        )
        for place, (begin, end) in enumerate(spans)
    ]
    return pd.concat(rows, ignore_index=True)


def test_the_parts_of_a_visit_are_one_session_and_the_break_is_not_watched():
    windows = parts((0, 120), (300, 600))
    moments = pd.concat(
        [
            log((10, None, "smile"), window="part0"),
            log((310, None, "smile"), (320, 330, "speech"), window="part1"),
        ]
    )
    session = only(moments, windows)
    events, watched = frames_of(session, moments, windows)

    assert (session.id, session.minutes, session.n_events) == ("visit", (120 + 300) / 60, 3)
    assert watched[["start_s", "end_s"]].to_numpy().tolist() == [[0, 120], [300, 600]]
    assert events["onset_s"].tolist() == [10, 310, 320]


def test_parts_that_follow_each_other_at_once_are_one_stretch():
    windows = parts((0, 60), (60, 240))
    session = only(log((10, 100, "speech"), window="part0"), windows)

    assert [(s.start_ms - START_MS, s.end_ms - START_MS) for s in session.stretches] == [(0, 240_000)]


def test_what_nobody_ended_before_a_break_lasts_until_the_break():
    windows = parts((0, 120), (300, 600))
    moments = pd.concat(
        [log((100, None, "speech"), window="part0"), log((310, None, "touch"), window="part1")]
    )
    events, _watched = frames_of(only(moments, windows), moments, windows)

    assert events["offset_s"].iloc[0] == 120
    assert math.isnan(events["offset_s"].iloc[1]), "the last one stays open: the views let it last"


def test_a_visit_that_paused_is_not_ended_and_a_discarded_one_is_not_there():
    paused = pd.concat([parts((0, 120), said="paused")])

    assert not only(log((1, None, "smile"), window="part0"), paused).ended
    assert coded_sessions(log((1, None, "smile"), window="part0"), parts((0, 120), said="discarded")) == []


def test_the_episodes_of_a_procedure_are_no_coded_session():
    assert coded_sessions(empty(EVENT_LOG), parts((0, 180), instrument="strange_situation.v1")) == []


def test_a_second_coding_is_told_apart_when_its_observer_said_so():
    day = 24 * 3_600_000
    again = parts((0, 600), author="ines", codes_again="w1", from_recording=True).assign(
        started_ms=START_MS + day, ended_ms=START_MS + day + 600_000
    )
    windows = pd.concat([window("w1"), again], ignore_index=True)

    second, first = coded_sessions(empty(EVENT_LOG), windows)

    assert (first.id, first.again) == ("w1", None)
    assert (second.id, second.again, second.from_recording) == ("visit", "w1", True)


@pytest.mark.parametrize(
    ("changes", "noticed"),
    [
        ({}, True),
        ({"author": "noor"}, False),
        ({"instrument": "free_play.v1"}, False),
        ({"child": "kit"}, False),
        ({"started_ms": START_MS + 600_000, "ended_ms": START_MS + 900_000}, False),
    ],
)
def test_two_observers_at_one_time_are_noticed_though_nobody_said_so(changes, noticed):
    beside = {"author": "ines", "started_ms": START_MS + 5_000, "ended_ms": START_MS + 590_000}
    windows = pd.concat([window("w1"), window("w2", **(beside | changes))], ignore_index=True)
    found = {session.id: session.again for session in coded_sessions(empty(EVENT_LOG), windows)}

    assert found == {"w1": None, "w2": "w1" if noticed else None}


def test_a_visit_that_has_just_begun_lasts_no_time_yet():
    session = only(empty(EVENT_LOG), window(minutes=None))

    assert (session.minutes, session.n_events, session.ended, session.usable) == (0, 0, False, False)
    assert frames_of(session, empty(EVENT_LOG), window(minutes=None))[1]["end_s"].tolist() == [0]


def test_windows_that_say_nothing_of_a_recording_were_coded_from_life():
    assert not window()["from_recording"].any()
    assert not only(empty(EVENT_LOG), window()).from_recording
