"""What parents wrote for themselves, in and out. Only the author reads a text, unless it is shared."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.people import Action, Viewer, require
from caregiving.reflections import CONTENTS, Reflection
from caregiving.store.engine import Store
from caregiving.store.tables import reflections


class UnknownKind(LookupError):
    """There is no such kind of text."""

    def __init__(self, kind: str) -> None:
        super().__init__(f'there are no texts of the kind "{kind}"; choose one of: {", ".join(CONTENTS)}')


def write(store: Store, viewer: Viewer, item: Reflection) -> None:
    """Keep a text for good: a new one, a newer version of the author's own, or the end of one (`void`).

    Writing the same id again changes nothing. A void can be superseded in its turn, which puts the text back.

    Raises
    ------
    NotAllowed
        When the viewer may not write in this family.
    Refused
        When it is written in somebody else's name, under an id that is taken, or supersedes what is not the
        author's own newest version of that kind.
    """
    require(viewer, Action.REFLECT, item.family)
    if item.author != viewer.member:
        raise Refused([Fault("text, author", "somebody else", "the one who writes it")])
    row = item.model_dump(mode="python", exclude={"content"})
    row["content"] = item.content.model_dump(mode="json")
    with store.writer.begin() as connection:
        there = connection.execute(select(reflections.c.author).where(reflections.c.id == item.id)).first()
        if there is not None:
            if there.author != viewer.member:
                raise Refused([Fault("text, id", "an id that is already taken", "a fresh one")])
            return
        if item.supersedes is not None:
            _require_newest_own(connection, item, item.supersedes)
        connection.execute(insert(reflections).values(row))


def read(store: Store, viewer: Viewer, family: UUID, *kinds: str) -> list[Reflection]:
    """Return what holds now and this viewer may read, the newest moment first; of these kinds, or of all.

    Their own texts, and what others of the same family share. Nobody outside the family reads any.

    Raises
    ------
    NotAllowed
        When the viewer may not write in this family.
    UnknownKind
        When there are no texts of such a kind.
    """
    require(viewer, Action.REFLECT, family)
    readable = or_(reflections.c.author == viewer.member, reflections.c.shared)
    asked = _newest(family, kinds).where(~reflections.c.void, readable)
    with store.reader.begin() as connection:
        return [_text(row) for row in connection.execute(asked)]


def taken_away(store: Store, viewer: Viewer, family: UUID, since_ms: int) -> list[Reflection]:
    """Return the viewer's own texts that were taken away at that moment or later, the newest moment first.

    They come as the voids that took them away, which still hold the words.

    Raises
    ------
    NotAllowed
        When the viewer may not write in this family.
    """
    require(viewer, Action.REFLECT, family)
    mine = (reflections.c.author == viewer.member, reflections.c.written_ms >= since_ms)
    with store.reader.begin() as connection:
        return [_text(row) for row in connection.execute(_newest(family).where(reflections.c.void, *mine))]


def _newest(family: UUID, kinds: tuple[str, ...] = ()) -> Select[Any]:
    """Ask for the versions that no other one supersedes."""
    for kind in kinds:
        if kind not in CONTENTS:
            raise UnknownKind(kind)
    asked = (
        select(reflections)
        .where(reflections.c.family == family, ~_superseded(family))
        .order_by(reflections.c.at_ms.desc(), reflections.c.seq.desc())
    )
    return asked.where(reflections.c.kind.in_(kinds)) if kinds else asked


def _superseded(family: UUID) -> ColumnElement[bool]:
    later = reflections.alias("later")
    old = select(later.c.supersedes).where(later.c.family == family, later.c.supersedes.is_not(None))
    return reflections.c.id.in_(old)


def _require_newest_own(connection: Connection, item: Reflection, old: UUID) -> None:
    """Refuse to supersede anything but the newest version of a text of the same author, family and kind.

    The sentence is the same whether a text is somebody else's or is not there at all.
    """
    mine = reflections.c.family == item.family
    found = connection.execute(select(reflections).where(reflections.c.id == old, mine)).first()
    if found is None or (found.author, found.kind) != (item.author, item.kind):
        raise Refused([Fault("text, supersedes", "an id that does not fit", "a text of one's own")])
    if connection.execute(select(reflections.c.id).where(reflections.c.supersedes == old, mine)).first():
        needed = "the newest one; open it again and change that"
        raise Refused([Fault("text, supersedes", "a version that was changed meanwhile", needed)])


def _text(row: Row[Any]) -> Reflection:
    return Reflection.model_validate({name: value for name, value in row._mapping.items() if name != "seq"})
