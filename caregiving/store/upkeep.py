"""How the record is kept, without what is in it: clocks, corrections, and the prompts a family asked for."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pandas as pd
from sqlalchemy import select

from caregiving.frames import Column, Contract
from caregiving.people import Action, Viewer, require
from caregiving.prompts import BETWEEN, PREFERENCE, Plan
from caregiving.store.engine import Store, read_frame
from caregiving.store.tables import events, members, preferences

UPKEEP: Final[Contract] = {
    "device": Column("str", "the tablet, or the pages of one member"),
    "wall_ms": Column("Int64", "what its clock showed when it was written down", "ms since 1970"),
    "received_ms": Column("Int64", "when the server got it", "ms since 1970, UTC"),
    "skew_ms": Column("Int64", "server clock minus device clock, when known", "ms"),
    "utc_offset_min": Column("Int64", "local time minus UTC", "min"),
    "corrects": Column("bool", "it corrects or takes back an earlier one"),
    "void": Column("bool", "it takes an earlier one back"),
}


@dataclass(frozen=True)
class Asked:
    """The prompts that one member asked for, and since when (ms since 1970, UTC)."""

    member: UUID
    plan: Plan
    since_ms: int


def upkeep(store: Store, viewer: Viewer, family: UUID, child: UUID) -> pd.DataFrame:
    """Return an UPKEEP frame: one row for every version of every event of a child, in order of arrival.

    Raises
    ------
    NotAllowed
        When the viewer may not see how this family's record is kept.
    """
    require(viewer, Action.SEE_QUALITY, family)
    at = events.c
    asked = (
        select(
            at.device,
            at.wall_ms,
            at.received_ms,
            at.skew_ms,
            at.utc_offset_min,
            at.supersedes.is_not(None).label("corrects"),
            at.void,
        )
        .where(at.family == family, at.child == child)
        .order_by(at.seq)
    )
    with store.reader.begin() as connection:
        return read_frame(connection, asked, UPKEEP)


def prompts_asked(store: Store, viewer: Viewer, family: UUID) -> list[Asked]:
    """Return the prompts that members of a family ask for now; nobody who asks for none is in the list.

    A plan counts from the moment at which it was last changed, since an earlier one is not kept.

    Raises
    ------
    NotAllowed
        When the viewer may not see how this family's record is kept.
    """
    require(viewer, Action.SEE_QUALITY, family)
    said = preferences.c
    wanted = (
        select(said.member, said.name, said.value, said.saved_ms)
        .join(members, members.c.id == said.member)
        .where(members.c.own_family == family, said.name.in_([PREFERENCE, BETWEEN]))
        .order_by(said.member)
    )
    with store.reader.begin() as connection:
        rows = connection.execute(wanted).all()
    known: dict[UUID, dict[str, tuple[object, int]]] = {}
    for row in rows:
        known.setdefault(row.member, {})[row.name] = (row.value, row.saved_ms)
    found = []
    for member, kept in known.items():
        plan = plan_of({name: value for name, (value, _) in kept.items()})
        if plan.per_day:
            found.append(Asked(member, plan, max(saved_ms for _, saved_ms in kept.values())))
    return found


def plan_of(kept: dict[str, object]) -> Plan:
    """Return the plan that a member's preferences describe: `prompts_per_day`, and `prompts_between`.

    >>> plan_of({"prompts_per_day": 4, "prompts_between": [420, 1200]})
    Plan(per_day=4, from_min=420, until_min=1200)
    >>> plan_of({}).per_day
    0
    """
    per_day, between = kept.get(PREFERENCE, 0), kept.get(BETWEEN)
    number = per_day if isinstance(per_day, int) else 0
    if isinstance(between, list | tuple) and len(between) == 2:
        return Plan(number, int(between[0]), int(between[1]))
    return Plan(number)
