"""The page of guidance: one idea and why, safety always one tap away, and what was said of a card is kept."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving.guidance import all_cards, card
from caregiving.instruments import load_rating
from caregiving.people import NotAllowed, Role
from caregiving.ratings import Rating, counted
from caregiving.reflections import Reflection
from caregiving.screens import guidance
from caregiving.store import ratings, reflections
from caregiving.store.engine import Store
from caregiving.store.people import members, viewer_of

SAFE = [one for one in all_cards() if one.safety]


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    from caregiving.screens import guidance
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    guidance.show(shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC))))


def person(store: Store, role: Role = Role.PARENT) -> UUID:
    return next(m.id for m in members(store) if m.role is role)


def page(member: UUID, **address: str) -> AppTest:
    at = AppTest.from_function(alone, kwargs={"member": str(member)}, default_timeout=30)
    for name, value in address.items():
        at.query_params[name] = value
    return ran(at.run())


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def press(at: AppTest, key: str) -> AppTest:
    return ran(at.button(key=key).click().run())


def told(at: AppTest) -> str:
    return " ".join(one.proto.body for one in at.get("html"))


def suggested(at: AppTest) -> str:
    """Return the id of the card that is suggested at the top."""
    return next(one.id for one in all_cards() if one.title == at.header[0].value)


def kept(store: Store) -> list[tuple[str, str]]:
    viewer = viewer_of(store, person(store), datetime.now(UTC))
    assert viewer.own_family is not None
    found = reflections.read(store, viewer, viewer.own_family, "card")
    return [(one.content.card, one.content.mark) for one in found]


def answer(store: Store, instrument: str, **answers: str | int) -> None:
    """Let the parent fill in a check-in now."""
    viewer = viewer_of(store, person(store), datetime.now(UTC))
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    form = load_rating(instrument)
    rating = Rating(
        id=uuid4(), family=viewer.own_family, author=viewer.member, rater=viewer.alias, kind="self",
        instrument=form.name, answers=answers, scores=counted(form.score(answers)), at_ms=now_ms,
        utc_offset_min=0, written_ms=now_ms,
    )  # fmt: skip
    ratings.rate(store, viewer, rating)


# --- one idea ----------------------------------------------------------------------------------------


def test_a_new_household_has_an_idea_for_today_and_no_pattern_opened_it(new_household):
    at = page(person(new_household))

    assert at.title[0].value == "A small thing to try"
    assert card(suggested(at)).opens == ()
    assert "An idea for today. Nothing in the log asked for it." in told(at)


def test_a_log_without_nights_suggests_the_card_on_nights_and_says_why(household):
    at = page(person(household))

    assert suggested(at) == "nights"
    assert "Because the nights are not in the log" in told(at)
    assert "Higley and Dozier (2009)" in told(at)  # the source, folded away


def test_a_card_that_was_tried_makes_room_for_the_next(household):
    at = press(page(person(household)), "tried_nights")

    assert kept(household) == [("nights", "tried")]
    assert suggested(at) != "nights"
    assert "Noted. It comes back when the others have had their turn." in told(at)


def test_a_card_that_is_not_for_us_is_not_suggested_and_can_be_taken_back(new_household):
    at = page(person(new_household))
    first = suggested(at)
    at = press(at, f"not_{first}")

    assert kept(new_household) == [(first, "not_for_us")]
    assert suggested(at) != first

    again = page(person(new_household), card=first)
    assert "You said that this is not for you." in told(again)
    press(again, f"again_top_{first}")
    assert kept(new_household) == []
    assert suggested(page(person(new_household))) == first


def test_what_was_said_twice_of_a_card_is_one_text_in_its_newest_version(new_household):
    one, other = page(person(new_household), card="warmth"), page(person(new_household), card="warmth")
    press(one, "tried_warmth")
    press(other, "not_warmth")  # a second tab that did not know of the first

    assert kept(new_household) == [("warmth", "not_for_us")]


def test_taking_back_twice_does_nothing_the_second_time(new_household):
    press(page(person(new_household), card="warmth"), "tried_warmth")
    one, other = page(person(new_household), card="warmth"), page(person(new_household), card="warmth")
    press(one, "again_top_warmth")
    press(other, "again_top_warmth")

    assert kept(new_household) == []


def test_when_every_card_is_put_aside_the_page_says_that_they_stay(new_household):
    viewer = viewer_of(new_household, person(new_household), datetime.now(UTC))
    for one in all_cards():
        content = {"card": one.id, "mark": "not_for_us"}
        text = {"id": uuid4(), "family": viewer.own_family, "author": viewer.member, "kind": "card"}
        text |= {"content": content, "at_ms": 1, "written_ms": 1}
        reflections.write(new_household, viewer, Reflection.model_validate(text))
    at = page(viewer.member)

    assert at.title[0].value == "All ideas have had their turn"
    assert len(at.expander) > 0


def test_what_one_parent_put_aside_is_still_suggested_to_the_other(household):
    ada, ravi = (m.id for m in members(household) if m.role is Role.PARENT)
    press(page(ada), "not_nights")

    assert suggested(page(ada)) != "nights"
    assert suggested(page(ravi)) == "nights"


# --- what was said, and safety -----------------------------------------------------------------------


def test_every_safety_card_is_one_tap_away_whatever_the_log_holds(new_household):
    links = told(page(person(new_household)))

    assert len(SAFE) == 6
    assert all(f"?card={one.id}" in links for one in SAFE)


@pytest.mark.parametrize("one", SAFE, ids=lambda one: one.id)
def test_a_safety_card_opens_at_the_top_with_whom_to_call_and_cannot_be_put_aside(new_household, one):
    at = page(person(new_household), card=one.id)

    assert at.title[0].value == one.title
    assert at.markdown[0].value == one.body
    assert "Add somebody you could call" in told(at)
    assert [b.key for b in at.button] == []


def test_two_heavy_answers_bring_the_card_on_talking_before_everything_else(household):
    answer(household, "phq2", interest="several_days", mood="several_days")
    at = page(person(household))

    assert at.title[0].value == card("talking-to-someone").title
    assert "Because of what you said about your mood in the last check-in." in told(at)


def test_what_one_parent_answered_opens_nothing_for_anybody_else(household):
    answer(household, "phq2", interest="nearly_every_day", mood="nearly_every_day")
    ada, ravi = (m.id for m in members(household) if m.role is Role.PARENT)

    assert page(ada).title[0].value == card("reach-out-soon").title
    for other in (ravi, person(household, Role.HOME_VISITOR)):
        assert page(other).title[0].value == "A small thing to try"


def test_a_week_with_little_support_suggests_a_card_on_support(household):
    answer(household, "weekly_check_in", support="little")

    assert suggested(page(person(household))) == "support-network"


# --- looking through ---------------------------------------------------------------------------------


def test_a_card_named_in_the_address_opens_and_the_way_back_is_there(household):
    at = page(person(household), card="gratitude", row="steadiness")

    assert at.title[0].value == card("gratitude").title
    assert '<a href="/guidance?row=steadiness" target="_self">To the idea of today</a>' in told(at)


def test_an_address_of_a_card_that_is_not_there_shows_the_idea_of_today(household):
    assert suggested(page(person(household), card="nowhere")) == "nights"


def test_a_row_named_in_the_address_shows_its_cards(household):
    at = page(person(household), row="consistency")

    assert [one.label for one in at.expander] == [
        one.title for one in all_cards() if one.row == "consistency"
    ]


def test_all_rows_together_show_every_card_once_apart_from_safety(new_household):
    rows = [
        "sensitivity",
        "responsiveness",
        "attachment",
        "availability",
        "consistency",
        "steadiness",
        "help",
    ]
    titles = [one.label for row in rows for one in page(person(new_household), row=row).expander]

    assert sorted(titles) == sorted(one.title for one in all_cards() if not one.safety)


def test_words_find_cards_across_the_rows_safety_ones_too(household):
    at = ran(page(person(household)).text_input(key="guidance_words").set_value("shaking").run())

    assert [one.label for one in at.expander] == [card("overwhelmed").title]
    assert "1 card has these words." in told(at)


def test_words_that_no_card_has_are_answered_in_a_sentence(household):
    at = ran(page(person(household)).text_input(key="guidance_words").set_value("<b>submarine</b>").run())

    assert len(at.expander) == 0
    assert "No card has all of these words." in told(at)


def test_a_card_that_stands_twice_on_the_page_has_its_way_back_twice(new_household):
    press(page(person(new_household), card="warmth"), "tried_warmth")
    at = page(person(new_household), card="warmth", row="availability")

    assert {b.key for b in at.button} == {"again_top_warmth", "again_among_all_warmth"}


# --- the home visitor --------------------------------------------------------------------------------


def test_a_home_visitor_sees_the_idea_and_no_buttons(household):
    at = page(person(household, Role.HOME_VISITOR))

    assert suggested(at) == "nights"
    assert [b.key for b in at.button] == []
    assert all(f"?card={one.id}" in told(at) for one in SAFE)


def test_a_home_visitor_does_not_learn_what_the_parents_put_aside(household):
    press(page(person(household)), "not_nights")
    visitor = viewer_of(household, person(household, Role.HOME_VISITOR), datetime.now(UTC))
    family = next(m.own_family for m in members(household) if m.own_family)

    assert suggested(page(visitor.member)) == "nights"
    with pytest.raises(NotAllowed):
        reflections.read(household, visitor, family, "card")


def test_the_page_is_for_parents_and_home_visitors():
    assert {Role.PARENT, Role.HOME_VISITOR} == guidance.ROLES
    assert (guidance.ORDER, guidance.ACTION) == (40, None)
