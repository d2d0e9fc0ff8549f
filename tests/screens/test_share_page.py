"""Share: a page to take along, made of what the family chose; and consents that end at a press."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import demo
from caregiving.people import Action, NotAllowed, Role
from caregiving.periods import EVERYTHING, Period
from caregiving.screens import _share_facts, share
from caregiving.screens._share_summary import FORM, _Asked, _kept_words, _noted
from caregiving.screens._shell import Shell, shell_for
from caregiving.store import audit, drafts
from caregiving.store.consents import withdraw_consent
from caregiving.store.consents_read import consents_of
from caregiving.store.engine import Store
from caregiving.store.people import members, viewer_of
from caregiving.summary import part_names


@pytest.fixture
def household(store: Store) -> Store:
    demo.seed(store, datetime.now(UTC), days=4)
    return store


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import share
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        share.show(shell)


def person(store: Store, role: Role) -> UUID:
    return next(m.id for m in members(store) if m.role is role)


def opened_page(store: Store) -> AppTest:
    at = AppTest.from_function(
        alone, kwargs={"member": str(person(store, Role.PARENT))}, default_timeout=60
    ).run()
    assert not at.exception, at.exception
    return at


def shell_of(store: Store) -> Shell:
    found = shell_for(viewer_of(store, person(store, Role.PARENT), datetime.now(UTC)))
    assert found is not None
    return found


def told(at: AppTest) -> str:
    return " ".join(one.proto.body for one in at.get("html"))


def test_only_a_family_itself_has_this_page():
    assert {Role.PARENT} == share.ROLES
    assert share.ACTION is Action.GIVE_CONSENT


def test_the_page_shows_beforehand_what_will_stand_on_paper(household):
    at = opened_page(household)

    assert at.title[0].value == "You decide what others see"
    assert "Watched in all:" in told(at) and "Answers to cues" in told(at)
    assert {"Save as PDF, to print or send", "Save as a web page, to look closer"} <= {
        button.proto.label for button in at.get("download_button")
    }


def test_a_household_without_any_log_is_told_so_and_that_nobody_looks_in(new_household):
    words = told(opened_page(new_household))

    assert "Nobody watched in these days, so there is nothing to count from." in words
    assert "Nobody outside your household may see anything." in words
    assert "No summary has been saved from here yet." in words


def test_a_part_that_is_not_ticked_is_gone_from_the_preview_and_stays_unticked(household):
    at = opened_page(household)
    chosen = [name for name in part_names() if name not in ("answers", "self_reports")]
    at.session_state[f"{FORM}_parts"] = chosen
    at.run()
    assert "Answers to cues" not in told(at) and "Who watched, and how long" in told(at)

    kept = {"parts": chosen, "questions": "Is it reflux?"}
    drafts.save_draft(household, shell_of(household).viewer, FORM, kept, 1)
    again = opened_page(household)
    assert again.session_state[f"{FORM}_parts"] == chosen
    assert "Answers to cues" not in told(again)


def test_what_parents_say_of_themselves_is_not_ticked_at_first(household):
    assert "self_reports" not in opened_page(household).session_state[f"{FORM}_parts"]


def test_a_typed_question_is_kept_and_stands_in_the_preview_as_it_was_typed(household):
    at = opened_page(household)
    at.text_area(key=f"{FORM}_questions").set_value("Is <b>it</b> reflux?").run()

    assert "Is &lt;b&gt;it&lt;/b&gt; reflux?" in told(at)
    assert _kept_words(shell_of(household)) == ("Is <b>it</b> reflux?", "")
    assert opened_page(household).text_area(key=f"{FORM}_questions").value == "Is <b>it</b> reflux?"


def test_somebody_elses_draft_stays_theirs(household):
    at = opened_page(household)
    at.text_area(key=f"{FORM}_notes").set_value("Only mine").run()
    others = [m.id for m in members(household) if m.role is Role.PARENT][1]
    other = shell_for(viewer_of(household, others, datetime.now(UTC)))

    assert other is not None
    assert _kept_words(other) == ("", "")


def test_saving_is_kept_in_the_record_with_form_days_and_parts_and_without_content(household):
    shell = shell_of(household)

    _noted(shell, "pdf", Period("2026-03-01", "2026-03-07"), ["watched"])
    entry = audit.entries(household, shell.viewer, shell.family)[0]

    assert (entry.what, entry.by) == ("summary", "Ada")
    assert entry.detail == {
        "form": "pdf", "first": "2026-03-01", "last": "2026-03-07", "parts": ["watched"]
    }  # fmt: skip
    assert "PDF, 1 Mar 2026 to 7 Mar 2026, by Ada" in told(opened_page(household))


def test_a_summary_is_made_without_a_page_around_it(household):
    """The file is made in a thread of its own: everything it needs was asked for before."""
    shell = shell_of(household)

    seen = _share_facts.gathered(shell, EVERYTHING)
    day = datetime.now(UTC).date()
    asked = _Asked(shell, seen, EVERYTHING, ("watched", "answers"), day, "Europe/Berlin", "en")
    one = asked.summary(("Why?", ""))

    assert [part.key for part in one.parts] == ["watched", "answers"]
    assert one.questions == ("Why?",)
    assert one.made_on == day


def test_the_pictures_of_a_logged_week_exist_in_both_forms(household):
    shell = shell_of(household)

    period = Period.last_days(shell.today, 7)
    wide, last = _share_facts.wide_report(shell, period)
    pictures = _share_facts.pictures(shell.report(period=period), wide, last, "Europe/Berlin")

    assert pictures and all(one.told and one.svg.startswith("<svg") for one in pictures)
    assert all(one.figure is not None for one in pictures)


def test_a_household_without_a_log_has_no_pictures(new_household):
    shell = shell_of(new_household)
    report = shell.report()

    assert _share_facts.pictures(report, report, shell.today, "UTC") == []


def test_a_consent_says_who_may_see_what_for_what_and_until_when(household):
    words = told(opened_page(household))
    given = consents_of(household, shell_of(household).viewer, shell_of(household).family)

    assert given
    for one in given:
        assert one.alias in words and one.consent.purpose in words
        assert f"{one.consent.valid_until.year}" in words


def test_a_consent_ends_at_a_press_and_the_visitor_sees_nothing_any_more(household):
    at = opened_page(household)
    shell = shell_of(household)
    noor = next(
        one for one in consents_of(household, shell.viewer, shell.family) if one.role is Role.HOME_VISITOR
    )
    at.button(key=f"share_yes_{noor.consent.id}").click().run()

    assert not at.exception
    assert at.success[0].value == f"Ended. {noor.alias} sees nothing of yours any more."
    later = viewer_of(household, noor.consent.member, datetime.now(UTC) + timedelta(seconds=1))
    assert not later.may(Action.SEE_TIMELINE, shell.family)
    assert "1 earlier consent has ended." in told(at)


def test_only_the_family_reads_its_consents(household):
    shell = shell_of(household)
    visitor = viewer_of(household, person(household, Role.HOME_VISITOR), datetime.now(UTC))

    with pytest.raises(NotAllowed):
        consents_of(household, visitor, shell.family)
    with pytest.raises(NotAllowed):
        consents_of(household, shell.viewer, uuid4())


def test_a_consent_holds_until_its_last_instant_or_its_withdrawal(household):
    shell = shell_of(household)
    one = consents_of(household, shell.viewer, shell.family)[0]
    now = datetime.now(UTC)
    assert one.holds(now) and not one.holds(one.consent.valid_until)

    withdraw_consent(household, shell.viewer, shell.family, one.consent.id, now)
    again = next(
        c for c in consents_of(household, shell.viewer, shell.family) if c.consent.id == one.consent.id
    )
    assert not again.holds(now + timedelta(milliseconds=1))
