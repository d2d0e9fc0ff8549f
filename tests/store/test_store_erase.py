"""What is erased is gone, down to the bytes of the file; what is another's stays as it was."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlcipher3 import dbapi2

from caregiving.faults import Refused
from caregiving.people import Role
from caregiving.store import audit, drafts, erase, people, preferences, tables, visits
from caregiving.store.copies import back_up, look_into, readable
from caregiving.store.door import set_passphrase
from caregiving.store.engine import Store, open_store
from caregiving.store.erase import Household, erase_child, erase_family, households, still_holding
from tests.store.test_store_copies import everything, run_and_stop_at

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ODD_NAME, ODD_WORDS = "Zoë-Quillfeather", "the öwl in the 🌙 kitchen drawer"
KEY = bytes(range(32))


def rating(home: Any, name: str, child: UUID | None, window: UUID | None = None) -> None:
    row = {
        "id": home.an_id(name),
        "family": home.family,
        "child": child,
        "author": home.ada,
        "rater": "Ada",
        "kind": "observer" if child else "self",
        "instrument": "weekly_check_in.v1",
        "window": window,
        "certified": False,
        "answers": {"note": ODD_WORDS},
        "scores": {},
        "shared": False,
        "at_ms": 0,
        "utc_offset_min": 60,
        "written_ms": 0,
        "void": False,
    }
    with home.store.writer.begin() as connection:
        connection.execute(insert(tables.ratings).values(row))


def entry(home: Any, name: str, **detail: Any) -> None:
    audit.note(home.store, home.viewer(), home.family, home.an_id(name), "export", detail, 0)


def settled(store: Store, settle_in: Callable[[Store], Any]) -> Any:
    """Two households with a bit of everything; an odd name and odd words are all over Ada's."""
    home = settle_in(store)
    with store.writer.begin() as connection:
        connection.execute(
            tables.children.update().where(tables.children.c.id == home.juno).values(alias=ODD_NAME)
        )
        named = tables.families.update().where(tables.families.c.id == home.family)
        connection.execute(named.values(alias=f"The household of {ODD_NAME}"))
    window, theirs = home.start(), home.start("Kit's", at_s=900, child=home.twin)
    old = home.tap("cry", window=window["id"])
    kit_in_it = home.tap("smile", at_s=30, child=home.twin, window=theirs["id"])
    across = home.tap("gaze", at_s=40, window=theirs["id"])  # the other child, in a window of this one
    receipt = home.send(
        window,
        theirs,
        old,
        kit_in_it,
        across,
        home.correct(old, reason=ODD_WORDS),
        home.end(window),
        home.end(theirs),
    )
    assert receipt.refused == ()
    home.write(home.text(content={"text": ODD_WORDS}))
    home.give(home.consent(purpose=ODD_WORDS))
    rating(home, "of Juno", home.juno)
    rating(home, "of herself", None)
    entry(home, "both", children=[str(home.juno), str(home.twin)], names=[ODD_NAME, "Kit"])
    entry(home, "Juno's", child=str(home.juno), file=f"{ODD_NAME.lower()}-week.pdf")
    entry(home, "Kit's", child=str(home.twin))
    for member in (home.ada, home.vera, home.noor):
        preferences.prefer(store, home.viewer(member), "language", "en", 1)
    for member in (home.ada, home.noor):
        deck = {"id": home.an_id(f"deck of {member}"), "member": member, "instrument": "attachment_qsort"}
        with store.writer.begin() as connection:
            connection.execute(insert(tables.decks).values(deck | {"texts": {"1": "x"}, "loaded_ms": 0}))
        drafts.save_draft(store, home.viewer(member), "remember", {"what": ODD_WORDS}, 1)
    preferences.prefer(store, home.viewer(home.vera), "shown", str(home.juno), 1)
    set_passphrase(store, home.family, "three quiet nights")
    theirs_too = home.tap("coo", family=home.other_family, child=home.ilo, author=home.noor)
    assert home.send(theirs_too, viewer=home.viewer(home.noor)).refused == ()
    noor = home.viewer(home.noor)
    audit.note(store, noor, home.other_family, home.an_id("there"), "export", {"file": "ilo.pdf"}, 0)
    return home


@pytest.fixture
def full(home: Any, settle_in: Callable[[Store], Any], tmp_path: Path) -> Any:
    store = open_store(tmp_path / "full" / "home.sqlite3")
    made = settled(store, settle_in)
    store.close()
    return made


def raw(path: Path) -> bytes:
    """Return every byte of the database and of whatever lies beside it with its name."""
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.stem}*") if one.is_file())


def in_every_spelling(words: str) -> list[bytes]:
    """Return words as text holds them, and as JSON without its marks."""
    return [words.encode(), json.dumps(words)[1:-1].encode(), words.encode("utf-16-le")]


def triggers(path: Path) -> list[tuple[str, str]]:
    with readable(path) as connection:
        listed = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        found: list[tuple[str, str]] = connection.execute(listed).fetchall()
        return found


def of(home: Any, family: UUID) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that names a family, by table."""
    rows = everything(home.store.path)
    return {name: [row for row in found if str(family) in row] for name, found in rows.items()}


def test_the_households_are_listed_with_their_children(full: Any) -> None:
    assert households(full.store.path) == [
        Household(full.family, f"The household of {ODD_NAME}", ((full.juno, ODD_NAME), (full.twin, "Kit"))),
        Household(full.other_family, "Birch", ((full.ilo, "Ilo"),)),
    ]


# --- a family -----------------------------------------------------------------------------------------


def test_nothing_of_an_erased_family_is_left_in_the_bytes_of_the_file(full: Any) -> None:
    path = full.store.path
    before = raw(path)
    assert all(any(one in before for one in in_every_spelling(w)) for w in (ODD_NAME, ODD_WORDS))
    ids = [full.family, full.juno, full.twin, full.ada, full.ravi, full.vera, full.ada_cares]
    assert all(str(one).encode() in before for one in ids)
    drafts_of_noor = in_every_spelling(ODD_WORDS)  # she wrote the same words, and keeps them
    full.store = open_store(path)
    drafts.drop_draft(full.store, full.viewer(full.noor), "remember")
    full.store.close()

    erase_family(path, full.family)

    after = raw(path)
    for gone in (*in_every_spelling(ODD_NAME), *drafts_of_noor, *(str(one).encode() for one in ids)):
        assert gone not in after
    assert b"Birch" in after and b"Ilo" in after
    assert not list(path.parent.glob("*.staging")) and not Path(f"{path}-wal").exists()


def test_an_erased_family_is_counted_and_the_other_one_keeps_every_row(full: Any) -> None:
    theirs = of(full, full.other_family)

    erased = erase_family(full.store.path, full.family)

    assert erased.rows == {
        "events": 4,
        "window_starts": 2,
        "window_ends": 2,
        "reflections": 1,
        "ratings": 2,
        "audit": 3,
        "consents": 1,
        "drafts": 1,
        "decks": 1,
        "preferences": 3,
        "doors": 1,
        "members": 2 + 1,  # the parents, and Vera, whom nobody else let in
        "caregivers": 1,
        "children": 2,
        "families": 1,
    }
    assert of(full, full.other_family) == theirs and theirs["events"] and theirs["audit"]
    assert not any(of(full, full.family).values())
    rows = everything(full.store.path)
    assert [row[1] for row in rows["members"]] == ["Sam", "Noor"], "Sam came to no family in particular"
    assert [row[0] for row in rows["drafts"]] == [row[1] for row in rows["decks"]] == [str(full.noor)]


def test_a_visitor_whom_another_family_let_in_stays_without_what_they_left_half_written_here(
    full: Any,
) -> None:
    store = full.store = open_store(full.store.path)
    noor = full.viewer(full.noor)
    theirs = full.consent("Noor's", family=full.other_family, given_by=full.noor)
    people.add_member(
        store, noor, full.other_family, people.Member(id=full.vera, alias="Vera", role=Role.HOME_VISITOR)
    )
    full.give(theirs)
    with store.writer.begin() as connection:
        left = {"member": full.vera, "form": "visit", "content": {"x": ODD_WORDS}, "saved_ms": 0}
        here = [
            left | {"family": full.family, "about": str(full.juno)},
            left | {"family": full.family, "about": ""},
        ]
        connection.execute(insert(tables.drafts), here)
        there = left | {"family": full.other_family, "about": str(full.ilo), "content": {"x": "fine"}}
        connection.execute(insert(tables.drafts).values(there))
    store.close()

    erase_family(store.path, full.family)

    rows = everything(store.path)
    assert str(full.vera) in [row[0] for row in rows["members"]]
    assert [row[1:3] for row in rows["consents"]] == [(str(full.other_family), str(full.vera))]
    of_vera = [row for row in rows["drafts"] if row[0] == str(full.vera)]
    assert [row[1:3] for row in of_vera] == [(str(full.other_family), str(full.ilo))]
    assert [row[1] for row in rows["preferences"] if row[0] == str(full.vera)] == ["language"]


def test_with_the_last_family_everybody_is_gone_and_the_database_can_be_used_afresh(
    full: Any, settle_in: Callable[[Store], Any]
) -> None:
    path = full.store.path
    erase_family(path, full.family)
    erase_family(path, full.other_family)

    held = look_into(path).rows
    assert {name for name, number in held.items() if number} == {"alembic_version"}
    again = settle_in(open_store(path))
    assert again.send(again.tap("cry")).refused == () and len(again.log()) == 1
    again.store.close()


def test_the_triggers_are_there_again_word_for_word_and_hold(full: Any) -> None:
    path, before = full.store.path, triggers(full.store.path)
    assert len(before) == 2 * len(tables.APPEND_ONLY)

    erase_child(path, full.juno)
    erase_family(path, full.family)

    assert triggers(path) == before
    for name in ("events", "audit"):
        assert everything(path)[name]
        connection = dbapi2.connect(str(path))
        with pytest.raises(dbapi2.IntegrityError, match=f"{name} is append-only"):
            connection.execute(f"DELETE FROM {name}")  # noqa: S608
        connection.close()


def test_the_triggers_are_lifted_in_a_copy_only_and_a_failure_leaves_everything(
    full: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = full.store.path
    before, bytes_before, seen = everything(path), path.read_bytes(), []

    def fail(connection: Any, family: UUID) -> None:
        listed = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
        seen.append((connection.exec_driver_sql(listed).scalar_one(), len(triggers(path))))
        connection.exec_driver_sql("DELETE FROM events")
        raise RuntimeError("the power went out")

    monkeypatch.setattr(erase, "take_family", fail)
    with pytest.raises(RuntimeError, match="the power went out"):
        erase_family(path, full.family)

    assert seen == [(0, 2 * len(tables.APPEND_ONLY))]
    assert everything(path) == before and path.read_bytes() == bytes_before
    assert not list(path.parent.glob("*.staging"))


@pytest.mark.parametrize(
    ("module", "step"),
    [("erase", "pour"), ("erase", "_take_out"), ("erase", "put_in_place"), ("exchange", "settle")],
)
def test_an_erasure_that_is_killed_half_way_has_not_happened_and_can_be_done_again(
    full: Any, module: str, step: str
) -> None:
    path = full.store.path
    before = everything(path)
    call = f"from uuid import UUID\nerase.erase_family(P[0], UUID('{full.family}'))"

    run_and_stop_at(module, step, call, path)

    assert everything(path) == before
    erase_family(path, full.family)
    assert not any(of(full, full.family).values()) and not list(path.parent.glob("*.staging"))


def test_nothing_is_erased_while_the_app_is_running(full: Any) -> None:
    running = open_store(full.store.path)
    before = everything(full.store.path)

    for take, someone in ((erase_family, full.family), (erase_child, full.juno)):
        with pytest.raises(Refused, match="the app is running on it"):
            take(full.store.path, someone)

    assert everything(full.store.path) == before
    running.close()


@pytest.mark.parametrize("take", [erase_family, erase_child])
def test_somebody_who_is_not_here_cannot_be_erased(full: Any, take: Callable[[Path, UUID], Any]) -> None:
    before = full.store.path.read_bytes()

    with pytest.raises(Refused, match="needed one that is in this database"):
        take(full.store.path, full.an_id("nobody"))
    assert full.store.path.read_bytes() == before


def test_an_encrypted_database_stays_encrypted(tmp_path: Path, settle_in: Callable[[Store], Any]) -> None:
    path = tmp_path / "secret.sqlite3"
    store = open_store(path, KEY)
    home = settled(store, settle_in)
    store.close()

    erase_family(path, home.family, KEY)

    assert b"Birch" not in path.read_bytes()
    assert [one.alias for one in households(path, KEY)] == ["Birch"]


# --- what observers left ------------------------------------------------------------------------------


def visited(home: Any) -> None:
    """Vera visits Juno and Kit, codes and rates; what she began about either is still unfinished."""
    home.store = open_store(home.store.path)
    vera = home.observing()
    for name, child in (("to Juno", home.juno), ("to Kit", home.twin)):
        visits.plan(home.store, vera, home.visit(name, child=child, caregiver=home.ada_cares))
        part = home.part(f"part of the visit {name}", sitting=name, child=child)
        items = (part, home.coded(part, child=child), home.end(part, author=str(home.vera)))
        assert home.send(*items, viewer=vera).refused == ()
        rating(home, f"of the visit {name}", None, window=home.an_id(name))
        rating(home, f"of its window {name}", None, window=UUID(part["id"]))
        kept = {"family": home.family, "about": home.an_id(name)}
        drafts.save_draft(home.store, vera, "visit_record", {"what": ODD_WORDS}, 1, **kept)
        preferences.prefer(home.store, vera, f"last {name}", str(home.an_id(name)), 1)
    home.store.close()


def test_with_a_family_go_the_visits_and_whatever_visitors_began_about_it(full: Any) -> None:
    theirs = of(full, full.other_family)
    visited(full)

    erased = erase_family(full.store.path, full.family)

    assert erased.rows["visits"] == 2 and erased.rows["drafts"] == 1 + 2
    rows, left = everything(full.store.path), raw(full.store.path)
    assert rows["visits"] == [] and of(full, full.other_family) == theirs
    for gone in (full.vera, full.an_id("to Juno"), full.an_id("plan of to Kit")):
        assert str(gone).encode() not in left


def test_with_a_child_go_the_visits_to_it_and_those_to_a_sibling_stay(full: Any) -> None:
    visited(full)
    before = everything(full.store.path)
    assert len(before["visits"]) == 2

    erased = erase_child(full.store.path, full.juno)

    rows = everything(full.store.path)
    assert (erased.rows["visits"], erased.rows["window_starts"], erased.rows["window_ends"]) == (1, 2, 2)
    assert [row[2] for row in rows["visits"]] == [str(full.an_id("to Kit"))]
    windows = {row[1] for row in rows["window_starts"]}
    assert windows == {str(full.an_id("Kit's")), str(full.an_id("part of the visit to Kit"))}
    rated = {row[1] for row in before["ratings"]} - {row[1] for row in rows["ratings"]}
    names = ("of Juno", "of the visit to Juno", "of its window to Juno")
    assert rated == {str(full.an_id(name)) for name in names}, "what Ada rated of herself stays"
    assert rows["drafts"] == [row for row in before["drafts"] if str(full.noor) in row], (
        "a form may be about it"
    )
    assert "last to Kit" in {row[1] for row in rows["preferences"]}
    for gone in (full.juno, full.an_id("to Juno"), full.an_id("plan of to Juno")):
        assert str(gone).encode() not in raw(full.store.path)


# --- a child ------------------------------------------------------------------------------------------


def test_an_erased_childs_records_and_name_go_and_the_siblings_stay(full: Any) -> None:
    path, siblings = full.store.path, [full.an_id("Kit's"), full.twin]
    before = everything(path)

    erased = erase_child(path, full.juno)

    rows = everything(path)
    assert erased.rows == {
        "drafts": 1,
        "preferences": 1,
        "window_ends": 1,
        "events": 3,
        "window_starts": 1,
        "ratings": 1,
        "audit": 1,
        "children": 1,
    }
    assert [row[3] for row in rows["events"]] == [str(full.twin), str(full.ilo)]
    assert [row[1] for row in rows["window_starts"]] == [str(siblings[0])]
    assert [row[3] for row in rows["window_ends"]] == [str(siblings[0])], "Juno's tap in it does not end it"
    assert rows["reflections"] == before["reflections"] and erased.kept_texts == 1
    for kept in ("caregivers", "members", "consents", "doors", "decks"):
        assert rows[kept] == before[kept]
    assert [row[1] for row in rows["children"]] == [str(full.family), str(full.other_family)]
    for gone in (*in_every_spelling(ODD_NAME), str(full.juno).encode()):
        assert gone not in raw(path)


def test_what_was_done_with_the_other_child_stays_in_the_audit_without_the_name_of_the_erased_one(
    full: Any,
) -> None:
    erase_child(full.store.path, full.juno)

    store = open_store(full.store.path)
    left = {
        one.id: one.detail
        for one in audit.entries(store, people.viewer_of(store, full.ada, NOW), full.family)
    }
    store.close()
    assert left == {
        full.an_id("both"): {"children": ["erased", str(full.twin)], "names": ["erased", "Kit"]},
        full.an_id("Kit's"): {"child": str(full.twin)},
    }


def test_a_family_that_bore_the_childs_name_is_called_after_those_who_stay(full: Any) -> None:
    erased = erase_child(full.store.path, full.juno)

    assert erased.new_alias == "The household of Kit"
    assert [one.alias for one in households(full.store.path)] == ["The household of Kit", "Birch"]


def test_of_two_children_with_one_name_only_the_one_that_is_meant_goes(full: Any) -> None:
    path = full.store.path
    store = open_store(path)
    with store.writer.begin() as connection:
        connection.execute(
            tables.children.update().where(tables.children.c.id == full.twin).values(alias=ODD_NAME)
        )
    store.close()

    erased = erase_child(path, full.juno)

    assert erased.new_alias is None, "the sibling bears the name too"
    assert households(path)[0].children == ((full.twin, ODD_NAME),)
    assert [row[5] for row in everything(path)["audit"]] == [
        json.dumps({"children": ["erased", str(full.twin)], "names": [ODD_NAME, "Kit"]}),
        json.dumps({"child": str(full.twin)}),
        json.dumps({"file": "ilo.pdf"}),
    ]


def test_the_only_child_goes_with_its_family_or_not_at_all(full: Any) -> None:
    before = everything(full.store.path)

    with pytest.raises(Refused, match="the only child of its family; needed --family"):
        erase_child(full.store.path, full.ilo)
    assert everything(full.store.path) == before


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(taps=st.lists(st.tuples(st.sampled_from(["juno", "twin", "ilo"]), st.booleans()), max_size=12))
def test_erasing_one_child_leaves_exactly_the_rows_of_all_others(
    tmp_path_factory: pytest.TempPathFactory, settle_in: Callable[[Store], Any], taps: list[tuple[str, bool]]
) -> None:
    path = tmp_path_factory.mktemp("law") / "home.sqlite3"
    store = open_store(path)
    home = settle_in(store)
    for name, corrected in taps:
        whose = {"child": getattr(home, name)}
        if name == "ilo":
            whose |= {"family": home.other_family, "author": home.noor}
        viewer = home.viewer(home.noor if name == "ilo" else home.ada)
        window, tap = home.start(f"window {home.n_taps}", **whose), home.tap("cry", **whose)
        end = home.end(window) | {key: str(whose[key]) for key in ("family", "author") if key in whose}
        items = [window, tap | {"window": window["id"]}, end]
        if corrected:
            items.append(home.correct(items[1]))
        assert home.send(*items, viewer=viewer).refused == ()
    store.close()
    before = everything(path)

    erase_child(path, home.juno)

    after = everything(path)
    gone = {str(row[1]) for row in before["window_starts"] if str(home.juno) in row}
    for name in ("events", "window_starts"):
        assert after[name] == [row for row in before[name] if str(home.juno) not in row]
    assert after["window_ends"] == [row for row in before["window_ends"] if row[3] not in gone]


# --- what is left elsewhere ---------------------------------------------------------------------------


def test_the_copies_that_still_hold_somebody_are_listed_and_no_others(full: Any) -> None:
    path = full.store.path
    folder = path.parent / "backups"
    kept = back_up(path, folder / "home-20260301T090000Z.sqlite3").path
    aside = back_up(path, path.with_name("home.before-0004.1.sqlite3")).path
    broken = folder / "home-20250301T090000Z.sqlite3.part"
    broken.write_bytes(kept.read_bytes()[:5000])
    assert still_holding(path, full.family) == sorted([kept, aside, broken])

    erase_family(path, full.family)
    later = back_up(path, folder / "home-20260302T090000Z.sqlite3").path

    assert still_holding(path, full.family) == sorted([kept, aside, broken])
    assert still_holding(path, full.other_family) == sorted([kept, aside, broken, later])
    assert still_holding(path, full.juno) == sorted([kept, aside, broken])


def test_every_table_says_whose_its_rows_are() -> None:
    """A new table has to name a family or a member, or erasing would pass it by."""
    for name, table in tables.metadata.tables.items():
        assert {"family", "own_family", "member"} & set(table.c.keys()) or name == "families", name
        if "child" in table.c:
            assert name in {"events", "window_starts", "ratings", "visits"}, (
                f"erase_child does not know {name}"
            )
