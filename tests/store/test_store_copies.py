"""A backup is whole or it is not there; a restore happens wholly or not at all; nobody's file is deleted."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlcipher3 import dbapi2

from caregiving.demo import seed
from caregiving.events import Event
from caregiving.faults import Refused
from caregiving.store import audit, copies, drafts, events, exchange, preferences, tables, upgrade
from caregiving.store.copies import back_up, backups_of, keep_backup, look_into, readable
from caregiving.store.engine import Store, open_store
from caregiving.store.exchange import restore
from caregiving.store.tables import APPEND_ONLY

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))


def everything(path: Path, key: bytes | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of a file."""
    with readable(path, key) as connection:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        names = [name for (name,) in connection.execute(listed).fetchall()]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in names}  # noqa: S608


def run_and_stop_at(module: str, name: str, call: str, *paths: Path) -> None:
    """Run a call in a process of its own and kill -9 it at the moment it gets to a function."""
    script = (
        "import sys, time\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from caregiving.store import copies, erase, exchange\n"
        "def stop(*_, **__):\n    print('here', flush=True)\n    time.sleep(60)\n"
        f"{module}.{name} = stop\nP = [Path(one) for one in sys.argv[1:]]\n{call}\n"
    )
    command = [sys.executable, "-c", script, *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None and killed.stdout.readline() == "here\n"
        killed.kill()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a year of an invented household; not to be written to."""
    path = tmp_path_factory.mktemp("year") / "demo.sqlite3"
    store = open_store(path)
    seed(store, NOW, recipe="year")
    store.close()
    return path


@pytest.fixture
def at_rest(home: Any) -> Any:
    """The two households with a few records, and nobody who has the database open."""
    window = home.start()
    assert home.send(home.tap("cry"), window, home.end(window), home.tap("pick_up", at_s=4)).refused == ()
    home.store.close()
    return home


# --- copying ------------------------------------------------------------------------------------------


def test_a_backup_holds_every_row_and_is_one_file_for_its_owner_alone(home: Any, tmp_path: Path) -> None:
    home.send(home.tap("cry"), home.tap("pick_up", at_s=4))

    made = back_up(home.store.path, tmp_path / "away" / "copy.sqlite3")

    assert made.contents.rows["events"] == 2 and made.contents.rows["families"] == 2
    assert everything(made.path) == everything(home.store.path)
    assert [one.name for one in made.path.parent.iterdir()] == ["copy.sqlite3"]
    assert made.path.stat().st_mode & 0o077 == 0 and made.n_bytes == made.path.stat().st_size


WRITE_FOR_EVER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from conftest import Home
from caregiving.store.engine import open_store
home = Home(open_store(Path(sys.argv[1])))
while True:
    taps = [home.tap("cry", at_s=home.n_taps) for _ in range(3)]
    assert len(home.send(*taps).stored) == 3
    print(home.n_taps, flush=True)
"""


@pytest.fixture
def writer(home: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that stores three taps at a time, as fast as it can, and says how many there are."""
    command = [
        sys.executable,
        "-c",
        WRITE_FOR_EVER,
        str(home.store.path),
        str(ROOT),
        str(Path(__file__).parent),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stdout.readline() == "3\n"
        yield running
        running.kill()


def test_a_backup_while_somebody_writes_holds_what_was_answered_before_and_only_whole_batches(
    home: Any, writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    counts = []
    for number in range(8):
        answered = int(writer.stdout.readline())  # type: ignore[union-attr]
        made = back_up(home.store.path, tmp_path / f"{number}.sqlite3")
        ids = [row[1] for row in everything(made.path)["events"]]
        counts.append(len(ids))
        assert len(ids) >= answered and len(ids) % 3 == 0
    assert writer.poll() is None, "the writer was disturbed"
    assert counts[-1] > counts[0], "nobody wrote meanwhile"


def test_what_is_stored_while_a_backup_is_being_written_is_not_in_it(
    home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.send(home.tap("cry"))
    real = copies.pour

    def pour_late(*how: Any) -> None:
        assert len(home.send(home.tap("smile", at_s=60)).stored) == 1
        real(*how)

    monkeypatch.setattr(copies, "pour", pour_late)
    made = back_up(home.store.path, tmp_path / "copy.sqlite3")

    assert [row[7] for row in everything(made.path)["events"]] == ["cry"]
    assert home.log()["code"].tolist() == ["cry", "smile"]


def test_a_backup_of_a_database_that_a_killed_app_left_behind_holds_what_was_answered(
    home: Any, writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    answered = int(writer.stdout.readline())  # type: ignore[union-attr]
    writer.kill()
    home.store.close()

    assert back_up(home.store.path, tmp_path / "copy.sqlite3").contents.rows["events"] >= answered


def test_backups_are_named_by_the_hour_in_utc_and_the_newest_are_kept(at_rest: Any) -> None:
    path, folder = at_rest.store.path, at_rest.store.path.parent / "backups"
    folder.mkdir()
    others = ["home-20200101T000000Z.sqlite3.txt", "demo-20200101T000000Z.sqlite3", "home-old.sqlite3", "x"]
    for name in others:
        (folder / name).write_text("somebody's")
    (folder / "home-20190101T000000Z.sqlite3").mkdir()

    removed = [keep_backup(path, NOW + timedelta(days=day), keep=3)[1] for day in range(5)]

    assert [one.name for one in backups_of(path)] == [
        f"home-2026030{5 - n}T090000Z.sqlite3" for n in range(3)
    ]
    assert [[one.name for one in gone] for gone in removed] == [
        [],
        [],
        [],
        ["home-20260301T090000Z.sqlite3"],
        ["home-20260302T090000Z.sqlite3"],
    ]
    assert all((folder / name).read_text() == "somebody's" for name in others)
    assert (folder / "home-20190101T000000Z.sqlite3").is_dir()


def test_two_backups_of_one_second_both_stay_and_a_clock_that_was_put_back_removes_no_new_one(
    at_rest: Any,
) -> None:
    path = at_rest.store.path
    for _ in range(11):
        keep_backup(path, NOW, keep=20)
    assert [one.name for one in backups_of(path)][:3] == [
        f"home-20260301T090000Z-{n}.sqlite3" for n in (11, 10, 9)
    ]

    made, removed = keep_backup(path, NOW - timedelta(days=400), keep=2)

    assert made.path.exists() and made.path not in removed
    assert [one.name for one in backups_of(path)] == ["home-20260301T090000Z-11.sqlite3", made.path.name]


def test_a_name_that_is_taken_is_never_written_over(at_rest: Any, tmp_path: Path) -> None:
    mine = tmp_path / "letter.txt"
    mine.write_text("Dear diary")

    with pytest.raises(Refused, match=r"letter\.txt: found a file that is there already"):
        back_up(at_rest.store.path, mine)
    assert mine.read_text() == "Dear diary"


def test_without_a_database_there_is_a_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"home\.sqlite3: found no database in"):
        keep_backup(tmp_path / "home.sqlite3", NOW, keep=3)
    assert not (tmp_path / "home.sqlite3").exists() and not (tmp_path / "backups").exists()


@pytest.mark.parametrize("step", ["settle", "look_into"])
def test_a_backup_that_is_killed_half_way_is_not_taken_for_one_and_the_next_one_clears_up(
    at_rest: Any, step: str
) -> None:
    path = at_rest.store.path
    call = "copies.keep_backup(P[0], datetime(2026, 3, 1, tzinfo=UTC), 3)"
    run_and_stop_at("copies", step, call, path)
    left = list((path.parent / "backups").iterdir())
    assert left and all(".part" in one.name for one in left) and backups_of(path) == []

    made, _ = keep_backup(path, NOW, keep=3)

    assert everything(made.path) == everything(path)
    assert list((path.parent / "backups").iterdir()) == [made.path]


@pytest.mark.slow
def test_kill_9_at_any_moment_of_a_backup_of_a_year_leaves_a_whole_one_or_none(
    year: Path, tmp_path: Path, measured: Callable[[str], None]
) -> None:
    held, half = look_into(year), 0
    command = "import sys; sys.path.insert(0, sys.argv[3])\nfrom pathlib import Path\n" + (
        "from caregiving.store.copies import back_up\nback_up(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    for number, wait_s in enumerate([0, 0, 0.01, 0.03, 0.06, 0.1, 0.2]):
        to = tmp_path / f"{number}.sqlite3"
        part = to.with_name(f"{to.name}.part")
        words = [sys.executable, "-c", command, str(year), str(to), str(ROOT)]
        with subprocess.Popen(words) as killed:
            while not part.exists() and killed.poll() is None:
                time.sleep(0.001)
            time.sleep(wait_s)
            killed.kill()
        half += not to.exists()
        assert not to.exists() or look_into(to) == held
    assert half, "none was killed half-way"
    assert look_into(year) == held

    begun = time.perf_counter()
    made = back_up(year, tmp_path / "0 again.sqlite3")

    took = time.perf_counter() - begun
    measured(f"backup of a year: {made.n_bytes / 1e6:.0f} MB copied and checked in {took:.2f} s")
    assert made.contents == held


@pytest.mark.skipif(os.name != "posix", reason="the system has no limit on a file's size")
def test_a_full_disk_is_told_and_leaves_nothing_behind(at_rest: Any) -> None:
    script = (
        "import resource, sys; sys.path.insert(0, sys.argv[2])\n"
        "from datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from caregiving.faults import Refused\nfrom caregiving.store.copies import keep_backup\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))\n"
        "try:\n    keep_backup(Path(sys.argv[1]), datetime(2026, 3, 1, tzinfo=UTC), 3)\n"
        "except Refused as why:\n    print(why)\n"
    )
    path = at_rest.store.path
    assert path.stat().st_size > 65_536
    before = everything(path)

    command = [sys.executable, "-c", script, str(path), str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "that it could not be written" in ran.stdout and "needed room, and leave to write" in ran.stdout
    assert list((path.parent / "backups").iterdir()) == []
    assert everything(path) == before


def test_an_encrypted_database_has_encrypted_backups_that_only_its_key_opens(
    tmp_path: Path, settle_in: Callable[[Store], Any]
) -> None:
    path = tmp_path / "home.sqlite3"
    store = open_store(path, KEY)
    settle_in(store)
    made = back_up(path, tmp_path / "copy.sqlite3", KEY)
    store.close()

    assert b"Maple" not in made.path.read_bytes() and b"SQLite format" not in made.path.read_bytes()
    for wrong in (None, bytes(32)):
        with pytest.raises(Refused, match="no database, or one that is locked with another key"):
            look_into(made.path, wrong)
    assert everything(made.path, KEY) == everything(path, KEY)
    restore(made.path, path, NOW, key=KEY)
    assert everything(path, KEY) == everything(made.path, KEY)


# --- putting back -------------------------------------------------------------------------------------


def test_what_was_logged_after_the_backup_is_set_aside_and_not_lost(home: Any, tmp_path: Path) -> None:
    path = home.store.path
    home.send(home.tap("cry"))
    made = back_up(path, tmp_path / "copy.sqlite3")
    home.send(home.tap("smile", at_s=60))
    home.store.close()
    present = everything(path)

    done = restore(made.path, path, NOW)

    assert [row[7] for row in everything(path)["events"]] == ["cry"]
    assert done.set_aside is not None
    assert done.set_aside.name == "home.before-restore-20260301T090000Z.1.sqlite3"
    assert done.set_aside.stat().st_mode & 0o077 == 0 and path.stat().st_mode & 0o077 == 0
    assert everything(done.set_aside) == present
    restore(done.set_aside, path, NOW)
    assert [row[7] for row in everything(path)["events"]] == ["cry", "smile"]


def test_a_backup_comes_back_on_a_new_computer_and_the_app_goes_on_with_it(
    at_rest: Any, tmp_path: Path
) -> None:
    made = back_up(at_rest.store.path, tmp_path / "copy.sqlite3")
    new = tmp_path / "new" / "home.sqlite3"
    new.parent.mkdir()

    assert restore(made.path, new, NOW).set_aside is None

    at_rest.store = open_store(new)
    assert len(at_rest.log()) == 2
    assert len(at_rest.send(at_rest.tap("smile", at_s=9)).stored) == 1
    at_rest.store.close()


def test_everybody_signs_in_again_after_a_restore(at_rest: Any, tmp_path: Path) -> None:
    path, token = at_rest.store.path, "f" * 64
    store = open_store(path)
    with store.writer.begin() as connection:
        row = f"INSERT INTO sign_ins VALUES ('{token}', '{at_rest.ada}', 0, 9999999999999, NULL)"  # noqa: S608
        connection.exec_driver_sql(row)
    store.close()
    made = back_up(path, tmp_path / "copy.sqlite3")

    restore(made.path, path, NOW)

    assert [row[4] for row in everything(path)["sign_ins"]] == [int(NOW.timestamp() * 1000)]
    assert [row[4] for row in everything(made.path)["sign_ins"]] == [None], (
        "the backup itself stays as it was"
    )


def test_nothing_is_put_in_the_place_of_a_database_that_is_open(home: Any, tmp_path: Path) -> None:
    home.send(home.tap("cry"))
    made = back_up(home.store.path, tmp_path / "copy.sqlite3")
    home.send(home.tap("smile", at_s=60))

    for dry_run in (True, False):
        with pytest.raises(Refused, match=r"found that it is open: the app is running on it; .*Ctrl-C"):
            restore(made.path, home.store.path, NOW, dry_run=dry_run)

    assert len(home.log()) == 2 and len(home.send(home.tap("coo", at_s=90)).stored) == 1
    assert list(tmp_path.glob("*before*")) == [] and list(tmp_path.glob("*.staging")) == []


def test_a_killed_app_is_no_longer_in_the_way(
    home: Any, writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    home.store.close()
    made = back_up(home.store.path, tmp_path / "copy.sqlite3")
    with pytest.raises(Refused, match="the app is running on it"):
        restore(made.path, home.store.path, NOW)
    writer.kill()
    writer.wait()

    restore(made.path, home.store.path, NOW)

    assert everything(home.store.path) == everything(made.path)


def test_nobody_opens_the_database_while_another_takes_its_place(
    at_rest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(at_rest.store.path, tmp_path / "copy.sqlite3")
    came: list[str] = []
    real = exchange.put_in_place

    def opening() -> None:
        open_store(at_rest.store.path).close()
        came.append("opened")

    def slowly(fresh: Path, path: Path) -> None:
        other = threading.Thread(target=opening)
        other.start()
        time.sleep(0.5)
        came.append("put in place")
        real(fresh, path)
        others.append(other)

    others: list[threading.Thread] = []
    monkeypatch.setattr(exchange, "put_in_place", slowly)
    restore(made.path, at_rest.store.path, NOW)
    others[0].join()

    assert came == ["put in place", "opened"]


def test_there_is_a_database_at_every_instant_of_a_restore(
    at_rest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, there = at_rest.store.path, []
    made = back_up(path, tmp_path / "copy.sqlite3")
    real = Path.replace

    def watched(self: Path, target: Path) -> Path:
        there.append(look_into(path) == made.contents)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    restore(made.path, path, NOW)

    assert there == [True, True], "once for the one that is set aside, once for the new one"


def _cut_off(good: Path, bad: Path) -> None:
    bad.write_bytes(good.read_bytes()[: good.stat().st_size * 2 // 3])


def _cut_in_a_page(good: Path, bad: Path) -> None:
    bad.write_bytes(good.read_bytes()[:-100])


def _overwritten(good: Path, bad: Path) -> None:
    whole = bytearray(good.read_bytes())
    whole[8192:12_288] = b"\xff" * 4096
    bad.write_bytes(whole)


def _empty(good: Path, bad: Path) -> None:
    bad.touch()


def _letter(good: Path, bad: Path) -> None:
    bad.write_text("Dear diary, " * 1000)


def _encrypted(good: Path, bad: Path) -> None:
    open_store(bad, KEY).close()


def _foreign(good: Path, bad: Path) -> None:
    connection = dbapi2.connect(str(bad))
    connection.executescript("CREATE TABLE feedings (id INTEGER); INSERT INTO feedings VALUES (1)")
    connection.close()


def _altered(good: Path, bad: Path, change: str) -> None:
    bad.write_bytes(good.read_bytes())
    connection = dbapi2.connect(str(bad), isolation_level=None)
    connection.executescript(change)
    connection.close()


def _newer(good: Path, bad: Path) -> None:
    _altered(good, bad, "UPDATE alembic_version SET version_num = '9999'")


def _without_a_trigger(good: Path, bad: Path) -> None:
    _altered(good, bad, "DROP TRIGGER events_no_delete")


def _with_a_trigger(good: Path, bad: Path) -> None:
    more = "CREATE TRIGGER sly AFTER INSERT ON events BEGIN UPDATE members SET alias = 'x'; END"
    _altered(good, bad, more)


def _without_a_column(good: Path, bad: Path) -> None:
    _altered(good, bad, "ALTER TABLE events DROP COLUMN reason")


def _without_anybody(good: Path, bad: Path) -> None:
    open_store(bad).close()


def _missing(good: Path, bad: Path) -> None:
    bad.unlink(missing_ok=True)


BAD: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "cut off": (_cut_off, "cut off or damaged"),
    "cut within a page": (_cut_in_a_page, "cut off or damaged"),
    "overwritten in the middle": (_overwritten, "damaged"),
    "an empty file": (_empty, "a database of another program"),
    "a letter": (_letter, "no database"),
    "encrypted": (_encrypted, "locked with another key"),
    "of another program": (_foreign, "a database of another program"),
    "of a newer version": (_newer, r"a newer version of this program wrote it .step 9999."),
    "without a trigger": (_without_a_trigger, "other triggers than this program makes .events_no_delete."),
    "with a trigger more": (_with_a_trigger, "other triggers than this program makes .sly."),
    "without a column": (_without_a_column, r"no events\.reason"),
    "without a household": (_without_anybody, "a database without a household"),
    "not there": (_missing, "no such file"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_whole_backup_of_this_program_is_refused_and_nothing_changes(
    at_rest: Any, tmp_path: Path, kind: str
) -> None:
    path, spoil, why = at_rest.store.path, *BAD[kind]
    good, bad = back_up(path, tmp_path / "good.sqlite3").path, tmp_path / "elsewhere" / "bad.sqlite3"
    bad.parent.mkdir()
    spoil(good, bad)
    before, files = everything(path), sorted(path.parent.iterdir())
    beside = {one: one.read_bytes() for one in bad.parent.iterdir()}

    with pytest.raises(Refused, match=why) as refused:
        restore(bad, path, NOW)

    assert refused.value.faults[0].place == "bad.sqlite3"
    assert everything(path) == before
    assert set(path.parent.iterdir()) - set(files) <= {path.with_name("home.sqlite3.opening")}
    assert {one: one.read_bytes() for one in bad.parent.iterdir()} == beside


def test_the_database_is_not_put_in_its_own_place(at_rest: Any) -> None:
    with pytest.raises(Refused, match="found the database itself"):
        restore(at_rest.store.path, at_rest.store.path, NOW)
    assert len(everything(at_rest.store.path)["events"]) == 2


def test_a_present_file_that_cannot_be_read_stays_where_it_is(at_rest: Any, tmp_path: Path) -> None:
    path = at_rest.store.path
    made = back_up(path, tmp_path / "copy.sqlite3")
    path.write_text("not a database any more " * 500)

    with pytest.raises(Refused, match="move that file elsewhere by hand"):
        restore(made.path, path, NOW)
    assert path.read_text().startswith("not a database any more")

    path.rename(tmp_path / "broken")
    restore(made.path, path, NOW)
    assert everything(path) == everything(made.path)


def test_a_log_without_its_database_is_not_mixed_with_a_restored_one(at_rest: Any, tmp_path: Path) -> None:
    path = at_rest.store.path
    made = back_up(path, tmp_path / "copy.sqlite3")
    path.unlink()
    Path(f"{path}-wal").write_bytes(b"records of a database that is gone")

    with pytest.raises(Refused, match=r"home\.sqlite3-wal beside it"):
        restore(made.path, path, NOW)
    assert not path.exists()


def test_a_link_in_the_databases_place_is_not_followed(at_rest: Any, tmp_path: Path) -> None:
    path, elsewhere = at_rest.store.path, tmp_path / "elsewhere.sqlite3"
    made = back_up(path, tmp_path / "copy.sqlite3")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)

    with pytest.raises(Refused, match="found a link to"):
        restore(made.path, path, NOW)
    assert path.is_symlink() and everything(elsewhere) == everything(made.path)


def test_nobody_waits_for_ever_for_another_process_that_is_at_work(
    at_rest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = at_rest.store.path
    made = back_up(path, tmp_path / "copy.sqlite3")
    monkeypatch.setattr(upgrade, "WAIT_S", 0)

    with upgrade.alone(path), pytest.raises(Refused, match="needed that process to finish or to be ended"):
        restore(made.path, path, NOW)
    with upgrade.alone(path.with_suffix(".backup")), pytest.raises(Refused, match="another process"):
        back_up(path, tmp_path / "second.sqlite3")
    assert not (tmp_path / "second.sqlite3").exists()


def test_a_copy_made_by_hand_with_the_files_beside_it_comes_back_with_all_its_rows(
    home: Any, tmp_path: Path
) -> None:
    home.send(home.tap("cry"), home.tap("pick_up", at_s=4))
    by_hand = tmp_path / "by hand"
    by_hand.mkdir()
    for end in ("", "-wal", "-shm"):
        (by_hand / f"home.sqlite3{end}").write_bytes(Path(f"{home.store.path}{end}").read_bytes())
    home.store.close()

    done = restore(by_hand / "home.sqlite3", home.store.path, NOW)

    assert done.contents.rows["events"] == 2


def test_an_older_backup_is_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, settle_in: Callable[[Store], Any]
) -> None:
    steps = tmp_path / "steps"
    (steps / "versions").mkdir(parents=True)
    for name in ("env.py", "versions/0001_first.py"):
        source = ROOT / "caregiving" / "store" / "migrations" / name
        (steps / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    old = tmp_path / "old" / "home.sqlite3"
    store = open_store(old, migrations=steps)
    home = settle_in(store)
    with store.writer.begin() as connection:  # as that version wrote it: it knew no visits to ask about
        sent = Event.model_validate({k: v for k, v in home.tap("cry").items() if k != "type"})
        row = sent.model_dump(exclude={"type"}) | {"sender": home.ada, "received_ms": 0}
        connection.execute(insert(tables.events).values(row))
    store.close()
    assert look_into(old).step == "0001"
    new = tmp_path / "new" / "home.sqlite3"
    new.parent.mkdir()

    done = restore(old, new, NOW)

    assert done.contents.step != "0001" and look_into(old).step == "0001"
    assert everything(new)["events"] == everything(old)["events"] != []
    assert {one.name for one in new.parent.iterdir()} == {"home.sqlite3", "home.sqlite3.opening"}


@pytest.mark.parametrize(
    ("module", "step"),
    [
        ("copies", "settle"),
        ("exchange", "require_ours"),
        ("exchange", "open_store"),
        ("exchange", "_set_aside"),
        ("exchange", "put_in_place"),
        ("exchange", "settle"),
    ],
)
def test_a_restore_that_is_killed_half_way_leaves_the_database_as_it_was_and_can_be_done_again(
    at_rest: Any, tmp_path: Path, module: str, step: str
) -> None:
    path = at_rest.store.path
    made = back_up(path, tmp_path / "copy.sqlite3")
    store = at_rest.store = open_store(path)
    at_rest.send(at_rest.tap("smile", at_s=60))
    store.close()
    before = everything(path)

    call = "exchange.restore(P[0], P[1], datetime(2026, 3, 1, tzinfo=UTC))"
    run_and_stop_at(module, step, call, made.path, path)

    assert everything(path) == before
    restore(made.path, path, NOW)
    assert everything(path) == everything(made.path)
    assert not (tmp_path / "home.staging").exists()


@pytest.mark.slow
def test_kill_9_at_any_moment_of_a_restore_of_a_year_leaves_one_database_or_the_other(
    year: Path, home: Any, tmp_path: Path
) -> None:
    path, staged = home.store.path, tmp_path / "home.staging"
    home.store.close()
    small, large = look_into(path), look_into(year)
    small_copy = back_up(path, tmp_path / "small.sqlite3").path
    command = (
        "import sys; sys.path.insert(0, sys.argv[3])\nfrom datetime import UTC, datetime\n"
        "from pathlib import Path\nfrom caregiving.store.exchange import restore\n"
        "restore(Path(sys.argv[1]), Path(sys.argv[2]), datetime(2026, 3, 1, tzinfo=UTC))"
    )
    unfinished = 0
    for wait_s in [0, 0.05, 0.15, 0.3, 0.5, 0.8]:
        with subprocess.Popen([sys.executable, "-c", command, str(year), str(path), str(ROOT)]) as killed:
            while not staged.exists() and killed.poll() is None:
                time.sleep(0.001)
            time.sleep(wait_s)
            killed.kill()
        found = look_into(path)
        assert found in (small, large)
        unfinished += found == small
        restore(small_copy, path, NOW)
        assert look_into(path) == small and not staged.exists()
    assert unfinished, "none was killed half-way"
    assert look_into(year) == large


# --- the law ------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.sampled_from(["cry", "smile", "pick_up"]), st.integers(0, 10**7)),
        st.tuples(st.just("window"), st.integers(0, 10**6)),
        st.tuples(st.just("taken back"), st.integers(0, 10**6)),
        st.tuples(st.just("text"), WORDS),
        st.tuples(st.just("draft"), WORDS),
        st.tuples(st.just("choice"), WORDS),
        st.tuples(st.just("entry"), WORDS),
        st.tuples(st.just("consent"), st.integers(1, 400)),
    ),
    max_size=12,
)


def do(home: Any, number: int, deed: str, *how: Any) -> None:
    """Do in a household what a deed says."""
    match deed:
        case "tap":
            assert home.send(home.tap(how[0], at_s=how[1] / 1000)).refused == ()
        case "taken back":
            tap = home.tap("cry", at_s=how[0])
            assert home.send(tap, home.take_back(tap)).refused == ()
        case "window":
            window = home.start(f"window {number}", at_s=how[0])
            assert home.send(window, home.end(window, at_s=how[0] + 60)).refused == ()
        case "text":
            home.write(home.text(content={"text": how[0]}))
        case "consent":
            home.give(home.consent(f"consent {number}", valid_until=home.now + timedelta(days=how[0])))
        case _:
            keep(home, number, deed, *how)


def keep(home: Any, number: int, what: str, words: str) -> None:
    """Keep some words of a household, other than a text."""
    match what:
        case "draft":
            drafts.save_draft(home.store, home.viewer(), f"form {number}", {"x": words}, number)
        case "choice":
            preferences.prefer(home.store, home.viewer(home.vera), f"choice {number}", words, number)
        case "entry":
            entry = home.an_id(f"entry {number}")
            audit.note(home.store, home.viewer(), home.family, entry, "export", {"to": words}, number)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=DEEDS, after=DEEDS)
def test_whatever_was_recorded_before_a_backup_is_what_a_restore_brings_back(
    settle_in: Callable[[Store], Any], before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home.sqlite3"
        store = open_store(path)
        home = settle_in(store)
        for number, deed in enumerate(before):
            do(home, number, *deed)
        then = everything(path)
        made, _ = keep_backup(path, NOW, keep=1)
        for number, deed in enumerate(after, start=100):
            do(home, number, *deed)
        store.close()

        restore(made.path, path, NOW)

        assert everything(path) == everything(made.path) == then
        again = open_store(path)
        assert events.load(again, home.viewer(), home.family)["id"].is_unique
        for table in APPEND_ONLY:
            with readable(path) as connection:
                named = f"SELECT count(*) FROM sqlite_master WHERE tbl_name = '{table}' AND type = 'trigger'"  # noqa: S608
                assert connection.execute(named).fetchone() == (2,)
        again.close()


def test_the_rule_for_what_is_a_part_of_a_copy_covers_everything_that_a_killed_one_leaves(
    at_rest: Any,
) -> None:
    """Every name that a killed backup can leave is cleared by the next; nothing else is."""
    path, folder = at_rest.store.path, at_rest.store.path.parent / "backups"
    folder.mkdir()
    ours = [f"home-20200101T000000Z.sqlite3.part{end}" for end in ("", *copies.BESIDE)]
    theirs = ["demo-20200101T000000Z.sqlite3.part", "home-20200101.sqlite3.part", "holiday.part"]
    for name in (*ours, *theirs):
        (folder / name).write_bytes(b"half")

    made, removed = keep_backup(path, NOW, keep=1)

    assert {one.name for one in folder.iterdir()} == {*theirs, made.path.name} and removed == []
