"""Visits: planned by an observer, watched in parts, and nobody else's to write in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from caregiving.faults import Refused
from caregiving.people import NotAllowed, Role
from caregiving.store import people, visits, windows
from caregiving.visits import Progress


def planned(home: Any, name: str = "visit", **changes: Any) -> Any:
    """Let Vera plan a visit, and return her as the viewer she is."""
    vera = home.observing()
    visits.plan(home.store, vera, home.visit(name, **changes))
    return vera


def refusal(home: Any, viewer: Any, *items: Any) -> str:
    """Send items of which the last one must be refused, and return its sentence."""
    receipt = home.send(*items, viewer=viewer)
    assert [one.id for one in receipt.refused] == [items[-1]["id"]]
    return receipt.refused[0].why


def test_a_visit_is_read_back_as_it_was_planned_and_keeping_it_twice_keeps_one(home: Any) -> None:
    vera = planned(home, delay_ms=300, caregiver=home.ada_cares, context="play")
    visits.plan(home.store, vera, home.visit(delay_ms=300, caregiver=home.ada_cares, context="play"))

    (found,) = visits.read(home.store, home.viewer(), home.family)

    assert found.visit == home.visit(delay_ms=300, caregiver=home.ada_cares, context="play")
    assert (found.progress, found.parts, found.unfinished) == (Progress.PLANNED, (), True)


def test_how_far_a_visit_has_come_is_read_from_its_windows(home: Any) -> None:
    vera = planned(home)
    first, second = home.part("first"), home.part("second", 300)
    home.send(first, home.coded(first, "cry", 12), viewer=vera)
    (open_,) = visits.mine(home.store, vera)
    home.send(home.end(first, 120, author=str(home.vera), attestation="paused"), viewer=vera)
    (paused,) = visits.mine(home.store, vera)
    home.send(second, home.end(second, 600, author=str(home.vera), attestation="most"), viewer=vera)

    assert (open_.progress, open_.parts[0].last_ms) == (Progress.OPEN, home.now_ms + 12_000)
    assert paused.progress is Progress.PAUSED
    assert visits.mine(home.store, vera) == []
    (done,) = visits.read(home.store, vera, home.family, home.juno)
    assert done.progress is Progress.FINISHED
    assert [part.started_ms - home.now_ms for part in done.parts] == [0, 300_000]
    assert visits.read(home.store, vera, home.family, home.twin) == []


def test_of_eight_presses_at_once_one_plans_a_visit_and_the_others_are_refused(home: Any) -> None:
    vera, together = home.observing(), Barrier(8)

    def begin(name: int) -> bool:
        wanted = home.visit(f"press {name}", sitting=home.an_id(f"sitting {name}"))
        together.wait()
        try:
            visits.plan(home.store, vera, wanted, alone=True)
        except visits.Busy:
            return False
        return True

    with ThreadPoolExecutor(8) as fingers:
        planned_now = list(fingers.map(begin, range(8)))

    assert sum(planned_now) == len(visits.mine(home.store, vera)) == 1


def test_a_newer_version_of_the_only_visit_is_no_second_one(home: Any) -> None:
    vera = planned(home)
    visits.plan(home.store, vera, home.visit(id=home.an_id("newer"), minutes=5), alone=True)

    assert [one.visit.minutes for one in visits.mine(home.store, vera)] == [5]


def test_a_visit_is_discarded_when_every_part_of_it_is(home: Any) -> None:
    vera = planned(home)
    first, second = home.part("first"), home.part("second", 300)
    gone = {"author": str(home.vera), "attestation": "discarded"}
    home.send(first, home.end(first, 120, **gone), second, home.end(second, 400, **gone), viewer=vera)

    assert visits.read(home.store, vera, home.family)[0].progress is Progress.DISCARDED
    assert visits.mine(home.store, vera) == []


def test_a_plan_can_be_changed_and_taken_back_until_the_watching_begins(home: Any) -> None:
    vera = planned(home)
    visits.plan(home.store, vera, home.visit(id=home.an_id("newer"), minutes=5))
    assert visits.mine(home.store, vera)[0].visit.minutes == 5

    visits.plan(home.store, vera, home.visit(id=home.an_id("void"), void=True))

    assert visits.mine(home.store, vera) == visits.read(home.store, vera, home.family) == []
    assert "a visit of one's own" in refusal(home, vera, home.part())


def test_a_plan_that_was_taken_back_does_not_come_alive_again(home: Any) -> None:
    vera = planned(home)
    visits.plan(home.store, vera, home.visit(id=home.an_id("void"), void=True))

    with pytest.raises(Refused, match="a plan that was taken back"):
        visits.plan(home.store, vera, home.visit(id=home.an_id("newer"), minutes=5))
    assert visits.mine(home.store, vera) == []


def test_the_delay_of_a_visit_stays_what_it_began_with_and_the_minutes_may_change(home: Any) -> None:
    vera = planned(home, delay_ms=300)
    visits.plan(home.store, vera, home.visit(id=home.an_id("sooner"), delay_ms=500))
    home.send(home.part(), viewer=vera)

    with pytest.raises(Refused, match="another delay after the watching began"):
        visits.plan(home.store, vera, home.visit(id=home.an_id("later"), delay_ms=0))
    visits.plan(home.store, vera, home.visit(id=home.an_id("longer"), delay_ms=500, minutes=20))
    (one,) = visits.mine(home.store, vera)
    assert (one.visit.delay_ms, one.visit.minutes) == (500, 20)


def test_a_visit_that_has_begun_is_discarded_and_not_taken_back(home: Any) -> None:
    vera = planned(home)
    home.send(home.part(), viewer=vera)

    with pytest.raises(Refused, match="a visit that has begun"):
        visits.plan(home.store, vera, home.visit(id=home.an_id("void"), void=True))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"child": "ilo"}, "visit, child"),
        ({"caregiver": "noor_cares"}, "visit, caregiver"),
        ({"author": "ada"}, "visit, author"),
        ({"codes_again": "nothing"}, "visit, codes_again"),
    ],
)
def test_a_plan_that_names_what_is_not_of_the_family_is_refused(
    home: Any, changes: dict[str, str], place: str
) -> None:
    vera = home.observing()
    named = {key: getattr(home, value, home.an_id(value)) for key, value in changes.items()}

    with pytest.raises(Refused, match=place):
        visits.plan(home.store, vera, home.visit(**named))
    assert visits.read(home.store, vera, home.family) == []


@pytest.mark.parametrize("name", ["home_moments.v1", "phq2.v1", "nothing.v1"])
def test_a_visit_needs_an_instrument_that_observers_use(home: Any, name: str) -> None:
    with pytest.raises(Refused, match="visit, instrument"):
        visits.plan(home.store, home.observing(), home.visit(instrument=name))


def test_a_session_is_coded_again_by_another_observer_with_the_same_instrument(home: Any) -> None:
    vera = planned(home)
    wim = people.Member(id=home.an_id("Wim"), alias="Wim", role=Role.HOME_VISITOR)
    people.add_member(home.store, home.viewer(), home.family, wim)
    other = home.observing(wim.id)
    again = {"author": wim.id, "codes_again": home.an_id("visit")}

    visits.plan(home.store, other, home.visit("again", **again, from_recording=True))

    assert visits.mine(home.store, other)[0].visit.codes_again == home.an_id("visit")
    for name, changes in {
        "with another instrument": {"instrument": "engagement.v1"},
        "of another child": {"child": home.twin},
        "of a second coding": {"codes_again": home.an_id("again")},
    }.items():
        with pytest.raises(Refused, match="another observer's first coding"):
            visits.plan(home.store, other, home.visit(name, **(again | changes)))
    with pytest.raises(Refused, match="another observer's first coding"):
        visits.plan(home.store, vera, home.visit("one's own", codes_again=home.an_id("visit")))


def test_a_supervisor_does_not_observe_whatever_a_consent_says(home: Any) -> None:
    sam = home.observing(home.sam)

    with pytest.raises(NotAllowed):
        visits.plan(home.store, sam, home.visit(author=home.sam))


def test_an_observer_writes_in_visits_of_their_own_and_nowhere_else(home: Any) -> None:
    vera = planned(home)
    part, live = home.part(), home.start("Ada's own")
    home.send(part, viewer=vera)
    home.send(live)
    by_vera = {"author": str(home.vera)}

    assert "a visit of one's own" in refusal(home, vera, home.start("live", **by_vera))
    assert "a visit of one's own" in refusal(home, vera, home.coded(live, "cry"))
    assert "a visit of one's own" in refusal(home, vera, home.coded(part, "cry", window=None))
    assert "a visit of one's own" in refusal(home, vera, home.end(live, **by_vera))
    assert "the one who observes" in refusal(home, vera, home.coded(part, "cry", author=str(home.ada)))
    assert "those of the visit" in refusal(home, vera, home.coded(part, "cry", child=home.twin))
    assert "those of the visit" in refusal(home, vera, home.coded(part, "cry", instrument="home_moments.v1"))
    assert home.log().empty


def test_an_observer_corrects_what_they_coded_and_not_what_a_parent_tapped(home: Any) -> None:
    vera = planned(home)
    part, tapped = home.part(), home.tap("cry")
    mine = home.coded(part, "cry")
    home.send(tapped)
    home.send(part, mine, viewer=vera)

    newer = home.correct(mine, offset_ms=home.now_ms + 9_000)
    assert home.send(newer, viewer=vera).refused == ()
    taken = home.coded(part, "cry", supersedes=tapped["id"], void=True)
    assert "a moment one coded oneself" in refusal(home, vera, taken)
    assert sorted(home.log()["id"]) == sorted([tapped["id"], newer["id"]])


def test_a_parent_does_not_write_into_a_visit(home: Any) -> None:
    planned(home)
    part = home.part(author=str(home.ada))

    assert "only an observer watches in a visit" in home.why_not(part)


def test_once_the_consent_is_over_nothing_more_is_taken_in(home: Any) -> None:
    planned(home)
    later = home.viewer(home.vera, at=home.now + timedelta(days=30))

    assert "may not log here" in refusal(home, later, home.part())
    with pytest.raises(NotAllowed):
        visits.read(home.store, later, home.family)
    assert visits.mine(home.store, later) == []


def test_windows_say_which_visit_they_belong_to_and_what_it_codes_again(home: Any) -> None:
    vera = planned(home)
    part = home.part("first", episode=2)
    home.send(part, home.start("live"), viewer=vera)
    home.send(home.start("live"))

    log = windows.load(home.store, home.viewer(), home.family).set_index("id")

    assert log.loc[part["id"], ["sitting", "episode", "from_recording"]].tolist() == [
        str(home.an_id("visit")), 2, False,
    ]  # fmt: skip
    assert log.loc[str(home.an_id("live")), ["sitting", "codes_again"]].isna().all()


def test_a_window_cannot_be_part_of_a_visit_without_being_a_session(home: Any) -> None:
    vera = planned(home)

    assert 'has mode "session"' in refusal(home, vera, home.part(mode="live"))
    assert "an episode belongs to a visit" in home.why_not(home.start(episode=1))
