"""Giving a consent: nothing is ticked beforehand, all of it is read back, and nothing is stored by halves."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import settings as knobs
from caregiving.people import Action, Consent, NotAllowed, Role
from caregiving.screens._share_consent_form import FORM
from caregiving.screens._share_consent_words import GRANTS, LONGEST_DAYS, Asked, missing, read_back
from caregiving.store import audit, drafts
from caregiving.store.consents import give_consent
from caregiving.store.consents_read import Given, consents_of
from caregiving.store.engine import Store
from caregiving.store.people import Member, add_member, found_household, members, viewer_of, visitors
from tests.screens.test_share_page import opened_page, shell_of, told

TODAY = date(2026, 11, 22)
NOOR = Asked(uuid4(), "Noor", ("figures", "observe"), "home visits", date(2027, 2, 14))


def given_by(store: Store) -> list[Given]:
    shell = shell_of(store)
    return consents_of(store, shell.viewer, shell.family)


def open_form(store: Store) -> AppTest:
    return opened_page(store).button(key="consent_open").click().run()


def pressed(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def switches(at: AppTest) -> list[str]:
    """The switches of the form, without those of the other parts of the page."""
    return [one.key for one in at.toggle if one.key.startswith("consent_")]


def fill(at: AppTest, name: str = "Bea", *grants: str, purpose: str = "home visits") -> AppTest:
    if at.get("button_group") and any(p.proto.label == "Who?" for p in at.get("button_group")):
        at.session_state["consent_who"] = "new"
        at.run()
    at.text_input(key="consent_name").set_value(name).run()
    for grant in grants:
        at.toggle(key=f"consent_{grant}").set_value(True).run()
    at.text_input(key="consent_purpose").set_value(purpose).run()
    assert not at.exception, at.exception
    return at


# --- what is read back, and what is missing ---------------------------------------------------------


def test_the_whole_consent_is_read_back_in_one_sentence():
    assert read_back(NOOR) == (
        "Noor may see the figures, and observe and rate, for home visits, until 14 February 2027. "
        "You can end it here at any moment."
    )


def test_a_consent_covers_what_its_switches_say_and_nothing_else():
    only_moments = Asked(None, "Bea", ("moments",), "a visit", TODAY)

    assert only_moments.scope == {Action.SEE_TIMELINE, Action.SEE_PEOPLE}
    assert NOOR.scope == GRANTS["figures"] | GRANTS["observe"]
    assert Action.SEE_TIMELINE not in NOOR.scope
    assert Asked(None, "", (), "", None).scope == frozenset()


def test_every_switch_opens_something_that_no_other_switch_of_the_same_role_opens():
    apart = [Action.SEE_TIMELINE, Action.SEE_QUALITY, Action.OBSERVE]
    for name, action in zip(("moments", "figures", "observe"), apart, strict=True):
        assert [one for one in ("moments", "figures", "observe") if action in GRANTS[one]] == [name]


def test_an_empty_form_is_told_everything_that_is_missing():
    assert missing(Asked(None, "", (), "", None), TODAY) == [
        "Say who it is.",
        "Choose at least one thing that they may do.",
        "Say in a few words what it is for.",
        "Choose a day from tomorrow on, at most two years from now.",
    ]
    assert missing(NOOR, TODAY) == []


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (LONGEST_DAYS, True), (731, False)])
def test_a_consent_ends_between_tomorrow_and_two_years_from_now(days, fits):
    asked = Asked(uuid4(), "Noor", ("figures",), "visits", TODAY + timedelta(days=days))

    assert (missing(asked, TODAY) == []) is fits


def test_somebody_new_may_not_bear_the_name_of_somebody_known():
    again = Asked(None, "noor", ("figures",), "visits", TODAY + timedelta(days=7), frozenset({"noor"}))

    assert missing(again, TODAY) == [
        "There is a noor in the list already: choose that name, or write one that differs."
    ]


# --- on the page ------------------------------------------------------------------------------------


def test_the_form_waits_behind_a_button_and_nothing_in_it_is_ticked(new_household):
    at = opened_page(new_household)
    assert switches(at) == []

    at = pressed(at, "consent_open")
    assert [at.toggle(key=f"consent_{name}").value for name in ("moments", "figures", "observe")] == [
        False
    ] * 3
    assert at.text_input(key="consent_purpose").value == ""
    until = at.date_input(key="consent_until")
    assert until.value == datetime.now(UTC).date() + timedelta(weeks=12)
    assert "read back to you here before you agree" in told(at)


def test_a_consent_is_given_to_somebody_new_and_stands_on_the_page_and_in_the_record(new_household):
    at = fill(open_form(new_household), "  Bea ", "figures", "observe", purpose="home visits")
    assert "Bea may see the figures, and observe and rate, for home visits, until" in told(at)
    assert given_by(new_household) == []

    at = pressed(at, "consent_give")
    one = given_by(new_household)[0]
    bea = viewer_of(new_household, one.consent.member, datetime.now(UTC))

    assert at.success[0].value.startswith("Agreed. Bea may see the figures, and observe and rate")
    assert (one.alias, one.role, one.consent.purpose) == ("Bea", Role.HOME_VISITOR, "home visits")
    assert one.consent.scope == GRANTS["figures"] | GRANTS["observe"]
    shell = shell_of(new_household)
    assert bea.may(Action.OBSERVE, shell.family) and not bea.may(Action.SEE_TIMELINE, shell.family)
    entry = audit.entries(new_household, shell.viewer, shell.family)[0]
    assert (entry.what, entry.by, entry.detail["to"]) == ("consent", "Ada", str(one.consent.member))
    assert entry.detail["scope"] == sorted(one.consent.scope)
    assert "Bea" not in str(entry.detail) and "home visits" not in str(entry.detail)
    assert switches(at) == [], "the form is put away"
    assert drafts.draft(new_household, shell.viewer, FORM, family=shell.family) is None


def test_a_consent_holds_through_its_last_day(new_household):
    at = fill(open_form(new_household), "Bea", "moments")
    last = datetime.now(UTC).date() + timedelta(days=3)
    at.date_input(key="consent_until").set_value(last).run()
    pressed(at, "consent_give")
    one = given_by(new_household)[0]

    assert one.holds(datetime(last.year, last.month, last.day, 23, 59, 58, tzinfo=UTC))
    assert not one.holds(datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1))


def test_an_unfinished_form_is_answered_with_sentences_and_stores_nothing(new_household):
    before = len(members(new_household))
    at = fill(open_form(new_household), "Bea", purpose="")
    at = pressed(at, "consent_give")

    assert [one.value for one in at.warning] == [
        "Choose at least one thing that they may do.",
        "Say in a few words what it is for.",
    ]
    assert given_by(new_household) == [] and len(members(new_household)) == before
    assert at.text_input(key="consent_name").value == "Bea"


def test_somebody_new_is_not_there_when_their_consent_is_refused(household, monkeypatch):
    standing = next(one for one in given_by(household) if one.alias == "Noor")
    before = len(members(household)), given_by(household)
    at = fill(open_form(household), "Bea", "moments")
    with monkeypatch.context() as taken:
        taken.setattr("caregiving.screens._share_consent_form.uuid4", lambda: standing.consent.id)
        at = pressed(at, "consent_give")

    assert [one.value for one in at.warning] == [
        "consent, id: found an id that is already taken; needed a fresh one."
    ]
    assert (len(members(household)), given_by(household)) == before
    assert at.text_input(key="consent_name").value == "Bea"
    pressed(at, "consent_give")
    assert {one.alias for one in given_by(household)} == {"Bea", *(one.alias for one in before[1])}


def test_a_consent_stays_when_the_change_of_it_is_refused(household, monkeypatch):
    old = next(one for one in given_by(household) if one.alias == "Noor")
    other = next(one for one in given_by(household) if one.alias == "Sol")
    at = pressed(opened_page(household), f"share_change_{old.consent.id}")
    at.toggle(key="consent_observe").set_value(False).run()
    monkeypatch.setattr("caregiving.screens._share_consent_form.uuid4", lambda: other.consent.id)
    at = pressed(at, "consent_give")

    assert len(at.warning) == 1
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert viewer_of(household, old.consent.member, now).may(Action.OBSERVE, old.consent.family)


def test_a_half_filled_form_is_there_again_after_the_page_was_closed(new_household):
    fill(open_form(new_household), "Bea", "moments", purpose="a look <i>together</i>")
    at = opened_page(new_household)

    assert at.text_input(key="consent_name").value == "Bea"
    assert at.toggle(key="consent_moments").value is True
    assert at.toggle(key="consent_observe").value is False
    assert "a look &lt;i&gt;together&lt;/i&gt;" in told(at)

    at = pressed(at, "consent_leave")
    assert switches(opened_page(new_household)) == []
    assert given_by(new_household) == []


def test_the_demo_offers_its_invented_visitors_and_a_second_consent_is_named_as_such(household):
    at = open_form(household)
    noor = next(one for one in members(household) if one.alias == "Noor")
    at.session_state["consent_who"] = str(noor.id)
    at.run()
    at.toggle(key="consent_moments").set_value(True).run()
    at.text_input(key="consent_purpose").set_value("spring").run()

    assert "Noor may see when and what was logged, for spring" in told(at)
    assert "Noor has a consent above already." in told(at)


def test_a_change_ends_the_old_consent_and_gives_the_new_one_filled_in_beforehand(household):
    old = next(one for one in given_by(household) if one.alias == "Noor")
    at = pressed(opened_page(household), f"share_change_{old.consent.id}")
    assert "What Noor may do" in [one.value for one in at.subheader]
    ticked = [at.toggle(key=f"consent_{name}").value for name in ("moments", "figures", "observe")]
    assert ticked == [grant <= old.consent.scope for grant in list(GRANTS.values())[:3]] == [True] * 3
    assert at.text_input(key="consent_purpose").value == old.consent.purpose

    at.toggle(key="consent_observe").set_value(False).run()
    at = pressed(at, "consent_give")
    now = datetime.now(UTC) + timedelta(seconds=1)
    holding = [one for one in given_by(household) if one.alias == "Noor" and one.holds(now)]

    assert len(holding) == 1 and holding[0].consent.id != old.consent.id
    assert holding[0].consent.scope == GRANTS["moments"] | GRANTS["figures"]
    assert not viewer_of(household, old.consent.member, now).may(Action.OBSERVE, old.consent.family)
    assert "1 earlier consent has ended." in told(at)


def test_a_supervisor_can_only_be_let_see_how_complete_the_record_is(household):
    sol = next(one for one in given_by(household) if one.role is Role.SUPERVISOR)
    at = pressed(opened_page(household), f"share_change_{sol.consent.id}")

    assert switches(at) == ["consent_record"]
    assert at.toggle(key="consent_record").value is True


def test_every_thing_that_a_consent_can_name_has_words_on_its_card(household):
    words = told(opened_page(household))

    assert "observe a visit and code it" in words and "rate what was observed" in words
    assert "keep_draft" not in words and "keep draft" not in words


def test_at_home_it_is_said_how_a_visitor_comes_in_and_how_one_gets_back(new_household, monkeypatch):
    monkeypatch.setattr(
        "caregiving.screens._share_consent_form.settings",
        lambda: knobs.Settings(mode=knobs.Mode.HOME),
    )
    at = fill(open_form(new_household), "Bea", "moments")

    assert "hand this tablet over to them" in told(at) and "your passphrase brings you back" in told(at)
    assert "Look as" not in told(at)


# --- who can be chosen ------------------------------------------------------------------------------


def test_a_family_knows_only_the_visitors_it_agreed_to_before(new_household):
    shell, now = shell_of(new_household), datetime.now(UTC)
    bea, vera = (Member(id=uuid4(), alias=name, role=Role.HOME_VISITOR) for name in ("Bea", "Vera"))
    other, ravi = uuid4(), Member(id=uuid4(), alias="Ravi", role=Role.PARENT, own_family=None)
    ravi = ravi.model_copy(update={"own_family": other})
    found_household(new_household, other, "another household", 0, [ravi])
    theirs = viewer_of(new_household, ravi.id, now)
    for viewer, family, one in ((shell.viewer, shell.family, bea), (theirs, other, vera)):
        add_member(new_household, viewer, family, one)
        give_consent(
            new_household,
            viewer,
            Consent(
                id=uuid4(),
                family=family,
                member=one.id,
                scope=GRANTS["moments"],
                purpose="visits",
                given_by=viewer.member,
                valid_from=now - timedelta(days=9),
                valid_until=now - timedelta(days=2),
            ),
        )

    assert visitors(new_household, shell.viewer, shell.family) == (bea,)
    assert visitors(new_household, theirs, other) == (vera,)
    assert visitors(new_household, theirs, other, everybody=True) == (bea, vera)
    with pytest.raises(NotAllowed):
        visitors(new_household, shell.viewer, other)
    with pytest.raises(NotAllowed):
        visitors(new_household, viewer_of(new_household, bea.id, now), shell.family)
