"""Everything of one family, out and in again: what an archive is made of, and what is put back from one.

Unfinished forms, passphrases and sign-ins never leave. What somebody wrote or rated in private leaves only
for that person, and only when they ask for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    case,
    func,
    or_,
    select,
    text,
    type_coerce,
    union,
)

from caregiving.faults import Fault, Refused
from caregiving.people import Action, Viewer, require
from caregiving.store import tables
from caregiving.store._put_back import PutBack
from caregiving.store._put_back import Receipt as Receipt
from caregiving.store.engine import Store

Rows = Callable[[str], Iterable[Mapping[str, Any]]]
AT_ONCE: Final = 1_000  # rows that are held while a table is written out
# In an order in which nobody is named before they are there.
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        table.name: table
        for table in (
            tables.families,
            tables.caregivers,
            tables.children,
            tables.members,
            tables.consents,
            tables.visits,
            tables.window_starts,
            tables.window_ends,
            tables.events,
            tables.reflections,
            tables.ratings,
            tables.preferences,
            tables.audit,
        )
    }
)
# Secrets, unfinished forms, and card texts that somebody holds a licence for.
NOT_TAKEN: Final = frozenset({"decks", "doors", "drafts", "sign_ins"})
LEFT_OUT: Final = frozenset({"seq", "family"})  # the order of the rows says the first, the archive the second


@dataclass(frozen=True)
class WholeFamily:
    """Every record of a family as it stood at one moment. Valid while it is being taken out."""

    family: UUID
    private_of: UUID | None
    connection: Connection
    readable: Mapping[str, frozenset[UUID]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many records each table has."""
        return {name: self._count(name) for name in TABLES}

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the records of a table in order of arrival, a few at a time."""
        found = self.connection.execution_options(yield_per=AT_ONCE).execute(self._asked(table))
        kept = self.readable.get(table)
        for row in found.mappings():
            if kept is None or row["id"] in kept:
                yield {**row}

    def instruments(self) -> list[str]:
        """Return the instruments that were used, each with its version."""
        used: set[str] = set()
        for table in (tables.events, tables.window_starts, tables.visits):
            asked = select(table.c.instrument).where(table.c.family == self.family).distinct()
            used.update(self.connection.execute(asked).scalars())
        used.update(row["instrument"] for row in self.rows("ratings"))
        return sorted(used)

    def _count(self, name: str) -> int:
        if name in self.readable:
            return len(self.readable[name])
        asked = select(func.count()).select_from(self._asked(name).order_by(None).subquery())
        return int(self.connection.execute(asked).scalar_one())

    def _asked(self, name: str) -> Select[Any]:
        table = TABLES[name]
        if name == "members":
            return self._people()
        columns = [column for column in table.c if column.name not in LEFT_OUT]
        order: ColumnElement[Any] = table.c.seq if "seq" in table.c else text(f"{name}.rowid")  # type: ignore[assignment]
        if name == "families":
            return select(*columns).where(table.c.id == self.family)
        if name == "preferences":
            own = select(tables.members.c.id).where(tables.members.c.own_family == self.family)
            return select(*columns).where(table.c.member.in_(own)).order_by(order)
        return select(*columns).where(table.c.family == self.family).order_by(order)

    def _people(self) -> Select[Any]:
        """Ask for the family's own people, and by name for whoever else its records speak of."""
        people = tables.members.c
        named = [
            select(table.c[column]).where(table.c.family == self.family)
            for table, *columns in SPEAK_OF
            for column in columns
        ]
        rated = [row["author"] for row in self.rows("ratings")] if "ratings" in self.readable else []
        own = people.own_family == self.family
        return (
            select(
                people.id,
                people.alias,
                people.role,
                case((own, people.own_family)).label("own_family"),
                case((own, people.caregiver)).label("caregiver"),
            )
            .where(or_(own, people.id.in_(union(*named)), people.id.in_(set(rated))))
            .order_by(text("members.rowid"))
        )


SPEAK_OF: Final = (
    (tables.consents, "member", "given_by"),
    (tables.visits, "author"),
    (tables.window_starts, "author", "sender"),
    (tables.window_ends, "author", "sender"),
    (tables.events, "author", "sender"),
    (tables.audit, "member"),
)


@contextmanager
def taken_out(
    store: Store, viewer: Viewer, family: UUID, *, with_private: bool = False
) -> Iterator[WholeFamily]:
    """Read a whole family as it stands at this moment; what is stored meanwhile is not in it.

    Texts and ratings that are shared are in it, those of others that are not never are. `with_private` adds
    the viewer's own. A text that was shared once and is private now counts as private in all its versions.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    """
    require(viewer, Action.GIVE_CONSENT, family)
    author = viewer.member if with_private else None
    with store.reader.begin() as connection:
        readable = {
            table.name: _readable(connection, table, family, author)
            for table in (tables.reflections, tables.ratings)
        }
        yield WholeFamily(family, author, connection, readable)


def found_again(store: Store, family: UUID, rows: Rows, *, dry_run: bool = False) -> Receipt:
    """Put a family back where it is not known yet, all of it or nothing.

    For the command line on an empty installation: there is nobody yet who could be asked.

    Parameters
    ----------
    rows: gives the rows of a table, in order of arrival.
    dry_run: look whether it would go, and keep nothing.

    Raises
    ------
    Refused
        When the family is here already, or rows do not fit; then nothing is stored.
    """
    return _put_back(store, family, rows, fresh=True, dry_run=dry_run)


def add_missing(store: Store, viewer: Viewer, family: UUID, rows: Rows, *, dry_run: bool = False) -> Receipt:
    """Add what a family's archive holds and this installation lacks; what is here stays as it is.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    Refused
        When rows do not fit, or their ids mean something else here; then nothing is stored.
    """
    require(viewer, Action.GIVE_CONSENT, family)
    return _put_back(store, family, rows, fresh=False, dry_run=dry_run)


def authors(store: Store, viewer: Viewer, family: UUID) -> dict[str, str]:
    """Return the aliases of those who logged or observed for a family, by id, in order of their coming.

    Raises
    ------
    NotAllowed
        When the viewer may not see who belongs to this family.
    """
    require(viewer, Action.SEE_PEOPLE, family)
    people = tables.members.c
    wrote = union(
        *(
            select(table.c.author).where(table.c.family == family)
            for table in (tables.events, tables.window_starts, tables.visits)
        )
    )
    asked = select(people.id, people.alias).where(people.id.in_(wrote)).order_by(text("members.rowid"))
    with store.reader.begin() as connection:
        return {str(row.id): row.alias for row in connection.execute(asked)}


def modifiers(store: Store, viewer: Viewer, family: UUID, child: UUID) -> dict[str, dict[str, str]]:
    """Return what was added to the codes of a child's events, by the event's id; events without are left out.

    Raises
    ------
    NotAllowed
        When the viewer may not see this family's timeline.
    """
    require(viewer, Action.SEE_TIMELINE, family)
    at = tables.events.c
    filled = type_coerce(at.modifiers, String) != "{}"
    asked = select(at.id, at.modifiers).where(at.family == family, at.child == child, filled)
    with store.reader.begin() as connection:
        return {str(row.id): row.modifiers for row in connection.execute(asked)}


def _put_back(store: Store, family: UUID, rows: Rows, *, fresh: bool, dry_run: bool) -> Receipt:
    with store.writer.connect() as connection, connection.begin() as transaction:
        home = select(tables.families.c.id).where(tables.families.c.id == family)
        if fresh and connection.execute(home).first() is not None:
            raise Refused([Fault("archive, family", "a family that is here already", "only what is missing")])
        putting = PutBack(connection, family, fresh=fresh)
        for name, table in TABLES.items():
            putting.take(table, rows(name))
        receipt = putting.receipt()
        if dry_run:
            transaction.rollback()
    return receipt


def _readable(connection: Connection, table: Table, family: UUID, author: UUID | None) -> frozenset[UUID]:
    """Return the texts or ratings that may leave: `author`'s, and shared ones that are shared still."""
    at = table.c
    asked = select(at.id, at.author, at.shared, at.supersedes).where(at.family == family).order_by(at.seq)
    found = connection.execute(asked).all()
    newer: dict[UUID, list[UUID]] = {}
    for row in found:
        if row.supersedes is not None:
            newer.setdefault(row.supersedes, []).append(row.id)
    still_shared: dict[UUID, bool] = {}
    for row in reversed(found):
        later = newer.get(row.id)
        still_shared[row.id] = all(still_shared.get(one, False) for one in later) if later else row.shared
    return frozenset(
        row.id
        for row in found
        if (author is not None and row.author == author) or (row.shared and still_shared[row.id])
    )
