"""The caseload: every family that lets somebody in, facts about its log, what waits. Never a ranking."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from caregiving.indices import Estimate
from caregiving.people import Action, Role
from caregiving.rows import Row, five_rows
from caregiving.screens import caseload as page
from caregiving.screens._caseload_due import about, form_name
from caregiving.screens._caseload_facts import nearest
from caregiving.screens._pages import pages
from caregiving.store import drafts, events
from caregiving.store.drafts import Draft
from caregiving.store.engine import Store
from caregiving.store.people import Child, Member, add_child
from caregiving.trends.named import short_day
from tests.screens.visited_homes import MIN, Home, home, now_ms, viewer, visitor


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A day of the tests is never about to begin or to end."""
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def vera() -> Member:
    return visitor("Vera")


@pytest.fixture
def birch(store: Store, vera: Member) -> Home:
    """Birch lets Vera observe Ilo."""
    found = home(store, "Birch", "Ilo", vera)
    found.lets_in(vera)
    return found


def alone(member: str, asked: dict[str, str]) -> None:
    """The page on its own, for one person, with what the address asks for at first."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import caseload
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    if "test_began" not in st.session_state:
        st.session_state["test_began"] = True
        for name, value in asked.items():
            st.query_params[name] = value
    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        caseload.show(shell)


def opened_by(who: Member, **asked: str) -> AppTest:
    at = AppTest.from_function(alone, kwargs={"member": str(who.id), "asked": asked}, default_timeout=90)
    at.run()
    assert not at.exception, at.exception
    return at


def text(at: AppTest) -> str:
    return " ".join([at.title[0].value, *(one.proto.body for one in at.get("html"))])


def of(at: AppTest, child: str) -> str:
    """Return the block of one child."""
    blocks = text(at).split('<section class="cg-case">')[1:]
    return next(block for block in blocks if f">{child}</a>" in block or f"<h2>{child}<" in block)


# --- Who is listed -----------------------------------------------------------------------------------------


def test_the_page_is_the_first_one_of_a_home_visitor_and_of_nobody_else():
    assert {Role.HOME_VISITOR} == page.ROLES
    assert next(one for one in pages() if Role.HOME_VISITOR in one.ROLES) is page


def test_families_stand_in_alphabetical_order_whatever_their_logs_hold(store, vera):
    for alias, child, days in (("elm", "Mio", 0), ("Birch", "Ilo", 3), ("Cedar", "Ada", 1)):
        place = home(store, alias, child, vera)
        place.lets_in(vera)
        for ago in range(1, days + 1):
            place.logs(ago)
    told = text(opened_by(vera))

    assert told.index("Birch") < told.index("Cedar") < told.index("elm")


def test_a_family_whose_consent_ended_is_not_listed(store, birch, vera):
    cedar = home(store, "Cedar", "Mio")
    given = cedar.lets_in(vera)
    assert "Mio" in text(opened_by(vera))
    cedar.ends(given)
    told = text(opened_by(vera))

    assert "Ilo" in told and "Mio" not in told and "Cedar" not in told


def test_a_visitor_whom_no_family_let_in_sees_nothing(store, birch):
    una = visitor("Una")
    home(store, "Cedar", "Mio", una)

    assert opened_by(una).title[0].value == "nothing to see"


def test_every_child_of_a_family_has_its_own_lines_and_leads_to_its_own_page(birch, vera):
    twin = Child(id=uuid4(), alias="Oda", colour="#9A5700")
    parent = viewer(birch.store, Member(id=birch.parent, alias="Parent", role=Role.PARENT))
    add_child(birch.store, parent, birch.family, twin)
    at = opened_by(vera)

    assert f'href="/family?family={birch.family}&amp;child={birch.child}"' in of(at, "Ilo")
    assert f'href="/family?family={birch.family}&amp;child={twin.id}"' in of(at, "Oda")
    assert "11 weeks old" in of(at, "Ilo") and "age not entered" in of(at, "Oda")


def test_what_people_typed_is_shown_as_text(store, vera):
    home(store, "<b>Elm</b>", "<i>Mio</i>", vera).lets_in(vera)
    told = " ".join(one.proto.body for one in opened_by(vera).get("html"))

    assert "<b>Elm" not in told and "<i>Mio" not in told and "&lt;i&gt;Mio" in told


# --- What the consent covers -------------------------------------------------------------------------------


def test_without_a_consent_to_figures_only_how_the_record_is_kept_is_told(store, vera):
    cedar = home(store, "Cedar", "Mio", vera)
    cedar.lets_in(vera, frozenset({Action.SEE_PEOPLE, Action.SEE_QUALITY}))
    cedar.logs(1)
    told = of(opened_by(vera), "Mio")

    assert "30 min watched on 1 day" in told
    assert "Figures are not part of what the family shares with you." in told
    assert "Last visit" not in told and "Responsiveness" not in told
    assert f'href="/quality?family={cedar.family}' in told


def test_without_a_consent_to_the_people_no_age_is_told(store, vera):
    cedar = home(store, "Cedar", "Mio", vera)
    cedar.lets_in(vera, frozenset({Action.SEE_QUALITY}))

    assert "weeks old" not in text(opened_by(vera)) and "age not entered" not in text(opened_by(vera))


def test_without_a_consent_to_the_log_nothing_of_it_is_read(store, vera, monkeypatch):
    cedar = home(store, "Cedar", "Mio", vera)
    cedar.logs(1)
    cedar.lets_in(vera, frozenset({Action.SEE_PEOPLE}))
    monkeypatch.setattr(events, "load", lambda *_a, **_k: pytest.fail("the log was read"))
    told = of(opened_by(vera), "Mio")

    assert "The family has not agreed to share its log with you." in told
    assert "watched" not in told and "href" not in told.split("</h2>")[0]


def test_a_consent_that_shrinks_takes_what_was_kept_away(store, vera):
    cedar = home(store, "Cedar", "Mio", vera)
    whole = cedar.lets_in(vera)
    cedar.lets_in(vera, frozenset({Action.SEE_PEOPLE, Action.SEE_QUALITY}))
    cedar.logs(1)
    assert "have enough to show a figure" in of(opened_by(vera), "Mio")
    cedar.ends(whole)

    assert "have enough to show a figure" not in of(opened_by(vera), "Mio")


# --- The facts ---------------------------------------------------------------------------------------------


def test_watched_time_days_and_cues_of_four_weeks_are_told_as_they_are(birch, vera):
    for ago in (1, 2, 40):  # the last one lies before the four weeks
        birch.logs(ago, minutes=45, cues=4)
    told = of(opened_by(vera), "Ilo")

    assert "1 h 30 min watched on 2 days, 8 cues; last logged" in told  # 2 x 45 min, 2 x 4 cues


def test_a_log_without_anything_in_four_weeks_still_says_when_it_was_written_last(birch, vera):
    birch.logs(40)
    told = of(opened_by(vera), "Ilo")

    assert f"nobody watched; last logged {_day(40)}" in told
    assert "Nothing was logged for 40 days" in told


def test_the_last_visit_is_told_of_oneself_and_of_anybody_and_a_recording_is_no_visit(store, birch, vera):
    una = visitor("Una")
    home(store, "Cedar", "Mio", una)
    birch.lets_in(una)
    day = 24 * 60 * MIN
    own = birch.plans(vera)
    birch.watches(vera, own, now_ms() - 9 * day, 10, "all", "gaze")
    theirs = birch.plans(una)
    birch.watches(una, theirs, now_ms() - 4 * day, 10, "all", "gaze")
    again = birch.plans(vera, codes_again=theirs, from_recording=True)
    birch.watches(vera, again, now_ms() - 2 * day, 10, "all", "gaze")
    gone = birch.plans(vera)
    birch.watches(vera, gone, now_ms() - day, 10, "discarded", "gaze")
    told = of(opened_by(vera), "Ilo")

    assert f"{_day(9)}, by you; {_day(4)}, by another observer" in told
    assert "2 coded sessions in the last 28 days, 1 of them coded by two observers" in told


def _day(ago: int) -> str:
    """Return the family's day of that moment; it begins at 6 in the morning."""
    then = datetime.now(UTC) - timedelta(days=ago, hours=6)
    return short_day(then.date().isoformat(), weekday=True)


def test_a_family_that_nobody_visited_or_logged_for_is_told_in_sentences(birch, vera):
    told = of(opened_by(vera), "Ilo")

    assert "<dd>none yet</dd>" in told and "<dd>nothing was logged yet</dd>" in told
    assert "0 of 5 have enough to show a figure" in told


def row(key: str, *gates: str | None) -> Row:
    """Return a row of the guidance with one figure for each gate; None is a figure that is shown."""
    bare = next(one for one in five_rows() if one.key == key)
    figures = tuple(
        Estimate("median", 7.0 if gate is None else float("nan"), 5, "s", "demo", gate=gate) for gate in gates
    )
    return Row(**{**bare.__dict__, "figures": figures})


def test_the_nearest_figure_is_the_one_of_which_most_is_there_in_rows_that_show_none():
    rows = [
        row("sensitivity", "needs 15 more cues (5 of 20)"),  # a quarter
        row(
            "responsiveness", "needs 2 more cues (8 of 10) and 3 more days (1 of 4)"
        ),  # the scarcer: a quarter
        row("consistency", "needs 3 more days (4 of 7)"),  # four sevenths
        row("availability", None, "needs 1 more cue (19 of 20)"),  # shows a figure already
    ]

    told = (
        "Consistency of care, usual wait: 3 more logged days and this picture can be drawn (4 of 7 so far)."
    )
    assert nearest(rows) == told
    assert nearest(rows[:2]).startswith("Parental sensitivity")  # alike: the first one
    assert nearest(rows[3:]) == ""


def test_where_nothing_can_be_counted_the_sentence_of_the_first_row_stands():
    assert nearest([row("attachment", "no sort by a trained observer was entered")]).startswith(
        "Attachment security: No sort by a trained observer"
    )


# --- What waits --------------------------------------------------------------------------------------------


def steady(place: Home) -> Home:
    """Log a little yesterday, so that nothing waits for that."""
    place.logs(1)
    return place


def test_where_nothing_waits_it_says_so(birch, vera):
    steady(birch)
    at = opened_by(vera)

    assert at.title[0].value == "Nothing waits with Ilo"
    assert "<li>" not in of(at, "Ilo")


def test_an_unfinished_visit_waits_and_leads_to_it(birch, vera):
    birch.watches(vera, birch.plans(vera), now_ms() - 20 * MIN, 5, "paused", "gaze")
    told = of(opened_by(vera), "Ilo")

    assert "Your visit is not finished: Free play, ten minutes" in told and "paused." in told
    assert f'<li><a href="/visit?family={birch.family}&amp;child={birch.child}"' in told


def test_a_colleagues_unfinished_visit_does_not_wait_with_me(store, birch, vera):
    una = visitor("Una")
    home(store, "Cedar", "Mio", una)
    birch.lets_in(una)
    birch.watches(una, birch.plans(una), now_ms() - 20 * MIN, 5, "paused", "gaze")

    assert "is not finished" not in of(opened_by(vera), "Ilo")
    assert "is not finished" in of(opened_by(una), "Ilo")


def test_half_filled_forms_wait_each_where_it_is_gone_on_with(birch, vera):
    me, sitting = viewer(birch.store, vera), birch.plans(vera)
    birch.watches(vera, sitting, now_ms() - 20 * MIN, 5, "all", "gaze")
    for form, content, whose in (
        ("rating_sensitivity_rating.v1", {"sensitivity": 5}, sitting),
        ("rating_visit_record.v1", {"agreed": "tea"}, sitting),
        ("sort_attachment_qsort.v1", {"moves": 3}, birch.child),
        ("rating_emotional_availability.v1", {"structuring": None}, birch.child),
    ):
        drafts.save_draft(birch.store, me, form, content, now_ms(), family=birch.family, about=whose)
    told = of(opened_by(vera), "Ilo")

    whose = f"?family={birch.family}&amp;child={birch.child}"
    assert f'href="/ratings{whose}" target="_self">Begun and not sent: Sensitivity rating, 1 to 9.' in told
    assert f'href="/visit{whose}" target="_self">Begun and not sent: Record of a visit.' in told
    assert f'href="/sort{whose}" target="_self">Begun and not sent: Attachment Q-sort, 90 cards.' in told
    assert "Emotional availability, record" not in told  # nothing is filled in


def test_a_form_stands_with_the_child_that_it_is_about_and_else_with_the_first():
    ilo, oda, visit_to_oda, rating = (UUID(int=n) for n in range(1, 5))
    whose = {ilo: ilo, oda: oda, visit_to_oda: oda}
    begun = [Draft(str(n), {"a": 1}, 0, what) for n, what in enumerate((ilo, visit_to_oda, rating, None))]

    assert [one.form for one in about(begun, ilo, whose, rest=True)] == ["0", "2", "3"]
    assert [one.form for one in about(begun, oda, whose, rest=False)] == ["1"]


def test_a_form_that_nobody_knows_any_more_is_still_told():
    assert form_name("rating_long_gone.v1") == "a form"


@pytest.mark.parametrize(("days", "told"), [(13.5, True), (20, False)])
def test_a_consent_that_ends_within_two_weeks_waits(store, vera, days, told):
    cedar = steady(home(store, "Cedar", "Mio", vera))
    cedar.lets_in(vera, days=days)

    assert ("What the family agreed to ends on" in of(opened_by(vera), "Mio")) is told


@pytest.mark.parametrize(("ago", "told"), [(8, True), (3, False)])
def test_a_week_without_anything_logged_waits(birch, vera, ago, told):
    birch.logs(ago)

    assert ("Nothing was logged for" in of(opened_by(vera), "Ilo")) is told


def test_another_observers_session_waits_for_a_second_coding_until_it_has_one(store, birch, vera):
    una = visitor("Una")
    home(store, "Cedar", "Mio", una)
    birch.lets_in(una)
    first = birch.plans(una)
    birch.watches(una, first, now_ms() - 60 * MIN, 10, "all", "gaze", "vocalise")
    waits = "1 session of another observer waits for a second coding, which can be yours."

    assert waits in of(opened_by(vera), "Ilo") and waits not in of(opened_by(una), "Ilo")
    again = birch.plans(vera, codes_again=first, from_recording=True)
    birch.watches(vera, again, now_ms() - 20 * MIN, 10, "all", "gaze", "vocalise")
    assert "waits for a second coding" not in of(opened_by(vera), "Ilo")


def test_the_address_keeps_that_only_those_are_shown_where_something_waits(store, birch, vera):
    steady(home(store, "Cedar", "Mio")).lets_in(vera)
    whole, waiting = opened_by(vera), opened_by(vera, which="waiting")

    assert whole.title[0].value == "Something waits with 1 of 2 children" == waiting.title[0].value
    assert "Mio" in text(whole) and "Mio" not in text(waiting) and "Ilo" in text(waiting)


# --- No verdict, and no waiting ----------------------------------------------------------------------------


def test_the_page_judges_nobody_and_puts_nobody_before_another(store, birch, vera):
    steady(home(store, "Cedar", "Mio")).lets_in(vera)
    told = text(opened_by(vera)).lower()
    words = set(told.replace(",", " ").replace(".", " ").replace("<", " ").replace(">", " ").split())

    assert not words & {
        "good",
        "bad",
        "poor",
        "normal",
        "insecure",
        "better",
        "worse",
        "rank",
        "score",
        "risk",
    }


def test_what_was_counted_is_kept_so_that_no_log_is_read_twice(store, birch, vera, monkeypatch):
    steady(birch)
    steady(home(store, "Cedar", "Mio")).lets_in(vera)
    before = text(opened_by(vera))
    read: list[Any] = []
    load = events.load
    monkeypatch.setattr(events, "load", lambda *a, **k: read.append(a) or load(*a, **k))

    assert text(opened_by(vera)) == before and read == []
    birch.logs(0)
    assert text(opened_by(vera)) != before
    assert len(read) == 1  # one pass over the one log that changed


def test_observing_alone_still_tells_of_the_visits(store, vera):
    cedar = home(store, "Cedar", "Mio", vera)
    cedar.lets_in(vera, frozenset({Action.OBSERVE, Action.SEE_PEOPLE}))
    cedar.watches(vera, cedar.plans(vera), now_ms() - 24 * 60 * MIN, 10, "all", "gaze")
    told = of(opened_by(vera), "Mio")

    assert f"{_day(1)}, by you" in told and "has not agreed to share its log" in told
