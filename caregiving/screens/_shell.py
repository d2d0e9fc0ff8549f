"""What every page is handed: who looks, at whom, the log, the report, and the way to write something down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import pandas as pd
import streamlit as st

from caregiving import palette
from caregiving.indices.cry_load import age_weeks
from caregiving.instruments import Instrument, load
from caregiving.people import Action, NotAllowed, Role, Viewer, require
from caregiving.periods import EVERYTHING, Period
from caregiving.report import Report, build_report
from caregiving.screens._now import now_ms
from caregiving.sessions import family_day
from caregiving.settings import settings
from caregiving.store import events as moments
from caregiving.store import ratings
from caregiving.store import windows as watched
from caregiving.store.door import viewer_at_door
from caregiving.store.engine import Store, opened
from caregiving.store.people import Child, caregivers, children, families

INSTRUMENT = "home_moments"
KEPT_REPORTS = 64
Key = tuple[str, UUID, UUID, UUID, int]


@dataclass(frozen=True)
class Shell:
    """One person at one screen at one moment, looking at one child."""

    store: Store
    viewer: Viewer
    family: UUID
    family_alias: str
    child: Child
    now: datetime
    colours: Mapping[str, str]

    @property
    def now_ms(self) -> int:
        """The present, in ms since 1970."""
        return int(self.now.timestamp() * 1000)

    @property
    def at_home(self) -> bool:
        """Whether the one who looks is a parent of this family."""
        return self.viewer.role is Role.PARENT

    @property
    def instrument(self) -> Instrument:
        """What this family taps with."""
        return load(INSTRUMENT)

    @property
    def zone(self) -> str:
        """The time zone of the browser, or of the last watched time, or UTC."""
        asked = st.context.timezone
        if asked:
            return asked
        if not self.may(Action.SEE_PATTERNS):
            return "UTC"
        last = self.windows(Action.SEE_PATTERNS)
        return str(last["zone"].iloc[-1]) if len(last) else "UTC"

    @property
    def today(self) -> str:
        """The name of the family's present day."""
        offset = pd.Timestamp(self.now).tz_convert(self.zone).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset is not None else 0
        return str(family_day(pd.Series([self.now_ms]), pd.Series([minutes])).iloc[0])

    @property
    def age_weeks(self) -> float | None:
        """The child's age in weeks, corrected by the due date of one born early; None when not known."""
        first = self.child.born_on or self.child.due_on
        return None if first is None else age_weeks(first, self.child.due_on, date.fromisoformat(self.today))

    @property
    def version(self) -> int:
        """A number that changes with everything this family stores; 0 for one who may see nothing of that."""
        try:
            return moments.version(self.store, self.viewer, self.family)
        except NotAllowed:
            return 0

    def may(self, action: Action) -> bool:
        """Tell whether this person may do that for this family."""
        return self.viewer.may(action, self.family)

    def log(
        self, action: moments.Looking = Action.SEE_TIMELINE, *, period: Period = EVERYTHING
    ) -> pd.DataFrame:
        """Return the child's log as it holds now; of a period, the moments around its windows too."""
        start_ms, end_ms = _edges(period)
        return moments.load(
            self.store, self.viewer, self.family, self.child.id, start_ms, end_ms, action=action
        )

    def windows(self, action: moments.Looking = Action.SEE_TIMELINE) -> pd.DataFrame:
        """Return the child's watched windows, read once for each state of the log; not to be changed."""
        require(self.viewer, action, self.family)
        return _windows(self, self.key, action)

    def caregivers(self) -> dict[str, str]:
        """Return the caregivers' aliases by id."""
        return {str(c.id): c.alias for c in caregivers(self.store, self.viewer, self.family)}

    def report(
        self,
        *names: str,
        period: Period = EVERYTHING,
        instrument: str = INSTRUMENT,
        action: moments.Looking = Action.SEE_PATTERNS,
    ) -> Report:
        """Return the report of this child with the named indices, computed once for each state of the log."""
        require(self.viewer, action, self.family)
        still_open = self.windows(action)["ended_ms"].isna().any()
        clock = self.now_ms // 5000 * 5000 if still_open else 0
        return _report(self, self.key, clock, names, period, instrument, action)

    @property
    def key(self) -> Key:
        """The tenant, the child, the reader and the state of the log: what everything kept is kept by."""
        return str(self.store.path), self.family, self.child.id, self.viewer.member, self.version

    def record(self, *items: dict[str, Any]) -> list[str]:
        """Store what somebody wrote down; return the sentences of what was refused. For callbacks only."""
        receipt = moments.ingest(self.store, self.viewer, list(items), now_ms())
        return [refusal.why for refusal in receipt.refused]

    def born(self) -> dict[str, Any]:
        """Return what every record written on a page says about its birth."""
        at_ms = now_ms()
        return {
            "id": str(uuid4()),
            "family": str(self.family),
            "author": str(self.viewer.member),
            "device": str(uuid5(self.viewer.member, "pages")),
            "ordinal": at_ms,
            "wall_ms": at_ms,
            "child": str(self.child.id),
            "instrument": self.instrument.name,
        }


def _edges(period: Period) -> tuple[int | None, int | None]:
    """Return instants that surely hold a period of days, whatever the time zone."""
    day_ms = 24 * 3_600_000
    first = None if period.first is None else pd.Timestamp(period.first).value // 1_000_000 - day_ms
    last = None if period.last is None else pd.Timestamp(period.last).value // 1_000_000 + 3 * day_ms
    return first, last


@st.cache_resource(max_entries=KEPT_REPORTS, show_spinner=False)
def _windows(_shell: Shell, key: Key, action: moments.Looking) -> pd.DataFrame:
    return watched.load(_shell.store, _shell.viewer, _shell.family, _shell.child.id, action=action)


@st.cache_resource(max_entries=KEPT_REPORTS, show_spinner=False)
def _report(
    _shell: Shell,
    key: Key,
    clock: int,
    names: tuple[str, ...],
    period: Period,
    instrument: str,
    action: moments.Looking,
) -> Report:
    """Build the report; the arguments without a leading underscore are the key, the tenant first."""
    rated = None
    if _shell.may(Action.SEE_PATTERNS):
        rated = ratings.frame(_shell.store, _shell.viewer, _shell.family, _shell.child.id)
    return build_report(
        _shell.log(action, period=period),
        _shell.windows(action),
        load(instrument),
        now_ms=clock or _shell.now_ms,
        names=list(names),
        period=period,
        ratings=rated,
    )


def viewer() -> Viewer | None:
    """Return who sits at this screen, or None when nobody has signed in."""
    return viewer_at_door(opened(settings().database), st.context.cookies, settings().mode, datetime.now(UTC))


def shell_for(who: Viewer) -> Shell | None:
    """Return the shell of the child named in the address, or else of the first one, or None without any."""
    store = opened(settings().database)
    known = everybody(store, who)
    if not known:
        return None
    family, alias, child = _chosen(known)
    colours = palette.NIGHT if st.context.theme.type == "dark" else palette.DAY
    return Shell(store, who, family, alias, child, who.at, colours)


def everybody(store: Store, who: Viewer) -> list[tuple[UUID, str, Child]]:
    """Return every child that this person may look at, with the family's id and alias, families by alias."""
    return [
        (family, alias, child)
        for family, alias in families(store, who)
        for child in children(store, who, family)
    ]


def _chosen(known: list[tuple[UUID, str, Child]]) -> tuple[UUID, str, Child]:
    """Return whom the address names, or who was looked at last; where there is a choice, the address says it.

    A link to another page drops what the address said, so it is put back: a page that is loaded again, or
    kept as a bookmark, must never show another child than before.
    """
    child = st.query_params.get("child")
    family = st.query_params.get("family")
    if child is None and family is None:
        child = st.session_state.get("child_shown")
    fits = [one for one in known if str(one[2].id) == child] or [
        one for one in known if str(one[0]) == family
    ]
    chosen = (fits or known)[0]
    st.session_state["child_shown"] = str(chosen[2].id)
    if len(known) > 1 and st.query_params.get("child") != str(chosen[2].id):
        st.query_params["family"], st.query_params["child"] = str(chosen[0]), str(chosen[2].id)
    return chosen
