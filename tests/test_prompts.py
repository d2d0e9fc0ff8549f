"""Prompts come by chance, a few a day, never close together, and the same ones on every device."""

from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from caregiving.prompts import Plan, answered, due, instants, prompts_of, sent

JUNO, KIT = UUID(int=7), UUID(int=8)
BERLIN = "Europe/Berlin"
MINUTE = 60_000
plans = st.builds(
    lambda n, first, more: Plan(n, first, first + (n - 1) * 45 + 1 + more),
    st.sampled_from([3, 4, 5, 6]),
    st.integers(0, 24 * 60),
    st.integers(0, 12 * 60),
)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31)).map(lambda d: d.isoformat())


def clock(day: str, hour: int, minute: int = 0, zone: str = BERLIN) -> int:
    wall = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=ZoneInfo(zone))
    return round(wall.timestamp() * 1000)


@given(st.uuids(), days, plans)
def test_prompts_stand_between_the_chosen_hours_and_never_closer_than_45_minutes(child, day, plan):
    minutes = prompts_of(child, day, plan)

    assert len(minutes) == plan.per_day
    assert all(plan.from_min <= minute < plan.until_min for minute in minutes)
    assert all(later - earlier >= 45 for earlier, later in pairwise(minutes))


@given(st.uuids(), days, plans)
def test_the_same_child_day_and_plan_give_the_same_prompts(child, day, plan):
    assert prompts_of(child, day, plan) == prompts_of(UUID(str(child)), day, plan)


def test_a_day_and_a_child_have_prompts_of_their_own():
    plan = Plan(4)
    ours = {tuple(prompts_of(JUNO, f"2026-10-{day:02}", plan)) for day in range(1, 31)}

    assert len(ours) == 30
    assert prompts_of(JUNO, "2026-10-01", plan) != prompts_of(KIT, "2026-10-01", plan)


def test_a_tablet_that_computes_them_again_must_find_these():
    assert prompts_of(JUNO, "2026-10-01", Plan(3)) == [506, 557, 894]
    assert prompts_of(JUNO, "2026-10-01", Plan(6, 7 * 60, 20 * 60)) == [441, 490, 537, 602, 821, 905]


def test_every_minute_of_the_day_has_its_chance():
    # without the 45 minutes that keep them apart, the draws are uniform over what remains
    plan = Plan(3, 8 * 60, 21 * 60)
    remaining = 13 * 60 - 2 * 45
    drawn = [
        (minute - 480 - 45 * place + 0.5) / remaining
        for n in range(600)
        for place, minute in enumerate(prompts_of(UUID(int=n), "2026-10-01", plan))
    ]

    assert kstest(drawn, "uniform").pvalue > 0.01
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.03)


def test_a_family_that_did_not_ask_is_never_prompted():
    assert prompts_of(JUNO, "2026-10-01", Plan()) == []
    assert sent(JUNO, Plan(0), BERLIN, 0, clock("2026-10-01", 9)) == []
    assert due(JUNO, Plan(0), BERLIN, clock("2026-10-01", 9)) is None


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ({"per_day": 7}, "7 prompts a day; choose 0 for none, or 3 to 6"),
        ({"per_day": -1}, "choose 0 for none"),
        (
            {"per_day": 4, "from_min": 480, "until_min": 600},
            "too few for 4 prompts; choose 136 minutes or more",
        ),
        ({"per_day": 3, "from_min": 480, "until_min": 400}, "too few for 3 prompts"),
        ({"per_day": 3, "from_min": 0, "until_min": 24 * 60}, "longer than a day"),
        ({"per_day": 3, "from_min": -5, "until_min": 600}, "longer than a day"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_in_a_sentence(plan, sentence):
    with pytest.raises(ValueError, match=sentence):
        Plan(**plan)


def test_a_day_of_prompts_is_sent_at_its_local_times():
    day = "2026-10-01"
    found = sent(JUNO, Plan(3), BERLIN, clock(day, 0), clock("2026-10-02", 0))

    assert found == [
        clock(day, 506 // 60, 506 % 60),
        clock(day, 557 // 60, 557 % 60),
        clock(day, 894 // 60, 894 % 60),
    ]


def test_only_prompts_since_the_family_asked_are_sent():
    day = "2026-10-01"  # prompts at 08:26, 09:17 and 14:54

    assert len(sent(JUNO, Plan(3), BERLIN, clock(day, 9), clock(day, 23))) == 2
    assert sent(JUNO, Plan(3), BERLIN, clock(day, 8, 26), clock(day, 9, 17)) == [clock(day, 8, 26)]


def test_an_evening_that_ends_after_midnight_belongs_to_the_day_before():
    plan = Plan(3, 22 * 60, 26 * 60)
    night = sent(JUNO, plan, BERLIN, clock("2026-10-01", 12), clock("2026-10-02", 12))

    assert len(night) == 3
    assert night == instants(JUNO, "2026-10-01", plan, BERLIN)


@given(st.sampled_from(["2026-03-29", "2026-10-25"]), st.uuids())
def test_a_night_on_which_the_clocks_change_keeps_the_number_and_the_order(day, child):
    plan = Plan(6, 0, 10 * 60)
    found = sent(child, plan, BERLIN, clock(day, 0), clock(day, 23))

    assert found == sorted(found)
    assert len(found) == 6


@given(plans, st.uuids())
def test_sent_in_two_parts_is_sent_in_one(plan, child):
    first, middle, last = (clock("2026-10-01", 0) + hours * 60 * MINUTE for hours in (0, 31, 77))
    whole = sent(child, plan, BERLIN, first, last)

    assert sent(child, plan, BERLIN, first, middle) + sent(child, plan, BERLIN, middle, last) == whole


def test_a_window_that_begins_within_15_minutes_answers_the_prompt():
    prompts = [0, 60 * MINUTE, 120 * MINUTE, 180 * MINUTE]
    starts = [15 * MINUTE, 60 * MINUTE, 135 * MINUTE - 1]  # too late, at once, just in time, none

    assert answered(prompts, starts) == [False, True, True, False]


def test_a_window_before_the_first_prompt_answers_nothing_and_two_windows_answer_once():
    assert answered([60 * MINUTE], [59 * MINUTE]) == [False]
    assert answered([60 * MINUTE], [61 * MINUTE, 62 * MINUTE]) == [True]
    assert answered([], [61 * MINUTE]) == []


def test_a_prompt_waits_for_15_minutes_unless_it_was_answered():
    at = clock("2026-10-01", 8, 26)
    plan = Plan(3)

    assert due(JUNO, plan, BERLIN, at - 1) is None
    assert due(JUNO, plan, BERLIN, at) == at
    assert due(JUNO, plan, BERLIN, at + 15 * MINUTE - 1) == at
    assert due(JUNO, plan, BERLIN, at + 15 * MINUTE) is None
    assert due(JUNO, plan, BERLIN, at + 5 * MINUTE, [at + 4 * MINUTE]) is None
    assert due(JUNO, plan, BERLIN, at + 5 * MINUTE, [at - 4 * MINUTE]) == at


def test_prompts_follow_the_family_when_it_travels():
    there = instants(JUNO, "2026-10-01", Plan(3), "Asia/Kathmandu")

    assert [datetime.fromtimestamp(at / 1000, UTC).strftime("%H:%M") for at in there] == [
        "02:41",
        "03:32",
        "09:09",
    ]
