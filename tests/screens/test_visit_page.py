"""The visit page: a visit is prepared, gone on with, ended or discarded, and nobody else's is touched."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import palette
from caregiving.capture.board import board
from caregiving.people import Action, Consent, Role, Viewer
from caregiving.screens import _visit_words as words
from caregiving.screens import visit as page
from caregiving.screens._shell import Shell
from caregiving.screens._visit_consent import first_end, holds_until
from caregiving.screens._visit_form import to_code_again
from caregiving.screens._visit_writes import change, end, take_back
from caregiving.settings import Mode
from caregiving.store import drafts, ratings, visits, windows
from caregiving.store.engine import Store
from caregiving.store.events import ingest
from caregiving.store.people import Member, children
from caregiving.visits import Progress
from caregiving.windows import Attestation
from tests.screens.visited_homes import LOOKING, MIN, OBSERVING, PLAY, Home, home, now_ms, viewer, visitor


@pytest.fixture
def vera() -> Member:
    return visitor("Vera")


@pytest.fixture
def una() -> Member:
    return visitor("Una")


@pytest.fixture
def birch(store: Store, vera: Member, una: Member) -> Home:
    """Birch lets Vera and Una observe Ilo."""
    found = home(store, "Birch", "Ilo", vera, una)
    found.lets_in(vera)
    found.lets_in(una)
    return found


def alone(member: str, asked: dict[str, str]) -> None:
    """The page on its own, for one person, with what the address asks for at first."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import visit
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    if "test_began" not in st.session_state:
        st.session_state["test_began"] = True
        for name, value in asked.items():
            st.query_params[name] = value
    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    assert shell is not None
    visit.show(shell)


def opened_by(who: Member, **asked: Any) -> AppTest:
    told = {name: str(value) for name, value in asked.items()}
    at = AppTest.from_function(alone, kwargs={"member": str(who.id), "asked": told}, default_timeout=60)
    return run(at)


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


def press(at: AppTest, key: str, **answers: Any) -> AppTest:
    for name, value in answers.items():
        at.session_state[name] = value
    at.button(key=key).click()
    return run(at)


def text(at: AppTest) -> str:
    return " ".join(
        [*(one.value for kind in (at.title, at.subheader, at.warning, at.success) for one in kind),
         *(one.proto.body for one in at.get("html"))]
    )  # fmt: skip


def keys(at: AppTest) -> set[str]:
    return {one.key for one in at.button}


def said(place: Home, who: Member, sitting: UUID) -> list[tuple[int, int | None, str | None]]:
    """Return start, end and attestation of every part of a visit."""
    parts = next(one.parts for one in place.visits(who) if one.visit.sitting == sitting)
    return [(p.started_ms, p.ended_ms, None if p.attestation is None else str(p.attestation)) for p in parts]


# --- Preparing ---------------------------------------------------------------------------------------------


def test_only_home_visitors_have_the_page_and_only_where_the_family_lets_them_observe():
    assert {Role.HOME_VISITOR} == page.ROLES and page.ACTION is Action.OBSERVE


def test_what_the_family_agreed_to_is_told_with_its_last_day(birch, vera):
    until = (datetime.now(UTC) + timedelta(days=60)).date()
    told = text(opened_by(vera))

    assert f"Birch agreed to observed sessions and ratings until {until.day} {until:%B %Y}." in told
    assert "What for: home visits." in told and "It ends" not in told


def test_a_consent_that_ends_within_two_weeks_says_so_and_one_without_ratings_too(store):
    ines = visitor("Ines")
    home(store, "Elm", "Mio", ines).lets_in(ines, LOOKING | {Action.OBSERVE}, days=9)
    told = text(opened_by(ines))

    assert "ratings are not part of it" in told
    assert "It ends in 9 days." in told


def test_consents_that_follow_each_other_count_as_one_and_a_withdrawn_one_ends_at_once():
    at, family, member = datetime(2026, 3, 1, tzinfo=UTC), uuid4(), uuid4()
    first = Consent(
        id=uuid4(), family=family, member=member, scope=OBSERVING, purpose="visits", given_by=uuid4(),
        valid_from=at - timedelta(days=9), valid_until=at + timedelta(days=5),
    )  # fmt: skip
    later = first.model_copy(
        update={"valid_from": at + timedelta(days=5), "valid_until": at + timedelta(days=80)}
    )
    looks = later.model_copy(update={"scope": frozenset({Action.SEE_PEOPLE})})
    vera = Viewer(member=member, alias="Vera", role=Role.HOME_VISITOR, consents=(first, later), at=at)
    partly = vera.model_copy(update={"consents": (first, looks)})
    ended = vera.model_copy(update={"consents": (first.model_copy(update={"withdrawn_at": at}), later)})

    assert holds_until(vera, family, Action.OBSERVE) == at + timedelta(days=80)
    assert first_end(vera, family) == at + timedelta(days=80)
    assert holds_until(partly, family, Action.SEE_PEOPLE) == at + timedelta(days=80)
    assert first_end(partly, family) == at + timedelta(days=5)
    assert holds_until(ended, family, Action.OBSERVE) is None is first_end(ended, family)


def test_a_visit_is_planned_as_it_was_chosen_and_leads_to_the_coding_page(birch, vera):
    at = opened_by(vera)
    at = press(
        at, "visit_begin", **{
            f"visit_instrument_{birch.child}": PLAY,
            f"visit_minutes_{birch.child}": 5,
            f"visit_context_{birch.child}": "play",
            f"visit_caregiver_{birch.child}": str(birch.caregiver),
            f"visit_delay_ms_{birch.child}": 300,
        },
    )  # fmt: skip

    (one,) = birch.visits(vera)
    plan = one.visit
    assert (plan.instrument, plan.minutes, plan.context, plan.delay_ms) == (PLAY, 5, "play", 300)
    assert (plan.caregiver, plan.child, plan.author) == (birch.caregiver, birch.child, vera.id)
    assert one.progress is Progress.PLANNED
    told = text(at)
    assert "Your visit to Ilo is prepared" in told and 'href="/tap"' in told
    assert "0.3 s taken off every moment" in told and "with Parent of Ilo" in told
    assert "visit_begin" not in keys(at) and "visit_end_yes" not in keys(at)


def test_what_was_chosen_survives_a_closed_page_and_the_delay_comes_back_at_the_next_visit(birch, vera):
    at = opened_by(vera)
    pills = {one.key: one for one in at.button_group}
    pills[f"visit_minutes_{birch.child}"].set_value(15)
    run(at)
    next(one for one in at.button_group if one.key == f"visit_delay_ms_{birch.child}").set_value(800)
    run(at)

    again = opened_by(vera)
    assert again.session_state[f"visit_minutes_{birch.child}"] == 15
    press(again, "visit_begin")
    assert drafts.drafts_of(birch.store, viewer(birch.store, vera), birch.family) == []
    (one,) = birch.visits(vera)
    assert (one.visit.minutes, one.visit.delay_ms) == (15, 800)
    press(opened_by(vera), "visit_discard_yes")
    assert opened_by(vera).session_state[f"visit_delay_ms_{birch.child}"] == 800


def test_the_course_of_a_procedure_is_shown_before_it_begins_and_it_has_no_length(birch, vera):
    at = opened_by(vera)
    at.session_state[f"visit_instrument_{birch.child}"] = "strange_situation.v1"
    told = text(run(at))

    assert told.count("Episode ") == 8 and told.count("3 min") == 7
    assert "A separation is cut short when the child is distressed" in told
    assert f"visit_minutes_{birch.child}" not in {one.key for one in at.button_group}
    press(at, "visit_begin")
    (one,) = birch.visits(vera)
    assert (one.visit.instrument, one.visit.minutes, one.visit.delay_ms) == ("strange_situation.v1", None, 0)


def test_a_second_visit_is_refused_while_one_is_not_finished(birch, vera):
    two_tabs = opened_by(vera), opened_by(vera)
    press(two_tabs[0], "visit_begin")
    told = text(press(two_tabs[1], "visit_begin"))

    assert "Another visit of yours is not finished yet" in told
    assert len(birch.visits(vera)) == 1


def test_an_unfinished_visit_to_another_child_is_named_and_led_to_instead_of_the_form(store, birch, vera):
    elm = home(store, "Elm", "Mio")
    elm.lets_in(vera)
    elm.plans(vera)
    at = opened_by(vera, child=birch.child)
    told = text(at)

    assert "A visit of yours to another child is not finished" in told
    assert f'href="/visit?family={elm.family}&amp;child={elm.child}"' in told
    assert not {"visit_begin", "visit_discard_yes", "visit_end_yes"} & keys(at)


def test_a_consent_that_ended_since_the_page_was_drawn_lets_nothing_be_written(store, vera):
    birch = home(store, "Birch", "Ilo", vera)
    looking = birch.lets_in(vera)
    at = opened_by(vera)
    birch.ends(looking)
    birch.lets_in(vera, LOOKING)
    at.button(key="visit_begin").click().run()

    assert at.session_state["visit_trouble"] == [
        "The family's consent to observed sessions has ended, so nothing was written."
    ]
    assert birch.visits(vera) == []


# --- Starting over -----------------------------------------------------------------------------------------


def test_starting_over_is_offered_once_something_differs_and_brings_back_the_usual(birch, vera):
    at = opened_by(vera)
    assert "visit_over" not in keys(at)
    choose(at, birch, "delay_ms", 500)  # the last choice comes back at the next visit: it is the usual one
    assert "visit_over" not in keys(at)
    choose(at, birch, "minutes", 20)
    choose(at, birch, "context", "bath")
    assert "visit_over" in keys(at) and drafts_of(birch, vera)
    press(at, "visit_over")

    assert drafts_of(birch, vera) == [] and "visit_over" not in keys(at)
    press(at, "visit_begin")
    (one,) = birch.visits(vera)
    assert (one.visit.minutes, one.visit.context, one.visit.delay_ms) == (10, None, 500)


def test_what_was_chosen_and_put_back_leaves_no_draft(birch, vera):
    at = opened_by(vera)
    choose(at, birch, "minutes", 5)
    assert [one.content["minutes"] for one in drafts_of(birch, vera)] == [5]
    choose(at, birch, "minutes", 10)

    assert drafts_of(birch, vera) == [] and "visit_over" not in keys(at)


def test_starting_over_empties_the_form_of_this_child_and_of_no_other(store, birch, vera):
    elm = home(store, "Elm", "Mio")
    elm.lets_in(vera)
    choose(opened_by(vera, child=elm.child), elm, "context", "feeding")
    at = choose(opened_by(vera, child=birch.child), birch, "context", "bath")
    press(at, "visit_over")

    assert drafts_of(birch, vera) == []
    other = opened_by(vera, child=elm.child)
    assert other.session_state[f"visit_context_{elm.child}"] == "feeding"


def test_a_family_that_does_not_let_its_people_be_seen_is_visited_without_naming_one(store):
    ines = visitor("Ines")
    elm = home(store, "Elm", "Mio", ines)
    elm.lets_in(ines, frozenset({Action.OBSERVE, Action.SEE_QUALITY}))
    at = opened_by(ines)

    assert not any("caregiver" in one.key for one in at.button_group)
    press(at, "visit_begin")
    assert elm.visits(ines)[0].visit.caregiver is None


# --- Changing the plan -------------------------------------------------------------------------------------


def choose(at: AppTest, place: Home, field: str, value: Any) -> AppTest:
    """Press a pill of the form that prepares a visit."""
    pressed = next(one for one in at.button_group if one.key.startswith(f"visit_{field}_{place.child}"))
    pressed.set_value(value)
    return run(at)


def rechoose(at: AppTest, field: str, value: Any) -> AppTest:
    """Press a pill of the form that changes a plan."""
    pressed = next(one for one in at.button_group if one.key.startswith(f"visit_change_{field}_"))
    pressed.set_value(value)
    return run(at)


def asked(at: AppTest) -> list[str]:
    """Return for what the form that changes a plan asks, in order."""
    start = "visit_change_"
    keyed = [one.key for one in at.button_group if one.key.startswith(start)]
    return [key.removeprefix(start).rsplit("_", 1)[0] for key in keyed]


def drafts_of(place: Home, who: Member) -> list[drafts.Draft]:
    return drafts.drafts_of(place.store, viewer(place.store, who), place.family)


def versions(place: Home) -> int:
    with place.store.reader.begin() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM visits").scalar_one())


def on_the_tablet(place: Home, who: Member) -> dict[str, Any]:
    told = board(place.store, viewer(place.store, who), Mode.HOME, now_ms())["session"]
    return {name: told[name] for name in ("minutes", "context", "caregiver", "delay_ms")}


def test_a_plan_is_changed_before_the_watching_begins_and_the_tablet_is_told(birch, vera):
    sitting = birch.plans(vera, context="play")
    at = press(opened_by(vera), "visit_change")
    assert asked(at) == ["minutes", "context", "caregiver", "delay_ms"]
    rechoose(at, "minutes", 5)
    rechoose(at, "context", None)
    rechoose(at, "caregiver", str(birch.caregiver))
    rechoose(at, "delay_ms", 500)
    assert birch.visits(vera)[0].visit.minutes == 10, "nothing changes before it is kept"
    told = text(press(at, "visit_change_keep"))

    (one,) = birch.visits(vera)
    assert (one.visit.sitting, one.visit.instrument, versions(birch)) == (sitting, PLAY, 2)
    assert on_the_tablet(birch, vera) == {
        "minutes": 5, "context": None, "caregiver": str(birch.caregiver), "delay_ms": 500,
    }  # fmt: skip
    assert "The plan is changed." in told and "5 min, with Parent of Ilo, 0.5 s taken off" in told
    assert asked(at) == [] and drafts_of(birch, vera) == []
    press(at, "visit_discard_yes")
    assert at.session_state[f"visit_delay_ms_{birch.child}"] == 500, "the delay comes back at the next visit"


def test_a_change_that_is_left_or_is_none_writes_nothing(birch, vera):
    birch.plans(vera)
    at = press(opened_by(vera), "visit_change")
    rechoose(at, "minutes", 20)
    press(at, "visit_change_leave")
    assert asked(at) == [] and drafts_of(birch, vera) == []

    at = press(at, "visit_change")
    assert next(one.value for one in at.button_group if "minutes" in one.key) == 10
    press(at, "visit_change_keep")
    assert (versions(birch), asked(at), list(at.success)) == (1, [], [])


def test_a_second_press_on_a_page_that_was_not_drawn_again_yet_changes_the_plan_once(birch, vera):
    birch.plans(vera)
    at = rechoose(press(opened_by(vera), "visit_change"), "minutes", 5)
    seen, shell = birch.visits(vera)[0], shell_of(birch, vera)
    press(at, "visit_change_keep")

    assert change(shell, seen, {"minutes": 5}) == [
        "This visit has gone on since the page was drawn. Look at how it stands now."
    ]
    assert (versions(birch), on_the_tablet(birch, vera)["minutes"]) == (2, 5)


def test_who_codes_again_is_told_when_the_delay_can_no_longer_be_changed(birch, vera, una):
    first = birch.plans(una)
    birch.watches(una, first, now_ms() - 60 * MIN, 10)
    again = birch.plans(vera, codes_again=first, from_recording=True)
    at = rechoose(press(opened_by(vera), "visit_change"), "delay_ms", 800)
    birch.watches(vera, again, now_ms() - 5 * MIN, None)
    told = text(press(at, "visit_change_keep"))

    assert "This visit has gone on since the page was drawn" in told and asked(at) == []


def test_a_change_of_a_visit_that_ended_meanwhile_is_answered_and_not_written(birch, vera):
    sitting = birch.plans(vera)
    at = rechoose(press(opened_by(vera), "visit_change"), "minutes", 5)
    birch.watches(vera, sitting, now_ms() - 20 * MIN, 10)
    told = text(press(at, "visit_change_keep"))

    assert "This visit has gone on since the page was drawn" in told and versions(birch) == 1


def test_a_change_that_was_begun_is_there_again_after_the_page_was_closed(birch, vera):
    birch.plans(vera)
    rechoose(press(opened_by(vera), "visit_change"), "minutes", 15)
    at = opened_by(vera)
    assert asked(at)[0] == "minutes"
    press(at, "visit_change_keep")

    assert birch.visits(vera)[0].visit.minutes == 15


def test_a_change_that_was_chosen_and_put_back_leaves_no_draft(birch, vera):
    birch.plans(vera)
    at = rechoose(press(opened_by(vera), "visit_change"), "minutes", 15)
    assert len(drafts_of(birch, vera)) == 1
    rechoose(at, "minutes", 10)

    assert drafts_of(birch, vera) == []
    assert asked(opened_by(vera)) == []


def test_once_the_watching_has_begun_the_delay_stays_and_what_was_watched_keeps_its_own(birch, vera):
    sitting, start = birch.plans(vera, context="play", delay_ms=300), now_ms() - 60 * MIN
    birch.watches(vera, sitting, start, 4, "paused", "gaze")
    before = windows.load(birch.store, viewer(birch.store, vera), birch.family)
    at = press(opened_by(vera), "visit_change")
    assert asked(at) == ["minutes", "context", "caregiver"]
    assert "What was watched so far keeps its occasion and its caregiver." in text(at)
    rechoose(at, "context", "bath")
    rechoose(at, "minutes", 20)
    press(at, "visit_change_keep")

    after = windows.load(birch.store, viewer(birch.store, vera), birch.family)
    assert on_the_tablet(birch, vera) == {
        "minutes": 20, "context": "bath", "caregiver": None, "delay_ms": 300,
    }  # fmt: skip
    assert said(birch, vera, sitting) == [(start, start + 4 * MIN, "paused")]
    assert before.equals(after)


def test_another_delay_is_refused_once_the_watching_has_begun_also_past_the_page(birch, vera):
    sitting = birch.plans(vera, delay_ms=300)
    planned = birch.visits(vera)[0]
    birch.watches(vera, sitting, now_ms() - 60 * MIN, 4, "paused", "gaze")
    begun, shell = birch.visits(vera)[0], shell_of(birch, vera)

    assert change(shell, planned, {"delay_ms": 800}) == [
        "This visit has gone on since the page was drawn. Look at how it stands now."
    ]
    assert change(shell, begun, {"delay_ms": 800, "minutes": 5}) == [
        "That part of the plan can no longer be changed, so nothing was."
    ]
    assert (on_the_tablet(birch, vera)["delay_ms"], versions(birch)) == (300, 1)


@pytest.mark.parametrize("field", ["instrument", "child", "codes_again", "from_recording", "author", "void"])
def test_what_a_visit_is_about_is_no_part_of_the_plan_that_changes(birch, vera, field):
    birch.plans(vera)
    other = {"instrument": "engagement.v1", "from_recording": True, "void": True}.get(field, uuid4())

    assert change(shell_of(birch, vera), birch.visits(vera)[0], {field: other})
    assert versions(birch) == 1


def test_a_visit_that_went_on_meanwhile_is_not_changed_and_the_choice_is_kept(birch, vera):
    sitting = birch.plans(vera)
    at = rechoose(press(opened_by(vera), "visit_change"), "delay_ms", 800)
    rechoose(at, "minutes", 5)
    birch.watches(vera, sitting, now_ms() - 2 * MIN, None)
    told = text(press(at, "visit_change_keep"))

    assert "This visit has gone on since the page was drawn" in told and versions(birch) == 1
    assert asked(at) == ["minutes", "context", "caregiver"]
    press(at, "visit_change_keep")
    assert (on_the_tablet(birch, vera)["minutes"], on_the_tablet(birch, vera)["delay_ms"]) == (5, 0)


def test_who_codes_a_session_again_changes_the_own_delay_only_and_nothing_once_it_is_under_way(
    birch, vera, una
):
    first = birch.plans(una)
    birch.watches(una, first, now_ms() - 60 * MIN, 10)
    again = birch.plans(vera, codes_again=first, from_recording=True)
    assert asked(press(opened_by(vera), "visit_change")) == ["delay_ms"]
    birch.watches(vera, again, now_ms() - 30 * MIN, 4, "paused")

    assert "visit_change" not in keys(opened_by(vera))


def test_a_procedure_changes_its_occasion_and_who_is_there(birch, vera):
    birch.plans(vera, instrument="strange_situation.v1", minutes=None)

    assert asked(press(opened_by(vera), "visit_change")) == ["context", "caregiver"]


def test_who_may_not_see_the_people_changes_a_plan_without_losing_who_was_there(store):
    ines = visitor("Ines")
    elm = home(store, "Elm", "Mio", ines)
    elm.lets_in(ines, frozenset({Action.OBSERVE, Action.SEE_QUALITY}))
    elm.plans(ines, caregiver=elm.caregiver)
    at = press(opened_by(ines), "visit_change")  # without a draft: that was not agreed to either
    assert asked(at) == ["minutes", "context", "delay_ms"]
    rechoose(at, "minutes", 5)
    press(at, "visit_change_keep")

    plan = elm.visits(ines)[0].visit
    assert (plan.minutes, plan.caregiver) == (5, elm.caregiver)


def test_a_length_that_the_page_does_not_offer_can_still_be_seen_and_stays(birch, vera):
    birch.plans(vera, minutes=12)
    at = press(opened_by(vera), "visit_change")
    assert next(one.value for one in at.button_group if "minutes" in one.key) == 12
    rechoose(at, "context", "night")
    press(at, "visit_change_keep")

    assert on_the_tablet(birch, vera)["minutes"] == 12


def test_a_change_that_nobody_kept_says_nothing_about_the_next_visit_and_can_be_cleared(birch, vera):
    sitting = birch.plans(vera)
    rechoose(press(opened_by(vera), "visit_change"), "minutes", 20)
    birch.watches(vera, sitting, now_ms() - 20 * MIN, 10)
    at = opened_by(vera)

    assert at.session_state[f"visit_minutes_{birch.child}"] == 10
    press(at, "visit_over")
    assert drafts_of(birch, vera) == [] and "visit_over" not in keys(at)


def test_a_colleagues_plan_is_not_changed_also_past_the_page(birch, vera, una):
    birch.plans(una)
    theirs = birch.visits(vera)[0]

    assert "visit_change" not in keys(opened_by(vera))
    assert change(shell_of(birch, vera), theirs, {"minutes": 5})
    assert birch.visits(una)[0].visit.minutes == 10


# --- Coding again ------------------------------------------------------------------------------------------


def test_another_observers_finished_session_is_coded_again_from_its_recording(birch, vera, una):
    first = birch.plans(una, minutes=15, context="bath")
    birch.watches(una, first, now_ms() - 60 * MIN, 10, "all", "vocalise")
    at = opened_by(vera)
    told = text(press(at, "visit_begin", **{f"visit_again_{birch.child}": str(first)}))

    (mine,) = visits.mine(birch.store, viewer(birch.store, vera))
    plan = mine.visit
    assert (plan.codes_again, plan.from_recording) == (first, True)
    assert (plan.instrument, plan.minutes, plan.context) == (PLAY, 15, "bath")
    assert "codes a session of another observer again, from its recording" in told


def test_a_session_that_is_under_way_is_coded_beside_the_other_observer_live(birch, vera, una):
    first = birch.plans(una)
    birch.watches(una, first, now_ms() - 2 * MIN, None)
    press(opened_by(vera), "visit_begin", **{f"visit_again_{birch.child}": str(first)})

    (mine,) = visits.mine(birch.store, viewer(birch.store, vera))
    assert (mine.visit.codes_again, mine.visit.from_recording) == (first, False)


def test_only_whole_first_codings_of_others_can_be_coded_again_and_each_once(birch, vera, una):
    start = now_ms() - 300 * MIN
    whole, partly, gone = (birch.plans(una) for _ in range(3))
    birch.watches(una, whole, start, 10, "most")
    birch.watches(una, partly, start + 20 * MIN, 10, "some")
    birch.watches(una, gone, start + 40 * MIN, 10, "discarded")
    own = birch.plans(vera)
    birch.watches(vera, own, start + 60 * MIN, 10)
    shell = shell_of(birch, vera)

    assert list(to_code_again(shell, birch.visits(vera))) == [str(whole)]
    again = birch.plans(vera, codes_again=whole, from_recording=True)
    assert list(to_code_again(shell, birch.visits(vera))) == []
    birch.watches(vera, again, now_ms() - 20 * MIN, 10, "discarded")
    assert list(to_code_again(shell, birch.visits(vera))) == [str(whole)]


# --- Going on, ending, discarding --------------------------------------------------------------------------


def test_an_unfinished_visit_says_how_far_it_has_come(birch, vera):
    sitting, start = birch.plans(vera), now_ms() - 60 * MIN
    birch.watches(vera, sitting, start, 4, "paused", "vocalise", "gaze")
    birch.watches(vera, sitting, start + 10 * MIN, 10 / 60, "paused", "gaze")
    told = text(opened_by(vera))
    last = datetime.fromtimestamp((start + 10 * MIN + 10_000) / 1000, UTC)

    assert "Your visit to Ilo is not finished" in told
    assert f"Watched 4 min 10 s in 2 parts, last moment {last:%H:%M}, 3 moments coded, paused." in told
    assert ": free_play.v1, 10 min." in told and "Go on with the coding" in told


def test_a_part_that_nobody_ended_counts_as_watched_to_its_last_moment_only(birch, vera):
    sitting, start = birch.plans(vera), now_ms() - 60 * MIN
    birch.watches(vera, sitting, start, None, "", "vocalise", "gaze", "vocalise")
    told = text(opened_by(vera))

    assert "Watched at least 30 s in one go" in told and "the last part is still open" in told


def test_ending_asks_first_how_complete_it_is(birch, vera):
    sitting = birch.plans(vera)
    birch.watches(vera, sitting, now_ms() - 60 * MIN, 4, "paused")
    told = text(press(opened_by(vera), "visit_end_yes"))

    assert "Choose how many of the moments you coded." in told
    assert [attestation for *_times, attestation in said(birch, vera, sitting)] == ["paused"]


def test_ending_says_of_every_part_what_was_said_and_keeps_when_each_ended(birch, vera):
    sitting, start = birch.plans(vera), now_ms() - 60 * MIN
    birch.watches(vera, sitting, start, 4, "paused")
    birch.watches(vera, sitting, start + 10 * MIN, 5, "paused")
    at = press(opened_by(vera), "visit_end_yes", visit_said="most")

    assert said(birch, vera, sitting) == [
        (start, start + 4 * MIN, "most"),
        (start + 10 * MIN, start + 15 * MIN, "most"),
    ]
    assert birch.visits(vera)[0].progress is Progress.FINISHED
    assert "The visit is ended." in text(at) and "visit_begin" in keys(at)


@pytest.mark.parametrize(("until", "watched_s"), [("last", 20), ("now", 30 * 60)])
def test_a_part_that_is_open_ends_when_the_observer_says_that_they_stopped(birch, vera, until, watched_s):
    sitting, start = birch.plans(vera), now_ms() - 30 * MIN
    birch.watches(vera, sitting, start, None, "", "vocalise", "gaze")
    at = opened_by(vera)
    assert "Choose until when you watched." in text(press(at, "visit_end_yes", visit_said="all"))
    press(at, "visit_end_yes", visit_said="all", visit_until=until)

    ((began, ended, attestation),) = said(birch, vera, sitting)
    assert attestation == "all" and ended is not None
    assert abs(ended - began - watched_s * 1000) < 60_000 * (until == "now") + 1


def test_an_open_part_without_a_moment_can_be_left_out(birch, vera):
    sitting, start = birch.plans(vera), now_ms() - 30 * MIN
    birch.watches(vera, sitting, start, 5, "paused", "gaze")
    birch.watches(vera, sitting, start + 10 * MIN, None)
    press(opened_by(vera), "visit_end_yes", visit_said="all", visit_until="last")

    assert said(birch, vera, sitting)[1] == (start + 10 * MIN, start + 10 * MIN, "all")


def test_a_plan_that_nobody_began_with_is_taken_back(birch, vera):
    birch.plans(vera)
    at = press(opened_by(vera), "visit_discard_yes")

    assert birch.visits(vera) == []
    assert "Discarded." in text(at) and "visit_begin" in keys(at)


def test_a_visit_that_was_begun_is_discarded_part_by_part_and_stays_on_record(birch, vera):
    sitting, start = birch.plans(vera), now_ms() - 60 * MIN
    birch.watches(vera, sitting, start, 4, "paused")
    birch.watches(vera, sitting, start + 10 * MIN, None)
    at = press(opened_by(vera), "visit_discard_yes")

    assert [attestation for *_t, attestation in said(birch, vera, sitting)] == ["discarded", "discarded"]
    assert birch.visits(vera)[0].progress is Progress.DISCARDED
    assert "<td>discarded</td>" in text(at)


@pytest.mark.parametrize("button", ["visit_end_yes", "visit_discard_yes"])
def test_a_visit_that_the_tablet_ended_meanwhile_is_not_written_over(birch, vera, button):
    sitting, start = birch.plans(vera), now_ms() - 60 * MIN
    part = birch.watches(vera, sitting, start, None)
    at = opened_by(vera)
    ends(birch, vera, part, start + 9 * MIN)
    told = text(press(at, button, visit_said="some", visit_until="now"))

    assert "This visit has gone on since the page was drawn" in told
    assert said(birch, vera, sitting) == [(start, start + 9 * MIN, "all")]


def ends(place: Home, who: Member, part: UUID, at_ms: int) -> None:
    item = place._sent(who, at_ms, type="window_end", window=str(part), ended_ms=at_ms, attestation="all")
    assert not ingest(place.store, viewer(place.store, who), [item], now_ms()).refused


def test_a_colleagues_visit_can_be_seen_in_the_list_but_neither_ended_nor_discarded(birch, vera, una):
    sitting, start = birch.plans(una), now_ms() - 60 * MIN
    birch.watches(una, sitting, start, 4, "paused", "gaze")
    at = opened_by(vera)

    assert not {"visit_end_yes", "visit_discard_yes"} & keys(at) and "visit_begin" in keys(at)
    assert "<td>Una</td><td>paused</td>" in text(at)


def test_writing_in_a_colleagues_visit_is_refused_also_past_the_page(birch, vera, una):
    sitting, start = birch.plans(una), now_ms() - 60 * MIN
    birch.watches(una, sitting, start, 4, "paused", "gaze")
    theirs = birch.visits(vera)[0]
    shell = shell_of(birch, vera)

    assert end(shell, theirs, Attestation.ALL) and take_back(shell, theirs)
    assert said(birch, una, sitting) == [(start, start + 4 * MIN, "paused")]


def shell_of(place: Home, who: Member) -> Shell:
    me = viewer(place.store, who)
    (child,) = children(place.store, me, place.family)
    return Shell(place.store, me, place.family, "Birch", child, me.at, palette.DAY)


# --- Afterwards --------------------------------------------------------------------------------------------


def test_after_a_visit_its_notes_come_first_and_are_kept_under_it(birch, vera):
    sitting = birch.plans(vera)
    birch.watches(vera, sitting, now_ms() - 30 * MIN, 10, "all", "gaze")
    at = opened_by(vera)
    assert at.subheader[0].value.startswith("After the visit on")
    assert f"/ratings?family={birch.family}&amp;child={birch.child}&amp;visit={sitting}" in text(at)

    next(one for one in at.text_area if "agreed" in one.key).set_value("A calmer corner to feed in")
    run(at)
    assert "A calmer corner to feed in" in [one.value for one in opened_by(vera).text_area]
    told = text(press(at, "visit_notes"))

    (kept,) = ratings.read(birch.store, viewer(birch.store, vera), birch.family, birch.child, "visit_record")
    assert (kept.window, kept.child) == (sitting, birch.child)
    assert kept.answers == {"agreed": "A calmer corner to feed in"}
    assert "Your notes were kept" in told and "visit_notes" not in keys(at)


def test_notes_without_an_answer_are_not_kept(birch, vera):
    sitting = birch.plans(vera)
    birch.watches(vera, sitting, now_ms() - 30 * MIN, 10)
    told = text(press(opened_by(vera), "visit_notes"))

    assert "Nothing is answered yet" in told
    assert ratings.read(birch.store, viewer(birch.store, vera), birch.family) == []


def test_without_a_consent_to_ratings_no_notes_are_asked_for(store):
    ines = visitor("Ines")
    elm = home(store, "Elm", "Mio", ines)
    elm.lets_in(ines, LOOKING | {Action.OBSERVE})
    sitting = elm.plans(ines)
    elm.watches(ines, sitting, now_ms() - 30 * MIN, 10)
    at = opened_by(ines)

    assert "visit_notes" not in keys(at) and "/ratings" not in text(at) and "/sessions" in text(at)


def test_the_list_tells_who_watched_how_long_how_it_ended_and_what_was_coded_twice(birch, vera, una):
    start = now_ms() - 3 * 24 * 60 * MIN
    first = birch.plans(una)
    birch.watches(una, first, start, 10, "most", "gaze")
    again = birch.plans(vera, codes_again=first, from_recording=True)
    birch.watches(vera, again, start + 60 * MIN, 6, "all", "gaze")
    birch.watches(vera, again, start + 70 * MIN, 4, "all", "gaze")
    told = text(opened_by(vera))

    assert "<td>10 min in one go</td><td>Una</td><td>most of it coded</td><td>by you</td>" in told
    assert "<td>10 min in 2 parts</td><td>you</td><td>all of it coded</td><td>codes the one of" in told
    assert "/agreement?" in told


def test_nothing_yet_is_a_sentence(birch, vera):
    assert "No visit to Ilo yet." in text(opened_by(vera))


def test_what_is_typed_by_people_is_shown_as_text_and_never_as_markup(store):
    ines = visitor("Ines")
    home(store, "<b>Elm</b>", "<i>Mio</i>", ines).lets_in(ines)
    at = opened_by(ines)
    html = " ".join(one.proto.body for one in at.get("html"))

    assert "<b>Elm" not in html and "<i>Mio" not in html and "&lt;b&gt;Elm" in html


def test_every_observers_tool_is_offered_and_nothing_that_parents_use():
    offered = words.tools()

    assert {"free_play.v1", "engagement.v1", "feeding.v1", "strange_situation.v1"} <= set(offered)
    assert not {"home_moments.v1", "bedtime_night.v1", "phq2.v1"} & set(offered)


def test_the_windows_of_an_ended_visit_carry_what_was_said(birch, vera):
    sitting, start = birch.plans(vera), now_ms() - 60 * MIN
    birch.watches(vera, sitting, start, 4, "paused", "gaze")
    press(opened_by(vera), "visit_end_yes", visit_said="all")
    log = windows.load(birch.store, viewer(birch.store, vera), birch.family, birch.child)

    assert log["attestation"].tolist() == ["all"] and log["author"].tolist() == [str(vera.id)]
