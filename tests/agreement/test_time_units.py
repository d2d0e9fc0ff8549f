"""Agreement in time: exact, with a tolerance, both ways, and with misses counted."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.agreement import compare_records
from caregiving.agreement.time_units import NOTHING, time_units
from caregiving.instruments import load
from tests.agreement.records import letters, points, states, watched
from tests.timelines import story

ONE, OTHER = "AAABBBBCCCCAAABBBBCC", "AABBBBBCCCAAAABBBCCC"


@pytest.mark.parametrize("record", [states, letters], ids=["states", "points"])
def test_t25_observer_strings(record):
    exact, back, near, near_back = time_units(record(ONE), record(OTHER), watched(0, 20), tolerance_s=(0, 1))

    assert exact.kappa.agreed == back.kappa.agreed == 17 / 20
    assert round(exact.kappa.value, 4) == round(back.kappa.value, 4) == 0.7727
    assert near.kappa.value == near_back.kappa.value == 1.0


def test_the_table_is_in_seconds_of_both_codes():
    found = time_units(states("AAAB"), states("AABB"), watched(0, 4))[0]

    at = {label: place for place, label in enumerate(found.labels)}
    assert found.table[at["A"], at["B"]] == 1
    assert (found.table[at["A"], at["A"]], found.table[at["B"], at["B"]]) == (2, 1)
    assert found.table.sum() == 4


def test_edges_between_whole_seconds_count_exactly():
    found = time_units(points(), states("A"), watched(0, 10))[0]
    longer = states("A").assign(offset_s=2.75)

    assert found.missed_by_checked_s == 1
    assert time_units(states("A"), longer, watched(0, 10))[0].missed_by_checked_s == 2.75 - 1


def test_a_point_occupies_the_unit_it_falls_in():
    one, other = points(("smile", 3.1)), points(("smile", 3.9))

    assert time_units(one, other, watched(0, 10))[0].kappa.agreed == 1
    assert time_units(one, other, watched(0, 10), unit_s=0.5)[0].missed_by_other_s == 0.5


def test_a_miss_is_a_category_of_its_own_and_no_tolerance_forgives_it():
    one, other = points(("smile", 3), ("smile", 30)), points(("smile", 3))
    for tolerance in (0, 2, 5):
        there, back = time_units(one, other, watched(0, 60), tolerance_s=[tolerance])
        assert there.labels[0] == NOTHING
        assert there.missed_by_other_s == back.missed_by_checked_s == 1
        assert [there.kappa.agreed, back.kappa.agreed] == pytest.approx([59 / 60] * 2)


def test_a_shift_is_forgiven_on_both_sides():
    for found in time_units(points(("smile", 3)), points(("smile", 4)), watched(0, 60), tolerance_s=[1]):
        assert found.kappa.agreed == 1


def test_the_two_directions_differ_when_one_has_a_code_the_other_lacks_nearby():
    there, back = time_units(states("AAAAABAAAA"), states("AAAAAAAAAA"), watched(0, 10), tolerance_s=[1])

    assert there.kappa.agreed == 9 / 10  # nobody else has a B
    assert back.kappa.agreed == 1  # every A has an A within a second


def test_codes_at_once_are_a_code_of_their_own():
    both = pd.concat([states("AA"), states("BB")])
    found = time_units(both, states("AA"), watched(0, 2))[0]

    assert "A+B" in found.labels
    assert found.kappa.agreed == 0


def test_time_nobody_watched_counts_on_neither_side():
    found = time_units(states("AAAA"), states("AABB"), watched(0, 2))[0]

    assert (found.kappa.agreed, found.kappa.n) == (1, 2)


def test_actors_are_judged_alone_and_under_300_seconds_it_is_too_little():
    one = pd.concat([states("AB"), states("AB", actor="y")])
    found = time_units(one, one, watched(0, 2))

    assert [each.actor for each in found] == ["x", "x", "y", "y"]
    assert found[0].kappa.gate == "not enough data: needs 298 more seconds (2 of 300)"


def test_an_open_state_lasts_to_the_end_of_its_window():
    events, windows = story("0s start, 10s hold, 40s end", "free_play")
    closed = events.assign(offset_s=40.0)

    assert time_units(events, closed, windows, load("free_play"))[0].kappa.agreed == 1


def test_the_confusion_of_another_project(fixtures: Path):
    segments = pd.read_csv(fixtures / "reliability" / "childproject_confmatrix.csv").rename(
        columns={"segment_onset": "onset_s", "segment_offset": "offset_s", "speaker_type": "code"}
    )
    bob, alice = (
        segments[segments["set"] == name].assign(session="s", actor="x") for name in ("Bob", "Alice")
    )
    found = time_units(bob, alice, watched(0, 20))[0]
    place = [found.labels.index(label) for label in ("CHI", "FEM", NOTHING)]

    assert found.table[np.ix_(place, place)].tolist() == [[5, 5, 0], [0, 2, 3], [0, 0, 5]]


def test_two_empty_records_are_no_agreement_but_a_sentence():
    nothing = states("")

    assert (
        compare_records(nothing, nothing, watched(0, 60))["gate"]
        == "not enough data: neither record has an event"
    )
    assert compare_records(nothing, nothing)["time_units"] == []


def test_a_session_that_only_one_record_has_is_told():
    notes = compare_records(states("AB"), states(""))["notes"]

    assert "only one record has events of: s; all of them count as missed" in notes


strings = st.text("AB.", min_size=1, max_size=25)


@given(strings, strings, st.lists(st.floats(0, 8), min_size=2, max_size=4))
def test_agreement_never_falls_as_the_tolerance_grows(one, other, tolerances):
    found = time_units(states(one), states(other), watched(0, 25), tolerance_s=sorted(tolerances))
    for direction in ("a to b", "b to a"):
        agreed = [each.kappa.agreed for each in found if each.direction == direction]
        assert all(b >= a - 1e-9 for a, b in pairwise(agreed))


@given(strings, strings)
def test_without_tolerance_it_is_what_tallying_every_second_gives(one, other):
    n = max(len(one), len(other))
    pairs = list(zip(one.ljust(n, "."), other.ljust(n, "."), strict=True))
    found = time_units(states(one), states(other), watched(0, n))

    if found:
        assert found[0].kappa.agreed == pytest.approx(sum(a == b for a, b in pairs) / n)
        assert found[0].table.sum() == pytest.approx(n)


@given(strings, strings, st.integers(0, 4))
def test_with_a_tolerance_it_is_what_looking_at_the_neighbouring_seconds_gives(one, other, k):
    n = 25
    a, b = one.ljust(n, "."), other.ljust(n, ".")

    def near(text: str, code: str, at: int) -> bool:
        return code in text[max(at - k, 0) : at + k + 1]

    agreed = sum(near(b, a[i], i) if a[i] != "." else b[i] == "." or near(a, b[i], i) for i in range(n)) / n
    found = time_units(states(one), states(other), watched(0, n), tolerance_s=[k])
    if found:
        assert found[0].kappa.agreed == pytest.approx(agreed)


@given(strings, strings, st.floats(0, 3))
def test_swapping_the_observers_swaps_the_directions(one, other, tolerance):
    there = time_units(states(one), states(other), watched(0, 25), tolerance_s=[tolerance])
    back = time_units(states(other), states(one), watched(0, 25), tolerance_s=[tolerance])

    assert [each.kappa.agreed for each in there] == pytest.approx([each.kappa.agreed for each in back][::-1])
