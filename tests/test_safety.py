"""What is said when it is too much: rules that only ever add help, and words without figures."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving import safety
from caregiving.guidance import all_cards
from caregiving.instruments import load
from caregiving.report import analyse
from caregiving.sources import all_sources
from caregiving.trends.crying import cry_days
from tests.timelines import story

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    began_at: datetime | None
    minutes: float


def days(*minutes: float, until: datetime = NOW) -> list[Day]:
    """Return days on end, the last of which began a day before `until`."""
    return [Day(until - timedelta(days=len(minutes) - i), m) for i, m in enumerate(minutes)]


@pytest.mark.parametrize(
    ("minutes", "logged", "long", "opens"),
    [
        ((), 0, 0, False),
        ((180, 180), 2, 2, False),
        ((180, 180, 180), 3, 3, True),
        ((179.9, 180, 180), 3, 2, False),
        ((200, 20, 200, 30, 200, 10, 0), 7, 3, True),
        ((math.nan, 200, 200), 2, 2, False),
    ],
)
def test_three_days_of_three_hours_in_seven_open_the_card(minutes, logged, long, opens):
    rule = safety.crying_rule(days(*minutes), NOW)

    assert (rule.logged, rule.long, rule.opens) == (logged, long, opens)


def test_days_before_the_last_seven_and_days_without_a_date_do_not_count():
    old = days(200, 200, 200, until=NOW - timedelta(days=7))
    undated = [Day(None, 200.0)] * 3

    assert safety.crying_rule([*old, *undated], NOW) == safety.CryingRule(0, 0)


@given(st.lists(st.floats(0, 1440), max_size=7), st.floats(180, 1440))
def test_one_more_long_day_never_closes_the_card(minutes, more):
    before = safety.crying_rule(days(*minutes), NOW)
    after = safety.crying_rule([*days(*minutes), Day(NOW - timedelta(hours=1), more)], NOW)

    assert after.long == before.long + 1 and after.opens >= before.opens


def test_the_rule_reads_the_fully_logged_days_of_a_real_log():
    """Three days on end; on each of them three hours of crying, a minute less on the last."""
    day_s, cried_s = 86_400, (10_800, 10_800, 10_740)
    cries = ", ".join(f"{d * day_s}-{d * day_s + s}s cry" for d, s in enumerate(cried_s))
    events, windows = story(f"{cries}, {3 * day_s}s end")
    begun = datetime(2026, 3, 1, 6, tzinfo=UTC)
    report = analyse(
        events, windows.assign(started_at=begun.isoformat()), load("home_moments"), names=["cry_load"]
    )

    rule = safety.crying_rule(cry_days(report).days, begun + timedelta(days=3))
    assert (rule.logged, rule.long, rule.opens) == (3, 2, False)


def everything_said() -> list[str]:
    rules = (safety.CryingRule(7, 3), safety.CryingRule(7, 0))
    found = [safety.crying_words(rule, "Juno") for rule in rules]
    for opened in ((), ("phq2_2",), ("phq2_2", "phq2_3")):
        found += safety.mood_words(opened)
    return [*found, *safety.steps("Juno"), safety.never(), safety.emergency("Juno"), safety.no_all_clear()]


def test_no_sentence_holds_a_figure_or_a_name_for_a_condition():
    for sentence in everything_said():
        assert not re.search(r"[0-9]", sentence), sentence
        assert not re.search(r"depress|disorder|colic|diagnos|normal|symptom|score", sentence.lower()), (
            sentence
        )


def test_the_words_on_crying_help_with_and_without_the_rule():
    for rule in (safety.CryingRule(0, 0), safety.CryingRule(7, 5)):
        assert "Nobody has to reach any line before asking." in safety.crying_words(rule, "Juno")
    assert safety.crying_words(safety.CryingRule(7, 5), "Juno").startswith("Juno cried or fussed for hours")


def test_from_three_on_the_words_ask_to_contact_somebody_and_at_two_to_consider_it():
    three, two = safety.mood_words({"phq2_2", "phq2_3"}), safety.mood_words({"phq2_2"})

    assert any(line.startswith("Please contact") for line in three)
    assert any(line.startswith("Consider talking to someone") for line in two)
    assert not any("all is well" in line for line in safety.mood_words(()))


def test_the_steps_are_those_of_the_source_in_its_order():
    wanted = ("in the cot, on the back", "Leave the room", "Breathe", "Call", "Go back within a few minutes")

    assert len(safety.steps("Juno")) == len(wanted)
    for step, part in zip(safety.steps("Juno"), wanted, strict=True):
        assert part in step
    assert "Never shake" in safety.never()


def test_every_card_and_source_that_is_named_here_exists():
    cards = {card.id: card for card in all_cards()}
    named = (safety.OVERWHELMED, safety.CRYING, safety.UNSAFE, safety.HEALTH, safety.TALK, safety.REACH_OUT)

    assert all(cards[one].safety for one in named)
    assert set(safety.CRYING_SOURCES) | set(safety.MOOD_SOURCES) <= set(all_sources())
    assert safety.CRYING_WORRY in cards[safety.CRYING].opens
