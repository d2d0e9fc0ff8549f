"""The open database: one SQLite file, one engine that writes and one that only reads.

The one driver is sqlcipher3. The standard library's sqlite3 must never open the same file in the same
process: when one of two SQLite copies closes it, the other one loses its locks.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Engine, QueuePool, Select, create_engine, event, func, select
from sqlcipher3 import dbapi2

from caregiving.faults import CannotOpen
from caregiving.frames import Contract, conform
from caregiving.store import upgrade

BUSY_S: Final = 30
KEY_BYTES: Final = 32


@dataclass(frozen=True)
class Store:
    """An open database. Writers wait for each other before they begin, and so never fail midway."""

    path: Path
    writer: Engine
    reader: Engine

    def ping(self) -> None:
        """Ask the database for nothing; raises when it cannot answer."""
        with self.reader.begin() as connection:
            connection.exec_driver_sql("SELECT 1")

    def commits(self) -> "Commits":
        """Begin to look out for what is written; `close` it when nobody wants to know any longer."""
        return Commits(self.reader.connect())

    def close(self) -> None:
        """Give back every connection."""
        self.reader.dispose()
        self.writer.dispose()


@dataclass(frozen=True)
class Commits:
    """A look out for what anybody writes to the database, also another process. For one thread at a time."""

    connection: Connection

    def number(self) -> int:
        """Return a number that is another one as soon as anything was written; it costs next to nothing."""
        found = self.connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        self.connection.rollback()  # the next look is to see what is written from here on
        return int(found)

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()


def open_store(path: Path, key: bytes | None = None, *, migrations: Path = upgrade.MIGRATIONS) -> Store:
    """Open the database at that path, or make it; bring it up to date first, with a backup copy beside it.

    Two processes may open it at once: the second waits until the first is done.

    Parameters
    ----------
    key: 32 bytes that encrypt the whole file, or None for an ordinary SQLite file.
    migrations: the folder with the steps of the database's growth.

    Raises
    ------
    CannotOpen
        When the file is no database, the key does not fit, or a newer version of this program wrote it.
    """
    if key is not None and len(key) != KEY_BYTES:
        raise CannotOpen(path, f"the key has {len(key)} bytes", f"a key of {KEY_BYTES} bytes")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with upgrade.alone(path):
        path.touch(mode=0o600)
        writer = _engine(
            lambda: _connect(path, key, "PRAGMA query_only=OFF"), "BEGIN IMMEDIATE", size=1, overflow=0
        )
        try:
            upgrade.to_head(path, writer, migrations)
        except BaseException:
            writer.dispose()
            raise
    reader = _engine(lambda: _connect(path, key, "PRAGMA query_only=ON"), "BEGIN", size=5, overflow=20)
    return Store(path, writer, reader)


@cache
def opened(path: Path) -> Store:
    """Return the database at that path, opened once in this process and shared by its threads."""
    return open_store(path)


def _engine(connect: Callable[[], Any], begin: str, *, size: int, overflow: int) -> Engine:
    """Return an engine. The one that writes has a single connection, so that its threads queue up fairly."""
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=2 * BUSY_S,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _connect(path: Path, key: bytes | None, access: str) -> Any:
    """Connect, with the key first: before it, an encrypted file is only noise."""
    connection = dbapi2.connect(str(path), timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        if key is not None:
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # a tap that was answered survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(
            "PRAGMA recursive_triggers=ON"
        )  # else INSERT OR REPLACE slips past the delete triggers
        connection.execute(access)
    except BaseException:
        connection.close()
        raise
    return connection


def read_frame(connection: Connection, asked: Select[Any], contract: Contract) -> pd.DataFrame:
    """Return the rows, in the order asked for, as a frame that keeps the contract, also when there are none.

    Each column leaves SQLite as one JSON text instead of cell by cell, which halves the time. Ids are stored
    as text, so that nothing has to be converted.
    """
    rows = asked.subquery()
    texts = connection.execute(
        select(*(func.json_group_array(column).label(column.key) for column in rows.c))
    )
    columns = {name: pa.array(json.loads(text)) for name, text in texts.one()._mapping.items()}
    return conform(pa.table(columns).to_pandas(), contract)
