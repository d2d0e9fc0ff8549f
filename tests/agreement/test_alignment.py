"""Event alignment: the cheapest pairing of two records, and the events that only one of them has."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.agreement import compare_records
from caregiving.agreement.alignment import NIL, align, alignment_of, event_alignment, tallied
from caregiving.agreement.records import pair
from caregiving.agreement.time_units import time_units
from tests.agreement.records import points, watched


def test_t25_alignment_of_two_strings():
    a, b = (["CFGS".index(letter) for letter in text] for text in ("CFCSCGC", "CFSCGGC"))
    found = tallied(a, b, align(a, b), list("CFGS"))

    assert found.only_a + found.only_b == 2  # two edits, none of them a change of code
    assert found.matched == 6
    assert round(found.kappa.value, 4) == 0.6596


def test_t25_the_same_from_two_records():
    one, other = (
        points(*((letter, at) for at, letter in enumerate(text))) for text in ("CFCSCGC", "CFSCGGC")
    )
    found = event_alignment(one, other)["x"]

    assert round(found.kappa.value, 4) == 0.6596
    assert found.labels == ("C", "F", "G", "S", NIL)


def test_a_mislabel_is_not_taken_for_two_misses():
    found = event_alignment(points(("A", 1), ("B", 5)), points(("A", 1), ("C", 5)))["x"].as_json()

    assert (found["matched"], found["differing"], found["missed_by_a"], found["missed_by_b"]) == (1, 1, 0, 0)


def test_events_further_apart_than_the_tolerance_are_two_misses():
    found = event_alignment(points(("A", 1)), points(("A", 3.5)), tolerance_s=2)["x"]

    assert (found.matched, found.only_a, found.only_b) == (0, 1, 1)
    assert event_alignment(points(("A", 1)), points(("A", 3)), tolerance_s=2)["x"].matched == 1


def test_among_alignments_of_equal_cost_the_nearest_in_time_is_taken():
    pairs = align([1], [1, 1], [10], [8, 11], 5)

    assert [side.tolist() for side in pairs] == [[-1, 0], [0, 1]]


def test_dropping_what_only_one_coded_would_have_made_a_poor_agreement_perfect():
    one = points(*(("A", t) for t in range(0, 300, 10)), *(("B", t) for t in range(5, 300, 10)))
    other = one[one["onset_s"] % 15 != 0]
    found = event_alignment(one, other, watched(0, 300))["x"]
    both = found.table[:-1, :-1]

    assert np.trace(both) == both.sum()  # of those that both coded, all alike
    assert found.only_a == 20
    assert found.kappa.value < 0.60
    assert found.kappa.standing == "below .60"


def test_actors_sessions_and_breaks_in_the_watching_are_never_paired_across():
    one = points(("A", 1), actor="x")
    assert event_alignment(one, points(("A", 1), actor="y"))["x"].only_a == 1
    assert event_alignment(one, one.assign(session="t"))["x"].matched == 0
    assert event_alignment(points(("A", 9)), points(("A", 11)), watched(0, 10, 10.5, 20))["x"].matched == 0


def test_the_order_of_rows_changes_nothing():
    one, other = points(("A", 1), ("B", 1), ("A", 4)), points(("B", 1), ("A", 2))
    there = event_alignment(one, other)["x"]
    mixed = event_alignment(one.iloc[::-1], other.iloc[::-1])["x"]

    assert there.table.tolist() == mixed.table.tolist()


def test_an_alignment_tells_which_events_it_paired_and_leaves_out_what_nobody_watched():
    # The A at 20 s lies in the break, so the rows of the first record are 0, 2 and 3.
    one = points(("A", 1), ("A", 20), ("A", 50), ("B", 55))
    other = points(("A", 50.5), ("C", 55))
    laid = pair(one, other, watched(0, 10, 40, 60), room_s=2)
    found = alignment_of(laid, 0, 2)

    assert [side.tolist() for side in found.paired] == [[0, 2, 3], [-1, 0, 1]]
    assert (found.matched, found.only_a, found.only_b) == (1, 1, 0)


def cheapest(a, b, at_a, at_b, tolerance) -> float:
    """Return the least cost by the textbook table, cell by cell."""
    cost = np.zeros((len(a) + 1, len(b) + 1))
    cost[:, 0], cost[0] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            paired = cost[i - 1, j - 1] + (a[i - 1] != b[j - 1])
            far = abs(at_a[i - 1] - at_b[j - 1]) > tolerance
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, np.inf if far else paired)
    return cost[-1, -1]


timed = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 2)), max_size=12).map(sorted)


@given(timed, timed, st.integers(0, 12))
def test_no_alignment_is_cheaper_and_no_pair_too_far_apart(one, other, tolerance):
    at_a, a = [t for t, _ in one], [code for _, code in one]
    at_b, b = [t for t, _ in other], [code for _, code in other]
    left, right = align(a, b, at_a, at_b, tolerance)
    pairs = [(i, j) for i, j in zip(left.tolist(), right.tolist(), strict=True) if i >= 0 and j >= 0]

    assert [i for i in left if i >= 0] == list(range(len(a)))
    assert [j for j in right if j >= 0] == list(range(len(b)))
    assert all(abs(at_a[i] - at_b[j]) <= tolerance for i, j in pairs)
    cost = len(left) - len(pairs) + sum(a[i] != b[j] for i, j in pairs)
    assert cost == cheapest(a, b, at_a, at_b, tolerance)


@given(st.text("AB", max_size=12), st.text("AB", max_size=12))
def test_without_times_it_is_the_edit_distance(one, other):
    a, b = [ord(x) for x in one], [ord(x) for x in other]
    left, right = align(a, b)
    paired = (left >= 0) & (right >= 0)
    cost = (~paired).sum() + sum(a[i] != b[j] for i, j in zip(left[paired], right[paired], strict=True))

    assert cost == cheapest(a, b, [0] * len(a), [0] * len(b), 0)


@given(timed, st.integers(0, 5))
def test_a_record_agrees_with_itself(events, tolerance):
    one = points(*((f"c{code}", t) for t, code in events))
    for found in event_alignment(one, one, tolerance_s=tolerance).values():
        assert found.matched == len(events)


@given(timed, timed, st.integers(0, 5), st.integers(0, 5))
def test_in_time_and_by_events_two_records_laid_out_once_give_what_each_question_gives_alone(
    one, other, wide, near
):
    a, b = (points(*((f"c{code}", t) for t, code in events)) for events in (one, other))
    found = compare_records(a, b, watched(0, 12, 14, 30), tolerance_s=(0, wide), pair_within_s=near)
    in_time = time_units(a, b, watched(0, 12, 14, 30), tolerance_s=(0, wide))
    by_event = event_alignment(a, b, watched(0, 12, 14, 30), tolerance_s=near)

    assert found["time_units"] == [part.as_json() for part in in_time]
    assert found["events"] == [{"actor": name, **part.as_json()} for name, part in by_event.items()]


@pytest.mark.slow
def test_two_records_of_ten_thousand_events_are_compared_in_under_half_a_second():
    rng = np.random.default_rng(5)
    n = 10_000
    onset, code = np.sort(rng.uniform(0, 7200, n)), rng.integers(0, 8, n)
    actor, until = np.where(code < 4, "infant", "caregiver"), np.where(code % 2, onset + 1.0, np.nan)
    one = pd.DataFrame(
        {"session": "s", "actor": actor, "code": code.astype(str), "onset_s": onset, "offset_s": until}
    )
    other = one.assign(onset_s=onset + rng.uniform(0, 0.9, n)).sample(frac=0.95, random_state=1)
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        compare_records(one, other, watched(0, 7200))
        took.append(time.perf_counter() - begun)

    assert min(took) < 0.5
