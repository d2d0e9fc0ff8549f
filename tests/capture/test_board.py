"""What the tap page is told: a parent's board, and that of a home visitor with a visit to watch."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from caregiving.capture.board import board
from caregiving.people import Action, Consent, Role, Viewer
from caregiving.settings import Mode
from caregiving.store import visits
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store, open_store
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from caregiving.visits import Visit

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
FAMILY, ADA, JUNO, PARENT, NOOR = (uuid4() for _ in range(5))
USUAL = frozenset({Action.OBSERVE, Action.SEE_PEOPLE, Action.SEE_TIMELINE})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(tmp_path / "home.sqlite3")
    people = [
        Member(id=PARENT, alias="Ada", role=Role.PARENT, own_family=FAMILY, caregiver=ADA),
        Member(id=NOOR, alias="Noor", role=Role.HOME_VISITOR),
    ]
    child = Child(id=JUNO, alias="Juno", colour="#9A5700")
    found_household(opened, FAMILY, "A family", NOW_MS, people, [Caregiver(id=ADA, alias="Ada")], [child])
    return opened


def agree(store: Store, scope: frozenset[Action] = USUAL) -> Viewer:
    """Let the family agree, and return the visitor as she then comes in."""
    consent = Consent(
        id=uuid4(),
        family=FAMILY,
        member=NOOR,
        scope=scope,
        purpose="home visits (invented)",
        given_by=PARENT,
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=30),
    )
    give_consent(store, viewer_of(store, PARENT, NOW), consent)
    return viewer_of(store, NOOR, NOW)


def plan(store: Store, viewer: Viewer, instrument: str = "free_play.v1", **more: Any) -> Visit:
    visit = Visit(
        id=uuid4(), sitting=uuid4(), family=FAMILY, child=JUNO, author=viewer.member, instrument=instrument,
        at_ms=NOW_MS, utc_offset_min=60, **{"minutes": 10, "delay_ms": 500, **more},
    )  # fmt: skip
    visits.plan(store, viewer, visit)
    return visit


def sent(kind: str, **more: object) -> dict[str, object]:
    return {
        "type": kind, "id": str(uuid4()), "family": str(FAMILY), "author": str(NOOR), "device": str(uuid4()),
        "ordinal": 1, "wall_ms": NOW_MS, "skew_ms": None, **more,
    }  # fmt: skip


def begin(store: Store, viewer: Viewer, visit: Visit, started_ms: int = NOW_MS) -> dict[str, object]:
    item = sent(
        "window_start", child=str(JUNO), mode="session", context=None, instrument=visit.instrument,
        started_ms=started_ms, zone="Europe/Berlin", utc_offset_min=60, sitting=str(visit.sitting),
    )  # fmt: skip
    assert ingest(store, viewer, [item], started_ms).refused == ()
    return item


def end(store: Store, viewer: Viewer, start: dict[str, object], ended_ms: int, attestation: str) -> None:
    item = sent("window_end", window=start["id"], ended_ms=ended_ms, elapsed_ms=None, attestation=attestation)
    assert ingest(store, viewer, [item], ended_ms).refused == ()


def seen(store: Store, viewer: Viewer) -> dict[str, Any]:
    return board(store, viewer, Mode.HOME, NOW_MS)


def test_a_parent_sees_the_board_of_everyday_moments_and_no_session(store: Store):
    shown = seen(store, viewer_of(store, PARENT, NOW))

    assert (shown["may_log"], shown["session"], shown["instrument"]) == (True, None, "home_moments.v1")
    assert shown["children"] == [{"id": str(JUNO), "alias": "Juno", "colour": "#9A5700"}]
    assert shown["caregivers"] == [{"id": str(ADA), "alias": "Ada", "is_me": True}]


def test_a_visitor_whom_nobody_agreed_to_gets_nothing_to_tap(store: Store):
    shown = seen(store, viewer_of(store, NOOR, NOW))

    assert (shown["may_log"], shown["observes"], shown["session"]) == (False, False, None)
    assert (shown["children"], shown["family"]) == ([], None)


def test_a_visitor_without_a_visit_may_observe_and_has_nothing_to_tap(store: Store):
    shown = seen(store, agree(store))

    assert (shown["may_log"], shown["observes"], shown["session"]) == (False, True, None)


def test_a_planned_visit_brings_its_instrument_and_what_was_planned(store: Store):
    noor = agree(store)
    visit = plan(store, noor, context="play", caregiver=ADA, from_recording=True)
    shown = seen(store, noor)

    assert (shown["may_log"], shown["family"], shown["instrument"]) == (True, str(FAMILY), "free_play.v1")
    assert shown["children"] == [{"id": str(JUNO), "alias": "Juno", "colour": "#9A5700"}]
    assert shown["caregivers"] == [{"id": str(ADA), "alias": "Ada", "is_me": False}]
    assert shown["open_window"] is None
    assert shown["session"] == {
        "sitting": str(visit.sitting),
        "minutes": 10,
        "delay_ms": 500,
        "context": "play",
        "caregiver": str(ADA),
        "from_recording": True,
        "codes_again": None,
        "procedure": None,
        "parts": [],
        "open": [],
    }


def test_buttons_say_what_they_exclude_and_which_one_means_not_observable(store: Store):
    noor = agree(store)
    plan(store, noor, "engagement.v1")
    buttons = {button["code"]: button for button in seen(store, noor)["buttons"]}

    assert set(buttons["infant_playful"]["excludes"]) == {
        "infant_watching",
        "infant_object",
        "infant_withdrawn",
        "infant_protest",
    }
    assert [code for code, button in buttons.items() if button["kind"] == "missing"] == ["not_observable"]


def test_of_two_visits_the_newest_unfinished_one_is_shown(store: Store):
    noor = agree(store)
    first, second = plan(store, noor), plan(store, noor, "engagement.v1")
    assert seen(store, noor)["session"]["sitting"] == str(second.sitting)

    end(store, noor, begin(store, noor, second), NOW_MS + 60_000, "most")
    assert seen(store, noor)["session"]["sitting"] == str(first.sitting)


def test_a_discarded_visit_waits_for_nothing(store: Store):
    noor = agree(store)
    end(store, noor, begin(store, noor, plan(store, noor)), NOW_MS + 60_000, "discarded")

    assert seen(store, noor)["session"] is None


def test_parts_are_told_in_order_with_what_was_said_of_them(store: Store):
    noor = agree(store)
    visit = plan(store, noor)
    one = begin(store, noor, visit)
    end(store, noor, one, NOW_MS + 60_000, "paused")
    two = begin(store, noor, visit, NOW_MS + 90_000)
    parts = seen(store, noor)["session"]["parts"]

    assert [(part["window"], part["ended_ms"], part["attestation"]) for part in parts] == [
        (one["id"], NOW_MS + 60_000, "paused"),
        (two["id"], None, None),
    ]


def test_states_still_on_are_told_whole_so_that_another_tablet_can_end_them(store: Store):
    noor = agree(store)
    visit = plan(store, noor)
    window = begin(store, noor, visit)["id"]
    cry, gaze, smile = (
        tapped(visit, window, code, at) for code, at in (("cry", 3), ("gaze", 4), ("smile", 5))
    )
    over = gaze | {"id": str(uuid4()), "supersedes": gaze["id"], "offset_ms": NOW_MS + 9_000}
    assert ingest(store, noor, [cry, gaze, smile, over], NOW_MS).refused == ()

    still = seen(store, noor)["session"]["open"]
    assert [one["id"] for one in still] == [cry["id"]]
    assert still[0]["elapsed_ms"] == 3 * 1000
    ended = still[0] | sent("event", supersedes=cry["id"], offset_ms=NOW_MS + 20_000, reason="paused")
    assert ingest(store, noor, [ended], NOW_MS).refused == ()
    assert seen(store, noor)["session"]["open"] == []


def tapped(visit: Visit, window: object, code: str, at_s: int) -> dict[str, object]:
    return sent(
        "event", child=str(JUNO), window=window, instrument=visit.instrument, actor="infant", code=code,
        onset_ms=NOW_MS + at_s * 1000, offset_ms=None, zone="Europe/Berlin", utc_offset_min=60,
        elapsed_ms=at_s * 1000, time_quality="tapped", caregiver=None, supersedes=None, void=False,
        reason=None, modifiers={},
    )  # fmt: skip


def test_a_procedure_has_its_episodes_and_no_buttons(store: Store):
    noor = agree(store)
    plan(store, noor, "strange_situation.v1", minutes=None)
    shown = seen(store, noor)
    course = shown["session"]["procedure"]

    assert shown["buttons"] == []
    assert [one["number"] for one in course["episodes"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert course["episodes"][0] == {"number": 1, "label": "Episode 1", "duration_s": 60}
    assert len(course["timing"]) == 2


def test_without_consent_to_see_people_nobody_is_named(store: Store):
    noor = agree(store, frozenset({Action.OBSERVE}))
    visit = plan(store, noor, caregiver=ADA)
    begin(store, noor, visit)
    shown = seen(store, noor)

    assert shown["children"] == [{"id": str(JUNO), "alias": "The child", "colour": ""}]
    assert shown["caregivers"] == []
    assert shown["session"]["caregiver"] == str(ADA)
    assert shown["session"]["open"] == []
    assert "Juno" not in str(shown)


def test_a_visit_disappears_when_the_consent_is_over(store: Store):
    noor = agree(store)
    plan(store, noor)
    later = viewer_of(store, NOOR, NOW + timedelta(days=31))

    assert (seen(store, later)["session"], seen(store, later)["may_log"]) == (None, False)


def test_a_later_version_of_the_plan_is_the_one_that_is_shown(store: Store):
    noor = agree(store)
    visit = plan(store, noor)
    visits.plan(store, noor, visit.model_copy(update={"id": uuid4(), "delay_ms": 800}))

    assert seen(store, noor)["session"]["delay_ms"] == 800


def test_a_visit_that_was_taken_back_is_not_shown(store: Store):
    noor = agree(store)
    visit = plan(store, noor)
    visits.plan(store, noor, visit.model_copy(update={"id": uuid4(), "void": True}))

    assert seen(store, noor)["session"] is None
