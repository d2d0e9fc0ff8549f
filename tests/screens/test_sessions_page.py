"""The page of coded sessions: what is there, what is still needed, who may see it, and what lies behind."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import settings as knobs
from caregiving.coded.looks import VIEWS
from caregiving.people import Action, Consent, Role
from caregiving.screens import sessions
from caregiving.settings import Settings
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store, opened
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from sample_data.play import items

FAMILY, ADA, NOOR, JUNO, ADA_CARES = (uuid4() for _ in range(5))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    monkeypatch.setenv("CAREGIVING_FOLDER", str(tmp_path))
    monkeypatch.setenv("CAREGIVING_MODE", "demo")
    knobs.settings.cache_clear()
    opened.cache_clear()
    ready = opened(Settings().database)
    found_household(
        ready,
        FAMILY,
        "an invented household",
        0,
        [
            Member(id=ADA, alias="Ada", role=Role.PARENT, own_family=FAMILY, caregiver=ADA_CARES),
            Member(id=NOOR, alias="Noor", role=Role.HOME_VISITOR),
        ],
        [Caregiver(id=ADA_CARES, alias="Ada")],
        [Child(id=JUNO, alias="Juno", colour="#9A5700")],
    )
    yield ready
    ready.close()
    knobs.settings.cache_clear()
    opened.cache_clear()


@pytest.fixture
def coded(store: Store) -> Store:
    now = datetime.now(UTC)
    ada = viewer_of(store, ADA, now)
    sent = items(FAMILY, JUNO, ADA, ADA_CARES, now.date() - timedelta(days=14), "Europe/Berlin", "page", 7)
    assert ingest(store, ada, sent, int(now.timestamp() * 1000)).refused == ()
    return store


def agree(store: Store, *scope: Action) -> None:
    now = datetime.now(UTC)
    consent = Consent(
        id=uuid4(),
        family=FAMILY,
        member=NOOR,
        scope=frozenset(scope),
        purpose="home visits",
        given_by=ADA,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )
    give_consent(store, viewer_of(store, ADA, now), consent)


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import sessions
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        sessions.show(shell)


def page(member: object = ADA, **address: str) -> AppTest:
    at = AppTest.from_function(alone, kwargs={"member": str(member)}, default_timeout=30)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """Everything that stands on the page in words."""
    pieces = [element.proto.body for element in at.get("html")] + [m.value for m in at.markdown]
    return unescape(re.sub(r"<[^>]+>", " ", " ".join([at.title[0].value, *pieces])))


def drawn(at: AppTest) -> int:
    return len(at.get("plotly_chart"))


def test_a_family_without_a_session_is_told_what_one_is(store):
    at = page()

    assert at.title[0].value == "No session has been coded yet"
    assert (
        "ten minutes in which an observer writes down, moment by moment, what Juno and a grown-up do"
        in said(at)
    )


@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_of_a_session_opens_for_a_parent_and_for_a_visitor(coded, view):
    agree(coded, Action.SEE_PATTERNS, Action.SEE_PEOPLE)
    for member in (ADA, NOOR):
        at = page(member, view=view)

        assert drawn(at) == (view != "turns")
        assert "Juno and Ada" in said(at)


def test_a_visitor_whom_the_family_did_not_agree_to_show_patterns_is_refused(coded):
    agree(coded, Action.SEE_PEOPLE)
    at = AppTest.from_function(alone, kwargs={"member": str(NOOR)}, default_timeout=30).run()

    assert at.exception and not at.title and drawn(at) == 0
    assert {Role.PARENT, Role.HOME_VISITOR} == sessions.ROLES and sessions.ACTION is Action.SEE_PATTERNS


def test_the_newest_session_is_shown_first_and_all_of_one_instrument_can_be_looked_at_together(coded):
    options = page().selectbox[0].options

    assert len(options) == 5 + 2
    assert options[0].endswith("10:30: Engagement of two, ten minutes (10 min)")
    assert options[-2:] == [
        "All 3 together: Engagement of two, ten minutes (30 min)",
        "All 2 together: Free play, ten minutes (20 min)",
    ]


def test_turns_of_one_session_are_withheld_with_what_is_still_needed_and_a_way_to_see_them_together(coded):
    at = page(view="turns")

    assert at.title[0].value == "Taking turns"
    assert "20 more minutes observed and this picture can be drawn (10 of 30 so far)." in said(at)
    assert not re.search(r"\d+ (times|turns) an hour", said(at))

    at.button(key="sessions_together").click().run()

    assert not at.exception and drawn(at) == 1
    assert re.fullmatch(
        r"Voices took turns about \d+ times an hour, likely between \d+ and \d+", at.title[0].value
    )
    assert at.query_params["session"] == "all-engagement.v1"


def test_free_play_has_no_grid_and_says_what_it_would_need(coded):
    at = page(view="state_space", session="all-free_play.v1")

    assert drawn(at) == 0
    assert "needs a session in which what both were doing was coded" in said(at)
    assert not at.button


def test_a_comparison_with_chance_is_withheld_when_every_pair_is_too_rare(coded):
    at = page(view="lag", whose="both")

    assert at.title[0].value == "Compared with chance" and drawn(at) == 0
    assert "chance, which has to expect at least 5 of them" in said(at)
    assert drawn(page(view="lag", whose="both", session="all-engagement.v1")) == 1


def test_the_address_leads_to_the_same_picture_again(coded):
    at = page()
    at.selectbox[0].select_index(5).run()

    assert at.query_params["session"] == "all-engagement.v1"
    again = page(session="all-engagement.v1", view="synchrony", of="object")
    assert again.selectbox[0].value == "all-engagement.v1"
    assert "Juno was ahead by about" in again.title[0].value


def test_a_made_up_address_leads_to_the_newest_session(coded):
    at = page(session="nowhere", view="nothing", whose="nobody")

    assert drawn(at) == 1 and "of 10" in at.title[0].value


@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_says_how_it_is_known_with_its_source_and_what_it_cannot_say(coded, view):
    at = page(view=view, session="all-engagement.v1")
    at.session_state[f"sessions_{view}_more"] = "how"
    at.run()

    assert not at.exception
    assert "One observer coded this" in said(at)
    assert "What it cannot say: " in said(at)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("opened_now", ["table", "moments"])
def test_every_picture_opens_its_table_and_the_moments_behind_it(coded, view, opened_now):
    at = page(view=view, session="all-engagement.v1")
    at.session_state[f"sessions_{view}_more"] = opened_now
    at.run()

    assert not at.exception
    assert any("<td>" in element.proto.body for element in at.get("html"))
    if opened_now == "moments":
        assert "In the session" in said(at) and "and " in said(at)


def test_another_family_sees_nothing_of_them(coded):
    assert drawn(page()) == 1  # now they are kept for this family
    family, ravi = uuid4(), uuid4()
    parent = Member(id=ravi, alias="Ravi", role=Role.PARENT, own_family=family)
    baby = Child(id=uuid4(), alias="Ilo", colour="#9A5700")
    found_household(coded, family, "another household", 0, [parent], [], [baby])

    assert page(ravi).title[0].value == "No session has been coded yet"
    assert "Juno" not in said(page(ravi))


def test_a_session_coded_while_the_page_is_open_is_there_on_the_next_look(coded):
    at, now = page(), datetime.now(UTC)
    ada = viewer_of(coded, ADA, now)
    day = now.date() - timedelta(days=30)
    sent = items(FAMILY, JUNO, ADA, ADA_CARES, day, "Europe/Berlin", "earlier", 8)
    assert ingest(coded, ada, sent, int(now.timestamp() * 1000)).refused == ()
    at.run()

    assert len(at.selectbox[0].options) == 10 + 2


def test_a_session_that_was_not_ended_says_so(store):
    now = datetime.now(UTC)
    ada = viewer_of(store, ADA, now)
    day = now.date() - timedelta(days=14)
    sent = items(FAMILY, JUNO, ADA, ADA_CARES, day, "Europe/Berlin", "page", 7)
    unended = [item for item in sent if item["type"] != "window_end"]
    assert ingest(store, ada, unended, int(now.timestamp() * 1000)).refused == ()

    assert "Nobody ended this session, so it is taken to last until the last moment" in said(page())


def test_no_picture_takes_longer_than_the_bar_once_it_was_seen(coded, measured):
    for view in VIEWS:
        at = page(view=view, session="all-engagement.v1")
        start = perf_counter()
        at.run()
        measured(f"sessions page, {view}, warm: {1000 * (perf_counter() - start):.0f} ms (bar 300 ms)")

        assert not at.exception
