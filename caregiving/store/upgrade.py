"""Bringing a database up to date: alone, with a backup copy, and in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlcipher3 import dbapi2

from caregiving.faults import CannotOpen

MIGRATIONS: Final = Path(__file__).parent / "migrations"
WAIT_S: Final = 60


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process that opens this database waiting, or raise CannotOpen when it takes too long.

    The lock is a second, empty SQLite file: it works alike on every system, and a killed process frees it.
    """
    lock = dbapi2.connect(f"{path}.opening", timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except dbapi2.OperationalError as reason:
            found = f"another process has been opening it for {WAIT_S} s"
            raise CannotOpen(path, found, "that process to finish or to be ended") from reason
        yield
    finally:
        lock.close()


def to_head(path: Path, writer: Engine, migrations: Path = MIGRATIONS) -> Path | None:
    """Take the missing steps, all or none. Returns the backup copy when there was something to back up.

    Raises
    ------
    CannotOpen
        When the file is no database, the key does not fit, or a newer version of this program wrote it.
    """
    current, n_tables = _state(path, writer)
    if current == newest(migrations):
        return None
    from caregiving.store import _steps  # once a version; at every start it would be a fifth of the waiting

    known = _steps.known(migrations)
    if current is not None and current not in known:
        raise CannotOpen(
            path,
            f"a newer version of this program wrote it (step {current})",
            f"step {newest(migrations)} or older",
        )
    copy = _backup(path, writer, f"before-{newest(migrations)}") if n_tables else None
    with writer.begin() as connection:
        _steps.take(connection, migrations)
    return copy


def newest(migrations: Path = MIGRATIONS) -> str:
    """Return the last step there is: the highest number at the head of a file's name."""
    return max(file.name.partition("_")[0] for file in (migrations / "versions").glob("[0-9]*_*.py"))


def _state(path: Path, writer: Engine) -> tuple[str | None, int]:
    """Return the step the database stands on, and how many tables it has."""
    try:
        with writer.connect() as connection:
            n_tables = connection.exec_driver_sql(
                "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
            ).scalar_one()
            stands = connection.exec_driver_sql(
                "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
            ).scalar_one()
            step = "SELECT version_num FROM alembic_version"
            return connection.exec_driver_sql(step).scalar() if stands else None, n_tables
    except DatabaseError as reason:
        if "not a database" not in str(reason):
            raise
        raise CannotOpen(
            path, "it is not a database, or the key does not fit", "the key it was made with"
        ) from None


def _backup(path: Path, writer: Engine, why: str) -> Path:
    """Copy the database, with its key, beside itself; an older copy is never written over."""
    number = 1
    while (copy := path.with_name(f"{path.stem}.{why}.{number}{path.suffix}")).exists():
        number += 1
    copy.touch(mode=0o600)
    raw = writer.raw_connection()  # VACUUM does not run inside a transaction
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(copy),))
    finally:
        raw.close()
    return copy
