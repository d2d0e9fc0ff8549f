"""Which one card is suggested: safety first, then what is open, then by turns; put aside is put aside."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.guidance import PATTERNS, _choice, all_cards, card, choose, opened_by
from caregiving.guidance._patterns import HANDED_IN, Safety
from tests.guidance.diary import diary

TODAY = "2026-03-02"
NAMES = [one.id for one in all_cards()]
NIGHTLESS = diary(*["0s start, 700s end"] * 3, begins="10:00")
marks = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["tried", "not_for_us"]))
handed = st.frozensets(st.sampled_from(HANDED_IN))
days = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)


def following(number: int) -> list[str]:
    return [(date.fromisoformat(TODAY) + timedelta(days=n)).isoformat() for n in range(number)]


def test_with_nothing_open_the_cards_that_need_no_pattern_take_turns_by_the_day():
    everyday = [one.id for one in all_cards() if not one.opens]
    shown = [choose(None, {}, day=day).id for day in following(len(everyday))]

    assert sorted(shown) == sorted(everyday)


def test_an_open_pattern_of_the_log_brings_its_card_before_the_turns():
    one = choose(NIGHTLESS, {}, day=TODAY)

    assert one == card("nights")
    assert opened_by(one, NIGHTLESS) == "night_not_watched"


def test_a_card_that_came_by_turns_has_no_pattern():
    assert opened_by(choose(None, {}, day=TODAY), None) is None


def test_what_was_said_comes_before_the_week_and_the_week_before_the_log():
    assert choose(NIGHTLESS, {}, {"waits_grew", "low_support"}, day=TODAY).id == "support-network"
    assert choose(NIGHTLESS, {}, {"waits_grew"}, day=TODAY).id == "when-waits-grow"


def test_a_card_that_was_tried_makes_room_for_the_next_and_comes_back_last():
    tried = {"nights": "tried"}
    everything = {one.id: "tried" for one in all_cards()}

    assert choose(NIGHTLESS, tried, day=TODAY).opens == ()
    assert choose(NIGHTLESS, everything, day=TODAY).id == "nights"


def test_when_everything_is_put_aside_nothing_is_suggested():
    assert choose(NIGHTLESS, {one.id: "not_for_us" for one in all_cards()}, day=TODAY) is None


def test_of_several_cards_of_one_pattern_each_has_its_day():
    shown = {choose(None, {}, {"high_stress"}, day=day).id for day in following(3)}

    assert shown == {"noticing-triggers", "coping-plan", "slow-breath"}


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("lost_control", "overwhelmed"),
        ("unsafe_home", "not-safe-at-home"),
        ("health_worry", "worried-about-health"),
        ("phq2_3", "reach-out-soon"),
        ("phq2_2", "talking-to-someone"),
        ("crying_worry", "crying-a-lot"),
    ],
)
def test_a_safety_card_comes_first_whatever_was_said_of_it_before(pattern, name):
    put_aside = {one.id: "not_for_us" for one in all_cards()}

    assert choose(NIGHTLESS, put_aside, {pattern, "high_stress", "waits_grew"}, day=TODAY).id == name


def test_losing_control_comes_before_every_other_safety_card():
    assert choose(None, {}, set(Safety), day=TODAY).id == "overwhelmed"


def aged(**limits: float):
    """All cards put aside but one of the turns, which is given limits of age."""
    return card("warmth").model_copy(update=limits)


@pytest.mark.parametrize(
    ("age_weeks", "fits"), [(None, False), (7.9, False), (8.0, True), (20.0, True), (20.1, False)]
)
def test_a_card_with_limits_of_age_is_suggested_inside_them_only(monkeypatch, age_weeks, fits):
    one = aged(age_weeks_from=8.0, age_weeks_to=20.0)
    monkeypatch.setattr(_choice, "all_cards", lambda: (one,))

    assert choose(None, {}, age_weeks=age_weeks, day=TODAY) == (one if fits else None)


@given(marks, handed, days)
def test_what_is_not_for_us_never_comes_unless_it_is_about_safety(said, opened, day):
    one = choose(None, said, opened, day=day)

    assert one is None or one.safety or said.get(one.id) != "not_for_us"


@given(marks, handed, days)
def test_a_safety_card_comes_exactly_when_something_about_safety_was_said(said, opened, day):
    one = choose(None, said, opened, day=day)

    assert (one is not None and one.safety) == bool(opened & {*Safety})


@given(marks, handed, days)
def test_the_same_day_gives_the_same_card(said, opened, day):
    assert choose(None, said, opened, day=day) == choose(None, dict(reversed(said.items())), opened, day=day)


@given(marks, handed, days)
def test_nothing_tried_comes_while_something_untried_is_open(said, opened, day):
    one = choose(None, said, opened, day=day)
    open_and_new = [
        other
        for other in all_cards()
        if not other.safety and other.id not in said and ({*other.opens} & opened or not other.opens)
    ]

    if one is not None and not one.safety and said.get(one.id) == "tried":
        assert not open_and_new


def test_every_card_can_be_reached():
    """By a pattern that opens it, or by its turn."""
    by_turn = {choose(None, {}, day=day).id for day in following(60)}

    assert {one.id for one in all_cards()} == by_turn | {
        one.id for one in all_cards() if {*one.opens} & {*PATTERNS}
    }
