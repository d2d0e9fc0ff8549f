"""Taking a family, or one child, out of the database for good: the rows, and the bytes they were written in.

This is for the owner of the computer at the command line, so nobody is asked for a permission. It works on a
copy that then takes the database's place, so that it happens wholly or not at all; the triggers that keep
records for good are never lifted in the database itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from caregiving.faults import Refused
from caregiving.store.copies import FOLDER, look_into, pour, readable, refusal
from caregiving.store.engine import Store, open_store
from caregiving.store.exchange import put_in_place, require_ours, staging, standing_still
from caregiving.store.traces import Erased, Untakeable, take_child, take_family

Take = Callable[[Connection], Erased]


@dataclass(frozen=True)
class Household:
    """A family as the database names it, with its children."""

    id: UUID
    alias: str
    children: tuple[tuple[UUID, str], ...]


def households(path: Path, key: bytes | None = None) -> list[Household]:
    """Return the families in a database, with their children.

    Raises
    ------
    Refused
        When it is missing or not a whole database of this program.
    """
    require_ours(look_into(path, key), path)
    with readable(path, key) as connection:
        found = connection.execute("SELECT id, alias FROM families ORDER BY rowid").fetchall()
        children = connection.execute("SELECT family, id, alias FROM children ORDER BY rowid").fetchall()
    return [
        Household(UUID(id), alias, tuple((UUID(child), name) for home, child, name in children if home == id))
        for id, alias in found
    ]


def erase_family(path: Path, family: UUID, key: bytes | None = None) -> Erased:
    """Remove everything of a family, and the visitors whom no other family let in.

    Raises
    ------
    Refused
        When the app is running, the database cannot be read, or it has no such family; nothing is changed.
    """
    return _erase(path, key, lambda connection: take_family(connection, family))


def erase_child(path: Path, child: UUID, key: bytes | None = None) -> Erased:
    """Remove everything that was recorded of a child; what grown-ups wrote for themselves stays theirs.

    Raises
    ------
    Refused
        As `erase_family`; and when it is the family's only child.
    """
    return _erase(path, key, lambda connection: take_child(connection, child))


def still_holding(path: Path, someone: UUID, key: bytes | None = None) -> list[Path]:
    """Return the copies in the database's folder that hold this family or child, or that cannot be read."""
    folders = (path.parent, path.parent / FOLDER)
    files = [
        one for folder in folders if folder.is_dir() for one in folder.glob(f"{path.stem}*{path.suffix}*")
    ]
    ours = [one for one in files if one != path and not one.name.endswith(("-wal", "-shm", ".opening"))]
    return sorted(one for one in ours if one.is_file() and _may_hold(one, str(someone), key))


def _may_hold(file: Path, someone: str, key: bytes | None) -> bool:
    asked = "SELECT count(*) FROM (SELECT id FROM families UNION ALL SELECT id FROM children) WHERE id = ?"
    try:
        with readable(file, key) as connection:
            return bool(connection.execute(asked, (someone,)).fetchone()[0])
    except (Refused, dbapi2.Error):
        return True


def _erase(path: Path, key: bytes | None, take: Take) -> Erased:
    """Make a copy, take the rows out of it, write it anew without a trace of them, and put it in place."""
    if not path.is_file():
        raise refusal(path, f"no database in {path.parent}", "one that was started at least once")
    with standing_still(path, key), staging(path) as folder:
        fresh = folder / path.name
        try:
            with readable(path, key) as source:
                pour(source, fresh, key)
            require_ours(look_into(fresh, key), path)
            store = open_store(fresh, key)
            try:
                erased = _take_out(store, take)
            finally:
                store.close()
        except Untakeable as reason:
            raise refusal(path, reason.found, reason.needed) from reason
        except (dbapi2.Error, DBAPIError) as reason:
            needed = "a whole database, and room for a second one beside it"
            raise refusal(path, f"that it could not be done ({reason})", needed) from reason
        look_into(fresh, key)
        put_in_place(fresh, path)
    return erased


def _take_out(store: Store, take: Take) -> Erased:
    """Lift the triggers, take the rows, put the triggers back: one transaction. Then rewrite the file."""
    listed = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    with store.writer.begin() as connection:
        triggers = connection.exec_driver_sql(listed).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        erased = take(connection)
        for _, made in triggers:
            connection.exec_driver_sql(made)
        if connection.exec_driver_sql(listed).all() != triggers:
            raise RuntimeError("the triggers are not as they were; nothing is erased")
    raw = store.writer.raw_connection()  # VACUUM does not run inside a transaction
    try:
        raw.cursor().execute("VACUUM")
    finally:
        raw.close()
    return erased
