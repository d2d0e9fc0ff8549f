"""Transitions: what follows what, within an actor and across two."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.instruments import load
from caregiving.sequences import show
from caregiving.sequences.transitions import count
from tests.sequences.strings import letters, table, watched
from tests.timelines import story


def test_counts_frequencies_and_row_shares():
    found = count(letters("ABBAC"))

    assert found.labels == ("A", "B", "C")
    assert found.counts.tolist() == [[0, 1, 1], [1, 1, 0], [0, 0, 0]]
    assert found.frequencies[0].tolist() == [0, 1 / 4, 1 / 4]
    assert found.shares[1].tolist() == [1 / 2, 1 / 2, 0]
    assert np.isnan(found.shares[2]).all()


def test_a_longer_lag_pairs_what_lies_further_apart():
    assert count(letters("ABCABC"), lag=3).counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_without_repeats_a_run_counts_as_one():
    found = count(letters("AABBBA"), repeats=False)

    assert found.counts.tolist() == [[0, 1], [1, 0]]


def test_nothing_follows_across_sessions_or_across_a_break_in_the_watching():
    two = pd.concat([letters("AB", session="s"), letters("AB", session="t")])
    broken = count(table(("x", "A", 5), ("x", "B", 15)), watched(0, 10, 12, 20))

    assert count(two).counts.tolist() == [[0, 2], [0, 0]]
    assert broken.n == 0


def test_windows_that_touch_are_no_break():
    assert count(table(("x", "A", 5), ("x", "B", 15)), watched(0, 10, 10, 20)).n == 1


def test_the_merged_stream_has_actors_in_its_labels_and_one_actor_alone_has_none():
    events, windows = story("1s cry, 3s soothe, 9s smile, 10s smile, 12s talk")
    merged = count(events, windows, load("home_moments"))
    alone = count(events, windows, load("home_moments"), actor=["infant"])

    assert merged.labels == ("caregiver:soothe", "caregiver:talk", "infant:cry", "infant:smile")
    assert merged.counts[2].tolist() == [1, 0, 0, 0]
    assert merged.counts[3].tolist() == [0, 1, 0, 1]
    assert alone.labels == ("cry", "smile")
    assert alone.counts.tolist() == [[0, 1], [0, 1]]


def test_events_that_could_not_be_seen_break_the_stream():
    events, windows = story("0s start, 1s smile, 2-4s out_of_view, 3s reach, 5s smile, 9s end", "free_play")

    assert count(events, windows, load("free_play")).n == 0


def test_ties_are_counted():
    found = count(table(("x", "A", 1), ("x", "B", 1), ("x", "C", 2)))

    assert (found.n, found.n_ties) == (2, 1)


def test_nobody_coded_anything_is_no_matrix_and_a_sentence():
    found = show("transitions", letters(""))

    assert (found["n"], found["counts"]) == (0, [])
    assert found["gate"] == "not enough data: no transition was seen"


def test_a_lag_below_one_is_refused():
    with pytest.raises(ValueError, match="a whole number from 1 on"):
        count(letters("AB"), lag=0)


streams = st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("AB")), min_size=2, max_size=30)


@given(streams, st.integers(1, 3), st.booleans())
def test_swapping_the_actors_swaps_the_matrix(stream, lag, repeats):
    events = table(*((actor, code, place) for place, (actor, code) in enumerate(stream)))
    if events["actor"].nunique() < 2:
        return
    swapped = events.assign(actor=events["actor"].map({"x": "y", "y": "x"}))
    found, other = count(events, lag=lag, repeats=repeats), count(swapped, lag=lag, repeats=repeats)

    names = [{"x": "y", "y": "x"}[label[0]] + label[1:] for label in other.labels]
    order = [names.index(label) for label in found.labels]
    assert other.counts[np.ix_(order, order)].tolist() == found.counts.tolist()


@given(streams, st.integers(1, 3))
def test_every_code_but_the_last_ones_is_followed_by_something(stream, lag):
    events = table(*((actor, code, place) for place, (actor, code) in enumerate(stream)))

    assert count(events, lag=lag).n == max(len(stream) - lag, 0)


@given(streams, st.randoms())
def test_the_order_of_rows_changes_nothing(stream, random):
    events = table(*((actor, code, place // 2) for place, (actor, code) in enumerate(stream)))
    mixed = events.sample(frac=1, random_state=random.randint(0, 9))

    assert count(events).counts.tolist() == count(mixed).counts.tolist()
