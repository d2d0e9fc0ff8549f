"""Coded sessions: what an observer coded in one sitting, and the frames that the views of sequences read.

A session is one window of mode `session` with the events that were coded in it. Two observers of one sitting
make two sessions: they are compared with each other (see agreement), never mixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from caregiving.frames import EVENTS, WINDOWS, conform, need
from caregiving.instruments import Instrument, load
from caregiving.sessions import DAY_START_H, EXACT, family_day
from caregiving.windows import COUNTED, WindowMode
from caregiving.words import _, n_

GRID_MIN: Final = 3


@dataclass(frozen=True)
class CodedSession:
    """One coded sitting. `began` is local time, `minutes` its length (to the last event while it is open).

    `n_events` are on its clock; `n_aside` are not: remembered ones, and those of which two versions exist.
    `ended`: somebody ended it. `complete`: it was not said that only some of it was logged.
    """

    id: str
    child: str
    day: str
    began: str
    instrument: str
    minutes: float
    coder: str
    context: str | None
    n_events: int
    n_aside: int
    ended: bool
    complete: bool

    @property
    def usable(self) -> bool:
        """Whether figures may be drawn from it: something was coded, and not only some of it."""
        return self.complete and self.n_events > 0 and self.minutes > 0


def coded_sessions(
    log: pd.DataFrame, windows: pd.DataFrame, day_start_h: int = DAY_START_H
) -> list[CodedSession]:
    """Return the coded sessions of a log, the newest first.

    Parameters: EVENT_LOG and WINDOW_LOG frames. Raises: MissingColumn.
    """
    need(log, "window", "onset_ms", "offset_ms", "time_quality", "in_conflict")
    need(windows, "id", "mode", "started_ms", "ended_ms", "attestation", "utc_offset_min", "author")
    sittings = windows[windows["mode"] == WindowMode.SESSION]
    if sittings.empty:
        return []
    sittings = sittings.assign(
        day=family_day(sittings["started_ms"], sittings["utc_offset_min"], day_start_h),
        local=pd.to_datetime(
            sittings["started_ms"].astype("int64") + sittings["utc_offset_min"].astype("int64") * 60_000,
            unit="ms",
        ).dt.strftime("%Y-%m-%dT%H:%M"),
    ).sort_values("started_ms", ascending=False, kind="stable")
    by_window = {str(name): rows for name, rows in log.groupby("window")}
    return [_session(row, by_window.get(str(row.id), log.iloc[:0])) for row in sittings.itertuples()]


def _session(row: Any, coded: pd.DataFrame) -> CodedSession:
    """Return one session of its row of WINDOW_LOG and its rows of EVENT_LOG."""
    placed = _placed(coded)
    said = row.attestation
    return CodedSession(
        id=str(row.id),
        child=str(row.child),
        day=str(row.day),
        began=str(row.local),
        instrument=str(row.instrument),
        minutes=max(0, _end_ms(row.started_ms, row.ended_ms, placed) - int(row.started_ms)) / 60_000,
        coder=str(row.author),
        context=None if pd.isna(row.context) else str(row.context),
        n_events=len(placed),
        n_aside=len(coded) - len(placed),
        ended=not pd.isna(row.ended_ms),
        complete=pd.isna(said) or said in COUNTED,
    )


def _placed(coded: pd.DataFrame) -> pd.DataFrame:
    """Return the events whose time is known to the second and of which one version holds."""
    return coded[coded["time_quality"].isin(EXACT) & ~coded["in_conflict"].astype(bool)]


def _end_ms(started_ms: Any, ended_ms: Any, placed: pd.DataFrame) -> int:
    """Return the end of a session; of one that nobody ended, its last event."""
    if not pd.isna(ended_ms):
        return int(ended_ms)
    known = [edge.max() for edge in (placed["onset_ms"], placed["offset_ms"])]
    return max(int(started_ms), *(int(edge) for edge in known if not pd.isna(edge)))


def frames_of(
    session: CodedSession, log: pd.DataFrame, windows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return EVENTS and WINDOWS of one session, in seconds from its start.

    A state under way at the start begins there. A state that nobody ended lasts until a state begins that
    excludes it (the instrument says which), else it stays open: the views let it last until the end. So does
    what could not be observed.

    Raises: MissingColumn; UnknownInstrument when its instrument is not on the shelf.
    """
    start_ms = int(windows.loc[windows["id"] == session.id, "started_ms"].iloc[0])
    rows = _placed(log[log["window"] == session.id])
    onset = (rows["onset_ms"].astype("float64") - start_ms) / 1000
    offset = (rows["offset_ms"].astype("float64") - start_ms) / 1000
    end_s = session.minutes * 60
    inside = (onset.where(offset.isna(), offset) >= 0) & (onset <= end_s)
    frame = pd.DataFrame(
        {
            "session": session.id,
            "actor": rows["actor"],
            "code": rows["code"],
            "onset_s": onset.clip(lower=0.0),
            "offset_s": offset,
            "child": rows["child"],
            "caregiver": rows["caregiver"],
            "id": rows["id"],
        }
    )[inside]
    frame = frame.assign(offset_s=_closed(frame, load(session.instrument), end_s))
    window = {
        "session": [session.id],
        "start_s": 0.0,
        "end_s": end_s,
        "child": session.child,
        "mode": str(WindowMode.SESSION),
        "started_at": session.began,
        "day": session.day,
    }
    ordered = frame.sort_values("onset_s", kind="stable", ignore_index=True)
    return conform(ordered, EVENTS), conform(pd.DataFrame(window), WINDOWS)


def _closed(events: pd.DataFrame, instrument: Instrument, end_s: float) -> pd.Series:
    """Return the ends of events, those of open states where a state begins that they exclude."""
    ends = events["offset_s"].copy()
    for behaviour in instrument.behaviours:
        mine = (events["code"] == behaviour.code) & ends.isna()
        if behaviour.form == "state" and behaviour.excludes and mine.any():
            others = np.sort(events.loc[events["code"].isin(behaviour.excludes), "onset_s"].to_numpy())
            following = np.searchsorted(others, events.loc[mine, "onset_s"], side="right")
            ends[mine] = np.append(others, np.nan)[following]
    return ends.mask(events["code"].isin(instrument.codes("missing")) & ends.isna(), end_s)


def frames_together(
    sessions: Iterable[CodedSession], log: pd.DataFrame, windows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return EVENTS and WINDOWS of several sessions of one instrument, each on its own clock."""
    frames = [frames_of(session, log, windows) for session in sessions]
    events = pd.concat([events.astype({"session": "str"}) for events, _window in frames], ignore_index=True)
    watched = pd.concat([window.astype({"session": "str"}) for _events, window in frames], ignore_index=True)
    return conform(events, EVENTS), conform(watched, WINDOWS)


def remarks(session: CodedSession) -> list[str]:
    """Return what somebody should know of a session before looking at its figures, in sentences."""
    told = []
    if not session.ended:
        told.append(
            _("Nobody ended this session, so it is taken to last until the last moment that was coded.")
        )
    if not session.complete:
        told.append(
            _("Whoever coded it said that only some of it was logged, so no figure is drawn from it.")
        )
    if not session.n_events:
        told.append(_("Nothing was coded in it."))
    elif session.minutes < GRID_MIN:
        told.append(_("It was a short one; some pictures need {n} minutes.").format(n=GRID_MIN))
    if session.n_aside:
        aside = n_(
            "{n} moment was left out: remembered, or corrected in two ways.",
            "{n} moments were left out: remembered, or corrected in two ways.",
            session.n_aside,
        )
        told.append(aside)
    return told
