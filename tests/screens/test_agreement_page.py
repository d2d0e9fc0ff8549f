"""The page of agreement: what two observers had alike, what each missed, and what is still needed."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving.people import Action, Role
from caregiving.screens import agreement
from caregiving.store import visits
from caregiving.store.engine import Store
from caregiving.store.people import viewer_of
from caregiving.visits import Visit
from tests.twice.invented_observers import (
    ADA,
    FAMILY,
    INES,
    JUNO,
    NOOR,
    again,
    an_id,
    code,
    code_twice,
    found_home,
    sittings,
)

STEP = r"\d+ of \d+, at"


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import agreement
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        agreement.show(shell)


def page(member: object = NOOR, **address: str) -> AppTest:
    at = AppTest.from_function(alone, kwargs={"member": str(member)}, default_timeout=60)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """Everything that stands on the page in words."""
    pieces = [element.proto.body for element in at.get("html")] + [m.value for m in at.markdown]
    return unescape(re.sub(r"<[^>]+>", " ", " ".join([at.title[0].value, *pieces])))


def address(at: AppTest, name: str) -> str | None:
    """What the address says; a test sets plain words, the page lists of them."""
    value = at.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def button(at: AppTest, label: str):
    return next(one for one in at.button if one.label == label)


@pytest.fixture
def home(store: Store) -> Store:
    found_home(store)
    return store


@pytest.fixture
def coded(home: Store) -> Store:
    """Two sessions of engagement; of one Ines missed a third."""
    found = sittings(14)
    code(home, found[0], an_id("once"))
    code_twice(home, found[1], "a third missed", misses=1 / 3)
    return home


def test_a_family_without_a_session_coded_twice_is_told_what_to_do(home):
    at = page()

    assert at.title[0].value == "No session with Juno has been coded twice yet"
    assert "On the page Visit choose “Code a session again”" in said(at)
    assert not at.get("plotly_chart")


def test_a_session_that_waits_for_its_second_coding_is_named(home):
    found = sittings(14)
    code(home, found[1], an_id("first"))
    now = datetime.now(UTC)
    plan = Visit(
        id=uuid4(), sitting=an_id("waits"), family=FAMILY, child=JUNO, author=INES,
        instrument="engagement.v1", codes_again=an_id("first"), from_recording=True,
        at_ms=int(now.timestamp() * 1000), utc_offset_min=60,
    )  # fmt: skip
    visits.plan(home, viewer_of(home, INES, now), plan)
    day = now.date() - timedelta(days=14 - 3)

    assert f"The session of {day.day} {day:%B} waits for its second coding by" in said(page())
    assert "by Ines." in said(page(INES))


def test_how_much_the_second_observer_missed_is_always_printed_and_kappa_does_not_leave_it_out(coded):
    at = page()
    text = said(at)
    found = re.search(r"Ines missed (\d+) of the (\d+) moments that Noor coded; Noor missed (\d+) of", text)

    assert found, text
    missed, of_noor = int(found[1]), int(found[2])
    assert of_noor * 0.25 < missed < of_noor * 0.45
    assert at.title[0].value.startswith("Noor and Ines had ")
    weakest = re.search(r"Two observers agreed with kappa \.(\d+) in 1 session; \.60 is needed\.", text)
    assert weakest and int(weakest[1]) < 60
    assert "1 of 3 sessions" not in text and "1 of 1 session with “Engagement of two, ten minutes”" in text
    assert "Figures of these sessions are not shown yet (.60)." in text


def test_both_directions_both_tolerances_and_the_moments_are_in_the_table(coded):
    text = said(page())

    for piece in (
        "Noor held against Ines",
        "Ines held against Noor",
        "in time, exactly",
        "in time, within 2 s",
    ):
        assert text.count(piece) >= 2, piece
    assert text.count("moment by moment, within 2 s") == 2
    assert " %" in text


def test_the_differences_are_gone_through_one_by_one_and_the_place_stands_in_the_address(coded):
    at = page()
    assert not re.search(STEP, said(at))
    button(at, "Go through the differences").click().run()
    assert address(at, "step") == "infant-1"
    first = re.search(r"1 of (\d+), at (\d+:\d+): (.+?”)", said(at))
    assert first
    button(at, "Next").click().run()
    assert re.search(rf"2 of {first[1]}, at", said(at))
    button(at, "Previous").click().run()
    assert f"1 of {first[1]}, at {first[2]}" in said(at)
    button(at, "Whole session").click().run()
    assert address(at, "step") is None and not re.search(STEP, said(at))
    assert not at.exception


def test_the_last_difference_has_no_next_one_and_a_wrong_address_does_no_harm(coded):
    at = page(step="infant-9999")
    last = re.search(r"(\d+) of (\d+), at", said(at))

    assert last and last[1] == last[2]
    assert button(at, "Next").disabled
    for wrong in ("infant-x", "nobody-1", "infant", "caregiver-1"):
        assert not re.search(STEP, said(page(step=wrong))), wrong


def test_a_choice_of_several_sessions_and_of_the_grown_up(home):
    found = sittings(14)
    code_twice(home, found[1], "one", misses=0.05)
    code_twice(home, found[2], "two", misses=0.2)
    at = page(pair=str(an_id("one again")), whose="caregiver")

    assert len(at.selectbox) == 1 and at.selectbox[0].value == str(an_id("one again"))
    assert "1 more month with enough coded twice, and this picture can be drawn." in said(at)
    at.selectbox[0].set_value(str(an_id("two again"))).run()
    assert address(at, "pair") == str(an_id("two again")) and not at.exception
    assert "in 2 sessions" in said(at)


def test_two_months_make_a_course_and_a_single_session_a_month_claims_no_change(home):
    code_twice(home, sittings(75, 3, "old")[1], "old", misses=0.05)
    code_twice(home, sittings(14)[1], "new", misses=0.4)
    at = page()
    text = said(at)

    assert "2 sessions coded twice, in 1 family that you may see." in text
    assert re.search(r"Ines and Noor: +in \w+ \d{4} kappa was", text)
    assert "With one session a month it cannot be told from chance." in text
    assert "With two observers it cannot be told which of the two changed." in text
    assert len(at.get("plotly_chart")) == 2


def test_a_second_coding_that_is_not_ended_is_not_compared_and_says_so(home):
    found = sittings(14)
    code(home, found[1], an_id("first"))
    code(home, again(found[1], 5, 0.0)[:3], an_id("second"), codes_again=an_id("first"))

    assert "is compared once Ines has ended the coding." in said(page())


def test_a_coding_from_a_recording_is_compared_and_says_on_which_clock(home):
    code_twice(home, sittings(40)[1], "recorded", misses=0.1, from_recording=True)
    at = page()
    at.session_state["agreement_more"] = "how"
    at.run()
    text = said(at)

    assert not at.exception
    assert "One was coded from a recording: each runs on its own watched time, breaks cut out" in text
    assert "What it cannot say: who of the two was right" in text


def test_the_page_is_for_visitors_whom_the_family_lets_see_patterns(coded):
    assert {Role.HOME_VISITOR} == agreement.ROLES and agreement.ACTION is Action.SEE_PATTERNS
    assert agreement.ORDER > 50
    stranger = AppTest.from_function(alone, kwargs={"member": str(ADA)}, default_timeout=60).run()
    assert not stranger.exception  # a parent may see patterns; the menu leaves the page out by its role
