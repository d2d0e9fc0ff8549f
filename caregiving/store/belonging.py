"""Does what a record names belong to its family? The whole batch is looked up at once, never item by item."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, Table, select

from caregiving.events import Event
from caregiving.faults import Fault
from caregiving.store import tables
from caregiving.store.items import Record
from caregiving.windows import WindowEnd, WindowStart

AT_ONCE: Final = 10_000  # SQLite takes some 32,000 values in one question


@dataclass(frozen=True)
class Known:
    """What the store knows of the things that a batch names. Grows as the records of the batch are taken in.

    children, caregivers, members: ids of the batch's families, each with its family.
    events: id -> (family, child). starts, ends: id -> family.
    """

    children: set[tuple[UUID, UUID]]
    caregivers: set[tuple[UUID, UUID]]
    members: set[tuple[UUID, UUID]]
    events: dict[UUID, tuple[UUID, UUID]]
    starts: dict[UUID, UUID]
    ends: dict[UUID, UUID]

    def family_of(self, record: Record) -> UUID | None:
        """Return the family in which a record of this kind and id is already stored."""
        match record:
            case Event():
                return self.events.get(record.id, (None, None))[0]
            case WindowStart():
                return self.starts.get(record.id)
            case WindowEnd():
                return self.ends.get(record.id)

    def take_in(self, record: Record) -> None:
        """Remember a record that is about to be stored."""
        match record:
            case Event():
                self.events[record.id] = (record.family, record.child)
            case WindowStart():
                self.starts[record.id] = record.family
            case WindowEnd():
                self.ends[record.id] = record.family

    def objections(self, record: Record) -> list[Fault]:
        """Find what a record names that is not of its family.

        The sentences are the same whether a thing is of another family or of nobody.
        """
        family = record.family
        wrong = []
        if (record.author, family) not in self.members:
            wrong.append(("author", "a member of this family"))
        if not isinstance(record, WindowEnd) and (record.child, family) not in self.children:
            wrong.append(("child", "a child of this family"))
        if (
            not isinstance(record, WindowStart)
            and record.window
            and self.starts.get(record.window, family) != family
        ):
            wrong.append(("window", "a window of this family"))
        if isinstance(record, Event):
            if record.caregiver and (record.caregiver, family) not in self.caregivers:
                wrong.append(("caregiver", "a caregiver of this family"))
            old = self.events.get(record.supersedes) if record.supersedes else None
            if old and old != (family, record.child):
                wrong.append(("supersedes", "an event of the same family and child"))
        return [Fault(f"{record.type}, {name}", "an id that does not fit", needed) for name, needed in wrong]


def look_up(connection: Connection, records: Sequence[Record]) -> Known:
    """Return what the store knows of everything that these records name, in a handful of questions."""
    families = {record.family for record in records}
    taps = [record for record in records if isinstance(record, Event)]
    starts = {record.id for record in records if isinstance(record, WindowStart)}
    ends = [record for record in records if isinstance(record, WindowEnd)]
    windows = starts | {tap.window for tap in taps if tap.window} | {end.window for end in ends}
    moments = {tap.id for tap in taps} | {tap.supersedes for tap in taps if tap.supersedes}
    return Known(
        children=_of_families(connection, tables.children, "family", families),
        caregivers=_of_families(connection, tables.caregivers, "family", families),
        members=_of_families(connection, tables.members, "own_family", families),
        events={
            row.id: (row.family, row.child) for row in _rows(connection, tables.events, moments, "child")
        },
        starts={row.id: row.family for row in _rows(connection, tables.window_starts, windows)},
        ends={row.id: row.family for row in _rows(connection, tables.window_ends, {end.id for end in ends})},
    )


def _of_families(
    connection: Connection, table: Table, column: str, families: set[UUID]
) -> set[tuple[UUID, UUID]]:
    return {
        (row.id, row[1])
        for part in _parts(families)
        for row in connection.execute(select(table.c.id, table.c[column]).where(table.c[column].in_(part)))
    }


def _rows(connection: Connection, table: Table, ids: set[UUID], *more: str) -> Iterator[Any]:
    columns: list[Column[Any]] = [table.c.id, table.c.family, *(table.c[name] for name in more)]
    for part in _parts(ids):
        yield from connection.execute(select(*columns).where(table.c.id.in_(part)))


def _parts(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    remaining = iter(ids)
    while part := list(islice(remaining, AT_ONCE)):
        yield part
