"""Families and those around them: who lives there, who looks in, and what the family agreed to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Table, select, text
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.people import Action, Consent, Role, Viewer, require
from caregiving.store import consents, tables
from caregiving.store.consents import DECIDE, consents_to
from caregiving.store.engine import Store


class Person(BaseModel):
    """Somebody, under a name of the family's choice."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    alias: str = Field(min_length=1, max_length=80)


class Caregiver(Person):
    """Somebody who answers the child; needs no device."""


class Child(Person):
    """Somebody who is watched over. The due date gives the corrected age of a baby born early."""

    colour: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    born_on: date | None = None
    due_on: date | None = None


class Member(Person):
    """Somebody who uses the program. A parent has a family of their own; a visitor needs its consent."""

    role: Role
    own_family: UUID | None = None
    caregiver: UUID | None = Field(default=None, description="the caregiver that this member is")


class UnknownMember(LookupError):
    """Nobody has this id."""

    def __init__(self, member: UUID) -> None:
        super().__init__(f"there is no member {member}; choose one of those who are here")


def found_household(
    store: Store,
    family: UUID,
    alias: str,
    at_ms: int,
    members: Sequence[Member],
    caregivers: Sequence[Caregiver] = (),
    children: Sequence[Child] = (),
) -> bool:
    """Make a new family with its first people, or nothing. For the first run and the demo: nobody is asked.

    Returns
    -------
    Whether it was made now. False when this family is already there; then nothing is changed.

    Raises
    ------
    Refused
        When a member belongs to another family, or an id is already taken.
    """
    strangers = [member for member in members if member.own_family not in (None, family)]
    if strangers:
        raise Refused(
            Fault(f"member {member.alias}", "another family", "this family, or none") for member in strangers
        )
    with store.writer.begin() as connection:
        row = {"id": family, "alias": alias, "created_ms": at_ms}
        if connection.execute(insert(tables.families).on_conflict_do_nothing(), row).rowcount == 0:
            return False
        for caregiver in caregivers:
            _add(connection, tables.caregivers, caregiver, family)
        for child in children:
            _add(connection, tables.children, child, family)
        for member in members:
            _add_member(connection, member)
    return True


def add_child(store: Store, viewer: Viewer, family: UUID, child: Child) -> None:
    """Add a child to a family; adding the same one again changes nothing.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    Refused
        When the id is taken by somebody else.
    """
    require(viewer, DECIDE, family)
    with store.writer.begin() as connection:
        _add(connection, tables.children, child, family)


def add_caregiver(store: Store, viewer: Viewer, family: UUID, caregiver: Caregiver) -> None:
    """Add a caregiver to a family; adding the same one again changes nothing.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    Refused
        When the id is taken by somebody else.
    """
    require(viewer, DECIDE, family)
    with store.writer.begin() as connection:
        _add(connection, tables.caregivers, caregiver, family)


def add_member(store: Store, viewer: Viewer, family: UUID, member: Member) -> None:
    """Add a parent of this family, or a home visitor, who sees nothing until the family consents.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    Refused
        When the member has another role or another family, or the id is taken by somebody else.
    """
    require(viewer, DECIDE, family)
    fitting = {(Role.PARENT, family), (Role.HOME_VISITOR, None)}
    if (member.role, member.own_family) not in fitting:
        needed = "a parent of this family, or a home visitor without one"
        raise Refused([Fault(f"member {member.alias}", f"a {member.role} of another kind", needed)])
    with store.writer.begin() as connection:
        _add_member(connection, member)


def let_in(
    store: Store,
    viewer: Viewer,
    consent: Consent,
    *,
    newcomer: Member | None = None,
    replaces: UUID | None = None,
) -> None:
    """Let somebody look in, whole or not at all: one transaction, so that nothing of it stays by halves.

    newcomer: the home visitor to whom the consent is given, when nobody knows them yet. replaces: an earlier
    consent to the same one, which ends at the moment at which this one begins, so that never both hold.
    Letting in the same one with the same consent again changes nothing.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    UnknownConsent
        When there is no such consent of this family to replace.
    Refused
        When the consent is given in somebody else's name, to nobody, or ends before it begins, when the
        newcomer is no home visitor or another one, or an id is already taken.
    """
    require(viewer, DECIDE, consent.family)
    faults = [*consents.faults_of(viewer, consent), *_newcomer_faults(newcomer, consent)]
    if faults:
        raise Refused(faults)
    with store.writer.begin() as connection:
        if newcomer is not None:
            _add_member(connection, newcomer)
        if replaces is not None:
            consents.end(connection, consent.family, replaces, consent.valid_from, member=consent.member)
        consents.put(connection, consent)


def _newcomer_faults(newcomer: Member | None, consent: Consent) -> list[Fault]:
    if newcomer is None:
        return []
    wrong = []
    if (newcomer.role, newcomer.own_family) != (Role.HOME_VISITOR, None):
        needed = "a home visitor without a family of their own"
        wrong.append(Fault(f"member {newcomer.alias}", f"a {newcomer.role} of another kind", needed))
    if consent.member != newcomer.id:
        wrong.append(Fault("consent, member", "somebody else", "the newcomer who is let in"))
    return wrong


def viewer_of(store: Store, member: UUID, at: datetime) -> Viewer:
    """Return the viewer that a member is at that moment, with every consent given to them.

    This is where a viewer comes from, so none is asked for. Call it once the session is known to be theirs.

    Raises
    ------
    UnknownMember
        When nobody has this id.
    """
    with store.reader.begin() as connection:
        found = connection.execute(select(tables.members).where(tables.members.c.id == member)).first()
        given = consents_to(connection, member)
    if found is None:
        raise UnknownMember(member)
    role = Role(found.role)
    return Viewer(
        member=member, alias=found.alias, role=role, own_family=found.own_family, consents=given, at=at
    )


def members(store: Store) -> tuple[Member, ...]:
    """Return everybody. Only for the demo's switch between its invented people: nobody is asked."""
    with store.reader.begin() as connection:
        rows = connection.execute(
            select(tables.members).order_by(tables.members.c.role, tables.members.c.alias)
        )
        return tuple(Member.model_validate(dict(row._mapping)) for row in rows)


def visitors(store: Store, viewer: Viewer, family: UUID, *, everybody: bool = False) -> tuple[Member, ...]:
    """Return the home visitors whom a family can choose: those it agreed to before, also when that has ended.

    Those of other families stay unknown to it. `everybody`: every home visitor; only for the demo, where all
    of them are invented.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    """
    require(viewer, DECIDE, family)
    known = select(tables.consents.c.member).where(tables.consents.c.family == family)
    asked = select(tables.members).where(tables.members.c.role == Role.HOME_VISITOR)
    if not everybody:
        asked = asked.where(tables.members.c.id.in_(known))
    with store.reader.begin() as connection:
        rows = connection.execute(asked.order_by(tables.members.c.alias, tables.members.c.id))
        return tuple(Member.model_validate(dict(row._mapping)) for row in rows)


def children(store: Store, viewer: Viewer, family: UUID) -> tuple[Child, ...]:
    """Return the children of a family, in the order in which they were added.

    Somebody who may see only how the record is kept gets them by alias and colour, without their dates.

    Raises
    ------
    NotAllowed
        When the viewer may see neither who belongs to this family nor how its record is kept.
    """
    whole = viewer.may(Action.SEE_PEOPLE, family)
    if not whole and not viewer.may(Action.SEE_QUALITY, family):
        require(viewer, Action.SEE_PEOPLE, family)
    with store.reader.begin() as connection:
        found = tuple(Child.model_validate(row) for row in _of(connection, tables.children, family))
    return (
        found
        if whole
        else tuple(child.model_copy(update={"born_on": None, "due_on": None}) for child in found)
    )


def caregivers(store: Store, viewer: Viewer, family: UUID) -> tuple[Caregiver, ...]:
    """Return the caregivers of a family, in the order in which they were added.

    Raises
    ------
    NotAllowed
        When the viewer may not see who belongs to this family.
    """
    require(viewer, Action.SEE_PEOPLE, family)
    with store.reader.begin() as connection:
        return tuple(Caregiver.model_validate(row) for row in _of(connection, tables.caregivers, family))


def families(store: Store, viewer: Viewer) -> list[tuple[UUID, str]]:
    """Return id and alias of each family whose people, or whose record's quality, this viewer may see.

    By alias; none is no error.
    """
    possible = {viewer.own_family, *(consent.family for consent in viewer.consents)}
    opening = (Action.SEE_PEOPLE, Action.SEE_QUALITY)
    allowed = [f for f in possible if f and any(viewer.may(action, f) for action in opening)]
    if not allowed:
        return []
    listed = tables.families.c
    with store.reader.begin() as connection:
        rows = connection.execute(
            select(listed.id, listed.alias).where(listed.id.in_(allowed)).order_by(listed.alias)
        )
        return [(row.id, row.alias) for row in rows]


def _of(connection: Connection, table: Table, family: UUID) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(table).where(table.c.family == family).order_by(text("rowid"))
    ).mappings()
    return [{name: value for name, value in row.items() if name != "family"} for row in rows]


def _add(connection: Connection, table: Table, person: Person, family: UUID | None) -> None:
    """Add a row, unless the same one is there; refuse an id that means somebody else already."""
    belongs = "own_family" if "own_family" in table.c else "family"
    row = person.model_dump() | {belongs: family}
    if connection.execute(insert(table).on_conflict_do_nothing(), row).rowcount:
        return
    there = connection.execute(select(table).where(table.c.id == person.id)).mappings().one()
    if there[belongs] != family:
        raise Refused([Fault(f"{person.alias}, id", "an id that is already taken", "a fresh one")])


def _add_member(connection: Connection, member: Member) -> None:
    """Add a member, whose caregiver must be one of their own family."""
    if member.caregiver is not None:
        home = select(tables.caregivers.c.family).where(tables.caregivers.c.id == member.caregiver)
        if member.own_family is None or connection.execute(home).scalar_one_or_none() != member.own_family:
            raise Refused(
                [
                    Fault(
                        f"{member.alias}, caregiver", "an id that does not fit", "a caregiver of their family"
                    )
                ]
            )
    _add(connection, tables.members, member, member.own_family)
