"""What a text may be, and what is counted in texts."""

from datetime import date
from itertools import product
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import wilcoxon

from caregiving.reflections import CONTENTS, Reflection
from caregiving.reflections.contents import Card, Contact, Goal, Journal, Stress
from caregiving.reflections.figures import (
    Steps,
    StressChange,
    counts,
    due,
    revisit_on,
    signed_rank_p,
    steps_done,
    stress_change,
)

TODAY = date(2026, 3, 15)
SMALLEST: dict[str, dict[str, Any]] = {
    "journal": {"text": "She laughed."},
    "trigger": {"situation": "the third waking"},
    "coping_plan": {"when": "she cries and I am angry", "then": "I put her down and breathe"},
    "stress": {"before": 8},
    "gratitude": {"text": "the smell of her head"},
    "small_win": {"text": "I ate a warm lunch"},
    "affirmation": {"text": "It is all right to be slow"},
    "goal": {"title": "More rest", "steps": [{"text": "ask Noor"}]},
    "contact": {"who": "Gran"},
    "boundary": {"i_need": "an hour alone"},
    "ritual": {"what": "Tea after bedtime", "how_often": "weekly"},
    "card": {"card": "repair", "mark": "tried"},
}


def an_id(name: str) -> UUID:
    return uuid5(NAMESPACE_DNS, name)


def text(kind: str = "journal", name: str = "text", **changes: Any) -> Reflection:
    usual = {
        "id": an_id(name),
        "family": an_id("family"),
        "author": an_id("Ada"),
        "kind": kind,
        "content": SMALLEST.get(kind),
        "at_ms": 1_772_355_600_000,
        "written_ms": 1_772_355_600_000,
    }
    return Reflection.model_validate(usual | changes)


def goal(name: str, *done: str | None, revisit: str | None = None) -> Reflection:
    """Return a goal with a step for each of these days; None is a step that is not done."""
    steps = [{"text": f"step {n}", "done_on": day} for n, day in enumerate(done)]
    return text("goal", name, content={"title": name, "steps": steps, "revisit_on": revisit})


# --- the record ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_can_be_written_with_the_least_there_is_to_say(kind):
    assert type(text(kind).content) is CONTENTS[kind]


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_survives_being_kept_as_json(kind):
    one = text(kind)

    assert Reflection.model_validate_json(one.model_dump_json()) == one


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_refuses_a_field_that_nobody_knows(kind):
    with pytest.raises(ValidationError, match="extra_forbidden"):
        text(kind, content=SMALLEST[kind] | {"mood": "fine"})


@pytest.mark.parametrize("kind", [kind for kind, least in SMALLEST.items() if kind != "stress"])
def test_every_kind_refuses_to_say_nothing(kind):
    blank = {name: "   " if isinstance(said, str) else said for name, said in SMALLEST[kind].items()}

    with pytest.raises(ValidationError):
        text(kind, content=blank)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValidationError, match="kind"):
        text("diary", content={"text": "x"})


def test_content_of_another_kind_is_refused_also_when_it_was_read_before():
    with pytest.raises(ValidationError, match="a Contact is no content of this kind; give a Journal"):
        text("journal", content=Contact(who="Gran"))
    assert text("journal", content=Journal(text="She laughed.")) == text("journal")


def test_a_text_keeps_its_lines_and_loses_the_blanks_around_it():
    assert text(content={"text": "  one\n\n  two\n "}).content == Journal(text="one\n\n  two")


def test_broken_characters_are_refused_before_anything_is_kept():
    with pytest.raises(ValidationError, match="string_unicode"):
        text(content={"text": "half a sign: \ud83d"})


@pytest.mark.parametrize("level", [-1, 11, 5.5, "much"])
def test_tension_is_a_whole_number_from_0_to_10(level):
    with pytest.raises(ValidationError):
        Stress(before=level)


@pytest.mark.parametrize("n_steps", [0, 4])
def test_a_goal_has_one_to_three_steps(n_steps):
    with pytest.raises(ValidationError):
        Goal(title="More rest", steps=({"text": "nap"},) * n_steps)


def test_a_boundary_names_a_need_or_a_boundary():
    with pytest.raises(ValidationError, match="neither a need nor a boundary is named"):
        text("boundary", content={"when": "you come home late", "i_feel": "alone"})
    assert text("boundary", content={"text": "No visits before ten."})


def test_a_card_knows_two_marks():
    with pytest.raises(ValidationError):
        Card(card="repair", mark="great")


def test_a_void_needs_a_text_to_take_away_and_nothing_supersedes_itself():
    with pytest.raises(ValidationError, match="names no text to take away"):
        text(void=True)
    with pytest.raises(ValidationError, match="cannot supersede itself"):
        text(supersedes=an_id("text"))


# --- counting -----------------------------------------------------------------------------------------


def test_texts_are_counted_by_kind():
    assert counts([text(), text("goal"), text()]) == {"journal": 1 + 1, "goal": 1}


def test_steps_done_on_any_day_count_alike():
    goals = [goal("rest", "2026-03-01", None), goal("walk", "2025-12-24", "2026-03-02", None)]

    assert steps_done([one.content for one in goals]) == Steps(done=1 + 2, n=2 + 3)
    assert steps_done([]) == Steps(done=0, n=0)


def pairs(*changes: int) -> list[Stress]:
    return [
        Stress(before=9 if change < 0 else 0, after=(9 if change < 0 else 0) + change) for change in changes
    ]


def test_the_median_is_told_from_the_first_pair_and_the_test_from_the_tenth():
    nine, ten = stress_change(pairs(*[-3] * 9)), stress_change(pairs(*[-3] * 10))

    assert (nine.median, nine.n, nine.p != nine.p) == (-3.0, 9, True)
    assert nine.needs == "1 more moment with both numbers, and a change can be told from chance."
    assert ten == StressChange(median=-3.0, n=10, p=2 / 2**10, needs=None)


def test_without_a_pair_the_median_is_not_zero_but_unknown():
    none = stress_change([Stress(before=7)])

    assert none.median != none.median and none.n == 0
    assert none.needs is not None and none.needs.startswith("10 more moments")


def test_a_moment_without_its_second_number_is_left_out():
    assert stress_change([*pairs(-2, -4), Stress(before=10)]).median == (-2 + -4) / 2


def test_when_nothing_differs_chance_explains_it_all():
    assert stress_change(pairs(*[0] * 10)) == StressChange(median=0.0, n=10, p=1.0, needs=None)


def test_by_hand_three_pairs_of_which_the_smallest_rises():
    """Ranks 1, 2, 3; the rises sum to 1. Of the 8 ways of signs, {} and {1} are as small or smaller."""
    assert signed_rank_p([1, -2, -3]) == 2 * 2 / 2**3


def test_by_hand_tied_pairs_share_their_ranks():
    """Ranks 1.5, 1.5, 3; the rises sum to 1.5. {}, {first}, {second} are as small or smaller."""
    assert signed_rank_p([1, -1, -2]) == 2 * 3 / 2**3


@given(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=8))
def test_the_test_agrees_with_scipy_where_scipy_counts_out_ties(differences):
    assert signed_rank_p(differences) == pytest.approx(wilcoxon([float(d) for d in differences]).pvalue)


@given(st.permutations(list(range(1, 31))), st.lists(st.booleans(), min_size=30, max_size=30))
def test_the_test_agrees_with_scipy_on_thirty_untied_pairs(sizes, rises):
    differences = [size if rise else -size for size, rise in zip(sizes, rises, strict=True)]

    assert signed_rank_p(differences) == pytest.approx(wilcoxon([float(d) for d in differences]).pvalue)


def test_with_sixteen_tied_pairs_it_still_counts_every_way_out():
    differences = [-1] * 10 + [-2, -2, 1, 1, 1, 2]
    one, two = (1 + 13) / 2, (14 + 16) / 2  # the ranks that thirteen ones and three twos share
    ranks = [one] * 10 + [two, two, one, one, one, two]
    rises = 3 * one + two
    sums = [sum(r for r, up in zip(ranks, signs, strict=True) if up) for signs in product([0, 1], repeat=16)]

    assert signed_rank_p(differences) == 2 * sum(ways <= rises for ways in sums) / 2**16


@given(st.lists(st.integers(-9, 9), max_size=40))
def test_turning_before_and_after_round_changes_no_chance(differences):
    p = signed_rank_p(differences)

    assert 0 < p <= 1
    assert signed_rank_p([-one for one in differences]) == p
    assert signed_rank_p([*differences, 0, 0]) == p


# --- another look -------------------------------------------------------------------------------------


def boundary(name: str, day: str | None) -> Reflection:
    return text("boundary", name, content={"text": name, "revisit_on": day})


def test_what_is_due_today_or_was_due_earlier_comes_with_the_longest_waiting_first():
    week_ago, today, tomorrow = (
        boundary(n, f"2026-03-{day:02d}") for n, day in [("a", 8), ("b", 15), ("c", 16)]
    )

    assert due([tomorrow, today, boundary("never", None), week_ago, text()], TODAY) == [week_ago, today]


def test_a_goal_that_is_reached_waits_for_nobody():
    open_one = goal("rest", "2026-03-01", None, revisit="2026-03-10")
    reached = goal("walk", "2026-03-01", revisit="2026-03-10")

    assert due([open_one, reached], TODAY) == [open_one]


def test_a_kind_without_a_day_for_another_look_is_never_due():
    assert revisit_on(text()) is None
    assert revisit_on(boundary("a", "2026-03-08")) == date(2026, 3, 8)
