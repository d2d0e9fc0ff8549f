"""How crying ended and how much of it there was: the pictures behind two indices say what the indices say."""

import math

import pytest

from caregiving.trends.crying import cry_days
from caregiving.trends.settling import settled
from sample_data.make import STEADY
from tests.trends.invented import family, told

DAY = 86_400


def test_the_curve_reaches_one_half_at_the_index_s_own_median():
    found = settled(family(STEADY, 28))

    assert found.estimate.gate is None
    assert found.steps.median() == found.estimate.value


def test_a_report_that_has_the_index_and_one_that_has_not_tell_the_same():
    assert repr(settled(family(STEADY, 14)).estimate) == repr(
        settled(family(STEADY, 14, 7, "comfort")).estimate
    )


def test_bouts_and_those_seen_to_settle_are_counted():
    found = settled(
        told(("2026-03-02T10:00:00+01:00", "0s start, 0s cry, 20s pick_up, 60s settled, 300s cry, 600s end"))
    )

    assert (found.n, found.settled) == (2, 1)
    assert found.steps.time.tolist() == [1.0]


def test_where_no_end_was_ever_written_down_nothing_settled_and_the_gate_says_so():
    text = ", ".join(f"{600 * n}s cry" for n in range(10))

    found = settled(told(("2026-03-02T10:00:00+01:00", f"0s start, {text}, 7000s end")))

    assert (found.n, found.settled) == (10, 0)
    assert found.estimate.gate == "nobody logged when crying ended, so it is not known what settled"


def test_minutes_of_each_full_day_and_their_mean_is_the_index_s_own():
    cries = f"0s start, 3600-5400s cry, {DAY + 60}-{DAY + 660}s fuss, {3 * DAY}s end"

    found = cry_days(told(("2026-03-02T18:00:00+01:00", cries)))

    assert [day.minutes for day in found.days] == [30, 10, 0]
    assert found.estimate.value == pytest.approx((30 + 10 + 0) / 3)
    assert [day.began_at.isoformat() for day in found.days if day.began_at] == [
        "2026-03-02T18:00:00+01:00",
        "2026-03-03T18:00:00+01:00",
        "2026-03-04T18:00:00+01:00",
    ]


def test_a_day_with_a_cry_whose_end_is_not_known_has_no_minutes():
    found = cry_days(told(("2026-03-02T18:00:00+01:00", f"0s start, 3600s cry, {2 * DAY}s end")))

    assert math.isnan(found.days[0].minutes)
    assert found.days[1].minutes == 0


def test_less_than_a_full_day_is_no_day():
    assert cry_days(told(("2026-03-02T18:00:00+01:00", "0s start, 60-600s cry, 80000s end"))).days == ()
