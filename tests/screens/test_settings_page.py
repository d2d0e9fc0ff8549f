"""Settings are kept at once, for the one who chose them; Today asks for a look only when one is due."""

from datetime import UTC, datetime

from caregiving import prompts
from caregiving.people import Role
from caregiving.store.engine import Store
from caregiving.store.people import members, viewer_of
from caregiving.store.preferences import prefer, preference
from tests.screens.test_pages import opened_page, person


def parent(store: Store):
    return viewer_of(store, next(m.id for m in members(store) if m.role is Role.PARENT), datetime.now(UTC))


def test_a_number_of_looks_is_kept_and_then_the_hours_are_asked_for(new_household):
    page = opened_page("settings", person(new_household, Role.PARENT))
    assert not page.select_slider
    next(group for group in page.button_group if group.key == "settings_prompts").set_value(4).run()

    assert preference(new_household, parent(new_household), prompts.PREFERENCE) == 4
    assert page.select_slider[0].value == (8 * 60, 21 * 60)


def test_hours_without_enough_room_are_refused_in_a_sentence_and_not_kept(new_household):
    who = parent(new_household)
    prefer(new_household, who, prompts.PREFERENCE, 6, 1)
    page = opened_page("settings", person(new_household, Role.PARENT))
    page.select_slider[0].set_value((8 * 60, 9 * 60)).run()

    assert "choose more of them" in page.warning[0].value
    assert preference(new_household, who, prompts.BETWEEN) is None
    assert page.select_slider[0].value == (8 * 60, 21 * 60)
    assert page.select_slider[0].key != "settings_hours", "a browser would go on showing the refused hours"

    page.select_slider[0].set_value((7 * 60, 19 * 60)).run()
    assert preference(new_household, who, prompts.BETWEEN) == [7 * 60, 19 * 60] and not page.warning


def test_more_looks_than_the_kept_hours_have_room_for_are_refused_and_today_still_opens(new_household):
    """Two hours hold three looks 45 minutes apart (91 minutes), and not four (136 minutes)."""
    who = parent(new_household)
    prefer(new_household, who, prompts.PREFERENCE, 3, 1)
    prefer(new_household, who, prompts.BETWEEN, [19 * 60, 21 * 60], 1)
    page = opened_page("settings", person(new_household, Role.PARENT))
    number = next(group for group in page.button_group if group.key == "settings_prompts")
    number.set_value(4).run()

    assert "Between 19:00 and 21:00 there is no room" in page.warning[0].value
    assert preference(new_household, who, prompts.PREFERENCE) == 3
    assert page.session_state["settings_prompts"] == 3
    assert opened_page("today", person(new_household, Role.PARENT)).title


def test_a_visitor_is_not_asked_about_looks(household):
    page = opened_page("settings", person(household, Role.HOME_VISITOR))

    assert [b.key for b in page.button_group] == ["settings_language"]


def test_today_asks_for_a_look_only_while_one_is_due(new_household, monkeypatch):
    from caregiving.screens import today

    who = parent(new_household)
    prefer(new_household, who, prompts.PREFERENCE, 3, 1)
    asked = [True]
    monkeypatch.setattr(today.prompts, "due", lambda *_: 1 if asked[0] else None)

    def invited() -> bool:
        page = opened_page("today", str(who.member))
        return any("/tap?look=1" in str(part.proto) for part in page.main)

    assert invited()
    asked[0] = False
    assert not invited()
