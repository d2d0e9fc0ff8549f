"""Somebody who may look at several children sees whose page it is, and never another one's by accident."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from streamlit.testing.v1 import AppTest

from caregiving.people import Action, Consent, Role
from caregiving.screens._frame import MOST_CHIPS
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of

LOOK = frozenset({Action.SEE_TIMELINE, Action.SEE_PATTERNS, Action.SEE_PEOPLE})
VERA = Member(id=uuid4(), alias="Vera", role=Role.HOME_VISITOR)


def family_of(store: Store, parent: str, *babies: str) -> dict[str, UUID]:
    """Found a family that lets Vera look in; return its children by name."""
    family, now = uuid4(), datetime.now(UTC)
    one = Member(id=uuid4(), alias=parent, role=Role.PARENT, own_family=family)
    born = {name: Child(id=uuid4(), alias=name, colour="#9A5700") for name in babies}
    found_household(
        store, family, f"Family of {parent}", 0, [one, VERA],
        [Caregiver(id=uuid4(), alias=parent)], list(born.values()),
    )  # fmt: skip
    consent = Consent(
        id=uuid4(), family=family, member=VERA.id, scope=LOOK, purpose="visits", given_by=one.id,
        valid_from=now - timedelta(days=1), valid_until=now + timedelta(days=30),
    )  # fmt: skip
    give_consent(store, viewer_of(store, one.id, now), consent)
    return {"family": family} | {name: child.id for name, child in born.items()}


def framed(member: str) -> None:
    """The frame around every page, for one person, with the name of the child under it."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import _frame
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    assert shell is not None
    _frame.head(shell)
    st.title(shell.child.alias)


def opened_as(member: UUID, **asked: object) -> AppTest:
    at = AppTest.from_function(framed, kwargs={"member": str(member)}, default_timeout=30)
    for name, value in asked.items():
        at.query_params[name] = str(value)
    at.run()
    assert not at.exception, at.exception
    return at


def choices(page: AppTest) -> str:
    return next((b.value for b in page.get("html") if "Which child" in str(b.value)), "")


def test_whoever_may_look_at_one_child_is_offered_no_choice(store):
    family_of(store, "Ada", "Juno")
    page = opened_as(VERA.id)

    assert page.title[0].value == "Juno"
    assert choices(page) == "" and not page.query_params


def test_several_children_can_be_chosen_and_the_address_says_which_one_is_shown(store):
    ada, bea = family_of(store, "Ada", "Juno", "Kit"), family_of(store, "Bea", "Lio")
    first = opened_as(VERA.id)
    asked = opened_as(VERA.id, family=bea["family"], child=bea["Lio"])

    assert (first.title[0].value, asked.title[0].value) == ("Juno", "Lio")
    assert first.query_params["child"] == str(ada["Juno"])
    assert all(name in choices(first) for name in ("Juno", "Kit", "Lio", "Family of Bea"))


def test_another_page_without_the_address_still_shows_the_child_that_was_looked_at(store):
    bea = family_of(store, "Bea", "Lio")
    family_of(store, "Ada", "Juno")
    page = opened_as(VERA.id, child=bea["Lio"])
    page.query_params.clear()
    page.run()

    assert page.title[0].value == "Lio"
    assert page.query_params["child"] == str(bea["Lio"])


def test_a_child_that_one_may_not_see_is_not_shown_whatever_the_address_says(store):
    family_of(store, "Ada", "Juno")
    hidden = Child(id=uuid4(), alias="Ilo", colour="#5B4B8A")
    found_household(store, uuid4(), "Hidden", 0, [], [], [hidden])
    page = opened_as(VERA.id, child=hidden.id)

    assert page.title[0].value == "Juno"
    assert "Ilo" not in choices(page)


def test_with_many_families_the_choice_is_made_on_the_caseload_page(store):
    for number in range(MOST_CHIPS + 1):
        family_of(store, f"Parent {number}", f"Baby {number}")

    assert choices(opened_as(VERA.id)) == ""
