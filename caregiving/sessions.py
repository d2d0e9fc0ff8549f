"""From logs to sessions: instants become seconds of watched time, and everything else is counted, not lost.

Windows of one child that overlap or touch are one session, whoever watched. An event belongs to a session by
its child and its instant, whoever tapped it. All of it is arithmetic on UTC milliseconds, so a night on which
the clocks change is a night like any other; only the name of the family's day uses local time.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.declared import counts_nowhere, declared, unsaid
from caregiving.events import TimeQuality
from caregiving.frames import EVENTS, WINDOWS, conform, need
from caregiving.periods import EVERYTHING, Period
from caregiving.windows import COUNTED

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
EXACT = frozenset({TimeQuality.TAPPED, TimeQuality.ADJUSTED, TimeQuality.IMPORTED_SECOND})
DAY_START_H = 6
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Aside:
    """Moments and windows that are on the timeline but feed no index, each with its count."""

    outside: int = 0
    remembered: int = 0
    by_the_minute: int = 0
    in_conflict: int = 0
    partly_logged_windows: int = 0


@dataclass(frozen=True)
class Sessions:
    """EVENTS and WINDOWS in seconds from each session's start; what was set aside; remembered moments."""

    events: pd.DataFrame
    windows: pd.DataFrame
    aside: Aside
    recalled: pd.DataFrame


def family_day(instant_ms: pd.Series, utc_offset_min: pd.Series, day_start_h: int = DAY_START_H) -> pd.Series:
    """Return the name of the family's day, which begins at `day_start_h` local time and not at midnight.

    >>> three_at_night_in_berlin = pd.Series([1_790_733_600_000])  # 2026-09-30 02:00 UTC, 04:00 local
    >>> family_day(three_at_night_in_berlin, pd.Series([120])).tolist()
    ['2026-09-29']
    """
    local = instant_ms.to_numpy(dtype=np.int64) + utc_offset_min.to_numpy(dtype=np.int64) * 60_000
    number, place = np.unique((local - day_start_h * HOUR_MS) // DAY_MS, return_inverse=True)
    names = pd.Series(np.datetime_as_string(number.astype("datetime64[D]")), dtype="str")
    return names.take(place).set_axis(instant_ms.index)


def lay_out(
    log: pd.DataFrame,
    windows: pd.DataFrame,
    *,
    now_ms: int,
    longest_wait_s: float,
    day_start_h: int = DAY_START_H,
    period: Period = EVERYTHING,
) -> Sessions:
    """Return the sessions of a log.

    Parameters
    ----------
    log : EVENT_LOG frame; windows : WINDOW_LOG frame.
    now_ms : the present, for windows that are still open.
    longest_wait_s : an open window counts as watched up to its last tap plus this time, and not beyond now:
        a window that somebody forgot to end must not turn into hours of silence.
    day_start_h : the hour at which the family's day begins.
    period : only sessions of these days, with what lies in them; a session belongs to the day it began on.

    Raises
    ------
    MissingColumn
        When a column of the contracts is absent.
    """
    need(log, "child", "window", "code", "onset_ms", "offset_ms", "time_quality", "in_conflict")
    need(windows, "id", "child", "mode", "started_ms", "ended_ms", "attestation", "utc_offset_min")
    nowhere = counts_nowhere(windows)
    if nowhere.any():
        log = log[~log["window"].isin(windows.loc[nowhere, "id"])].reset_index(drop=True)
    exposed = declared(windows)
    counted = exposed[exposed["attestation"].isna() | exposed["attestation"].isin(COUNTED)]
    watched = _merged(counted, _ends(counted, log, now_ms, longest_wait_s))
    watched = watched.assign(day=family_day(watched["start"], watched["utc_offset_min"], day_start_h))
    kept = watched["day"].map(period.__contains__).to_numpy(dtype=bool)
    quality = _qualities(log)
    in_conflict = log["in_conflict"].to_numpy(dtype=bool)
    exact = np.flatnonzero(np.isin(quality, list(EXACT)) & ~in_conflict)
    row, span = _placed(log, exact, watched)
    here = np.ones(len(log), dtype=bool)
    apart = exposed[~exposed["id"].isin(counted["id"]) & ~unsaid(exposed)]
    if not period.is_everything:
        row, span = row[kept[span]], span[kept[span]]
        here = _days_in(log, "onset_ms", day_start_h, period)
        apart = apart[_days_in(apart, "started_ms", day_start_h, period)]
    aside = Aside(
        outside=int(here[exact].sum()) - int(here[row].sum()),
        remembered=int((here & (quality == TimeQuality.RECALLED)).sum()),
        by_the_minute=int((here & (quality == TimeQuality.IMPORTED_MINUTE)).sum()),
        in_conflict=int((here & in_conflict).sum()),
        partly_logged_windows=len(apart),
    )
    recalled = log[here & (quality == TimeQuality.RECALLED) & ~in_conflict]
    return Sessions(_events(log, row, watched, span), _windows(watched[kept]), aside, recalled)


def _days_in(frame: pd.DataFrame, instant: str, day_start_h: int, period: Period) -> Bools:
    """Tell which rows lie in the period, by the family's day of an instant of theirs."""
    days = family_day(frame[instant], frame["utc_offset_min"], day_start_h)
    return np.asarray(days.map(period.__contains__), dtype=np.bool_)


def _qualities(log: pd.DataFrame) -> NDArray[np.object_]:
    """Return how the time of each event is known."""
    number, known = pd.factorize(log["time_quality"])
    return np.array([*known, None], dtype=object)[number]


def _ends(windows: pd.DataFrame, log: pd.DataFrame, now_ms: int, longest_wait_s: float) -> Ints:
    """Return the end of every window, in ms; for an open one, the last moment it can count as watched."""
    start = windows["started_ms"].to_numpy(dtype="float64")
    end = windows["ended_ms"].to_numpy(dtype="float64", na_value=np.nan)
    still_open = np.isnan(end)
    if still_open.any():
        taps = log[["window", "onset_ms"]][log["window"].isin(windows["id"][still_open])]
        last_tap = taps.groupby("window")["onset_ms"].max().reindex(windows["id"]).astype("Int64")
        seen = last_tap.to_numpy(dtype="float64", na_value=np.nan)
        known = np.fmax(seen, start)  # a tap was surely watched, also when the tablet's clock runs ahead
        provisional = np.fmax(known, np.fmin(known + longest_wait_s * 1000, max(now_ms, 0)))
        end = np.where(still_open, provisional, end)
    final: Ints = np.maximum(end, start).astype(np.int64)
    return final


def _merged(windows: pd.DataFrame, end: Ints) -> pd.DataFrame:
    """Join windows of one child that overlap or touch."""
    child = pd.factorize(windows["child"], sort=True)[0]
    start = windows["started_ms"].to_numpy(dtype=np.int64)
    order = np.lexsort((start, child))
    child, start, end = child[order], start[order], end[order]
    room = int(end.max(initial=0)) + 1
    reach = np.maximum.accumulate(child * room + end)
    fresh = np.append(True, child[1:] * room + start[1:] > reach[:-1])[: len(order)]
    first = np.flatnonzero(fresh)
    rows = windows[["id", "child", "mode", "utc_offset_min"]].iloc[order[first]].reset_index(drop=True)
    longest = np.maximum.reduceat(end, first) if len(first) else end
    return rows.assign(start=start[first], end=longest)


def _placed(log: pd.DataFrame, exact: Ints, watched: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return which events lie in a session, and in which; a state under way at its start counts as in it.

    In order of onset, what was under way last. Looked up on one line of time, child after child.
    """
    children, here = pd.factorize(watched["child"]), pd.factorize(log["child"])
    child = np.append(pd.Index(children[1]).get_indexer(pd.Index(here[1])), -1)[here[0]][exact]
    onset = log["onset_ms"].to_numpy(dtype=np.int64)[exact]
    room = int(max(onset.max(initial=0), watched["end"].max() if len(watched) else 0)) + 2
    key = children[0] * room + watched["start"].to_numpy(dtype=np.int64)
    end = children[0] * room + watched["end"].to_numpy(dtype=np.int64)
    moment = child * room + onset
    order = np.argsort(onset, kind="stable")
    order = order[child[order] >= 0]
    before = np.searchsorted(key, moment[order], side="right") - 1
    inside = (before >= 0) & (moment[order] <= end[np.maximum(before, 0)] if len(end) else False)
    rest = order[~inside]
    offset = log["offset_ms"].to_numpy(dtype=np.float64, na_value=np.nan)[exact[rest]]
    following = np.searchsorted(key, moment[rest], side="left")
    begins = np.append(key, NEVER)[following]
    under_way = (begins // room == child[rest]) & (child[rest] * room + offset > begins)
    row = np.concatenate((order[inside], rest[under_way]))
    return exact[row], np.concatenate((before[inside], following[under_way]))


def _events(log: pd.DataFrame, row: Ints, watched: pd.DataFrame, span: Ints) -> pd.DataFrame:
    """Return events on the clock of their sessions; what began before the session begins with it."""
    start = watched["start"].to_numpy(dtype=np.float64)[span]
    rows = log[["actor", "code", "caregiver", "id", "onset_ms", "offset_ms"]].iloc[row].reset_index(drop=True)
    used, place = np.unique(span, return_inverse=True)
    name = pd.Index(watched["id"].array[used])
    rank = np.argsort(np.argsort(name))
    placed = rows.assign(
        session=pd.Categorical.from_codes(rank[place], categories=name.sort_values()),
        child=watched["child"].array.take(span),
        onset_s=np.maximum(rows["onset_ms"].to_numpy(dtype=np.float64) - start, 0) / 1000,
        offset_s=(rows["offset_ms"].to_numpy(dtype=np.float64, na_value=np.nan) - start) / 1000,
        modifiers=_missing(len(rows)),
    )
    return conform(placed, EVENTS)


def _windows(watched: pd.DataFrame) -> pd.DataFrame:
    """Return the sessions as windows, each from second 0 of its own clock."""
    rows = watched.reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "session": rows["id"],
            "child": rows["child"],
            "caregiver": _missing(len(rows)),
            "start_s": 0.0,
            "end_s": (rows["end"] - rows["start"]) / 1000,
            "mode": rows["mode"],
            "started_at": _iso(rows["start"], rows["utc_offset_min"]),
            "day": rows["day"],
        }
    )
    return conform(frame, WINDOWS)


def _missing(n: int) -> pd.Series:
    """Return a column of text in which nothing is written."""
    return pd.Series([None], dtype="str").take(np.zeros(n, dtype=np.int64)).reset_index(drop=True)


def _iso(instant_ms: pd.Series, utc_offset_min: pd.Series) -> pd.Series:
    """Return ISO 8601 local times with their offset."""
    offset = utc_offset_min.to_numpy(dtype=np.int64)
    local = (instant_ms.to_numpy(dtype=np.int64) + offset * 60_000) // 1000
    minutes, place = np.unique(offset, return_inverse=True)
    clocks = [f"{'-' if m < 0 else '+'}{abs(m) // 60:02d}:{abs(m) % 60:02d}" for m in minutes.tolist()]
    wall = np.datetime_as_string(local.astype("datetime64[s]"))
    return pd.Series(np.char.add(wall, np.array(clocks, dtype=str)[place]), dtype="str")
