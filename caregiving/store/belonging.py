"""Does what a record names belong to its family? The whole batch is looked up at once, never item by item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, Table, func, select

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
    events: id -> (family, child). starts, ends: id -> family. sittings: window -> the visit it is a part of.
    visits: sitting -> whose it is and what is watched in it. authors: event -> who logged it.
    """

    children: set[tuple[UUID, UUID]]
    caregivers: set[tuple[UUID, UUID]]
    members: set[tuple[UUID, UUID]]
    events: dict[UUID, tuple[UUID, UUID]]
    starts: dict[UUID, UUID]
    ends: dict[UUID, UUID]
    sittings: dict[UUID, UUID | None]
    visits: Mapping[UUID, Any]
    authors: dict[UUID, UUID]

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
                self.authors[record.id] = record.author
            case WindowStart():
                self.starts[record.id] = record.family
                self.sittings[record.id] = record.sitting
            case WindowEnd():
                self.ends[record.id] = record.family

    def objections(self, record: Record, observer: UUID | None = None) -> list[Fault]:
        """Find what a record names that is not of its family; with an observer, what is not of their visits.

        The sentences are the same whether a thing is of another family or of nobody.
        """
        family = record.family
        wrong = self._not_observed(record, observer) if observer else self._in_the_family(record)
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

    def _in_the_family(self, record: Record) -> list[tuple[str, str]]:
        """Find what a member of the family may not write: for somebody else, or into an observer's visit."""
        wrong = []
        if (record.author, record.family) not in self.members:
            wrong.append(("author", "a member of this family"))
        if isinstance(record, WindowStart) and record.sitting is not None:
            wrong.append(("sitting", "nothing: only an observer watches in a visit"))
        return wrong

    def _not_observed(self, record: Record, observer: UUID) -> list[tuple[str, str]]:
        """Find what an observer may not write: in another name, or outside a visit of their own."""
        wrong = [] if record.author == observer else [("author", "the one who observes")]
        sitting = record.sitting if isinstance(record, WindowStart) else self._sitting_of(record)
        visit = self.visits.get(sitting) if sitting else None
        mine = visit is not None and (visit.author, visit.family) == (observer, record.family)
        if visit is None or not mine:
            part = "sitting" if isinstance(record, WindowStart) else "window"
            return [*wrong, (part, "a visit of one's own")]
        if isinstance(record, WindowEnd):
            return wrong
        if (record.child, record.instrument) != (visit.child, visit.instrument):
            wrong.append(("child or instrument", "those of the visit"))
        if isinstance(record, Event) and record.supersedes is not None:
            before = self.authors.get(record.supersedes, observer)
            wrong += [] if before == observer else [("supersedes", "a moment one coded oneself")]
        return wrong

    def _sitting_of(self, record: Event | WindowEnd) -> UUID | None:
        return self.sittings.get(record.window) if record.window else None


def look_up(connection: Connection, records: Sequence[Record]) -> Known:
    """Return what the store knows of everything that these records name, in a handful of questions."""
    families = {record.family for record in records}
    taps = [record for record in records if isinstance(record, Event)]
    starts = {record.id for record in records if isinstance(record, WindowStart)}
    ends = [record for record in records if isinstance(record, WindowEnd)]
    windows = starts | {tap.window for tap in taps if tap.window} | {end.window for end in ends}
    moments = {tap.id for tap in taps} | {tap.supersedes for tap in taps if tap.supersedes}
    begun = list(_rows(connection, tables.window_starts, windows, "sitting"))
    logged = list(_rows(connection, tables.events, moments, "child", "author"))
    sittings = {record.sitting for record in records if isinstance(record, WindowStart) and record.sitting}
    return Known(
        children=_of_families(connection, tables.children, "family", families),
        caregivers=_of_families(connection, tables.caregivers, "family", families),
        members=_of_families(connection, tables.members, "own_family", families),
        events={row.id: (row.family, row.child) for row in logged},
        starts={row.id: row.family for row in begun},
        ends={row.id: row.family for row in _rows(connection, tables.window_ends, {end.id for end in ends})},
        sittings={row.id: row.sitting for row in begun},
        visits=_visits(connection, sittings | {row.sitting for row in begun if row.sitting}),
        authors={row.id: row.author for row in logged},
    )


def _visits(connection: Connection, sittings: set[UUID]) -> dict[UUID, Any]:
    """Return the newest plan of each sitting, unless it was taken back."""
    at = tables.visits.c
    last = select(func.max(at.seq)).where(at.sitting.in_(sittings)).group_by(at.sitting)
    asked = select(at.sitting, at.family, at.author, at.child, at.instrument)
    return {row.sitting: row for row in connection.execute(asked.where(at.seq.in_(last), ~at.void))}


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
