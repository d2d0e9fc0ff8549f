"""When was watched, and what was seen then: every hour of the family's day, by day or by day of the week."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.indices._moments import US, Watching, watching
from caregiving.report import Report

Ints = NDArray[np.int64]
HOUR_S, DAY_S = 3600, 86_400
QUARTER_S = 900  # offsets from UTC, and the moments at which they change, are whole quarters of an hour
LONGEST_BY_DAY = 21
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
COUNTS: Final = ("cues", "distress", "waited", "answered")


@dataclass(frozen=True)
class DayMap:
    """Hours of the family's day, row by row.

    `cells`, one row for each of `rows` and each of 24 hours: `row`; `hour` on the clock (0 to 23); `place` of
    that hour in the family's day, 0 the first; `watched_min`; `days` on which somebody watched in that hour;
    `cues`, `distress` (crying and fussing), `waited` (cues nobody was already there for) and `answered` of
    those. An hour in which nobody watched has no counts: they are missing, never 0.
    `by`: each `day` (rows are ISO dates, days without watching included), or each `weekday` (0 is Monday).
    `undated_min`: watched time without a date, which is in no cell.
    """

    cells: pd.DataFrame
    rows: tuple[str, ...]
    by: Literal["day", "weekday"]
    day_start_h: int
    undated_min: float

    @property
    def watched_min(self) -> float:
        """All watched minutes, those without a date included."""
        return float(self.cells["watched_min"].sum()) + self.undated_min


def day_map(report: Report, zone: str | None = None) -> DayMap:
    """Return how long was watched and what was seen in every hour of the family's day.

    Watched time is cut at the full hours of the local clock and given to the day and hour in which it lies; a
    cue belongs to the hour in which it began. Up to 21 days from the first to the last watched one are shown
    each; beyond that, days of the week. The exposure adds up to the watched time of the report, less what was
    marked as not observable and what nobody declared.

    Parameters: `report.windows` with `started_at` (ISO 8601 with offset), `report.episodes`. `zone` an IANA
    zone: then the clock of a sitting follows a change of the clocks inside it. Without one the clock goes on
    as it showed when the sitting began.
    Returns: minutes and counts >= 0; counts are missing where nobody watched.
    """
    clock = _clock(report, zone)
    pieces, moments = _pieces(clock, report.day_start_h), _moments(clock, report)
    span = _span(pieces)
    by: Literal["day", "weekday"] = "day" if len(span) <= LONGEST_BY_DAY else "weekday"
    rows = span if by == "day" else tuple(str(number) for number in range(7))
    for frame in (pieces, moments):
        frame["row"] = frame["day"] if by == "day" else [_weekday(day) for day in frame["day"]]
    watch = clock.watch
    undated_us = (watch.end - watch.start)[~clock.dated].sum()
    cells = _cells(pieces, moments, rows, report.day_start_h)
    return DayMap(cells, rows, by, report.day_start_h, float(undated_us) / US / 60)


def _weekday(day: str) -> str:
    return str(date.fromisoformat(day).weekday())


@dataclass(frozen=True)
class _Clock:
    """The local clock beside every stretch of watching.

    `instant` at which the stretch began and `offset` of local time there, both in microseconds (since 1970,
    UTC); 0 where `dated` is False. With a zone the offset is that of each moment, not of the sitting.
    """

    watch: Watching
    instant: Ints
    offset: Ints
    dated: NDArray[np.bool_]
    zone: str | None

    def local(self, stretch: Ints, instant: Ints) -> Ints:
        """Return what the clock showed, as microseconds since 1970 on the wall."""
        if self.zone is None:
            return instant + self.offset[stretch]
        utc = pd.to_datetime(instant, unit="us", utc=True)
        wall = utc.tz_convert(self.zone).tz_localize(None)
        return wall.to_numpy().astype("datetime64[us]").astype(np.int64)


def _clock(report: Report, zone: str | None) -> _Clock:
    """Read the start of each window and lay it beside the stretches of watching cut from it."""
    watch = watching(report.events, report.windows, report.instrument)
    began = [_read(text) for text in report.windows["started_at"]]
    moment = watch.at(report.windows["session"], report.windows["start_s"])
    order = np.argsort(moment, kind="stable")
    window = order[np.searchsorted(moment[order], watch.start, side="right") - 1]
    known = np.array([one is not None for one in began], dtype=bool)
    instant, offset = np.array([one or (0, 0) for one in began], dtype=np.int64).reshape(-1, 2).T
    since = watch.start - moment[window]
    return _Clock(watch, instant[window] + since, offset[window], known[window], zone)


def _read(text: object) -> tuple[int, int] | None:
    """Return instant and offset of an ISO 8601 time in microseconds, or None where there is none."""
    if not isinstance(text, str):
        return None
    at = datetime.fromisoformat(text)
    ahead = at.utcoffset() or timedelta()
    return (at - EPOCH) // timedelta(microseconds=1), ahead // timedelta(microseconds=1)


def _pieces(clock: _Clock, day_start_h: int) -> pd.DataFrame:
    """Return watched time cut at the full hours: `day`, `place` and `minutes` of each piece."""
    stretch = np.flatnonzero(clock.dated)
    start = clock.instant[stretch]
    end = start + (clock.watch.end - clock.watch.start)[stretch]
    shift = clock.offset[stretch] if clock.zone is None else np.zeros_like(start)
    grid = (HOUR_S if clock.zone is None else QUARTER_S) * US
    first, after = (start + shift) // grid, -((-(end + shift)) // grid)
    count = after - first
    of = np.repeat(np.arange(len(stretch)), count)
    number = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    begin = np.maximum(start[of], number * grid - shift[of])
    until = np.minimum(end[of], (number + 1) * grid - shift[of])
    day, place = _placed(clock.local(stretch[of], begin), day_start_h)
    return pd.DataFrame({"day": day, "place": place, "minutes": (until - begin) / US / 60})


def _moments(clock: _Clock, report: Report) -> pd.DataFrame:
    """Return `day` and `place` of every cue in dated watched time, and what it counts for."""
    watch, cues = clock.watch, report.episodes
    at = watch.at(cues["session"], cues["onset_s"])
    stretch = np.searchsorted(watch.start, at, side="right") - 1
    seen = watch.seen(at) & np.append(clock.dated, False)[stretch]
    stretch, cues = stretch[seen], cues[seen]
    at = np.minimum(at[seen], watch.end[stretch] - 1)  # a cue on the very end belongs to the hour before it
    local = clock.local(stretch, clock.instant[stretch] + at - watch.start[stretch])
    day, place = _placed(local, report.day_start_h)
    waited = ~cues["already_engaged"].to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "day": day,
            "place": place,
            "cues": 1,
            "distress": (cues["cue_class"] == "distress").to_numpy(dtype=bool),
            "waited": waited,
            "answered": cues["answered"].to_numpy(dtype=bool) & waited,
        }
    )


def _placed(local: Ints, day_start_h: int) -> tuple[list[str], Ints]:
    """Return the family's day of each moment on the wall, and which hour of that day it lies in."""
    since = local // US - day_start_h * HOUR_S
    names = {int(n): (EPOCH + timedelta(days=int(n))).date().isoformat() for n in np.unique(since // DAY_S)}
    return [names[int(n)] for n in since // DAY_S], since % DAY_S // HOUR_S


def _span(pieces: pd.DataFrame) -> tuple[str, ...]:
    """Return every day from the first to the last watched one."""
    if pieces.empty:
        return ()
    first, last = date.fromisoformat(pieces["day"].min()), date.fromisoformat(pieces["day"].max())
    return tuple((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))


def _cells(
    pieces: pd.DataFrame, moments: pd.DataFrame, rows: tuple[str, ...], day_start_h: int
) -> pd.DataFrame:
    """Return the grid of rows and hours; counts stay missing where nobody watched."""
    grid = pd.MultiIndex.from_product([rows, range(24)], names=["row", "place"])
    hours = pieces.groupby(["row", "place"])
    watched = hours["minutes"].sum().reindex(grid, fill_value=0.0)
    cells = pd.DataFrame({"watched_min": watched, "days": hours["day"].nunique().reindex(grid, fill_value=0)})
    counts = moments.groupby(["row", "place"])[list(COUNTS)].sum().reindex(grid, fill_value=0)
    cells[list(COUNTS)] = counts.astype("float64").where(watched.gt(0), np.nan)
    cells = cells.reset_index()
    cells.insert(1, "hour", (cells["place"] + day_start_h) % 24)
    return cells
