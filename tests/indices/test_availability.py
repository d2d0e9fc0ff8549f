"""Engagement and repair, the child's answers, initiations and intrusions, and the ratings beside them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.indices import Estimate
from caregiving.indices._grid import dispersion
from caregiving.indices.availability import availability
from caregiving.instruments import Behaviour, Instrument, load
from tests.timelines import story

PLAY = load("free_play")


def state(who: str, code: str) -> Behaviour:
    return Behaviour.model_validate(
        {"code": code, "who": who, "kind": "state", "form": "state", "label": code}
    )


STATES = PLAY.model_copy(
    update={
        "behaviours": (
            *PLAY.behaviours,
            *(state("infant", f"infant_{word}") for word in ("positive", "neutral", "protest")),
            *(state("caregiver", f"caregiver_{word}") for word in ("positive", "neutral", "withdrawn")),
        )
    }
)


def shown(
    *stories: str, instrument: Instrument = PLAY, ratings: pd.DataFrame | None = None
) -> dict[str, Estimate]:
    """Return every estimate by measure (records by scale); each story is a day of its own."""
    told = [
        story(text, instrument, session=f"s{n}", day=f"2026-10-{n + 1:02}") for n, text in enumerate(stories)
    ]
    events, windows = (pd.concat(parts, ignore_index=True) for parts in zip(*told, strict=True))
    found = availability(events, windows, instrument, pd.DataFrame() if ratings is None else ratings)
    return {one.measure if one.measure != "record" else one.cue_class: one for one in found}


def test_t14_dispersion():
    assert round(dispersion([0.1, 0.4, 0.5, 0, 0, 0, 0, 0, 0]), 4) == 0.6525


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20))
def test_dispersion_is_0_in_one_cell_1_when_even_and_between_otherwise(duration_s: list[float]):
    n = len(duration_s)

    assert dispersion([5.0] + [0.0] * (n - 1)) == pytest.approx(0)
    assert dispersion([5.0] * n) == pytest.approx(1)
    spread = dispersion(duration_s)
    assert np.isnan(spread) if sum(duration_s) == 0 else 0 <= spread <= 1


def test_what_an_instrument_does_not_code_is_said():
    found = shown("0s cry, 600s end", instrument=load("home_moments"))

    for measure in ("matched", "repair_latency", "dispersion", "child_response"):
        assert np.isnan(found[measure].value)
        assert found[measure].n == 0
        assert "home_moments.v1" in str(found[measure].gate)


def test_matched_time_is_that_in_one_state_over_that_in_which_both_are_coded():
    found = shown(
        "0-200s infant_positive, 200-400s infant_protest, 0-100s caregiver_positive,"
        "100-300s caregiver_neutral, 600s end",
        instrument=STATES,
    )

    assert found["matched"].value == 100 / 300
    assert found["matched"].gate is None


def test_time_out_of_view_is_no_coded_time():
    found = shown(
        "0-400s infant_positive, 0-400s caregiver_positive, 100-300s out_of_view, 400s end", instrument=STATES
    )

    assert found["matched"].value == 1
    assert found["dispersion"].value == 0
    assert "3.333 min" in found["matched"].method


def test_dispersion_is_taken_over_the_whole_grid():
    found = shown(
        "0-100s infant_positive, 100-200s infant_neutral, 0-200s caregiver_positive, 200s end",
        instrument=STATES,
    )

    assert found["dispersion"].value == pytest.approx(1 - (9 * (0.5**2 + 0.5**2) - 1) / 8)


def test_a_new_state_ends_the_one_before():
    found = shown(
        "0s infant_positive, 60s infant_neutral, 0s caregiver_positive, 240s end", instrument=STATES
    )

    assert found["matched"].value == 60 / 240


def test_repair_latency_counts_a_mismatch_open_at_the_end_as_followed_until_then():
    found = shown(
        "0s infant_positive, 0s caregiver_positive, 10s infant_protest, 14s infant_positive,"
        "30s infant_neutral, 36s infant_positive, 50s infant_protest, 60s end",
        instrument=STATES,
    )

    # mismatches of 4 s, 6 s, and 10 s without repair: S = 2/3, 1/3
    assert (found["repair_latency"].value, found["repair_latency"].n) == (6, 3)
    assert found["repair_latency"].gate == "needs 7 more spells apart (3 of 10)"


def test_one_mismatch_in_two_kinds_of_state_is_one_mismatch():
    found = shown(
        "0s infant_positive, 0s caregiver_positive, 10s infant_protest, 14s infant_neutral,"
        "20s infant_positive, 300s end",
        instrument=STATES,
    )

    assert (found["repair_latency"].value, found["repair_latency"].n) == (20 - 10, 1)


def test_two_people_always_together_have_nothing_to_repair():
    found = shown("0s infant_positive, 0s caregiver_positive, 300s end", instrument=STATES)

    assert np.isnan(found["repair_latency"].value)
    assert found["repair_latency"].gate == "no mismatch of coded states was seen"


def test_a_bid_is_answered_by_a_social_or_request_cue_within_5_s():
    found = shown(
        "10s speech, 13s smile, 30s show, 36s reach, 60s speech, 65s vocalise, 598s speech, 600s end"
    )

    assert found["child_response"].value == 2 / 3  # the bid at 598 s was not watched for 5 s
    assert found["child_response"].n == 3


def test_touch_is_no_bid():
    assert shown("10s touch, 12s smile, 600s end")["child_response"].n == 0


def test_an_initiation_is_a_cue_without_a_bid_just_before_it():
    found = shown("10s speech, 13s smile, 100s smile, 200s reach, 300s cry, 1200s end")["child_initiations"]

    assert found.value == 2 / 2  # smile and reach, in twice ten minutes
    assert (found.low, found.high) == pytest.approx((0.2422 / 2, 7.2247 / 2), abs=1e-3)


def test_intrusions_come_inside_the_window_after_turning_away():
    found = shown(
        "10s turn_away, 12s speech, 13s show, 100s arch, 106s speech, 200s turn_away, 203s wait, 1200s end"
    )

    assert (found["intrusions"].value, found["intrusions"].n) == (2 / 2, 20)
    assert found["intrusions"].gate is None


def test_time_out_of_view_leaves_the_exposure():
    found = shown("10s smile, 600-1200s out_of_view, 1200s end")

    assert found["child_initiations"].value == 1 / (600 / 600)


def test_nine_minutes_are_one_too_few():
    assert (
        shown("10s smile, 540s end")["child_initiations"].gate == "needs 1 more minute of watching (9 of 10)"
    )


def test_nothing_watched_is_nothing_known():
    found = shown("0s start, 0s end")

    assert all(np.isnan(one.value) and one.n == 0 and one.gate for one in found.values())


def test_ratings_of_a_certified_coder_stand_beside():
    rows = pd.DataFrame(
        {"session": "v", "instrument": "emotional_availability.v1", "scale": ["sensitivity", "structuring"],
         "value": [5.5, 4.0], "rater": "Ada", "certified": [True, False], "minutes": 25.0, "kind": "observer"}
    )  # fmt: skip

    found = shown("0s smile, 600s end", ratings=rows)

    assert (found["sensitivity"].shown.value, found["sensitivity"].gate) == (5.5, None)
    assert np.isnan(found["structuring"].shown.value)


def test_days_that_differ_give_matched_time_an_interval():
    together = "0s infant_positive, 0s caregiver_positive, 300s end"
    half = "0s infant_positive, 0s caregiver_positive, 150s infant_protest, 300s end"

    found = shown(together, half, half, instrument=STATES)["matched"]

    assert found.value == pytest.approx((300 + 150 + 150) / 900)
    assert found.low < found.value < found.high
    assert found.n == 3


def test_an_instrument_whose_name_merely_contains_the_letters_is_another_one():
    rows = pd.DataFrame(
        {"session": "v", "instrument": "measures.v1", "scale": ["warmth"], "value": 5.5, "rater": "Ada",
         "certified": True, "minutes": 25.0, "kind": "observer"}
    )  # fmt: skip

    assert "warmth" not in shown("0s smile, 600s end", ratings=rows)
