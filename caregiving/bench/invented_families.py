"""Events of invented families, as many as are asked for: a year of tapped days, one family after another."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from caregiving.frames import EVENTS, WINDOWS, conform
from sample_data.make import STEADY, Sitting, sittings

TRUTH = replace(STEADY, windows_a_day=6)  # about 38,000 events a year
DAYS = 365
DIFFERENT = 30  # families with dice of their own; from then on the same years come again
FIRST_DAY = date(2025, 1, 1)


def families(n_events: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return EVENTS and WINDOWS of the first `n_events` events of one family after another.

    Every family was watched six times a day for a year. The indices read them all as one family with more
    windows a day.
    """
    years: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    held = 0
    while held < n_events and len(years) < DIFFERENT:
        years.append(_year(seed=len(years)))
        held += len(years[-1][0])
    copies = -(-n_events // held)
    events, windows = _joined(years * copies if copies > 1 else years)
    events = events.iloc[:n_events]
    last = int(events["session"].cat.codes.iloc[-1]) if len(events) else -1
    return conform(events, EVENTS), conform(windows.iloc[: last + 1], WINDOWS)


def _year(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a year of one family; `sitting` counts its windows."""
    events: list[tuple[int, str, str, float, str | None]] = []
    windows: list[tuple[str, float, str]] = []
    for number, sitting in enumerate(sittings(TRUTH, DAYS, seed)):
        events += [(number, *moment) for moment in _moments(sitting)]
        day = (FIRST_DAY + timedelta(days=sitting.day)).isoformat()
        windows.append((f"family {seed}", sitting.length_s, day))
    columns = ["sitting", "actor", "code", "onset_s", "caregiver"]
    frame = pd.DataFrame(events, columns=columns).astype({"actor": "category", "code": "category"})
    return frame, pd.DataFrame(windows, columns=["child", "end_s", "day"])


def _moments(sitting: Sitting) -> list[tuple[str, str, float, str | None]]:
    """Return the moments of a sitting in order of time, to the millisecond."""
    ordered = sorted(sitting.moments, key=lambda moment: moment.at_s)
    who = {None: None, 0: "Ada", 1: "Ravi"}
    return [(m.actor, m.code, round(m.at_s, 3), who[m.caregiver]) for m in ordered]


def _joined(years: list[tuple[pd.DataFrame, pd.DataFrame]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay the years one after another and number their sessions through."""
    begins = np.cumsum([0, *(len(windows) for _, windows in years)])
    number = np.concatenate(
        [events["sitting"].to_numpy() + begin for (events, _), begin in zip(years, begins, strict=False)]
    )
    names = pd.Index([f"s{one:07d}" for one in range(int(begins[-1]))])
    events = pd.concat([events for events, _ in years], ignore_index=True)
    windows = pd.concat([windows for _, windows in years], ignore_index=True)
    events = events.assign(session=pd.Categorical.from_codes(number, categories=names), offset_s=np.nan)
    session = pd.Categorical.from_codes(np.arange(len(names)), categories=names)
    return events, windows.assign(session=session, start_s=0.0, mode="live")
