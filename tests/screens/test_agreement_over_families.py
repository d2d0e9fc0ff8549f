"""From month to month over all families: whose sessions count, what is said of a pair, what of nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from caregiving.people import Action
from caregiving.screens import _agreement_families
from caregiving.store.engine import Store
from caregiving.store.people import Member
from tests.screens.test_agreement_page import address, page, said
from tests.screens.visited_homes import LOOKING, OBSERVING, Home, home, visitor

ENGAGEMENT = "engagement.v1"
MAY, JULY = (int(datetime(2026, month, 4, 10, tzinfo=UTC).timestamp() * 1000) for month in (5, 7))
DAY_MS = 24 * 3_600_000


@pytest.fixture(autouse=True)
def august() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 8, 3, 12, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def noor() -> Member:
    return visitor("Noor")


@pytest.fixture
def ines() -> Member:
    return visitor("Ines")


@pytest.fixture
def birch(store: Store, noor: Member, ines: Member) -> Home:
    """Birch lets Noor and Ines observe Ilo."""
    return let_in(home(store, "Birch", "Ilo", noor, ines), noor, ines)


def let_in(place: Home, *observers: Member) -> Home:
    for one in observers:
        place.lets_in(one)
    return place


def twice(place: Home, start_ms: int, one: Member, other: Member, wrong: int = 0) -> None:
    """Two observers code ten minutes with 56 smiles and reaches in turn; the other one has some wrong."""
    codes = ["smile", "reach"] * 28
    theirs = [codes[(at + (at % 5 == 0 and at // 5 < wrong)) % 2] for at in range(56)]
    for who, coded in ((one, codes), (other, theirs)):
        sitting = place.plans(who, instrument=ENGAGEMENT)
        place.watches(who, sitting, start_ms, 10, "all", *coded, instrument=ENGAGEMENT)


def course(place: Home, one: Member, other: Member, july_wrong: int) -> None:
    """Two sessions in May that are alike, two in July with some wrong."""
    for start_ms, wrong in ((MAY, 0), (JULY, july_wrong)):
        for later in (0, 2 * DAY_MS):
            twice(place, start_ms + later, one, other, wrong)


def seen(who: Member, place: Home, **more: str) -> AppTest:
    return page(who.id, family=str(place.family), **more)


def told_of(at: AppTest) -> str:
    """Everything that stands on the page in words, single-spaced."""
    return " ".join(said(at).replace(" :", ":").split())


def charts(at: AppTest) -> list[str]:
    """What the pictures of the months tell those who cannot see them."""
    return [one.proto.alt for one in at.get("plotly_chart") if "kappa" in one.proto.alt]


# --- whose sessions count ----------------------------------------------------------------------------------


def test_sessions_of_two_families_make_one_course_also_on_the_page_of_a_child_without_any(
    store, birch, noor, ines
):
    cedar = let_in(home(store, "Cedar", "Mio"), noor, ines)
    elm = let_in(home(store, "Elm", "Oda"), noor, ines)
    for start_ms, wrong in ((MAY, 0), (JULY, 10)):
        twice(birch, start_ms, noor, ines, wrong)
        twice(cedar, start_ms + DAY_MS, noor, ines, wrong)
    at = seen(noor, elm)
    text = told_of(at)

    assert at.title[0].value == "No session with Oda has been coded twice yet"
    assert "4 sessions coded twice, in 2 families that you may see." in text
    # Moment by moment: all alike in May; 46 of 56 in July, by chance half: (46 / 56 - .5) / .5 = .64.
    assert "Ines and Noor: in July 2026 they agreed less than in May 2026 (.64, was 1.00)." in text
    (told,) = charts(at)
    assert told.count("2 sessions with 2 children") == 2


def test_sessions_of_a_family_that_ended_its_consent_are_not_read(store, birch, noor, ines):
    cedar = home(store, "Cedar", "Mio")
    given = cedar.lets_in(noor)
    cedar.lets_in(ines)
    course(birch, noor, ines, 10)
    course(cedar, noor, ines, 10)
    assert "8 sessions coded twice, in 2 families" in said(seen(noor, birch))
    cedar.ends(given)
    at = seen(noor, birch)

    assert "4 sessions coded twice, in 1 family that you may see." in said(at)
    assert "2 children" not in charts(at)[0]
    assert "8 sessions coded twice, in 2 families" in said(seen(ines, birch))


def test_a_family_that_shares_no_figures_is_not_read(store, birch, noor, ines):
    cedar = home(store, "Cedar", "Mio")
    before = cedar.lets_in(noor)
    cedar.lets_in(ines)
    course(cedar, noor, ines, 10)
    cedar.ends(before)
    cedar.lets_in(noor, OBSERVING - {Action.SEE_PATTERNS})
    course(birch, noor, ines, 0)

    assert "4 sessions coded twice, in 1 family" in said(seen(noor, birch))


def test_where_a_family_does_not_say_who_is_there_its_observers_have_no_name_and_stand_apart(
    store, birch, noor, ines
):
    cedar = home(store, "Cedar", "Mio")
    before = cedar.lets_in(noor)
    cedar.lets_in(ines)
    course(birch, noor, ines, 0)
    course(cedar, noor, ines, 10)
    cedar.ends(before)
    cedar.lets_in(noor, LOOKING - {Action.SEE_PEOPLE})
    at = seen(noor, birch)
    (told,) = charts(at)

    assert "an observer and Noor: in July 2026" in told_of(at)
    assert "Ines and Noor: in July 2026 kappa was 1.00" in told_of(at)
    assert "2 children" not in told
    # The one without a name may be Ines as well, so these are not taken for two pairs of Noor's.
    assert "All pairs" not in labels(at)
    assert "With two observers it cannot be told which of the two changed." in said(at)


def labels(at: AppTest) -> list[str]:
    """What can be chosen on the page, in order."""
    return [option.content for group in at.get("button_group") for option in group.proto.options]


# --- what is said ------------------------------------------------------------------------------------------


def test_one_month_only_says_how_many_more_are_needed(birch, noor, ines):
    twice(birch, MAY, noor, ines)
    at = seen(noor, birch)

    assert "Ines and Noor: 1 more month with enough coded twice, and this picture can be drawn." in told_of(
        at
    )
    assert charts(at) == [] and "which of the two changed" not in said(at)


def test_a_visitor_whose_families_have_nothing_coded_twice_sees_no_months(birch, noor):
    assert "From month to month" not in [one.value for one in seen(noor, birch).subheader]


def test_three_observers_are_listed_in_the_order_of_their_names_and_each_with_their_pairs(store, noor, ines):
    ulla = visitor("Ulla")
    fir = let_in(home(store, "Fir", "Ava", noor, ines, ulla), noor, ines, ulla)
    course(fir, noor, ulla, 0)
    for later in (0, 2 * DAY_MS):
        twice(fir, MAY + later + DAY_MS, ines, ulla, 0)
        twice(fir, JULY + later + DAY_MS, ines, ulla, 11)
    at = seen(noor, fir)
    text = told_of(at)

    assert text.index("Ines and Ulla: in July") < text.index("Noor and Ulla: in July")
    assert "A change in all pairs of one observer and in no other pair may come from this observer." in text
    assert "With two observers" not in text
    assert [name for name in labels(at) if name in ("All pairs", "Ines", "Noor", "Ulla")] == [
        "All pairs",
        "Ulla",
    ]

    at = seen(noor, fir, observer=str(ulla.id))
    assert "These are the pairs with Ulla." in said(at)
    assert address(at, "observer") == str(ulla.id)
    assert seen(noor, fir, observer="nobody").title[0].value == seen(noor, fir).title[0].value


def test_what_observers_are_called_is_shown_as_text(store, noor):
    odd = visitor("<b>Odd</b>")
    fir = let_in(home(store, "Fir", "Ava", noor, odd), noor, odd)
    course(fir, noor, odd, 0)
    bodies = " ".join(one.proto.body for one in seen(noor, fir).get("html"))

    assert "<b>Odd" not in bodies and "&lt;b&gt;Odd" in bodies


def test_how_it_is_counted_says_what_the_months_cannot_say(birch, noor, ines):
    course(birch, noor, ines, 10)
    at = seen(noor, birch)
    at.session_state[f"drift_{ENGAGEMENT}_more"] = "how"
    text = said(at.run())

    assert not at.exception
    assert "the tallies of all sessions that two observers coded in a month are added up" in text
    assert "What the months cannot say: why." in text


# --- kept --------------------------------------------------------------------------------------------------


def test_a_family_is_compared_again_only_when_something_was_stored_there(
    store, birch, noor, ines, monkeypatch
):
    cedar = let_in(home(store, "Cedar", "Mio"), noor, ines)
    twice(birch, MAY, noor, ines)
    twice(cedar, MAY, noor, ines)
    asked: list[str] = []
    plain = _agreement_families.coded_twice
    monkeypatch.setattr(
        _agreement_families, "coded_twice", lambda shell: asked.append(shell.child.alias) or plain(shell)
    )
    seen(noor, birch)
    assert sorted(asked) == ["Ilo", "Mio"]
    seen(noor, birch)
    assert sorted(asked) == ["Ilo", "Mio"]
    twice(cedar, JULY, noor, ines)
    assert "3 sessions coded twice, in 2 families" in said(seen(noor, birch))
    assert sorted(asked) == ["Ilo", "Mio", "Mio"]
