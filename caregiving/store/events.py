"""Events, in and out. What comes in is stored once and for good; what goes out is what holds now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal
from uuid import UUID

import pandas as pd
from sqlalchemy import BindParameter, ColumnElement, Connection, Select, Table, bindparam, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.events import Event
from caregiving.faults import Fault
from caregiving.frames import EVENT_LOG, Column, Contract
from caregiving.people import Action, NotAllowed, Viewer, require
from caregiving.store.belonging import look_up
from caregiving.store.engine import Store, read_frame
from caregiving.store.items import Record, Unreadable, clean, read_item
from caregiving.store.packed import read_events
from caregiving.store.tables import (
    events,
    members,
    ratings,
    reflections,
    visits,
    window_ends,
    window_starts,
)
from caregiving.store.versions import chains

Looking = Literal[Action.SEE_TIMELINE, Action.SEE_PATTERNS, Action.SEE_QUALITY]
COUNTING: Final = (Action.SEE_PATTERNS, Action.SEE_TIMELINE, Action.SEE_QUALITY, Action.OBSERVE)
TABLES: Final = {"event": events, "window_start": window_starts, "window_end": window_ends}
HISTORY: Final[Contract] = {
    **{name: column for name, column in EVENT_LOG.items() if name != "in_conflict"},
    "void": Column("bool", "this version takes the moment back"),
    "author_alias": Column("str", "who logged it, by name"),
    "received_ms": Column("Int64", "when the server got it", "ms since 1970, UTC"),
}


@dataclass(frozen=True)
class Refusal:
    """One item that was not stored, and why, in words for the person who sent it."""

    id: str | None
    why: str


@dataclass(frozen=True)
class Receipt:
    """What became of every item of a batch. Ids are written as they were sent."""

    stored: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def ingest(store: Store, viewer: Viewer, items: Sequence[object], received_ms: int) -> Receipt:
    """Store every item that is in order, all in one transaction; refuse the others, each with its reason.

    Sending an item again is harmless: it is answered as stored. A record may overtake the one it refers to.

    Parameters
    ----------
    viewer: whose session delivered the items; may differ from their author, as on a shared tablet.
    items: events, window starts and window ends, as they were sent.
    received_ms: the server's time, UTC.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        When the database cannot be written; then nothing of the batch is stored.
    """
    admitted = [_admit(viewer, item) for item in items]
    records = [record for record in admitted if not isinstance(record, str)]
    verdicts: list[str | None] = []
    if records:
        with store.writer.begin() as connection:
            verdicts = _keep(connection, records, viewer, received_ms)
    later = iter(verdicts)
    reasons = [record if isinstance(record, str) else next(later) for record in admitted]
    answers = [(_id_as_sent(item), reason) for item, reason in zip(items, reasons, strict=True)]
    return Receipt(
        stored=tuple(dict.fromkeys(str(sent) for sent, reason in answers if reason is None)),
        refused=tuple(Refusal(sent, reason) for sent, reason in answers if reason is not None),
    )


def load(
    store: Store,
    viewer: Viewer,
    family: UUID,
    child: UUID | None = None,
    start_ms: int | None = None,
    end_ms: int | None = None,
    *,
    action: Looking = Action.SEE_TIMELINE,
) -> pd.DataFrame:
    """Return the EVENT_LOG of what holds now: nothing that was corrected since, nothing that was taken back.

    Parameters
    ----------
    child: only this one's moments.
    start_ms, end_ms: only moments that begin in [start, end).
    action: why it is read. A page that shows figures only asks for SEE_PATTERNS, one that shows how complete
        the record is for SEE_QUALITY.

    Returns
    -------
    One row an event, by onset and then in the order of the taps. Two corrections of one moment that were made
    side by side are both there, with `in_conflict`.

    Raises
    ------
    NotAllowed
        When the viewer may not see this family.
    """
    require(viewer, action, family)
    wanted = [~events.c.void]
    if start_ms is not None:
        wanted.append(events.c.onset_ms >= start_ms)
    if end_ms is not None:
        wanted.append(events.c.onset_ms < end_ms)
    with store.reader.begin() as connection:
        corrections = chains(connection, family)
        log = read_events(connection, family, child, set(corrections.older.values()), *wanted)
    beside = corrections.in_conflict()
    log["in_conflict"] = log["id"].isin(beside) if beside else False
    return log[list(EVENT_LOG)]


def history(store: Store, viewer: Viewer, family: UUID, event: UUID) -> pd.DataFrame:
    """Return every version of one event, voids too: a HISTORY frame, the first version first.

    No rows when this family has no such event.

    Raises
    ------
    NotAllowed
        When the viewer may not see this family's timeline.
    """
    require(viewer, Action.SEE_TIMELINE, family)
    with store.reader.begin() as connection:
        versions = chains(connection, family).versions(str(event))
        asked = (
            select(*_columns(HISTORY), members.c.alias.label("author_alias"))
            .join(members, members.c.id == events.c.author)
            .where(events.c.family == family, events.c.id.in_([UUID(version) for version in versions]))
            .order_by(events.c.seq)
        )
        found = read_frame(connection, asked, HISTORY)
    return found.sort_values("id", key=lambda ids: ids.map(versions), kind="stable", ignore_index=True)


def version(store: Store, viewer: Viewer, family: UUID) -> int:
    """Return a number that rises with everything that is stored for the family and that the viewer may read.

    Events, window starts, window ends, visits and ratings count for everybody. Of the reflections only the
    viewer's own, the shared ones and what became of those do, so that nobody can tell from it when somebody
    else wrote in private. Who observes is told that something changed, and not what.

    Raises
    ------
    NotAllowed
        When the viewer may see nothing of what this family stores.
    """
    may = (action for action in COUNTING if viewer.may(action, family))
    require(viewer, next(may, Action.SEE_TIMELINE), family)
    about = {"whose": family, "author": viewer.member}
    with store.reader.begin() as connection:
        return int(connection.scalar(_newest_of_all(), about) or 0)


@cache
def _newest_of_all() -> Select[tuple[int]]:
    """Build, once, what asks for the sum of the highest numbers of arrival."""
    whose = bindparam("whose", type_=events.c.family.type)
    text, earlier = reflections.c, reflections.alias("earlier")
    shared = select(earlier.c.id).where(earlier.c.family == whose, earlier.c.shared)
    author = bindparam("author", type_=text.author.type)
    own = or_(text.author == author, text.shared, text.supersedes.in_(shared))
    newest = [_newest(table, whose) for table in (*TABLES.values(), ratings, visits)]
    together: ColumnElement[int] = sum(newest, _newest(reflections, whose, own))
    return select(together)


def _newest(table: Table, whose: BindParameter[UUID], *wanted: ColumnElement[bool]) -> ColumnElement[int]:
    """Ask for the highest number of arrival in a table, 0 when there is none."""
    found = select(func.max(table.c.seq)).where(table.c.family == whose, *wanted).scalar_subquery()
    return func.coalesce(found, 0)


def _columns(contract: Contract) -> list[ColumnElement[Any]]:
    """Return the columns of the events table that a frame wants; `replaces` is its word for `supersedes`."""
    names = {"replaces": "supersedes"}
    wanted = {name: events.c.get(names.get(name, name)) for name in contract}
    return [column.label(name) for name, column in wanted.items() if column is not None]


def _id_as_sent(item: object) -> str | None:
    """Return an item's id just as it was written: by it the device finds the item in its queue."""
    sent = item.get("id") if isinstance(item, dict) else None
    return sent if isinstance(sent, str) and clean(sent) == sent else None


def _admit(viewer: Viewer, item: object) -> Record | str:
    """Return the record that an item describes when the viewer may store it, else the reason.

    An observer may store nothing but what belongs to a visit of their own; that is looked up later.
    """
    try:
        record = read_item(item)
        corrects = isinstance(record, Event) and record.supersedes is not None
        if not viewer.may(Action.OBSERVE, record.family):
            require(viewer, Action.CORRECT if corrects else Action.LOG, record.family)
    except (Unreadable, NotAllowed) as reason:
        return str(reason)
    return record


def _keep(
    connection: Connection, records: list[Record], viewer: Viewer, received_ms: int
) -> list[str | None]:
    """Store the records that fit what is known; return for each None, or why it was refused."""
    known = look_up(connection, records)
    stamp = {"sender": viewer.member, "received_ms": received_ms}
    verdicts: list[str | None] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        home = known.family_of(record)
        observer = None if viewer.may(Action.LOG, record.family) else viewer.member
        wrong = known.objections(record, observer) if home is None else []
        if home is None and not wrong:
            known.take_in(record)
            rows.setdefault(record.type, []).append(record.model_dump(exclude={"type"}) | stamp)
        elif home is not None and home != record.family:
            wrong = [Fault(f"{record.type}, id", "an id that is already taken", "a fresh one")]
        verdicts.append(" ".join(str(fault) for fault in wrong) or None)
    for kind, batch in rows.items():
        connection.execute(insert(TABLES[kind]).on_conflict_do_nothing(index_elements=["id"]), batch)
    return verdicts
