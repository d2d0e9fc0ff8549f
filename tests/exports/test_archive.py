"""What goes in comes out: a family's archive fills an empty installation with the same rows and figures."""

import csv
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import jsonschema
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving import demo
from caregiving.exports import archive
from caregiving.faults import Refused
from caregiving.imports import _archive_zip
from caregiving.imports import archive as reading
from caregiving.imports._archive_tables import TABLES, Cell, schema_of, understood, written
from caregiving.instruments import load
from caregiving.people import NotAllowed
from caregiving.report import build_report
from caregiving.store import events, people, ratings, tables, visits, whole_family, windows
from caregiving.store.engine import Store, open_store
from tests.exports.invented_family import (
    NOW,
    NOW_MS,
    ODD,
    Call,
    Family,
    Plan,
    Tap,
    an_id,
    empty_database,
    plans,
    rows,
)

SECRET = ("doors", "sign_ins", "drafts")
USUAL = Plan(
    taps=[
        Tap(0, "cry", 30, "pick_up", 6.5, "corrected", "=1+1"),
        Tap(1, "fuss", 4_000, None, 0, "taken back", "two\nlines"),
        Tap(0, "reach", 5_000, "talk", 2.25, "both", "שלום"),
    ],
    texts=[("She laughed, twice.", True, "kept"), ("A hard night", False, "kept")],
    check_ins=[("tired", True)],
    choices=[("language", "en")],
    calls=[
        Call(0, 2, "all", ("vocalise", "touch"), "from a recording", rated=True),
        Call(1, 1, "discarded", ("gaze",)),
        Call(0, 0),
    ],
)


@contextmanager
def family_of(plan: Plan) -> Iterator[tuple[Family, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        family = Family(Path(folder) / "home.sqlite3", plan)
        family.live()
        try:
            yield family, Path(folder)
        finally:
            family.store.close()


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    found = Family(tmp_path / "home.sqlite3", USUAL)
    found.live()
    yield found
    found.store.close()


@contextmanager
def empty_install(path: Path) -> Iterator[Store]:
    shutil.copy(empty_database(), path)
    store = open_store(path)
    try:
        yield store
    finally:
        store.close()


def taken_out(family: Family, path: Path, **options: Any) -> Path:
    with (
        whole_family.taken_out(family.store, family.viewer(), family.id, **options) as whole,
        path.open("wb") as file,
    ):
        archive.write(whole, file)
    return path


def put_back(path: Path, store: Store) -> whole_family.Receipt:
    whole = reading.read(path)
    return whole_family.found_again(store, whole.family, whole.rows)


def figures(store: Store, family: Family, child: Any) -> pd.DataFrame:
    viewer = people.viewer_of(store, family.ada, NOW)
    log = events.load(store, viewer, family.id, child)
    watched = windows.load(store, viewer, family.id, child)
    return build_report(log, watched, load("home_moments"), now_ms=NOW_MS).estimates(ungated=True)


@settings(max_examples=15)
@given(plans)
def test_an_empty_installation_gets_the_same_rows_in_the_same_order_and_the_same_figures(plan):
    with family_of(plan) as (family, folder):
        path = taken_out(family, folder / "archive.zip", with_private=True)
        with empty_install(folder / "new.sqlite3") as store:
            put_back(path, store)
            again = Family.__new__(Family)
            again.store = store

            for table in TABLES:
                assert rows(store, table) == rows(family.store, table), table
            for child in family.children:
                pd.testing.assert_frame_equal(
                    figures(store, family, child), figures(family.store, family, child)
                )
                visited = [
                    visits.read(one, people.viewer_of(one, family.ada, NOW), family.id, child)
                    for one in (store, family.store)
                ]
                assert visited[0] == visited[1]
                seen = [
                    ratings.frame(one, people.viewer_of(one, family.ada, NOW), family.id, child)
                    for one in (store, family.store)
                ]
                pd.testing.assert_frame_equal(*seen)
            second = taken_out(again, folder / "second.zip", with_private=True)
            assert second.read_bytes() == path.read_bytes()


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from([*ODD, ""]))
def test_every_text_comes_back_from_its_cell_and_no_cell_is_a_formula(text):
    cell = Cell("text", "words", optional=True)
    shown = written(text, "text")

    assert understood(shown, cell) == text
    assert shown[0] not in "=+-@\t\r\n"
    assert understood(written(None, "text"), cell) is None


plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@given(st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_json_comes_back_from_its_cell_also_with_half_characters(value):
    shown = written(value, "json")

    assert understood(shown.encode().decode(), Cell("json", "anything")) == value


def test_an_archive_has_every_table_of_the_database_but_the_secret_ones_and_every_column():
    kept = set(tables.metadata.tables) - whole_family.NOT_TAKEN

    assert set(TABLES) == kept == set(whole_family.TABLES)
    for name, columns in TABLES.items():
        real = [c for c in tables.metadata.tables[name].columns if c.name not in ("seq", "family")]
        assert list(columns) == [c.name for c in real], name
        for column in real:
            may_miss = columns[column.name].optional
            assert may_miss == bool(column.nullable), f"{name}.{column.name}"


def test_no_secret_and_no_unfinished_form_is_in_an_archive(family, tmp_path):
    from caregiving.store import door, drafts

    door.set_passphrase(family.store, family.id, "a lantern in the snow")
    door.sign_in(family.store, "a lantern in the snow", "the-token", NOW_MS)
    drafts.save_draft(family.store, family.viewer(), "moment", {"words": "half a sentence"}, NOW_MS)
    assert b"half a sentence of a visitor" in str(rows(family.store, "drafts")).encode()
    path = taken_out(family, tmp_path / "a.zip", with_private=True)
    [(_, hashed, *_)] = rows(family.store, "doors")
    [(token, *_)] = rows(family.store, "sign_ins")

    with zipfile.ZipFile(path) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
    for secret in (hashed, token, "half a sentence", "argon2"):
        assert secret.encode() not in everything
    with empty_install(tmp_path / "new.sqlite3") as store:
        put_back(path, store)
        assert [rows(store, table) for table in SECRET] == [[], [], []]


def test_the_same_records_give_the_same_bytes(family, tmp_path):
    one, two = (taken_out(family, tmp_path / name).read_bytes() for name in ("a.zip", "b.zip"))

    assert one == two


def test_the_rows_fit_the_schemas_that_lie_beside_them(family, tmp_path):
    path = taken_out(family, tmp_path / "a.zip", with_private=True)
    with zipfile.ZipFile(path) as opened:
        for table, columns in TABLES.items():
            schema = json.loads(opened.read(f"schemas/{table}.schema.json"))
            assert schema == schema_of(table)
            jsonschema.Draft202012Validator.check_schema(schema)
            check = jsonschema.Draft202012Validator(schema)
            text = opened.read(f"tables/{table}.csv").decode()
            for row in csv.DictReader(io.StringIO(text, newline="")):
                values = {name: understood(row[name], columns[name]) for name in columns}
                check.validate(json.loads(json.dumps(values, default=str)))


def test_an_archive_says_what_it_holds_and_brings_the_instruments_it_was_made_with(family, tmp_path):
    path = taken_out(family, tmp_path / "a.zip")
    with zipfile.ZipFile(path) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        for member in manifest["members"]:
            content = opened.read(member["path"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (member["bytes"], member["sha256"])
        used = opened.read("instruments/home_moments.v1.yaml")
        readme = opened.read("README.txt").decode()

    assert manifest["instruments"] == {
        "free_play.v1": load_digest("free_play.v1"),
        "home_moments.v1": hashlib.sha256(used).hexdigest(),
        "sensitivity_rating.v1": load_digest("sensitivity_rating.v1"),
        "weekly_check_in.v1": load_digest("weekly_check_in.v1"),
    }
    assert manifest["counts"]["events"] == len(rows(family.store, "events"))
    assert "not encrypted" in readme and "private is not in it" in readme


def load_digest(name: str) -> str:
    from caregiving.instruments import shelf

    return hashlib.sha256(shelf()[name].read_bytes()).hexdigest()


def test_what_somebody_wrote_in_private_leaves_only_for_that_person_who_asked(family, tmp_path):
    family.write("Ravi alone", shared=False, author=family.ravi)
    family.write("for both", shared=True, author=family.ravi)
    family.rate("Ravi's week", shared=False, author=family.ravi)
    family.rate("Ada's week", shared=False)

    def words(**options: Any) -> str:
        path = taken_out(family, tmp_path / "a.zip", **options)
        with zipfile.ZipFile(path) as opened:
            return "".join(opened.read(f"tables/{name}.csv").decode() for name in ("reflections", "ratings"))

    shared, own = words(), words(with_private=True)
    assert "for both" in shared and "She laughed, twice." in shared
    assert "A hard night" not in shared and "Ada's week" not in shared
    assert "A hard night" in own and "Ada's week" in own
    assert "Ravi alone" not in shared + own and "Ravi's week" not in shared + own


def test_a_text_that_was_shared_once_and_is_private_now_stays_here_in_all_its_versions(family, tmp_path):
    first = family.write("said too early", shared=True)
    family.write("kept to myself", shared=False, old=first)
    opened_up = family.write("only for me", shared=False)
    family.write("for everybody", shared=True, old=opened_up)
    path = taken_out(family, tmp_path / "a.zip")

    with zipfile.ZipFile(path) as archived:
        told = archived.read("tables/reflections.csv").decode()
    assert "said too early" not in told and "kept to myself" not in told and "only for me" not in told
    assert "for everybody" in told


def test_only_a_parent_of_the_family_takes_it_out(family):
    visitor = family.viewer(family.vera)  # with a consent to see timeline and patterns

    with pytest.raises(NotAllowed), whole_family.taken_out(family.store, visitor, family.id):
        pass


def test_somebody_of_another_family_is_named_but_their_family_is_not(family, tmp_path):
    """A consent to a parent of another household names that parent; where they live stays out of it."""
    home, noor = family.an_other_home()
    path = taken_out(family, tmp_path / "a.zip")

    with zipfile.ZipFile(path) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist()).decode()
    assert str(noor) in everything and str(home) not in everything
    with empty_install(tmp_path / "new.sqlite3") as store:
        put_back(path, store)
        assert {m.id for m in people.members(store)} == {
            family.ada,
            family.ravi,
            family.vera,
            family.wim,
            noor,
        }


# --- what is refused ---------------------------------------------------------------------------------


Members = dict[str, bytes]


def changed(path: Path, change: Callable[[Members], None], *, honest: bool = True) -> Path:
    """Write the archive anew after a change; with `honest` the manifest tells of it."""
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        manifest["members"] = [
            {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in members.items()
            if name != "manifest.json"
        ]
        members["manifest.json"] = json.dumps(manifest).encode()
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written_anew:
        for name, content in members.items():
            written_anew.writestr(name, content)
    return out


def cell(table: str, row: int, column: str, value: str) -> Callable[[Members], None]:
    """Change one cell; rows count from 0 below the header."""

    def change(members: Members) -> None:
        name = f"tables/{table}.csv"
        lines = list(csv.reader(io.StringIO(members[name].decode(), newline="")))
        lines[row + 1][lines[0].index(column)] = value
        out = io.StringIO(newline="")
        csv.writer(out).writerows(lines)
        members[name] = out.getvalue().encode()

    return change


def said(**changes: Any) -> Callable[[Members], None]:
    """Change what the manifest says."""

    def change(members: Members) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()

    return change


def refusal(path: Path, tmp_path: Path) -> str:
    """Return why an archive is refused; nothing of it may then be stored."""
    with empty_install(tmp_path / "nothing.sqlite3") as store:
        with pytest.raises(Refused) as refused:
            put_back(path, store)
        assert {table: len(rows(store, table)) for table in TABLES} == dict.fromkeys(TABLES, 0)
    return str(refused.value)


@pytest.fixture
def whole(family: Family, tmp_path: Path) -> Path:
    return taken_out(family, tmp_path / "a.zip", with_private=True)


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    nothing, text, other = tmp_path / "none.zip", tmp_path / "text.zip", tmp_path / "other.zip"
    text.write_text("PK but not really", encoding="utf-8")
    with zipfile.ZipFile(other, "w") as opened:
        opened.writestr("photo.txt", "hello")

    assert "found no file" in refusal(nothing, tmp_path)
    assert "no zip" in refusal(text, tmp_path)
    assert "a zip without manifest.json" in refusal(other, tmp_path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_short_is_refused(whole, tmp_path, share):
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * share)])

    assert "cut short" in refusal(whole, tmp_path)


places = st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255))


@settings(max_examples=60)
@given(st.lists(places, min_size=1, max_size=4))
def test_whatever_is_damaged_the_answer_is_a_refusal_or_the_same_rows(damage):
    with family_of(Plan(taps=USUAL.taps)) as (family, folder):
        path = taken_out(family, folder / "a.zip")
        content = bytearray(path.read_bytes())
        for where, byte in damage:
            content[int(where * len(content))] = byte
        path.write_bytes(content)
        with empty_install(folder / "new.sqlite3") as store:
            try:
                put_back(path, store)
            except Refused:
                assert rows(store, "events") == []
            else:
                assert rows(store, "events") == rows(family.store, "events")


def test_an_archive_of_a_newer_version_or_of_another_program_is_refused(whole, tmp_path):
    newer = changed(whole, said(format_version=3, program_version="9.0"))
    assert "found format 3, written by version 9.0" in refusal(newer, tmp_path)

    assert "another program" in refusal(changed(whole, said(format="bundle")), tmp_path)
    assert "format None" in refusal(changed(whole, said(format_version=None)), tmp_path)
    assert "greater than or equal to 1" in refusal(changed(whole, said(format_version=0)), tmp_path)


def first_format(path: Path, members: Members) -> None:
    """Take out what the first version of the format did not know: the tables and columns named here."""
    for kind, end in (("tables", "csv"), ("schemas", "schema.json")):
        del members[f"{kind}/visits.{end}"]
    name = "tables/window_starts.csv"
    lines = list(csv.reader(io.StringIO(members[name].decode(), newline="")))
    kept = [place for place, column in enumerate(lines[0]) if column not in ("sitting", "episode")]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[line[place] for place in kept] for line in lines])
    members[name] = out.getvalue().encode()
    manifest = json.loads(members["manifest.json"])
    del manifest["counts"]["visits"]
    manifest |= {"format_version": 1, "program_version": "0.1.0"}
    members["manifest.json"] = json.dumps(manifest).encode()


def test_an_archive_of_the_first_version_of_the_format_is_still_read(tmp_path):
    """It has no table of visits, and its windows say nothing of sittings and episodes."""
    with family_of(Plan(taps=USUAL.taps, texts=USUAL.texts, check_ins=USUAL.check_ins)) as (family, _folder):
        path = taken_out(family, tmp_path / "new format.zip", with_private=True)
        old = changed(path, lambda members: first_format(path, members))
        with zipfile.ZipFile(old) as opened:
            assert "tables/visits.csv" not in opened.namelist()
            assert "sitting" not in opened.read("tables/window_starts.csv").decode().splitlines()[0]
        with empty_install(tmp_path / "new.sqlite3") as store:
            receipt = put_back(old, store)

            assert receipt.stored["window_starts"] == 2 and receipt.stored["visits"] == 0
            for table in TABLES:
                assert rows(store, table) == rows(family.store, table), table


def test_an_archive_that_says_it_is_of_the_first_version_and_holds_visits_is_refused(whole, tmp_path):
    why = refusal(changed(whole, said(format_version=1)), tmp_path)

    assert "counts: found families, caregivers" in why


# --- visits ------------------------------------------------------------------------------------------


def test_visits_and_who_made_them_come_back_with_what_was_coded_in_them(family, tmp_path):
    path = taken_out(family, tmp_path / "a.zip")
    with empty_install(tmp_path / "new.sqlite3") as store:
        put_back(path, store)
        ada = people.viewer_of(store, family.ada, NOW)
        seen = visits.read(store, ada, family.id)
        coded = events.load(store, ada, family.id)

    told = [(one.visit.author, str(one.progress), len(one.parts), one.visit.minutes) for one in seen]
    assert sorted(told, key=str) == sorted(
        [
            (family.vera, "finished", 2, 10),
            (family.wim, "finished", 2, 10),
            (family.vera, "discarded", 1, 10),
            (family.vera, "planned", 0, 10),
        ],
        key=str,
    )
    second = next(one.visit for one in seen if one.visit.codes_again)
    assert second.author == family.wim and second.from_recording
    by_vera = coded[(coded["author"] == str(family.vera)) & (coded["instrument"] == "free_play.v1")]
    assert by_vera["code"].value_counts().to_dict() == {"vocalise": 2, "touch": 2, "gaze": 1}
    assert by_vera["offset_ms"].notna().all(), "the corrections of the observer came back too"


def of_observer(table: str, column: str, value: str) -> Callable[[Members], None]:
    """Change one cell of the first row that came from a visit by Vera."""

    def change(members: Members) -> None:
        lines = list(csv.reader(io.StringIO(members[f"tables/{table}.csv"].decode(), newline="")))
        author = lines[0].index("author")
        row = next(n for n, line in enumerate(lines) if line[author] == str(Family.vera))
        cell(table, row - 1, column, value)(members)

    return change


@pytest.mark.parametrize(
    ("table", "column", "value", "needed"),
    [
        ("events", "author", str(Family.wim), "a visit of one's own"),
        ("events", "window", "", "a visit of one's own"),
        ("events", "author", str(an_id("nobody")), "a member of this family"),
        ("events", "child", str(Family.children[1]), "those of the visit"),
        ("window_starts", "author", str(Family.wim), "a visit of one's own"),
        ("window_starts", "author", str(Family.ada), "only an observer watches in a visit"),
        ("window_starts", "sitting", str(an_id("no visit")), "a visit of one's own"),
        ("window_starts", "sitting", "", "a visit of one's own"),
        ("window_ends", "author", str(Family.wim), "a visit of one's own"),
    ],
)
def test_what_an_observer_did_not_record_in_a_visit_of_their_own_is_refused(
    whole, tmp_path, table, column, value, needed
):
    why = refusal(changed(whole, of_observer(table, column, value)), tmp_path)

    assert needed in why and f"{table}.csv, row " in why


def test_what_an_observer_keeps_to_herself_stays_out_of_the_familys_archive(family, tmp_path):
    visit = next(one.visit for one in visits.read(family.store, family.viewer(family.vera), family.id))
    kept_back = family.rate_visit(visit, shared=False)
    path = taken_out(family, tmp_path / "a.zip", with_private=True)

    with zipfile.ZipFile(path) as opened:
        rated = opened.read("tables/ratings.csv").decode()
    assert "sensitivity_rating.v1" in rated and str(kept_back.id) not in rated


def test_a_member_that_is_not_what_the_manifest_says_is_refused(whole, tmp_path):
    def tamper(members: Members) -> None:
        members["tables/events.csv"] = members["tables/events.csv"].replace(b",cry,", b",fus,")

    assert "another content than the manifest says" in refusal(changed(whole, tamper, honest=False), tmp_path)


def test_an_archive_that_changes_after_it_was_looked_through_is_refused_and_nothing_is_stored(
    whole, tmp_path
):
    looked_through = reading.read(whole)
    other = changed(whole, cell("reflections", 0, "content", '{"text":"another text"}'))
    other.replace(whole)

    with empty_install(tmp_path / "new.sqlite3") as store:
        with pytest.raises(Refused, match="its sha256 differs"):
            whole_family.found_again(store, looked_through.family, looked_through.rows)
        assert rows(store, "families") == []


def test_a_member_too_many_or_too_few_is_refused(whole, tmp_path):
    stranger = changed(whole, lambda members: members.update({"run.sh": b"x"}), honest=False)
    assert "run.sh: found a member that the manifest does not name" in refusal(stranger, tmp_path)

    missing = changed(whole, lambda members: members.pop("tables/events.csv"), honest=False)
    assert "tables/events.csv: found nothing" in refusal(missing, tmp_path)
    quiet = changed(whole, lambda members: members.pop("tables/audit.csv"))
    assert "tables/audit.csv: found nothing" in refusal(quiet, tmp_path)


@pytest.mark.parametrize("name", ["../door.txt", "/etc/passwd", "C:\\door.txt", "tables/../../door", "a\\b"])
def test_a_name_that_leads_out_of_the_archive_is_refused(whole, tmp_path, name):
    def slip(members: Members) -> None:
        members[name] = b"x"

    assert "leads out of the archive" in refusal(changed(whole, slip), tmp_path)


def test_a_zip_that_would_burst_is_refused_before_it_is_unpacked(whole, tmp_path, monkeypatch):
    bomb = changed(whole, lambda members: members.update({"sources.yaml": b"0" * (65 * 2**20)}))
    began = perf_counter()
    assert "at most 100 times as many" in refusal(bomb, tmp_path)
    assert perf_counter() - began < 5

    crowd = changed(whole, lambda members: members.update({f"m{n}": b"" for n in range(201)}))
    assert "at most 200" in refusal(crowd, tmp_path)
    monkeypatch.setattr(_archive_zip, "MOST_BYTES", 1000)
    assert "at most 1000" in refusal(whole, tmp_path)


def test_a_row_without_end_is_refused_without_being_held(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(_archive_zip, "LONGEST_ROW", 500_000)
    endless = changed(whole, lambda members: members.update({"tables/audit.csv": b'"' + b"ab\n" * 200_000}))

    assert "a row of over 500000 characters" in refusal(endless, tmp_path)


def test_an_encrypted_member_is_refused(whole, tmp_path):
    content = bytearray(whole.read_bytes())
    at = content.rfind(b"PK\x01\x02")  # the last entry of the list of members
    content[at + 8] |= 1
    whole.write_bytes(content)

    assert "an encrypted member" in refusal(whole, tmp_path)


@pytest.mark.parametrize(
    ("table", "column", "value", "needed"),
    [
        ("events", "id", "one", "needed an id such as"),
        ("events", "onset_ms", "soon", "needed a whole number"),
        ("events", "onset_ms", "", "needed a whole number"),
        ("events", "onset_ms", "-5", "greater than or equal to 0"),
        ("events", "latency_low_s", "inf", "needed a number"),
        ("events", "void", "yes", "needed true or false"),
        ("events", "modifiers", "{", "needed JSON"),
        ("events", "modifiers", '{"a": NaN}', "needed JSON"),
        ("events", "zone", "Europe/Atlantis", "is not a time zone"),
        ("events", "offset_ms", "1", "the end lies"),
        ("events", "code", "sing", "sing"),
        ("events", "actor", "caregiver", "infant"),
        ("events", "child", "0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77", "a child of this family"),
        ("events", "author", "0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77", "a member of this family"),
        ("events", "sender", "0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77", "somebody of this archive"),
        ("children", "alias", "x" * 81, "at most 80 characters"),
        ("children", "colour", "red", "match pattern"),
        ("children", "born_on", "yesterday", "needed a date"),
        ("members", "role", "king", "'parent'"),
        ("members", "own_family", "0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77", "needed this family, or nothing"),
        ("members", "caregiver", "0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77", "needed a caregiver of this family"),
        ("consents", "scope", '["see_everything"]', "see_timeline"),
        ("consents", "given_by", str(Family.vera), "needed a member of this family"),
        ("window_ends", "attestation", "each", "'all'"),
        ("reflections", "kind", "poem", "poem"),
        ("reflections", "content", '{"text": ""}', "at least 1 character"),
        ("reflections", "author", str(Family.vera), "needed a member of this family"),
        ("visits", "author", str(Family.ada), "an observer who is in this archive"),
        ("visits", "author", "0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77", "an observer who is in this archive"),
        ("visits", "child", str(Family.ada), "a child of this family"),
        ("visits", "caregiver", str(Family.ada), "a caregiver of this family"),
        ("visits", "instrument", "home_moments.v1", "one that observers code with, or a procedure"),
        ("visits", "instrument", "free_play.v9", "one that observers code with, or a procedure"),
        ("visits", "instrument", "free play", "match pattern"),
        ("visits", "codes_again", str(Family.vera), "another observer's first coding of the same child"),
        ("visits", "delay_ms", "5001", "less than or equal to 5000"),
        ("window_starts", "episode", "3", "an episode belongs to a visit"),
        ("window_starts", "sitting", str(Family.ada), 'a part of a visit has mode "session"'),
        ("ratings", "scores", '{"stress": 1}', "the scores that these answers give"),
        ("ratings", "answers", '{"stress_now": 99}', "answers that"),
        ("ratings", "child", str(Family.ada), "needed a child of this family"),
        ("preferences", "member", str(Family.vera), "needed a member of this family"),
        ("preferences", "name", "n" * 61, "1 to 60"),
        ("audit", "detail", "[]", "dictionary"),
        ("families", "id", str(Family.ada), "the family of the manifest"),
        ("families", "created_ms", "9" * 17, "needed a whole number"),
    ],
)
def test_a_row_that_does_not_fit_is_told_with_its_place_and_nothing_is_stored(
    whole, tmp_path, table, column, value, needed
):
    why = refusal(changed(whole, cell(table, 0, column, value)), tmp_path)

    assert needed in why
    assert f"{table}.csv, row 2" in why


def test_all_faults_of_a_table_are_told_at_once(whole, tmp_path):
    def twice(members: Members) -> None:
        cell("events", 0, "onset_ms", "soon")(members)
        cell("events", 2, "void", "perhaps")(members)

    why = refusal(changed(whole, twice), tmp_path)
    assert "events.csv, row 2, onset_ms" in why and "events.csv, row 4, void" in why


def test_a_row_twice_or_too_few_is_refused(whole, tmp_path):
    def double(members: Members) -> None:
        lines = members["tables/caregivers.csv"].splitlines(keepends=True)
        members["tables/caregivers.csv"] = b"".join([*lines, lines[1]])

    assert "found 2 rows; needed 1" in refusal(changed(whole, double), tmp_path)
    counted = json.loads(zipfile.ZipFile(whole).read("manifest.json"))["counts"] | {"caregivers": 2}

    def told(members: Members) -> None:
        double(members)
        said(counts=counted)(members)

    assert "the same id twice" in refusal(changed(whole, told), tmp_path)


def test_an_instrument_that_is_another_one_here_is_refused(whole, tmp_path):
    told = refusal(changed(whole, said(instruments={"home_moments.v1": "0" * 64})), tmp_path)
    assert "another text than that of the same instrument here" in told

    told = refusal(changed(whole, said(instruments={"home_moments.v9": "0" * 64})), tmp_path)
    assert "home_moments.v9.yaml: found an instrument that is not known here" in told


# --- how long it takes -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_year_goes_out_and_in_while_one_waits(tmp_path, measured):
    store = open_store(tmp_path / "demo.sqlite3")
    demo.seed(store, NOW, recipe="year")
    parent = next(m for m in people.members(store) if m.own_family)
    viewer = people.viewer_of(store, parent.id, NOW)
    assert parent.own_family is not None
    path, began = tmp_path / "year.zip", perf_counter()
    with whole_family.taken_out(store, viewer, parent.own_family) as whole, path.open("wb") as file:
        archive.write(whole, file)
    out_s, began = perf_counter() - began, perf_counter()
    with empty_install(tmp_path / "new.sqlite3") as new:
        receipt = put_back(path, new)
        in_s = perf_counter() - began
        assert rows(new, "events") == rows(store, "events")
    store.close()

    measured(f"archive of a year: {out_s:.1f} s out, {in_s:.1f} s in (bar 30 s for both)")
    assert receipt.stored["events"] > 30_000
    assert out_s + in_s < 60
