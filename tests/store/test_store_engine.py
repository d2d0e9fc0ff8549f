"""The file itself: nothing in it can be changed, and nothing that was answered is lost."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlcipher3 import dbapi2

from caregiving.store import audit, events, visits
from caregiving.store.engine import open_store
from caregiving.store.tables import APPEND_ONLY, metadata

ROOT = Path(__file__).resolve().parents[2]


def one_of_each(home: Any) -> None:
    """Put one row into each table that is kept for good."""
    window = home.start()
    assert home.send(home.tap("cry"), window, home.end(window)).refused == ()
    home.write(home.text())
    rating = {
        "id": home.an_id("rating"),
        "family": home.family,
        "author": home.ada,
        "rater": "Ada",
        "kind": "self",
        "instrument": "weekly_check_in.v1",
        "certified": False,
        "answers": {},
        "scores": {},
        "shared": False,
        "at_ms": home.now_ms,
        "utc_offset_min": 60,
        "written_ms": home.now_ms,
        "void": False,
    }
    with home.store.writer.begin() as connection:
        connection.execute(insert(metadata.tables["ratings"]).values(rating))
    audit.note(home.store, home.viewer(), home.family, home.an_id("entry"), "export", {}, home.now_ms)
    visits.plan(home.store, home.observing(), home.visit())


def kept_for_good(home: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table that is kept for good."""
    with home.store.reader.begin() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(metadata.tables[name]))]
            for name in APPEND_ONLY
        }


def run(home: Any, sql: str) -> None:
    with home.store.writer.begin() as connection:
        connection.exec_driver_sql(sql)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {0} SET family = 'another one'",
        "DELETE FROM {0}",
        "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
        "UPDATE OR REPLACE {0} SET seq = seq + 1",
    ],
)
def test_what_was_seen_cannot_be_changed_or_deleted(home: Any, table: str, change: str) -> None:
    one_of_each(home)
    before = kept_for_good(home)

    with pytest.raises(IntegrityError, match=f"{table} is append-only"):
        run(home, change.format(table))

    assert [len(rows) for rows in before.values()] == [1] * len(APPEND_ONLY)
    assert kept_for_good(home) == before


def test_the_reading_side_cannot_write(home: Any) -> None:
    with pytest.raises(OperationalError, match="readonly"), home.store.reader.begin() as connection:
        connection.exec_driver_sql("INSERT INTO families VALUES ('x', 'x', 0)")


@pytest.mark.parametrize("side", ["reader", "writer"])
def test_every_connection_is_careful(home: Any, side: str) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }
    with getattr(home.store, side).begin() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
    assert found == wanted


def test_nobody_but_the_owner_of_the_computer_can_read_the_file(home: Any) -> None:
    assert home.store.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("n_stores", [1, 8])
def test_eight_threads_write_a_hundred_times_each_without_one_failure(home: Any, n_stores: int) -> None:
    """With a store each, as in eight processes, they meet at the file; with a shared one, before it."""
    viewer = home.viewer()
    taps = [[home.tap("cry", at_s=n) for n in range(100)] for _ in range(8)]
    stores = [open_store(home.store.path) for _ in range(n_stores)]

    def write(thread: int) -> int:
        mine = stores[thread % n_stores]
        return sum(len(events.ingest(mine, viewer, [tap], home.now_ms).stored) for tap in taps[thread])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write, range(8))) == [100] * 8
    assert len(home.log()) == 800
    for store in stores:
        store.close()


def test_readers_are_not_kept_waiting_by_a_writer(home: Any) -> None:
    home.send(home.tap("cry"))
    with home.store.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO families VALUES ('waiting', 'x', 0)")
        assert len(home.log()) == 1


WRITE_FOR_EVER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from conftest import Home
from caregiving.store.engine import open_store
home = Home(open_store(Path(sys.argv[1])))
while True:
    window = home.start(name=f"window {home.n_taps}")
    receipt = home.send(window, *(home.tap("cry", at_s=home.n_taps) for _ in range(3)), home.end(window))
    assert len(receipt.stored) == 5, receipt
    written = home.write(home.text(name=f"text {home.n_taps}"))
    print(*receipt.stored, written.id, flush=True)
"""


def test_what_was_answered_as_stored_is_there_after_kill_9(home: Any) -> None:
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(home.store.path), str(ROOT), here]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        answered = [next(writer.stdout) for _ in range(40)]
        writer.kill()
        answered += writer.stdout.read().splitlines()

    whole = [line.split() for line in answered if len(line.split()) == 6]
    assert len(whole) >= 40
    log, watched = set(home.log()["id"]), set(home.watched()["id"])
    texts = {str(text.id) for text in home.texts()}
    for window, *taps, _end, text in whole:
        assert window in watched and log.issuperset(taps) and text in texts
    with home.store.reader.begin() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in APPEND_ONLY
        ]
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert counts[0] == 3 * counts[1] == 3 * counts[2], "a batch was stored in part"


def test_the_tables_that_are_kept_for_good_never_give_a_place_in_the_order_twice(home: Any) -> None:
    with home.store.reader.connect() as connection:
        for table in APPEND_ONLY:
            made = f"SELECT sql FROM sqlite_master WHERE name = '{table}'"  # noqa: S608  (our own names)
            assert "AUTOINCREMENT" in connection.exec_driver_sql(made).scalar_one()


def test_the_driver_is_the_one_that_can_encrypt(home: Any) -> None:
    with home.store.reader.connect() as connection:
        assert isinstance(connection.connection.driver_connection, dbapi2.Connection)
