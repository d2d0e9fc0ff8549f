"""Where somebody watched: stretches of seen time, and which moments and spans of the events lie in them.

Whole microseconds, so that edges and ties are exact. Moments are looked up by session and time in one sorted
line.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.instruments import Instrument
from caregiving.windows import WindowMode

Ints = NDArray[np.int64]
US = 1_000_000
NEVER = np.iinfo(np.int64).min


def microseconds(seconds: pd.Series) -> Ints:
    """Return seconds as whole microseconds; a missing value becomes the smallest integer.

    >>> microseconds(pd.Series([0.5, 2.0])).tolist()
    [500000, 2000000]
    """
    values = seconds.to_numpy(dtype="float64", na_value=np.nan)
    missing = np.isnan(values)
    return np.where(missing, NEVER, np.rint(np.where(missing, 0.0, values) * US).astype(np.int64))


@dataclass(frozen=True)
class Stretches:
    """Stretches of seen time in order of session and start.

    `window` is the row of the windows frame that each is cut from;
    `session` numbers into `names`; `start`, `end` in microseconds of the session's clock; `room` exceeds
    every time.
    """

    session: Ints
    start: Ints
    end: Ints
    window: Ints
    names: pd.Index
    room: int

    @property
    def lasts_s(self) -> NDArray[np.float64]:
        """How long each stretch lasts, in seconds."""
        return (self.end - self.start) / US

    def place(self, session: Ints, time: Ints) -> Ints:
        """Return the stretch of each moment, or -1; edges belong to it, a shared edge to the later."""
        if not len(self.start):
            return np.full(len(time), -1, dtype=np.int64)
        key = session * self.room + np.clip(time, 0, self.room - 1)
        stretch = np.searchsorted(self.session * self.room + self.start, key, side="right") - 1
        at = np.maximum(stretch, 0)
        inside = (
            (stretch >= 0) & (session == self.session[at]) & (time >= self.start[at]) & (time <= self.end[at])
        )
        return np.where(inside, at, -1)

    def pieces(self, session: Ints, begin: Ints, until: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Cut spans to the stretches: span, stretch, begin and until from the stretch's start."""
        shift = session * self.room
        first = np.searchsorted(
            self.session * self.room + self.end, shift + np.clip(begin, 0, self.room - 1), "right"
        )
        after = np.searchsorted(
            self.session * self.room + self.start, shift + np.clip(until, 0, self.room - 1), "left"
        )
        count = np.where(session >= 0, np.maximum(after - first, 0), 0)
        span = np.repeat(np.arange(len(begin)), count)
        stretch = first[span] + np.arange(len(span)) - (np.cumsum(count) - count)[span]
        start, end = self.start[stretch], self.end[stretch]
        return span, stretch, np.maximum(begin[span], start) - start, np.minimum(until[span], end) - start


def event_sessions(events: pd.DataFrame, names: pd.Index) -> Ints:
    """Return the number of each event's session among the names, or -1."""
    session = events["session"].astype("category")
    return np.append(names.get_indexer(session.cat.categories), -1)[session.cat.codes.to_numpy()].astype(
        np.int64
    )


def watched(events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument | None = None) -> Stretches:
    """Return the declared stretches of watching, without opportunistic windows.

    With an instrument, the time marked by its behaviours of kind `missing` is cut out.
    """
    need(windows, "session", "start_s", "end_s")
    need(events, "session", "code", "onset_s", "offset_s")
    session = windows["session"].astype("category")
    names, code = session.cat.categories, session.cat.codes.to_numpy().astype(np.int64)
    start, end = microseconds(windows["start_s"]), microseconds(windows["end_s"])
    declared = end > start
    if "mode" in windows:
        declared &= (windows["mode"] != WindowMode.OPPORTUNISTIC).fillna(True).to_numpy(dtype=bool)
    row = np.flatnonzero(declared)
    row = row[np.lexsort((start[row], code[row]))]
    room = int(max(end[row].max(initial=0), microseconds(events["onset_s"]).max(initial=0))) + 2
    whole = Stretches(code[row], start[row], end[row], row, names, room)
    gone = (
        events[events["code"].isin(instrument.codes("missing")) & events["offset_s"].notna()]
        if instrument
        else None
    )
    return whole if gone is None or gone.empty or not len(row) else _without(whole, gone)


def _without(whole: Stretches, gone: pd.DataFrame) -> Stretches:
    """Cut spans out of stretches: cut at every edge, keep what no span covers, join what touches."""
    session = event_sessions(gone, whole.names)
    _, stretch, begin, until = whole.pieces(
        session, microseconds(gone["onset_s"]), microseconds(gone["offset_s"])
    )
    every = np.arange(len(whole.start))
    lasts = whole.end - whole.start
    key = np.concatenate((every * whole.room, every * whole.room + lasts))
    away, back = np.sort(stretch * whole.room + begin), np.sort(stretch * whole.room + until)
    edge = np.unique(np.concatenate((key, away, back)))
    left, right = edge[:-1], edge[1:]
    of = left // whole.room
    covered = np.searchsorted(away, left, "right") > np.searchsorted(back, left, "right")
    kept = (right // whole.room == of) & (left % whole.room < lasts[of]) & ~covered
    left, right, of = left[kept], right[kept], of[kept]
    fresh = (
        np.append(True, (left[1:] != right[:-1]) | (of[1:] != of[:-1])) if len(left) else np.empty(0, bool)
    )
    last = np.append(fresh[1:], True) if len(left) else fresh
    at = of[fresh]
    shift = whole.start[at] - at * whole.room
    return Stretches(
        whole.session[at], left[fresh] + shift, right[last] + shift, whole.window[at], whole.names, whole.room
    )
