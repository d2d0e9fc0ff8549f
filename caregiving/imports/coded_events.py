"""The plain events file of this product: `session,actor,code,onset_s,offset_s`, and its windows file."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from caregiving.faults import Fault
from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.imports.tables import line, read_table, seconds, told
from caregiving.instruments import Instrument, UnknownBehaviour
from caregiving.windows import WindowMode

OPTIONAL = ("child", "caregiver", "modifiers")
WINDOW_OPTIONAL = ("child", "caregiver", "mode", "started_at")


def read_events(path: Path, instrument: Instrument | None = None) -> pd.DataFrame:
    """Return the events of a CSV file as an EVENTS frame.

    Columns `session,actor,code,onset_s,offset_s` and, if wanted, `child,caregiver,modifiers`. Seconds count
    from the start of the session; an empty `offset_s` is a point. With an instrument, actor and code are
    checked against it.

    Raises
    ------
    Refused
        With every fault of the file: line, column, what was found, what is needed.
    """
    table = read_table(path, ("session", "actor", "code", "onset_s", "offset_s"), OPTIONAL)
    onset, faults = seconds(table, "onset_s", path)
    offset, more = seconds(table, "offset_s", path, required=False)
    faults += more
    for row in np.flatnonzero(offset < onset):
        found = f"{offset[row]:g}, which lies before the onset {onset[row]:g}"
        faults.append(
            Fault(line(path, row, "offset_s"), found, "an end at or after the onset, or an empty cell")
        )
    for name in ("session", "actor", "code"):
        empty = np.flatnonzero(table[name].isna())
        faults += [Fault(line(path, row, name), "an empty cell", f"the {name}") for row in empty]
    if instrument is not None:
        faults += _strangers(table, path, instrument)
    if faults:
        raise told(faults)
    return conform(table.assign(onset_s=onset, offset_s=offset), EVENTS)


def _strangers(table: pd.DataFrame, path: Path, instrument: Instrument) -> list[Fault]:
    """Return a fault for every code the instrument does not have, or gives to the other actor."""
    faults = []
    pairs = table[["actor", "code"]].dropna().drop_duplicates(keep="first")
    for row, actor, code in zip(pairs.index, pairs["actor"], pairs["code"], strict=True):
        try:
            who = instrument.behaviour(code).who
        except UnknownBehaviour as unknown:
            known = str(unknown).split("its codes are: ")[1]
            faults.append(
                Fault(line(path, row, "code"), f'"{code}"', f"a code of {instrument.name}: {known}")
            )
            continue
        if who != actor:
            faults.append(Fault(line(path, row, "actor"), f'"{actor}" for the code "{code}"', f'"{who}"'))
    return faults


def read_windows(path: Path) -> pd.DataFrame:
    """Return the windows of a CSV file as a WINDOWS frame.

    Columns `session,start_s,end_s` and, if wanted, `child,caregiver,mode,started_at` (ISO 8601 with offset).

    Raises
    ------
    Refused
        With every fault: numbers, an end before its start, overlapping windows, a time without its offset.
    """
    table = read_table(path, ("session", "start_s", "end_s"), WINDOW_OPTIONAL)
    start, faults = seconds(table, "start_s", path)
    end, more = seconds(table, "end_s", path)
    faults += more
    for row in np.flatnonzero(end < start):
        found = f"{end[row]:g}, which lies before the start {start[row]:g}"
        faults.append(Fault(line(path, row, "end_s"), found, "an end at or after the start"))
    frame = table.assign(start_s=start, end_s=end, day=None)
    if "mode" in table:
        wrong = table["mode"].notna() & ~table["mode"].isin(list(WindowMode))
        known = ", ".join(WindowMode)
        faults += [
            Fault(line(path, r, "mode"), f'"{table["mode"][r]}"', f"one of {known}")
            for r in np.flatnonzero(wrong)
        ]
    if "started_at" in table:
        frame["day"], untimely = _days(table["started_at"], path)
        faults += untimely
    if not faults:
        faults = _overlaps(frame, path)
    if faults:
        raise told(faults)
    return conform(frame, WINDOWS)


def _days(started_at: pd.Series, path: Path) -> tuple[list[str | None], list[Fault]]:
    """Return the local date of each start, and a fault for each that has no offset from UTC."""
    days: list[str | None] = []
    faults = []
    needed = "a time with its offset from UTC, such as 2026-11-03T14:20:00+01:00"
    for row, text in enumerate(started_at):
        try:
            moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        except ValueError:
            faults.append(Fault(line(path, row, "started_at"), f'"{text}"', needed))
            continue
        if moment is not None and moment.tzinfo is None:
            faults.append(
                Fault(line(path, row, "started_at"), f'"{text}", a time without its offset', needed)
            )
        days.append(moment.date().isoformat() if moment else None)
    return days if len(days) == len(started_at) else [None] * len(started_at), faults


def _overlaps(frame: pd.DataFrame, path: Path) -> list[Fault]:
    """Return a fault for every window that begins before an earlier one of its session has ended."""
    ordered = frame.sort_values(["session", "start_s"], kind="stable")
    reach = ordered.groupby("session")["end_s"].cummax().groupby(ordered["session"]).shift()
    rows = ordered.index[(ordered["start_s"] < reach).to_numpy()]
    needed = "windows of one session that do not overlap; join them"
    return [
        Fault(line(path, row, "start_s"), f"{frame['start_s'][row]:g}, inside another window", needed)
        for row in rows
    ]


def whole_sessions(events: pd.DataFrame) -> pd.DataFrame:
    """Return one window a session, from 0 to its last event: what is assumed when nobody says who watched."""
    last = events[["onset_s", "offset_s"]].max(axis=1).groupby(events["session"], observed=True).max()
    child = events.groupby("session", observed=True)["child"].first().reindex(last.index)
    frame = pd.DataFrame(
        {"session": last.index, "start_s": 0.0, "end_s": last.to_numpy(), "child": child.to_numpy()}
    )
    return conform(frame, WINDOWS)
