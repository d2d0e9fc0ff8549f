"""What two observers had differently: every miss is a step, and misses are never left out of kappa."""

import math
from functools import partial
from time import perf_counter

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.agreement import compare_records
from caregiving.coded import coded_sessions
from caregiving.twice import pairs
from caregiving.twice.compare import Compared, compare
from tests.test_coded import ENGAGEMENT, log
from tests.test_coded import window as any_window

window = partial(any_window, from_recording=False)

Row = tuple[float, float | None, str]


def compared(noor: list[Row], ines: list[Row], minutes: float = 10) -> Compared:
    """Compare what two observers coded in the same ten minutes."""
    moments = pd.concat([log(*noor, window="a"), log(*ines, window="b", author="ines")], ignore_index=True)
    windows = pd.concat([window("a", minutes), window("b", minutes, author="ines")], ignore_index=True)
    (twice,) = pairs(coded_sessions(moments, windows))
    return compare(twice, moments, windows)


def steps(one: Compared) -> list[tuple[float, float, str, str, str]]:
    columns = one.steps[["at_s", "until_s", "kind", "first", "second"]]
    return [(row.at_s, row.until_s, str(row.kind), row.first, row.second) for row in columns.itertuples()]


def test_two_alike_have_no_step_and_kappa_one():
    same = [(10.0, 20.0, "infant_playful"), (30.0, None, "smile"), (40.0, 50.0, "infant_watching")]
    one = compared(same, same)

    assert steps(one) == [] and one.n_short == 0
    assert [part.kappa.value for part in one.in_time] == [1.0] * 4
    assert one.counts()["matched"] == 3


def test_a_moment_that_only_one_coded_is_a_step_of_its_own():
    one = compared([(10, None, "smile"), (20, None, "reach")], [(10.5, None, "smile"), (90, None, "smile")])

    assert steps(one) == [
        (20.0, 20.0, "missed_by_second", "reach", ""),
        (90.0, 90.0, "missed_by_first", "", "smile"),
    ]
    assert one.counts() == {
        "n_a": 2, "n_b": 2, "matched": 1, "differing": 0, "missed_by_a": 1, "missed_by_b": 1,
    }  # fmt: skip


def test_a_moment_that_they_named_differently_is_one_step():
    one = compared([(10, None, "smile")], [(11, None, "reach")])

    assert steps(one) == [(10.0, 11.0, "named_differently", "smile", "reach")]


def test_a_state_that_only_one_noted_is_one_step_and_says_what_the_other_had_meanwhile():
    # Noor sees watching from 30 s to 60 s, for Ines the child plays along all the time.
    one = compared([(0, 30, "infant_playful"), (30, 60, "infant_watching")], [(0, 60, "infant_playful")])

    assert steps(one) == [(30.0, 60.0, "missed_by_second", "infant_watching", "infant_playful")]


def test_a_state_that_lasts_longer_for_one_of_them_is_a_step_beyond_two_seconds_only():
    long = compared([(10, 30, "speech")], [(10, 25, "speech")])
    short = compared([(10, 30, "speech")], [(10, 28, "speech")])

    assert steps(long) == [(25.0, 30.0, "states_differ", "speech", "")]
    assert (steps(short), short.n_short) == ([], 1)


def test_a_state_that_lasts_longer_for_the_second_one_is_a_step_too():
    one = compared([(10, 25, "touch")], [(10, 31, "touch")])

    assert steps(one) == [(25.0, 31.0, "states_differ", "", "touch")]


def test_a_length_that_differs_is_not_hidden_by_a_state_that_was_missed_at_the_same_time():
    one = compared([(10, 30, "touch"), (30, 60, "caregiver_watching")], [(10, 50, "touch")])

    assert steps(one) == [
        (30.0, 50.0, "states_differ", "", "touch"),
        (30.0, 60.0, "missed_by_second", "caregiver_watching", "touch"),
    ]


def test_each_of_the_two_people_is_judged_alone():
    one = compared([(10, 20, "infant_playful")], [(10, 20, "caregiver_playful")])

    assert one.actors == ["infant", "caregiver"]
    assert [row[2] for row in steps(one)] == ["missed_by_first", "missed_by_second"]


def test_times_are_seconds_of_the_first_ones_clock_also_when_the_second_one_began_earlier():
    moments = pd.concat(
        [log((10, None, "smile"), window="a"), log((50, None, "reach"), window="b", author="ines")]
    )
    early = window("b", author="ines")
    early = early.assign(started_ms=early["started_ms"] - 60_000)
    windows = pd.concat([window("a", codes_again="b", sitting="a"), early], ignore_index=True)
    (twice,) = pairs(coded_sessions(moments, windows))
    one = compare(twice, moments, windows)

    assert (twice.first.id, twice.second.id) == ("b", "a")
    assert [row[0] for row in steps(one)] == [10 + 60, 50 + 60]


ROWS = st.lists(
    st.tuples(
        st.integers(0, 280).map(lambda tenths: tenths / 2),
        st.sampled_from([None, 0.5, 3.0, 20.0]),
        st.sampled_from(["smile", "reach", "vocalise", "cry", "infant_playful", "infant_watching", "speech"]),
    ),
    max_size=12,
)


def placed(rows: list[tuple[float, float | None, str]]) -> list[Row]:
    lasting = set(ENGAGEMENT.codes(form="state"))
    return [(at, at + (length or 1.0) if code in lasting else None, code) for at, length, code in rows]


@settings(max_examples=40)
@given(ROWS, ROWS)
def test_every_event_that_was_missed_or_named_differently_is_a_step_and_the_figures_are_those_of_agreement(
    a, b
):
    one = compared(placed(a), placed(b), minutes=4)
    both, counts = one.together, one.counts()
    told = compare_records(both.first, both.second, both.windows, both.instrument)
    kinds = one.steps["kind"].value_counts()

    assert kinds.get("missed_by_second", 0) == counts["missed_by_b"]
    assert kinds.get("missed_by_first", 0) == counts["missed_by_a"]
    assert kinds.get("named_differently", 0) == counts["differing"]
    assert one.steps["at_s"].is_monotonic_increasing
    assert told["time_units"] == [part.as_json() for part in one.in_time]
    assert told["events"] == [{"actor": name, **part.as_json()} for name, part in one.by_event.items()]


def lifelike(n: int, drop: float, length_s: float, seed: int = 7) -> tuple[list[Row], list[Row]]:
    """Two records of the same play: the second one is some tenths of a second off and lacks a share."""
    dice = np.random.default_rng(seed)
    codes = ["vocalise", "smile", "reach", "speech", "touch", "show", "wait"]
    lasting = set(ENGAGEMENT.codes(form="state"))
    noor, ines = [], []
    for at in np.sort(dice.uniform(0, length_s - 10, n)).tolist():
        code, length = codes[dice.integers(len(codes))], dice.exponential(2.0) + 0.1
        off, missed = dice.normal(0, 0.3), dice.random() < drop
        noor.append((at, at + length if code in lasting else None, code))
        if not missed:
            moved = max(0.0, at + off)
            ines.append((moved, moved + length if code in lasting else None, code))
    return noor, ines


def test_an_observer_who_misses_a_third_does_not_get_a_kappa_without_the_misses():
    noor, ines = lifelike(180, 1 / 3, 600)
    one = compared(noor, ines)
    counts = one.counts()
    found = min(part.kappa.value for part in one.by_event.values())
    dropped = [part.table[:-1, :-1] for part in one.by_event.values()]
    inflated = [np.trace(table) / table.sum() for table in dropped]

    assert (
        counts["n_a"] == 180
        and counts["n_a"] - counts["n_b"] == counts["missed_by_b"] - counts["missed_by_a"]
    )
    assert counts["missed_by_b"] >= 180 / 3 * 0.7
    assert min(inflated) > 0.95, "without the misses the two seem to agree on nearly everything"
    assert found < 0.65, "with them they do not"
    assert (one.steps["kind"] == "missed_by_second").sum() == counts["missed_by_b"]


def test_two_records_of_ten_thousand_events_are_compared_at_once(measured):
    noor, ines = lifelike(10_000, 0.0, 7200)
    moments = pd.concat([log(*noor, window="a"), log(*ines, window="b", author="ines")], ignore_index=True)
    windows = pd.concat([window("a", 120), window("b", 120, author="ines")], ignore_index=True)
    (twice,) = pairs(coded_sessions(moments, windows))
    best = math.inf
    for _run in range(3):
        start = perf_counter()
        one = compare(twice, moments, windows)
        best = min(best, perf_counter() - start)
    measured(f"two records of 10,000 events in 2 h, compared with all steps: {best:.2f} s (bar 0.5 s)")

    assert one.counts()["n_a"] == 10_000
    assert best < 2.0, "a step that grows with the square of the events would take much longer"
