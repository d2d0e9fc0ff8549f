"""Two records of one session on one clock: from life, from a recording, and what is left out."""

from functools import partial

import pandas as pd
import pytest

from caregiving.coded import CodedSession, coded_sessions
from caregiving.faults import Refused
from caregiving.twice import Twice, pairs
from caregiving.twice.together import Together, together
from tests.test_coded import START_MS, log
from tests.test_coded import window as any_window

window = partial(any_window, from_recording=False)

HOUR_MS = 3_600_000


def laid(moments: list[pd.DataFrame], windows: list[pd.DataFrame]) -> Together:
    """Lay the only session coded twice on one clock."""
    log_, watched = pd.concat(moments, ignore_index=True), pd.concat(windows, ignore_index=True)
    (twice,) = pairs(coded_sessions(log_, watched))
    return together(twice.first, twice.second, log_, watched)


def rows(events: pd.DataFrame) -> list[list[object]]:
    return [
        [
            str(one.code),
            round(one.onset_s, 3),
            None if one.offset_s != one.offset_s else round(one.offset_s, 3),
        ]
        for one in events.itertuples()
    ]


def by_ines(name: str = "b", minutes: float = 10, late_s: float = 0, **changes: object) -> pd.DataFrame:
    """Ines watches as well, and begins some seconds later than Noor."""
    start = START_MS + round(late_s * 1000)
    return window(
        name, minutes, author="ines", started_ms=start, ended_ms=start + round(minutes * 60_000), **changes
    )


def test_two_who_watched_at_the_same_time_share_one_clock_and_the_time_both_watched():
    # Ines begins 30 s later and watches 10 min: in common are 30 s to 600 s of Noor's clock.
    both = laid(
        [log((40, None, "smile"), window="a"), log((41, None, "smile"), window="b", author="ines")],
        [window("a"), by_ines(late_s=30)],
    )

    assert both.spans == [(30.0, 600.0)] and both.watched_s == 570
    assert rows(both.first) == [["smile", 40.0, None]]
    assert rows(both.second) == [["smile", 41.0, None]]
    assert not both.recorded and both.n_outside == (0, 0)
    assert set(both.first["session"]) == set(both.second["session"]) == {"a"}


def test_what_only_one_of_them_watched_is_left_out_and_counted_and_a_state_under_way_begins_with_both():
    both = laid(
        [
            log((0, 50, "infant_playful"), (10, None, "smile"), (10, 25, "speech"), window="a"),
            log((30, 50, "infant_playful"), window="b", author="ines"),
        ],
        [window("a"), by_ines(late_s=30)],
    )

    assert rows(both.first) == [["infant_playful", 30.0, 50.0]]
    assert rows(both.second) == [["infant_playful", 30.0, 50.0]]
    assert both.n_outside == (2, 0)


def test_a_pause_of_one_of_them_is_a_break_for_both():
    parts = [
        by_ines("b", 2, sitting="visit", attestation="paused"),
        by_ines("b2", 5, late_s=300, sitting="visit"),
    ]
    both = laid(
        [log((0, 600, "speech"), window="a"), log((1, 2, "speech"), window="b")], [window("a"), *parts]
    )

    assert both.spans == [(0.0, 120.0), (300.0, 600.0)]


def test_from_a_recording_each_runs_on_its_own_watched_time_and_the_shorter_one_counts():
    # Noor watches 2 min, pauses 3 min, goes on for 5 min. Ines codes 6 min of the recording an hour later.
    noor = [
        window("a", 2, sitting="first", attestation="paused"),
        window("a2", 5, started_ms=START_MS + 300_000, ended_ms=START_MS + 600_000, sitting="first"),
    ]
    ines = by_ines("b", 6, late_s=3600, sitting="again", codes_again="first", from_recording=True)
    both = laid(
        [
            log((310, 320, "speech"), window="a2"),
            log((3730, 3741, "speech"), window="b", author="ines"),
        ],
        [*noor, ines],
    )

    assert both.recorded and both.spans == [(0.0, 360.0)]
    assert rows(both.first) == [["speech", 120.0 + 10, 120.0 + 20]]
    assert rows(both.second) == [["speech", 130.0, 141.0]]


def test_a_state_that_nobody_ended_lasts_to_the_end_of_its_own_record_also_over_a_pause_of_the_other_one():
    parts = [
        by_ines("b", 2, sitting="visit", attestation="paused"),
        by_ines("b2", 5, late_s=300, sitting="visit"),
    ]
    both = laid(
        [log((100, None, "speech"), window="a"), log((1, 2, "speech"), window="b")], [window("a"), *parts]
    )

    assert rows(both.first) == [["speech", 100.0, 600.0]]


def test_time_in_which_both_could_not_see_is_left_out_and_is_no_missed_moment():
    both = laid(
        [
            log((200, 300, "not_observable"), (250, None, "smile"), window="a"),
            log((201, 320, "not_observable"), window="b", author="ines"),
        ],
        [window("a"), by_ines()],
    )

    assert both.spans == [(0.0, 201.0), (300.0, 600.0)]
    assert both.unseen_s == 300 - 201
    assert rows(both.first) == rows(both.second) == []
    assert both.n_outside == (1, 0)  # the smile that one of them noted while not seeing


def test_time_in_which_only_one_could_not_see_stays_and_counts():
    both = laid(
        [log((200, 300, "not_observable"), window="a"), log((201, 205, "speech"), window="b", author="ines")],
        [window("a"), by_ines()],
    )

    assert both.spans == [(0.0, 600.0)] and both.unseen_s == 0
    assert rows(both.first) == [["not_observable", 200.0, 300.0]]


def other(session: CodedSession, **changes: object) -> CodedSession:
    return CodedSession(**{**session.__dict__, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"child": "kit"}, "found two children; needed one child"),
        ({"instrument": "free_play.v1"}, "needed one instrument in one version"),
        ({"coder": "noor"}, "found one observer; needed two observers"),
        ({"again": "another"}, "that are not one; needed a session and its second coding"),
    ],
)
def test_two_records_of_different_sessions_are_refused_with_a_sentence(changes, sentence):
    moments = pd.concat([log((0, 4, "speech"), window="a"), log((0, 4, "speech"), window="b")])
    windows = pd.concat([window("a"), by_ines()], ignore_index=True)
    (twice,) = pairs(coded_sessions(moments, windows))

    with pytest.raises(Refused, match=sentence):
        together(twice.first, other(twice.second, **changes), moments, windows)


def test_two_records_without_a_second_in_common_are_refused_with_a_sentence():
    windows = pd.concat(
        [window("a", sitting="first"), by_ines("b", late_s=3600, sitting="again", codes_again="first")],
        ignore_index=True,
    )
    moments = pd.concat([log((0, 4, "speech"), window="a"), log((3601, 3604, "speech"), window="b")])
    (twice,) = pairs(coded_sessions(moments, windows))

    with pytest.raises(Refused, match="found no time that both watched"):
        together(twice.first, twice.second, moments, windows)


def test_a_session_that_three_coded_makes_two_pairs_and_one_coded_once_makes_none():
    windows = pd.concat(
        [window("a"), by_ines(), window("c", author="wim"), window("d", started_ms=START_MS + HOUR_MS,
         ended_ms=START_MS + 2 * HOUR_MS)],
        ignore_index=True,
    )  # fmt: skip
    found = pairs(coded_sessions(log((0, 4, "speech"), window="a"), windows))

    assert sorted((one.first.id, one.second.id) for one in found) == [("a", "b"), ("a", "c")]


def test_a_pair_is_ready_when_both_are_ended_and_complete_also_when_the_second_one_noted_nothing():
    def ready(**changes: object) -> bool:
        windows = pd.concat([window("a"), by_ines(**changes)], ignore_index=True)
        found: list[Twice] = pairs(coded_sessions(log((0, 4, "speech"), window="a"), windows))
        return found[0].ready

    assert ready()
    assert not ready(attestation="some")
    assert not ready(attestation="paused")
