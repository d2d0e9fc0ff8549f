import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.frames import EVENTS, empty
from caregiving.indices._recalled import by, median_bracket, turnbull
from caregiving.indices._survival import curve
from caregiving.indices.recalled_latency import recalled_latency
from caregiving.instruments import load
from tests.indices.small_log import by_measure
from tests.timelines import at, story


def test_brackets_that_share_a_stretch_put_all_their_mass_there():
    """(0, 60] and (30, 90]: both are true in (30, 60]."""
    intervals, mass = turnbull([0, 30], [60, 90])

    assert (intervals.tolist(), mass.tolist()) == ([[30, 60]], [1])


def test_a_bracket_that_ends_where_another_begins_shares_nothing_with_it():
    intervals, mass = turnbull([0, 5], [5, 10])

    assert (intervals.tolist(), mass.tolist()) == ([[0, 5], [5, 10]], [1 / 2, 1 / 2])


def test_a_wide_bracket_gives_its_weight_where_the_narrow_ones_are():
    """(0, 5] twice, (5, 10] once, (0, 10] once: p maximises p^2 (1 - p), so p = 2/3."""
    _, mass = turnbull([0, 0, 5, 0], [5, 5, 10, 10])

    assert mass == pytest.approx([2 / 3, 1 / 3])


def test_mass_that_nobody_needs_is_none_at_all():
    """(0, 3], (2, 5], (4, 7], (6, 9] overlap in a chain: the two ends carry it all."""
    intervals, mass = turnbull([0, 2, 4, 6], [3, 5, 7, 9])

    assert intervals.tolist() == [[2, 3], [4, 5], [6, 7]]
    assert mass.tolist() == [0.5, 0, 0.5]


def test_not_answered_by_a_time_may_be_written_as_missing_or_infinite():
    assert (
        turnbull([0, 5], [5, np.nan])[1].tolist() == turnbull([0, 5], [5, np.inf])[1].tolist() == [0.5, 0.5]
    )


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=25))
def test_with_exact_times_it_is_the_kaplan_meier_curve(rows):
    wait, answered = np.array([t for t, _ in rows], float), np.array([a for _, a in rows])
    intervals, mass = turnbull(wait, np.where(answered, wait, np.inf))
    steps = curve(wait, answered)
    exact = np.isfinite(intervals[:, 1])

    assert intervals[exact, 1].tolist() == steps.time.tolist()
    assert 1 - np.cumsum(mass)[exact] == pytest.approx(steps.share, abs=1e-5)


BRACKETS = st.lists(st.tuples(st.integers(0, 8), st.integers(1, 6)), min_size=1, max_size=12)


@settings(deadline=None)
@given(BRACKETS, st.lists(st.integers(1, 50), min_size=12, max_size=12))
def test_no_other_masses_are_likelier(rows, weights):
    low, width = np.array(rows, float).T
    intervals, mass = turnbull(low, low + width)
    member = (intervals[:, 0] >= low[:, None]) & (intervals[:, 1] <= (low + width)[:, None])
    best = np.log(member @ mass).sum()
    other = np.array(weights[: len(mass)], float) / sum(weights[: len(mass)])

    assert mass.sum() == pytest.approx(1)
    for share in (0.01, 0.3, 1):
        assert np.log(member @ ((1 - share) * mass + share * other)).sum() <= best + 1e-6


@given(BRACKETS, st.integers(2, 5))
def test_scaling_all_times_scales_the_intervals(rows, factor):
    low, width = np.array(rows, float).T
    once, scaled = turnbull(low, low + width), turnbull(low * factor, (low + width) * factor)

    assert scaled[0].tolist() == (once[0] * factor).tolist()
    assert scaled[1] == pytest.approx(once[1], abs=1e-6)


def test_nothing_remembered_has_no_mass():
    intervals, mass = turnbull([], [])

    assert (intervals.shape, len(mass)) == ((0, 2), 0)
    assert np.isnan(median_bracket(intervals, mass)).all()
    assert by(intervals, mass, 5) == (0, 0)


def remembered(brackets, code="cry"):
    events, _ = story(f"0s start, {at(code, *range(1, len(brackets) + 1))}, 600s end")
    low, high = zip(*brackets, strict=True)
    return events.assign(latency_low_s=low, latency_high_s=high)


def test_thirty_remembered_waits_place_the_median_between_two_times():
    """20 within half a minute, 10 between one minute and three: the median lies within the first half
    minute."""
    found = recalled_latency(remembered([(0, 30)] * 20 + [(60, 180)] * 10), load("home_moments"))
    cry = by_measure(found, "distress")

    assert (cry["median_after"].value, cry["median_by"].value) == (0, 30)
    assert cry["within_30s"].value == pytest.approx(20 / 30)
    assert cry["within_180s"].value == pytest.approx(1)
    assert {one.gate for one in cry.values()} == {None}
    assert by_measure(found, "all")["median_by"].n == 30


def test_a_target_inside_an_interval_gets_the_least_and_the_most_that_can_be():
    found = recalled_latency(remembered([(0, 20)] * 15 + [(20, 60)] * 15), load("home_moments"))
    cry = by_measure(found, "distress")["within_30s"]

    assert (cry.low, cry.value, cry.high) == (pytest.approx(0.5), pytest.approx(0.5), pytest.approx(1))


def test_few_remembered_waits_are_held_back():
    found = by_measure(recalled_latency(remembered([(0, 30)] * 5), load("home_moments")), "distress")

    assert found["median_by"].gate == "needs 25 more waits remembered (5 of 30)"
    assert found["within_30s"].value == 1


def test_when_most_had_no_answer_the_median_has_no_end():
    found = recalled_latency(remembered([(0, 30)] * 10 + [(180, np.nan)] * 20), load("home_moments"))
    median = by_measure(found, "distress")["median_by"]

    assert np.isnan(median.value)
    assert median.gate == "fewer than half were surely answered; the median lies beyond 180 s"


def test_logs_without_remembered_waits_have_a_sentence():
    for one in recalled_latency(empty(EVENTS), load("home_moments")):
        assert np.isnan(one.value)
        assert (one.n, one.gate) == (0, "no remembered waiting times were logged")
