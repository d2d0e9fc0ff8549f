"""The file grows: every step keeps every row, leaves a copy of before, and happens once."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from caregiving.faults import CannotOpen
from caregiving.store import drafts, upgrade
from caregiving.store.engine import Store, open_store
from caregiving.store.tables import APPEND_ONLY, metadata

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))
HEAD = ScriptDirectory(str(upgrade.MIGRATIONS)).get_current_head()
STEPS = [step.revision for step in ScriptDirectory(str(upgrade.MIGRATIONS)).walk_revisions()]


def test_the_newest_step_is_told_by_its_name_as_alembic_tells_it():
    assert upgrade.newest() == HEAD


def test_a_database_that_is_up_to_date_opens_without_what_takes_the_steps(home: Any):
    opens = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from caregiving.store.engine import open_store
open_store(Path({str(home.store.path)!r})).close()
print("alembic" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", opens], capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"


def one_of_each(home: Any) -> None:
    window = home.start()
    assert home.send(home.tap("cry"), window, home.end(window)).refused == ()


def as_it_was_then(home: Any) -> None:
    """Put a window, a tap and a half-filled form into a database that knows only the columns of its time."""
    born = {"sender": str(home.ada), "received_ms": home.now_ms}
    form = {"member": str(home.ada), "form": "moment", "content": "{}", "saved_ms": 1}
    rows = {
        "events": home.tap("cry") | born | {"modifiers": "{}"},
        "window_starts": home.start() | born,
        "drafts": form | {"family": str(home.family), "about": ""},
    }
    with home.store.writer.begin() as connection:
        for table, row in rows.items():
            known = {column[1] for column in connection.exec_driver_sql(f"PRAGMA table_info({table})")}
            kept = {name: value for name, value in row.items() if name in known}
            names, marks = ", ".join(f'"{name}"' for name in kept), ", ".join("?" for _ in kept)
            added = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names of this test
            connection.exec_driver_sql(added, (*kept.values(),))


def contents(store: Any) -> list[tuple[Any, ...]]:
    with store.reader.begin() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM events ORDER BY seq")]


def triggers(store: Any) -> set[str]:
    with store.reader.begin() as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return set(found.scalars())


def steps_up_to(folder: Path, last: str) -> Path:
    """Return the steps as they were when `last` was the newest."""
    steps = folder / f"migrations up to {last}"
    shutil.copytree(upgrade.MIGRATIONS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    for step in ScriptDirectory(str(upgrade.MIGRATIONS)).iterate_revisions(HEAD, last):
        (steps / "versions" / Path(step.path).name).unlink()
    return steps


def with_one_more_step(folder: Path, what: str) -> Path:
    """Return the steps of today and one of tomorrow."""
    steps = steps_up_to(folder, HEAD)
    (steps / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{HEAD}"\n'
        "def upgrade():\n"
        '    op.create_table("moods", sa.Column("id", sa.Integer, primary_key=True))\n'
        f"    {what}\n"
    )
    return steps


OPEN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from caregiving.store.engine import open_store
print("ready", flush=True)
sys.stdin.readline()
store = open_store(Path(sys.argv[1]), migrations=Path(sys.argv[2]))
with store.reader.begin() as connection:
    print(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
"""


@pytest.mark.parametrize("age", ["new", "old"])
def test_processes_that_open_a_database_at_once_do_not_get_into_each_others_way(
    tmp_path: Path, age: str
) -> None:
    path, steps = tmp_path / "home.sqlite3", with_one_more_step(tmp_path, "pass")
    if age == "old":
        open_store(path).close()
    command = [sys.executable, "-c", OPEN, str(path), str(steps), str(ROOT)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    openers = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for opener in openers:
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        opener.stdin.write("go\n")
        opener.stdin.flush()
    told = [opener.communicate(timeout=60) for opener in openers]

    assert told == [("9999\n", "")] * 3
    assert len(list(tmp_path.glob("home.before*"))) == (1 if age == "old" else 0), "one upgrade, one copy"


def test_threads_that_open_a_new_database_at_once_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(open_store, [tmp_path / "new.sqlite3"] * 4))
    for store in stores:
        assert contents(store) == []
        store.close()


def test_the_steps_lead_to_the_tables_that_the_program_expects(home: Any) -> None:
    with home.store.reader.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_opening_again_changes_nothing_and_makes_no_copy(home: Any) -> None:
    one_of_each(home)
    before = contents(home.store)
    home.store.close()

    again = open_store(home.store.path)

    assert contents(again) == before
    assert list(home.store.path.parent.glob("*before*")) == []
    again.close()


@pytest.mark.parametrize("step", STEPS)
def test_a_database_of_any_age_keeps_its_rows_and_its_triggers(
    tmp_path: Path, settle_in: Callable[[Store], Any], step: str
) -> None:
    path = tmp_path / "old.sqlite3"
    old = open_store(path, migrations=steps_up_to(tmp_path, step))
    home = settle_in(old)
    as_it_was_then(home)
    before = contents(old)
    old.close()

    new = open_store(path)
    home.store = new

    assert len(before) == 1 and contents(new) == before
    kept = drafts.draft(new, home.viewer(), "moment")
    assert kept is not None and kept.content == {}
    assert triggers(new) == {
        f"{table}_no_{change}" for table in APPEND_ONLY for change in ("update", "delete")
    }
    new.close()


def test_an_upgrade_keeps_every_row_and_leaves_a_copy_of_before(home: Any, tmp_path: Path) -> None:
    one_of_each(home)
    before = contents(home.store)
    home.store.close()

    newer = open_store(home.store.path, migrations=with_one_more_step(tmp_path, "pass"))

    assert contents(newer) == before
    newer.close()
    copies = list(home.store.path.parent.glob("*before*"))
    assert [copy.name for copy in copies] == ["home.before-9999.1.sqlite3"]
    assert copies[0].stat().st_mode & 0o077 == 0
    old = open_store(copies[0])
    assert contents(old) == before
    old.close()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(home: Any, tmp_path: Path) -> None:
    one_of_each(home)
    before = contents(home.store)
    home.store.close()
    broken = with_one_more_step(tmp_path, 'raise RuntimeError("the power went out")')

    for _ in range(2):
        with pytest.raises(RuntimeError, match="the power went out"):
            open_store(home.store.path, migrations=broken)

    again = open_store(home.store.path)
    assert contents(again) == before
    with again.reader.begin() as connection:
        assert (
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'moods'").scalar_one()
            == 0
        )
    again.close()
    assert len(list(home.store.path.parent.glob("*before*"))) == 2, "no copy is written over another"


def test_a_database_of_a_newer_program_is_not_touched(home: Any, tmp_path: Path) -> None:
    home.store.close()
    open_store(home.store.path, migrations=with_one_more_step(tmp_path, "pass")).close()

    with pytest.raises(
        CannotOpen, match=f"a newer version of this program wrote it .step 9999.; needed step {HEAD}"
    ):
        open_store(home.store.path)


def test_a_file_that_is_no_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    letter = tmp_path / "letter.sqlite3"
    letter.write_text("Dear diary, " * 100)

    with pytest.raises(CannotOpen, match=r"letter\.sqlite3 cannot be opened: it is not a database"):
        open_store(letter)
    assert letter.read_text().startswith("Dear diary")


def test_a_key_encrypts_the_file_and_only_it_opens_it_again(tmp_path: Path) -> None:
    path = tmp_path / "secret.sqlite3"
    store = open_store(path, KEY)
    with store.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO families VALUES ('f', 'Maplewood', 0)")
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert on_disk and b"Maplewood" not in on_disk and b"SQLite format" not in on_disk
    assert KEY.hex() not in repr(store)
    store.close()

    for wrong in (None, bytes(32)):
        with pytest.raises(CannotOpen, match="the key does not fit"):
            open_store(path, wrong)
    right = open_store(path, KEY)
    with right.reader.begin() as connection:
        assert connection.exec_driver_sql("SELECT alias FROM families").scalar_one() == "Maplewood"
    right.close()


def test_a_copy_of_an_encrypted_database_is_encrypted_too(tmp_path: Path) -> None:
    path = tmp_path / "secret.sqlite3"
    open_store(path, KEY).close()
    open_store(path, KEY, migrations=with_one_more_step(tmp_path, "pass")).close()

    copy = tmp_path / "secret.before-9999.1.sqlite3"
    with pytest.raises(CannotOpen):
        open_store(copy)
    open_store(copy, KEY).close()


def test_a_key_of_the_wrong_length_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="the key has 5 bytes; needed a key of 32 bytes"):
        open_store(tmp_path / "secret.sqlite3", b"short")
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_never_finishes_opening_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade, "WAIT_S", 0)
    path = tmp_path / "home.sqlite3"

    with upgrade.alone(path), pytest.raises(CannotOpen, match="another process has been opening it"):
        open_store(path)
