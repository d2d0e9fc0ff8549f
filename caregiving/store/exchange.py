"""Putting another file in the database's place: all at once, and only while nobody has it open.

At every instant there is a whole database under its name, the old one or the new one. What is being prepared
lies in a folder beside it, `NAME.staging`, which the next attempt clears away when this one is killed.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2

from caregiving.faults import CannotOpen
from caregiving.store import tables
from caregiving.store.copies import (
    BESIDE,
    Contents,
    look_into,
    pour,
    readable,
    refusal,
    settle,
    stamp,
    waiting,
)
from caregiving.store.engine import open_store

PATIENCE_S: Final = 2.0  # a backup that is just ending is waited for; the app is not
FIRST_TABLES: Final = {"alembic_version", "families", "children", "caregivers", "members", "events"}
HOW_TO_STOP: Final = (
    "the app to be stopped first: press Ctrl-C in the window in which it runs, or end the service that "
    "runs it (a backup that is under way has to finish too); nothing was changed"
)


@dataclass(frozen=True)
class Restored:
    """What is in the database's place now, and where the one before it went."""

    contents: Contents
    set_aside: Path | None


@contextmanager
def standing_still(path: Path, key: bytes | None = None) -> Iterator[None]:
    """Keep everybody out of the database while all of it is in its one file.

    Every connection of this program holds a lock on the file for as long as it is open, and a process that is
    killed loses it. So nobody has it open when the whole lock can be had.

    Raises
    ------
    Refused
        When somebody has it open, it cannot be read, or a part of it lies beside it.
    """
    if not path.parent.is_dir():
        raise refusal(path, f"no folder {path.parent}", "the folder in which the database lies")
    with waiting(path):
        if path.is_symlink():
            raise refusal(path, f"a link to {path.resolve()}", "the file itself: name its own folder")
        if path.exists():
            _require_unused(path, key)
        for end in ("-wal", "-journal"):
            if Path(f"{path}{end}").exists():
                found = f"{path.name}{end} beside it, which may hold records of a database that is gone"
                raise refusal(path, found, "that file to be moved elsewhere by hand")
        yield


def _require_unused(path: Path, key: bytes | None) -> None:
    """Take the whole lock, bring everything into the one file, and let go again.

    A log that a killed process left is folded in; its index, which is no longer of any use, goes as well.
    """
    connection = dbapi2.connect(str(path), timeout=PATIENCE_S, isolation_level=None)
    try:
        if key is not None:
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except dbapi2.DatabaseError as reason:
        if "locked" in str(reason):
            raise refusal(path, "that it is open: the app is running on it", HOW_TO_STOP) from reason
        needed = "a database of this program; move that file elsewhere by hand and try again"
        raise refusal(path, f"something that cannot be read ({reason})", needed) from reason
    finally:
        connection.close()
    Path(f"{path}-shm").unlink(missing_ok=True)


@contextmanager
def staging(path: Path) -> Iterator[Path]:
    """Give an empty folder beside the database, for this once. Only for one who keeps everybody out."""
    folder = path.with_name(f"{path.stem}.staging")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    except OSError as reason:
        raise refusal(
            path, f"that it could not be prepared ({reason})", "room, and leave to write"
        ) from reason
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(fresh: Path, path: Path) -> None:
    """Give a finished file the database's name, in one step. Only for one who keeps everybody out."""
    for end in BESIDE:
        if Path(f"{fresh}{end}").exists():
            raise RuntimeError(f"{fresh.name} is not in one piece: {fresh.name}{end} is still there")
    settle(fresh)
    fresh.replace(path)
    settle(path)


def restore(
    file: Path, path: Path, at: datetime, *, key: bytes | None = None, dry_run: bool = False
) -> Restored:
    """Put a backup in the database's place, brought up to date; the present database is set aside.

    Everybody has to sign in again, since a device that was signed out after the backup would be in once more.

    Parameters: `at` the present; `dry_run` do everything but the last step.

    Raises
    ------
    Refused
        When the file is not a whole database of this program or a newer version wrote it, or somebody has the
        present one open. Then nothing is changed.
    """
    look_into(file, key)  # said first, and without a look at the present one
    with standing_still(path, key), staging(path) as folder:
        if path.exists() and file.samefile(path):
            raise refusal(file, "the database itself", "a copy of it")
        fresh = folder / path.name
        try:
            contents = _prepare(file, fresh, key, int(at.timestamp() * 1000))
        except dbapi2.Error as reason:
            needed = "room, and leave to write"
            raise refusal(path, f"that it could not be prepared ({reason})", needed) from reason
        if dry_run:
            return Restored(contents, None)
        aside = _set_aside(path, folder, at) if path.exists() else None
        put_in_place(fresh, path)
    return Restored(contents, aside)


def _prepare(file: Path, fresh: Path, key: bytes | None, at_ms: int) -> Contents:
    """Copy the backup, bring the copy up to date, and make sure that it is what it should be."""
    with readable(file, key) as source:
        pour(source, fresh, key)
    require_ours(look_into(fresh, key), file)
    try:
        store = open_store(fresh, key)
    except (CannotOpen, SQLAlchemyError) as reason:
        found = f"that it cannot be brought up to date ({str(reason).splitlines()[0]})"
        raise refusal(file, found, "a backup that this version of the program can read") from reason
    try:
        with store.writer.begin() as connection:
            ended = tables.sign_ins.update().where(tables.sign_ins.c.ended_ms.is_(None))
            connection.execute(ended.values(ended_ms=at_ms))
        _require_whole(store.path, key, file)
    finally:
        store.close()
    return look_into(fresh, key)


def require_ours(contents: Contents, file: Path) -> None:
    """Refuse a database that is not one of this program, or in which nobody lives.

    Raises
    ------
    Refused
        When it lacks the first tables, does not say on which step it stands, or holds no family.
    """
    if contents.step is None or not set(contents.rows) >= FIRST_TABLES:
        raise refusal(file, "a database of another program", "a backup of this one")
    if not contents.rows["families"]:
        raise refusal(file, "a database without a household", "a backup with one")


def _require_whole(path: Path, key: bytes | None, file: Path) -> None:
    """Refuse a database that, brought up to date, has other tables or triggers than it should have."""
    with readable(path, key) as connection:
        found = {
            name: {row[1] for row in connection.execute(f'PRAGMA table_info("{name}")').fetchall()}
            for name in tables.metadata.tables
        }
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, table in tables.metadata.tables.items():
        if missing := sorted(set(table.c.keys()) - found[name]):
            raise refusal(file, f"no {name}.{missing[0]}", "every table and column of this program")
    triggers = {name for (name,) in listed}
    wanted = {f"{table}_no_{change}" for table in tables.APPEND_ONLY for change in ("update", "delete")}
    if triggers != wanted:
        odd = ", ".join(sorted(triggers ^ wanted))
        raise refusal(file, f"other triggers than this program makes ({odd})", "a file nobody has altered")


def _set_aside(path: Path, folder: Path, at: datetime) -> Path:
    """Copy the present database to a name with the time; it stays in its place until the new one takes it."""
    copy, number = folder / "set-aside", 1
    shutil.copyfile(path, copy)
    copy.chmod(0o600)
    name = f"{path.stem}.before-restore-{stamp(at)}"
    while (aside := path.with_name(f"{name}.{number}{path.suffix}")).exists():
        number += 1
    settle(copy)
    copy.replace(aside)
    settle(aside)
    return aside
