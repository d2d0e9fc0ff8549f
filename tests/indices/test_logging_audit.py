"""Checks of the log itself: selective logging, rounding, first days, and what unlogged cues could change."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.episodes import pair
from caregiving.indices import Estimate
from caregiving.indices._selective import (
    badge,
    banner,
    compliance_by_hour,
    observed_share,
    reactive_days,
    tipping_points,
)
from caregiving.indices.logging_audit import logging_audit
from caregiving.instruments import load
from tests.timelines import at, story

HOME = load("home_moments")
share = st.floats(0.01, 0.99)


def shown(*stories: tuple[str, str], started_at: str | None = None) -> dict[str, Estimate]:
    """Return every estimate by measure, from (mode, story); each story is a day of its own."""
    told = [
        (mode, *story(text, HOME, f"s{n}", f"2026-10-{n + 1:02}")) for n, (mode, text) in enumerate(stories)
    ]
    events = pd.concat([log for _, log, _ in told], ignore_index=True)
    windows = pd.concat([watched.assign(mode=mode) for mode, _, watched in told], ignore_index=True)
    windows["started_at"] = started_at
    return {one.measure: one for one in logging_audit(pair(events, windows, HOME), events, windows)}


def reaches(answered: int, missed: int, said: int = 0) -> str:
    """Return a story of reaching every minute: answered after 2 s, or missed, some of these with a tap."""
    taps = [f"{60 * i}s reach, {60 * i + 2}s play" for i in range(answered)]
    taps += [f"{60 * (answered + i)}s reach" for i in range(missed)]
    taps += [f"{60 * (answered + i) + 10}s none" for i in range(said)]
    return ", ".join([*taps, f"{60 * (answered + missed) + 60}s end"])


def test_t26_selective_logging_identity():
    assert round(observed_share(0.55, 0.90, 0.35), 4) == 0.7586
    assert round(observed_share(0.55, 0.60, 0.90), 3) == 0.449


@given(share, share)
def test_logging_that_does_not_depend_on_the_answer_does_no_harm(p: float, k: float):
    assert observed_share(p, k, k) == pytest.approx(p)


@given(share, share, share)
def test_logging_answered_cues_more_often_makes_a_share_look_better(p: float, one: float, other: float):
    k1, k0 = max(one, other), min(one, other)

    assert observed_share(p, k1, k0) >= p - 1e-12


def test_nothing_logged_is_no_share():
    assert np.isnan(observed_share(0.5, 0, 0))


def test_tipping_points_keep_answered_cues_and_add_unanswered_ones():
    # 8 of 10 answered; with half of all cues unlogged there were 20
    assert tipping_points(8 / 10, [0.5])[0] == 8 / 20


def test_the_banner_comes_beyond_15_points():
    assert banner(0.75, 0.60) is None
    assert banner(0.60, 0.7501) is not None


def test_opportunistic_taps_that_look_better_than_live_windows_raise_the_banner():
    found = shown(("live", reaches(12, 12)), ("opportunistic", reaches(20, 4)), ("live", reaches(12, 12)))

    difference = found["opportunistic_minus_live"]
    assert difference.value == pytest.approx(100 * (20 / 24 - 24 / 48))
    assert difference.gate is None
    assert "warning: 33.3 points apart" in difference.method
    assert found["tipping_50"].n == 48  # what nobody declared feeds no share


def test_the_limits_of_a_difference_take_in_those_of_both():
    found = shown(
        *[("live", reaches(9 + n, 15 - n)) for n in range(3)],
        *[("opportunistic", reaches(15 + n, 9 - n)) for n in range(3)],
    )

    difference = found["opportunistic_minus_live"]
    assert difference.low < difference.value < difference.high


def test_without_opportunistic_taps_there_is_nothing_to_compare():
    found = shown(("live", reaches(12, 12)))["opportunistic_minus_live"]

    assert (found.n, found.gate) == (0, "there are no opportunistic taps to compare with")


def test_coded_sessions_and_prompts_are_compared_with_live_windows():
    found = shown(("live", reaches(12, 12)), ("session", reaches(18, 6)), ("prompt", reaches(9, 15)))

    assert found["session_minus_live"].value == pytest.approx(100 * (18 / 24 - 12 / 24))
    assert found["prompt_minus_live"].value == pytest.approx(100 * (9 / 24 - 12 / 24))


def test_the_table_of_tipping_points():
    found = shown(*[("live", reaches(6, 2))] * 3)

    assert [found[f"tipping_{u}"].value for u in (10, 20, 30, 40, 50)] == pytest.approx(
        [18 / 24 * (1 - u / 100) for u in (10, 20, 30, 40, 50)]
    )
    assert found["tipping_10"].gate is None
    assert shown(*[("live", reaches(9, 3))] * 2)["tipping_10"].gate == "needs 1 more day (2 of 3)"


def test_silence_is_told_from_a_tap_that_says_no_answer():
    found = shown(("live", reaches(2, 4, said=1)))["unconfirmed"]

    assert (found.value, found.n) == (3 / 4, 4)


def test_the_cues_of_the_first_two_days_are_flagged():
    found = shown(*[("live", reaches(1, 1))] * 4)["first_days"]

    assert found.value == 2 / 4


def test_days_come_in_order_whatever_the_order_of_rows():
    assert reactive_days(pd.Series(["c", "a", "b", "a"])) == ["a", "b"]


def test_moments_on_whole_minutes_are_counted_by_the_clock_and_not_by_the_session():
    found = shown(("live", f"{at('reach', 30, 90, 100)}, 300s end"), started_at="2026-10-01T10:00:30+02:00")

    assert found["whole_minutes"].value == 2 / 3  # 10:01:00, 10:02:00, 10:02:10


def test_without_a_clock_rounding_is_not_known():
    found = shown(("live", reaches(1, 1)))["whole_minutes"]

    assert (found.n, found.gate) == (0, "the time of day of these moments is not known")


def test_prompts_that_were_sent_are_not_in_the_material():
    found = shown(("live", reaches(1, 1)))["prompt_compliance"]

    assert np.isnan(found.value) and "prompts" in str(found.gate)


def test_compliance_is_not_known_for_hours_without_a_prompt():
    table = compliance_by_hour([8, 8, 20], [True, False, True])

    assert table.loc[8].tolist() == [2, 1, 1 / 2]
    assert np.isnan(table.loc[9, "share"])
    assert len(table) == 24


def test_the_badge_says_what_is_not_met():
    few, enough = (
        shown(("live", reaches(2, 2)))["data_quality"],
        shown(*[("live", reaches(6, 2))] * 3)["data_quality"],
    )

    assert few.method.startswith("with care: not met: 20 cues, 3 days")
    assert enough.method.startswith("sound as far as known")
    assert enough.value == 1
    assert badge({"20 cues": True}) == "sound"


def test_nothing_logged_is_nothing_known():
    found = shown(("live", "0s start, 0s end"))

    assert all(np.isnan(one.value) and one.n == 0 and one.gate for one in found.values())


def test_an_unanswered_cue_cut_off_by_the_end_of_watching_is_left_out():
    found = shown(("live", "0s reach, 2s play, 60s reach, 63s end"))

    assert found["tipping_10"].n == 1
