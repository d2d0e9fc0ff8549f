"""Unfinished forms: what somebody typed and did not send survives a closed page. Each sees only their own.

A form that is filled in on a tablet has an id of its own in its content ("id"). A tablet may hold it for long
without the server, so it is remembered by that id that it was finished or discarded: it never comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.people import Action, Viewer, require
from caregiving.store.engine import Store
from caregiving.store.tables import drafts

NO_FAMILY: Final = UUID(int=0)
KEY: Final = ("member", "family", "about", "form")
ENDED: Final = (
    "ended"  # stands for the form in the row that remembers an end; it is about the id of what ended
)
How = Literal["finished", "discarded"]


@dataclass(frozen=True)
class Draft:
    """What was typed into a form, and when it was kept. `about`: the child or visit it is about, if one."""

    form: str
    content: dict[str, Any]
    saved_ms: int
    about: UUID | None = None


@dataclass(frozen=True)
class Ended:
    """How an unfinished form came to its end, and when, if that was said."""

    how: How
    at_ms: int | None


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

    A form whose id has ended is not kept again.

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
        if _end(connection, viewer, _id_of(content), mine):
            return
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
    own = and_(drafts.c.member == viewer.member, drafts.c.family == mine)
    asked = select(drafts).where(own, drafts.c.form != ENDED)
    with store.reader.begin() as connection:
        rows = connection.execute(asked.order_by(drafts.c.saved_ms.desc(), drafts.c.form)).all()
    return [Draft(r.form, r.content, r.saved_ms, UUID(r.about) if r.about else None) for r in rows]


def drop_draft(
    store: Store,
    viewer: Viewer,
    form: str,
    *,
    family: UUID | None = None,
    about: UUID | None = None,
    at_ms: int | None = None,
) -> None:
    """Throw the viewer's draft of this form away; none is no error. One with an id counts as discarded.

    Parameters
    ----------
    at_ms: when; it is told to a tablet that still holds the draft. Left out, it is told without a time.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    mine = _required(viewer, family)
    it = _it(viewer, form, mine, about)
    with store.writer.begin() as connection:
        id_ = _kept_id(connection, it)
        connection.execute(delete(drafts).where(it))
        if id_:
            _remember(connection, viewer, id_, mine, Ended("discarded", at_ms))


def end_draft(
    store: Store,
    viewer: Viewer,
    form: str,
    id_: UUID,
    end: Ended,
    *,
    family: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """Remember that the draft of that id has ended, and throw it away if it is the one that is kept.

    What was remembered first stays: a draft ends once.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    mine = _required(viewer, family)
    it = _it(viewer, form, mine, about)
    with store.writer.begin() as connection:
        if _kept_id(connection, it) == str(id_):
            connection.execute(delete(drafts).where(it))
        _remember(connection, viewer, str(id_), mine, end)


def ended(store: Store, viewer: Viewer, id_: UUID, *, family: UUID | None = None) -> Ended | None:
    """Return how the viewer's draft of that id ended, if it has.

    Raises
    ------
    NotAllowed
        When the viewer may not keep drafts for this family.
    """
    mine = _required(viewer, family)
    with store.reader.begin() as connection:
        return _end(connection, viewer, str(id_), mine)


def _id_of(content: Mapping[str, Any]) -> str:
    return str(content.get("id") or "")


def _kept_id(connection: Connection, it: ColumnElement[bool]) -> str:
    """Return the id of the form in a draft; nothing where there is none."""
    return _id_of(connection.execute(select(drafts.c.content).where(it)).scalar() or {})


def _end(connection: Connection, viewer: Viewer, id_: str, family: UUID) -> Ended | None:
    said = connection.execute(select(drafts.c.content).where(_it(viewer, ENDED, family, id_))).scalar()
    return None if said is None else Ended(said["how"], said["at_ms"])


def _remember(connection: Connection, viewer: Viewer, id_: str, family: UUID, end: Ended) -> None:
    row = {"member": viewer.member, "family": family, "about": id_, "form": ENDED}
    told = {"content": {"how": end.how, "at_ms": end.at_ms}, "saved_ms": end.at_ms or 0}
    connection.execute(insert(drafts).values(row | told).on_conflict_do_nothing())


def _it(viewer: Viewer, form: str, family: UUID, about: UUID | str | None) -> ColumnElement[bool]:
    return and_(
        drafts.c.member == viewer.member,
        drafts.c.family == family,
        drafts.c.about == _named(about),
        drafts.c.form == form,
    )


def _named(about: UUID | str | None) -> str:
    return "" if about is None else str(about)


def _required(viewer: Viewer, family: UUID | None) -> UUID:
    """Return the family in which a draft lives, once the viewer may keep drafts there."""
    home = family or viewer.own_family or NO_FAMILY
    require(viewer, Action.KEEP_DRAFT, home)
    return home
