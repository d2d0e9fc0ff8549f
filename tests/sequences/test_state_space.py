"""State-space grid: time, visits and spread over the pairs of states of two people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.instruments import load
from caregiving.sequences import show
from caregiving.sequences.state_space import dispersion, grid
from tests.sequences.strings import letters, table, watched
from tests.timelines import story

PLAY = table(("him", "sad", 0, 60), ("him", "glad", 60, 180), ("her", "sad", 0, 90), ("her", "glad", 90, 180))


def test_t14_dispersion_over_a_grid_of_three_by_three():
    assert round(dispersion([0.1, 0.4, 0.5], 9), 4) == 0.6525


def test_t14_the_same_from_events():
    events = table(
        ("him", "a", 0, 5), ("him", "b", 5, 10), ("her", "p", 0, 1), ("her", "q", 1, 5), ("her", "r", 5, 10)
    )
    found = show("state_space", events, actor=["him", "her"], states={"him": list("abc"), "her": list("pqr")})

    assert found["n_cells"] == 9
    assert round(found["dispersion"], 4) == 0.6525


def test_one_cell_is_0_and_all_cells_alike_is_1():
    assert dispersion([7], 4) == 0
    assert dispersion([2, 2, 2, 2], 4) == 1
    assert np.isnan(dispersion([], 4))
    assert np.isnan(dispersion([3], 1))


def test_time_visits_and_transitions_of_a_little_play():
    found = show("state_space", PLAY, watched(0, 180), actor=["him", "her"])

    assert found["row_states"] == ["glad", "sad"]
    assert found["durations_s"] == [[90, 30], [0, 60]]
    assert found["visits"] == [[1, 1], [0, 1]]
    assert (found["n_visits"], found["cell_range"], found["mean_visit_s"]) == (3, 3, 180 / 3)
    assert found["transitions_per_min"] == 2 / 3
    assert found["gate"] is None


def test_coming_back_to_a_cell_is_a_new_visit():
    events = table(("him", "a", 0, 30), ("her", "p", 0, 10), ("her", "q", 10, 20), ("her", "p", 20, 30))
    found = grid(events, actor=["him", "her"])

    assert found.visits.tolist() == [[2, 1]]
    assert found.n_transitions == 2


def test_time_that_nobody_coded_or_saw_is_in_no_cell_and_breaks_a_visit():
    events = table(("him", "a", 0, 30), ("her", "p", 0, 10), ("her", "p", 15, 30), ("her", "away", 20, 22))
    found = grid(events, watched(0, 30), actor=["him", "her"], states={"her": ["p"]})

    assert (found.coded_s, found.visits.tolist(), found.n_transitions) == (10 + 15, [[2]], 0)


def test_the_state_that_began_last_wins_and_the_earlier_one_comes_back():
    events = table(("him", "a", 0, 30), ("him", "b", 10, 20), ("her", "p", 0, 30))

    assert grid(events, actor=["him", "her"]).durations_s.tolist() == [[20], [10]]


def test_points_last_until_the_next_one():
    events = table(("him", "a", 0), ("him", "b", 4), ("her", "p", 0), ("her", "q", 6))

    assert grid(events, watched(0, 10), actor=["him", "her"]).durations_s.tolist() == [[4, 0], [2, 4]]


def test_the_instrument_gives_the_size_of_the_grid():
    events, windows = story("0s start, 0-100s hold, 0-50s gaze, 50-100s vocalise, 100s end", "free_play")
    found = show("state_space", events, windows, load("free_play"), actor=["caregiver", "infant"])

    assert found["n_cells"] == len(found["row_states"]) * len(found["column_states"]) == 4 * 5
    assert found["gate"] == "not enough data: needs 1.33 more minutes coded (1.67 of 3)"


def test_one_person_alone_makes_no_grid_and_three_are_refused():
    assert show("state_space", letters("AB"))["dispersion"] is None
    with pytest.raises(ValueError, match="two of: x, y, z"):
        show("state_space", table(("x", "a", 0, 1), ("y", "a", 0, 1), ("z", "a", 0, 1)))


bouts = st.lists(
    st.tuples(st.sampled_from("xy"), st.sampled_from("AB"), st.integers(0, 50), st.integers(1, 20)),
    min_size=2,
    max_size=12,
)


@given(bouts)
def test_swapping_the_two_people_turns_the_grid_over(rows):
    events = table(("x", "A", 0, 1), ("y", "A", 0, 1), *((who, code, a, a + n) for who, code, a, n in rows))
    one, other = grid(events, actor=["x", "y"]), grid(events, actor=["y", "x"])

    assert one.durations_s.tolist() == other.durations_s.T.tolist()
    assert one.visits.tolist() == other.visits.T.tolist()
    assert one.n_transitions == other.n_transitions


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=9), st.floats(0.1, 60))
def test_dispersion_lies_between_0_and_1_and_has_no_unit(durations, scale):
    value = dispersion(durations, 9)

    assert -1e-12 <= value <= 1 + 1e-12
    assert dispersion(np.array(durations) * scale, 9) == pytest.approx(value)
