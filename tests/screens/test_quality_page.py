"""The page on the quality of a record: for those who agreed families let in, about the record and nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from caregiving.charts.heaping import percent
from caregiving.indices import Estimate
from caregiving.people import MAY, Action, Consent, Role
from caregiving.quality import Quality
from caregiving.quality.heaping import Heaping
from caregiving.quality.keeping import Clocks, Days, Ended
from caregiving.quality.ways import Ways
from caregiving.screens import quality as page
from caregiving.screens._quality_checks import checks, logged_line, signed, to_do
from caregiving.store import consents, preferences
from caregiving.store.engine import Store
from caregiving.store.people import Caregiver, Child, Member, found_household, members, viewer_of

VERDICTS = ("good", "bad", "poor", "normal", "secure", "fail", "score", "careless")


def alone(member: str, **address: str) -> None:
    """The page on its own, for one person, under an address."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import quality
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    for name, value in address.items():
        st.query_params[name] = value
    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        quality.show(shell)


def person(store: Store, role: Role) -> str:
    return str(next(m.id for m in members(store) if m.role is role))


def opened_page(member: str, **address: str) -> AppTest:
    at = AppTest.from_function(alone, kwargs={"member": member} | address, default_timeout=60)
    at.run()
    assert not at.exception, at.exception
    return at


def told(at: AppTest) -> str:
    return " ".join([*(one.value for one in at.title), *(one.proto.body for one in at.get("html"))])


def newcomers(store: Store, alias: str = "Birch") -> tuple[UUID, UUID]:
    """Found a family without a log and let the supervisor look; return the family and its parent."""
    family, ada = uuid4(), uuid4()
    parent = Member(id=uuid4(), alias="Noa", role=Role.PARENT, own_family=family, caregiver=ada)
    baby = Child(id=uuid4(), alias="Ilo", colour="#0F6B66")
    found_household(store, family, alias, 0, [parent], [Caregiver(id=ada, alias="Noa")], [baby])
    now = datetime.now(UTC)
    consents.give_consent(
        store,
        viewer_of(store, parent.id, now),
        Consent(
            id=uuid4(),
            family=family,
            member=UUID(person(store, Role.SUPERVISOR)),
            scope=frozenset({Action.SEE_QUALITY}),
            purpose="quality of the record",
            given_by=parent.id,
            valid_from=now - timedelta(days=1),
            valid_until=now + timedelta(days=1),
        ),
    )
    return family, parent.id


def test_the_page_is_for_those_whom_a_family_may_let_see_its_record():
    assert {Role.SUPERVISOR, Role.HOME_VISITOR} == page.ROLES
    assert all((role, page.ACTION) in MAY for role in page.ROLES)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.HOME_VISITOR])
def test_it_opens_for_its_people_and_says_how_much_was_logged(household, role):
    at = opened_page(person(household, role))

    assert at.title[0].value == "Nothing in this record asks for attention now"
    assert "Juno: 14 days logged" in told(at)


@pytest.mark.parametrize("part", ["hours", "rounding", "unlogged", "first", "upkeep"])
def test_every_part_can_be_opened(household, part):
    at = opened_page(person(household, Role.SUPERVISOR), part=part)

    assert len(at.subheader) >= 1
    assert at.header[0].value == "A closer look"


def test_a_supervisor_reads_no_name_but_the_alias_and_no_moment(household):
    everything = " ".join(
        told(opened_page(person(household, Role.SUPERVISOR), part=part))
        for part in ("hours", "rounding", "unlogged", "first", "upkeep")
    )

    assert "Juno" in everything
    assert not any(name in everything for name in ("Ada", "Ravi", "Noor", "cries", "Picks up"))


def test_the_words_are_about_the_record_and_no_verdict(household):
    everything = told(opened_page(person(household, Role.SUPERVISOR))).lower()

    assert not any(word in everything.split() for word in VERDICTS)
    assert "parent" not in everything and "mother" not in everything


def test_a_family_that_logged_nothing_is_greeted_in_a_sentence(household):
    family, _parent = newcomers(household)
    at = opened_page(person(household, Role.SUPERVISOR), family=str(family))

    assert at.title[0].value == "Nothing has been logged yet"
    assert "Birch has no record for Ilo yet" in told(at)


def test_of_several_families_the_address_says_which_and_the_others_are_a_step_away(household):
    birch, _parent = newcomers(household)
    meadow = next(m.own_family for m in members(household) if m.alias == "Ada")
    text = told(opened_page(person(household, Role.SUPERVISOR), family=str(meadow)))

    assert f'href="?family={birch}"' in text and f'href="?family={meadow}"' not in text
    assert "Juno: 14 days logged" in text and "Ilo" not in text


def test_a_name_that_somebody_typed_cannot_become_a_tag(household):
    newcomers(household, alias="<b>Birch</b>")

    assert "&lt;b&gt;Birch" in told(opened_page(person(household, Role.SUPERVISOR)))


def test_without_consent_nothing_is_shown(household):
    stranger = Member(id=uuid4(), alias="Kim", role=Role.SUPERVISOR)
    found_household(household, uuid4(), "elsewhere", 0, [stranger])

    assert opened_page(str(stranger.id)).title[0].value == "nothing to see"


def test_prompts_that_a_parent_asked_for_are_counted(household):
    now = datetime.now(UTC)
    ada = viewer_of(household, UUID(person(household, Role.PARENT)), now)
    week_ago = int((now - timedelta(days=7)).timestamp() * 1000)
    preferences.prefer(household, ada, "prompts_per_day", 3, week_ago)
    text = told(opened_page(person(household, Role.SUPERVISOR)))

    assert "prompts were answered" in text
    assert "Nobody has asked for prompts" not in text


# --- what asks for attention --------------------------------------------------------------------------


def share(value: float, n: int = 100, low: float = 0.0, high: float = 1.0, **more: Any) -> Estimate:
    return Estimate("whole_minutes", value, n, "share", "selective_logging", low, high, **more)


def record(
    *,
    apart: float | None = None,
    rounded: bool = False,
    clocks_apart_s: float = 0.0,
    in_conflict: int = 0,
    logged: int = 14,
) -> Quality:
    """Return a record in which all is well but for what is said."""
    import pandas as pd

    from caregiving.quality.compliance import Compliance

    difference = Estimate(
        "opportunistic_minus_live", apart or 0.0, 200, "points", "selective_logging",
        (apart or 0) - 8, (apart or 0) + 8, gate=None if apart is not None else "there are none",
    )  # fmt: skip
    heaps = share(0.2, low=0.15, high=0.26) if rounded else share(1 / 60, low=0.01, high=0.03)
    tipping = share(0.6)
    weeks = pd.DataFrame({"first_day": ["2026-10-01"], "written": [100], "corrected": [3], "taken_back": [1]})
    return Quality(
        days=Days("2026-10-01", "2026-10-14", logged, 14 - logged, 14 - logged, None, 1),
        watched_s=36_000,
        taps=Heaping("second", (1,) * 60, heaps, 1 / 60),
        memory=Heaping("minute", (0,) * 60, share(float("nan"), 0, gate="nothing was logged"), 0.2),
        prompts=Compliance(share(float("nan"), 0, gate="no prompts"), pd.DataFrame(), 0),
        ways=Ways((difference,), (tipping,), share(0.5), share(0.1), 100),
        early=("2026-10-01", "2026-10-02"),
        without=(),
        hours=(),
        attested=tuple(Ended(name, 3, 30.0) for name in ("all", "most", "some", "open")),
        clocks=Clocks(100, 100, 2, clocks_apart_s, clocks_apart_s, 15.0),
        weeks=weeks,
        in_conflict=in_conflict,
    )


def test_a_record_without_anything_to_do_raises_nothing():
    assert to_do(record()) == []
    assert to_do(record(apart=14.0, clocks_apart_s=15.0)) == []


@pytest.mark.parametrize(
    ("what", "words", "do"),
    [
        ({"apart": 22.0}, "Cues tapped in passing had an answer more often", "Rest on live windows"),
        ({"apart": -22.0}, "Cues tapped in passing had an answer less often", "Rest on live windows"),
        ({"rounded": True}, "20 % of the tapped times lie on a whole minute", "entered afterwards"),
        ({"clocks_apart_s": 40.0}, "two tablets lie 40 s apart", "set their time from the network"),
        ({"in_conflict": 2}, "2 moments stand beside another version", "choose the right version"),
    ],
)
def test_what_asks_for_attention_says_what_was_found_and_what_can_be_done(what, words, do):
    (one,) = to_do(record(**what))

    assert words in one.found and do in one.do


def test_a_difference_is_told_with_its_limits():
    assert "22 points apart, likely +14 to +30" in to_do(record(apart=22.0))[0].found


def test_every_check_is_a_row_with_a_figure_or_with_what_is_missing():
    rows = {row.what: row for row in checks(record(apart=5.0))}

    assert rows["Days with something logged"].figure == "14 of 14"
    assert rows["Tapped times on a whole minute"].beside == "1.7 % by chance"
    assert rows["Prompts answered within 15 minutes"].rests.startswith("Nobody has asked for prompts")
    assert rows["Share answered: taps in passing minus live windows"].figure == "+5"
    assert rows["Windows ended with all or most cues logged"].figure == "6 of 12"
    assert rows["Corrected, and taken back"].figure == "3 and 1"
    assert all(row.figure and row.rests for row in rows.values())


def test_a_record_in_a_sentence():
    assert logged_line(record(), "Juno") == (
        "Juno: 14 days logged, 10 h 0 min watched; the last moment lies 1 day back."
    )


def test_points_have_their_sign_and_small_shares_a_decimal():
    assert [signed(value) for value in (3.6, -3.6, 0.0, np.nan)] == ["+4", "−4", "+0", "–"]
    assert [percent(value) for value in (0.004, 0.0996, 0.5)] == ["0.4 %", "10 %", "50 %"]
