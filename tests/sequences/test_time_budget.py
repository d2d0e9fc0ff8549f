"""Time budget: bouts united and cut to observed time, over a denominator that is printed."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.frames import EVENTS, empty
from caregiving.instruments import load
from caregiving.sequences import UnknownView, show
from caregiving.sequences.time_budget import budget
from tests.sequences.strings import table, watched
from tests.timelines import story


def row(found, code: str, actor: str | None = None) -> pd.Series:
    rows = found.rows[(found.rows["code"] == code) & (actor is None or found.rows["actor"] == actor)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_total_mean_and_spread_are_of_the_bouts():
    found = row(
        budget(table(("x", "talk", 0, 10), ("x", "talk", 20, 24), ("x", "talk", 30, 31)), watched(0, 60)),
        "talk",
    )

    assert (found["n"], found["total_s"], found["mean_s"]) == (3, 10 + 4 + 1, 15 / 3)
    assert found["sd_s"] == pytest.approx(np.std([10, 4, 1], ddof=1))
    assert found["share"] == 15 / 60
    assert found["rate_per_min"] == 3 / 1


def test_one_bout_has_no_spread():
    assert np.isnan(row(budget(table(("x", "talk", 0, 10)), watched(0, 60)), "talk")["sd_s"])


def test_a_bout_is_cut_to_the_window_and_counted_as_cut():
    found = row(budget(table(("x", "talk", 50, 70)), watched(0, 60)), "talk")

    assert (found["n"], found["total_s"], found["n_clipped"]) == (1, 60 - 50, 1)


def test_overlapping_bouts_of_one_code_are_one_bout_and_touching_ones_are_two():
    overlapping = row(budget(table(("x", "talk", 0, 10), ("x", "talk", 5, 12)), watched(0, 60)), "talk")
    touching = row(budget(table(("x", "talk", 0, 10), ("x", "talk", 10, 12)), watched(0, 60)), "talk")

    assert (overlapping["n"], overlapping["total_s"]) == (1, 12)
    assert (touching["n"], touching["total_s"]) == (2, 12)


def test_bouts_of_two_actors_or_two_sessions_are_never_united():
    events = pd.concat(
        [table(("x", "talk", 0, 10), ("y", "talk", 5, 12)), table(("x", "talk", 5, 12), session="t")]
    )
    windows = pd.concat([watched(0, 60), watched(0, 60, session="t")])
    found = budget(events, windows)

    assert row(found, "talk", "x")[["n", "total_s"]].tolist() == [2, 10 + 7]
    assert row(found, "talk", "y")[["n", "total_s"]].tolist() == [1, 7]
    assert (found.observed_s, found.n_sessions) == (120, 2)


def test_points_are_counted_at_both_edges_and_not_outside():
    found = budget(table(("x", "hit", 0), ("x", "hit", 60), ("x", "hit", 61)), watched(0, 60))

    assert row(found, "hit")["n"] == 2
    assert np.isnan(row(found, "hit")["total_s"])
    assert found.n_outside == 1


def test_time_in_which_nothing_could_be_seen_is_out_of_the_denominator():
    events, windows = story("0s start, 0-10s cry, 20-40s out_of_view, 30-50s hold, 60s end", "free_play")
    found = budget(events, windows, load("free_play"))

    assert (found.watched_s, found.unseen_s, found.observed_s) == (60, 20, 40)
    assert row(found, "cry")["share"] == 10 / 40
    assert row(found, "hold")[["n", "total_s", "n_clipped"]].tolist() == [1, 10, 1]
    assert "out_of_view" not in set(found.rows["code"])


def test_without_an_instrument_codes_can_be_named_as_unseen():
    found = budget(table(("x", "away", 0, 30), ("x", "talk", 40, 50)), watched(0, 60), unseen=["away"])

    assert row(found, "talk")["share"] == 10 / 30


def test_a_bout_with_its_middle_hidden_counts_once():
    found = budget(table(("y", "away", 20, 30), ("x", "talk", 10, 40)), watched(0, 60), unseen=["away"])

    assert row(found, "talk")[["n", "total_s"]].tolist() == [1, 10 + 10]


def test_an_open_state_is_closed_at_the_end_of_its_window_and_counted_as_such():
    events, windows = story("0s start, 50s hold, 60s end", "free_play")
    found = row(budget(events, windows, load("free_play")), "hold")

    assert found[["n", "total_s", "n_open"]].tolist() == [1, 10, 1]


def test_a_code_that_never_came_while_somebody_watched_is_zero_and_without_watching_it_is_nothing():
    instrument = load("free_play")
    seen = budget(empty(EVENTS), watched(0, 60), instrument)
    unseen = budget(empty(EVENTS), watched(0, 0).iloc[:0], instrument)

    assert row(seen, "cry")[["n", "total_s", "share"]].tolist() == [0, 0.0, 0.0]
    assert len(unseen.rows) == 0
    assert unseen.gate is not None


def test_without_windows_every_session_runs_from_zero_to_its_last_event_and_the_result_says_so():
    found = show("time_budget", table(("x", "talk", 10, 40)))

    assert found["observed_s"] == 40
    assert "no windows were given" in found["notes"][0]


def test_a_part_of_the_clock_can_be_asked_for():
    found = show("time_budget", table(("x", "talk", 10, 40)), watched(0, 60), from_s=20, to_s=30)

    assert (found["observed_s"], found["rows"][0]["total_s"]) == (10, 10)


def test_the_view_is_plain_json():
    document = json.dumps(show("time_budget", table(("x", "hit", 10)), watched(0, 60)), allow_nan=False)

    assert '"share": null' in document


def test_an_unknown_view_an_unknown_option_and_an_unknown_actor_are_refused_with_what_is_known():
    events = table(("x", "talk", 0, 1))
    with pytest.raises(UnknownView, match="time_budget"):
        show("budgets", events)
    with pytest.raises(ValueError, match="option lag"):
        show("time_budget", events, lag=2)
    with pytest.raises(ValueError, match="one of the actors in the events: x"):
        show("time_budget", events, actor=["z"])
    with pytest.raises(ValueError, match="an end at 1 s before its start at 2 s"):
        show("time_budget", table(("x", "talk", 2, 1)))


moments = st.lists(
    st.tuples(st.sampled_from("xy"), st.sampled_from("AB"), st.integers(0, 90), st.integers(0, 30)),
    max_size=12,
)


@given(moments, st.randoms())
def test_the_order_of_rows_changes_nothing_and_shares_stay_between_0_and_1(rows, random):
    events = table(*((actor, code, onset, onset + length) for actor, code, onset, length in rows))
    mixed = events.sample(frac=1, random_state=random.randint(0, 9)) if len(events) else events
    windows = watched(10, 40, 35, 60, 70, 80)

    found, again = budget(events, windows).rows, budget(mixed, windows).rows
    pd.testing.assert_frame_equal(found, again)
    assert found["share"].between(0, 1).all()


@given(moments)
def test_a_budget_is_what_counting_every_second_would_give(rows):
    events = table(*((actor, code, onset, onset + length) for actor, code, onset, length in rows))
    found = budget(events, watched(10, 60, 70, 80)).rows
    seconds = [*range(10, 60), *range(70, 80)]

    for _, one in found.iterrows():
        mine = [
            (a, a + length) for actor, code, a, length in rows if (actor, code) == (one["actor"], one["code"])
        ]
        assert one["total_s"] == sum(any(a <= s < b for a, b in mine) for s in seconds)
