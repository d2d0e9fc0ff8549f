"""Does a row of an archive fit? It has to be what a device could have sent, and name only what is here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import Connection, Table, select

from caregiving.events import Event, Instant
from caregiving.faults import Fault, Refused
from caregiving.instruments import load_form, shelf
from caregiving.people import Consent
from caregiving.ratings import Rating
from caregiving.reflections import Reflection
from caregiving.store import tables
from caregiving.store.belonging import look_up
from caregiving.store.consents import _at
from caregiving.store.items import Record, _beyond, _unknown_to_instrument
from caregiving.store.people import Caregiver, Child, Member
from caregiving.store.preferences import _require_small
from caregiving.store.ratings import _misfits
from caregiving.store.visits import LASTING, _require_instrument
from caregiving.visits import Visit
from caregiving.windows import WindowEnd, WindowStart

Row = dict[str, Any]
Check = tuple[str, bool, str]  # the column, whether its value fits, and what is needed


class _Family(BaseModel):
    id: UUID
    alias: str = Field(min_length=1, max_length=80)
    created_ms: Instant


class _Choice(BaseModel):
    member: UUID
    saved_ms: Instant


class _Done(BaseModel):
    id: UUID
    member: UUID
    what: str = Field(min_length=1, max_length=40)
    detail: dict[str, Any]
    at_ms: Instant


SENT: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {"window_starts": WindowStart, "window_ends": WindowEnd, "events": Event}
)
MODELS: Final[Mapping[str, type[BaseModel]]] = MappingProxyType(
    {
        "families": _Family,
        "caregivers": Caregiver,
        "children": Child,
        "members": Member,
        "visits": Visit,
        "reflections": Reflection,
        "ratings": Rating,
        "preferences": _Choice,
        "audit": _Done,
        **SENT,
    }
)


FIELDS: Final = {name: frozenset(model.model_fields) for name, model in MODELS.items()}


@dataclass
class Fitting:
    """What a family's rows may name: who and what is here, with what the archive brought so far."""

    connection: Connection
    family: UUID

    def unfit(self, table: Table, placed: Sequence[tuple[str, Row]]) -> Iterator[Fault]:
        """Yield what is wrong with rows that would be stored, each with its place in the archive."""
        records: list[tuple[str, Row, Any]] = []
        for place, row in placed:
            try:
                records.append((place, row, self._record(table.name, row)))
            except ValidationError as reason:
                yield from _told(place, reason)
            except Refused as refusal:
                yield from (Fault(f"{place}, {f.place}", f.found, f.needed) for f in refusal.faults)
        if table.name in SENT:
            yield from self._strangers(records)
        elif table.name in CHECKS:
            for place, row, record in records:
                wrong = [one for one in CHECKS[table.name](self, row, record) if not one[1]]
                for column, _fits, needed in wrong:
                    found = f'"{str(row[column])[:80]}", which does not fit'
                    yield Fault(f"{place}, {column}", found, needed)

    def _record(self, name: str, row: Row) -> Any:
        """Return a row as the record that it is."""
        if name == "consents":
            times = {
                field: None if row[column] is None else _at(row[column]) for field, column in TIMES.items()
            }
            given = {field: value for field, value in row.items() if field not in TIMES.values()}
            return Consent.model_validate(given | times | {"family": self.family})
        if name == "preferences":
            _require_small(row["name"], row["value"])
        known = FIELDS[name]
        fields = {field: value for field, value in row.items() if field in known}
        return MODELS[name].model_validate(fields | ({"family": self.family} if "family" in known else {}))

    def _strangers(self, records: Sequence[tuple[str, Row, Any]]) -> Iterator[Fault]:
        """Yield what events and windows name that is not of this family, or not of their instrument.

        What somebody of another home recorded has to belong to a visit of their own.
        """
        known = look_up(self.connection, [record for _, _, record in records])
        for place, row, record in records:
            known.take_in(record)
            beyond = [fault for column, value in record for fault in _beyond(column, value)]
            visiting = record.author in self.people and (record.author, self.family) not in known.members
            observer = record.author if visiting else None
            for fault in (*known.objections(record, observer), *beyond):
                yield Fault(f"{place}, {fault.place}", fault.found, fault.needed)
            if row["sender"] not in self.people:
                yield Fault(f"{place}, sender", "an id that does not fit", "somebody of this archive")
            if getattr(record, "instrument", None) in self._shelf:
                for told in _unknown_to_instrument(record):
                    yield Fault(place, str(told).rstrip("."), f"what {record.instrument} knows")

    @cached_property
    def people(self) -> frozenset[UUID]:
        """Everybody who is here; first asked for when the archive's people are in."""
        return frozenset(self.connection.execute(select(tables.members.c.id)).scalars())

    @cached_property
    def own_people(self) -> frozenset[UUID]:
        """Those who belong to the family."""
        own = tables.members.c.own_family == self.family
        return frozenset(self.connection.execute(select(tables.members.c.id).where(own)).scalars())

    @cached_property
    def _shelf(self) -> frozenset[str]:
        return frozenset(shelf())

    @cached_property
    def plans(self) -> dict[UUID, Visit]:
        """The newest plan of each visit to the family, by its sitting; grows by those of the archive."""
        at = tables.visits.c
        asked = select(tables.visits).where(at.family == self.family).order_by(at.seq)
        found = (dict(row) for row in self.connection.execute(asked).mappings())
        return {
            row["sitting"]: Visit.model_validate({k: v for k, v in row.items() if k != "seq"})
            for row in found
        }

    def for_observers(self, instrument: str) -> bool:
        """Tell whether observers code with this instrument, or run it."""
        if instrument not in self._observed:
            try:
                _require_instrument(instrument)
                self._observed[instrument] = True
            except Refused:
                self._observed[instrument] = False
        return self._observed[instrument]

    @cached_property
    def _observed(self) -> dict[str, bool]:
        return {}

    def of_family(self, table: Table) -> frozenset[UUID]:
        """Return the ids of the family's rows of a table."""
        asked = select(table.c.id).where(table.c.family == self.family)
        return frozenset(self.connection.execute(asked).scalars())

    def replaces_own(self, table: Table, row: Row) -> bool:
        """Tell whether the earlier version, when it is here, is by the same author and of the same kind."""
        if row["supersedes"] is None:
            return True
        asked = select(table.c.family, table.c.author, table.c.kind).where(table.c.id == row["supersedes"])
        old = self.connection.execute(asked).first()
        return old is None or tuple(old) == (self.family, row["author"], row["kind"])


def _told(place: str, reason: ValidationError) -> Iterator[Fault]:
    for error in reason.errors():
        column = ", ".join([place, *(str(step) for step in error["loc"])])
        yield Fault(column, f'"{str(error["input"])[:80]}"', error["msg"])


def _member(fitting: Fitting, row: Row, _record: Any) -> list[Check]:
    own = fitting.of_family(tables.caregivers)
    fits = row["caregiver"] is None or (row["own_family"] is not None and row["caregiver"] in own)
    return [
        ("own_family", row["own_family"] in (None, fitting.family), "this family, or nothing"),
        ("caregiver", fits, "a caregiver of this family"),
    ]


def _consent(fitting: Fitting, row: Row, _record: Any) -> list[Check]:
    return [
        ("member", row["member"] in fitting.people, "somebody of this archive"),
        ("given_by", row["given_by"] in fitting.own_people, "a member of this family"),
    ]


def _visit(fitting: Fitting, row: Row, visit: Visit) -> list[Check]:
    """Look at a plan as it is looked at when it is made; then it is one that later ones may name."""
    children, own = fitting.of_family(tables.children), fitting.of_family(tables.caregivers)
    before, again = fitting.plans.get(visit.sitting), fitting.plans.get(visit.codes_again or visit.sitting)
    same = before is None or all(getattr(before, name) == getattr(visit, name) for name in LASTING)
    fits = visit.codes_again is None or (
        again is not None
        and again.author != visit.author
        and (again.child, again.instrument) == (visit.child, visit.instrument)
        and again.codes_again is None
    )
    fitting.plans[visit.sitting] = visit
    return [
        ("child", visit.child in children, "a child of this family"),
        ("author", visit.author in fitting.people - fitting.own_people, "an observer who is in this archive"),
        ("caregiver", visit.caregiver is None or visit.caregiver in own, "a caregiver of this family"),
        (
            "instrument",
            fitting.for_observers(visit.instrument),
            "one that observers code with, or a procedure",
        ),
        ("sitting", same, "a visit of the same observer to the same child, with the same instrument"),
        ("codes_again", fits, "another observer's first coding of the same child with the same instrument"),
    ]


def _reflection(fitting: Fitting, row: Row, _record: Any) -> list[Check]:
    return [
        ("author", row["author"] in fitting.own_people, "a member of this family"),
        ("supersedes", fitting.replaces_own(tables.reflections, row), "an earlier text of the same author"),
    ]


def _rating(fitting: Fitting, row: Row, record: Any) -> list[Check]:
    children = fitting.of_family(tables.children)
    known = row["instrument"] in {*shelf("rating"), *shelf("sort"), *shelf("procedure")}
    trouble = _misfits(record, load_form(row["instrument"])) if known and not row["void"] else []
    return [
        ("child", row["child"] is None or row["child"] in children, "a child of this family"),
        ("author", row["author"] in fitting.people, "somebody of this archive"),
        ("supersedes", fitting.replaces_own(tables.ratings, row), "an earlier rating of the same author"),
        *(("scores", False, fault.needed) for fault in trouble),
    ]


def _preference(fitting: Fitting, row: Row, _record: Any) -> list[Check]:
    return [("member", row["member"] in fitting.own_people, "a member of this family")]


def _audit(fitting: Fitting, row: Row, _record: Any) -> list[Check]:
    return [("member", row["member"] in fitting.people, "somebody of this archive")]


CHECKS: Final[Mapping[str, Callable[[Fitting, Row, Any], list[Check]]]] = MappingProxyType(
    {
        "members": _member,
        "consents": _consent,
        "visits": _visit,
        "reflections": _reflection,
        "ratings": _rating,
        "preferences": _preference,
        "audit": _audit,
    }
)
TIMES: Final = MappingProxyType(
    {"valid_from": "valid_from_ms", "valid_until": "valid_until_ms", "withdrawn_at": "withdrawn_ms"}
)
