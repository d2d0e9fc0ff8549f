"""From logs to sessions: instants become seconds of watched time, and everything else is counted, not lost.

Windows of one child that overlap or touch are one session, whoever watched. An event belongs to a session by
its child and its instant, whoever tapped it. All of it is arithmetic on UTC milliseconds, so a night on which
the clocks change is a night like any other; only the name of the family's day uses local time.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.events import TimeQuality
from caregiving.frames import EVENTS, WINDOWS, conform, need
from caregiving.windows import COUNTED, EXPOSED

EXACT = frozenset({TimeQuality.TAPPED, TimeQuality.ADJUSTED, TimeQuality.IMPORTED_SECOND})
DAY_START_H = 6
HOUR_MS = 3_600_000


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
    local = instant_ms.astype("int64") + utc_offset_min.astype("int64") * 60_000 - day_start_h * HOUR_MS
    return pd.to_datetime(local, unit="ms").dt.strftime("%Y-%m-%d").astype("str")


def lay_out(
    log: pd.DataFrame,
    windows: pd.DataFrame,
    *,
    now_ms: int,
    longest_wait_s: float,
    day_start_h: int = DAY_START_H,
) -> Sessions:
    """Return the sessions of a log.

    Parameters
    ----------
    log : EVENT_LOG frame; windows : WINDOW_LOG frame.
    now_ms : the present, for windows that are still open.
    longest_wait_s : an open window counts as watched up to its last tap plus this time, and not beyond now:
        a window that somebody forgot to end must not turn into hours of silence.
    day_start_h : the hour at which the family's day begins.

    Raises
    ------
    MissingColumn
        When a column of the contracts is absent.
    """
    need(log, "child", "window", "code", "onset_ms", "offset_ms", "time_quality", "in_conflict")
    need(windows, "id", "child", "mode", "started_ms", "ended_ms", "attestation", "utc_offset_min")
    exposed = windows[windows["mode"].isin(EXPOSED)]
    counted = exposed[exposed["attestation"].isna() | exposed["attestation"].isin(COUNTED)]
    watched = _merged(counted, _ends(counted, log, now_ms, longest_wait_s))
    exact = log["time_quality"].isin(EXACT) & ~log["in_conflict"]
    placed = _placed(log[exact], watched)
    aside = Aside(
        outside=int(exact.sum()) - len(placed),
        remembered=int((log["time_quality"] == TimeQuality.RECALLED).sum()),
        by_the_minute=int((log["time_quality"] == TimeQuality.IMPORTED_MINUTE).sum()),
        in_conflict=int(log["in_conflict"].sum()),
        partly_logged_windows=len(exposed) - len(counted),
    )
    frame = pd.DataFrame(
        {
            "session": watched["id"],
            "child": watched["child"],
            "start_s": 0.0,
            "end_s": (watched["end"] - watched["start"]) / 1000,
            "mode": watched["mode"],
            "started_at": _iso(watched["start"], watched["utc_offset_min"]),
            "day": family_day(watched["start"], watched["utc_offset_min"], day_start_h),
        }
    )
    recalled = log[(log["time_quality"] == TimeQuality.RECALLED) & ~log["in_conflict"]]
    return Sessions(conform(placed, EVENTS), conform(frame, WINDOWS), aside, recalled)


def _ends(windows: pd.DataFrame, log: pd.DataFrame, now_ms: int, longest_wait_s: float) -> NDArray[np.int64]:
    """Return the end of every window, in ms; for an open one, the last moment it can count as watched."""
    last_tap = (
        log.groupby("window")["onset_ms"]
        .max()
        .reindex(windows["id"])
        .astype("Int64")
        .to_numpy(dtype="float64", na_value=np.nan)
    )
    start = windows["started_ms"].to_numpy(dtype="float64")
    known = np.fmax(last_tap, start)  # a tap was surely watched, also when the tablet's clock runs ahead
    provisional = np.fmax(known, np.fmin(known + longest_wait_s * 1000, max(now_ms, 0)))
    end = windows["ended_ms"].to_numpy(dtype="float64", na_value=np.nan)
    final: NDArray[np.float64] = np.maximum(np.where(np.isnan(end), provisional, end), start)
    return final.astype(np.int64)


def _merged(windows: pd.DataFrame, end: NDArray[np.int64]) -> pd.DataFrame:
    """Join windows of one child that overlap or touch."""
    ordered = windows.assign(start=windows["started_ms"].astype("int64"), end=end).sort_values(
        ["child", "start"]
    )
    if ordered.empty:
        return ordered
    reach = ordered.groupby("child")["end"].cummax().groupby(ordered["child"]).shift()
    fresh = (reach.isna() | (ordered["start"] > reach)).cumsum()
    first = ordered.groupby(fresh.to_numpy())[["id", "child", "mode", "start", "utc_offset_min"]].first()
    return first.assign(end=ordered.groupby(fresh.to_numpy())["end"].max()).reset_index(drop=True)


def _placed(log: pd.DataFrame, watched: pd.DataFrame) -> pd.DataFrame:
    """Return the events that lie in a session, on its clock; a state under way at its start begins there."""
    onset = log["onset_ms"].astype("int64").rename("onset")
    rows = log.assign(onset=onset, row=np.arange(len(log))).sort_values("onset", kind="stable")
    spans = watched.rename(columns={"id": "session"}).sort_values("start")[
        ["session", "child", "start", "end"]
    ]
    inside = pd.merge_asof(rows, spans, left_on="onset", right_on="start", by="child")
    inside = inside[inside["onset"] <= inside["end"]]
    under_way = _under_way(rows[~rows["row"].isin(inside["row"])], spans)
    both = pd.concat([inside, under_way], ignore_index=True) if len(under_way) else inside
    start = both["start"].astype("float64")
    return both.assign(
        onset_s=(both["onset"].astype("float64") - start).clip(lower=0) / 1000,
        offset_s=(both["offset_ms"].astype("float64") - start) / 1000,
    ).drop_duplicates("row")


def _under_way(rows: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Return states that began before a session of their child and were still going on in it."""
    lasting = rows[rows["offset_ms"].notna()].sort_values("onset", kind="stable")
    following = pd.merge_asof(
        lasting, spans, left_on="onset", right_on="start", by="child", direction="forward"
    )
    return following[following["offset_ms"].astype("float64") > following["start"]]


def _iso(instant_ms: pd.Series, utc_offset_min: pd.Series) -> pd.Series:
    """Return ISO 8601 local times with their offset."""
    local = pd.to_datetime(instant_ms.astype("int64") + utc_offset_min.astype("int64") * 60_000, unit="ms")
    sign = np.where(utc_offset_min.astype("int64") < 0, "-", "+")
    size = utc_offset_min.astype("int64").abs()
    clock = (size // 60).astype(str).str.zfill(2) + ":" + (size % 60).astype(str).str.zfill(2)
    return local.dt.strftime("%Y-%m-%dT%H:%M:%S") + sign + clock
