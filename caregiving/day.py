"""One day of a family as a list of moments, for the timeline: what was seen, who answered, how long it took."""

from dataclasses import dataclass

import pandas as pd

from caregiving.instruments import Instrument
from caregiving.report import Report
from caregiving.sessions import DAY_START_H, HOUR_MS, family_day

DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Day:
    """One of the family's days, which begins at `day_start_h` local time.

    `moments`: one row an event in order of time with `minute` (since the day began), `clock` (local HH:MM:SS),
    `label`, `actor`, `kind`, `id`, `answered_after_s` (for a cue in watched time that had an answer),
    `answer` (its label), `who`, `remembered`, `in_conflict`, `until_minute` (for a state that ended).
    `watched`: one row a window with `from_minute`, `to_minute`, `open`, `counted`, `context`.
    """

    name: str
    day_start_h: int
    moments: pd.DataFrame
    watched: pd.DataFrame


def days_logged(log: pd.DataFrame, day_start_h: int = DAY_START_H) -> list[str]:
    """Return the names of all days on which something was logged, in order."""
    if log.empty:
        return []
    return sorted(family_day(log["onset_ms"], log["utc_offset_min"], day_start_h).unique())


def build_day(
    name: str, log: pd.DataFrame, windows: pd.DataFrame, report: Report, names: dict[str, str], *, now_ms: int
) -> Day:
    """Return one day of a log.

    Parameters: `report` built from the same log, for who answered what; `names` the caregivers' aliases by id;
    `now_ms` the present, up to which an open window is drawn.
    """
    start = report.day_start_h
    moments = log[family_day(log["onset_ms"], log["utc_offset_min"], start) == name] if len(log) else log
    watched = (
        windows[family_day(windows["started_ms"], windows["utc_offset_min"], start) == name]
        if len(windows)
        else windows
    )
    return Day(name, start, _moments(moments, report, names, start), _watched(watched, now_ms, start))


def _minute(instant_ms: pd.Series, utc_offset_min: pd.Series, day_start_h: int) -> pd.Series:
    """Return local minutes since the day began."""
    local = instant_ms.astype("float64") + utc_offset_min.astype("float64") * 60_000 - day_start_h * HOUR_MS
    return (local % (24 * HOUR_MS)) / 60_000


def _moments(log: pd.DataFrame, report: Report, names: dict[str, str], day_start_h: int) -> pd.DataFrame:
    instrument: Instrument = report.instrument
    known = {b.code: b for b in instrument.behaviours}
    cues = report.episodes.set_index("cue_id") if len(report.episodes) else pd.DataFrame()
    answered = cues[cues["answered"]] if len(cues) else cues
    local = pd.to_datetime(
        log["onset_ms"].astype("int64") + log["utc_offset_min"].astype("int64") * 60_000, unit="ms"
    )
    after = (
        log["id"].map(answered["latency_s"]) if len(answered) else pd.Series(float("nan"), index=log.index)
    )
    code = (
        log["id"].map(answered["response_code"].astype("str"))
        if len(answered)
        else pd.Series(None, index=log.index)
    )
    minute = _minute(log["onset_ms"], log["utc_offset_min"], day_start_h)
    lasted = (log["offset_ms"].astype("float64") - log["onset_ms"].astype("float64")) / 60_000
    return pd.DataFrame(
        {
            "id": log["id"],
            "minute": minute,
            "until_minute": minute + lasted,
            "clock": local.dt.strftime("%H:%M:%S"),
            "code": log["code"],
            "label": [known[c].label if c in known else c for c in log["code"]],
            "kind": [known[c].kind if c in known else "other" for c in log["code"]],
            "actor": log["actor"],
            "who": log["caregiver"].map(names),
            "answered_after_s": after.astype("float64"),
            "answer": [known[c].label if isinstance(c, str) and c in known else None for c in code],
            "in_watched": log["id"].isin(set(report.events["id"].dropna())),
            "engaged": log["id"].isin(set(cues.index[cues["already_engaged"]])) if len(cues) else False,
            "remembered": log["time_quality"] == "recalled",
            "adjusted": log["replaces"].notna(),
            "in_conflict": log["in_conflict"],
        }
    ).reset_index(drop=True)


def _watched(windows: pd.DataFrame, now_ms: int, day_start_h: int) -> pd.DataFrame:
    start = _minute(windows["started_ms"], windows["utc_offset_min"], day_start_h)
    end_ms = windows["ended_ms"].astype("float64").fillna(float(now_ms))
    length = (end_ms - windows["started_ms"].astype("float64")).clip(lower=0) / 60_000
    return pd.DataFrame(
        {
            "from_minute": start,
            "to_minute": (start + length).clip(upper=DAY_MIN),
            "open": windows["ended_ms"].isna(),
            "counted": ~windows["attestation"].eq("some").fillna(False),
            "context": windows["context"],
        }
    ).reset_index(drop=True)
