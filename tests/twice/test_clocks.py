"""Two tablets are never set alike: what their clocks were apart is taken out, or said to be unknown."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.coded import coded_sessions
from caregiving.people import Action
from caregiving.store import events as stored_events
from caregiving.store import windows as stored_windows
from caregiving.store.engine import open_store
from caregiving.store.people import viewer_of
from caregiving.twice import pairs
from caregiving.twice.clocks import on_servers_clock
from caregiving.twice.compare import Compared, compare
from caregiving.twice.found import coded_twice
from tests.test_coded import START_MS, log
from tests.test_coded import window as any_window
from tests.twice import invented_observers as observers
from tests.twice.test_compare import Row, lifelike

window = partial(any_window, from_recording=False)

UNKNOWN = "could not be compared"
NOOR: list[Row] = [(0, 60, "infant_playful"), (10, None, "smile"), (60, 300, "infant_watching")]


def part(name: str, since_s: float, until_s: float, ahead_s: float = 0, **changes: object) -> pd.DataFrame:
    """A part of Ines's watching, as a tablet whose clock is some seconds ahead has it."""
    edges = {"started_ms": START_MS + round((since_s + ahead_s) * 1000)}
    edges |= {"ended_ms": START_MS + round((until_s + ahead_s) * 1000)}
    return window(name, author="ines", **(edges | changes))


def ahead(rows: list[Row], seconds: float) -> list[Row]:
    """The same moments by a clock that is some seconds ahead."""
    return [
        (since + seconds, None if until is None else until + seconds, code) for since, until, code in rows
    ]


def told(*parts: tuple[pd.DataFrame, list[Row]], noor: list[Row] = NOOR, **changes: object) -> Compared:
    """Compare what Noor coded in ten minutes, on a tablet that is right, with what Ines has in her parts."""
    moments = [log(*noor, window="a")]
    moments += [log(*rows, window=str(one["id"].iloc[0]), author="ines") for one, rows in parts]
    windows = pd.concat(
        [window("a", **({"skew_ms": 0} | changes)), *(one for one, _rows in parts)], ignore_index=True
    )
    log_ = pd.concat(moments, ignore_index=True)
    (twice,) = pairs(coded_sessions(log_, windows))
    return compare(twice, log_, windows)


def figures(one: Compared) -> list[object]:
    """Every figure, both records and what both watched."""
    both = one.together
    columns = ["actor", "code", "onset_s", "offset_s"]
    records = [frame[columns].astype("str").to_dict("list") for frame in (both.first, both.second)]
    kappas = [part.as_json() for part in one.in_time], {k: v.as_json() for k, v in one.by_event.items()}
    return [*kappas, records, both.spans, both.n_outside, one.steps.astype("str").to_dict("list")]


def test_a_tablet_that_is_three_seconds_ahead_gives_the_same_kappa_as_one_that_is_right():
    noor, ines = lifelike(120, 0.1, 590)
    right = told((part("b", 0, 600, skew_ms=0), ines), noor=noor)
    off = told((part("b", 0, 600, ahead_s=3, skew_ms=-3000), ahead(ines, 3)), noor=noor)
    as_it_was = told((part("b", 0, 600, ahead_s=3, skew_ms=None), ahead(ines, 3)), noor=noor)

    assert figures(off) == figures(right)
    assert off.together.spans == [(0.0, 600.0)]
    # Three seconds are more than the two within which moments are paired: next to nothing was alike.
    assert as_it_was.together.spans == [(3.0, 600.0)]
    assert as_it_was.counts()["matched"] < right.counts()["matched"] / 2


@settings(max_examples=25)
@given(st.integers(-300_000, 300_000), st.integers(-300_000, 300_000))
def test_it_does_not_matter_how_two_tablets_are_set_as_long_as_it_is_known(noors_ms, iness_ms):
    ines: list[Row] = [(1, 62, "infant_playful"), (11, None, "smile"), (150, None, "reach")]
    right = told((part("b", 0, 600, skew_ms=0), ines))
    off = told(
        (part("b", 0, 600, ahead_s=iness_ms / 1000, skew_ms=-iness_ms), ahead(ines, iness_ms / 1000)),
        noor=ahead(NOOR, noors_ms / 1000),
        started_ms=START_MS + noors_ms,
        ended_ms=START_MS + 600_000 + noors_ms,
        skew_ms=-noors_ms,
    )
    apart_s = abs(noors_ms - iness_ms) / 1000

    # Whose tablet is behind comes first, so the two may stand the other way round.
    assert off.together.clocks_apart_s == pytest.approx(apart_s)
    if off.twice.first.coder == "noor":
        assert figures(off) == figures(right)
    assert sorted(one.kappa.value for one in off.in_time) == sorted(one.kappa.value for one in right.in_time)
    assert off.together.spans == [(0.0, 600.0)] and off.counts()["matched"] == right.counts()["matched"]


def test_a_clock_that_was_set_right_in_a_pause_has_a_skew_for_each_part():
    # Ines's tablet is 3 s ahead until 120 s, goes on at 300 s, and is right by then.
    one = told(
        (part("b1", 0, 120, 3, skew_ms=-3000, sitting="s", attestation="paused"), [(13, None, "smile")]),
        (part("b2", 300, 600, skew_ms=0, sitting="s"), [(400, None, "reach")]),
    )
    both = one.together

    assert both.spans == [(0.0, 120.0), (300.0, 600.0)]
    assert both.second["onset_s"].tolist() == [13 - 3, 400]
    assert one.counts("infant")["matched"] == 1
    assert both.clocks_apart_s == 3


def test_a_clock_set_forward_between_two_parts_makes_no_break():
    # The second part follows at once, but by then the tablet is 5 s further on: 125 s by its own clock.
    one = told(
        (part("b1", 0, 120, skew_ms=0, sitting="s", attestation="paused"), [(119, None, "smile")]),
        (part("b2", 120, 600, 5, skew_ms=-5000, sitting="s"), [(126, None, "reach")]),
    )

    assert one.together.spans == [(0.0, 600.0)]
    assert one.together.second["onset_s"].tolist() == [119, 126 - 5]


def test_parts_that_follow_each_other_stay_without_a_break_when_the_clock_was_measured_a_little_differently():
    rows = [(100, None, "speech"), (121, None, "smile")]
    parts = [
        part("b1", 0, 120, skew_ms=-20, sitting="s", attestation="paused"),
        part("b2", 120, 600, skew_ms=20, sitting="s"),
    ]
    one = told((parts[0], rows[:1]), (parts[1], rows[1:]))

    assert one.together.spans == [(0.0, 600.0)]
    assert one.together.second["onset_s"].tolist() == [99.98, 121.02]
    assert one.together.second["offset_s"].tolist()[0] == 600 + 0.02  # nobody ended it


def test_the_watching_itself_is_moved_before_it_is_asked_what_both_watched():
    # By her clock Ines watched from 60 s to 660 s; it is 60 s ahead, so it was the same ten minutes.
    one = told((part("b", 0, 600, 60, skew_ms=-60_000), ahead([(599, None, "smile")], 60)))

    assert one.together.spans == [(0.0, 600.0)] and one.together.n_outside == (0, 0)


@pytest.mark.parametrize(("noors", "iness"), [(None, None), (0, None), (None, -3000)])
def test_where_a_skew_is_not_known_a_note_says_that_the_clocks_could_not_be_compared(noors, iness):
    one = told((part("b", 0, 600, skew_ms=iness), [(10, None, "smile")]), skew_ms=noors)

    assert len(one.together.notes) == 1 and UNKNOWN in one.together.notes[0]
    # What is known is used all the same; what is not counts as 0.
    assert one.together.second["onset_s"].tolist() == [10 + (iness or 0) / 1000]


def test_a_part_without_a_known_skew_is_enough_for_the_note():
    one = told(
        (part("b1", 0, 120, skew_ms=0, sitting="s", attestation="paused"), []),
        (part("b2", 300, 600, skew_ms=None, sitting="s"), [(400, None, "reach")]),
    )

    assert UNKNOWN in one.together.notes[0]


def test_a_log_of_windows_that_does_not_know_skews_is_taken_as_it_is_and_says_so():
    moments = log(*NOOR, window="a")
    windows = pd.concat([window("a"), window("b", author="ines")], ignore_index=True).drop(columns="skew_ms")
    (twice,) = pairs(coded_sessions(moments, windows))
    one = compare(twice, moments, windows)

    assert one.together.spans == [(0.0, 600.0)] and UNKNOWN in one.together.notes[0]


@pytest.mark.parametrize(("skew_ms", "seconds"), [(-3000, "3.0"), (-3010, "3.1"), (0, "0.1"), (41, "0.1")])
def test_where_the_skews_are_known_a_note_says_how_far_the_clocks_were_apart_at_most(skew_ms, seconds):
    one = told((part("b", 0, 600, skew_ms=skew_ms), [(10, None, "smile")]))

    assert one.together.notes == (
        f"The clocks of the two tablets were up to {seconds} s apart; both records are put on one clock.",
    )


def test_from_a_recording_the_clocks_do_not_matter_and_nothing_is_said_of_them():
    later = {"codes_again": "a", "sitting": "s", "from_recording": True}
    moments = [(10, None, "smile"), (40, None, "reach")]
    right = told((part("b", 3600, 4200, skew_ms=0, **later), ahead(moments, 3600)))
    off = told((part("b", 3600, 4200, skew_ms=-3000, **later), ahead(moments, 3600)))

    assert off.together.recorded and off.together.notes == ()
    assert figures(off) == figures(right)


def test_two_stretches_that_a_clock_pushed_over_each_other_are_one():
    parts = [
        part("b1", 0, 120, skew_ms=30_000, sitting="s", attestation="paused"),
        part("b2", 140, 600, skew_ms=0, sitting="s"),
    ]
    moments = log((130, None, "smile"), (599, None, "smile"), window="b2", author="ines")
    (session,) = coded_sessions(moments, pd.concat(parts, ignore_index=True))
    moved, rows = on_servers_clock(session, moments, pd.concat(parts, ignore_index=True))

    assert [(one.start_ms - START_MS, one.end_ms - START_MS) for one in moved.stretches] == [
        (30_000, 600_000)
    ]
    assert rows["onset_ms"].tolist() == moments["onset_ms"].tolist()


def test_who_coded_nothing_has_a_clock_too():
    one = told((part("b", 0, 600, 3, skew_ms=-3000), []))

    assert one.together.spans == [(0.0, 600.0)] and one.counts()["missed_by_b"] == len(NOOR)


def by_a_tablet_ahead(sent: observers.Items, ahead_ms: int) -> observers.Items:
    """What a tablet sends whose clock is ahead, and which knows it from the server."""
    instants = ("onset_ms", "offset_ms", "started_ms", "ended_ms", "wall_ms")
    return [
        one
        | {name: one[name] + ahead_ms for name in instants if one.get(name) is not None}
        | {"skew_ms": -ahead_ms}
        for one in sent
    ]


@pytest.mark.parametrize("ahead_ms", [0, 3000])
def test_what_two_tablets_sent_comes_out_of_the_store_on_one_clock(tmp_path: Path, ahead_ms: int):
    store = open_store(tmp_path / "two.db")
    observers.found_home(store)
    coded = observers.sittings(20)[0]
    hers = by_a_tablet_ahead(observers.again(coded, 5, 0.0, jitter_s=0), ahead_ms)
    observers.code(store, coded, observers.an_id("play"))
    observers.code(store, hers, observers.an_id("again"), codes_again=observers.an_id("play"))
    viewer = viewer_of(store, observers.NOOR, datetime.now(UTC))
    asked = (store, viewer, observers.FAMILY, observers.JUNO)
    log_ = stored_events.load(*asked, action=Action.SEE_PATTERNS)
    (one,) = coded_twice(log_, stored_windows.load(*asked, action=Action.SEE_PATTERNS)).compared
    store.close()

    assert one.together.clocks_apart_s == ahead_ms / 1000
    assert {part.kappa.value for part in one.in_time} == {1.0} and one.steps.empty
    assert one.counts()["matched"] == one.counts()["n_a"] > 0
