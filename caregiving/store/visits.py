"""Visits, in and out: what observers planned, and how far the watching of each has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.instruments import load, load_procedure, shelf
from caregiving.people import Action, NotAllowed, Viewer, require
from caregiving.store.engine import Store
from caregiving.store.tables import caregivers, children, events, visits, window_ends, window_starts
from caregiving.visits import UNFINISHED, Part, Progress, Visit, progress
from caregiving.windows import Attestation

LONGEST_PART_MS = 24 * 3_600_000
# What no later version of a plan may change.
LASTING = ("family", "author", "child", "instrument", "codes_again", "from_recording")


@dataclass(frozen=True)
class Watched:
    """A visit as it stands: the newest version of its plan, and the parts of its watching in order."""

    visit: Visit
    parts: tuple[Part, ...] = ()

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return progress(self.parts)

    @property
    def unfinished(self) -> bool:
        """Whether it waits for something: to be begun, gone on with, or ended."""
        return self.progress in UNFINISHED


class Busy(Exception):
    """Another visit of the same observer is not finished yet."""


def plan(store: Store, viewer: Viewer, visit: Visit, *, alone: bool = False) -> None:
    """Keep the plan of a visit, a newer version of it, or that it was taken back (`void`).

    Keeping the same id again changes nothing. Once the watching has begun a plan may not be taken back: its
    parts are discarded instead, so that what was watched stays known. With `alone` a visit is planned only
    when no other of the viewer's is unfinished; that is looked up in the transaction that writes, so that of
    two presses at the same moment one is refused.

    Raises
    ------
    NotAllowed
        When the viewer may not observe in this family.
    Busy
        When it is to be the only one, and another is unfinished.
    Refused
        When it is in somebody else's name, under an id that is taken, about a child or caregiver of another
        family, with an instrument that no observer codes or runs with, changes what a plan keeps (once the
        watching began also the delay) or one that was taken back, or codes a visit again that is not another
        observer's of the same child with the same instrument.
    """
    require(viewer, Action.OBSERVE, visit.family)
    if visit.author != viewer.member:
        raise Refused([Fault("visit, author", "somebody else", "the one who observes")])
    _require_instrument(visit.instrument)
    with store.writer.begin() as connection:
        there = connection.execute(select(visits).where(visits.c.id == visit.id)).first()
        if there is not None:
            if _visit(there) != visit:
                raise Refused([Fault("visit, id", "an id that is already taken", "a fresh one")])
            return
        if alone and any(one.visit.sitting != visit.sitting for one in _unfinished(connection, viewer)):
            raise Busy
        faults = [*_people(connection, visit), *_versions(connection, visit), *_again(connection, visit)]
        if faults:
            raise Refused(faults)
        connection.execute(insert(visits).values(visit.model_dump(mode="python")))


def read(store: Store, viewer: Viewer, family: UUID, child: UUID | None = None) -> list[Watched]:
    """Return the visits of a family, or to one child, as they stand, the newest plan first.

    Those that were taken back before they began are left out.

    Raises
    ------
    NotAllowed
        When the viewer may neither see this family's patterns nor observe there.
    """
    if not (viewer.may(Action.SEE_PATTERNS, family) or viewer.may(Action.OBSERVE, family)):
        raise NotAllowed(viewer, Action.SEE_PATTERNS)
    asked = _newest().where(visits.c.family == family)
    if child is not None:
        asked = asked.where(visits.c.child == child)
    with store.reader.begin() as connection:
        return _watched(connection, asked)


def mine(store: Store, viewer: Viewer) -> list[Watched]:
    """Return the viewer's own unfinished visits, in all families where they may observe; the newest first.

    Somebody who may observe nowhere has none.
    """
    if not _homes(viewer):
        return []
    with store.reader.begin() as connection:
        return _unfinished(connection, viewer)


def _homes(viewer: Viewer) -> set[UUID]:
    """Return the families in which somebody may observe."""
    return {one.family for one in viewer.consents if viewer.may(Action.OBSERVE, one.family)}


def _unfinished(connection: Connection, viewer: Viewer) -> list[Watched]:
    asked = _newest().where(visits.c.author == viewer.member, visits.c.family.in_(_homes(viewer)))
    return [one for one in _watched(connection, asked) if one.unfinished]


def _newest() -> Select[Any]:
    """Ask for the version of each plan that arrived last, unless it takes the plan back."""
    last = select(func.max(visits.c.seq)).group_by(visits.c.sitting)
    return select(visits).where(visits.c.seq.in_(last), ~visits.c.void).order_by(visits.c.seq.desc())


def _watched(connection: Connection, asked: Select[Any]) -> list[Watched]:
    found = [_visit(row) for row in connection.execute(asked)]
    parts = _parts(connection, [one.sitting for one in found])
    return [Watched(one, tuple(parts.get(one.sitting, ()))) for one in found]


def _parts(connection: Connection, sittings: Iterable[UUID]) -> dict[UUID, list[Part]]:
    """Return the parts of the watching of each sitting, in order."""
    starts, ends, taps = window_starts.c, window_ends.c, events.c
    last = select(func.max(ends.seq)).group_by(ends.window)
    final = select(ends.window, ends.ended_ms, ends.attestation).where(ends.seq.in_(last)).subquery("final")
    latest = func.coalesce(final.c.ended_ms, starts.started_ms + LONGEST_PART_MS)
    coded = select(func.max(taps.onset_ms)).where(  # bounded in time, so that an index finds the few rows
        taps.family == starts.family,
        taps.child == starts.child,
        taps.onset_ms.between(starts.started_ms, latest),
        taps.window == starts.id,
    )
    asked = (
        select(
            starts.sitting,
            starts.id,
            starts.started_ms,
            final.c.ended_ms,
            final.c.attestation,
            starts.episode,
            coded.scalar_subquery().label("last_ms"),
        )
        .outerjoin_from(window_starts, final, final.c.window == starts.id)
        .where(starts.sitting.in_(list(sittings)))
        .order_by(starts.started_ms, starts.seq)
    )
    found: dict[UUID, list[Part]] = {}
    for row in connection.execute(asked):
        said = None if row.attestation is None else Attestation(row.attestation)
        part = Part(row.id, row.started_ms, row.ended_ms, said, row.episode, row.last_ms)
        found.setdefault(row.sitting, []).append(part)
    return found


def _require_instrument(name: str) -> None:
    """Refuse an instrument that no observer codes with or runs."""
    if name in shelf("procedure") and load_procedure(name).audience == "observers":
        return
    if name in shelf("coding") and load(name).audience == "observers":
        return
    raise Refused([Fault("visit, instrument", f'"{name}"', "one that observers code with, or a procedure")])


def _people(connection: Connection, visit: Visit) -> list[Fault]:
    wrong = []
    home = select(children.c.family).where(children.c.id == visit.child)
    if connection.execute(home).scalar_one_or_none() != visit.family:
        wrong.append(Fault("visit, child", "an id that does not fit", "a child of this family"))
    home = select(caregivers.c.family).where(caregivers.c.id == visit.caregiver)
    if visit.caregiver and connection.execute(home).scalar_one_or_none() != visit.family:
        wrong.append(Fault("visit, caregiver", "an id that does not fit", "a caregiver of this family"))
    return wrong


def _versions(connection: Connection, visit: Visit) -> list[Fault]:
    """Find what a newer version may not change; the sentence names nothing of another family's visit."""
    earlier = select(visits).where(visits.c.sitting == visit.sitting).order_by(visits.c.seq.desc()).limit(1)
    old = connection.execute(earlier).first()
    if old is None:
        return (
            [Fault("visit, void", "a plan that is not here", "the sitting of one's own")]
            if visit.void
            else []
        )
    if any(old._mapping[name] != getattr(visit, name) for name in LASTING):
        return [Fault("visit, sitting", "an id that does not fit", "a visit of one's own, to the same child")]
    if old.void:
        return [Fault("visit, sitting", "a plan that was taken back", "a visit of its own")]
    begun = select(window_starts.c.id).where(window_starts.c.sitting == visit.sitting).limit(1)
    if connection.execute(begun).first() is None:
        return []
    if visit.void:
        return [
            Fault("visit, void", "a visit that has begun", "the watching to be ended or discarded instead")
        ]
    if visit.delay_ms != old.delay_ms:  # the tablet takes it off every moment, the first ones too
        return [Fault("visit, delay_ms", "another delay after the watching began", "the one it began with")]
    return []


def _again(connection: Connection, visit: Visit) -> list[Fault]:
    """Find out whether the visit that is coded again is another observer's of the same child."""
    if visit.codes_again is None:
        return []
    asked = select(visits).where(visits.c.sitting == visit.codes_again, visits.c.family == visit.family)
    other = connection.execute(asked.order_by(visits.c.seq.desc()).limit(1)).first()
    fits = (
        other is not None
        and not other.void
        and other.author != visit.author
        and (other.child, other.instrument) == (visit.child, visit.instrument)
        and other.codes_again is None
    )
    needed = "another observer's first coding of the same child with the same instrument"
    return [] if fits else [Fault("visit, codes_again", "an id that does not fit", needed)]


def _visit(row: Row[Any]) -> Visit:
    return Visit.model_validate({name: value for name, value in row._mapping.items() if name != "seq"})
