"""Whose rows are these? How all of a family, or all about one child, is taken out of the tables."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, and_, delete, func, or_, select, update

from caregiving.store import tables

GONE: Final = "erased"
OWN_DESK: Final = tuple(  # what belongs to a member and to no family, and goes with that member
    table
    for table in tables.metadata.sorted_tables
    if "member" in table.c and not {"family", "own_family"} & set(table.c.keys())
)


class Untakeable(LookupError):
    """What was to be taken is not there, or cannot go alone."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(f"found {found}; needed {needed}")
        self.found, self.needed = found, needed


@dataclass(frozen=True)
class Erased:
    """How many rows went, by table; and what of the family's own words stays when only a child went."""

    rows: dict[str, int]
    kept_texts: int = 0
    new_alias: str | None = None


def take_family(connection: Connection, family: UUID) -> Erased:
    """Delete every row of a family, and the visitors whom no other family let in.

    Raises
    ------
    Untakeable
        When there is no such family.
    """
    known = tables.families.c
    if connection.execute(select(known.id).where(known.id == family)).first() is None:
        raise Untakeable(f"no family {family}", "one that is in this database")
    own = _ids(connection, select(tables.members.c.id).where(tables.members.c.own_family == family))
    guests = _guests(connection, family) - own
    children = _ids(connection, select(tables.children.c.id).where(tables.children.c.family == family))
    sittings = _ids(connection, select(tables.visits.c.sitting).where(tables.visits.c.family == family))
    rows = _clear_desks(connection, family, own, {family} | children | sittings)
    _empty(connection, own, rows)
    for table in reversed(tables.metadata.sorted_tables):
        belongs = next((table.c[name] for name in ("family", "own_family") if name in table.c), None)
        if table is tables.families:
            belongs = table.c.id
        if belongs is not None:
            _add(rows, table.name, connection.execute(delete(table).where(belongs == family)).rowcount)
    if connection.execute(select(func.count()).select_from(tables.families)).scalar_one() == 0:
        guests = _ids(connection, select(tables.members.c.id))
    _let_go(connection, {guest for guest in guests if not _known_elsewhere(connection, guest)}, rows)
    return Erased({name: n for name, n in rows.items() if n})


def take_child(connection: Connection, child: UUID) -> Erased:
    """Delete every row about a child, and its name where the family's other rows hold it.

    The visits to it go with everything that observers coded and rated in them. What grown-ups wrote for
    themselves stays.

    Raises
    ------
    Untakeable
        When there is no such child, or it is the family's only one.
    """
    known = tables.children.c
    mine = connection.execute(select(known.family, known.alias).where(known.id == child)).first()
    if mine is None:
        raise Untakeable(f"no child {child}", "one that is in this database")
    siblings = select(known.id, known.alias).where(known.family == mine.family, known.id != child)
    others = connection.execute(siblings).all()
    if not others:
        raise Untakeable("the only child of its family", "--family, which removes the family as a whole")
    own = _ids(connection, select(tables.members.c.id).where(tables.members.c.own_family == mine.family))
    sittings = _ids(connection, select(tables.visits.c.sitting).where(tables.visits.c.child == child))
    rows = _clear_desks(connection, mine.family, own, {child} | sittings)
    rows["ratings"] = _take_ratings(connection, child, sittings)
    rows["window_ends"] = _take_ends(connection, child)
    for table in (tables.events, tables.window_starts, tables.visits):
        rows[table.name] = connection.execute(delete(table).where(table.c.child == child)).rowcount
    rows["audit"] = _forget(connection, mine.family, (str(child), mine.alias), others)
    rows["children"] = connection.execute(delete(tables.children).where(known.id == child)).rowcount
    texts = select(func.count()).select_from(tables.reflections)
    kept = connection.execute(texts.where(tables.reflections.c.family == mine.family)).scalar_one()
    alias = _rename(connection, mine.family, mine.alias, [other.alias for other in others])
    return Erased({name: n for name, n in rows.items() if n}, kept, alias)


def _take_ratings(connection: Connection, child: UUID, sittings: set[UUID]) -> int:
    """Delete the ratings about a child, and those of its visits and windows that name nobody."""
    rated, started = tables.ratings, tables.window_starts.c
    watched = select(started.id).where(started.child == child)
    its = and_(rated.c.child.is_(None), or_(rated.c.window.in_(sittings), rated.c.window.in_(watched)))
    return connection.execute(delete(rated).where(or_(rated.c.child == child, its))).rowcount


def _take_ends(connection: Connection, child: UUID) -> int:
    """Delete the ends of a child's windows, also of one whose start has not arrived; a sibling's stay."""
    started, tapped, ended = tables.window_starts.c, tables.events.c, tables.window_ends
    awaited = select(tapped.window).where(
        tapped.child == child, tapped.window.is_not(None), tapped.window.not_in(select(started.id))
    )
    its = or_(
        ended.c.window.in_(select(started.id).where(started.child == child)), ended.c.window.in_(awaited)
    )
    return connection.execute(delete(ended).where(its)).rowcount


def _guests(connection: Connection, family: UUID) -> set[UUID]:
    """Return everybody who left a trace in a family's records."""
    found: set[UUID] = set()
    for table, column in _naming_members():
        if "family" in table.c:
            found |= _ids(connection, select(table.c[column]).where(table.c.family == family))
    return found


def _known_elsewhere(connection: Connection, member: UUID) -> bool:
    """Tell whether any record that is left names this member."""
    left = connection.execute(
        select(tables.members.c.own_family).where(tables.members.c.id == member)
    ).first()
    if left is not None and left.own_family is not None:
        return True
    asked = (
        select(table.c[column]).where(table.c[column] == member).limit(1)
        for table, column in _naming_members()
        if table not in OWN_DESK
    )
    return any(connection.execute(one).first() is not None for one in asked)


def _naming_members() -> Iterable[tuple[Table, str]]:
    """Give every column of every table that refers to a member."""
    for table in tables.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is tables.members.c.id for key in column.foreign_keys):
                yield table, column.name


def _clear_desks(
    connection: Connection, family: UUID, members: set[UUID], named: set[UUID]
) -> dict[str, int]:
    """Remove half-filled forms in a family, and preferences that name what goes.

    A form need not say which child it is about, so all of a family go.
    """
    rows: dict[str, int] = {}
    desk = tables.preferences
    drafts = delete(tables.drafts).where(
        or_(tables.drafts.c.member.in_(members), tables.drafts.c.family == family)
    )
    rows["drafts"] = connection.execute(drafts).rowcount
    for kept in connection.execute(select(desk)).all():
        said = f"{kept.name} {json.dumps(kept.value)}"
        if any(str(one) in said for one in named):
            gone = delete(desk).where(desk.c.member == kept.member, desk.c.name == kept.name)
            _add(rows, "preferences", connection.execute(gone).rowcount)
    return rows


def _empty(connection: Connection, members: set[UUID], rows: dict[str, int]) -> None:
    """Remove what is on the desks of members."""
    for table in OWN_DESK:
        gone = delete(table).where(table.c.member.in_(members))
        _add(rows, table.name, connection.execute(gone).rowcount)


def _let_go(connection: Connection, members: set[UUID], rows: dict[str, int]) -> None:
    """Remove members with what is on their desks."""
    _empty(connection, members, rows)
    gone = delete(tables.members).where(tables.members.c.id.in_(members))
    _add(rows, "members", connection.execute(gone).rowcount)


def _forget(connection: Connection, family: UUID, child: tuple[str, str], others: Sequence[Any]) -> int:
    """Remove the audit's entries about this child and count them; in one about a sibling too, blot it out.

    Parameters: `child` its id and alias; `others` the siblings. A name that a sibling bears too says nothing.
    """
    number, alias = child
    names = {other.alias for other in others}
    mine = [re.escape(number), *([] if alias in names else [_word(alias)])]
    theirs = [*(str(other.id) for other in others), *(_word(name) for name in names - {alias})]
    named, sibling = (re.compile("|".join(one), re.IGNORECASE) for one in (mine, theirs))
    audit, removed = tables.audit, 0
    known = select(audit.c.seq, audit.c.detail).where(audit.c.family == family)
    for entry in connection.execute(known).all():
        detail = _blot_out(entry.detail, named)
        if detail == entry.detail:
            continue
        if sibling.search(json.dumps(detail, ensure_ascii=False)):
            connection.execute(update(audit).where(audit.c.seq == entry.seq).values(detail=detail))
        else:
            removed += connection.execute(delete(audit).where(audit.c.seq == entry.seq)).rowcount
    return removed


def _word(alias: str) -> str:
    """Return the pattern of a name that stands for itself, not inside another word."""
    return rf"(?<!\w){re.escape(alias)}(?!\w)"


def _blot_out(value: Any, named: re.Pattern[str]) -> Any:
    """Return what a JSON value says without those names.

    >>> _blot_out({"children": ["Juno", "Kit"], "file": "juno-week.pdf"}, re.compile("juno", re.IGNORECASE))
    {'children': ['erased', 'Kit'], 'file': 'erased-week.pdf'}
    """
    if isinstance(value, str):
        return named.sub(GONE, value)
    if isinstance(value, list):
        return [_blot_out(item, named) for item in value]
    if isinstance(value, dict):
        return {named.sub(GONE, key): _blot_out(item, named) for key, item in value.items()}
    return value


def _rename(connection: Connection, family: UUID, gone: str, left: list[str]) -> str | None:
    """Give a family that is called after the child another name, and return it."""
    known = tables.families.c
    alias = connection.execute(select(known.alias).where(known.id == family)).scalar_one()
    if gone in left or not re.search(_word(gone), alias, re.IGNORECASE):
        return None
    fresh = f"The household of {' and '.join(left)}"[:80]
    connection.execute(update(tables.families).where(known.id == family).values(alias=fresh))
    return fresh


def _ids(connection: Connection, asked: Any) -> set[UUID]:
    return {found for found in connection.execute(asked).scalars() if found is not None}


def _add(rows: dict[str, int], name: str, number: int) -> None:
    rows[name] = rows.get(name, 0) + number
