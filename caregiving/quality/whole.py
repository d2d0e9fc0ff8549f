"""Everything that is known about the quality of one child's record, in one tray."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import pandas as pd

from caregiving.quality.beginning import Without, first_days
from caregiving.quality.compliance import AskedSince, Compliance, compliance
from caregiving.quality.heaping import Heaping, of_memory, of_taps
from caregiving.quality.keeping import (
    Clocks,
    Days,
    Ended,
    attested,
    by_week,
    clocks,
    days_of,
    watched_by_hour,
)
from caregiving.quality.ways import Ways, ways
from caregiving.report import Report


class Hour(NamedTuple):
    """One local hour of the family's day, over the whole record.

    `watched_min` minutes watched; of the prompts `sent` and `answered`, their `share` with limits `low`,
    `high`, NaN where none was sent.
    """

    hour: int
    watched_min: float
    sent: int
    answered: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """How a record was kept. Shares are Estimates with limits and gates; counts are what they say.

    `hours` the 24 hours in the order of the family's day. `attested` how declared windows were ended. `weeks`
    what was written, corrected and taken back. `without` figures without the first two days, `early`.
    """

    days: Days
    watched_s: float
    taps: Heaping
    memory: Heaping
    prompts: Compliance
    ways: Ways
    early: tuple[str, ...]
    without: tuple[Without, ...]
    hours: tuple[Hour, ...]
    attested: tuple[Ended, ...]
    clocks: Clocks
    weeks: pd.DataFrame
    in_conflict: int


def build_quality(
    log: pd.DataFrame,
    windows: pd.DataFrame,
    report: Report,
    kept: pd.DataFrame,
    asked: Sequence[AskedSince],
    *,
    child: UUID,
    zone: str,
    today: str,
    now_ms: int,
) -> Quality:
    """Return what is known about the quality of one child's record.

    Parameters
    ----------
    log, windows : EVENT_LOG and WINDOW_LOG of the child, all of it: the first days count from the first one.
    report : built from both, with or without indices.
    kept : UPKEEP frame, every version of every event.
    asked : plans of prompts, each with the instant (ms) since when it holds.
    zone : where the family lives; today : the name of its present day; now_ms : the present.
    """
    mine = log[log["instrument"].str.startswith(f"{report.instrument.id}.v")]
    prompts = compliance(windows, asked, child, zone, now_ms)
    early, without = first_days(report)
    return Quality(
        days=days_of(log, windows, today, report.day_start_h),
        watched_s=report.exposure_s,
        taps=of_taps(mine, report.instrument),
        memory=of_memory(mine),
        prompts=prompts,
        ways=ways(log, windows, report, now_ms),
        early=early,
        without=without,
        hours=_hours(prompts, report),
        attested=attested(windows, now_ms),
        clocks=clocks(kept, report),
        weeks=by_week(kept, today, report.day_start_h),
        in_conflict=int(log["in_conflict"].sum()),
    )


def _hours(prompts: Compliance, report: Report) -> tuple[Hour, ...]:
    """Return the hours of the day, beginning with the one in which the family's day begins."""
    minutes = watched_by_hour(report.windows)
    rows = [
        Hour(hour, float(minutes[hour]), int(sent), int(answered), float(share), float(low), float(high))
        for hour, (sent, answered, share, low, high) in enumerate(
            prompts.by_hour[["sent", "answered", "share", "low", "high"]].to_numpy()
        )
    ]
    return tuple(rows[report.day_start_h :] + rows[: report.day_start_h])
