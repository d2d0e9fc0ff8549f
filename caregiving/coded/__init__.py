"""Coded sessions: what an observer coded in one sitting, and the frames that the views of sequences read.

A session is one sitting: the windows of mode `session` that are parts of one visit, or a single such window,
with the events that were coded in them. Two observers of one sitting make two sessions: they are compared
with each other (see `twice`), never mixed, and figures are drawn from the first only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from caregiving.frames import EVENTS, WINDOWS, conform, need
from caregiving.instruments import Instrument, load, shelf
from caregiving.sessions import DAY_START_H, EXACT, family_day
from caregiving.windows import COUNTED, Attestation, WindowMode
from caregiving.words import _, n_

GRID_MIN: Final = 3


@dataclass(frozen=True)
class Stretch:
    """A stretch of the watching without a break, in ms since 1970."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class CodedSession:
    """One coded sitting. `began` is local time, `minutes` what was watched (to the last event while open).

    `n_events` are on its clock; `n_aside` are not: remembered ones, and those of which two versions exist.
    `ended`: somebody ended it. `complete`: it was not said that only some of it was logged.
    `windows`: its parts. `stretches`: what was watched, parts that follow each other at once joined.
    `again`: the session that this one codes a second time, when another observer coded the same sitting.
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
    windows: tuple[str, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    again: str | None = None
    from_recording: bool = False

    @property
    def usable(self) -> bool:
        """Whether figures may be drawn from it: something was coded, and not only some of it."""
        return self.complete and self.n_events > 0 and self.minutes > 0

    @property
    def start_ms(self) -> int:
        """When the watching began: where its clock stands at 0."""
        return self.stretches[0].start_ms


def coded_sessions(
    log: pd.DataFrame, windows: pd.DataFrame, day_start_h: int = DAY_START_H
) -> list[CodedSession]:
    """Return the coded sessions of a log, the newest first; what was discarded is left out.

    Those that code another one a second time are among them, with `again`: where the observer said so, or
    where two observers watched the same child with the same instrument at the same time.

    Parameters: EVENT_LOG and WINDOW_LOG frames. Raises: MissingColumn.
    """
    need(log, "window", "onset_ms", "offset_ms", "time_quality", "in_conflict")
    need(windows, "id", "mode", "started_ms", "ended_ms", "attestation", "utc_offset_min", "author")
    coding = windows["instrument"].isin(list(shelf("coding")))
    said = windows["attestation"].astype("object")
    sittings = windows[(windows["mode"] == WindowMode.SESSION) & coding & said.ne(Attestation.DISCARDED)]
    if sittings.empty:
        return []
    one = pd.Series([None], dtype="str")
    parts = sittings.assign(
        sitting=sittings["sitting"].fillna(sittings["id"]) if "sitting" in sittings else sittings["id"],
        codes_again=sittings.get("codes_again", one).reindex(sittings.index),
        from_recording=sittings.get("from_recording", pd.Series(dtype="bool")).eq(True),
        day=family_day(sittings["started_ms"], sittings["utc_offset_min"], day_start_h),
        local=pd.to_datetime(
            sittings["started_ms"].astype("int64") + sittings["utc_offset_min"].astype("int64") * 60_000,
            unit="ms",
        ).dt.strftime("%Y-%m-%dT%H:%M"),
    ).sort_values("started_ms", kind="stable")
    by_window = dict(list(log.groupby("window", sort=False)))
    found = [
        _session(str(sitting), its, [by_window.get(str(one), log.iloc[:0]) for one in its["id"]])
        for sitting, its in parts.groupby("sitting", sort=False)
    ]
    return _told_apart(sorted(found, key=lambda session: session.start_ms, reverse=True))


def _session(sitting: str, parts: pd.DataFrame, coded: list[pd.DataFrame]) -> CodedSession:
    """Return one session of the rows of its parts, in order, and what was coded in each."""
    first, said = parts.iloc[0], parts["attestation"]
    placed = [_placed(rows) for rows in coded]
    stretches = _stretches(parts, placed)
    again = first["codes_again"]
    return CodedSession(
        id=sitting,
        child=str(first["child"]),
        day=str(first["day"]),
        began=str(first["local"]),
        instrument=str(first["instrument"]),
        minutes=sum(one.end_ms - one.start_ms for one in stretches) / 60_000,
        coder=str(first["author"]),
        context=None if pd.isna(first["context"]) else str(first["context"]),
        n_events=sum(map(len, placed)),
        n_aside=sum(map(len, coded)) - sum(map(len, placed)),
        ended=not parts["ended_ms"].isna().any() and said.iloc[-1] != Attestation.PAUSED,
        complete=bool((said.isna() | said.isin([*COUNTED, Attestation.PAUSED])).all()),
        windows=tuple(parts["id"].astype("str")),
        stretches=stretches,
        again=None if pd.isna(again) else str(again),
        from_recording=bool(first["from_recording"]),
    )


def _stretches(parts: pd.DataFrame, placed: list[pd.DataFrame]) -> tuple[Stretch, ...]:
    """Return what was watched without a break; a part that follows another one at once goes on with it."""
    found: list[Stretch] = []
    for row, rows in zip(parts.itertuples(), placed, strict=True):
        start = int(str(row.started_ms))
        end = _end_ms(start, row.ended_ms, rows)
        if found and start <= found[-1].end_ms:
            found[-1] = Stretch(found[-1].start_ms, max(end, found[-1].end_ms))
        else:
            found.append(Stretch(start, max(start, end)))
    return tuple(found)


def _told_apart(sessions: list[CodedSession]) -> list[CodedSession]:
    """Note which sessions code another one a second time, also where nobody said so."""
    known = {session.id for session in sessions}
    told: list[CodedSession] = []
    firsts: list[CodedSession] = []
    for session in sorted(sessions, key=lambda one: (one.again is not None, one.start_ms)):
        if session.again not in known:
            beside = next((one for one in firsts if _at_once(one, session)), None)
            session = replace(session, again=beside.id if beside else None)
        firsts += [] if session.again else [session]
        told.append(session)
    return sorted(told, key=lambda session: session.start_ms, reverse=True)


def _at_once(one: CodedSession, other: CodedSession) -> bool:
    """Tell whether two observers watched the same child with the same instrument at the same time."""
    same = (one.child, one.instrument) == (other.child, other.instrument) and one.coder != other.coder
    return same and any(
        a.start_ms < b.end_ms and b.start_ms < a.end_ms for a in one.stretches for b in other.stretches
    )


def _placed(coded: pd.DataFrame) -> pd.DataFrame:
    """Return the events whose time is known to the second and of which one version holds."""
    return coded[coded["time_quality"].isin(EXACT) & ~coded["in_conflict"].astype(bool)]


def _end_ms(started_ms: Any, ended_ms: Any, placed: pd.DataFrame) -> int:
    """Return the end of a part; of one that nobody ended, its last event."""
    if not pd.isna(ended_ms):
        return int(ended_ms)
    known = [edge.max() for edge in (placed["onset_ms"], placed["offset_ms"])]
    return max([int(started_ms), *(int(edge) for edge in known if not pd.isna(edge))])


def frames_of(
    session: CodedSession, log: pd.DataFrame, windows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return EVENTS and WINDOWS of one session, in seconds from its start; one window a stretch.

    A state under way at the start begins there. A state that nobody ended lasts until a state begins that
    excludes it (the instrument says which), else it stays open: the views let it last until the end. So does
    what could not be observed. Where the watching paused, what nobody ended lasts until the pause.

    Raises: MissingColumn; UnknownInstrument when its instrument is not on the shelf.
    """
    frame = _rows(session, log)
    instrument = load(session.instrument)
    spans = [((one.start_ms - session.start_ms) / 1000, (one.end_ms - session.start_ms) / 1000)
             for one in session.stretches]  # fmt: skip
    last = frame["offset_s"].fillna(frame["onset_s"])
    inside = np.zeros(len(frame), dtype=bool)
    closed = []
    for place, (start, end) in enumerate(spans):
        here = (last >= start) & (frame["onset_s"] <= end) & ~inside
        inside |= here.to_numpy()
        part = frame[here].assign(onset_s=frame.loc[here, "onset_s"].clip(lower=start))
        ends = _closed(part, instrument, end)
        if place < len(spans) - 1:
            ends = ends.mask(part["code"].isin(instrument.codes(form="state")) & ends.isna(), end)
        closed.append(part.assign(offset_s=ends))
    watched = pd.DataFrame(spans, columns=["start_s", "end_s"]).assign(
        session=session.id,
        child=session.child,
        mode=str(WindowMode.SESSION),
        started_at=session.began,
        day=session.day,
    )
    ordered = pd.concat(closed).sort_values("onset_s", kind="stable", ignore_index=True)
    return conform(ordered, EVENTS), conform(watched, WINDOWS)


def _rows(session: CodedSession, log: pd.DataFrame) -> pd.DataFrame:
    """Return what was coded in a session, on its clock."""
    rows = _placed(log[log["window"].isin(session.windows)])
    return pd.DataFrame(
        {
            "session": session.id,
            "actor": rows["actor"],
            "code": rows["code"],
            "onset_s": (rows["onset_ms"].astype("float64") - session.start_ms) / 1000,
            "offset_s": (rows["offset_ms"].astype("float64") - session.start_ms) / 1000,
            "child": rows["child"],
            "caregiver": rows["caregiver"],
            "id": rows["id"],
        }
    )


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
