"""Rows of an archive, put back one table after another; what is here already is compared and left alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, func, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.store import tables
from caregiving.store._fitting import Fitting, Row

Placed = tuple[str, Row]
AT_ONCE: Final = 1_000
MOST_TOLD: Final = 50


@dataclass(frozen=True)
class Receipt:
    """What became of an archive: how many rows of each table were stored, or were here, and what differs."""

    stored: Mapping[str, int]
    already_there: Mapping[str, int]
    conflicts: tuple[str, ...] = ()


@dataclass
class PutBack:
    """One archive on its way in: all of it or nothing."""

    connection: Connection
    family: UUID
    fresh: bool
    stored: dict[str, int] = field(default_factory=dict)
    there: dict[str, int] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    corrected: dict[str, frozenset[UUID]] = field(default_factory=dict)

    @cached_property
    def fitting(self) -> Fitting:
        """What the rows may name."""
        return Fitting(self.connection, self.family)

    def take(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Store the rows of a table that are not here.

        Raises
        ------
        Refused
            With up to fifty faults.
        """
        self.stored[table.name] = self.there[table.name] = 0
        remaining, number = iter(rows), 2
        while batch := [{**row} for row in islice(remaining, AT_ONCE)]:
            placed = [(f"{table.name}.csv, row {number + i}", row) for i, row in enumerate(batch)]
            number += len(batch)
            new = self._new(table, placed)
            self.faults += self.fitting.unfit(table, new)
            if self.faults:
                raise Refused(self.faults[:MOST_TOLD])
            kept = [self._whole(table, row) for place, row in new if self._holds(table, place, row)]
            if kept:
                self.connection.execute(insert(table), kept)
            self.stored[table.name] += len(kept)

    def receipt(self) -> Receipt:
        """Return what became of the rows so far."""
        more = len(self.conflicts) - MOST_TOLD
        tail = [f"{more} more differences like these."] if more > 0 else []
        return Receipt(self.stored, self.there, (*self.conflicts[:MOST_TOLD], *tail))

    def _whole(self, table: Table, row: Row) -> Row:
        return row | {"family": self.family} if "family" in table.c else row

    def _new(self, table: Table, placed: Sequence[Placed]) -> list[Placed]:
        """Return the rows that are not here, and compare the others with what is."""
        here = self._here(table, placed)
        new: dict[Any, Placed] = {}
        for place, row in placed:
            key = _key(table, row)
            there = here.get(key)
            if key in new:
                self.faults.append(Fault(place, "the same id twice", "every record once"))
            elif there is None:
                new[key] = (place, row)
            elif self._somebody_elses(table, row, there):
                self.faults.append(Fault(f"{place}, id", "an id that is already taken", "a fresh one"))
            else:
                self.there[table.name] += 1
                self.conflicts += self._differences(table, place, row, there)
        return list(new.values())

    def _here(self, table: Table, placed: Sequence[Placed]) -> dict[Any, Row]:
        keys = [_key(table, row) for _, row in placed]
        wanted = table.c.id.in_(keys) if "id" in table.c else tuple_(*table.primary_key.columns).in_(keys)
        found = self.connection.execute(select(table).where(wanted)).mappings()
        return {_key(table, row): dict(row) for row in found}

    def _somebody_elses(self, table: Table, row: Row, there: Row) -> bool:
        """Tell whether the id that a row has is that of another family's record here."""
        if table.name == "members":
            return row["own_family"] is not None and there["own_family"] != row["own_family"]
        return "family" in there and there["family"] != self.family

    def _differences(self, table: Table, place: str, row: Row, there: Row) -> Iterator[str]:
        """Yield what a record here tells otherwise than the archive; what is here stays.

        Only a consent that was taken back in the archive is taken back here too.
        """
        known_by_name = table.name == "members" and row["own_family"] is None
        names = ["alias", "role"] if known_by_name else list(row)
        other = [name for name in names if row[name] != there[name]]
        if table.name == "consents" and row["withdrawn_ms"] is not None and there["withdrawn_ms"] is None:
            ended = update(table).where(table.c.id == row["id"]).values(withdrawn_ms=row["withdrawn_ms"])
            self.connection.execute(ended)
            yield f"{place}: this consent was taken back in the archive; now it is taken back here too."
        elif other:
            differ = "differs" if len(other) == 1 else "differ"
            yield f"{place}: {', '.join(other)} {differ} from what is here; what is here stays as it is."

    def _holds(self, table: Table, place: str, row: Row) -> bool:
        """Tell whether a new row is stored, and say when it stands beside another version that is here."""
        if self.fresh:
            return True
        if table.name == "window_ends" and self._ended.get(row["window"], -1) >= row["received_ms"]:
            self.conflicts.append(f"{place}: this window has a later end here; the earlier one is left out.")
            return False
        if row.get("supersedes") in self._superseded(table):
            self.conflicts.append(f"{place}: another correction is here; both now stand side by side.")
        return True

    @cached_property
    def _ended(self) -> dict[UUID, int]:
        """When the last end of each window arrived, of those that were here before."""
        ends = tables.window_ends.c
        last = select(ends.window, func.max(ends.received_ms)).where(ends.family == self.family)
        return {window: at_ms for window, at_ms in self.connection.execute(last.group_by(ends.window))}

    def _superseded(self, table: Table) -> frozenset[UUID]:
        """Return what was corrected here before; asked before the first row of a table is stored."""
        if "supersedes" in table.c and table.name not in self.corrected:
            old = select(table.c.supersedes).where(table.c.family == self.family)
            found = self.connection.execute(old.where(table.c.supersedes.is_not(None))).scalars()
            self.corrected[table.name] = frozenset(found)
        return self.corrected.get(table.name, frozenset())


def _key(table: Table, row: Mapping[Any, Any]) -> Any:
    return row["id"] if "id" in table.c else tuple(row[column.name] for column in table.primary_key.columns)
