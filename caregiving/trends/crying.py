"""Minutes of crying and fussing, one fully logged 24 hours at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from caregiving.indices import Estimate, Material, all_indices
from caregiving.indices._moments import covered, watching
from caregiving.indices.cry_load import DAY_US, _crying, _full_days, _minutes, _shift
from caregiving.report import Report


@dataclass(frozen=True)
class CryDay:
    """24 hours of unbroken watching: when they began (local time; None without a date), how much was cried.

    `minutes` of crying and fussing, none counted twice; NaN when the end of a cry was not logged.
    """

    began_at: datetime | None
    minutes: float


@dataclass(frozen=True)
class CryDays:
    """The fully logged days in order, and their mean (`estimate`, min in 24 h) with its limits and gate."""

    days: tuple[CryDay, ...]
    estimate: Estimate


def cry_days(report: Report) -> CryDays:
    """Return the fully logged days of a report, by the definitions of the index `cry_load`.

    The mean of the known days is the index's own figure. Source: `cry_diary`.
    """
    watch = watching(report.events, report.windows, report.instrument)
    start, end, unended = _crying(report.events, watch, report.instrument)
    shift = _shift(watch, report.windows)
    starts = _full_days(watch, shift)
    place = np.searchsorted(watch.start, np.concatenate([start, unended]), side="right") - 1
    moved = np.append(shift, 0)[place]
    minutes = _minutes(starts, start + moved[: len(start)], end + moved[: len(start)])
    lost = np.sort(unended + moved[len(start) :])
    lost = lost[covered(lost, starts, starts + DAY_US)]
    minutes[np.searchsorted(starts, lost, side="right") - 1] = np.nan
    days = tuple(CryDay(_local(int(at), report), float(m)) for at, m in zip(starts, minutes, strict=True))
    return CryDays(days, report.find("cry_load", "cry_fuss", "distress") or _estimate(report))


def _local(at_us: int, report: Report) -> datetime | None:
    """Return an instant on the clock of the last window that had begun by then; None before 1970."""
    if at_us < 0:
        return None
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    known = [datetime.fromisoformat(text) for text in report.windows["started_at"].dropna()]
    begun = max((one for one in known if one <= instant), default=None)
    return instant.astimezone(begun.tzinfo if begun else UTC)


def _estimate(report: Report) -> Estimate:
    material = Material(report.instrument, report.events, report.windows, report.episodes)
    return all_indices()["cry_load"].estimates(material)[0]
