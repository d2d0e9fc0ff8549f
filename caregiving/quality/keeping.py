"""How the record was kept: when somebody watched, which days are missing, clocks, corrections."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.declared import counts_nowhere, declared, unsaid
from caregiving.report import Report
from caregiving.sessions import HOUR_MS, family_day

HOURS, WEEK_DAYS, WEEKS = 24, 7, 8
OPEN = "open"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Days:
    """The family's days from the first to today: how many were logged, and where days are missing.

    `longest_gap` the most days in a row without anything between two logged ones; `gap_from` the first of
    them, None without a gap; `since_last` the days since the last logged one, 0 when it is today.
    """

    first: str | None
    last: str | None
    logged: int
    missing: int
    longest_gap: int
    gap_from: str | None
    since_last: int


@dataclass(frozen=True)
class Clocks:
    """How far the tablets' clocks stood from the server's, in seconds (server minus tablet).

    `n` records, `known` of them with a measured difference; `largest_s` the largest, either way; `apart_s`
    how far the clocks of two tablets differ in the median, 0 with a single one; NaN when nothing is known.
    `shortest_window_s` the shortest time in which an answer counts: tablets further apart can move one.
    """

    n: int
    known: int
    devices: int
    largest_s: float
    apart_s: float
    shortest_window_s: float

    @property
    def matters(self) -> bool:
        """Whether two tablets differ by more than the shortest response window."""
        return self.apart_s > self.shortest_window_s


def days_of(log: pd.DataFrame, windows: pd.DataFrame, today: str, day_start_h: int) -> Days:
    """Return which of the family's days hold a moment or a window that was not discarded or coded again."""
    aside = counts_nowhere(windows)
    log = log[~log["window"].isin(windows.loc[aside, "id"])] if aside.any() else log
    windows = windows[~aside]
    named = {
        day
        for frame, instant in ((log, "onset_ms"), (windows, "started_ms"))
        if len(frame)
        for day in family_day(frame[instant], frame["utc_offset_min"], day_start_h).unique()
    }
    if not named:
        return Days(None, None, 0, 0, 0, None, 0)
    known = sorted(date.fromisoformat(name) for name in named)
    empty = np.array([(b - a).days - 1 for a, b in pairwise(known)], dtype=np.int64)
    longest = int(empty.max(initial=0))
    gap_from = known[int(empty.argmax())] + timedelta(days=1) if longest else None
    return Days(
        known[0].isoformat(),
        known[-1].isoformat(),
        len(known),
        int(empty.sum()),
        longest,
        gap_from.isoformat() if gap_from else None,
        max((date.fromisoformat(today) - known[-1]).days, 0),
    )


def watched_by_hour(windows: pd.DataFrame) -> Floats:
    """Return the watched minutes in each local hour, 0 to 23; together they are the watched time.

    Parameters: WINDOWS with `start_s, end_s, started_at` (ISO 8601 with offset). Hours are counted by the
    clock as it stood when the window began, so a window over a change of the clocks is read on the old one.

    >>> ten_to_eight = pd.DataFrame(
    ...     {"start_s": [0.0], "end_s": [1200.0], "started_at": ["2026-10-01T07:50:00+02:00"]}
    ... )
    >>> watched_by_hour(ten_to_eight)[[7, 8]].tolist()
    [10.0, 10.0]
    """
    dated = windows[windows["started_at"].notna()]
    minutes = np.zeros(HOURS)
    if dated.empty:
        return minutes
    wall = pd.to_datetime(dated["started_at"].astype("str").str[:19], format="ISO8601")
    midnight = (wall - wall.dt.normalize()).dt.total_seconds().to_numpy(dtype=np.float64)
    start = midnight + dated["start_s"].to_numpy(dtype=np.float64)
    end = midnight + dated["end_s"].to_numpy(dtype=np.float64)
    last = int(np.ceil(end.max() / 3600))
    for hour in range(last):
        lies_in = np.clip(np.minimum(end, (hour + 1) * 3600) - np.maximum(start, hour * 3600), 0, None)
        minutes[hour % HOURS] += float(lies_in.sum()) / 60
    return minutes


class Ended(NamedTuple):
    """How many declared windows were ended by saying this, and their minutes; `open`: not ended yet."""

    attestation: str
    windows: int
    minutes: float


def attested(windows: pd.DataFrame, now_ms: int) -> tuple[Ended, ...]:
    """Return how declared windows were ended: all, most or some cues logged, or still open.

    The parts of a visit that is not finished are open; those of a discarded one and of a second coding are in
    none of the rows.
    """
    stretches = declared(windows)
    said = stretches["attestation"].astype("object").mask(unsaid(stretches), OPEN)
    end = stretches["ended_ms"].astype("float64").fillna(float(now_ms))
    minutes = (end - stretches["started_ms"].astype("float64")).clip(lower=0) / 60_000
    return tuple(
        Ended(name, int((said == name).sum()), float(minutes[said == name].sum()))
        for name in ("all", "most", "some", OPEN)
    )


def clocks(kept: pd.DataFrame, report: Report) -> Clocks:
    """Return how far the clocks of the tablets stood apart. Parameters: an UPKEEP frame."""
    known = kept[kept["skew_ms"].notna()]
    seconds = known["skew_ms"].astype("float64") / 1000
    by_device = seconds.groupby(known["device"]).median()
    nothing = float("nan")
    shortest = min(c.response_window_s.value for c in report.instrument.classes.values())
    return Clocks(
        len(kept),
        len(known),
        int(kept["device"].nunique()),
        float(seconds.abs().max()) if len(known) else nothing,
        float(by_device.max() - by_device.min()) if len(known) else nothing,
        shortest,
    )


def by_week(kept: pd.DataFrame, today: str, day_start_h: int) -> pd.DataFrame:
    """Return what was written down in the last eight weeks, the oldest first.

    Columns `first_day`, `written`, `corrected`, `taken_back`, numbers of moments. A week is seven of the
    family's days; the last one ends today. Parameters: an UPKEEP frame.
    """
    ends = date.fromisoformat(today)
    place = np.full(len(kept), -1, dtype=np.int64)
    if len(kept):
        local = (
            kept["wall_ms"].astype("int64")
            + kept["utc_offset_min"].astype("int64") * 60_000
            - day_start_h * HOUR_MS
        )
        number = (local // (HOURS * HOUR_MS)).to_numpy(dtype=np.int64)  # days since 1970
        ago = (ends - date(1970, 1, 1)).days - number
        place = np.where((ago >= 0) & (ago < WEEKS * WEEK_DAYS), WEEKS - 1 - ago // WEEK_DAYS, -1)
    void, corrects = kept["void"].to_numpy(dtype=bool), kept["corrects"].to_numpy(dtype=bool)
    counted = {"written": ~corrects, "corrected": corrects & ~void, "taken_back": void}
    firsts = [ends - timedelta(days=WEEK_DAYS * (WEEKS - n) - 1) for n in range(WEEKS)]
    columns = {
        name: np.bincount(place[rows & (place >= 0)], minlength=WEEKS) for name, rows in counted.items()
    }
    return pd.DataFrame({"first_day": [first.isoformat() for first in firsts], **columns})
