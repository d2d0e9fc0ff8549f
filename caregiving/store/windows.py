"""Windows of watching, out again: a start with its latest end."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd
from sqlalchemy import Select, Subquery, func, select

from caregiving.frames import WINDOW_LOG
from caregiving.people import Action, Viewer, require
from caregiving.store.engine import Store, read_frame
from caregiving.store.events import Looking
from caregiving.store.tables import visits, window_ends, window_starts


@dataclass(frozen=True)
class OpenWindow:
    """A window that somebody started and has not ended."""

    id: UUID
    child: UUID
    mode: str
    context: str | None
    instrument: str
    started_ms: int
    zone: str


def load(
    store: Store,
    viewer: Viewer,
    family: UUID,
    child: UUID | None = None,
    *,
    action: Looking = Action.SEE_TIMELINE,
) -> pd.DataFrame:
    """Return the WINDOW_LOG of a family, or of one child, by start.

    Of several ends of a window the one that arrived last counts; while it is open, `ended_ms` and
    `attestation` are missing. An end is given as it was sent, even when a changed clock put it before
    its start.

    Raises
    ------
    NotAllowed
        When the viewer may not see this family.
    """
    require(viewer, action, family)
    starts, ends = window_starts.c, window_ends.c
    last = (
        select(func.max(ends.seq).label("seq"), ends.window)
        .where(ends.family == family)
        .group_by(ends.window)
        .subquery("last")
    )
    plan = _newest_plans(family)
    columns = [starts[name] for name in WINDOW_LOG if name in starts]
    recorded = func.coalesce(plan.c.from_recording, 0).label("from_recording")
    asked = (
        select(*columns, ends.ended_ms, ends.attestation, plan.c.codes_again, recorded)
        .outerjoin_from(window_starts, last, last.c.window == starts.id)
        .outerjoin(window_ends, ends.seq == last.c.seq)
        .outerjoin(plan, plan.c.sitting == starts.sitting)
        .where(starts.family == family)
        .order_by(starts.started_ms, starts.seq)
    )
    if child is not None:
        asked = asked.where(starts.child == child)
    with store.reader.begin() as connection:
        return read_frame(connection, asked, WINDOW_LOG)


def _newest_plans(family: UUID) -> Subquery:
    """Return what the newest plan of each visit says about its relation to another one."""
    last = select(func.max(visits.c.seq)).where(visits.c.family == family).group_by(visits.c.sitting)
    return (
        select(visits.c.sitting, visits.c.codes_again, visits.c.from_recording)
        .where(visits.c.seq.in_(last))
        .subquery("plan")
    )


def open_window(store: Store, viewer: Viewer, family: UUID, member: UUID) -> OpenWindow | None:
    """Return the window that this member opened last and has not ended, if any.

    Raises
    ------
    NotAllowed
        When the viewer may not see this family's timeline.
    """
    require(viewer, Action.SEE_TIMELINE, family)
    with store.reader.begin() as connection:
        row = connection.execute(_open(family, member)).first()
    return OpenWindow(**row._mapping) if row else None


def _open(family: UUID, member: UUID) -> Select[tuple[UUID, UUID, str, str | None, str, int, str]]:
    starts, ends = window_starts.c, window_ends.c
    ended = select(ends.seq).where(ends.window == starts.id, ends.family == family).exists()
    return (
        select(
            starts.id,
            starts.child,
            starts.mode,
            starts.context,
            starts.instrument,
            starts.started_ms,
            starts.zone,
        )
        .where(starts.family == family, starts.author == member, ~ended)
        .order_by(starts.started_ms.desc(), starts.seq.desc())
        .limit(1)
    )
