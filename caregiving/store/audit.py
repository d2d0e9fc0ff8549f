"""What was done with a family's records beside looking: kept for good, and readable by the family."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from caregiving.people import Action, Viewer, require
from caregiving.store.engine import Store
from caregiving.store.tables import audit, members


@dataclass(frozen=True)
class Entry:
    """One thing that was done: what, by whom, when, and its particulars (no record's content)."""

    id: UUID
    what: str
    by: str
    at_ms: int
    detail: dict[str, Any]


def note(
    store: Store, viewer: Viewer, family: UUID, entry: UUID, what: str, detail: dict[str, Any], at_ms: int
) -> None:
    """Write down that the viewer did something, such as an export; the same entry twice is stored once.

    Raises
    ------
    NotAllowed
        When the viewer may not see this family's patterns, and so cannot have done it.
    """
    require(viewer, Action.SEE_PATTERNS, family)
    row = {
        "id": entry,
        "family": family,
        "member": viewer.member,
        "what": what,
        "detail": detail,
        "at_ms": at_ms,
    }
    with store.writer.begin() as connection:
        connection.execute(insert(audit).on_conflict_do_nothing(index_elements=["id"]), row)


def entries(store: Store, viewer: Viewer, family: UUID) -> list[Entry]:
    """Return what was done with a family's records, the newest first.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family: only the family itself reads this.
    """
    require(viewer, Action.GIVE_CONSENT, family)
    asked = (
        select(audit.c.id, audit.c.what, members.c.alias.label("by"), audit.c.at_ms, audit.c.detail)
        .join(members, members.c.id == audit.c.member)
        .where(audit.c.family == family)
        .order_by(audit.c.seq.desc())
    )
    with store.reader.begin() as connection:
        return [Entry(**row._mapping) for row in connection.execute(asked)]
