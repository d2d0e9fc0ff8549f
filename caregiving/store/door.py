"""The door: who is it that comes in? In the demo anybody, as any invented person; at home, by a passphrase.

This is the one place without a viewer: it is where viewers come from.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import case, select, update
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.people import Role, Viewer
from caregiving.settings import Mode
from caregiving.store import tables
from caregiving.store.consents import consents_to
from caregiving.store.engine import Store
from caregiving.store.people import Member, UnknownMember, members, viewer_of

DEMO_COOKIE: Final = "caregiving_who"
TOKEN_COOKIE: Final = "caregiving_token"  # noqa: S105  (the cookie's name, not a secret)
SHORTEST: Final = 10
STAYS_MS: Final = 30 * 24 * 3_600_000
VISIT_MS: Final = 12 * 3_600_000  # a visitor's session on the household's tablet
TRIES: Final = 5
LOCKED_MS: Final = 15 * 60_000
_hasher = PasswordHasher()


class Locked(PermissionError):
    """Too many wrong passphrases one after another; the door stays shut for a while, also after a restart."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            f"Too many tries. Wait {minutes} min and try again; taps on the tablet stay safe meanwhile."
        )


def has_door(store: Store) -> bool:
    """Tell whether this household has a passphrase already."""
    with store.reader.begin() as connection:
        return connection.execute(select(tables.doors.c.family).limit(1)).first() is not None


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short.

    Raises
    ------
    Refused
        When it has fewer than ten characters.
    """
    if len(passphrase) < SHORTEST:
        needed = f"at least {SHORTEST} characters; a few words are easy to remember"
        raise Refused([Fault("passphrase", f"{len(passphrase)} characters", needed)])


def set_passphrase(store: Store, family: UUID, passphrase: str) -> None:
    """Give a new household its passphrase. There is no default one.

    Raises
    ------
    Refused
        When it is shorter than ten characters, or the household has one already.
    """
    check_passphrase(passphrase)
    row = {"family": family, "passphrase_hash": _hasher.hash(passphrase), "failures": 0, "locked_until_ms": 0}
    with store.writer.begin() as connection:
        if connection.execute(insert(tables.doors).on_conflict_do_nothing(), row).rowcount == 0:
            raise Refused([Fault("passphrase", "one that is set already", "a household without one")])


def sign_in(store: Store, passphrase: str, token: str, at_ms: int) -> UUID | None:
    """Let somebody in under this token when the passphrase is right.

    Return the member, or None when it is wrong. They come in as the household's first parent, and can hand
    over to another one of it.

    Raises
    ------
    Locked
        After five wrong tries in a row, for a quarter of an hour.
    """
    doors = tables.doors
    with store.reader.begin() as connection:
        door = connection.execute(select(doors)).first()
    if door is None:
        return None
    if door.locked_until_ms > at_ms:
        raise Locked(-(-(door.locked_until_ms - at_ms) // 60_000))
    # This takes a moment on purpose: not while taps wait to be written.
    right = _right(door.passphrase_hash, passphrase)
    with store.writer.begin() as connection:
        if right:
            connection.execute(update(doors).values(failures=0, locked_until_ms=0))
        else:
            shut = case(((doors.c.failures + 1) % TRIES == 0, at_ms + LOCKED_MS), else_=0)
            connection.execute(update(doors).values(failures=doors.c.failures + 1, locked_until_ms=shut))
    if not right:
        return None
    first = next(m for m in members(store) if m.own_family == door.family and m.role is Role.PARENT)
    _let_in(store, first.id, token, at_ms)
    return first.id


def hand_over(
    store: Store, viewer: Viewer, member: UUID, token: str, at_ms: int, *, old_token: str = ""
) -> bool:
    """Let somebody else go on under a new token, and end the old one; tell whether they may.

    A member of the household may hand over to another one, and to a visitor whom the household lets in at
    that moment. A visitor hands over to nobody: their session ends on its own after some hours, and the way
    back into the household is its passphrase.
    """
    stays_ms = next((ms for one, ms in _at_hand(store, viewer) if one.id == member), None)
    if stays_ms is None:
        return False
    _let_in(store, member, token, at_ms, stays_ms)
    sign_out(store, old_token, at_ms)
    return True


def at_hand(store: Store, viewer: Viewer) -> list[Member]:
    """Return those to whom this viewer can hand the tablet over, themselves among them, parents first."""
    return [member for member, _stays_ms in _at_hand(store, viewer)]


def _at_hand(store: Store, viewer: Viewer) -> list[tuple[Member, int]]:
    """Return everybody to whom the viewer can hand over, and how long their session lasts."""
    home = viewer.own_family
    if home is None:
        return []
    everybody = sorted(members(store), key=lambda m: (m.role is not Role.PARENT, m.alias))
    own = [(one, STAYS_MS) for one in everybody if one.own_family == home]
    with store.reader.begin() as connection:
        let_in = {
            one.id
            for one in everybody
            if one.role is Role.HOME_VISITOR
            and any(
                consent.covers(action, home, viewer.at)
                for consent in consents_to(connection, one.id)
                for action in consent.scope
            )
        }
    return own + [(one, VISIT_MS) for one in everybody if one.id in let_in]


def sign_out(store: Store, token: str, at_ms: int) -> None:
    """End what was let in under this token."""
    signed = tables.sign_ins
    with store.writer.begin() as connection:
        connection.execute(update(signed).where(signed.c.token_hash == _digest(token)).values(ended_ms=at_ms))


def viewer_at_door(store: Store, cookies: Mapping[str, str], mode: Mode, at: datetime) -> Viewer | None:
    """Return who a request with these cookies comes from, or None when nobody has signed in."""
    if mode is Mode.DEMO:
        return _invented(store, cookies.get(DEMO_COOKIE, ""), at)
    signed = tables.sign_ins.c
    asked = select(signed.member).where(
        signed.token_hash == _digest(cookies.get(TOKEN_COOKIE, "")),
        signed.until_ms > int(at.timestamp() * 1000),
        signed.ended_ms.is_(None),
    )
    with store.reader.begin() as connection:
        member = connection.execute(asked).scalar()
    return None if member is None else viewer_of(store, member, at)


def _invented(store: Store, wanted: str, at: datetime) -> Viewer | None:
    """Return the invented person that was chosen, or the first parent."""
    try:
        return viewer_of(store, UUID(wanted), at)
    except (ValueError, UnknownMember):
        first = next((m for m in members(store) if m.role is Role.PARENT), None)
        return None if first is None else viewer_of(store, first.id, at)


def _let_in(store: Store, member: UUID, token: str, at_ms: int, stays_ms: int = STAYS_MS) -> None:
    row = {"token_hash": _digest(token), "member": member, "made_ms": at_ms, "until_ms": at_ms + stays_ms}
    with store.writer.begin() as connection:
        connection.execute(insert(tables.sign_ins), row)


def _right(kept: str, passphrase: str) -> bool:
    try:
        return _hasher.verify(kept, passphrase)
    except Argon2Error:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
