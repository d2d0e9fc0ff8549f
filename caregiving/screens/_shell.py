"""What every page is handed: who looks, at whom, the log, the report, and the way to write something down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import pandas as pd
import streamlit as st

from caregiving import palette
from caregiving.instruments import Instrument, load
from caregiving.people import Action, Viewer, require
from caregiving.report import Report, build_report
from caregiving.settings import settings
from caregiving.store import events as moments
from caregiving.store import windows as watched
from caregiving.store.door import viewer_at_door
from caregiving.store.engine import Store, opened
from caregiving.store.people import Child, caregivers, children, families

INSTRUMENT = "home_moments"
KEPT_REPORTS = 64


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
    def instrument(self) -> Instrument:
        """What this family taps with."""
        return load(INSTRUMENT)

    @property
    def zone(self) -> str:
        """The time zone of the browser, or of the last watched time, or UTC."""
        asked = st.context.timezone
        if asked:
            return asked
        last = self.windows(Action.SEE_PATTERNS)
        return str(last["zone"].iloc[-1]) if len(last) else "UTC"

    @property
    def version(self) -> int:
        """A number that changes with everything this family stores."""
        looking: moments.Looking = Action.SEE_TIMELINE
        if self.may(Action.SEE_PATTERNS):
            looking = Action.SEE_PATTERNS
        return moments.version(self.store, self.viewer, self.family, action=looking)

    def may(self, action: Action) -> bool:
        """Tell whether this person may do that for this family."""
        return self.viewer.may(action, self.family)

    def log(self, action: moments.Looking = Action.SEE_TIMELINE) -> pd.DataFrame:
        """Return the child's log as it holds now."""
        return moments.load(self.store, self.viewer, self.family, self.child.id, action=action)

    def windows(self, action: moments.Looking = Action.SEE_TIMELINE) -> pd.DataFrame:
        """Return the child's watched windows."""
        return watched.load(self.store, self.viewer, self.family, self.child.id, action=action)

    def caregivers(self) -> dict[str, str]:
        """Return the caregivers' aliases by id."""
        return {str(c.id): c.alias for c in caregivers(self.store, self.viewer, self.family)}

    def report(self, *names: str) -> Report:
        """Return the report of this child with the named indices, computed once for each state of the log."""
        require(self.viewer, Action.SEE_PATTERNS, self.family)
        still_open = self.windows(Action.SEE_PATTERNS)["ended_ms"].isna().any()
        clock = self.now_ms // 5000 * 5000 if still_open else 0
        return _report(self, str(self.store.path), self.family, self.child.id, self.version, clock, names)

    def record(self, *items: dict[str, Any]) -> list[str]:
        """Store what somebody wrote down; return the sentences of what was refused. For callbacks only."""
        receipt = moments.ingest(
            self.store, self.viewer, list(items), int(datetime.now(UTC).timestamp() * 1000)
        )
        return [refusal.why for refusal in receipt.refused]

    def born(self) -> dict[str, Any]:
        """Return what every record written on a page says about its birth."""
        now_ms = int(datetime.now(UTC).timestamp() * 1000)
        return {
            "id": str(uuid4()),
            "family": str(self.family),
            "author": str(self.viewer.member),
            "device": str(uuid5(self.viewer.member, "pages")),
            "ordinal": now_ms,
            "wall_ms": now_ms,
            "child": str(self.child.id),
            "instrument": self.instrument.name,
        }


@st.cache_resource(max_entries=KEPT_REPORTS, show_spinner=False)
def _report(
    _shell: Shell, path: str, family: UUID, child: UUID, version: int, clock: int, names: tuple[str, ...]
) -> Report:
    """Build the report; the arguments without a leading underscore are the key, the tenant first."""
    log, windows = _shell.log(Action.SEE_PATTERNS), _shell.windows(Action.SEE_PATTERNS)
    return build_report(log, windows, _shell.instrument, now_ms=clock or _shell.now_ms, names=list(names))


def viewer() -> Viewer | None:
    """Return who sits at this screen, or None when nobody has signed in."""
    return viewer_at_door(opened(settings().database), st.context.cookies, settings().mode, datetime.now(UTC))


def shell_for(who: Viewer) -> Shell | None:
    """Return the shell of this person's family (the first they may see), or None when there is none."""
    store = opened(settings().database)
    seen = families(store, who)
    if not seen:
        return None
    wanted = st.query_params.get("child")
    for family, alias in seen:
        found = children(store, who, family)
        chosen = next((c for c in found if str(c.id) == wanted), found[0] if found else None)
        if chosen:
            colours = palette.NIGHT if st.context.theme.type == "dark" else palette.DAY
            return Shell(store, who, family, alias, chosen, who.at, colours)
    return None
