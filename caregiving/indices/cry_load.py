"""Cry and fuss load: minutes of crying and fussing in 24 hours, where all 24 hours were logged."""

from datetime import date

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._gates import lacking
from caregiving.indices._moments import US, Floats, Ints, Watching, covered, marks, watching
from caregiving.instruments import Instrument

SOURCE = "cry_diary"
DAY_US = 24 * 3600 * US
TOUCHING_US = US  # starts are stamped to the second, so windows that touch may seem a second apart
DAYS = 3


@index(label="Cry and fuss load", unit="min/24 h", source=SOURCE, row="context")
def cry_load(events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument) -> list[Estimate]:
    """Minutes of crying and fussing in each fully logged 24 hours: their mean over days.

    A full day is 24 hours of watching on end, counted from the start of an unbroken stretch (windows that
    touch are one stretch; with `started_at` also across sessions). Crying lasts from a cue of distress to
    its own end, or else to the first mark of settling; cues no further apart than the bout gap belong
    together. Minutes are joined, so that none counts twice. A day with crying whose end nobody logged is
    left out: its minutes are not known. Time that was not observable breaks a stretch.

    Parameters: events, windows (declared ones), instrument (cues of distress, settling).
    Returns: `cry_fuss` in min/24 h, [0, 1440], n full days; NaN when there is none. Days without a cry count
    as 0.
    Limits: mean +- t(D - 1) s / sqrt(D), floor 0. Gate: 3 full days. Raises: MissingColumn.
    Source: `cry_diary`; for context `wolke_2017`, see `age_band`.

    Three days on end with one cry of 30 minutes:

    >>> from caregiving.instruments import load
    >>> log = pd.DataFrame({"session": ["s"], "code": ["cry"], "onset_s": [3600.0], "offset_s": [5400.0]})
    >>> watched = pd.DataFrame({"session": ["s"], "start_s": [0.0], "end_s": [3 * 86400.0]})
    >>> cry_load(log, watched, load("home_moments"))[0].value
    10.0
    """
    need(events, "session", "code", "onset_s", "offset_s")
    watch = watching(events, windows, instrument)
    start, end, unended = _crying(events, watch, instrument)
    shift = _shift(watch, windows)
    days = _full_days(watch, shift)
    place = np.searchsorted(watch.start, np.concatenate([start, unended]), side="right") - 1
    moved = np.append(shift, 0)[place]
    minutes = _minutes(days, start + moved[: len(start)], end + moved[: len(start)])
    lost = covered(np.sort(unended + moved[len(start) :]), days, days + DAY_US)
    incomplete = np.unique(
        np.searchsorted(days, np.sort(unended + moved[len(start) :])[lost], side="right") - 1
    )
    known = np.delete(minutes, incomplete)
    return [_mean(known, len(incomplete))]


def _mean(minutes: Floats, left_out: int) -> Estimate:
    """Return the mean of the days with its t interval."""
    n = len(minutes)
    gate = lacking(("day logged in full", n, DAYS))
    if gate and left_out:
        gate = f"{gate}; {left_out} left out, since the end of a cry was not logged"
    method = (
        f"mean of {n} fully logged 24 h, t interval over days; {left_out} left out without the end of a cry"
    )
    if n == 0:
        return Estimate(
            "cry_fuss", float("nan"), 0, "min/24 h", SOURCE, cue_class="distress", method=method, gate=gate
        )
    value = float(minutes.mean())
    low = high = float("nan")
    if n > 1:
        half = float(stdtrit(n - 1, 0.975)) * float(minutes.std(ddof=1)) / n**0.5
        low, high = max(0.0, value - half), value + half
    return Estimate("cry_fuss", value, n, "min/24 h", SOURCE, low, high, "distress", method, gate)


def _crying(events: pd.DataFrame, watch: Watching, instrument: Instrument) -> tuple[Ints, Ints, Ints]:
    """Return start and end of every stretch of crying, and the starts of those whose end was not logged."""
    cries = events["code"].isin(instrument.codes("cue", cue_class="distress"))
    rows = events[["session", "onset_s", "offset_s"]][cries]
    onset, own = watch.at(rows["session"], rows["onset_s"]), watch.at(rows["session"], rows["offset_s"])
    seen = watch.seen(onset)
    order = np.argsort(onset[seen], kind="stable")
    onset, own = onset[seen][order], np.maximum(own[seen], onset[seen])[order]
    stretch = np.searchsorted(watch.start, onset, side="right") - 1
    own = np.minimum(own, np.append(watch.end, 0)[stretch])
    lasting = own > onset
    point, where = onset[~lasting], stretch[~lasting]
    timing = instrument.classes.get("distress")
    gap = int(timing.bout_gap_s.value * US) if timing and timing.bout_gap_s else 0
    mark_s = watch.until(marks(watch, events, instrument.codes("outcome")), point)
    mark = np.where(
        np.isnan(mark_s), np.iinfo(np.int64).max, point + np.rint(np.nan_to_num(mark_s) * US).astype(np.int64)
    )
    following = np.append(point[1:], np.iinfo(np.int64).max)
    goes_on = np.append((where[1:] == where[:-1]) & (np.diff(point) <= gap), False)
    ends = mark < following
    closed = ends | goes_on
    until = np.where(ends, mark, following)
    return (
        np.concatenate([onset[lasting], point[closed]]),
        np.concatenate([own[lasting], until[closed]]),
        point[~closed],
    )


def _shift(watch: Watching, windows: pd.DataFrame) -> Ints:
    """Return what to add to each stretch so that sessions with known instants share one clock."""
    shift = np.zeros(len(watch.start), dtype=np.int64)
    if "started_at" not in windows or windows["started_at"].isna().all() or not len(shift):
        return shift
    dated = windows[windows["started_at"].notna()]
    instant = pd.to_datetime(dated["started_at"].astype("str"), utc=True, format="ISO8601")
    us = (instant - pd.Timestamp("1970-01-01", tz="UTC")) // pd.Timedelta(microseconds=1)
    moment = watch.at(dated["session"], dated["start_s"])
    order = np.argsort(moment, kind="stable")
    known, offset = moment[order], (us.to_numpy(dtype=np.int64) - moment)[order]
    place = np.searchsorted(known, watch.start, side="right") - 1
    dated_one = (place >= 0) & (known[np.maximum(place, 0)] // watch.room == watch.start // watch.room)
    far = -int(watch.end.max()) - DAY_US  # before 1970, where no dated session lies
    return np.where(dated_one, offset[np.maximum(place, 0)], far)


def _full_days(watch: Watching, shift: Ints) -> Ints:
    """Return the start of every 24 hours of unbroken watching, in order."""
    order = np.argsort(watch.start + shift, kind="stable")
    start, end = (watch.start + shift)[order], (watch.end + shift)[order]
    if not len(start):
        return start
    reach = np.maximum.accumulate(end)
    first = np.flatnonzero(np.append(True, start[1:] - reach[:-1] > TOUCHING_US))
    whole = (np.maximum.reduceat(end, first) - start[first] + TOUCHING_US) // DAY_US
    count = np.arange(int(whole.sum())) - np.repeat(np.cumsum(whole) - whole, whole)
    starts: Ints = np.repeat(start[first], whole) + count * DAY_US
    return starts


def _minutes(days: Ints, start: Ints, end: Ints) -> Floats:
    """Return the joined minutes of crying in each of the days, none counted twice."""
    edges = np.unique(np.concatenate([days, days + DAY_US, start, end]))
    crying = covered(edges, start, end) & covered(edges, days, days + DAY_US)
    length = np.append(np.diff(edges), 0)[crying] / US / 60
    day = np.searchsorted(days, edges[crying], side="right") - 1
    return np.bincount(day, length, minlength=len(days)).astype(np.float64)


def age_weeks(born_on: date, due_on: date | None, at: date) -> float:
    """Return the age in weeks, corrected for birth before the due date.

    (at - the later of birth and due date) / 7 days; without a due date from birth. Negative before the due
    date.

    >>> age_weeks(date(2026, 1, 1), date(2026, 1, 29), date(2026, 3, 26))
    8.0
    """
    return (at - max(born_on, due_on or born_on)).days / 7


def age_band(weeks: float) -> str:
    """Return what is known about crying at an age in weeks, as a sentence with its source (`wolke_2017`).

    >>> age_band(11)
    'In 28 diary studies, infants of 10 to 12 weeks cried and fussed 68 minutes a day (SD 46; Wolke 2017).'
    """
    if 1 <= weeks < 7:
        known = "1 to 6 weeks cried and fussed 117 to 133 minutes a day (SD 66 to 70; Wolke 2017)"
    elif 10 <= weeks < 13:
        known = "10 to 12 weeks cried and fussed 68 minutes a day (SD 46; Wolke 2017)"
    else:
        return "No sourced figure for this age is known; the child's own change is what counts."
    return f"In 28 diary studies, infants of {known}."
