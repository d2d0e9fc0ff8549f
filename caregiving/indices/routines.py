"""Routines: how regular the family's days are, from states that were logged round the clock."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import day_weights, stretched
from caregiving.indices._gates import lacking
from caregiving.indices._regularity import interdaily_stability, intradaily_variability, regularity
from caregiving.indices._watching import NEVER, US, Ints, Stretches, event_sessions, microseconds, watched
from caregiving.instruments import Instrument

__all__ = ["interdaily_stability", "intradaily_variability", "regularity", "routines"]

Floats = NDArray[np.float64]
DAYS, DRAWS, MINUTES, VALID = 5, 999, 1440, 0.75
DAY_US, MINUTE_US = 86_400 * US, 60 * US


@index(label="Routine regularity", unit="", source="van_someren_1999", row="consistency")
def routines(
    events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, seed: int = 0
) -> list[Estimate]:
    """How alike the days are in one state (asleep, feeding, in arms), by the hour of the family's own clock.

    x is the share of each hour that the state went on, from the exact ends of its spans.
    `interdaily_stability` IS = N sum_h (m_h - m)^2 / (p sum_i (x_i - m)^2), `intradaily_variability` IV = N
    sum (x_i - x_{i-1})^2 / ((N - 1) sum (x_i - m)^2), both over hours; `regularity` = 200 P(same state 24 h
    apart) - 100 over minutes.

    Parameters: EVENTS frame, reads `session, code, onset_s, offset_s` of behaviours of kind state (without an
    offset it lasts until the watching ends); WINDOWS frame, reads `session, start_s, end_s, started_at` (ISO
    8601 with offset, the instant of start_s); instrument; seed.
    Returns: three estimates a state, named in `cue_class`. IS in [0, 1], IV >= 0, regularity in [-100, 100];
    NaN when a state never varies. n counts full days.
    Limits: days (for regularity pairs of days) drawn anew 999 times, stretched by t(D - 1) / 1.96, within the
    range.
    Refused: hours watched for less than 75 % count as missing; clock hours follow the offset at the window's
    start.
    Gate: 5 full days, each with at least 75 % of its hours watched for 75 %. With one day IS is 1 and says
    nothing.
    Raises: MissingColumn. Source: `van_someren_1999`, `phillips_2017`.

    >>> from caregiving.frames import EVENTS, WINDOWS, empty
    >>> from caregiving.instruments import load
    >>> first = routines(empty(EVENTS), empty(WINDOWS), load("home_moments"))[0]
    >>> first.measure, first.cue_class, first.value, first.n, first.gate
    ('interdaily_stability', 'asleep', nan, 0, 'needs 5 more days watched in full (0 of 5)')
    """
    need(events, "session", "code", "onset_s", "offset_s")
    states = instrument.codes("state")
    clock = _clock(windows)
    if not states:
        none = f"{instrument.name} has no state that could be logged round the clock"
        return _three("all", (np.full((0, 24), np.nan), np.full((0, MINUTES), np.nan)), 0, none, seed)
    known = windows.reset_index(drop=True)[np.isfinite(clock)]
    stretches = watched(events, known, instrument)
    at = _Clock(
        stretches, clock[np.isfinite(clock)][stretches.window] if len(stretches.window) else np.empty(0)
    )
    seen = at.minutes(stretches.start, stretches.end, np.arange(len(stretches.start)))
    undated = len(windows) > 0 and not len(known)
    sentence = "needs windows with the date and clock time at which they began" if undated else None
    return [one for code in states for one in _state(code, events, at, seen, sentence, seed)]


def _clock(windows: pd.DataFrame) -> Floats:
    """Return the wall's clock at second 0 of each session, microseconds since 1970; NaN if unknown."""
    need(windows, "session", "start_s", "end_s")
    if "started_at" not in windows:
        return np.full(len(windows), np.nan)
    # The wall's clock is what a routine keeps to: the offset is cut off, not converted.
    local = windows["started_at"].astype("str").str.slice(0, 19)
    wall = pd.to_datetime(local, errors="coerce", format="ISO8601").astype("datetime64[us]")
    us = wall.astype("int64").to_numpy(dtype=np.float64)
    return np.where(wall.isna(), np.nan, us - microseconds(windows["start_s"]))


@dataclass(frozen=True)
class _Clock:
    """Stretches of watching with `zero`, their session's second 0 on the wall's clock (us since 1970)."""

    stretches: Stretches
    zero: Floats

    @property
    def first_day(self) -> int:
        """The number of the first day since 1970."""
        return int((self.stretches.start + self.zero).min() // DAY_US) if len(self.zero) else 0

    @property
    def days(self) -> int:
        """How many days there are from the first to the last, missing ones included."""
        last = int(((self.stretches.end + self.zero - 1) // DAY_US).max()) if len(self.zero) else -1
        return last - self.first_day + 1 if len(self.zero) else 0

    def minutes(self, begin: Ints, until: Ints, stretch: Ints) -> Floats:
        """Return how many seconds of each minute lie in the spans, joined where they overlap; days x 1440."""
        shift = self.zero[stretch].astype(np.int64) - self.first_day * DAY_US
        start, end = np.sort(begin + shift), np.sort(until + shift)
        # Between two edges time runs or stands still: sorted starts and ends give the joined spans without a
        # loop.
        fresh = np.append(True, start[1:] > end[:-1]) if len(start) else np.empty(0, bool)
        left, right = start[fresh], end[np.append(fresh[1:], True)] if len(start) else end
        edges = np.arange(self.days * MINUTES + 1, dtype=np.int64) * MINUTE_US
        knots = np.stack((left, right), axis=1).ravel().astype(np.float64)
        passed = np.stack((np.cumsum(right - left) - (right - left), np.cumsum(right - left)), axis=1).ravel()
        total = np.interp(edges, knots, passed) if len(knots) else np.zeros(len(edges))
        return (np.diff(total) / US).reshape(self.days, MINUTES)


def _state(
    code: str, events: pd.DataFrame, at: _Clock, seen: Floats, sentence: str | None, seed: int
) -> list[Estimate]:
    """Return the three estimates of one state."""
    rows = events[["session", "onset_s", "offset_s"]][events["code"] == code]
    session = event_sessions(rows, at.stretches.names)
    onset, offset = microseconds(rows["onset_s"]), microseconds(rows["offset_s"])
    offset = np.where(offset == NEVER, at.stretches.room - 1, offset)
    _, stretch, begin, until = at.stretches.pieces(session, onset, offset)
    start = at.stretches.start[stretch]
    on = at.minutes(start + begin, start + until, stretch)
    hours_seen, hours_on = (part.reshape(len(part), 24, 60).sum(axis=2) for part in (seen, on))
    with np.errstate(divide="ignore", invalid="ignore"):
        hourly = np.where(hours_seen >= VALID * 3600, hours_on / hours_seen, np.nan)
        by_minute = np.where(seen >= VALID * 60, (on > seen / 2).astype(np.float64), np.nan)
    full = int((np.isfinite(hourly).mean(axis=1) >= VALID).sum()) if len(hourly) else 0
    if full and not len(stretch):  # never logged is not the same as never happened
        hourly, by_minute, full = hourly[:0], by_minute[:0], 0
        sentence = f"{code} was never logged while somebody watched"
    return _three(
        code, (hourly, by_minute), full, sentence or lacking(("day watched in full", full, DAYS)), seed
    )


def _three(code: str, matrices: tuple[Floats, Floats], n: int, gate: str | None, seed: int) -> list[Estimate]:
    """Return IS, IV and regularity of the hourly and the minute matrix, with limits from days drawn anew."""
    hourly, by_minute = matrices
    return [
        _drawn(code, interdaily_stability, hourly, len(hourly), (0.0, 1.0), n, gate, seed),
        _drawn(code, intradaily_variability, hourly, len(hourly), (0.0, np.inf), n, gate, seed),
        _drawn(code, regularity, by_minute, len(by_minute) - 1, (-100.0, 100.0), n, gate, seed),
    ]


def _drawn(
    code: str,
    figure: Callable[..., Floats],
    matrix: Floats,
    units: int,
    span: tuple[float, float],
    n: int,
    gate: str | None,
    seed: int,
) -> Estimate:
    """Return one figure of a matrix, with limits from its days (or pairs of days) drawn anew."""
    value = float(figure(matrix)) if len(matrix) else float("nan")
    low = high = float("nan")
    least, most = span
    if units > 1 and np.isfinite(value):
        drawn = figure(matrix, day_weights(units, DRAWS, seed))
        # `stretched` keeps to figures from 0 up, so it is given the distance from the least possible value
        low, high = (side + least for side in stretched(value - least, drawn - least, units))
        high = min(high, most)
    if gate is None and not np.isfinite(value):
        gate = f"{code} never changed, so there is no routine to describe"
    bins, source = ("minutes", "phillips_2017") if figure is regularity else ("hours", "van_someren_1999")
    method = f"{bins} of the family's clock, {len(matrix)} days from first to last; limits from {DRAWS} draws"
    return Estimate(figure.__name__, value, n, "", source, low, high, code, method, gate)
