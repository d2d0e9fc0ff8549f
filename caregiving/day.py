"""One day of a family as a list of moments, for the timeline: what was seen, who answered, how soon."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from caregiving.declared import counts_nowhere, unsaid
from caregiving.instruments import Instrument
from caregiving.report import Report
from caregiving.sessions import DAY_START_H, HOUR_MS, family_day

DAY_MIN = 24 * 60


class Moment(NamedTuple):
    """One event of a day, as a person reads it.

    `minute` since the day began and `until_minute`, NaN unless it is a state that ended; `clock` the local
    HH:MM:SS; `label` in words; `who` the caregiver's alias. For a cue in watched time that had an answer:
    `answered_after_s` (else NaN) and `answer`, its label. `in_watched`: it was in watched time; `engaged`:
    somebody was already there; `adjusted`: it was corrected; `in_conflict`: two versions of it exist.
    """

    id: str
    minute: float
    until_minute: float
    clock: str
    code: str
    label: str
    kind: str
    actor: str
    who: str | None
    answered_after_s: float
    answer: str | None
    in_watched: bool
    engaged: bool
    remembered: bool
    adjusted: bool
    in_conflict: bool

    @property
    def had_answer(self) -> bool:
        """Whether it is a cue that had an answer."""
        return not math.isnan(self.answered_after_s)


@dataclass(frozen=True)
class Day:
    """One of the family's days, which begins at `day_start_h` local time.

    `moments` in order of time. `watched`: one row a window with `from_minute`, `to_minute`, `open`,
    `counted`, `context`; not those that were discarded, code a second time, or wait for the end of a visit.
    """

    name: str
    day_start_h: int
    moments: list[Moment]
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

    Parameters: `report` built from the same log, for who answered what; `names` the caregivers' aliases by
    id; `now_ms` the present, up to which an open window is drawn.
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


def _moments(log: pd.DataFrame, report: Report, names: dict[str, str], day_start_h: int) -> list[Moment]:
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
    engaged = set(cues.index[cues["already_engaged"]]) if len(cues) else set()
    minute = _minute(log["onset_ms"], log["utc_offset_min"], day_start_h)
    lasted = (log["offset_ms"].astype("float64") - log["onset_ms"].astype("float64")) / 60_000
    columns: dict[str, Iterable[Any]] = {
        "id": log["id"],
        "minute": minute,
        "until_minute": minute + lasted,
        "clock": local.dt.strftime("%H:%M:%S"),
        "code": log["code"],
        "label": [known[c].label if c in known else c for c in log["code"]],
        "kind": [known[c].kind if c in known else "other" for c in log["code"]],
        "actor": log["actor"],
        "who": [names.get(c) if isinstance(c, str) else None for c in log["caregiver"]],
        "answered_after_s": after.astype("float64"),
        "answer": [known[c].label if isinstance(c, str) and c in known else None for c in code],
        "in_watched": log["id"].isin(set(report.events["id"].dropna())),
        "engaged": log["id"].isin(engaged),
        "remembered": log["time_quality"] == "recalled",
        "adjusted": log["replaces"].notna(),
        "in_conflict": log["in_conflict"],
    }
    return [Moment(*row) for row in zip(*(columns[name] for name in Moment._fields), strict=True)]


def _watched(windows: pd.DataFrame, now_ms: int, day_start_h: int) -> pd.DataFrame:
    paused = unsaid(windows) & windows["ended_ms"].notna()
    windows = windows[~counts_nowhere(windows) & ~paused]
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
