"""A whole family, out and in: what is here stays, what is missing is added, and what differs is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caregiving.faults import Refused
from caregiving.people import NotAllowed
from caregiving.store import consents, events, people, preferences, visits, whole_family
from caregiving.store.engine import Store, open_store


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "empty.sqlite3")
    yield store
    store.close()


class Carried:
    """A family's rows, held for a while, as an archive holds them."""

    def __init__(self, home: Any, **options: Any) -> None:
        with whole_family.taken_out(home.store, home.viewer(), home.family, **options) as whole:
            self.family = home.family
            self.counts = whole.counts()
            self.tables = {name: list(whole.rows(name)) for name in whole_family.TABLES}

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.tables[table]

    def into(self, store: Store, **options: Any) -> whole_family.Receipt:
        return whole_family.found_again(store, self.family, self.rows, **options)

    def onto(self, home: Any, **options: Any) -> whole_family.Receipt:
        return whole_family.add_missing(home.store, home.viewer(), self.family, self.rows, **options)


def there(store: Store, table: str) -> list[Any]:
    with store.reader.begin() as connection:
        return connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY rowid").all()  # noqa: S608


def test_a_family_comes_out_alone_and_its_people_with_it(home, empty):
    home.send(home.tap("cry"), home.start())
    home.give(home.consent())
    carried = Carried(home)
    carried.into(empty)

    assert {m.alias for m in people.members(empty)} == {"Ada", "Ravi", "Vera"}  # not Noor, nor Sam
    assert [row.alias for row in there(empty, "families")] == ["Maple"]
    assert carried.counts == {name: len(rows) for name, rows in carried.tables.items()}


@pytest.mark.parametrize("who", ["noor", "vera", "sam"])
def test_nobody_but_a_parent_of_the_family_takes_it_out_or_adds_to_it(home, who):
    home.give(home.consent())
    viewer, carried = home.viewer(getattr(home, who)), Carried(home)

    with pytest.raises(NotAllowed), whole_family.taken_out(home.store, viewer, home.family):
        pass
    with pytest.raises(NotAllowed):
        whole_family.add_missing(home.store, viewer, home.family, carried.rows)


def test_putting_back_twice_stores_nothing_twice(home, empty):
    home.send(home.tap("cry"), home.start())
    carried = Carried(home)
    carried.into(empty)
    ada = people.viewer_of(empty, home.ada, home.now)
    before = {name: there(empty, name) for name in whole_family.TABLES}

    again = whole_family.add_missing(empty, ada, home.family, carried.rows)

    assert set(again.stored.values()) == {0} and again.conflicts == ()
    assert again.already_there == carried.counts
    assert {name: there(empty, name) for name in whole_family.TABLES} == before


def test_a_family_that_is_here_is_not_founded_again(home):
    with pytest.raises(Refused, match="is here already"):
        Carried(home).into(home.store)


def test_a_trial_stores_nothing_and_counts_the_same(home, empty):
    home.send(home.tap("cry"))
    carried = Carried(home)
    trial = carried.into(empty, dry_run=True)

    assert there(empty, "families") == [] == there(empty, "events")
    assert trial == carried.into(empty)


def test_what_is_missing_arrives_after_what_is_here(home, empty):
    early, late = home.tap("cry", at_s=0), home.tap("fuss", at_s=60)
    home.send(early)
    Carried(home).into(empty)
    home.send(late)
    carried = Carried(home)
    ada = people.viewer_of(empty, home.ada, home.now)

    receipt = whole_family.add_missing(empty, ada, home.family, carried.rows)

    assert receipt.stored["events"] == 1 and receipt.already_there["events"] == 1
    assert [str(row.id) for row in there(empty, "events")] == [early["id"], late["id"]]


def test_a_visit_that_went_on_after_an_archive_was_made_is_finished_by_the_next_one(home, empty):
    vera = home.observing()
    visits.plan(home.store, vera, home.visit())
    first, second = home.part("first part"), home.part("second part", at_s=700)
    paused = home.end(first, at_s=600, author=str(home.vera), attestation="paused")
    assert home.send(first, home.coded(first), paused, viewer=vera).refused == ()
    Carried(home).into(empty)
    ada = people.viewer_of(empty, home.ada, home.now)
    before = [str(one.progress) for one in visits.read(empty, ada, home.family)]
    ends = [home.end(one, at_s=at, author=str(home.vera)) for one, at in ((first, 600), (second, 900))]
    later = [second, home.coded(second, at_s=701), *ends]
    assert events.ingest(home.store, vera, later, home.now_ms + 900_000).refused == ()
    carried = Carried(home)

    receipt = whole_family.add_missing(
        empty, people.viewer_of(empty, home.ada, home.now), home.family, carried.rows
    )

    assert before == ["paused"] and receipt.stored["visits"] == 0 and receipt.stored["window_starts"] == 1
    assert visits.read(empty, ada, home.family) == visits.read(home.store, home.viewer(), home.family)
    assert [str(one.progress) for one in visits.read(empty, ada, home.family)] == ["finished"]


def test_a_plan_that_was_changed_here_and_elsewhere_keeps_both_versions_in_order(home, empty):
    vera = home.observing()
    visits.plan(home.store, vera, home.visit())
    Carried(home).into(empty)
    visits.plan(home.store, vera, home.visit(id=home.an_id("longer"), minutes=20))
    whole_family.add_missing(
        empty, people.viewer_of(empty, home.ada, home.now), home.family, Carried(home).rows
    )
    ada = people.viewer_of(empty, home.ada, home.now)

    assert [one.visit.minutes for one in visits.read(empty, ada, home.family)] == [20]
    assert [row.minutes for row in there(empty, "visits")] == [10, 20]


def test_a_record_that_is_told_otherwise_here_stays_and_is_named(home):
    carried = Carried(home)
    carried.tables["children"] = [row | {"alias": "June"} for row in carried.rows("children")]
    carried.tables["families"] = [row | {"alias": "Oak"} for row in carried.rows("families")]
    receipt = carried.onto(home)

    assert [child.alias for child in people.children(home.store, home.viewer(), home.family)] == [
        "Juno",
        "Kit",
    ]
    assert receipt.conflicts[0].startswith("families.csv, row 2: alias differs from what is here")
    assert len(receipt.conflicts) == 3


def test_a_consent_that_was_withdrawn_in_the_archive_is_withdrawn_here_and_never_given_again(home):
    home.give(home.consent())
    standing = Carried(home)
    consents.withdraw_consent(home.store, home.viewer(), home.family, home.an_id("consent"), home.now)
    withdrawn = Carried(home)

    assert "withdrawn_ms differs" in standing.onto(home).conflicts[0]
    later = home.viewer(home.vera, at=home.now + timedelta(minutes=1))
    assert later.consents[0].withdrawn_at == home.now

    withdrawn.tables["consents"][0]["id"] = home.an_id("another consent")
    home.give(home.consent("another consent"))
    receipt = withdrawn.onto(home)
    assert "now it is taken back here too" in receipt.conflicts[0]
    assert all(one.withdrawn_at == home.now for one in home.viewer(home.vera).consents)


def test_an_older_end_of_a_window_does_not_push_a_newer_one_aside(home):
    start = home.start()
    home.send(start)
    home.send(home.end(start, at_s=600, name="the end"))
    carried = Carried(home)
    [end] = carried.rows("window_ends")
    older = end | {"id": home.an_id("older"), "received_ms": end["received_ms"] - 1, "ended_ms": home.now_ms}
    newer = end | {
        "id": home.an_id("newer"),
        "received_ms": end["received_ms"] + 1,
        "ended_ms": home.now_ms + 1,
    }
    carried.tables["window_ends"] = [older, end]

    receipt = carried.onto(home)
    assert receipt.stored["window_ends"] == 0 and "later end here" in receipt.conflicts[0]
    assert home.watched()["ended_ms"].tolist() == [home.now_ms + 600_000]

    carried.tables["window_ends"] = [end, newer]
    assert carried.onto(home).stored["window_ends"] == 1
    assert home.watched()["ended_ms"].tolist() == [home.now_ms + 1]


def test_two_corrections_of_one_moment_made_in_two_places_stand_side_by_side_and_are_told(home, empty):
    tap = home.tap("cry", name="the tap")
    home.send(tap)
    Carried(home).into(empty)
    home.send(home.correct(tap, "here", code="fuss"))
    there_too = Carried(home)
    correction = there_too.rows("events")[-1]
    there_too.tables["events"][-1] = correction | {"id": home.an_id("elsewhere"), "code": "smile"}

    receipt = there_too.onto(home)

    assert receipt.stored["events"] == 1 and "side by side" in receipt.conflicts[0]
    assert home.log()["in_conflict"].tolist() == [True, True]


@pytest.mark.parametrize("table", ["events", "children", "window_starts"])
def test_an_id_that_is_another_familys_is_refused_and_nothing_is_stored(home, empty, table):
    home.send(home.tap("cry"), home.start())
    carried = Carried(home)
    theirs = {"families": home.other_family, "children": home.ilo}
    tap = home.tap("cry", name="theirs", family=home.other_family, child=home.ilo, author=home.noor)
    start = home.start("their window", family=home.other_family, child=home.ilo, author=home.noor)
    home.send(tap, start, viewer=home.viewer(home.noor))
    theirs |= {"events": home.an_id("theirs"), "window_starts": home.an_id("their window")}
    carried.tables[table][0] |= {"id": theirs[table]}
    before = there(home.store, "events")

    with pytest.raises(Refused, match="already taken"):
        carried.onto(home)
    assert there(home.store, "events") == before


def test_a_member_of_another_family_does_not_become_one_of_this(home):
    carried = Carried(home)
    carried.tables["members"][0] |= {"id": home.noor, "caregiver": None}

    with pytest.raises(Refused, match="already taken"):
        carried.onto(home)


def test_a_correction_of_another_familys_moment_is_refused(home):
    theirs = home.tap("cry", name="theirs", family=home.other_family, child=home.ilo, author=home.noor)
    home.send(theirs, viewer=home.viewer(home.noor))
    home.send(home.tap("cry", name="mine"))
    carried = Carried(home)
    [mine] = carried.rows("events")
    carried.tables["events"].append(
        mine | {"id": home.an_id("odd"), "supersedes": home.an_id("theirs"), "reason": "no"}
    )

    with pytest.raises(Refused, match="an event of the same family and child"):
        carried.onto(home)


def test_a_text_cannot_stand_in_for_somebody_elses(home):
    mine, other = home.write(home.text()), home.write(home.text(author=home.ravi))
    carried = Carried(home, with_private=True)
    [row] = carried.rows("reflections")
    carried.tables["reflections"] = [row | {"id": home.an_id("sly"), "supersedes": other.id}]

    assert row["id"] == mine.id
    with pytest.raises(Refused, match="an earlier text of the same author"):
        carried.onto(home)


def test_a_preference_that_was_changed_here_stays(home):
    preferences.prefer(home.store, home.viewer(), "language", "en", home.now_ms)
    carried = Carried(home)
    preferences.prefer(home.store, home.viewer(), "language", "ar", home.now_ms + 1)
    receipt = carried.onto(home)

    assert preferences.preference(home.store, home.viewer(), "language") == "ar"
    assert "preferences.csv, row 2: value, saved_ms differ" in receipt.conflicts[0]


def test_what_is_stored_while_a_family_is_taken_out_is_not_in_it(home):
    home.send(home.tap("cry"))
    with whole_family.taken_out(home.store, home.viewer(), home.family) as whole:
        counts = whole.counts()
        home.send(home.tap("fuss"))
        assert len(list(whole.rows("events"))) == counts["events"] == 1


def test_who_logged_and_what_was_added_are_read_for_the_tables(home):
    home.send(home.tap("cry"), home.tap("feed", name="fed", modifiers={"amount_ml": "120"}))
    home.send(home.tap("cry", author=home.ravi))

    assert whole_family.authors(home.store, home.viewer(), home.family) == {
        str(home.ada): "Ada",
        str(home.ravi): "Ravi",
    }
    assert whole_family.modifiers(home.store, home.viewer(), home.family, home.juno) == {
        str(home.an_id("fed")): {"amount_ml": "120"}
    }
    for name, more in (("authors", ()), ("modifiers", (home.juno,))):
        with pytest.raises(NotAllowed):
            getattr(whole_family, name)(home.store, home.viewer(home.noor), home.family, *more)
