"""Copies of the database, made while it is in use: whole and checked, or not there at all.

A copy is written under a name that ends in `.part`, checked against what it was made from, and only then
given its own name. Whatever bears the name of a backup is therefore a whole one, also after a power cut.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from caregiving.faults import CannotOpen, Fault, Refused
from caregiving.store import upgrade

FOLDER: Final = "backups"
PART: Final = ".part"
BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite may keep next to a database
BUSY_S: Final = 30
_BAD: Final = {  # what SQLite says about a file that it cannot read
    "not a database": "no database, or one that is locked with another key",
    "malformed": "a file that is cut off or damaged",
    "unable to open": "a file that cannot be opened",
}


@dataclass(frozen=True)
class Contents:
    """What a database file holds: the step of its growth, and how many rows each table has."""

    step: str | None
    rows: dict[str, int]


@dataclass(frozen=True)
class Backup:
    """A copy that was checked and has its name."""

    path: Path
    contents: Contents
    n_bytes: int


def refusal(path: Path, found: str, needed: str) -> Refused:
    """Return the refusal of one file, to be raised."""
    return Refused([Fault(path.name, found, needed)])


def back_up(path: Path, to: Path, key: bytes | None = None) -> Backup:
    """Copy the database to a new file, exactly as it is at one instant, while others may write.

    Raises
    ------
    Refused
        When there is no database, the new file's name is taken, the copy cannot be written, or it is not the
        same as the database. Then nothing is left behind.
    """
    with _one_at_a_time(path):
        return _copy(path, to, key)


def keep_backup(path: Path, at: datetime, keep: int, key: bytes | None = None) -> tuple[Backup, list[Path]]:
    """Copy the database into its folder of backups, and let the oldest of them go.

    Parameters: `at` the present, which becomes part of the name; `keep` how many of this database's own
    backups stay. Only files that bear the name of such a backup are ever removed, and never the new one.

    Returns
    -------
    The backup, and what was removed.

    Raises
    ------
    Refused
        As `back_up`; then no older backup is removed either.
    """
    with _one_at_a_time(path):
        for left in _own(path, f"{PART}({'|'.join(BESIDE)})?"):
            left.unlink(missing_ok=True)  # half a copy of one that was killed; no other is at work now
        made = _copy(path, _free_name(path, at), key)
        older = [one for one in backups_of(path) if one != made.path]
        removed = older[max(keep - 1, 0) :]
        for one in removed:
            one.unlink(missing_ok=True)
    return made, removed


def backups_of(path: Path) -> list[Path]:
    """Return the backups of this database that lie in its folder of backups, the newest first."""

    def age(one: Path) -> tuple[str, int]:
        at, _, number = one.stem.removeprefix(f"{path.stem}-").partition("-")
        return at, int(number or 1)

    return sorted(_own(path), key=age, reverse=True)


def look_into(path: Path, key: bytes | None = None) -> Contents:
    """Read a file that should be a whole database, and change nothing about it or beside it.

    Raises
    ------
    Refused
        When it is missing, no database, cut off or damaged, or the key does not fit.
    """
    if not path.is_file():
        raise refusal(path, "no such file", "a backup of this program")
    with readable(path, key) as connection:
        _require_every_byte(path, connection)
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise refusal(path, f"a damaged database ({' '.join(verdict.split())})", "a whole one")
        return _contents(connection)


def _require_every_byte(path: Path, connection: Any) -> None:
    """Refuse a file that ends within a page: SQLite would take the missing end for zeros."""
    if any(Path(f"{path}{end}").exists() for end in BESIDE):
        return  # a part of it is there and not in the file
    size, pages = (
        int(connection.execute(f"PRAGMA {one}").fetchone()[0]) for one in ("page_size", "page_count")
    )
    if path.stat().st_size != size * pages:
        found = f"a file that is cut off or damaged ({path.stat().st_size} bytes)"
        raise refusal(path, found, f"all of its {size * pages} bytes")


@contextmanager
def readable(path: Path, key: bytes | None = None) -> Iterator[Any]:
    """Give a connection that only reads the file; what SQLite says about a bad one becomes a refusal."""
    # A database that is open somewhere has a file beside it; one without can be read as it lies there.
    alone = not any(Path(f"{path}{end}").exists() for end in BESIDE)
    with _named(path):
        connection = _connect(path, "mode=ro&immutable=1" if alone else "mode=ro", key)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn what SQLite says about a file that it cannot read into a refusal of that file."""
    try:
        yield
    except dbapi2.DatabaseError as reason:
        found = next((found for said, found in _BAD.items() if said in str(reason)), None)
        if found is None:
            raise
        raise refusal(
            path, f"{found} ({reason})", "a whole database of this program, and its key"
        ) from reason


def pour(source: Any, to: Path, key: bytes | None = None) -> None:
    """Write what an open connection sees into a file of its own, with nothing beside it, down to the disk.

    A file of that name is written over. Left in one piece, it has nothing to do with write-ahead logs.
    """
    drop(to)
    to.touch(mode=0o600)
    target = _connect(to, "mode=rw", key)
    try:
        target.execute("PRAGMA journal_mode=OFF")  # nobody takes half a copy for a whole one
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
    settle(to)


def settle(path: Path) -> None:
    """Wait until a file, and where there is such a thing the entry in its folder, is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def drop(path: Path) -> None:
    """Remove a file of ours and what SQLite keeps beside it, as far as it is there."""
    for end in ("", *BESIDE):
        Path(f"{path}{end}").unlink(missing_ok=True)


def stamp(at: datetime) -> str:
    """Return a moment as part of a file's name.

    >>> stamp(datetime(2026, 3, 1, 9, 0, 5, tzinfo=UTC))
    '20260301T090005Z'
    """
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _copy(path: Path, to: Path, key: bytes | None) -> Backup:
    if not path.is_file():
        raise refusal(path, f"no database in {path.parent}", "one that was started at least once")
    if to.exists():
        raise refusal(to, "a file that is there already", "a new name; nothing is ever written over")
    part = to.with_name(f"{to.name}{PART}")
    try:
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _snapshot(path, key) as source:
            held = _contents(source)
            pour(source, part, key)
        copied = look_into(part, key)
        if copied != held:
            raise refusal(to, f"{copied} in the copy", f"{held}, as in {path.name}")
        part.replace(to)
        settle(to)
    except (OSError, dbapi2.Error) as reason:
        raise refusal(to, f"that it could not be written ({reason})", "room, and leave to write") from reason
    finally:
        drop(part)
    return Backup(to, held, to.stat().st_size)


@contextmanager
def _snapshot(path: Path, key: bytes | None) -> Iterator[Any]:
    """Give a connection that sees the database as it is now, whatever is written meanwhile."""
    with ExitStack() as held:
        held.enter_context(_named(path))
        with waiting(path):  # somebody who brings it up to date, or puts another in its place, comes first
            connection = _connect(path, "mode=rw", key)
            held.callback(connection.close)
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield connection


@contextmanager
def waiting(path: Path) -> Iterator[None]:
    """Be the only one who opens this database, or say that somebody else has been at it for too long."""
    with ExitStack() as held:
        try:
            held.enter_context(upgrade.alone(path))
        except CannotOpen as reason:
            found = f"another process that has been at work on it for {upgrade.WAIT_S} s"
            raise refusal(path, found, "that process to finish or to be ended") from reason
        yield


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Let no second backup of this database begin before this one is done; the app itself never waits."""
    if not path.parent.is_dir():
        raise refusal(path, f"no folder {path.parent}", "the folder in which the database lies")
    with waiting(path.with_suffix(".backup")):
        yield


def _connect(path: Path, how: str, key: bytes | None) -> Any:
    """Connect to a file that is there; none is ever made by looking."""
    connection = dbapi2.connect(
        f"{path.resolve().as_uri()}?{how}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    if key is not None:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
    return connection


def _contents(connection: Any) -> Contents:
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [name for (name,) in connection.execute(listed).fetchall()]
    rows = {}
    for name in tables:
        quoted = name.replace('"', '""')
        counted = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608  (a name that the file itself gave, quoted)
        rows[name] = int(connection.execute(counted).fetchone()[0])
    step = None
    if rows.get("alembic_version") == 1:
        step = str(connection.execute("SELECT * FROM alembic_version").fetchone()[0])
    return Contents(step, rows)


def _own(path: Path, more: str = "") -> list[Path]:
    """Return the files in the folder of backups whose names are those of this database's backups."""
    named = re.compile(rf"{re.escape(path.stem)}-\d{{8}}T\d{{6}}Z(-\d+)?{re.escape(path.suffix)}{more}")
    folder = path.parent / FOLDER
    found = folder.iterdir() if folder.is_dir() else ()
    return [one for one in found if named.fullmatch(one.name) and one.is_file() and not one.is_symlink()]


def _free_name(path: Path, at: datetime) -> Path:
    """Return a name for a new backup; a second one in the same second gets a number."""
    folder, name, number = path.parent / FOLDER, f"{path.stem}-{stamp(at)}", 1
    while (to := folder / f"{name}{f'-{number}' if number > 1 else ''}{path.suffix}").exists():
        number += 1
    return to
