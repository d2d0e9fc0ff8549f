import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from caregiving.frames import EVENTS, WINDOWS, conform, empty
from caregiving.indices.routines import interdaily_stability, intradaily_variability, regularity, routines
from caregiving.instruments import load
from tests.indices.small_log import by_measure, one_class

DAY = (0, 0, 0, 1, 3, 5, 4, 2)


def test_t19_a_day_repeated_four_times():
    assert interdaily_stability([DAY] * 4) == pytest.approx(1)
    assert round(float(intradaily_variability([DAY] * 4)), 4) == 0.6530


def test_t19_three_days_that_differ_a_little():
    days = [DAY, (0, 1, 0, 2, 2, 4, 5, 1), (0, 0, 1, 1, 4, 4, 3, 2)]

    assert round(float(interdaily_stability(days)), 4) == 0.8931
    assert round(float(intradaily_variability(days)), 4) == 0.8819


def test_t19_regularity_of_states_24_hours_apart():
    assert regularity([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1]]) == 200 * 5 / 8 - 100 == 25
    assert regularity([[1, 0, 0, 1]] * 3) == 100
    assert regularity([[1, 0, 0, 1], [0, 1, 1, 0]]) == -100


def test_one_day_is_stable_and_says_nothing():
    assert interdaily_stability([DAY]) == pytest.approx(1)
    assert np.isnan(regularity([[1, 0, 1]]))


def test_what_never_varies_has_neither_stability_nor_variability():
    assert np.isnan(interdaily_stability([[1, 1], [1, 1]]))
    assert np.isnan(intradaily_variability([[1, 1], [1, 1]]))


def test_only_bins_watched_on_both_days_are_compared():
    assert regularity([[1, np.nan, 0], [1, 1, 1]]) == 200 * 1 / 2 - 100


def test_changes_are_taken_only_between_neighbouring_bins_that_were_watched():
    """Values 0, 1, -, 1 then 0, 1, 1, 1: changes 1, -, - | 1 (over midnight), 1, 0, 0; mean 5/7 of seven
    values."""
    matrix = [[0, 1, np.nan, 1], [0, 1, 1, 1]]
    total = 2 * (5 / 7) ** 2 + 5 * (2 / 7) ** 2

    assert intradaily_variability(matrix) == pytest.approx((1 + 1 + 1) / 5 / (total / 7))


MATRICES = arrays(
    float, st.tuples(st.integers(2, 6), st.integers(2, 8)), elements=st.integers(0, 5).map(float)
)


@given(MATRICES)
def test_figures_keep_their_range_and_scale_does_not_matter(matrix):
    stable, broken, alike = (
        interdaily_stability(matrix),
        intradaily_variability(matrix),
        regularity(matrix > 2),
    )

    assert np.isnan(stable) or -1e-9 <= stable <= 1 + 1e-9
    assert np.isnan(broken) or broken >= 0
    assert -100 <= alike <= 100
    assert interdaily_stability(3 * matrix + 1) == pytest.approx(stable, nan_ok=True)
    assert intradaily_variability(3 * matrix + 1) == pytest.approx(broken, nan_ok=True)


@given(MATRICES, st.integers(0, 5))
def test_drawing_every_day_once_is_the_figure_itself(matrix, _):
    once = np.ones(len(matrix))

    assert interdaily_stability(matrix, once) == pytest.approx(interdaily_stability(matrix), nan_ok=True)
    assert regularity(matrix > 2, once[1:]) == pytest.approx(regularity(matrix > 2))


def week(naps, n_days=6, zone="+01:00"):
    """Return a log of whole days from midnight to midnight, each with the same naps (hours from, hours
    to)."""
    names = [f"2026-03-{2 + d:02d}" for d in range(n_days)]
    windows = pd.DataFrame(
        {
            "session": names,
            "start_s": 0.0,
            "end_s": 86400.0,
            "started_at": [f"{day}T00:00:00{zone}" for day in names],
        }
    )
    rows = [(day, "infant", "asleep", a * 3600.0, b * 3600.0) for day in names for a, b in naps]
    events = pd.DataFrame(rows, columns=["session", "actor", "code", "onset_s", "offset_s"])
    return conform(events, EVENTS), conform(windows, WINDOWS)


def test_six_days_with_the_same_naps_are_wholly_regular():
    found = by_measure(routines(*week([(1, 4), (12.5, 14)]), load("home_moments")), "asleep")

    assert {name: one.value for name, one in found.items()} == {
        "interdaily_stability": pytest.approx(1),
        "intradaily_variability": found["intradaily_variability"].value,
        "regularity": 100,
    }
    assert {one.n for one in found.values()} == {6}
    assert {one.gate for one in found.values()} == {None}
    assert found["regularity"].low == found["regularity"].high == 100


def test_the_hourly_shares_are_exact():
    """Asleep 12:30-14:00 is half of hour 12 and all of hour 13: variability from 24 hours with 1/2 and 1 in
    them."""
    found = by_measure(routines(*week([(12.5, 14)]), load("home_moments")), "asleep")
    hours = np.zeros(24)
    hours[12:14] = 0.5, 1.0

    assert found["intradaily_variability"].value == pytest.approx(float(intradaily_variability([hours] * 6)))


def test_spans_that_overlap_are_slept_once_and_one_without_an_end_lasts_until_the_watching_ends():
    twice = routines(*week([(1, 3), (2, 4), (20, np.nan)]), load("home_moments"))
    once = routines(*week([(1, 4), (20, 24)]), load("home_moments"))

    assert [one.value for one in twice[:3]] == pytest.approx([one.value for one in once[:3]])


def test_the_clock_is_the_familys_own_so_the_zone_changes_nothing():
    here, there = (
        routines(*week([(1, 4)], zone=zone), load("home_moments"), seed=3) for zone in ("+01:00", "-07:00")
    )

    assert pd.DataFrame(here).equals(pd.DataFrame(there))


def test_hours_that_were_watched_for_less_than_three_quarters_do_not_count():
    events, windows = week([(1, 4)])
    half_days = windows.assign(end_s=43200.0)

    assert (
        routines(events, half_days, load("home_moments"))[0].gate
        == "needs 5 more days watched in full (0 of 5)"
    )


def test_four_days_are_one_too_few():
    assert (
        routines(*week([(1, 4)], n_days=4), load("home_moments"))[0].gate
        == "needs 1 more day watched in full (4 of 5)"
    )


def test_a_state_that_nobody_logged_is_not_one_that_never_was():
    found = by_measure(routines(*week([(1, 4)]), load("home_moments")), "feeding")

    assert np.isnan(found["regularity"].value)
    assert found["regularity"].gate == "feeding was never logged while somebody watched"


def test_windows_without_a_date_are_told():
    events, windows = week([(1, 4)])
    one = routines(events, windows.drop(columns="started_at"), load("home_moments"))[0]

    assert np.isnan(one.value)
    assert one.gate == "needs windows with the date and clock time at which they began"


def test_an_instrument_without_states_says_so():
    stateless = one_class()
    stateless = stateless.model_copy(
        update={"behaviours": tuple(b for b in stateless.behaviours if b.kind != "state")}
    )
    one = routines(empty(EVENTS), empty(WINDOWS), stateless)[0]

    assert one.gate == "home_moments.v1 has no state that could be logged round the clock"


def test_order_of_rows_and_a_shift_by_whole_weeks_change_nothing():
    events, windows = week([(1, 4), (12.5, 14)])
    later = windows.assign(started_at=[f"2026-03-{16 + d:02d}T00:00:00+01:00" for d in range(6)])
    frames = [
        pd.DataFrame(routines(e, w, load("home_moments"), seed=1))
        for e, w in ((events, windows), (events[::-1], windows[::-1]), (events, later))
    ]

    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_nothing_watched_has_no_figures_but_sentences():
    for one in routines(empty(EVENTS), empty(WINDOWS), load("home_moments")):
        assert np.isnan(one.value)
        assert (one.n, one.gate is None) == (0, False)
