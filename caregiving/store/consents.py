"""What a family agreed to: given for a purpose and a time, and taken back at any moment."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.people import Action, Consent, Viewer, require
from caregiving.store.engine import Store
from caregiving.store.tables import consents, members

DECIDE: Final = Action.GIVE_CONSENT  # who may agree for a family may also say who belongs to it
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownConsent(LookupError):
    """This family gave no such consent."""

    def __init__(self, consent: UUID) -> None:
        super().__init__(f"this family gave no consent {consent}; choose one of its own")


def give_consent(store: Store, viewer: Viewer, consent: Consent) -> None:
    """Let one member see what the consent names; giving the same one again changes nothing.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    Refused
        When it is given in somebody else's name, to nobody, under an id that is already taken, or ends before
        it begins.
    """
    require(viewer, DECIDE, consent.family)
    if faults := faults_of(viewer, consent):
        raise Refused(faults)
    with store.writer.begin() as connection:
        put(connection, consent)


def withdraw_consent(store: Store, viewer: Viewer, family: UUID, consent: UUID, at: datetime) -> None:
    """End a consent from that moment on. Withdrawing it twice keeps the earlier moment.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family.
    UnknownConsent
        When this family gave no such consent.
    """
    require(viewer, DECIDE, family)
    with store.writer.begin() as connection:
        end(connection, family, consent, at)


def faults_of(viewer: Viewer, consent: Consent) -> list[Fault]:
    """Return what is wrong with a consent in itself, whoever is to look in."""
    wrong = []
    if consent.given_by != viewer.member:
        wrong.append(Fault("consent, given_by", "somebody else", "the one who gives it"))
    if consent.valid_until <= consent.valid_from:
        wrong.append(
            Fault("consent, valid_until", "an end that is not after its beginning", "a later moment")
        )
    return wrong


def put(connection: Connection, consent: Consent) -> None:
    """Write a consent in a transaction that goes on, unless the same one is there.

    Raises
    ------
    Refused
        When it is given to nobody, or under an id that is already taken.
    """
    row = {
        "id": consent.id,
        "family": consent.family,
        "member": consent.member,
        "scope": sorted(consent.scope),
        "purpose": consent.purpose,
        "given_by": consent.given_by,
        "valid_from_ms": _ms(consent.valid_from),
        "valid_until_ms": _ms(consent.valid_until),
        "withdrawn_ms": None if consent.withdrawn_at is None else _ms(consent.withdrawn_at),
    }
    if connection.execute(select(members.c.id).where(members.c.id == consent.member)).first() is None:
        raise Refused([Fault("consent, member", "nobody", "the member who is to look in")])
    if connection.execute(insert(consents).on_conflict_do_nothing(), row).rowcount == 0:
        there = connection.execute(select(consents).where(consents.c.id == consent.id)).one()
        if (there.family, there.member) != (consent.family, consent.member):
            raise Refused([Fault("consent, id", "an id that is already taken", "a fresh one")])


def end(
    connection: Connection, family: UUID, consent: UUID, at: datetime, *, member: UUID | None = None
) -> None:
    """End a consent of a family, or of a family to one member, in a transaction that goes on.

    Raises
    ------
    UnknownConsent
        When the family gave no such consent.
    """
    earlier = func.min(func.coalesce(consents.c.withdrawn_ms, _ms(at)), _ms(at))
    ended = update(consents).where(consents.c.id == consent, consents.c.family == family)
    if member is not None:
        ended = ended.where(consents.c.member == member)
    if connection.execute(ended.values(withdrawn_ms=earlier)).rowcount == 0:
        raise UnknownConsent(consent)


def consents_to(connection: Connection, member: UUID) -> tuple[Consent, ...]:
    """Return every consent that was ever given to a member, expired and withdrawn ones too."""
    given = (
        select(consents).where(consents.c.member == member).order_by(consents.c.valid_from_ms, consents.c.id)
    )
    return tuple(_consent(row) for row in connection.execute(given))


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        id=row.id,
        family=row.family,
        member=row.member,
        scope=frozenset(Action(name) for name in row.scope),
        purpose=row.purpose,
        given_by=row.given_by,
        valid_from=_at(row.valid_from_ms),
        valid_until=_at(row.valid_until_ms),
        withdrawn_at=None if row.withdrawn_ms is None else _at(row.withdrawn_ms),
    )


def _ms(at: datetime) -> int:
    """Return an instant as whole milliseconds since 1970, UTC; a naive time is an error."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def _at(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)
