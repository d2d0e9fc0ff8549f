"""Comfort completion: crying that ended settled with a caregiver there, and how long that took."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.episodes import pair
from caregiving.indices import Estimate
from caregiving.indices.comfort import comfort
from caregiving.instruments import Instrument, load
from tests.timelines import story

HOME = load("home_moments")


def shown(*stories: str, instrument: Instrument = HOME) -> dict[str, Estimate]:
    """Return every estimate by measure; each story is a day of its own."""
    told = [
        story(text, instrument, session=f"s{n}", day=f"2026-10-{n + 1:02}") for n, text in enumerate(stories)
    ]
    events, windows = (pd.concat(parts, ignore_index=True) for parts in zip(*told, strict=True))
    return {
        one.measure: one for one in comfort(pair(events, windows, instrument), events, windows, instrument)
    }


def test_answered_and_then_settled_is_complete():
    found = shown("0s cry, 20s pick_up, 60s settled, 300s cry, 320s soothe, 600s end")

    assert found["comfort_completion"].value == 1 / 2
    assert found["comfort_completion"].n == 2
    assert "1 were not seen to settle" in found["comfort_completion"].method


def test_crying_that_passed_alone_is_not_comfort():
    found = shown("0s cry, 60s settled, 600s end")

    assert (found["comfort_completion"].value, found["settled_alone"].value) == (0, 1)


def test_a_baby_already_in_arms_settles_in_contact():
    found = shown("0-300s in_arms, 10s cry, 70s settled, 600s end")

    assert found["comfort_completion"].value == 1


def test_an_answer_that_splits_crying_in_two_belongs_to_both_parts():
    found = shown("0s cry, 4s pick_up, 20s cry, 40s settled, 600s end")

    assert found["comfort_completion"].value == 1 / 2  # the first part had not settled when crying went on
    assert found["time_to_settle"].n == 2


def test_an_answer_later_than_the_response_window_still_comforts():
    found = shown("0s cry, 240s pick_up, 300s settled, 600s end")

    assert found["comfort_completion"].value == 1


def test_an_answer_after_settling_comforts_nobody():
    found = shown("0s cry, 60s settled, 90s talk, 600s end")

    assert found["comfort_completion"].value == 0


def test_time_to_settle_counts_what_had_not_settled_as_followed_until_then():
    found = shown(
        "0s cry, 10s pick_up, 120s settled, 600s cry, 610s pick_up, 840s settled, 1200s cry, 1500s end"
    )

    # minutes 2, 4, and 5 without settling: S = 2/3 after 2 min, 1/3 after 4
    assert found["time_to_settle"].value == 4


def test_more_than_half_unsettled_is_no_median():
    found = shown("0s cry, 60s settled, 600s cry, 1200s cry, 1500s end")

    assert np.isnan(found["time_to_settle"].value)


def test_a_coded_cry_settles_at_its_own_end():
    found = shown("0-90s cry, 30s touch, 200-260s cry, 600s end", instrument=load("free_play"))

    assert found["comfort_completion"].value == 1 / 2
    assert found["settled_alone"].value == 1 / 2
    assert found["time_to_settle"].value == 60 / 60


def test_when_nobody_logged_an_end_nothing_is_known():
    found = shown(*["0s cry, 20s pick_up, 400s cry, 800s cry, 1200s cry, 1600s end"] * 3)

    assert np.isnan(found["comfort_completion"].value)
    assert (
        found["comfort_completion"].gate == "nobody logged when crying ended, so it is not known what settled"
    )


def test_nine_bouts_are_one_short():
    day = "0s cry, 20s pick_up, 60s settled, 300s cry, 330s pick_up, 400s settled, 700s cry, 900s end"

    found = shown(day, day, day)["comfort_completion"]

    assert found.gate == "needs 1 more bout of distress (9 of 10)"
    assert (found.value, np.isnan(found.shown.value)) == (6 / 9, True)


def test_no_crying_is_no_share():
    found = shown("0s smile, 2s talk, 600s end")

    assert all(np.isnan(one.value) and one.n == 0 and one.gate for one in found.values())


def test_limits_come_from_days_and_repeat():
    good, poor = (
        "0s cry, 20s pick_up, 60s settled, 400s cry, 430s talk, 520s settled, 900s end",
        "0s cry, 60s settled, 400s cry, 900s end",
    )
    days = [good, poor, good, good, poor, good, good, good]

    first, again = shown(*days), shown(*days)

    assert first["comfort_completion"].low < 12 / 16 < first["comfort_completion"].high
    assert "8 days" in first["time_to_settle"].method
    assert first["time_to_settle"].low <= first["time_to_settle"].value <= first["time_to_settle"].high
    assert first == again


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.integers(2, 30))
def test_slower_days_settle_slower_by_as_much(factor: int):
    times = {"cry": 0, "pick_up": 2, "settled": 5}
    plain = ", ".join(f"{t}s {code}" for code, t in times.items())
    slow = ", ".join(f"{t * factor}s {code}" for code, t in times.items())

    one, other = shown(f"{plain}, 9000s end"), shown(f"{slow}, 9000s end")

    assert other["time_to_settle"].value == pytest.approx(one["time_to_settle"].value * factor)
