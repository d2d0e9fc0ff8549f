"""Unfinished forms: what somebody typed and did not send survives a closed page. Each sees only their own."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.people import Action, Viewer, require
from caregiving.store.engine import Store
from caregiving.store.tables import drafts

NO_FAMILY: Final = UUID(int=0)
KEY: Final = ("member", "family", "about", "form")


@dataclass(frozen=True)
class Draft:
    """What was typed into a form, and when it was kept. `about`: the child or visit it is about, if one."""

    form: str
    content: dict[str, Any]
    saved_ms: int
    about: UUID | None = None


def save_draft(
    store: Store,
    viewer: Viewer,
    form: str,
    content: dict[str, Any],
    at_ms: int,
    *,
    family: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """Keep what the viewer typed into a form so far; of two savings the later moment wins.

    Parameters
    ----------
    family: whose records the form is for; the viewer's own when left out.
    about: the child or the visit that it is about, so that the same form can be begun for several.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    mine = _required(viewer, family)
    row = {"member": viewer.member, "family": mine, "about": _named(about), "form": form}
    new = insert(drafts).values(row | {"content": content, "saved_ms": at_ms})
    later = {"content": new.excluded.content, "saved_ms": new.excluded.saved_ms}
    with store.writer.begin() as connection:
        connection.execute(
            new.on_conflict_do_update(
                index_elements=list(KEY), set_=later, where=drafts.c.saved_ms <= new.excluded.saved_ms
            )
        )


def draft(
    store: Store, viewer: Viewer, form: str, *, family: UUID | None = None, about: UUID | None = None
) -> Draft | None:
    """Return what the viewer typed into this form and did not send, if anything.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    asked = select(drafts).where(_it(viewer, form, _required(viewer, family), about))
    with store.reader.begin() as connection:
        row = connection.execute(asked).first()
    return None if row is None else Draft(row.form, row.content, row.saved_ms, about)


def drafts_of(store: Store, viewer: Viewer, family: UUID) -> list[Draft]:
    """Return every form that the viewer began for a family and did not send, the newest first.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    mine = _required(viewer, family)
    asked = select(drafts).where(drafts.c.member == viewer.member, drafts.c.family == mine)
    with store.reader.begin() as connection:
        rows = connection.execute(asked.order_by(drafts.c.saved_ms.desc(), drafts.c.form)).all()
    return [Draft(r.form, r.content, r.saved_ms, UUID(r.about) if r.about else None) for r in rows]


def drop_draft(
    store: Store, viewer: Viewer, form: str, *, family: UUID | None = None, about: UUID | None = None
) -> None:
    """Throw the viewer's draft of this form away; none is no error.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    gone = delete(drafts).where(_it(viewer, form, _required(viewer, family), about))
    with store.writer.begin() as connection:
        connection.execute(gone)


def _it(viewer: Viewer, form: str, family: UUID, about: UUID | None) -> ColumnElement[bool]:
    return and_(
        drafts.c.member == viewer.member,
        drafts.c.family == family,
        drafts.c.about == _named(about),
        drafts.c.form == form,
    )


def _named(about: UUID | None) -> str:
    return "" if about is None else str(about)


def _required(viewer: Viewer, family: UUID | None) -> UUID:
    """Return the family in which a draft lives, once the viewer may keep drafts there."""
    home = family or viewer.own_family or NO_FAMILY
    require(viewer, Action.KEEP_DRAFT, home)
    return home
