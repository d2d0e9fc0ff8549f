"""Unfinished forms: what somebody typed and did not send survives a closed page. Each sees only their own."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.people import Action, Viewer, require
from caregiving.store.engine import Store
from caregiving.store.tables import drafts

NO_FAMILY: Final = UUID(int=0)


@dataclass(frozen=True)
class Draft:
    """What was typed into a form, and when it was kept."""

    form: str
    content: dict[str, Any]
    saved_ms: int


def save_draft(store: Store, viewer: Viewer, form: str, content: dict[str, Any], at_ms: int) -> None:
    """Keep what the viewer typed into a form so far; of two savings the later moment wins.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts.
    """
    _require_own(viewer)
    new = insert(drafts).values(member=viewer.member, form=form, content=content, saved_ms=at_ms)
    later = {"content": new.excluded.content, "saved_ms": new.excluded.saved_ms}
    with store.writer.begin() as connection:
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["member", "form"],
                set_=later,
                where=drafts.c.saved_ms <= new.excluded.saved_ms,
            )
        )


def draft(store: Store, viewer: Viewer, form: str) -> Draft | None:
    """Return what the viewer typed into this form and did not send, if anything.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts.
    """
    _require_own(viewer)
    asked = select(drafts.c.form, drafts.c.content, drafts.c.saved_ms).where(
        drafts.c.member == viewer.member, drafts.c.form == form
    )
    with store.reader.begin() as connection:
        row = connection.execute(asked).first()
    return Draft(**row._mapping) if row else None


def drop_draft(store: Store, viewer: Viewer, form: str) -> None:
    """Throw the viewer's draft of this form away; none is no error.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts.
    """
    _require_own(viewer)
    with store.writer.begin() as connection:
        connection.execute(delete(drafts).where(drafts.c.member == viewer.member, drafts.c.form == form))


def _require_own(viewer: Viewer) -> None:
    """Ask for the one family in which somebody's drafts live: their own."""
    require(viewer, Action.KEEP_DRAFT, viewer.own_family or NO_FAMILY)
